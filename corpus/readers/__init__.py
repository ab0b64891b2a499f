"""Readers for what users have, chosen by file name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import InputError
from corpus.readers.base import Problem, Reader, ReadOptions, Record
from corpus.readers.html import read_html
from corpus.readers.jsonl import read_jsonl
from corpus.readers.markdown import read_markdown
from corpus.readers.pdf import read_pdf
from corpus.readers.plain import plain_article, read_plain
from corpus.readers.tables import read_csv, read_parquet

__all__ = ["READERS", "Problem", "ReadOptions", "Record", "find_files", "plain_article", "read_file"]

READERS: dict[str, Reader] = {
    ".csv": read_csv,
    ".htm": read_html,
    ".html": read_html,
    ".jsonl": read_jsonl,
    ".md": read_markdown,
    ".parquet": read_parquet,
    ".pdf": read_pdf,
    ".tsv": read_csv,
    ".txt": read_plain,
}


def find_files(path: Path) -> list[Path]:
    """The files to read under `path`: itself, or what a folder holds at any depth, sorted; hidden ones not.

    Raises:
        InputError: there is no such path, it is a file of another kind, or a folder without readable files.
    """
    kinds = ", ".join(READERS)
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # a text given instead of a path, a folder that may not be entered
        raise InputError(f"{str(path)[:200]} can't be read: {error.strerror}.", "Check the path.") from None
    if is_folder:
        found = sorted(
            Path(folder, name)
            for folder, folders, names in os.walk(path, onerror=_refuse)
            if _visible(folders)
            for name in names
            if not name.startswith(".") and Path(name).suffix.lower() in READERS
        )
        if not found:
            raise InputError(f"The folder {path} holds no file that can be read.", f"Readable are {kinds}.")
        return found
    if not exists:
        raise InputError(f"There is no file or folder {path}.", "Check the path.")
    if path.suffix.lower() not in READERS:
        raise InputError(f"Files like {path.name} can't be read.", f"Readable are {kinds}.")
    return [path]


def read_file(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The articles in `path` and the problems with it, in the order of the file."""
    return READERS[path.suffix.lower()](path, options)


def _refuse(error: OSError) -> None:
    raise InputError(f"The folder {error.filename} can't be read: {error.strerror}.", "Check its permissions.")


def _visible(folders: list[str]) -> bool:
    """Keep hidden folders out of a walk, in place; always true."""
    folders[:] = [name for name in folders if not name.startswith(".")]
    return True
