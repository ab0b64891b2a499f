"""Metrics of single answers, deterministic. Each is None where the question isn't eligible, never a false zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eval.datasets import Query
from eval.normalisation import contains
from eval.run import Result
from rag.answer import Answer


@dataclass(frozen=True)
class Case:
    """A question, what the system did with it, and the documents judged relevant to it."""

    query: Query
    result: Result
    relevant: frozenset[str]

    @property
    def answer(self) -> Answer | None:
        """What was shown; None when only retrieval was run or the question failed."""
        return self.result.answer

    @property
    def given(self) -> Answer | None:
        """The answer, if it is one and not a refusal."""
        return self.answer if self.answer and not self.answer.refused else None


def answer_contained(case: Case) -> float | None:
    """1 when the answer has any of `answers` and all of `must_contain`, else 0; a refusal has neither.

    Eligible: questions with such strings that aren't marked as unanswerable.
    """
    query = case.query
    if case.answer is None or query.answerable is False or not (query.answers or query.must_contain):
        return None
    if case.given is None:
        return 0.0
    return float(holds_answer(query, " ".join(sentence.text for sentence in case.given.sentences)))


def holds_answer(query: Query, text: str) -> bool:
    """Whether `text` has any of the query's `answers`, where there are any, and all of its `must_contain`."""
    some = not query.answers or any(contains(text, wanted) for wanted in query.answers)
    return some and all(contains(text, wanted) for wanted in query.must_contain)


def gold_cited(case: Case) -> float | None:
    """1 when a relevant document is cited, else 0. Eligible: questions with relevant documents."""
    if case.answer is None or not case.relevant or case.query.answerable is False:
        return None
    return float(bool(_cited(case) & case.relevant))


def citation_precision(case: Case) -> float | None:
    """Share of the cited documents that are relevant. Eligible: cited answers to judged questions."""
    cited = _cited(case)
    return len(cited & case.relevant) / len(cited) if cited and case.relevant else None


def citation_recall(case: Case) -> float | None:
    """Share of the relevant documents that are cited. Eligible: answers to judged questions."""
    if case.given is None or not case.relevant:
        return None
    return len(_cited(case) & case.relevant) / len(case.relevant)


def quote_fidelity(case: Case) -> float | None:
    """Share of the citations whose words stand exactly at their place. Eligible: answers with citations."""
    exact = case.result.exact_quotes
    return sum(exact) / len(exact) if exact else None


def support(case: Case) -> float | None:
    """Mean support of the sentences by what they cite, as the verifier judged it. Eligible: answers."""
    if case.given is None or not case.given.sentences:
        return None
    return sum(sentence.support for sentence in case.given.sentences) / len(case.given.sentences)


def decided_rightly(case: Case) -> float | None:
    """1 when an answerable question was answered or another refused. Eligible: where that is known."""
    if case.answer is None or case.query.answerable is None:
        return None
    return float(case.answer.refused != case.query.answerable)


def answer_words(case: Case) -> float | None:
    """Words shown. Eligible: answers."""
    return float(sum(len(s.text.split()) for s in case.given.sentences)) if case.given else None


METRICS: Mapping[str, Callable[[Case], float | None]] = {
    "answer contained": answer_contained,
    "gold cited": gold_cited,
    "citation precision": citation_precision,
    "citation recall": citation_recall,
    "quote fidelity": quote_fidelity,
    "support": support,
    "decided rightly": decided_rightly,
    "answer words": answer_words,
}


def _cited(case: Case) -> frozenset[str]:
    return frozenset(citation.article_id for citation in case.answer.citations) if case.answer else frozenset()
