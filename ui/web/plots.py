"""Plots as inline SVG, coloured by the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 720, 200  # of the drawing, in the SVG's units
_LEFT, _TOP, _BOTTOM = 36, 4, 30
_MOST_BARS = 120  # more are too thin to see, so years are shown then
_LABEL_SPACE = 70  # units that a year needs on a phone


@dataclass(frozen=True)
class Bar:
    """A bar: its place in the SVG's units and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    day: date
    count: int


@dataclass(frozen=True)
class BarPlot:
    """Articles over time.

    Attributes:
        by_month: whether a bar is a month, else a year.
        years: (x, year) of the labels on the axis.
        most: the greatest count, where the top of the plot stands.
    """

    bars: tuple[Bar, ...]
    by_month: bool
    years: tuple[tuple[float, int], ...]
    most: int
    base: float = HEIGHT - _BOTTOM


def articles_over_time(months: Sequence[tuple[date, int]]) -> BarPlot | None:
    """The plot of `months` (first day, count; without gaps), by year when there are more than 120.

    None when there is nothing to plot.
    """
    if not months:
        return None
    by_month = len(months) <= _MOST_BARS
    counts = dict(months) if by_month else _yearly(months)
    most = max(counts.values())
    step = (WIDTH - _LEFT) / len(counts)
    space = HEIGHT - _TOP - _BOTTOM
    bars = []
    years: list[tuple[float, int]] = []
    for i, (day, count) in enumerate(counts.items()):
        x, height = _LEFT + i * step, space * count / most
        y = _TOP + space - height
        bars.append(Bar(round(x, 2), round(y, 2), round(0.8 * step, 2), round(height, 2), day, count))
        room = (not years or x - years[-1][0] >= _LABEL_SPACE) and x <= WIDTH - _LABEL_SPACE
        if room and (day.month == 1 or not i):
            years.append((round(x, 2), day.year))
    return BarPlot(tuple(bars), by_month, tuple(years), most)


def _yearly(months: Sequence[tuple[date, int]]) -> dict[date, int]:
    years: dict[date, int] = {}
    for day, count in months:
        year = day.replace(month=1)
        years[year] = years.get(year, 0) + count
    return years
