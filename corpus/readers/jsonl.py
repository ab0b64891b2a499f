"""JSON lines: an article a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from corpus.readers.base import Problem, ReadOptions, Record, article_from_fields
from corpus.readers.encoding import WIDE_MARKS, NotTextError, decode
from corpus.readers.files import read_text


def read_jsonl(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The articles of a `.jsonl` file, a line at a time, so that a large corpus needs little memory."""
    empty = True
    try:
        with path.open("rb") as file:
            if file.peek(4).startswith(WIDE_MARKS):
                yield from _read_wide(path, options)
                return
            number = 0
            while line := file.readline(options.max_bytes + 1):
                number += 1
                place = f"{path}:{number}"
                if len(line) > options.max_bytes:
                    empty = False
                    yield Problem(place, options.too_large(len(line) + _skip_line(file, line)))
                elif line.strip():
                    empty = False
                    yield from _read_line(line, place, options)
    except OSError as error:
        yield Problem(str(path), f"it can't be read: {error.strerror}")
        return
    if empty:
        yield Problem(str(path), "the file is empty")


def _read_wide(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The articles of a file in UTF-16 or UTF-32, which only as a whole has lines."""
    text = read_text(path, options)
    if isinstance(text, Problem):
        yield text
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield from _read_line(line.encode(), f"{path}:{number}", options)


def _skip_line(file: BinaryIO, line: bytes) -> int:
    """Read on to the end of the line without keeping it; how many bytes that was."""
    skipped = 0
    while line and not line.endswith(b"\n"):
        line = file.readline(1 << 20)
        skipped += len(line)
    return skipped


def _read_line(line: bytes, place: str, options: ReadOptions) -> Iterator[Record]:
    try:
        values = json.loads(decode(line))
    except NotTextError as error:
        yield Problem(place, str(error))
    except json.JSONDecodeError as error:
        yield Problem(place, f"it isn't valid JSON: {error.msg} at character {error.pos + 1}")
    except ValueError:
        yield Problem(place, "it has a number with too many digits; write it as a string")
    except RecursionError:
        yield Problem(place, "its JSON is nested too deeply")
    else:
        if isinstance(values, dict):
            yield from article_from_fields(values, place, options)
        else:
            yield Problem(place, "a line must hold a JSON object with at least a 'text'")
