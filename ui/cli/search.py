"""`passage search`."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer
from rich.text import Text

from rag.retrieval import Retrieved
from rag.retriever import Hit
from ui.cli.ask import AsOf, History, article_line, checked
from ui.cli.options import Data, Json, Set, out, print_json, settings_from
from ui.cli.sources import Countries, Languages, Outlets, Since, Topics, Until, filters_from

QUOTED = 160  # characters of a passage that are shown


def search(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    explain: Annotated[bool, typer.Option("--explain", help="Show each part of each score.")] = False,
    k: Annotated[int | None, typer.Option("--top", min=1, max=200, metavar="N", help="Passages (top_k).")] = None,
    history: History = None,
    as_of: AsOf = None,
    since: Since = None,
    until: Until = None,
    outlets: Outlets = None,
    languages: Languages = None,
    countries: Countries = None,
    topics: Topics = None,
    data: Data = None,
    as_json: Json = False,
    assignments: Set = None,
) -> None:
    """Print the passages that an answer would be composed from, best first."""
    settings = settings_from(data, assignments)
    filters = filters_from(since, until, outlets, languages, countries, topics)
    turns, day = checked(question, history, as_of, settings)
    from rag.assistant import Assistant

    with Assistant.open(settings.data, settings) as assistant:
        retrieved = assistant.search(question, turns, day, filters, k)
    if as_json:
        print_json(_as_dict(retrieved))
    else:
        _print(retrieved, explain=explain)


def _as_dict(retrieved: Retrieved) -> dict[str, Any]:
    return {
        "question": retrieved.asked.text,
        "context": retrieved.asked.context,
        "hits": [
            {
                **{name: getattr(hit.passage, name) for name in ("article_id", "version", "title", "source", "url")},
                **{name: getattr(hit.passage, name) for name in ("published", "start", "end", "text")},
                "cosine": round(hit.dense, 4),
                "bm25": round(hit.lexical, 4),
                "score": round(hit.fused, 4),
                "parts": {name: round(value, 4) for name, value in dataclasses.asdict(hit.score).items()},
                "also_in": [other.article_id for other in hit.also],
            }
            for hit in retrieved.hits
        ],
    }


def _print(retrieved: Retrieved, *, explain: bool) -> None:
    if not retrieved.hits:
        out.print("Nothing found.")
        return
    if explain:
        out.print(Text(f"Read as: {' '.join(filter(None, [retrieved.asked.context, retrieved.asked.text]))}"))
        if retrieved.when.words:
            out.print(Text(f"Time asked about: {retrieved.when.words}"))
    for rank, hit in enumerate(retrieved.hits, start=1):
        out.print()
        out.print(Text(f"{rank}. {article_line(hit.passage)}", style="bold"))
        text = " ".join(hit.passage.text.split())
        out.print(Text(f"   {text[:QUOTED]}{'…' if len(text) > QUOTED else ''}", style="dim"))
        if hit.also:
            out.print(Text("   also in " + ", ".join(other.source or other.article_id for other in hit.also)))
        if explain:
            out.print(Text(_parts(hit)))


def _parts(hit: Hit) -> str:
    parts = " + ".join(f"{name} {value:.3f}" for name, value in dataclasses.asdict(hit.score).items())
    return f"   {hit.fused:.3f} = {parts}  (cosine {hit.dense:.3f}, BM25 {hit.lexical:.2f})"
