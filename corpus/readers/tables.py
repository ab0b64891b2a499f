"""Tables: CSV (and tab- or semicolon-separated) and Parquet, an article a row."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.readers.base import (
    FIELD_NAMES,
    Problem,
    ReadOptions,
    Record,
    article_from_fields,
    field_columns,
)
from corpus.readers.encoding import NotTextError, decode

if TYPE_CHECKING:
    import pyarrow

_PARQUET_ROWS = 256
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++\Z")
_END = "\x1cend"  # a last row of our own: a quote that is never closed swallows it


def read_csv(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The articles of a `.csv` file; the delimiter is detected, the first row names the columns."""
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        yield Problem(str(path), f"it can't be read: {error.strerror}")
        return
    except NotTextError as error:
        yield Problem(str(path), str(error))
        return
    if not text.strip():
        yield Problem(str(path), "the file is empty")
        return
    csv.field_size_limit(max(options.max_bytes, 131_072))
    text = text.lstrip("\r\n")
    header = next(_LINE.finditer(text)).group()
    delimiter = max(",;\t|", key=header.count) if any(d in header for d in ",;\t|") else ","
    lines = itertools.chain((match.group() for match in _LINE.finditer(text)), [_END])
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        names = [name.strip() for name in next(rows)]
    except csv.Error as error:
        yield Problem(f"{path}:1", f"the column names can't be read: {error}")
        return
    columns = field_columns(names)
    if "text" not in columns:
        yield _no_text_column(path, names)
        return
    while True:
        start = rows.line_num + 1
        try:
            row = next(rows)
        except csv.Error as error:
            yield Problem(f"{path}:{start}", f"the row can't be read: {error}")
            if rows.line_num > start:  # it broke inside quotes: the next row comes after the line that closes them
                for line in lines:
                    if line.count('"') % 2 or line == _END:
                        break
            continue
        except StopIteration:
            return
        if row == [_END]:
            return
        if row and row[-1].endswith(_END):
            yield Problem(f"{path}:{start}", "a quote in this row is never closed, and takes in all that follows")
            return
        if any(cell.strip() for cell in row):
            place = f"{path}:{rows.line_num}"
            if len(row) > len(names):
                yield Problem(place, f"the row has {len(row)} cells for {len(names)} columns; quote its commas")
                continue
            yield from article_from_fields(dict(zip(names, row, strict=False)), place, options, columns)


def read_parquet(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The articles of a `.parquet` file, in batches."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        yield Problem(str(path), f"it isn't a readable Parquet file: {str(error).splitlines()[0]}")
        return
    with file:
        columns = field_columns(file.schema_arrow.names)
        if "text" not in columns:
            yield _no_text_column(path, file.schema_arrow.names)
            return
        number = 0
        try:
            for batch in file.iter_batches(_PARQUET_ROWS):
                for i in range(batch.num_rows):
                    number += 1
                    yield from _read_row(batch, i, f"{path}, row {number}", options, columns)
        except (pyarrow.ArrowException, OSError) as error:
            yield Problem(f"{path}, after row {number}", f"the rest can't be read: {str(error).splitlines()[0]}")
            return
        if number == 0:
            yield Problem(str(path), "the file has no rows")


def _read_row(
    batch: pyarrow.RecordBatch, i: int, place: str, options: ReadOptions, columns: dict[str, str]
) -> Iterator[Record]:
    try:
        values = batch.slice(i, 1).to_pylist()[0]
    except (ValueError, OverflowError) as error:  # a time outside the calendar, or finer than Python's
        yield Problem(place, f"the row can't be read: {error}")
        return
    yield from article_from_fields(values, place, options, columns)


def _no_text_column(path: Path, names: list[str]) -> Problem:
    return Problem(
        str(path),
        f"no column holds the articles' text; its columns are {', '.join(map(repr, names))}, and one must be "
        f"named {', '.join(map(repr, FIELD_NAMES['text'][:4]))} or the like",
    )
