"""Tables: CSV (and tab- or semicolon-separated) and Parquet, an article a row."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from pathlib import Path

from corpus.readers.base import (
    FIELD_NAMES,
    Problem,
    ReadOptions,
    Record,
    article_from_fields,
    field_columns,
)
from corpus.readers.encoding import NotTextError, decode

_PARQUET_ROWS = 256


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
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=header.count) if any(d in header for d in ",;\t|") else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [name.strip() for name in next(rows)]
    columns = field_columns(names)
    if "text" not in columns:
        yield _no_text_column(path, names)
        return
    for _ in itertools.count():
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(f"{path}:{rows.line_num}", f"the row can't be read: {error}")
            continue
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
                for values in batch.to_pylist():
                    number += 1
                    yield from article_from_fields(values, f"{path}, row {number}", options, columns)
        except (pyarrow.ArrowException, OSError) as error:
            yield Problem(f"{path}, after row {number}", f"the rest can't be read: {str(error).splitlines()[0]}")
            return
        if number == 0:
            yield Problem(str(path), "the file has no rows")


def _no_text_column(path: Path, names: list[str]) -> Problem:
    return Problem(
        str(path),
        f"no column holds the articles' text; its columns are {', '.join(map(repr, names))}, and one must be "
        f"named {', '.join(map(repr, FIELD_NAMES['text'][:4]))} or the like",
    )
