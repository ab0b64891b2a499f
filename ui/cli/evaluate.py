"""`passage eval`, `passage eval compare` and `passage eval import`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.options import Json, Set, err, out, plural, print_json, progress_steps, settings_from

HOLDS, FALLS_SHORT = 0, 1  # and 2, couldn't run, which the command line's edge gives for every error

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A benchmark folder.", show_default=False)]


class Split(StrEnum):
    """Parts of a benchmark."""

    TUNE = "tune"
    GATE = "gate"


def evaluate(
    folder: Folder,
    retrieval_only: Annotated[
        bool, typer.Option("--retrieval-only", help="Rank documents; compose no answers.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first questions.")] = None,
    split: Annotated[Split | None, typer.Option(help="Only this part of the questions.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write report and run there (report.json, report.html …)."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An earlier report.json to compare with.")
    ] = None,
    gate: Annotated[Path | None, typer.Option(metavar="FILE", help="Conditions that set the exit code.")] = None,
    judge: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Also let this language model judge (see judge_url).")
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of indexes (default: passage/eval in the user's cache)."),
    ] = None,
    as_json: Json = False,
    assignments: Set = None,
) -> int:
    """Ask every question of a benchmark and report how well it went.

    Exit code: 0 done or the gate holds, 1 it falls short or a quote isn't exact, 2 it couldn't run.
    """
    from eval.evaluation import Request, write_evaluation
    from eval.evaluation import evaluate as run_evaluation
    from eval.render.terminal import print_gate, print_report, print_worse

    request = Request(folder, retrieval_only, limit, split.value if split else "", baseline, gate, judge, cache)
    settings = settings_from(None, assignments)
    with progress_steps() as progress:
        done = run_evaluation(request, settings, progress)
    if output:
        write_evaluation(done, output)
    if as_json:
        print_json(done.report.model_dump(mode="json", exclude={"questions"}))
        print_gate(err, done.findings)
    else:
        print_report(out, done.report, done.comparison)
        if done.comparison:
            print_worse(out, done.comparison)
        print_gate(out, done.findings)
        if output:
            out.print(f"Report: {output / 'report.html'}", markup=False)
    return HOLDS if done.holds else FALLS_SHORT


def compare(
    before: Annotated[Path, typer.Argument(metavar="A.json", help="The earlier report.")],
    after: Annotated[Path, typer.Argument(metavar="B.json", help="The later report.")],
) -> int:
    """Compare two reports: each metric's difference with its interval, and the questions that got worse."""
    from eval.comparison import compare as compare_reports
    from eval.render.terminal import print_report, print_worse
    from eval.report import read_report

    report = read_report(after)
    comparison = compare_reports(read_report(before), report)
    print_report(out, report, comparison)
    print_worse(out, comparison)
    return HOLDS


class Format(StrEnum):
    """What `passage eval import` reads."""

    SQUAD = "squad"
    MULTIHOP_RAG = "multihop-rag"
    MTRAG = "mtrag"


def import_benchmark(
    kind: Annotated[Format, typer.Argument(metavar="FORMAT", help="squad, multihop-rag or mtrag.")],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE… FOLDER", help="The file (multihop-rag: corpus.json MultiHopRAG.json), then the new folder."
        ),
    ],
) -> int:
    """Make a benchmark folder from SQuAD JSON, a MultiHop-RAG pair of files or an MTRAG generation file."""
    from eval import importers

    *sources, folder = files
    wanted = 2 if kind is Format.MULTIHOP_RAG else 1
    if len(sources) != wanted:
        raise typer.BadParameter(f"{kind} takes {plural(wanted, 'file')} and the new folder")
    if kind is Format.MULTIHOP_RAG:
        benchmark = importers.import_multihop_rag(sources[0], sources[1], folder)
    elif kind is Format.SQUAD:
        benchmark = importers.import_squad(sources[0], folder)
    else:
        benchmark = importers.import_mtrag(sources[0], folder)
    out.print(
        f"Wrote {folder}: {plural(len(benchmark.document_ids), 'document')}, "
        f"{plural(len(benchmark.queries), 'question')}.",
        markup=False,
    )
    return HOLDS
