"""Passages: whole sentences, within the window, offsets exact, nothing lost."""

from __future__ import annotations

import random

import pytest

from rag.embedding import SentenceTransformerEmbedding
from rag.passages import split_passages

pytestmark = pytest.mark.slow
WORDS = "border visa court minister appeal deportation ferry 9,500 quota asylum Shenyang camp hearing".split()


def article(seed: int, count: int) -> str:
    """Paragraphs of sentences of very unlike lengths."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        words = chance.choices(WORDS, k=chance.randint(3, 30))
        made.append(" ".join(words).capitalize() + "." + chance.choice([" ", " ", "\n\n"]))
    return "".join(made).strip()


@pytest.mark.parametrize("seed", range(4))
def test_every_sentence_stands_once_in_a_passage_that_fits(
    embedding: SentenceTransformerEmbedding, seed: int
) -> None:
    text = article(seed, 60)
    passages = split_passages(text, embedding.piece_offsets, 180)
    sizes = [len(embedding.piece_offsets(text[p.start : p.end])) for p in passages]
    assert max(sizes) <= 180
    assert min(sizes) >= 90  # the text is divided evenly: no short remainder
    spans = [span for p in passages for span in p.sentences]
    assert spans == sorted(set(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all((p.start, p.end) == (p.sentences[0][0], p.sentences[-1][1]) for p in passages)


def test_a_sentence_longer_than_a_passage_is_cut_between_words(embedding: SentenceTransformerEmbedding) -> None:
    text = " ".join(["asylum"] * 500)
    passages = split_passages(text, embedding.piece_offsets, 180)
    assert sum(len(text[p.start : p.end].split()) for p in passages) == 500
    assert {word for p in passages for word in text[p.start : p.end].split()} == {"asylum"}


def test_a_word_without_spaces_is_cut_too(embedding: SentenceTransformerEmbedding) -> None:
    text = "x" * 5000
    passages = split_passages(text, embedding.piece_offsets, 180)
    assert "".join(text[p.start : p.end] for p in passages) == text


def test_a_short_text_is_one_passage_and_an_empty_one_none(embedding: SentenceTransformerEmbedding) -> None:
    assert len(split_passages("One line only", embedding.piece_offsets, 180)) == 1
    assert split_passages("", embedding.piece_offsets, 180) == []
