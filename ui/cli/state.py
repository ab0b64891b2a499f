"""`passage status`, `passage doctor` and `passage settings`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from corpus.errors import BusyError
from corpus.folder import FolderLock, describe_owner, read_owner
from corpus.settings import Settings
from corpus.store import ArticleStore
from rag.fingerprint import index_fingerprint
from rag.passage_store import PassageStore
from ui.cli.options import Data, Json, Set, out, plural, print_json, progress_bar, settings_from


def status(data: Data = None, as_json: Json = False, assignments: Set = None) -> None:
    """Say what the data folder holds."""
    settings = settings_from(data, assignments)
    facts = _facts(settings)
    if as_json:
        print_json(facts)
        return
    out.print(f"Data folder {facts['data']}", markup=False)
    vectors = "unknown number of vectors" if facts["vectors"] is None else plural(facts["vectors"], "vector")
    out.print(f"{plural(facts['articles'], 'article')}, {plural(facts['passages'], 'passage')}, {vectors}")
    if facts["pending"]:
        out.print(f"{plural(facts['pending'], 'article')} not yet indexed: run `passage index`")
    if facts["newest"]:
        out.print(f"Newest article: {facts['newest']}; {plural(facts['outlets'], 'outlet')}")
    if facts["owner"]:
        out.print(f"In use by {describe_owner(facts['owner'])}", markup=False)


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what is found.")] = False,
    data: Data = None,
    as_json: Json = False,
    assignments: Set = None,
) -> int:
    """Compare the store with the index: missing, stale and orphaned vectors, fingerprint, lexical index."""
    settings = settings_from(data, assignments)
    from rag.index import Index

    with FolderLock(settings.data):
        store = ArticleStore.open(settings.data)
        index = Index(store, settings)
        try:
            diagnosis = index.diagnose()
            if repair and not diagnosis.healthy:
                with progress_bar("repairing") as progress:
                    index.repair(progress)
                repaired, diagnosis = diagnosis, index.diagnose()
            else:
                repaired = None
        finally:
            index.close()
            store.close()
    if as_json:
        print_json({"healthy": diagnosis.healthy, **diagnosis.__dict__, "repaired": repaired and repaired.__dict__})
    else:
        if repaired:
            out.print("Mended:")
            _print_findings(repaired.__dict__)
        out.print("Store and index agree." if diagnosis.healthy else "Found:")
        _print_findings(diagnosis.__dict__)
        if not diagnosis.healthy:
            out.print("Run `passage doctor --repair`.")
    return 0 if diagnosis.healthy else 1


def settings(data: Data = None, as_json: Json = False, assignments: Set = None) -> None:
    """Print every setting in force, with its meaning; secrets are masked."""
    in_force = settings_from(data, assignments)
    values = in_force.masked()
    if as_json:
        print_json(values)
        return
    table = Table(box=None, header_style="bold")
    for column in ("setting", "value", "meaning"):
        table.add_column(column, overflow="fold")
    for name, field in Settings.model_fields.items():
        value = "" if values[name] is None else str(values[name])
        table.add_row(Text(name), Text(value), Text(field.description or ""))
    out.print(table)
    out.print(f"fingerprint {in_force.fingerprint()}")


def _facts(settings: Settings) -> dict[str, Any]:
    store = ArticleStore.open(settings.data)
    passages = PassageStore(store.database)
    outlets = store.outlets()
    newest = max((outlet.newest for outlet in outlets if outlet.newest), default=None)
    facts: dict[str, Any] = {
        "data": str(settings.data),
        "articles": store.count(),
        "passages": passages.count(),
        "vectors": None,
        "outlets": len([outlet for outlet in outlets if outlet.name]),
        "newest": newest.isoformat() if newest else None,
        "pending": None,
        "owner": None,
    }
    facts["pending"] = len(passages.pending(index_fingerprint(settings)))
    try:
        if settings.chroma_url:
            facts["vectors"] = _vectors(settings, facts["passages"])
        else:
            with FolderLock(settings.data):
                facts["vectors"] = _vectors(settings, facts["passages"])
    except BusyError:
        facts["owner"] = read_owner(settings.data)
    store.close()
    return facts


def _vectors(settings: Settings, passages: int) -> int:
    """How many vectors there are; 0 without asking Chroma when nothing was ever indexed."""
    if not passages and not (settings.data / "chroma").exists() and not settings.chroma_url:
        return 0
    from rag.vectors import VectorIndex

    index = VectorIndex(settings, settings.data)
    try:
        return index.count_if_any()
    finally:
        index.close()


def _print_findings(findings: dict[str, Any]) -> None:
    meanings = {
        "pending": ("article", "not indexed in its current version"),
        "missing": ("passage", "without a vector"),
        "orphaned": ("vector", "without a passage"),
        "stale": ("vector", "due for deletion"),
    }
    for name, (noun, meaning) in meanings.items():
        if findings[name]:
            out.print(f"  {name}: {plural(len(findings[name]), noun)} {meaning}")
    if findings["lexical"]:
        out.print(f"  {findings['lexical']} lexical entries out of step")
    if findings["mismatch"]:
        out.print(f"  {findings['mismatch']}", markup=False)
