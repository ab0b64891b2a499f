"""The options that say what an answer may be drawn from."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.filters import Filters

_Names = list[str] | None

Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Only articles published on this day or later.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only articles published on this day or earlier.")
]
Outlets = Annotated[_Names, typer.Option("--outlet", metavar="NAME", help="Only this outlet; may be repeated.")]
Languages = Annotated[
    _Names, typer.Option("--language", metavar="CODE", help="Only articles in this language (en, es, …).")
]
Countries = Annotated[
    _Names, typer.Option("--country", metavar="NAME", help="Only articles filed under this country.")
]
Topics = Annotated[_Names, typer.Option("--topic", metavar="NAME", help="Only articles filed under this topic.")]


def filters_from(
    since: str | None, until: str | None, outlets: _Names, languages: _Names, countries: _Names, topics: _Names
) -> Filters:
    """The filters that the options give.

    Raises:
        InputError: a day can't be read, or the period ends before it begins.
    """
    return Filters.of(
        since=since,
        until=until,
        outlets=outlets or (),
        languages=languages or (),
        countries=countries or (),
        topics=topics or (),
    )
