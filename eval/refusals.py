"""Refusing, measured like answering: precision, recall, F1, the risk–coverage curve and the calibration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10  # of the reliability diagram


@dataclass(frozen=True)
class Decision:
    """A question of known answerability, whether it was refused, and how sure the system was that it can answer."""

    answerable: bool
    refused: bool
    confidence: float


def precision(decisions: Sequence[Decision]) -> float:
    """Share of the refusals that were right; NaN without any."""
    refused = [d for d in decisions if d.refused]
    return sum(not d.answerable for d in refused) / len(refused) if refused else math.nan


def recall(decisions: Sequence[Decision]) -> float:
    """Share of the unanswerable questions that were refused; NaN without any."""
    hopeless = [d for d in decisions if not d.answerable]
    return sum(d.refused for d in hopeless) / len(hopeless) if hopeless else math.nan


def f1(decisions: Sequence[Decision]) -> float:
    """Harmonic mean of refusal precision and recall; NaN when nothing is unanswerable, 0 when nothing is refused."""
    r = recall(decisions)
    p = precision(decisions)
    if math.isnan(r):
        return math.nan
    return 0.0 if math.isnan(p) or p + r == 0 else 2 * p * r / (p + r)


def risk_coverage(decisions: Sequence[Decision]) -> list[tuple[float, float]]:
    """The risk–coverage curve (El-Yaniv and Wiener 2010): points (coverage, risk), coverage growing.

    Were only the most confident share of the questions answered (coverage), risk is the share of these that can't be
    answered. Questions of equal confidence come in together.
    """
    ranked = sorted(decisions, key=lambda d: -d.confidence)
    points, wrong = [], 0
    for i, decision in enumerate(ranked, start=1):
        wrong += not decision.answerable
        if i == len(ranked) or ranked[i].confidence != decision.confidence:
            points.append((i / len(ranked), wrong / i))
    return points


def area(curve: Sequence[tuple[float, float]]) -> float:
    """Area under a risk–coverage curve as a step function (0 is best); NaN without points."""
    if not curve:
        return math.nan
    total, last = 0.0, 0.0
    for coverage, risk in curve:
        total += (coverage - last) * risk
        last = coverage
    return total


@dataclass(frozen=True)
class Bin:
    """Decisions of like confidence: their number, mean confidence, and the share that is answerable."""

    n: int
    confidence: float
    answerable: float


def reliability(decisions: Sequence[Decision]) -> list[Bin]:
    """The reliability diagram in ten bins of equal width, empty ones left out."""
    bins: list[list[Decision]] = [[] for _ in range(BINS)]
    for decision in decisions:
        bins[min(int(decision.confidence * BINS), BINS - 1)].append(decision)
    return [
        Bin(len(some), sum(d.confidence for d in some) / len(some), sum(d.answerable for d in some) / len(some))
        for some in bins
        if some
    ]


def calibration_error(decisions: Sequence[Decision]) -> float:
    """Expected calibration error (Guo et al. 2017): mean gap between confidence and answerability over the bins."""
    if not decisions:
        return math.nan
    return sum(b.n * abs(b.confidence - b.answerable) for b in reliability(decisions)) / len(decisions)
