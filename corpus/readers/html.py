"""Saved web pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.extraction import extract
from corpus.readers.base import Problem, ReadOptions, Record, article_from_fields
from corpus.readers.files import read_bytes


def read_html(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The article in an `.html` file."""
    data = read_bytes(path, options)
    if isinstance(data, Problem):
        yield data
        return
    found = extract(data)
    if found is None:
        yield Problem(str(path), "no article was found in this page (it may be a list, a form or need scripts)")
        return
    values = dict(found.__dict__)
    if options.source:
        values["source"] = options.source
    yield from article_from_fields(values, str(path), options)
