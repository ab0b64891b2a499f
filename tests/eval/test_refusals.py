"""Refusing, measured; every value is computed by hand."""

from __future__ import annotations

import math

import pytest

from eval.refusals import (
    Bin,
    Decision,
    area,
    calibration_error,
    f1,
    precision,
    recall,
    reliability,
    risk_coverage,
)


def decide(*rows: tuple[bool, bool, float]) -> list[Decision]:
    return [Decision(*row) for row in rows]


# Answerable, refused, confidence: two of three refusals are right, two of four hopeless questions are refused.
MIXED = decide(
    (True, False, 0.95), (True, False, 0.9), (False, False, 0.8), (True, True, 0.45), (False, False, 0.6),
    (False, True, 0.3), (False, True, 0.2),
)  # fmt: skip


def test_refusals_are_scored_like_answers() -> None:
    assert precision(MIXED) == pytest.approx(2 / 3)
    assert recall(MIXED) == pytest.approx(2 / 4)
    assert f1(MIXED) == pytest.approx(2 * (2 / 3) * (1 / 2) / (2 / 3 + 1 / 2))


def test_what_is_not_defined_is_no_number() -> None:
    never_refused = decide((False, False, 0.9), (True, False, 0.9))
    assert math.isnan(precision(never_refused))
    assert (recall(never_refused), f1(never_refused)) == (0.0, 0.0)
    all_answerable = decide((True, True, 0.1))
    assert precision(all_answerable) == 0.0
    assert math.isnan(recall(all_answerable))
    assert math.isnan(f1(all_answerable))
    assert f1(decide((True, True, 0.1), (False, False, 0.9))) == 0.0
    for score in (precision, recall, f1, calibration_error):
        assert math.isnan(score([]))
    assert math.isnan(area(risk_coverage([])))


def test_risk_grows_as_less_certain_questions_come_in() -> None:
    curve = risk_coverage(MIXED)
    sevenths = [(1, 0), (2, 0), (3, 1 / 3), (4, 2 / 4), (5, 2 / 5), (6, 3 / 6), (7, 4 / 7)]
    assert curve == [pytest.approx((n / 7, risk)) for n, risk in sevenths]
    assert area(curve) == pytest.approx((0 + 0 + 1 / 3 + 2 / 4 + 2 / 5 + 3 / 6 + 4 / 7) / 7)


def test_equal_confidence_comes_in_together_in_any_order() -> None:
    tied = decide((False, False, 0.5), (True, False, 0.5), (True, False, 0.9), (False, False, 0.5))
    wanted = [pytest.approx((1 / 4, 0.0)), pytest.approx((1.0, 2 / 4))]
    assert risk_coverage(tied) == wanted
    assert risk_coverage(tied[::-1]) == wanted
    assert area(risk_coverage(tied)) == pytest.approx(3 / 4 * 2 / 4)


def test_the_best_and_the_worst_order_bound_the_area() -> None:
    best = decide((True, False, 0.9), (True, False, 0.8), (False, False, 0.2))
    worst = decide((False, False, 0.9), (True, False, 0.8), (True, False, 0.2))
    assert area(risk_coverage(best)) == pytest.approx(1 / 9)
    assert area(risk_coverage(worst)) == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_reliability_has_ten_bins_without_the_empty_ones() -> None:
    made = decide((True, False, 1.0), (True, False, 0.9), (False, True, 0.0), (True, False, 0.05), (True, True, 0.1))
    assert reliability(made) == [
        Bin(2, pytest.approx(0.025), 0.5),
        Bin(1, pytest.approx(0.1), 1.0),
        Bin(2, pytest.approx(0.95), 1.0),
    ]
    assert calibration_error(made) == pytest.approx((2 * 0.475 + 1 * 0.9 + 2 * 0.05) / 5)


def test_calibrated_confidence_has_no_error() -> None:
    made = decide(*[(n < 7, False, 0.7) for n in range(10)])
    assert calibration_error(made) == pytest.approx(0.0)
    assert calibration_error(decide(*[(False, False, 0.7)] * 5)) == pytest.approx(0.7)
