"""The LlamaIndex query engine: retrieve, select, compose, verify, answer or refuse."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import cast

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import QueryBundle

from rag.answer import Answer, Decision, Reason, Sentence, Turn
from rag.asked_places import about_places
from rag.asked_time import prefer_candidates
from rag.composition import Composed, choose, cite, sentence_text, with_markers
from rag.confidence import confidence
from rag.differences.shown import disagreements, notes_on, with_both_sides
from rag.filters import EVERYTHING, Filters
from rag.index import Index
from rag.llm import open_llm
from rag.newest import newest_first
from rag.notes import corrections, stale
from rag.own_case import is_own_case
from rag.question_type import asks_total
from rag.refusal import SURE, is_other_subject, nearest, why_not
from rag.refusal import words as refusal_text
from rag.retrieval import Parts, Retrieval, Retrieved
from rag.retriever import Hit, to_node
from rag.rewriting import Rewriter
from rag.selection import Candidate, LinearSelector, ReadingSelector, Selector
from rag.stories import also_in
from rag.underspecified import is_underspecified
from rag.verification import VerbatimVerifier, Verifier, evidence_of, fact_verifier, quote_exists
from rag.writing import Writer, sources_for
from rag.years import about_years

MODEL = "extractive"


class _Clock:
    """Times the steps of an answer."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._timings: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._timings[name] = round((now - self._last) * 1000, 2)
        self._last = now

    def timings(self) -> dict[str, float]:
        """Milliseconds by step, and their total."""
        return self._timings | {"total": round((self._last - self._start) * 1000, 2)}


class PassageQueryEngine(BaseQueryEngine):
    """Answers from an index. `answer` gives the whole contract, `query` LlamaIndex's response with it inside."""

    def __init__(
        self,
        index: Index,
        selector: Selector | None = None,
        verifier: Verifier | None = None,
        parts: Parts | None = None,
    ) -> None:
        super().__init__(callback_manager=None)
        self._index = index
        self._settings = settings = index.settings
        self._llm = open_llm(settings)
        rewriter = Rewriter(self._llm.llm, settings.rewrite_ms) if self._llm and settings.rewrite_ms else None
        self._retrieve = Retrieval(index, parts, rewriter)
        self._writer = (
            Writer(self._llm, index.store, settings.llm_ms, settings.max_sentences, fact_verifier(settings))
            if self._llm and settings.writer == "llm"
            else None
        )
        self._selector = selector or ReadingSelector(
            LinearSelector(index.passages), self._settings.embedding_precision
        )
        self._verifier = verifier or VerbatimVerifier()

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        as_of: date | None = None,
        filters: Filters = EVERYTHING,
        *,
        quoted: bool = False,
    ) -> Answer:
        """The cited answer to `question`, or a refusal; `quoted` keeps a language model from writing it."""
        return self._answer(question, history, as_of, filters, quoted=quoted)[0]

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        as_of: date | None = None,
        filters: Filters = EVERYTHING,
    ) -> Iterator[Sentence | Answer | None]:
        """The sentences of the answer as they are verified, then the whole answer.

        None comes now and then while there is nothing new. Closing the iterator ends what a language model writes.
        """
        answer, _ = yield from self._steps(question, history, as_of, filters, self._writer)
        yield answer

    def close(self) -> None:
        """End the language model, where there is one."""
        if self._llm:
            self._llm.close()

    def search(
        self,
        question: str,
        history: Sequence[Turn] = (),
        as_of: date | None = None,
        filters: Filters = EVERYTHING,
        k: int | None = None,
    ) -> Retrieved:
        """What an answer to `question` in its conversation, asked on `as_of`, would be composed from."""
        return self._retrieve(question, history, as_of or _today(), k, filters)

    def _answer(
        self,
        question: str,
        history: Sequence[Turn],
        as_of: date | None,
        filters: Filters,
        *,
        quoted: bool = False,
    ) -> tuple[Answer, list[Hit]]:
        steps = self._steps(question, history, as_of, filters, None if quoted else self._writer)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return cast("tuple[Answer, list[Hit]]", end.value)

    def _steps(
        self,
        question: str,
        history: Sequence[Turn],
        as_of: date | None,
        filters: Filters,
        writer: Writer | None,
    ) -> Generator[Sentence | None, None, tuple[Answer, list[Hit]]]:
        """Answers; yields each sentence when it is verified, None while a language model is at work."""
        clock = _Clock()
        day = as_of or _today()
        retrieved = self._retrieve(question, history, day, filters=filters)
        clock.lap("retrieve")
        candidates: list[Candidate] = []
        certainty = 0.0
        if retrieved.hits:
            candidates = candidates_for(self._selector, retrieved)
            certainty = confidence(retrieved.asked, candidates)
        clock.lap("select")
        dates = self._index.passages.dates()
        reason = self._reason(question, history, retrieved, certainty, dates, filters)
        composed = Composed()
        model = MODEL
        if reason is None:
            if writer:
                sources = sources_for(candidates, retrieved.hits)
                yield from writer.write(retrieved.asked, sources, day, into=composed)
                clock.lap("write")
            if writer and composed.sentences:
                model = writer.name
            else:
                self._compose(retrieved, candidates, composed)
                yield from composed.sentences
            composed.notes += stale(composed.citations, retrieved.when)
            composed.notes += corrections(composed.citations, self._index.passages.flags)
            if not composed.sentences:
                reason = Reason.NOT_COVERED
        clock.lap("compose")
        headlines = nearest(retrieved.hits) if reason else []
        text = refusal_text(reason, retrieved.when, dates, headlines) if reason else with_markers(composed.sentences)
        answer = Answer(
            question=question,
            answer=text,
            refused=reason is not None,
            reason=reason,
            sentences=tuple(composed.sentences),
            citations=tuple(composed.citations),
            notes=tuple(composed.notes),
            nearest=tuple(headlines),
            confidence=round(certainty, 4),
            as_of=day,
            model=model,
            settings=self._settings.fingerprint(),
            trace=tuple(composed.trace),
            timings_ms=clock.timings(),
        )
        return answer, retrieved.hits

    def _reason(
        self,
        question: str,
        history: Sequence[Turn],
        retrieved: Retrieved,
        certainty: float,
        dates: tuple[date, date] | None,
        filters: Filters,
    ) -> Reason | None:
        """Why the question isn't answered; None when it is."""
        if not retrieved.hits:
            return Reason.FILTERED if filters and self._index.passages.count() else Reason.NOTHING_INDEXED
        if is_own_case(question):
            return Reason.OWN_CASE
        if is_underspecified(question, history):
            return Reason.UNDERSPECIFIED
        if certainty < self._settings.refuse_below or (certainty < SURE and is_other_subject(retrieved)):
            return why_not(retrieved, dates)
        return None

    def _compose(self, retrieved: Retrieved, candidates: Sequence[Candidate], composed: Composed) -> None:
        """Adds the chosen sentences that pass verification to `composed`, with citations numbered in order."""
        question = retrieved.asked.text
        hits = {hit.passage.passage_id: hit for hit in retrieved.hits}
        chosen = choose(question, candidates, self._settings.max_sentences)
        differing = disagreements(chosen, candidates)
        for candidate in with_both_sides(chosen, differing):
            also = also_in(hits[candidate.passage.passage_id], candidate.text)
            citation = cite(candidate, len(composed.citations) + 1, also)
            text = sentence_text(candidate, question)
            verdict = self._verifier.verify(text, [evidence_of(citation, candidate.passage.text)])
            exists = quote_exists(citation, self._index.store)
            shown = verdict.supported and exists
            outcome = "shown" if shown else "not supported" if exists else "quote not found"
            composed.trace.append(Decision(step="verify", text=text, outcome=outcome, score=verdict.score))
            if shown:
                composed.sentences.append(Sentence(text=text, citations=(citation.n,), support=verdict.score))
                composed.citations.append(citation)
        composed.notes += notes_on(differing, composed.citations)

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer, hits = self._answer(query_bundle.query_str, (), None, EVERYTHING)
        return Response(
            response=answer.answer,
            source_nodes=[to_node(hit) for hit in hits],
            metadata={"answer": answer.model_dump(mode="json")},
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def candidates_for(selector: Selector, retrieved: Retrieved) -> list[Candidate]:
    """What an answer is composed from, best first."""
    found = selector.select(retrieved.asked, retrieved.hits, partial(fitting, retrieved))
    ranked = prefer_candidates(retrieved.when, found, asks_total(retrieved.asked.text, retrieved.asked.context))
    return newest_first(retrieved.asked.text, ranked) if retrieved.when.latest else ranked


def fitting(retrieved: Retrieved, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates that can be about the countries and the years asked about."""
    return about_years(retrieved.when.years, about_places(retrieved.asked, candidates))


def _today() -> date:
    return datetime.now(UTC).date()
