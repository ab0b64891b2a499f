"""From a question in its conversation to the passages that an answer is composed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from rag.answer import Turn
from rag.asked_time import AskedTime, asked_time, prefer_hits, windows
from rag.conversation import Understood, understand, with_rewrite
from rag.filters import EVERYTHING, Filters
from rag.index import Index
from rag.passages import Vectors
from rag.reranking import Reranker
from rag.retriever import Hit, HybridRetriever
from rag.rewriting import Rewriter
from rag.selection import Question
from rag.spelling import correct
from rag.stories import group_copies
from rag.term_weights import term_weights

READ_AHEAD = 3  # times as many passages are scored as are asked for: later parts may bring up what ranks lower


@dataclass(frozen=True)
class Parts:
    """The parts of retrieval; all are on, except to measure what one is worth."""

    dense: bool = True
    lexical: bool = True
    history: bool = True
    names: bool = True
    lead: bool = True
    spelling: bool = True
    time: bool = True
    windows: bool = True
    stories: bool = True


@dataclass(frozen=True)
class Retrieved:
    """A question as it is answered, the time it asks about, and the passages found for it, best first."""

    asked: Question
    when: AskedTime
    hits: list[Hit]


class Retrieval:
    """Everything between a question and its passages."""

    def __init__(self, index: Index, parts: Parts | None = None, rewriter: Rewriter | None = None) -> None:
        """Over `index`; `rewriter` says follow-ups in full.

        Raises:
            SettingsError: the reranker can't be used.
        """
        self._index = index
        self._parts = parts or Parts()
        self._rewriter = rewriter
        settings = index.settings
        self._reranker = Reranker(settings.reranker, settings.reranker_ms) if settings.reranker else None
        self._retriever = HybridRetriever(index, self._dense_weight(), names=self._parts.names, lead=self._parts.lead)

    def __call__(
        self,
        question: str,
        history: Sequence[Turn],
        day: date,
        k: int | None = None,
        filters: Filters = EVERYTHING,
    ) -> Retrieved:
        """The best `k` passages (default `top_k`) for `question` in its conversation, asked on `day`."""
        k = k or self._index.settings.top_k
        spelt = correct(question, self._index.passages.vocabulary) if self._parts.spelling else question
        understood = self._understand(spelt, history if self._parts.history else ())
        when = asked_time(spelt, day)
        known = self._known_by(day, filters)
        times = [_narrowed(known, *days) for days in windows(when)] if self._parts.windows else []
        found = self._retriever.search(understood.queries, READ_AHEAD * k, known, times)
        if self._parts.time:
            found = prefer_hits(when, found)
        if self._parts.stories:  # before reranking, so that no time goes into copies
            found = group_copies(found)
        if self._reranker:
            found = self._reranker.rerank(f"{understood.context} {spelt}".strip(), found)
        return Retrieved(Question(spelt, understood.vector, understood.context), when, found[:k])

    def _understand(self, question: str, history: Sequence[Turn]) -> Understood:
        def embed(text: str) -> Vectors:
            return np.array(self._index.embedding.get_query_embedding(text), np.float32)

        def information(text: str) -> float:
            statistics = self._index.passages.statistics()
            return sum(term_weights(text, statistics.frequencies, statistics.passages).values())

        understood = understand(question, history, embed, information)
        if self._rewriter and understood.context:
            return with_rewrite(understood, self._rewriter(question, history))
        return understood

    def _known_by(self, day: date, filters: Filters) -> Filters:
        """`filters`, and on a past day nothing that was published later."""
        dates = self._index.passages.dates()
        if dates is None or dates[1] <= day or (filters.until and filters.until <= day):
            return filters
        return replace(filters, until=day)

    def _dense_weight(self) -> float:
        weight = self._index.settings.dense_weight
        return weight if self._parts.dense and self._parts.lexical else float(self._parts.dense)


def _narrowed(filters: Filters, since: date, until: date) -> Filters:
    """`filters`, and from `since` to `until`."""
    return replace(filters, since=max(since, filters.since or since), until=min(until, filters.until or until))
