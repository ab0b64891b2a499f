"""The answer log's file in the data folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from corpus.database import Database, explained
from ui.answer_log.migrations import MIGRATIONS

FILE_NAME = "log.sqlite"


def open_log(folder: Path) -> Database:
    """The answer log's database in `folder`, created and migrated where needed.

    It needs no lock on the folder: it may be used while another process serves from it.

    Raises:
        StoreError: the file can't be used, or a newer Passage made it.
    """
    path = folder / FILE_NAME
    with explained(path):
        folder.mkdir(parents=True, exist_ok=True)
        # Questions and password hashes are nobody else's business; SQLite's other files take this one's mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return Database(folder, FILE_NAME, MIGRATIONS, overwrite_deleted=True)


def stamp(moment: datetime) -> str:
    """A moment in UTC as the log writes it: ISO 8601, to the second."""
    return moment.isoformat(timespec="seconds")


def utc_now() -> str:
    """The time as the log writes it."""
    return stamp(datetime.now(UTC))
