"""Metrics of single answers: their values, and who isn't eligible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eval.answers import METRICS, Case
from eval.datasets import Query
from eval.run import Result
from rag.answer import Answer


@pytest.fixture
def score(make_answer) -> Callable[..., float | None]:
    """A metric of a case: the query's fields, then what was answered."""

    def call(
        name: str, query: dict[str, Any], answer: Answer | None, relevant=(), exact: tuple[bool, ...] = ()
    ) -> float | None:
        result = Result(query="q", ranking=(), answer=answer, exact_quotes=exact, retrieve_ms=1.0)
        return METRICS[name](Case(Query(id="q", text="?", **query), result, frozenset(relevant)))

    return call


@pytest.mark.parametrize(
    ("query", "text", "wanted"),
    [
        ({"answers": ["37000"]}, "Some 37,000 came.", 1.0),
        ({"answers": ["nobody", "37 thousand"]}, "Some 37,000 came.", 1.0),
        ({"answers": ["7,000"]}, "Some 37,000 came.", 0.0),
        ({"must_contain": ["some", "came"]}, "Some 37,000 came.", 1.0),
        ({"must_contain": ["some", "went"]}, "Some 37,000 came.", 0.0),
        ({"answers": ["37,000"], "must_contain": ["went"]}, "Some 37,000 came.", 0.0),
        ({"answers": ["38,000"], "must_contain": ["came"]}, "Some 37,000 came.", 0.0),
        ({"answers": ["1"]}, "Nothing came.", 0.0),  # the marker [1] is no part of what was said
    ],
)
def test_an_answer_holds_any_of_these_and_all_of_those(score, make_answer, query, text, wanted) -> None:
    assert score("answer contained", query, make_answer(text)) == wanted


def test_a_refusal_holds_nothing(score, make_answer) -> None:
    refusal = make_answer("I found nothing about 37,000.", refused=True)
    assert score("answer contained", {"answers": ["37,000"]}, refusal) == 0.0
    assert score("answer contained", {"answers": ["37,000"], "answerable": True}, refusal) == 0.0


@pytest.mark.parametrize(
    ("cited", "relevant", "gold", "precision", "recall"),
    [
        (["a"], ["a"], 1.0, 1.0, 1.0),
        (["a", "x"], ["a", "b"], 1.0, 0.5, 0.5),
        (["a", "a", "x"], ["a"], 1.0, 0.5, 1.0),
        (["x", "y"], ["a"], 0.0, 0.0, 0.0),
        (["a"], ["a", "b", "c", "d"], 1.0, 1.0, 0.25),
    ],
)
def test_citations_are_held_against_the_judgements(
    score, make_answer, cited, relevant, gold, precision, recall
) -> None:
    answer = make_answer(cited=cited)
    assert score("gold cited", {}, answer, relevant) == gold
    assert score("citation precision", {}, answer, relevant) == precision
    assert score("citation recall", {}, answer, relevant) == recall


def test_a_refusal_of_a_judged_question_cites_no_gold(score, make_answer) -> None:
    assert score("gold cited", {}, make_answer(refused=True), ["a"]) == 0.0


@pytest.mark.parametrize(("exact", "share"), [((True,), 1.0), ((True, False, True, True), 0.75), ((False,), 0.0)])
def test_quote_fidelity_is_the_share_of_exact_quotes(score, make_answer, exact, share) -> None:
    assert score("quote fidelity", {}, make_answer(), exact=exact) == share


def test_support_and_length(score, make_answer) -> None:
    assert score("support", {}, make_answer(support=0.75)) == 0.75
    assert score("answer words", {}, make_answer("It opened on Monday.")) == 4.0


@pytest.mark.parametrize(
    ("answerable", "refused", "right"),
    [(True, False, 1.0), (True, True, 0.0), (False, True, 1.0), (False, False, 0.0)],
)
def test_deciding_is_right_or_wrong(score, make_answer, answerable, refused, right) -> None:
    assert score("decided rightly", {"answerable": answerable}, make_answer(refused=refused)) == right


KNOWN = {"answers": ["a"], "must_contain": ["b"], "answerable": True}


@pytest.mark.parametrize("name", METRICS)
def test_without_an_answer_nothing_is_eligible(score, name) -> None:
    assert score(name, KNOWN, None, ["d1"]) is None


@pytest.mark.parametrize(
    ("name", "query", "refused", "relevant"),
    [
        ("answer contained", {}, False, ["d1"]),
        ("answer contained", {"answers": ["a"], "answerable": False}, False, []),
        ("gold cited", KNOWN, False, []),
        ("gold cited", {"answerable": False}, False, ["d1"]),
        ("citation precision", KNOWN, False, []),
        ("citation precision", KNOWN, True, ["d1"]),
        ("citation recall", KNOWN, False, []),
        ("citation recall", KNOWN, True, ["d1"]),
        ("quote fidelity", KNOWN, True, ["d1"]),
        ("support", KNOWN, True, ["d1"]),
        ("decided rightly", {"answers": ["a"]}, False, ["d1"]),
        ("answer words", KNOWN, True, ["d1"]),
    ],
)
def test_who_is_not_eligible_is_left_out(score, make_answer, name, query, refused, relevant) -> None:
    assert score(name, query, make_answer(refused=refused), relevant) is None


def test_an_answer_without_citations_has_no_precision_but_a_recall(score, make_answer) -> None:
    bare = make_answer(cited=[])
    assert score("citation precision", {}, bare, ["d1"]) is None
    assert score("citation recall", {}, bare, ["d1"]) == 0.0
