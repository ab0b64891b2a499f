"""The reports' plots as inline SVG, coloured by the console's style sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ui.staff.calibration import Bin

WIDTH, HEIGHT = 560, 210  # of a drawing over weeks, in the SVG's units
SIDE = 260  # of a square one
_LEFT, _TOP, _BOTTOM, _RIGHT = 44, 8, 26, 4
_LABEL_SPACE = 80  # units that a label needs on a phone
_GAP = 0.25  # of a column's width, between columns
_INSET = 34  # of a square drawing's axes
_DOT = (4.0, 11.0)  # radii of the dots for the fewest and the most answers


@dataclass(frozen=True)
class Part:
    """A piece of a column: which series it belongs to, and its value."""

    series: int
    y: float
    height: float
    value: float


@dataclass(frozen=True)
class Column:
    """A week's values, stacked."""

    x: float
    width: float
    monday: date
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class ColumnPlot:
    """Values over weeks.

    Attributes:
        labels: (x, monday) on the axis.
        most: the greatest sum, where the top of the plot stands.
    """

    columns: tuple[Column, ...]
    labels: tuple[tuple[float, date], ...]
    most: float
    top: float = _TOP
    base: float = HEIGHT - _BOTTOM
    left: float = _LEFT


@dataclass(frozen=True)
class Dot:
    """A bin of a reliability diagram in the SVG's units."""

    x: float
    y: float
    radius: float
    bin: Bin


def columns(mondays: Sequence[date], series: Sequence[Sequence[float]]) -> ColumnPlot | None:
    """The values of several series [series][week] stacked for each week; None when all are zero."""
    sums = [sum(values) for values in zip(*series, strict=True)]
    most = max(sums, default=0)
    if not most:
        return None
    step = (WIDTH - _LEFT - _RIGHT) / len(mondays)
    space = HEIGHT - _TOP - _BOTTOM
    found: list[Column] = []
    labels: list[tuple[float, date]] = []
    for i, monday in enumerate(mondays):
        x, y = _LEFT + i * step, float(HEIGHT - _BOTTOM)
        parts = []
        for number, values in enumerate(series):
            height = space * values[i] / most
            y -= height
            if values[i]:
                parts.append(Part(number, round(y, 2), round(height, 2), values[i]))
        found.append(Column(round(x, 2), round(step * (1 - _GAP), 2), monday, tuple(parts)))
        if (not labels or x - labels[-1][0] >= _LABEL_SPACE) and x <= WIDTH - _LABEL_SPACE:
            labels.append((round(x, 2), monday))
    return ColumnPlot(tuple(found), tuple(labels), most)


def dots(bins: Sequence[Bin]) -> tuple[Dot, ...]:
    """A reliability diagram: the score to the right, the share that people confirm upwards, larger where more are."""
    most = max((b.n for b in bins), default=1)
    small, large = _DOT
    return tuple(
        Dot(
            round(along(b.score), 2),
            round(SIDE - along(b.confirmed), 2),
            round(small + (large - small) * math.sqrt(b.n / most), 2),
            b,
        )
        for b in bins
    )


def along(share: float) -> float:
    """Where a share in [0, 1] stands on the horizontal axis of a square drawing."""
    return _INSET + share * (SIDE - 2 * _INSET)
