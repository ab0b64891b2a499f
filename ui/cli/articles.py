"""`passage articles list|show|remove`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from corpus.folder import FolderLock
from corpus.store import ArticleStore
from ui.cli.options import Data, Json, Set, out, plural, print_json, settings_from

app = typer.Typer(name="articles", help="Look at the stored articles, or remove one.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The article's key, as `passage articles list` shows it.")]


@app.command("list")
def list_articles(
    search: Annotated[str, typer.Option(help="Only titles that contain this.")] = "",
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
