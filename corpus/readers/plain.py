"""Plain text: a file, or what a user pastes on standard input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.readers.base import Problem, ReadOptions, Record, article_from_fields
from corpus.readers.files import read_text
from corpus.text import normalise

MAX_TITLE_CHARS = 200


def read_plain(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The one article in a `.txt` file."""
    text = read_text(path, options)
    if isinstance(text, Problem):
        yield text
    else:
        yield from plain_article(text, str(path), options)


def plain_article(text: str, place: str, options: ReadOptions) -> Iterator[Record]:
    """The article in a text whose first line, if it stands alone and isn't a sentence, is the headline."""
    title, body = split_title(text)
    yield from article_from_fields({"title": title, "text": body}, place, options)


def split_title(text: str) -> tuple[str, str]:
    """Headline and body of a plain text; the headline is "" when the text starts with a paragraph."""
    first, _, rest = normalise(text).partition("\n")
    alone = rest.startswith("\n") and bool(rest.strip())
    if alone and len(first) <= MAX_TITLE_CHARS and not first.endswith((".", ":", ",", ";")):
        return first, rest
    return "", text
