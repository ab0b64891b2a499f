"""The sentences of retrieved passages, each with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rag.passage_store import StoredPassage
from rag.passages import Span, Vectors
from rag.retriever import Hit

MAX_HEADING_WORDS = 15
_SENTENCE_END = re.compile(r"[.!?…。！？:;][\"'”’»)\]]*(?:$|\s+(?=\W))")


class Extract(NamedTuple):
    """A sentence and what it stands below: the article's headline and the sentence before, "" where there is none."""

    headline: str
    before: str
    sentence: str


@dataclass(frozen=True)
class Place:
    """A sentence in a hit.

    Attributes:
        rank: of the hit, from 0.
        span: its character offsets in the article version's text.
        before: the sentence before it in the passage; "" for the first.
        position: 0 for the first sentence of the passage, 1 for the last.
        cosine: between the question and the sentence.
        window: between the question and the sentence together with the one before.
        neighbour: the greater of those of the sentences before and after; 0 when there is none.
    """

    hit: Hit
    rank: int
    span: Span
    text: str
    before: str
    position: float
    cosine: float
    window: float
    neighbour: float


def places(question: Vectors, hits: Sequence[Hit]) -> list[Place]:
    """Every sentence of `hits` with different words, at the best hit; headings only where there is nothing else.

    Args:
        question: the question's vector.
        hits: what the retriever found, best first.
    """
    found: dict[str, Place] = {}
    for rank, hit in enumerate(hits):
        for place in _in_hit(question, hit, rank):
            found.setdefault(place.text, place)
    sentences = [place for place in found.values() if not is_heading(place.text)]
    return sentences or list(found.values())


def sentence_texts(passage: StoredPassage) -> list[str]:
    """The words of the passage's sentences, in order."""
    return [passage.text[start - passage.start : end - passage.start] for start, end in passage.sentences]


def is_heading(text: str) -> bool:
    """Whether `text` is a headline or a label rather than a sentence."""
    return len(text.split()) <= MAX_HEADING_WORDS and not _SENTENCE_END.search(text)


def _in_hit(question: Vectors, hit: Hit, rank: int) -> list[Place]:
    vectors = hit.passage.sentence_vectors
    if not len(vectors):
        return []
    texts = sentence_texts(hit.passage)
    cosines = vectors @ question
    pairs = vectors[1:] + vectors[:-1]
    lengths = np.maximum(np.linalg.norm(pairs, axis=1), 1e-9)
    windows = [float(cosines[0]), *(pairs @ question / lengths).tolist()]
    padded = [-1.0, *cosines.tolist(), -1.0]
    last = len(texts) - 1
    return [
        Place(
            hit=hit,
            rank=rank,
            span=hit.passage.sentences[i],
            text=text,
            before=texts[i - 1] if i else "",
            position=i / last if last else 0.0,
            cosine=padded[i + 1],
            window=windows[i],
            neighbour=max(padded[i], padded[i + 2]) if last else 0.0,
        )
        for i, text in enumerate(texts)
    ]
