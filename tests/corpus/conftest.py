"""A reader's test gives a file's name and content, and gets the records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.readers import ReadOptions, Record, read_file

Read = Callable[..., list[Record]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write `content` to a file of that name and read it."""

    def _read(name: str, content: str | bytes, **options: object) -> list[Record]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_file(path, ReadOptions(**options)))

    return _read
