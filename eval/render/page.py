"""The report as one HTML page that needs nothing else and that staff can read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from eval.comparison import Comparison
from eval.gate import Finding
from eval.render.plots import plots
from eval.render.tables import per_kind, rows
from eval.report import Question, Report

_MARKER = re.compile(r"\[(\d+)\]")


def page(report: Report, findings: Sequence[Finding] = (), comparison: Comparison | None = None) -> str:
    """The whole page; every text of an article or a question is escaped."""
    columns, kinds = per_kind(report)
    worse = {w.after.id: w for w in comparison.worse} if comparison else {}
    return _template().render(
        report=report,
        groups=rows(report, comparison),
        comparison=comparison,
        findings=sorted(findings, key=lambda finding: finding.holds),
        columns=columns,
        kinds=kinds,
        plots=plots(report),
        questions=[_row(question, worse) for question in report.questions],
        worse=comparison.worse if comparison else (),
    )


def verdict(question: Question) -> tuple[str, str]:
    """What an editor would say of a question: a class ("good", "bad", "open") and words."""
    metrics = question.metrics
    if question.error:
        return "bad", "failed"
    if question.answer is None:
        found = metrics.get("R@5")
        return ("open", "not judged") if found is None else (("good", "found") if found else ("bad", "not found"))
    if metrics.get("quote fidelity", 1.0) < 1:
        return "bad", "quote isn't exact"
    if metrics.get("decided rightly") == 0:
        return "bad", "refused wrongly" if question.answer.refused else "answered what it can't know"
    if question.answer.refused:
        return ("good", "refused rightly") if "decided rightly" in metrics else ("open", "refused")
    if metrics.get("answer contained") == 0:
        return "bad", "answer missing"
    if metrics.get("gold cited") == 0:
        return "bad", "wrong source"
    if metrics.get("answer contained") == 1 or metrics.get("gold cited") == 1:
        return "good", "right"
    return "open", "not judged"


def _row(question: Question, worse: dict[str, Any]) -> dict[str, Any]:
    kind, words = verdict(question)
    answer = question.answer
    return {
        "question": question,
        "class": kind,
        "verdict": words,
        "text": answer.answer if answer else "",
        "links": {
            citation.n: citation.url
            for citation in (answer.citations if answer else ())
            if _is_web_address(citation.url)
        },
        "worse": worse.get(question.id),
    }


def _is_web_address(url: str | None) -> bool:
    try:
        return urlsplit(url or "").scheme in ("http", "https")
    except ValueError:  # "http://[draft]"
        return False


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["markers"] = lambda text: [
        (part, index % 2 == 1) for index, part in enumerate(_MARKER.split(text)) if part
    ]
    return environment.get_template("page.html.j2")
