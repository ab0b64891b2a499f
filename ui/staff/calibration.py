"""Whether a score means what it says: held against what people found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

BINS = 10  # of equal width, as in Guo et al. (2017), On Calibration of Modern Neural Networks
FEW = 100  # answers; with fewer, ten bins hold ten each, and an error of 0.1 or more is expected by chance alone


@dataclass(frozen=True)
class Bin:
    """Answers that scored in [low, high): how many, their mean score, and the share that people confirm."""

    low: float
    high: float
    n: int
    score: float
    confirmed: float


@dataclass(frozen=True)
class Calibration:
    """A score held against people's verdicts.

    Attributes:
        bins: those that hold any answer.
        error: expected calibration error: the mean distance of score and share confirmed, weighted by answers;
            None without answers.
    """

    n: int
    bins: tuple[Bin, ...]
    error: float | None


def calibration(outcomes: Iterable[tuple[float, bool]]) -> Calibration:
    """Scores in [0, 1] against what happened, in `BINS` bins (Naeini et al. 2015 for the error)."""
    held: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for score, confirmed in outcomes:
        held[min(int(score * BINS), BINS - 1)].append((score, confirmed))
    n = sum(map(len, held.values()))
    bins = tuple(
        Bin(
            number / BINS,
            (number + 1) / BINS,
            len(rows),
            sum(score for score, _ in rows) / len(rows),
            sum(confirmed for _, confirmed in rows) / len(rows),
        )
        for number, rows in sorted(held.items())
    )
    return Calibration(n, bins, sum(b.n * abs(b.score - b.confirmed) for b in bins) / n if n else None)
