"""Which sentences of the retrieved passages answer the question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rag.passage_store import PassageStore, StoredPassage
from rag.passages import Span
from rag.retriever import Hit, min_max
from rag.terms import content_words, rarity, stem, stems

MAX_HEADING_WORDS = 15
_SENTENCE_END = re.compile(r"[.!?…。！？:;][\"'”’»)\]]*$")


@dataclass(frozen=True)
class Question:
    """A question as it is answered.

    Attributes:
        text: the question.
        vector: its embedding, of length 1.
    """

    text: str
    vector: np.ndarray


@dataclass(frozen=True)
class Candidate:
    """A sentence that may answer, with what speaks for it.

    Attributes:
        passage: where it stands.
        span: its character offsets in the article version's text.
        text: its words, exactly.
        cosine: between the question and the sentence in its passage.
        coverage: share of the question's rarity-weighted words that it holds, in [0, 1].
        retrieval: the passage's fused score, in [0, 1].
        score: what candidates are ranked by.
    """

    passage: StoredPassage
    span: Span
    text: str
    cosine: float
    coverage: float
    retrieval: float
    score: float


class Selector(Protocol):
    """Ranks the sentences of retrieved passages, best first."""

    def select(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """All candidate sentences of `hits`, best first."""
        ...


class OverlapSelector:
    """Ranks by similarity and by rarity-weighted overlap of words with the question.

    The weights come from `python -m eval.tune_selection` (see docs/quality.md).
    """

    COSINE_SHARE = 0.5
    RETRIEVAL_SHARE = 0.3

    def __init__(self, passages: PassageStore) -> None:
        self._passages = passages

    def select(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """All candidate sentences of `hits`, best first; words that stand in several count once."""
        places = _places(hits)
        if not places:
            return []
        weights = self._weights(question.text)
        texts = [place.text for place in places]
        cosines = np.array([place.vector @ question.vector for place in places])
        coverages = np.array([coverage(text, weights) for text in texts])
        retrieval = np.array([place.hit.fused for place in places])
        scores = (
            self.COSINE_SHARE * min_max(cosines)
            + (1 - self.COSINE_SHARE) * min_max(coverages)
            + self.RETRIEVAL_SHARE * retrieval
        )
        return [
            Candidate(
                passage=places[j].hit.passage,
                span=places[j].span,
                text=texts[j],
                cosine=float(cosines[j]),
                coverage=float(coverages[j]),
                retrieval=float(retrieval[j]),
                score=float(scores[j]),
            )
            for j in np.argsort(-scores, kind="stable")
        ]

    def _weights(self, question: str) -> dict[str, float]:
        terms = [stem(word) for word in content_words(question)]
        return rarity(terms, self._passages.document_frequencies(terms), self._passages.count())


@dataclass(frozen=True)
class _Place:
    """A sentence in a hit."""

    hit: Hit
    span: Span
    text: str
    vector: np.ndarray


def coverage(text: str, weights: Mapping[str, float]) -> float:
    """Share of the weight of `weights`' stems that `text` holds, in [0, 1]."""
    total = sum(weights.values())
    if not total:
        return 0.0
    held = stems(text)
    return sum(weight for term, weight in weights.items() if term in held) / total


def _places(hits: Sequence[Hit]) -> list[_Place]:
    """Every sentence of `hits` with different words; headings only where there is nothing else."""
    places: dict[str, _Place] = {}
    for hit in hits:
        for span, vector in zip(hit.passage.sentences, hit.passage.sentence_vectors, strict=True):
            text = hit.passage.text[span[0] - hit.passage.start : span[1] - hit.passage.start]
            places.setdefault(text, _Place(hit, span, text, vector))
    sentences = [place for place in places.values() if not is_heading(place.text)]
    return sentences or list(places.values())


def is_heading(text: str) -> bool:
    """Whether `text` is a headline or a label rather than a sentence."""
    return len(text.split()) <= MAX_HEADING_WORDS and not _SENTENCE_END.search(text)
