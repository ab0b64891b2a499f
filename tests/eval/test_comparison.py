"""Two reports side by side."""

from __future__ import annotations

import random

import pytest

from corpus.errors import InputError
from eval import comparison, statistics
from eval.comparison import compare


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    monkeypatch.setattr(statistics, "SAMPLES", 200)


@pytest.fixture
def decided(make_question, make_answer):
    """A question with an answer or a refusal, as a run reports it."""

    def make(name: str, answerable: bool, refused: bool, confidence: float, **fields):
        answer = make_answer(refused=refused, confidence=confidence)
        return make_question(
            name, {"decided rightly": float(answerable != refused)}, answerable=answerable, answer=answer, **fields
        )

    return make


def changes(found: comparison.Comparison) -> dict[str, comparison.Change]:
    return {change.name: change for change in found.changes}


def test_a_report_against_itself_has_changed_in_nothing(make_question, make_report, decided) -> None:
    questions = [decided(f"q{n}", n % 2 == 0, n % 3 == 0, n / 20, ask_ms=float(n)) for n in range(20)]
    report = make_report([*questions, make_question("r", {"nDCG@5": 0.5, "MAP": 0.25})])
    found = compare(report, report)
    assert found.n == 21
    assert found.only_in_one == 0
    assert found.worse == ()
    assert set(changes(found)) == set(report.metrics)
    assert {"nDCG@5", "refusal F1", "risk–coverage area", "ask ms p95"} <= set(changes(found))
    for change in found.changes:
        assert change.difference.difference == 0
        assert (change.difference.low, change.difference.high, change.difference.p) == (0, 0, 1)
        assert not change.significant
        assert change.gain == 0


def test_only_questions_of_both_are_compared(make_question, make_report) -> None:
    before = make_report([make_question(f"q{n}", {"R@5": 1.0}) for n in range(4)])
    after = make_report([
        make_question("q0", {"R@5": 0.0}),
        make_question("q1", {"R@5": 1.0}),
        make_question("q2", {"R@5": 0.0}, text="Reworded?"),
        make_question("new", {"R@5": 0.0}),
    ])  # fmt: skip
    found = compare(before, after)
    assert (found.n, found.only_in_one) == (2, 4)
    difference = changes(found)["R@5"].difference
    assert (difference.before, difference.after, difference.n) == (1.0, 0.5, 2)


def test_only_questions_that_are_eligible_in_both_are_compared(make_question, make_report) -> None:
    before = make_report([make_question("a", {"support": 1.0}), make_question("b", {"support": 0.0})])
    after = make_report([make_question("a", {"support": 0.5}), make_question("b", {})])
    difference = changes(compare(before, after))["support"].difference
    assert (difference.before, difference.after, difference.n) == (1.0, 0.5, 1)


def test_reports_without_a_common_question_are_refused(make_question, make_report) -> None:
    with pytest.raises(InputError, match="no question in common"):
        compare(make_report([make_question("a")]), make_report([make_question("b")]))


def test_a_metric_of_one_report_only_is_left_out(make_question, make_report) -> None:
    found = compare(make_report([make_question("a", {"MAP": 1.0})]), make_report([make_question("a", {"R@5": 1.0})]))
    assert not {"MAP", "R@5"} & set(changes(found))


def test_a_metric_that_the_common_questions_do_not_define_is_left_out(make_report, decided) -> None:
    common = [decided("a", True, False, 0.9), decided("b", True, True, 0.1)]
    before = make_report([*common, decided("before", False, True, 0.2)])
    after = make_report([*common, decided("after", False, True, 0.2)])
    assert "refusal F1" in before.metrics
    found = compare(before, after)
    assert "refusal F1" not in changes(found)
    assert "decided rightly" in changes(found)


def test_less_is_a_gain_where_less_is_better(make_question, make_report) -> None:
    def report(ms: float, words: float):
        return make_report([make_question(f"q{n}", {"answer words": words}, retrieve_ms=ms + n) for n in range(9)])

    found = changes(compare(report(10, 5), report(30, 50)))
    assert found["retrieve ms p50"].difference.difference == pytest.approx(20)
    assert found["retrieve ms p50"].gain == pytest.approx(-20)
    assert found["retrieve ms p50"].significant
    assert found["answer words"].difference.difference == pytest.approx(45)
    assert found["answer words"].gain == 0  # longer is neither better nor worse


def test_a_better_f1_is_seen(make_report, decided) -> None:
    chance = random.Random(8)
    blind = [decided(f"q{n}", n % 2 == 0, chance.random() < 0.5, 0.5) for n in range(60)]
    seeing = [decided(f"q{n}", n % 2 == 0, n % 2 == 1, 0.9 if n % 2 == 0 else 0.1) for n in range(60)]
    found = changes(compare(make_report(blind), make_report(seeing)))
    f1, area = found["refusal F1"], found["risk–coverage area"]
    assert f1.difference.after == 1.0
    assert f1.gain > 0
    assert f1.difference.low > 0
    assert f1.significant
    assert area.difference.difference < 0 < area.gain


def test_what_got_worse_is_listed_worst_first_under_what_matters_most(make_question, make_report) -> None:
    before = {
        "a": {"nDCG@10": 0.9, "gold cited": 1.0},
        "b": {"answer contained": 1.0, "nDCG@10": 1.0},
        "c": {"nDCG@10": 1.0},
        "d": {"nDCG@10": 0.2},
        "e": {"answer contained": 1.0},
        "f": {"decided rightly": 1.0},
        "g": {"nDCG@10": 1.0},
    }
    after = {
        "a": {"nDCG@10": 0.8, "gold cited": 1.0},
        "b": {"answer contained": 0.0, "nDCG@10": 0.0},
        "c": {"nDCG@10": 0.3},
        "d": {"nDCG@10": 0.9},
        "e": {},  # no longer eligible: not a loss that can be told
        "f": {"decided rightly": 0.0},
        "g": {"nDCG@10": 1.0 - 1e-12},
    }
    found = compare(*(make_report([make_question(q, m) for q, m in each.items()]) for each in (before, after)))
    assert [(w.after.id, w.metric, round(w.loss, 6)) for w in found.worse] == [
        ("b", "answer contained", 1.0),
        ("f", "decided rightly", 1.0),
        ("c", "nDCG@10", 0.7),
        ("a", "nDCG@10", 0.1),
    ]
    assert found.worse[0].before.metrics["answer contained"] == 1.0
