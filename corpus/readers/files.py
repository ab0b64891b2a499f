"""Reading a whole file into memory, within the limit."""

from __future__ import annotations

from pathlib import Path

from corpus.readers.base import Problem, ReadOptions
from corpus.readers.encoding import NotTextError, decode


def read_bytes(path: Path, options: ReadOptions) -> bytes | Problem:
    """The bytes of `path`, or the problem that it is empty, too large or unreadable."""
    try:
        size = path.stat().st_size
        if size == 0:
            return Problem(str(path), "the file is empty")
        if size > options.max_bytes:
            return Problem(str(path), options.too_large(size))
        return path.read_bytes()
    except OSError as error:
        return Problem(str(path), f"it can't be read: {error.strerror}")


def read_text(path: Path, options: ReadOptions) -> str | Problem:
    """The text of `path` in whatever encoding it has, or the problem with it."""
    data = read_bytes(path, options)
    if isinstance(data, Problem):
        return data
    try:
        return decode(data)
    except NotTextError as error:
        return Problem(str(path), str(error))
