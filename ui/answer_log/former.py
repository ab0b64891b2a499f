"""Takes over the answers that a former version kept in a file of their own, so that permanent links live on."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from pathlib import Path

from pydantic import ValidationError

from corpus.database import Database, explained
from rag.answer import Answer
from ui.answer_log.masking import mask, mask_answer
from ui.answer_log.rows import insert_answer

FILE_NAME = "answers.sqlite"
_log = logging.getLogger(__name__)


def import_former(database: Database, folder: Path) -> int:
    """Write what the former file holds into `database`, masked, and delete the file; how many answers it gave.

    A file with an answer that can't be read stays, and so do its other answers' links; nothing is written twice.

    Raises:
        StoreError: the former file isn't one of Passage, or the log can't be written.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as former:
        with explained(path):
            former.execute("SELECT 1 FROM answers LIMIT 1")
        imported, unreadable = _copy(former, database)
    if unreadable:
        _log.warning("%s stays: this version can't read %d of its answers", path, unreadable)
        return imported
    for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):  # what it holds isn't masked
        (folder / name).unlink(missing_ok=True)
    return imported


def _copy(former: sqlite3.Connection, database: Database) -> tuple[int, int]:
    """Copy what isn't there yet; how many answers were copied, and how many can't be read."""
    imported = unreadable = 0
    with database.transaction() as connection:
        for answer_id, created_at, text in former.execute(
            "SELECT id, created_at, answer FROM answers ORDER BY created_at"
        ):
            if connection.execute("SELECT 1 FROM answers WHERE answer_id = ?", (answer_id,)).fetchone():
                continue
            try:
                answer = mask_answer(Answer.model_validate_json(text))
            except ValidationError:
                unreadable += 1
                continue
            insert_answer(connection, answer_id, created_at, answer, (), {"answer": answer.model})
            imported += 1
            connection.executemany(
                "INSERT INTO feedback (answer_id, created_at, useful, reason, comment) VALUES (?, ?, ?, ?, ?)",
                [
                    (answer_id, at, useful, reason, mask(comment))
                    for at, useful, reason, comment in former.execute(
                        "SELECT created_at, useful, reason, comment FROM feedback WHERE answer_id = ?", (answer_id,)
                    )
                ],
            )
    return imported, unreadable
