"""The report in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.comparison import Comparison
from eval.gate import Finding
from eval.render.tables import headline, per_kind, rows
from eval.report import Report

WORSE_SHOWN = 10
_CONTROL = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")  # a terminal would obey them
_STYLES = {"better": "green", "worse": "red", "": ""}


def print_report(console: Console, report: Report, comparison: Comparison | None = None) -> None:
    """All metrics with their n, the comparison where there is one, and the kinds of question."""
    console.print(_text(headline(report)))
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("metric")
    for name in ("value", "n"):
        table.add_column(name, justify="right")
    if comparison:
        table.add_column("against the baseline [95 % interval]")
    for group, some in rows(report, comparison).items():
        table.add_row(_text(group, style="bold dim"))
        for row in some:
            figures = [_text(f"  {row.name}"), _text(row.value), _text(f"{row.n:,}")]
            table.add_row(*figures, *([_text(row.change, style=_STYLES[row.verdict])] if comparison else []))
    for name, metric in report.judged.items():
        table.add_row(_text(f"  {name} (judged)"), _text(f"{metric.overall.value:.4f}"), _text(str(metric.overall.n)))
    console.print(table)
    columns, kinds = per_kind(report)
    if len(kinds) > 1:
        by_kind = Table(box=None, header_style="bold", pad_edge=False, title="by kind (n)", title_justify="left")
        by_kind.add_column("kind")
        for column in columns:
            by_kind.add_column(column, justify="right")
        for kind, cells in kinds:
            by_kind.add_row(_text(kind), *(_text(cells[column]) for column in columns))
        console.print(by_kind)
    for question in report.errors[:WORSE_SHOWN]:
        console.print(_text(f"failed: {question.id}: {question.error}", style="red"))
    for question in report.misquoted[:WORSE_SHOWN]:
        console.print(_text(f"a quote isn't exact: {question.id}", style="red"))
    if report.judge:
        console.print(_text(f"judged by {report.judge}: informative, never a gate", style="dim"))


def print_worse(console: Console, comparison: Comparison) -> None:
    """The questions that got worse, worst first, with both answers."""
    if comparison.only_in_one:
        console.print(_text(f"{comparison.only_in_one} questions are in one report only and aren't compared."))
    if not comparison.worse:
        console.print("No question got worse.")
        return
    console.print(_text(f"{len(comparison.worse)} questions got worse:", style="bold"))
    for worse in comparison.worse[:WORSE_SHOWN]:
        console.print(_text(f"  {worse.after.id} {worse.after.text}  [{worse.metric} −{worse.loss:.2f}]"))
        for name, question in (("before", worse.before), ("after", worse.after)):
            console.print(_text(f"    {name}: {question.answer.answer if question.answer else question.ranking[:3]}"))
    if len(comparison.worse) > WORSE_SHOWN:
        console.print(f"  … and {len(comparison.worse) - WORSE_SHOWN} more; report.html lists all of them.")


def print_gate(console: Console, findings: Sequence[Finding]) -> None:
    """Each condition of the gate, the ones that don't hold last."""
    for finding in sorted(findings, key=lambda finding: not finding.holds):
        style = "green" if finding.holds else "bold red"
        console.print(_text(f"{'holds' if finding.holds else 'FAILS'}  {finding.text}", style=style))


def _text(text: str, style: str = "") -> Text:
    """`text` as it stands, on one line: neither markup nor control characters act."""
    return Text(text.translate(_CONTROL), style=style)
