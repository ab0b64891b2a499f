"""The verifier's figures as tables for a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from eval.verifier.measures import (
    Compared,
    Judged,
    Rate,
    auroc,
    auroc_interval,
    false_alarms,
    named_rightly,
    noted,
    rates,
    report_rates,
    strictly_caught,
)

HEADER = ("", "share", "95 % interval", "n")
Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Figures:
    """One table: its heading and rows."""

    title: str
    rows: tuple[Row, ...]

    def terminal(self) -> Table:
        """For a terminal."""
        table = Table(title=self.title, title_justify="left", box=None, pad_edge=False)
        for name in HEADER:
            table.add_column(name, justify="right" if name else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """For a page."""
        lines = [HEADER, ("---", *["---:"] * (len(HEADER) - 1)), *self.rows]
        return f"### {self.title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def verdicts(title: str, judged: Sequence[Judged]) -> Iterator[Figures]:
    """What the verifier says of claims, in all and by kind."""
    by_kind = rates(judged)
    area, (low, high) = auroc(judged), auroc_interval(judged)
    labels = {label for label, _ in by_kind}
    strict = strictly_caught(judged)
    yield Figures(
        title,
        (
            (
                "AUROC, supported against others",
                f"{area:.3f}",
                f"{low:.3f} – {high:.3f}",
                f"{len(judged):,}",
            ),
            *([_row("altered numbers, dates, names, negations caught", strict)] if strict.n else []),
            *(_row(_LABELS[label], by_kind[label, ""]) for label in _LABELS if label in labels),
        ),
    )
    yield Figures(f"{title}, by kind", tuple(_kinds(by_kind)))


def differing(compared: Sequence[Compared]) -> Iterator[Figures]:
    """What the notes on differing reports do, in all and by kind."""
    yield Figures(
        "differing reports",
        (
            _row("noted", noted(compared)),
            _row("of these named rightly: conflict, newer figure, correction", named_rightly(compared)),
            _row("false alarms", false_alarms(compared)),
        ),
    )
    yield Figures("differing reports, by kind", tuple(_kinds(report_rates(compared))))


_LABELS = {
    "supported": "true claims that pass",
    "altered": "altered claims caught",
    "contradicted": "contradictions caught",
    "not_mentioned": "unmentioned claims caught",
    "contrasted": "claims of the other quote caught",
}


def _kinds(by_kind: Mapping[tuple[str, str], Rate]) -> Iterator[Row]:
    for (label, kind), rate in by_kind.items():
        if kind:
            yield _row(f"{label.replace('_', ' ')}: {kind}", rate)


def _row(name: str, rate: Rate) -> Row:
    low, high = rate.interval
    return name, f"{rate.share:.3f}", f"{low:.3f} – {high:.3f}", f"{rate.n:,}"
