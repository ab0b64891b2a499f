"""Ablations as tables for a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.status import Status
from rich.table import Table

from corpus.errors import InputError
from eval.ablation.ablation import Group
from eval.run import Progress
from eval.statistics import Difference

LEGEND = (
    "First the baseline's values, then what a change adds to them, with the paired bootstrap 95 % interval and "
    "the p-value of the paired randomisation test. A negative difference is a loss: what the part is worth."
)


def title(group: Group) -> str:
    """Which questions these are, and how many."""
    return ", ".join(filter(None, (group.benchmark, group.kind, f"n = {group.n:,}")))


def rows(group: Group) -> Iterator[tuple[str, ...]]:
    """The table's rows: name, then a cell for each measure."""
    yield group.baseline, *(f"{group.whole[measure]:.4f}" for measure in group.whole)
    for effect in group.effects:
        yield effect.name, *(_cell(effect.differences[measure]) for measure in group.whole)


def terminal_table(group: Group) -> Table:
    """A group for a terminal."""
    table = Table(title=title(group), title_justify="left")
    for name in ("", *group.whole):
        table.add_column(name, justify="right" if name else "left")
    for row in rows(group):
        table.add_row(*row)
    return table


def write_markdown(path: Path, sections: Mapping[str, Sequence[Group]]) -> None:
    """Write sections of tables, by heading; empty ones are left out.

    Raises:
        InputError: the file can't be written.
    """
    parts = [LEGEND]
    for heading, groups in sections.items():
        parts += [f"## {heading}"] if groups else []
        for group in groups:
            lines = [("", *group.whole), ("---", *["---:"] * len(group.whole)), *rows(group)]
            parts += [f"### {title(group)}", "\n".join(f"| {' | '.join(line)} |" for line in lines)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"The tables can't be written to {path}: {error.strerror}.") from None


def _cell(difference: Difference) -> str:
    if difference.low == difference.high == 0:
        return "0"
    change, low, high = map(_signed, (difference.difference, difference.low, difference.high))
    return f"{change} [{low}, {high}] p {difference.p:.3f}"


def _signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−")


def progress_on(status: Status, name: str) -> Progress:
    """Shows on `status` how far the benchmark `name` is."""

    def show(doing: str, done: int, total: int) -> None:
        status.update(f"{name}: {doing} {done:,} of {total:,}" if total else f"{name}: {doing} {done:,}")

    return show
