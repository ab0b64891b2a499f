"""Whether a difference is real."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eval import statistics
from eval.statistics import compare_means, compare_statistics


def test_identical_runs_do_not_differ() -> None:
    same = compare_means([0.0, 0.5, 1.0, 1.0], [0.0, 0.5, 1.0, 1.0])
    assert (same.before, same.after, same.difference) == (0.625, 0.625, 0.0)
    assert (same.low, same.high, same.p, same.n) == (0.0, 0.0, 1.0, 4)


def test_a_clear_difference_is_significant() -> None:
    chance = np.random.default_rng(1)
    before = chance.random(60)
    clear = compare_means(before, before + 0.2 + chance.normal(0, 0.05, 60))
    assert clear.p == pytest.approx(1 / (statistics.SAMPLES + 1))
    assert 0.15 < clear.low < clear.difference < clear.high < 0.25


def test_a_difference_by_chance_is_not_significant() -> None:
    chance = np.random.default_rng(2)
    none = compare_means(chance.random(60), chance.random(60))
    assert none.p > 0.05
    assert none.low < 0 < none.high


def test_a_few_questions_prove_nothing() -> None:
    # With three of three better, one in four sign patterns is as extreme: p can't be below 0.25.
    assert compare_means([0.0] * 3, [1.0] * 3).p == pytest.approx(0.25, abs=0.03)


def test_the_p_value_is_the_exact_one() -> None:
    deltas = np.array([0.5, 0.25, -0.125, 0.5, 0.125, 0.25, -0.0625, 0.5])
    patterns = np.array(np.meshgrid(*[(-1, 1)] * len(deltas))).reshape(len(deltas), -1)
    exact = float(np.mean(np.abs(deltas @ patterns) >= deltas.sum() - 1e-12))
    assert compare_means(np.zeros(8), deltas).p == pytest.approx(exact, abs=0.02)


def test_the_other_way_round_is_the_mirror_image() -> None:
    chance = np.random.default_rng(3)
    a, b = chance.random(40), chance.random(40)
    there, back = compare_means(a, b), compare_means(b, a)
    assert there.difference == pytest.approx(-back.difference)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.p == back.p


def test_the_same_values_give_the_same_figures() -> None:
    chance = np.random.default_rng(4)
    a, b = chance.random(40), chance.random(40)
    assert compare_means(a, b) == compare_means(a, b)


def test_the_interval_covers_the_truth_as_often_as_it_says(monkeypatch) -> None:
    monkeypatch.setattr(statistics, "SAMPLES", 100)  # of 100 cases; the share's own noise is 2.2 points
    chance = np.random.default_rng(5)
    covered = 0
    for _ in range(100):
        before = chance.random(60)
        found = compare_means(before, before + chance.normal(0.1, 0.3, 60))
        covered += found.low <= 0.1 <= found.high
    assert 0.88 <= covered / 100 <= 0.99


def test_a_true_null_is_rejected_as_seldom_as_it_says(monkeypatch) -> None:
    monkeypatch.setattr(statistics, "SAMPLES", 100)
    chance = np.random.default_rng(6)
    rejected = sum(compare_means(np.zeros(40), chance.normal(0, 0.3, 40)).p < 0.05 for _ in range(100))
    assert 0.01 <= rejected / 100 <= 0.09


@pytest.mark.parametrize(("before", "after"), [([], []), ([1.0], [1.0, 0.0])])
def test_what_is_not_paired_is_refused(before, after) -> None:
    with pytest.raises(ValueError, match="paired"):
        compare_means(before, after)


def test_a_statistic_that_is_a_mean_agrees_with_the_mean() -> None:
    chance = np.random.default_rng(7)
    a, b = chance.random(50), chance.random(50) + 0.15

    def swap(flags: np.ndarray) -> float:
        return float((np.where(flags, a, b) - np.where(flags, b, a)).mean())

    general = compare_statistics(lambda rows: a[rows].mean(), lambda rows: b[rows].mean(), swap, 50)
    mean = compare_means(a, b)
    assert general.difference == pytest.approx(mean.difference)
    assert (general.low, general.high) == pytest.approx((mean.low, mean.high), abs=0.02)
    assert general.p == pytest.approx(mean.p, abs=0.01)


def test_samples_in_which_a_statistic_is_not_defined_are_left_out() -> None:
    def of(values: np.ndarray):
        return lambda rows: float(values[rows].mean()) if 0 in rows else math.nan

    a, b = np.zeros(5), np.ones(5)
    found = compare_statistics(of(a), of(b), lambda flags: 1.0 if flags[0] else math.nan, 5)
    assert (found.low, found.high, found.p) == (1.0, 1.0, 1.0)
