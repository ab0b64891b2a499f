"""The numbers of a report in the order and wording that every rendering shares."""

from __future__ import annotations

from dataclasses import dataclass

from eval.comparison import Comparison
from eval.report import Metric, Report

GROUPS = {
    "Retrieval": ("nDCG@5", "nDCG@10", "R@5", "R@10", "MRR@10", "MAP"),
    "Answers": ("answer contained", "gold cited", "citation precision", "citation recall", "quote fidelity",
                "support", "answer words"),
    "Refusals": ("decided rightly", "refusal precision", "refusal recall", "refusal F1", "risk–coverage area",
                 "calibration error"),
    "Latency, ms": ("retrieve ms p50", "retrieve ms p95", "retrieve ms p99", "ask ms p50", "ask ms p95",
                    "ask ms p99"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One metric, ready to be shown.

    Attributes:
        name: of the metric.
        value: formatted.
        n: eligible questions.
        change: formatted difference to the baseline with its interval and p-value, or "".
        verdict: "better", "worse" or "" where the difference isn't significant.
    """

    name: str
    value: str
    n: int
    change: str = ""
    verdict: str = ""


def rows(report: Report, comparison: Comparison | None = None) -> dict[str, list[Row]]:
    """The metrics that the report has, by group."""
    changes = {change.name: change for change in comparison.changes} if comparison else {}
    grouped: dict[str, list[Row]] = {}
    for group, names in GROUPS.items():
        for name in names:
            metric = report.metrics.get(name)
            if metric is None:
                continue
            change, text, verdict = changes.get(name), "", ""
            if change is not None:
                d = change.difference
                text = (
                    f"{signed(name, d.difference)} [{signed(name, d.low)}, {signed(name, d.high)}], p {d.p:.3f}"
                    if d.difference or d.low or d.high
                    else "no change"
                )
                if change.significant and change.gain:
                    verdict = "better" if change.gain > 0 else "worse"
            grouped.setdefault(group, []).append(
                Row(name, formatted(name, metric.overall.value), metric.overall.n, text, verdict)
            )
    return grouped


def formatted(name: str, value: float) -> str:
    """A metric's value: milliseconds and words with one decimal, shares with four."""
    return f"{value:.1f}" if _coarse(name) else f"{value:.4f}"


def signed(name: str, value: float) -> str:
    """A difference of a metric, with its sign."""
    return f"{value:+.1f}" if _coarse(name) else f"{value:+.4f}"


def per_kind(report: Report) -> tuple[list[str], list[tuple[str, dict[str, str]]]]:
    """Column names, and for each kind of question its name and cells, where there are kinds."""
    columns: list[str] = [name for name in ("nDCG@5", "R@5", "answer contained", "gold cited", "decided rightly")
               if name in report.metrics]  # fmt: skip
    kinds = sorted({kind for name in columns for kind in report.metrics[name].kinds})
    return columns, [(kind, {name: _cell(report.metrics[name], name, kind) for name in columns}) for kind in kinds]


def headline(report: Report) -> str:
    """Benchmark, sizes and what ran it, on one line."""
    split = f", split {report.split}" if report.split else ""
    return (
        f"{report.benchmark}{split}: {len(report.questions):,} questions over {report.documents:,} documents; "
        f"settings {report.settings_hash}, model {report.model_fingerprint}, corpus {report.corpus_hash}"
        + (f", commit {report.commit}" if report.commit else "")
    )


def _coarse(name: str) -> bool:
    return " ms " in name or name == "answer words"


def _cell(metric: Metric, name: str, kind: str) -> str:
    value = metric.kinds.get(kind)
    return f"{formatted(name, value.value)} ({value.n})" if value else ""
