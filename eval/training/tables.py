"""A training's report for the terminal."""

from __future__ import annotations

from typing import Any

from rich.table import Table


def report_table(name: str, report: dict[str, Any]) -> Table:
    """The figures of a training's report."""
    table = Table(title=name)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for figure, value in report.items():
        if figure == "plans":
            continue
        for part, number in value.items() if isinstance(value, dict) else [("", value)]:
            table.add_row(f"{figure} {part}".strip(), str(number))
    return table
