"""Which sentences of the retrieved passages answer the question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.features import INDEX, NAMES, extract
from rag.linear import WEIGHTS, LinearModel, load_model
from rag.passage_store import PassageStore, StoredPassage
from rag.passages import Span
from rag.places import Extract, places
from rag.retriever import Hit
from rag.term_weights import term_weights

if TYPE_CHECKING:
    from rag.reader import Reader

SELECTION_WEIGHTS = WEIGHTS / "selection.json"
# Candidates that are read, two milliseconds each as whole numbers, six in float32. One of the first three sentences
# answers 0.797 of the golden tuning questions when six are read, 0.847 when eight or twelve are.
READ = 8
# Of the reader's log-odds in a candidate's score. On 350 held-out training questions the first sentence answers 0.726
# of the time with 0, 0.769 with 0.35, 0.774 with 0.6, 0.774 with 1; on 300 of xquad-en 0.827, 0.850, 0.853 and 0.850.
READING_SHARE = 0.6
READ_BEHIND = 3  # of them are read behind an earlier question, too; all six took 18 ms more and changed nothing
INHERITED = 0.5  # what a word of an earlier question counts: the last question's own say what is new in it


@dataclass(frozen=True)
class Question:
    """A question as it is answered.

    Attributes:
        text: the question.
        vector: its embedding, of length 1.
        context: what earlier questions of its conversation say that it leaves out; "" when it stands alone.
    """

    text: str
    vector: np.ndarray
    context: str = ""


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
        score: what candidates are ranked by. Of two candidates for one question, the difference is the logarithm
            of how many times as likely the first is to answer; between questions it can't be compared.
        features: `rag.features.NAMES` in numbers; empty where a selector doesn't use them.
        before: the sentence before it in the passage; "" for the first.
        reading: the reader's log-odds that the sentence answers; None where nothing was read.
    """

    passage: StoredPassage
    span: Span
    text: str
    cosine: float
    coverage: float
    retrieval: float
    score: float
    features: np.ndarray = field(default_factory=lambda: np.zeros(0), repr=False, compare=False)
    before: str = ""
    reading: float | None = None


Keep = Callable[[list[Candidate]], list[Candidate]]
"""Leaves out candidates that can't answer."""


class Selector(Protocol):
    """Ranks the sentences of retrieved passages, best first."""

    def select(self, question: Question, hits: Sequence[Hit], keep: Keep = list) -> list[Candidate]:
        """The candidate sentences of `hits` that `keep` leaves, best first."""
        ...


class LinearSelector:
    """Ranks by a weighted sum of features, trained by `python -m eval.training`."""

    def __init__(self, passages: PassageStore, model: LinearModel | None = None) -> None:
        """Rank with `model`, by default the one that comes with the project."""
        self._passages = passages
        self._model = model or load_model(SELECTION_WEIGHTS, NAMES)

    def select(self, question: Question, hits: Sequence[Hit], keep: Keep = list) -> list[Candidate]:
        """The sentences of `hits` that `keep` leaves, best first; words that stand in several count once."""
        if not hits:
            return []
        weights = self._weights(question.text)
        if question.context:
            inherited = self._weights(question.context)
            weights = {term: INHERITED * weight for term, weight in inherited.items()} | weights
        return keep(rank_sentences(question, hits, weights, self._model))

    def _weights(self, text: str) -> dict[str, float]:
        statistics = self._passages.statistics()
        return term_weights(text, statistics.frequencies, statistics.passages)


class ReadingSelector:
    """Ranks by another selector, and has a reader read its best candidates below their headlines."""

    def __init__(self, selector: Selector, precision: str) -> None:
        """Over `selector`; `precision` as `rag.reader.Reader` takes it."""
        self._selector = selector
        self._precision = precision

    @cached_property
    def _reader(self) -> Reader:
        from rag.reader import Reader  # torch is loaded with it

        return Reader(self._precision)

    def select(self, question: Question, hits: Sequence[Hit], keep: Keep = list) -> list[Candidate]:
        """The sentences of `hits` that `keep` leaves, best first; those not read count as the worst that was."""
        ranked = self._selector.select(question, hits, keep)
        return read_candidates(self._reader, question, ranked) if ranked else []


def read_candidates(reader: Reader, question: Question, ranked: Sequence[Candidate]) -> list[Candidate]:
    """`ranked`, at least one, best first with what `reader` makes of the first `READ`; the rest as the worst read.

    A follow-up's are read alone, and the first also behind what it leaves out, of which the better counts: the
    headline often says what it is about, and an earlier question may ask for something else. The AUROC of the
    confidence on MTRAG-UN is 0.814 so, and 0.786 where all are only read behind it.
    """
    extracts = [Extract(c.passage.title, c.before, c.text) for c in ranked[:READ]]
    read = reader.scores(question.text, extracts)
    if question.context:
        behind = reader.scores(f"{question.context} {question.text}", extracts[:READ_BEHIND])
        read[: len(behind)] = np.maximum(read[: len(behind)], behind)
    readings = [*read.tolist(), *[float(read.min())] * (len(ranked) - len(read))]
    moved = [
        replace(candidate, score=candidate.score + READING_SHARE * reading, reading=reading)
        for candidate, reading in zip(ranked, readings, strict=True)
    ]
    return sorted(moved, key=lambda candidate: -candidate.score)


def rank_sentences(
    question: Question, hits: Sequence[Hit], weights: dict[str, float], model: LinearModel
) -> list[Candidate]:
    """The sentences of `hits`, best first by `model`; `weights` are the question's words'."""
    found = places(question.vector, hits)
    if not found:
        return []
    features = extract(question.text, found, weights, question.context)
    scores = model.scores(features)
    return [
        Candidate(
            passage=found[i].hit.passage,
            span=found[i].span,
            text=found[i].text,
            cosine=found[i].cosine,
            coverage=float(features[i, INDEX["coverage"]]),
            retrieval=found[i].hit.fused,
            score=float(scores[i]),
            features=features[i],
            before=found[i].before,
        )
        for i in np.argsort(-scores, kind="stable")
    ]
