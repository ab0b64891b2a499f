"""Is a difference real? Paired bootstrap intervals and randomisation tests over the same questions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

SAMPLES = 2000  # the interval's ends then move by less than a tenth of its width from seed to seed
SEED = 20_240_229
LEVEL = 0.95

Statistic = Callable[[np.ndarray], float]
"""A metric of the questions at these positions; NaN when it isn't defined for them."""


@dataclass(frozen=True)
class Difference:
    """How a metric changed between two runs over the same questions.

    Attributes:
        before: its value in the baseline.
        after: its value now.
        low: lower end of the paired bootstrap 95 % interval of the difference (Efron and Tibshirani 1993).
        high: upper end.
        p: two-sided p-value of the paired randomisation test (Smucker, Allan and Carterette 2007).
        n: how many questions were compared.
    """

    before: float
    after: float
    low: float
    high: float
    p: float
    n: int

    @property
    def difference(self) -> float:
        """After less before."""
        return self.after - self.before


def compare_means(before: Sequence[float], after: Sequence[float]) -> Difference:
    """The difference of the means of paired values, one a question.

    Raises:
        ValueError: the sequences differ in length or are empty.
    """
    old, new = np.asarray(before, float), np.asarray(after, float)
    if old.shape != new.shape or not len(old):
        raise ValueError("values must be paired, one or more")
    deltas = new - old
    chance = np.random.default_rng(SEED)
    n = len(deltas)
    draws = np.array([deltas[chance.integers(0, n, n)].mean() for _ in range(SAMPLES)])
    signs = np.array([(deltas * chance.choice((-1.0, 1.0), n)).mean() for _ in range(SAMPLES)])
    return _difference(float(old.mean()), float(new.mean()), draws, signs, n)


def compare_statistics(
    before: Statistic, after: Statistic, swap: Callable[[np.ndarray], float], n: int
) -> Difference:
    """The difference of a statistic that is no mean (an F1, a percentile, an area).

    Args:
        before: the statistic of the baseline's results at the given positions.
        after: the same of the new results.
        swap: for a row of booleans, the difference after less before when the two runs' results are exchanged
            wherever it is true.
        n: how many questions both runs have.
    """
    everything = np.arange(n)
    old, new = before(everything), after(everything)
    chance = np.random.default_rng(SEED)
    draws, signs = [], []
    for _ in range(SAMPLES):
        rows = chance.integers(0, n, n)
        draws.append(after(rows) - before(rows))
        signs.append(swap(chance.random(n) < 0.5))
    return _difference(old, new, np.array(draws), np.array(signs), n)


def _difference(before: float, after: float, draws: np.ndarray, signs: np.ndarray, n: int) -> Difference:
    draws = draws[~np.isnan(draws)]
    signs = signs[~np.isnan(signs)]
    tail = (1 - LEVEL) / 2
    low, high = (float(q) for q in np.quantile(draws, (tail, 1 - tail))) if len(draws) else (math.nan, math.nan)
    observed = abs(after - before)
    extreme = int((np.abs(signs) >= observed - 1e-12).sum())
    return Difference(before, after, low, high, (extreme + 1) / (len(signs) + 1), n)
