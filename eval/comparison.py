"""Two reports side by side: what changed, whether by chance, and which questions got worse."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.errors import InputError
from eval.report import LOWER_IS_BETTER, MEANS, NEITHER, STATISTICS, Question, Report
from eval.statistics import Difference, compare_means, compare_statistics

ALPHA = 0.05
# What a question is looked at for, the one that matters most to its reader first.
VERDICTS = ("answer contained", "decided rightly", "gold cited", "nDCG@10")


@dataclass(frozen=True)
class Change:
    """A metric's difference.

    Attributes:
        name: of the metric.
        difference: its values and how sure the difference is.
    """

    name: str
    difference: Difference

    @property
    def gain(self) -> float:
        """The difference, positive when it is for the better; 0 for metrics that have no better."""
        if self.name in NEITHER:
            return 0.0
        return -self.difference.difference if self.name in LOWER_IS_BETTER else self.difference.difference

    @property
    def significant(self) -> bool:
        """Whether chance alone would seldom (p below 0.05) make such a difference."""
        return self.difference.p < ALPHA and self.difference.difference != 0


@dataclass(frozen=True)
class Worse:
    """A question that got worse: the metric that says so, by how much, and both outcomes."""

    metric: str
    loss: float
    before: Question
    after: Question


@dataclass(frozen=True)
class Comparison:
    """A report against a baseline, over the questions that both have."""

    baseline: Report
    report: Report
    n: int
    changes: tuple[Change, ...]
    worse: tuple[Worse, ...]

    @property
    def only_in_one(self) -> int:
        """How many questions only one of the two reports has; they aren't compared."""
        return len(self.baseline.questions) + len(self.report.questions) - 2 * self.n


def compare(baseline: Report, report: Report) -> Comparison:
    """Compare two reports, question by question.

    Raises:
        InputError: they have no question in common.
    """
    before = {question.id: question for question in baseline.questions}
    pairs = [
        (old, new) for new in report.questions if (old := before.get(new.id)) is not None and old.text == new.text
    ]
    if not pairs:
        raise InputError(
            f"The reports of {baseline.benchmark} and {report.benchmark} have no question in common.",
            "A baseline is an earlier report on the same questions.",
        )
    names = [name for name in STATISTICS if name in baseline.metrics and name in report.metrics]
    changes = [change for name in names if (change := _change(name, pairs)) is not None]
    return Comparison(baseline, report, len(pairs), tuple(changes), tuple(_worse(pairs)))


def _change(name: str, pairs: Sequence[tuple[Question, Question]]) -> Change | None:
    if name in MEANS:
        both = [(a.metrics[name], b.metrics[name]) for a, b in pairs if name in a.metrics and name in b.metrics]
        return Change(name, compare_means(*zip(*both, strict=True))) if both else None
    statistic = STATISTICS[name]
    old, new = [statistic.read(a) for a, _ in pairs], [statistic.read(b) for _, b in pairs]

    def score(items: Iterable[Any]) -> float:
        eligible = [item for item in items if item is not None]
        return statistic.score(eligible) if eligible else math.nan

    def swapped(exchange: np.ndarray) -> float:
        first = [b if flag else a for flag, a, b in zip(exchange, old, new, strict=True)]
        second = [a if flag else b for flag, a, b in zip(exchange, old, new, strict=True)]
        return score(second) - score(first)

    if math.isnan(score(old)) or math.isnan(score(new)):
        return None  # each report has it, but not over the questions that both have
    difference = compare_statistics(
        lambda rows: score(old[i] for i in rows), lambda rows: score(new[i] for i in rows), swapped, len(pairs)
    )
    return Change(name, difference)


def _worse(pairs: Sequence[tuple[Question, Question]]) -> list[Worse]:
    """Questions that lost in some verdict, under the first such verdict, worst first."""
    found = []
    for old, new in pairs:
        for metric in VERDICTS:
            loss = old.metrics.get(metric, 0.0) - new.metrics.get(metric, 0.0) if metric in old.metrics else 0.0
            if loss > 1e-9 and metric in new.metrics:
                found.append(Worse(metric, loss, old, new))
                break
    return sorted(found, key=lambda w: (VERDICTS.index(w.metric), -w.loss, w.after.id))
