"""The benchmarks' tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table

from eval.bench.scale import CONDITIONS, NO_WINDOW, REST, STAGES, Measurement
from eval.bench.side_by_side import Figures
from eval.bench.synthetic import PASSAGES_EACH, QUESTION_KINDS
from rag.embedding import bfloat16_pays


def comparison(title: str, figures: Mapping[str, Figures]) -> Table:
    """Each figure of both pipelines, and the second's over the first's."""
    table = _table(f"{title} ({'bfloat16' if bfloat16_pays() else 'float32'})", "figure", (*figures, "ratio"))
    theirs, ours = figures.values()
    for name, b in ours.items():
        a = theirs[name]
        ratio = f"{b / a:.2f}" if a and b is not None else "–"
        table.add_row(name, *("–" if value is None else f"{value:,.3f}" for value in (a, b)), ratio)
    return table


def latency(measured: Measurement) -> Table:
    """Milliseconds of a search by kind of question and condition: the median and the 95th percentile."""
    table = _table(f"search, ms, p50 / p95, {_size(measured)}", "questions", CONDITIONS)
    for kind in (None, *QUESTION_KINDS):
        cells = (
            f"{measured.percentile(condition, 50, kind):.1f} / {measured.percentile(condition, 95, kind):.1f}"
            for condition in CONDITIONS
        )
        table.add_row(kind or f"all {len(measured.timings[NO_WINDOW])}", *cells)
    ratios = (f"{measured.window_ratio(condition):.2f}" for condition in CONDITIONS)
    table.add_row("median over that without a window", *ratios)
    return table


def breakdown(measured: Measurement) -> Table:
    """Where a search spends its time."""
    table = _table(f"mean ms by stage, {_size(measured)}", "stage", CONDITIONS)
    for stage in (*STAGES, REST):
        table.add_row(stage, *(f"{measured.mean_stage(condition, stage):.1f}" for condition in CONDITIONS))
    return table


def cost(measured: Sequence[Measurement]) -> Table:
    """What corpora of several sizes take to build, to open and to hold."""
    table = _table("what it takes", "figure", [_size(m) for m in measured])
    rows = {
        "articles": [m.build.passages / PASSAGES_EACH for m in measured],
        **{f"build, s: {part}": [m.build.seconds[part] for m in measured] for part in measured[0].build.seconds},
        "build, passages / s": [m.build.passages / sum(m.build.seconds.values()) for m in measured],
        "open, s": [m.open_s for m in measured],
        "first question, s": [m.warm_up_s for m in measured],
        "first question with each window, s": [m.first_windows_s for m in measured],
        "memory, MB": [m.resident_mb for m in measured],
        "memory at most, MB": [m.peak_mb for m in measured],
        "memory before opening, MB": [m.model_mb for m in measured],
        "nearest passages found, %": [100 * m.recall for m in measured],
        **{f"disk, MB: {part}": [m.disk_mb[part] for m in measured] for part in measured[0].disk_mb},
    }
    for name, values in rows.items():
        table.add_row(name, *(f"{value:,.1f}" if value < 100 else f"{value:,.0f}" for value in values))
    return table


def _table(title: str, first: str, others: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _size(measured: Measurement) -> str:
    return f"{measured.build.passages:,} passages"
