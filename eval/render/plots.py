"""The report's plots, as SVG for a page that needs nothing else."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from corpus.text import one_line
from eval.refusals import Decision, area, calibration_error, reliability, risk_coverage
from eval.report import Report, decisions

ACCENT, SECOND, MUTED = "#0f766e", "#b45309", "#78716c"
_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False,
    "axes.edgecolor": MUTED, "axes.labelcolor": "#44403c", "xtick.color": MUTED, "ytick.color": MUTED,
    "axes.grid": True, "grid.color": "#e7e5e4", "axes.axisbelow": True, "svg.hashsalt": "passage",
    "svg.fonttype": "path", "text.parse_math": False,
}  # fmt: skip


def plots(report: Report) -> list[tuple[str, str]]:
    """Title and SVG of each plot that the report has data for."""
    made = decisions(report.questions)
    drawn = []
    if len({decision.answerable for decision in made}) == 2:
        drawn.append(("Risk and coverage", _draw(lambda axes: _risk_coverage(axes, made))))
        drawn.append(("Reliability of the confidence", _draw(lambda axes: _reliability(axes, made))))
    bars = _kind_metric(report)
    if bars:
        name, values = bars
        drawn.append(
            (f"{name.capitalize()} by kind", _draw(lambda axes: _bars(axes, values), 0.32 * len(values) + 1))
        )
    times = [question.ask_ms for question in report.questions if question.ask_ms is not None]
    label = "Time to answer"
    if not times:
        times, label = [question.retrieve_ms for question in report.questions], "Time to retrieve"
    drawn.append((label, _draw(lambda axes: _histogram(axes, times))))
    return drawn


def _draw(paint: Callable[[Axes], None], height: float = 3.0) -> str:
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(5.2, height), layout="constrained")
        paint(figure.subplots())
        buffer = io.StringIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)  # a kind's name; it shows as boxes
            figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    return svg[svg.index("<svg") :]


def _risk_coverage(axes: Axes, made: Sequence[Decision]) -> None:
    curve = risk_coverage(made)
    axes.step([c for c, _ in curve], [r for _, r in curve], where="pre", color=ACCENT)
    answered = [decision for decision in made if not decision.refused]
    if answered:
        risk = sum(not decision.answerable for decision in answered) / len(answered)
        axes.plot(len(answered) / len(made), risk, "o", color=SECOND, label="as configured")
        axes.legend(frameon=False)
    axes.set(xlabel="coverage: share answered", ylabel="risk: share unanswerable", xlim=(0, 1), ylim=(0, None))
    axes.set_title(f"area {area(curve):.3f}", fontsize=10, color=MUTED)


def _reliability(axes: Axes, made: Sequence[Decision]) -> None:
    bins = reliability(made)
    axes.plot([0, 1], [0, 1], color=MUTED, linestyle=":")
    axes.scatter(
        [b.confidence for b in bins], [b.answerable for b in bins], s=[20 + 3 * b.n for b in bins], color=ACCENT
    )
    axes.set(xlabel="confidence", ylabel="share answerable", xlim=(0, 1), ylim=(0, 1.02))
    axes.set_title(f"calibration error {calibration_error(made):.3f}", fontsize=10, color=MUTED)


def _kind_metric(report: Report) -> tuple[str, list[tuple[str, float, int]]] | None:
    for name in ("decided rightly", "answer contained", "nDCG@10"):
        metric = report.metrics.get(name)
        if metric and len(metric.kinds) > 1:
            return name, [(kind, value.value, value.n) for kind, value in sorted(metric.kinds.items(), reverse=True)]
    return None


def _bars(axes: Axes, values: Sequence[tuple[str, float, int]]) -> None:
    axes.barh(
        [f"{one_line(kind)} ({n})" for kind, _, n in values],
        [value for _, value, _ in values],
        color=ACCENT,
        height=0.65,
    )
    axes.set(xlim=(0, 1))
    axes.grid(visible=False, axis="y")


def _histogram(axes: Axes, times: Sequence[float]) -> None:
    axes.hist(times, bins=30, color=ACCENT)
    axes.set(xlabel="milliseconds", ylabel="questions", xlim=(0, None))
