"""`passage ask`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from corpus.dates import check_day
from corpus.errors import InputError
from corpus.settings import Settings
from rag.answer import Answer, Citation, Sentence, Turn
from rag.passage_store import StoredPassage
from ui.cli.options import Data, Json, Set, out, print_json, settings_from
from ui.cli.sources import Countries, Languages, Outlets, Since, Topics, Until, filters_from

History = Annotated[
    Path | None,
    typer.Option("--history", metavar="FILE", help='JSON list of {"role", "content"} turns before the question.'),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day that the question is asked for (today)."),
]


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
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
    """Answer a question from the indexed articles, with citations."""
    settings = settings_from(data, assignments)
    filters = filters_from(since, until, outlets, languages, countries, topics)
    turns, day = checked(question, history, as_of, settings)
    from rag.assistant import Assistant

    with Assistant.open(settings.data, settings) as assistant:
        pieces = assistant.stream(question, turns, day, filters)
        answer = last(pieces) if as_json else show(pieces)
    if as_json:
        print_json(answer.model_dump(mode="json"))
    else:
        _print_citations(answer)


def checked(
    question: str, history: Path | None, as_of: str | None, settings: Settings
) -> tuple[list[Turn], date | None]:
    """The turns and the day that the options give, read before the seconds that loading the model takes.

    Raises:
        InputError: the question, the history or the day can't be used.
    """
    from rag.assistant import check_history, check_question

    turns = check_history(read_history(history))
    day = check_day(as_of)
    check_question(question, settings)
    return turns, day


def read_history(path: Path | None) -> list[Any]:
    """The turns in a JSON file.

    Raises:
        InputError: it can't be read or isn't a list.
    """
    if path is None:
        return []
    try:
        turns = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"The history {path} can't be read: {error.strerror}.") from None
    except ValueError as error:
        raise InputError(f"The history {path} isn't valid JSON: {error}.") from None
    if not isinstance(turns, list):
        raise InputError(f"The history {path} must be a JSON list of turns, oldest first.")
    return turns


def show(pieces: Iterator[Sentence | Answer | None]) -> Answer:
    """Print the sentences of an answer as they come, or a refusal; returns the answer."""
    from rag.composition import with_markers

    before = ""
    for piece in pieces:
        if isinstance(piece, Sentence):
            out.print(Text(before + with_markers([piece])), end="")
            before = " "
        elif piece is not None:
            out.print(Text("" if before else piece.answer))
            return piece
    raise RuntimeError("the stream had no answer")


def last(pieces: Iterator[Sentence | Answer | None]) -> Answer:
    """The answer at the end of its stream."""
    return next(piece for piece in pieces if isinstance(piece, Answer))


def _print_citations(answer: Answer) -> None:
    for note in answer.notes:
        out.print()
        out.print(Text(note.text, style="yellow"))
    for citation in answer.citations:
        out.print()
        out.print(Text(f"[{citation.n}] {citation_line(citation)}", style="bold"))
        out.print(Text(f"    “{' '.join(citation.quote.split())}”", style="dim"))


def citation_line(citation: Citation) -> str:
    """Headline, outlet, date and address of a citation on one line, as far as they are known."""
    return " · ".join(filter(None, [article_line(citation), citation.url]))


def article_line(of: Citation | StoredPassage) -> str:
    """Headline, outlet and date of an article on one line, as far as they are known."""
    published = of.published.isoformat() if of.published else ""
    return " · ".join(filter(None, [of.title or of.article_id, of.source, published]))
