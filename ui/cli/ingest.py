"""`passage ingest` and `passage index`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import InputError
from corpus.folder import FolderLock
from corpus.ingest import DEMO_FOLDER, IngestReport, read_pasted, read_paths
from corpus.ingest import ingest as store_articles
from corpus.readers import ReadOptions
from corpus.settings import Settings
from corpus.store import ArticleStore, Change
from rag.fingerprint import index_fingerprint
from rag.passage_store import PassageStore
from ui.cli.options import Data, Json, Set, err, out, plural, print_json, progress_bar, settings_from

MAX_PROBLEMS = 20  # printed; all of them are in --json


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH…",
            help="Files or folders (.html .md .txt .jsonl .csv .tsv .parquet .pdf), or - for standard input.",
            show_default=False,
        ),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Also read the demo corpus that comes with Passage.")] = False,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Outlet of articles that name none.")] = "",
    no_index: Annotated[bool, typer.Option("--no-index", help="Store only; `passage index` embeds later.")] = False,
    data: Data = None,
    as_json: Json = False,
    assignments: Set = None,
) -> int:
    """Read articles, store what is new or changed, and index it."""
    named = [*(paths or []), *([str(DEMO_FOLDER)] if demo else [])]
    if not named:
        raise typer.BadParameter("give at least one file or folder, - for standard input, or --demo")
    settings = settings_from(data, assignments)
    options = ReadOptions(source=source, max_bytes=int(settings.max_record_mb * 1e6))
    pasted = sys.stdin.buffer.read(options.max_bytes + 1) if "-" in named else None
    if named.count("-") > 1:
        raise InputError("Standard input can be read only once.", "Give - once.")
    files = read_paths([Path(name) for name in named if name != "-"], options)

    with FolderLock(settings.data):
        store = ArticleStore.open(settings.data)
        try:
            with progress_bar("reading") as progress:
                records = (
                    files if pasted is None else (r for part in (files, read_pasted(pasted, options)) for r in part)
                )
                report = store_articles(records, store, lambda done: progress(done, 0))
            synced = {} if no_index else _sync(store, settings)
        finally:
            store.close()
    _report(report, synced, as_json)
    return 1 if report.skipped or not report.read else 0


def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed every article anew.")] = False,
    data: Data = None,
    as_json: Json = False,
    assignments: Set = None,
) -> None:
    """Embed what is stored and not yet indexed, and delete what is stale."""
    settings = settings_from(data, assignments)
    with FolderLock(settings.data):
        store = ArticleStore.open(settings.data)
        try:
            synced = _sync(store, settings, rebuild=rebuild)
        finally:
            store.close()
    if as_json:
        print_json(synced)
    else:
        out.print(_indexed(synced))


def _sync(store: ArticleStore, settings: Settings, *, rebuild: bool = False) -> dict[str, int]:
    if not rebuild and PassageStore(store.database).in_step(index_fingerprint(settings)):
        return {"articles": 0, "passages": 0, "deleted": 0}  # without the seconds that loading a model takes
    from rag.index import Index

    index = Index(store, settings)
    try:
        with progress_bar("embedding") as progress:
            report = index.rebuild(progress) if rebuild else index.sync(progress)
    finally:
        index.close()
    return dict(report.__dict__)


def _report(report: IngestReport, synced: dict[str, int], as_json: bool) -> None:
    counts = {change.name.lower(): report.changes[change] for change in Change}
    if as_json:
        problems = [dict(problem.__dict__) for problem in report.problems]
        print_json({"read": report.read, "skipped": report.skipped, **counts, "problems": problems, "index": synced})
        return
    for problem in report.problems[:MAX_PROBLEMS]:
        err.print(str(problem), style="red" if problem.skipped else "yellow", markup=False)
    if len(report.problems) > MAX_PROBLEMS:
        err.print(f"… and {len(report.problems) - MAX_PROBLEMS} more; --json lists all of them.")
    changed = [f"{report.changes[change]:,} {change}" for change in Change if report.changes[change]]
    skipped = f", {plural(report.skipped, 'record')} skipped" if report.skipped else ""
    out.print(
        f"Read {plural(report.read, 'article')}" + (f": {', '.join(changed)}" if changed else "") + skipped + "."
    )
    if synced:
        out.print(_indexed(synced))


def _indexed(synced: dict[str, int]) -> str:
    if not synced["articles"] and not synced["deleted"]:
        return "The index is up to date."
    parts = [f"Indexed {plural(synced['articles'], 'article')} as {plural(synced['passages'], 'passage')}"]
    if synced["deleted"]:
        parts.append(f"deleted {plural(synced['deleted'], 'stale vector')}")
    return ", ".join(parts) + "."
