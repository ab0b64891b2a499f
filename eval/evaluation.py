"""One evaluation from beginning to end: check what is given, run, score, judge, compare, hold against the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError
from corpus.settings import Settings
from eval.comparison import Comparison, compare
from eval.datasets import Benchmark
from eval.gate import Finding, check_gate, read_gate
from eval.report import Report, build_report, read_report
from eval.run import Progress, Result, default_cache, run_benchmark, write_run


@dataclass(frozen=True)
class Request:
    """What is to be evaluated and held against what; see `passage eval --help`."""

    folder: Path
    retrieval_only: bool = False
    limit: int | None = None
    split: str = ""
    baseline: Path | None = None
    gate: Path | None = None
    judge: str | None = None
    cache: Path | None = None


@dataclass(frozen=True)
class Evaluation:
    """What came of it. `holds` is whether a gate, if any, holds and nothing was misquoted or failed."""

    results: Sequence[Result]
    report: Report
    comparison: Comparison | None
    findings: Sequence[Finding]

    @property
    def holds(self) -> bool:
        """Whether every condition of the gate holds, every quote is exact and every question could be asked."""
        return all(f.holds for f in self.findings) and not self.report.misquoted and not self.report.errors


def evaluate(request: Request, settings: Settings, progress: Progress = lambda *_: None) -> Evaluation:
    """Run an evaluation. Everything that can be wrong with the request is found before the minutes of the run.

    Raises:
        PassageError: it can't run; the message says why.
    """
    benchmark = Benchmark(request.folder)
    chosen = [query for query in benchmark.queries if not request.split or query.split == request.split]
    queries = chosen[: request.limit]
    if not queries:
        raise InputError(f"{request.folder} has no question in the split {request.split!r}.")
    gate = read_gate(request.gate) if request.gate else None
    baseline = read_report(request.baseline) if request.baseline else None
    if gate and gate.loss and not baseline:
        raise InputError("The gate limits losses, but no baseline was given.", "Add --baseline report.json.")
    llm = None
    if request.judge:
        from eval.judge import open_llm

        key = settings.judge_key.get_secret_value() if settings.judge_key else ""
        llm = open_llm(request.judge, settings.judge_url, key)

    results = run_benchmark(
        benchmark,
        queries,
        settings,
        request.cache or default_cache(),
        retrieval_only=request.retrieval_only,
        progress=progress,
    )
    report = build_report(benchmark, queries, results, settings, request.split)
    if request.judge and llm is not None:
        from eval.judge import judge_report

        references = {query.id: query.reference for query in queries if query.reference}
        report = judge_report(report, llm, request.judge, references, progress)
    if baseline:
        progress("comparing", 0, 0)
    comparison = compare(baseline, report) if baseline else None
    findings = check_gate(gate, report, comparison) if gate else []
    return Evaluation(results, report, comparison, findings)


def write_evaluation(evaluation: Evaluation, folder: Path) -> None:
    """Write the run (run.jsonl, run.trec) and the report (report.json, report.html, junit.xml, summary.md).

    Raises:
        InputError: the folder can't be written.
    """
    from eval.render.page import page
    from eval.render.services import junit, markdown

    report, findings, comparison = evaluation.report, evaluation.findings, evaluation.comparison
    try:
        write_run(evaluation.results, folder, report.benchmark)
        for name, text in {
            "report.json": report.model_dump_json(indent=1) + "\n",
            "report.html": page(report, findings, comparison),
            "junit.xml": junit(report, findings),
            "summary.md": markdown(report, findings, comparison),
        }.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"The report can't be written to {folder}: {error.strerror}.") from None
