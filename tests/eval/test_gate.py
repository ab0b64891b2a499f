"""What a report must reach."""

from __future__ import annotations

import pytest

from corpus.errors import InputError
from eval import statistics
from eval.comparison import compare
from eval.gate import check_gate, read_gate


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    monkeypatch.setattr(statistics, "SAMPLES", 200)


@pytest.fixture
def gate(tmp_path):
    """The gate that a text describes."""

    def read(text: str | bytes):
        path = tmp_path / "gate.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_gate(path)

    return read


@pytest.fixture
def report(make_question, make_report):
    """A report of values of nDCG@5, with times around 100 ms."""

    def make(*values: float, **fields):
        return make_report(
            [make_question(f"q{n}", {"nDCG@5": value}, retrieve_ms=100.0) for n, value in enumerate(values)], **fields
        )

    return make


@pytest.mark.parametrize(
    ("condition", "holds", "text"),
    [
        ('[minimum]\n"nDCG@5" = 0.5', True, "nDCG@5 0.7500 ≥ 0.5"),
        ('[minimum]\n"nDCG@5" = 0.75', True, "nDCG@5 0.7500 ≥ 0.75"),
        ('[minimum]\n"nDCG@5" = 0.8', False, "nDCG@5 is 0.7500, 0.0500 below 0.8"),
        ('[minimum]\n"MAP" = 0.0', False, "MAP was not measured; at least 0 is asked for"),
        ('[maximum]\n"retrieve ms p95" = 100', True, "retrieve ms p95 100.0000 ≤ 100"),
        ('[maximum]\n"retrieve ms p95" = 60', False, "retrieve ms p95 is 100.0000, 40.0000 above 60"),
        ('[maximum]\n"ask ms p50" = 60', False, "ask ms p50 was not measured; at most 60 is asked for"),
    ],
)
def test_a_bound_holds_or_says_by_how_much_it_does_not(gate, report, condition, holds, text) -> None:
    (finding,) = check_gate(gate(condition), report(0.5, 1.0), None)
    assert (finding.holds, finding.text) == (holds, text)


def test_every_condition_is_told(gate, report) -> None:
    findings = check_gate(
        gate('[minimum]\n"nDCG@5" = 0.5\n"MAP" = 0.1\n[maximum]\n"retrieve ms p50" = 500'), report(0.9), None
    )
    assert [(f.name, f.holds) for f in findings] == [("nDCG@5", True), ("MAP", False), ("retrieve ms p50", True)]


LOSS = '[loss]\n"nDCG@5" = 0.02'


def test_a_significant_loss_fails_and_says_by_how_much(gate, report) -> None:
    before, after = report(*[0.9] * 30), report(*[0.7] * 30)
    (finding,) = check_gate(gate(LOSS), after, compare(before, after))
    assert not finding.holds
    assert finding.text.startswith(
        "nDCG@5 0.9000 → 0.7000 (95 % interval of the difference -0.2000 to -0.2000, p 0.0"
    )
    assert finding.text.endswith("a significant loss of 0.2000, 0.1800 over 0.02")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([0.9] * 30, [0.9] * 30),
        ([0.7] * 30, [0.9] * 30),  # a gain
        ([0.9] * 30, [0.89] * 30),  # significant, but no more than is let pass
        ([0.9, 0.1] * 10, [0.1, 0.85] * 10),  # a loss of 0.025 that chance explains
    ],
)
def test_a_gain_a_small_loss_and_a_loss_by_chance_pass(gate, report, before, after) -> None:
    (finding,) = check_gate(gate(LOSS), report(*after), compare(report(*before), report(*after)))
    assert finding.holds
    assert finding.text.endswith("no significant loss over 0.02")


def test_growing_is_a_loss_where_less_is_better(gate, make_question, make_report) -> None:
    def timed(ms: float):
        return make_report([make_question(f"q{n}", retrieve_ms=ms + n) for n in range(12)])

    slower = '[loss]\n"retrieve ms p50" = 20'
    (finding,) = check_gate(gate(slower), timed(90), compare(timed(10), timed(90)))
    assert not finding.holds
    assert "a significant loss of 80.0000, 60.0000 over 20" in finding.text
    (finding,) = check_gate(gate(slower), timed(10), compare(timed(90), timed(10)))
    assert finding.holds


def test_a_loss_that_cannot_be_told_fails(gate, report) -> None:
    (finding,) = check_gate(gate('[loss]\n"MAP" = 0.5'), report(1.0), compare(report(1.0), report(1.0)))
    assert not finding.holds
    assert "can't be compared" in finding.text


def test_a_loss_needs_a_baseline(gate, report) -> None:
    with pytest.raises(InputError, match=r"no baseline was given\.\nAdd --baseline"):
        check_gate(gate(LOSS), report(1.0), None)


def test_a_quote_that_is_not_exact_fails_every_gate(gate, make_question, make_report) -> None:
    easy = gate('[minimum]\n"quote fidelity" = 0')
    good = make_report([make_question("fine", {"quote fidelity": 1.0})])
    assert [finding.holds for finding in check_gate(easy, good, None)] == [True]
    bad = make_report(
        [make_question("fine", {"quote fidelity": 1.0}), make_question("bent", {"quote fidelity": 0.5})]
    )
    assert [(f.holds, f.text) for f in check_gate(easy, bad, None)][1:] == [(False, "quotes that aren't exact: bent")]


def test_a_question_that_failed_fails_every_gate(gate, make_question, make_report) -> None:
    report = make_report([make_question("q", {"R@5": 1.0}), make_question("long", error="Too long.")])
    findings = check_gate(gate('[minimum]\n"R@5" = 0'), report, None)
    assert [(f.holds, f.text) for f in findings][1:] == [(False, "1 questions failed, first long: Too long.")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[minimum]\n"nDCG@7" = 0.5', r"names no metric: 'nDCG@7'\.\nThere are nDCG@5, "),
        ('[maximum]\n"speed" = 0.5', "names no metric: 'speed'"),
        ('[loss]\n"faithfulness" = 0.5', "names no metric: 'faithfulness'"),  # judged metrics never gate
        ("", "has no condition"),
        ("[minimum]\n[loss]", "has no condition"),
        ('[least]\n"R@5" = 0.5', r"least: Extra inputs are not permitted\.\.?\nIts tables: minimum, maximum, loss"),
        ('[minimum]\n"R@5" = "high"', r"minimum\.R@5: "),
        ("minimum = 5", "minimum: "),
        ("[minimum", "isn't valid TOML"),
        (b"\xff", "isn't valid TOML"),
    ],
)
def test_a_gate_that_makes_no_sense_is_refused(gate, text, reason) -> None:
    with pytest.raises(InputError, match=reason):
        gate(text)


def test_a_gate_that_is_not_there_is_refused(tmp_path) -> None:
    with pytest.raises(InputError, match=r"none\.toml can't be read: No such file"):
        read_gate(tmp_path / "none.toml")
    with pytest.raises(InputError, match="can't be read: Is a directory"):
        read_gate(tmp_path)
