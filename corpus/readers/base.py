"""What every reader delivers, and how raw values become an article or a problem."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpus.articles import Article
from corpus.cleaning import clean
from corpus.dates import check_publication
from corpus.text import normalise, one_line


@dataclass(frozen=True)
class Problem:
    """Something in the input that a person should look at.

    Attributes:
        place: file, and line, row or page in it.
        reason: what is wrong and what to do, as a clause without a final full stop.
        skipped: whether a record was left out because of it; otherwise it was read with something missing.
    """

    place: str
    reason: str
    skipped: bool = True

    def __post_init__(self) -> None:
        # A file's name is bytes: what in it is no text couldn't be printed.
        object.__setattr__(self, "place", one_line(self.place))

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}."


Record = Article | Problem


@dataclass(frozen=True)
class ReadOptions:
    """How to read: `source` is the outlet of records that name none, `max_bytes` the largest record."""

    source: str = ""
    max_bytes: int = 20_000_000

    def too_large(self, size: int) -> str:
        """The reason given for a record of `size` bytes, which is over the limit."""
        return (
            f"the record has {size / 1e6:.1f} MB, more than the {self.max_bytes / 1e6:g} MB that are read; "
            "split it, or raise max_record_mb"
        )


Reader = Callable[[Path, ReadOptions], Iterator[Record]]

# What corpora call the fields of an article, best name first.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "_id", "article_id", "guid", "uuid"),
    "title": ("title", "headline", "name", "subject"),
    "text": ("text", "body", "content", "article", "article_text", "full_text", "maintext", "article_body"),
    "url": ("url", "link", "canonical_url", "web_url", "source_url"),
    "source": ("source", "outlet", "publisher", "publication", "site", "sitename", "newspaper"),
    "author": ("author", "authors", "byline", "creator"),
    "published": ("published", "published_at", "publication_date", "publish_date", "date_published", "pubdate",
                  "pub_date", "published_date", "date", "datetime", "timestamp", "created", "created_at"),
    "updated": ("updated", "updated_at", "modified", "modified_at", "date_modified", "last_modified"),
    "language": ("language", "lang"),
}  # fmt: skip


def field_columns(columns: Iterable[Any]) -> dict[str, str]:
    """Which of `columns` holds which field of an article, by name, ignoring case, spaces and dashes."""
    words = [column for column in columns if isinstance(column, str)]  # YAML has keys of other types too
    folded = {column.strip().lower().replace(" ", "_").replace("-", "_"): column for column in words}
    found = {}
    for field, names in FIELD_NAMES.items():
        column = next((folded[name] for name in names if name in folded), None)
        if column is not None:
            found[field] = column
    return found


def article_from_fields(
    values: Mapping[str, Any], place: str, options: ReadOptions, columns: Mapping[str, str] | None = None
) -> Iterator[Record]:
    """The article in a record of named values, after any problem with it that doesn't keep it out.

    Args:
        values: the record; what is no field of an article becomes metadata.
        place: where the record stands, for problems.
        options: how to read.
        columns: field to key of `values`; found by name when not given.
    """
    columns = field_columns(values) if columns is None else columns
    given = {field: values.get(column) for field, column in columns.items()}
    raw = given.get("text")
    if not isinstance(raw, str) or not raw.strip():
        kind = "is empty" if raw is None or isinstance(raw, str) else f"is {type(raw).__name__}, not a string"
        named = columns.get("text")
        yield Problem(place, f"its {named!r} {kind}" if named else "it has no text: give it under 'text'")
        return
    if len(raw) > options.max_bytes:
        yield Problem(place, options.too_large(len(raw)))
        return
    text = clean(raw)
    if not text:
        yield Problem(place, "nothing of its text is reporting (only credits, links or notices)")
        return

    days = {}
    for field in ("published", "updated"):
        days[field], trouble = check_publication(given.get(field))
        if trouble:
            yield Problem(place, f"read without its {field} day: {trouble}", skipped=False)
    nested = values.get("metadata")
    metadata = dict(nested) if isinstance(nested, Mapping) else {}
    used = {*columns.values(), *(["metadata"] if isinstance(nested, Mapping) else [])}
    metadata |= {key: value for key, value in values.items() if key not in used and value not in (None, "")}
    try:
        article = _article(given, text, days, metadata, options)
    except RecursionError:
        yield Problem(place, "a value of it is nested too deeply")
        return
    yield article


def _article(
    given: Mapping[str, Any],
    text: str,
    days: Mapping[str, date | None],
    metadata: Mapping[str, Any],
    options: ReadOptions,
) -> Article:
    return Article(
        id=_text_of(given.get("id")) or None,
        title=_text_of(given.get("title")),
        text=text,
        url=_text_of(given.get("url")) or None,
        source=_text_of(given.get("source")) or options.source,
        author=_text_of(given.get("author")),
        published=days["published"],
        updated=days["updated"],
        language=_text_of(given.get("language"))[:2].lower(),
        metadata=_json_ready(metadata),
    )


def _text_of(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, list):
        return ", ".join(_text_of(item) for item in value)
    if isinstance(value, Mapping):
        return _text_of(value.get("name") or value.get("title"))
    return one_line(str(value))


def _json_ready(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {one_line(str(key)): _json_ready(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_json_ready(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no such number
    return value if isinstance(value, int | float) or value is None else normalise(str(value))
