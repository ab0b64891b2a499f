"""How well unsupported claims are told from supported ones, and reports that differ from those that don't."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from eval.statistics import LEVEL, SAMPLES, SEED
from eval.verifier.data import Claim, Passage, Report, ReportPair
from rag.differences import Difference, Reported, differences
from rag.verification import Verdict, Verifier

STRICT = ("number", "unit", "magnitude", "date", "name", "place", "negation")
"""Kinds of alteration of which none may pass."""
_Z = 1.959964  # of the standard normal distribution, for 95 %


@dataclass(frozen=True)
class Judged:
    """A claim and its verdict."""

    passage: Passage
    claim: Claim
    verdict: Verdict

    @property
    def right(self) -> bool:
        """Whether the verdict fits the label."""
        return self.verdict.supported == (self.claim.label == "supported")


@dataclass(frozen=True)
class Compared:
    """A pair of reports and the difference that was found in it."""

    pair: ReportPair
    found: Difference | None

    @property
    def differs(self) -> bool:
        """Whether the pair is one that a reader should be told of."""
        return self.pair.label != "none"


@dataclass(frozen=True)
class Rate:
    """`right` of `n`."""

    right: int
    n: int

    @property
    def share(self) -> float:
        """Between 0 and 1; NaN of none."""
        return self.right / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval (Wilson 1927)."""
        if not self.n:
            return math.nan, math.nan
        centre = (self.right + _Z**2 / 2) / (self.n + _Z**2)
        half = _Z / (self.n + _Z**2) * math.sqrt(self.right * (self.n - self.right) / self.n + _Z**2 / 4)
        return max(0.0, centre - half), min(1.0, centre + half)


def judge(verifier: Verifier, passages: Iterable[Passage]) -> list[Judged]:
    """Every claim's verdict."""
    return [Judged(p, claim, verifier.verify(claim.claim, [p.evidence])) for p in passages for claim in p.claims]


def compare(pairs: Iterable[ReportPair]) -> list[Compared]:
    """What is found in each pair."""
    return [Compared(pair, next(iter(differences(_reported(pair.reports))), None)) for pair in pairs]


def auroc(judged: Sequence[Judged]) -> float:
    """Area under the ROC curve of the scores: supported against all others."""
    return _area(*_arrays(judged))


def auroc_interval(judged: Sequence[Judged]) -> tuple[float, float]:
    """The bootstrap 95 % interval of `auroc`, drawn by passage: claims of one passage are alike."""
    by_passage: dict[str, list[Judged]] = defaultdict(list)
    for row in judged:
        by_passage[row.passage.id].append(row)
    groups = [_arrays(rows) for rows in by_passage.values()]
    chance = np.random.default_rng(SEED)
    areas = []
    for _ in range(SAMPLES):
        drawn = [groups[i] for i in chance.integers(0, len(groups), len(groups))]
        labels, scores = (np.concatenate(column) for column in zip(*drawn, strict=True))
        if 0 < labels.sum() < len(labels):
            areas.append(_area(labels, scores))
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(areas, [tail, 1 - tail])
    return float(low), float(high)


def rates(judged: Iterable[Judged]) -> Mapping[tuple[str, str], Rate]:
    """By label and kind: how many verdicts are right; under kind "" the label's total."""
    return _rates((row.claim.label, row.claim.kind, row.right) for row in judged)


def strictly_caught(judged: Iterable[Judged]) -> Rate:
    """How many altered numbers, dates, names and negations are caught."""
    return _rate(row.right for row in judged if row.claim.label == "altered" and row.claim.kind in STRICT)


def noted(compared: Iterable[Compared]) -> Rate:
    """How many of the pairs that differ are found to."""
    return _rate(row.found is not None for row in compared if row.differs)


def named_rightly(compared: Iterable[Compared]) -> Rate:
    """Of the pairs found to differ, how many are told apart as conflict, newer figure or correction as labelled."""
    return _rate(row.found.kind == row.pair.label for row in compared if row.differs and row.found)


def false_alarms(compared: Iterable[Compared]) -> Rate:
    """In how many of the pairs that can both be true a difference is found."""
    return _rate(row.found is not None for row in compared if not row.differs)


def report_rates(compared: Iterable[Compared]) -> Mapping[tuple[str, str], Rate]:
    """By label and kind: how many pairs are rightly found to differ, or not to."""
    return _rates((row.pair.label, row.pair.kind, (row.found is not None) == row.differs) for row in compared)


def calibration_error(judged: Iterable[Judged], bins: int = 10) -> float:
    """Expected calibration error of the scores (Guo et al. 2017)."""
    labels, scores = _arrays(judged)
    which = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [abs(scores[which == b].mean() - labels[which == b].mean()) * (which == b).mean() for b in set(which)]
    return float(sum(gaps))


def _reported(reports: Sequence[Report]) -> list[Reported]:
    return [Reported(r.text, r.source, r.published, article_id=str(i)) for i, r in enumerate(reports)]


def _arrays(judged: Iterable[Judged]) -> tuple[np.ndarray, np.ndarray]:
    rows = list(judged)
    labels = np.array([row.claim.label == "supported" for row in rows], dtype=float)
    return labels, np.array([row.verdict.score for row in rows])


def _area(labels: np.ndarray, scores: np.ndarray) -> float:
    return float(roc_auc_score(labels, scores))


def _rates(rows: Iterable[tuple[str, str, bool]]) -> Mapping[tuple[str, str], Rate]:
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for label, kind, right in rows:
        for name in (kind, ""):
            found[label, name].append(right)
    return {key: _rate(right) for key, right in sorted(found.items())}


def _rate(right: Iterable[bool]) -> Rate:
    results = list(right)
    return Rate(sum(results), len(results))
