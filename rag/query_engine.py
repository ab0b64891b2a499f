"""The LlamaIndex query engine: retrieve, select, compose, verify, answer or refuse."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import QueryBundle

from rag.answer import Answer, Citation, Headline, Reason, Sentence, Turn
from rag.asked_time import prefer_candidates
from rag.composition import choose, cite, sentence_text, with_markers
from rag.confidence import confidence
from rag.filters import EVERYTHING, Filters
from rag.index import Index
from rag.own_case import is_own_case
from rag.retrieval import Parts, Retrieval, Retrieved
from rag.retriever import Hit, to_node
from rag.selection import Candidate, LinearSelector, Selector
from rag.verification import VerbatimVerifier, Verifier, quote_exists

MODEL = "extractive"
NEAREST = 3  # headlines offered with a refusal


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
        self._settings = index.settings
        self._retrieve = Retrieval(index, parts)
        self._selector = selector or LinearSelector(index.passages)
        self._verifier = verifier or VerbatimVerifier()

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        as_of: date | None = None,
        filters: Filters = EVERYTHING,
    ) -> Answer:
        """The cited answer to `question`, or a refusal."""
        return self._answer(question, history, as_of, filters)[0]

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
        self, question: str, history: Sequence[Turn], as_of: date | None, filters: Filters
    ) -> tuple[Answer, list[Hit]]:
        clock = time.perf_counter()
        timings: dict[str, float] = {}

        def lap(name: str, since: float) -> float:
            now = time.perf_counter()
            timings[name] = round((now - since) * 1000, 2)
            return now

        day = as_of or _today()
        retrieved = self._retrieve(question, history, day, filters=filters)
        hits = retrieved.hits
        mark = lap("retrieve", clock)
        candidates: list[Candidate] = []
        certainty = 0.0
        if hits:
            candidates = prefer_candidates(retrieved.when, self._selector.select(retrieved.asked, hits))
            certainty = confidence(retrieved.asked, candidates)
        mark = lap("select", mark)
        own_case = is_own_case(question)
        answerable = certainty >= self._settings.refuse_below and not own_case
        sentences, citations = self._compose(candidates) if answerable else ([], [])
        lap("compose", mark)
        lap("total", clock)

        refused = not sentences
        reason = None
        text = with_markers(sentences)
        nearest: list[Headline] = []
        if refused:
            reason = Reason.NOTHING_INDEXED if not hits else Reason.OWN_CASE if own_case else Reason.NOT_COVERED
            nearest = _nearest(hits)
            text = _refusal(reason, nearest)
        answer = Answer(
            question=question,
            answer=text,
            refused=refused,
            reason=reason,
            sentences=tuple(sentences),
            citations=tuple(citations),
            nearest=tuple(nearest),
            confidence=round(certainty, 4),
            as_of=day,
            model=MODEL,
            settings=self._settings.fingerprint(),
            timings_ms=timings,
        )
        return answer, hits

    def _compose(self, candidates: Sequence[Candidate]) -> tuple[list[Sentence], list[Citation]]:
        """The chosen sentences that pass verification, with citations numbered in order."""
        sentences: list[Sentence] = []
        citations: list[Citation] = []
        for candidate in choose(candidates, self._settings.max_sentences):
            citation = cite(candidate, len(citations) + 1)
            text = sentence_text(candidate)
            support = self._verifier.support(text, [citation.quote])
            if support > 0 and quote_exists(citation, self._index.store):
                sentences.append(Sentence(text=text, citations=(citation.n,), support=support))
                citations.append(citation)
        return sentences, citations

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


def _nearest(hits: Sequence[Hit]) -> list[Headline]:
    """The articles of the best hits that have a headline, each once."""
    found: dict[str, Headline] = {}
    for hit in hits:
        passage = hit.passage
        if passage.title and len(found) < NEAREST:
            found.setdefault(
                passage.article_id,
                Headline(
                    article_id=passage.article_id,
                    title=passage.title,
                    source=passage.source,
                    published=passage.published,
                ),
            )
    return list(found.values())


def _refusal(reason: Reason, nearest: Sequence[Headline]) -> str:
    if reason is Reason.NOTHING_INDEXED:
        return "I can't answer yet: there are no articles in the index."
    if reason is Reason.OWN_CASE:
        text = (
            "I only know what the news reports, so I can't say what will happen in your own case or what you should "
            "do. A lawyer, an accredited adviser or the immigration authority can."
        )
    else:
        text = "I found nothing in the articles I have that answers this, so I'd rather not guess."
    return text + _headlines(nearest)


def _headlines(nearest: Sequence[Headline]) -> str:
    titles = "; ".join(f"“{headline.title}”" for headline in nearest)
    return f" The nearest headlines are {titles}." if titles else ""


def _today() -> date:
    return datetime.now(UTC).date()
