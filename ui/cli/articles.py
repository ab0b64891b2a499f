"""`passage articles list|show|remove|flag|unflag|flags`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from corpus.flags import FlagKind, Flags, Scope
from corpus.folder import FolderLock
from corpus.store import ArticleStore
from ui.answer_log.database import open_log
from ui.cli.options import Data, Json, Set, out, plural, print_json, settings_from
from ui.staff.audit import COMMAND_LINE
from ui.staff.sources import Sources

app = typer.Typer(
    name="articles", help="Look at the stored articles, remove one, or keep it out of answers.", no_args_is_help=True
)

Subject = Annotated[str, typer.Argument(metavar="ID", help="The article's key, or with --outlet the outlet's name.")]
Outlet = Annotated[bool, typer.Option("--outlet", help="All articles of an outlet, those to come included.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The article's key, as `passage articles list` shows it.")]


@app.command("list")
def list_articles(
    search: Annotated[
        str, typer.Option(help="Only titles that contain this, or the article with this key or address.")
    ] = "",
    source: Annotated[str, typer.Option(help="Only this outlet.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Most articles shown.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="Articles passed over first.")] = 0,
    data: Data = None,
    as_json: Json = False,
    assignments: Set = None,
) -> None:
    """List articles, newest first."""
    store = ArticleStore.open(settings_from(data, assignments).data)
    found = store.find(search=search, source=source, limit=limit, offset=offset)
    total = store.count()
    store.close()
    if as_json:
        print_json([{k: v for k, v in article.as_dict().items() if k != "text"} for article in found])
        return
    table = Table(box=None, header_style="bold")
    for column in ("published", "id", "title", "outlet", "version"):
        table.add_column(column, overflow="fold")
    for article in found:
        day = article.published.isoformat() if article.published else "–"
        cells = (day, article.article_id, article.title, article.source, str(article.version))
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)
    out.print(f"{len(found)} of {plural(total, 'article')}")


@app.command("show")
def show(
    article_id: Id,
    version: Annotated[int | None, typer.Option(min=1, help="Another version than the current one.")] = None,
    data: Data = None,
    as_json: Json = False,
    assignments: Set = None,
) -> None:
    """Show one article."""
    store = ArticleStore.open(settings_from(data, assignments).data)
    try:
        article = store.get(article_id, version)
    finally:
        store.close()
    if as_json:
        print_json(article.as_dict())
        return
    out.print(Text(article.title or article.article_id, style="bold"))
    day = article.published.isoformat() if article.published else "undated"
    facts = [article.source, article.author, day, article.url or "", f"version {article.version}"]
    if article.version < article.current_version:
        facts.append(f"the current version is {article.current_version}")
    if article.removed_at:
        facts.append(f"removed {article.removed_at}")
    out.print(Text(" · ".join(filter(None, facts)), style="dim"))
    out.print()
    out.print(Text(article.text))


@app.command("remove")
def remove(article_id: Id, data: Data = None, assignments: Set = None) -> None:
    """Remove an article from answers; its words are kept, so that earlier citations still resolve."""
    settings = settings_from(data, assignments)
    with FolderLock(settings.data):
        store = ArticleStore.open(settings.data)
        try:
            store.remove(article_id)
        finally:
            store.close()
    out.print(f"Removed {article_id}.", markup=False)


@app.command("flag")
def flag(
    subject: Subject,
    kind: Annotated[
        FlagKind,
        typer.Option("--as", help="Nothing is answered from what is hidden or retracted; what is corrected answers."),
    ] = FlagKind.HIDDEN,
    note: Annotated[
        str, typer.Option(help="What was wrong; of corrections and retractions readers see it.", show_default=False)
    ] = "",
    outlet: Outlet = False,
    data: Data = None,
    assignments: Set = None,
) -> None:
    """Keep an article out of answers, or say that it was corrected or retracted. Works while `passage serve` runs."""
    with _sources(settings_from(data, assignments).data) as sources:
        sources.flag(COMMAND_LINE, Scope.OUTLET if outlet else Scope.ARTICLE, subject, kind, note)
    out.print(f"{subject} is now {kind}.", markup=False)


@app.command("unflag")
def unflag(
    subject: Subject,
    kind: Annotated[FlagKind, typer.Option("--as", help="Which flag.")] = FlagKind.HIDDEN,
    outlet: Outlet = False,
    data: Data = None,
    assignments: Set = None,
) -> None:
    """Take a flag away. Works while `passage serve` runs."""
    with _sources(settings_from(data, assignments).data) as sources:
        sources.unflag(COMMAND_LINE, Scope.OUTLET if outlet else Scope.ARTICLE, subject, kind)
    out.print(f"{subject} is no longer {kind}.", markup=False)


@app.command("flags")
def flags(data: Data = None, as_json: Json = False, assignments: Set = None) -> None:
    """List the flags on articles and outlets, newest first."""
    store = ArticleStore.open(settings_from(data, assignments).data)
    found = Flags(store.database).all()
    store.close()
    if as_json:
        print_json([asdict(each) for each in found])
        return
    table = Table(box=None, header_style="bold")
    for column in ("since", "flag", "what", "note", "by"):
        table.add_column(column, overflow="fold")
    for each in found:
        what = f"outlet {each.subject}" if each.scope is Scope.OUTLET else each.subject
        cells = (f"{each.flagged_at:%Y-%m-%d}", each.kind, what, each.note, each.flagged_by)
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)
    out.print(plural(len(found), "flag"))


@contextlib.contextmanager
def _sources(folder: Path) -> Iterator[Sources]:
    with contextlib.closing(ArticleStore.open(folder)) as store, contextlib.closing(open_log(folder)) as log:
        yield Sources(store, log)
