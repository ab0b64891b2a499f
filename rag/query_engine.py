"""The LlamaIndex query engine: retrieve, select, compose, verify, answer or refuse."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import QueryBundle

from rag.answer import Answer, Citation, Headline, Reason, Sentence, Turn
from rag.asked_time import AskedTime, asked_time, prefer_candidates, prefer_hits
from rag.composition import choose, cite, sentence_text, with_markers
from rag.confidence import confidence
from rag.conversation import Understood, understand
from rag.index import Index
from rag.own_case import is_own_case
from rag.passages import Vectors
from rag.retriever import Hit, HybridRetriever, to_node
from rag.selection import Candidate, LinearSelector, Question, Selector
from rag.spelling import correct
from rag.verification import VerbatimVerifier, Verifier, quote_exists

MODEL = "extractive"
NEAREST = 3  # headlines offered with a refusal
READ_AHEAD = 3  # times as many passages are scored as are asked for


@dataclass(frozen=True)
class _Retrieved:
    """A question as it is answered, the time it asks about, and the passages found for it."""

    asked: Question
    when: AskedTime
    hits: list[Hit]


class PassageQueryEngine(BaseQueryEngine):
    """Answers from an index. `answer` gives the whole contract, `query` LlamaIndex's response with it inside."""

    def __init__(self, index: Index, selector: Selector | None = None, verifier: Verifier | None = None) -> None:
        super().__init__(callback_manager=None)
        self._index = index
        self._settings = index.settings
        self._retriever = HybridRetriever(index)
        self._selector = selector or LinearSelector(index.passages)
        self._verifier = verifier or VerbatimVerifier()

    def answer(self, question: str, history: Sequence[Turn] = (), as_of: date | None = None) -> Answer:
        """The cited answer to `question`, or a refusal."""
        return self._answer(question, history, as_of)[0]

    def search(
        self, question: str, history: Sequence[Turn] = (), as_of: date | None = None, k: int | None = None
    ) -> list[Hit]:
        """The best `k` passages (default `top_k`) for `question` in its conversation, asked on `as_of`."""
        return self._retrieve(question, history, as_of or _today(), k or self._settings.top_k).hits

    def _retrieve(self, question: str, history: Sequence[Turn], day: date, k: int) -> _Retrieved:
        spelt = correct(question, self._index.passages.vocabulary)
        understood = self._understand(spelt, history)
        when = asked_time(spelt, day)
        # More are read than asked for: the time asked about may bring up what ranks lower.
        found = self._retriever.search(understood.queries, READ_AHEAD * k)
        asked = Question(spelt, understood.vector, understood.context)
        return _Retrieved(asked, when, prefer_hits(when, found)[:k])

    def _understand(self, question: str, history: Sequence[Turn]) -> Understood:
        def embed(text: str) -> Vectors:
            return np.array(self._index.embedding.get_query_embedding(text), np.float32)

        return understand(question, history, embed)

    def _answer(self, question: str, history: Sequence[Turn], as_of: date | None) -> tuple[Answer, list[Hit]]:
        clock = time.perf_counter()
        timings: dict[str, float] = {}

        def lap(name: str, since: float) -> float:
            now = time.perf_counter()
            timings[name] = round((now - since) * 1000, 2)
            return now

        day = as_of or _today()
        retrieved = self._retrieve(question, history, day, self._settings.top_k)
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
        answer, hits = self._answer(query_bundle.query_str, (), None)
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
