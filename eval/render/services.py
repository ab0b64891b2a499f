"""The report for other programs: JUnit XML for CI services, Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from eval.comparison import Comparison
from eval.gate import Finding
from eval.render.tables import headline, rows
from eval.report import Report

WORSE_SHOWN = 20
_ILLEGAL = dict.fromkeys([*(c for c in range(0x20) if c not in (9, 10, 13)), 0xFFFE, 0xFFFF])


def junit(report: Report, findings: Sequence[Finding]) -> str:
    """A JUnit test suite with a case a condition of the gate, or, without a gate, a case a defect."""
    cases = list(findings) or [
        Finding(
            "quote fidelity", not report.misquoted, f"{len(report.misquoted)} answers with quotes that aren't exact"
        ),
        Finding("errors", not report.errors, f"{len(report.errors)} questions that could not be asked"),
    ]
    failed = [finding for finding in cases if not finding.holds]
    suite = ET.Element(
        "testsuite", name=f"passage eval {report.benchmark}", tests=str(len(cases)), failures=str(len(failed))
    )
    for finding in cases:
        case = ET.SubElement(suite, "testcase", classname=f"passage.eval.{report.benchmark}", name=finding.name)
        text = finding.text.translate(_ILLEGAL)
        if finding.holds:
            ET.SubElement(case, "system-out").text = text
        else:
            ET.SubElement(case, "failure", message=text)
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def markdown(report: Report, findings: Sequence[Finding], comparison: Comparison | None) -> str:
    """A summary that reads well in a pull request."""
    parts = [f"## {_escaped(report.benchmark)}", "", _escaped(headline(report)), ""]
    if findings:
        failed = [finding for finding in findings if not finding.holds]
        parts += [f"**Gate: {'holds' if not failed else 'falls short'}**", ""]
        parts += [f"- ❌ {_escaped(finding.text)}" for finding in failed] + [""] * bool(failed)
    parts += ["| metric | value | n |" + (" against the baseline |" if comparison else "")]
    parts += ["| --- | ---: | ---: |" + (" --- |" if comparison else "")]
    for group, some in rows(report, comparison).items():
        parts.append(f"| **{group}** | | |" + (" |" if comparison else ""))
        for row in some:
            mark = {"better": " ✅", "worse": " ⚠️", "": ""}[row.verdict]
            parts.append(
                f"| {row.name} | {row.value} | {row.n:,} |" + (f" {row.change}{mark} |" if comparison else "")
            )
    if comparison and comparison.worse:
        parts += ["", f"<details><summary>{len(comparison.worse)} questions got worse</summary>", ""]
        parts += [
            f"- {_escaped(w.after.id)} {_escaped(w.after.text)} ({w.metric} −{w.loss:.2f})"
            for w in comparison.worse[:WORSE_SHOWN]
        ]
        parts += ["", "</details>"]
    return "\n".join(parts) + "\n"


def _escaped(text: str) -> str:
    """`text` on one line, with nothing that Markdown or HTML would act on."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|#!" else c for c in flat)
