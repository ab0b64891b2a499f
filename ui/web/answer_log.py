"""The answer log: what was answered, kept so that a permanent link shows it, and what readers thought of it.

Of who asked nothing is kept: no address, no browser, no session.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from corpus.database import explained
from corpus.errors import NotFoundError, StoreError
from rag.answer import Answer

FILE_NAME = "answers.sqlite"
MAX_COMMENT = 2000  # characters
_ID_BYTES = 12  # 16 characters; 96 random bits can't be guessed
_BUSY_TIMEOUT_S = 15.0
_MIGRATIONS = (
    """CREATE TABLE answers (
        id TEXT PRIMARY KEY, created_at TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE feedback (
        answer_id TEXT NOT NULL REFERENCES answers ON DELETE CASCADE, created_at TEXT NOT NULL,
        useful INTEGER NOT NULL, reason TEXT, comment TEXT NOT NULL
    );
    CREATE INDEX feedback_by_answer ON feedback (answer_id);""",
)


class FeedbackReason(StrEnum):
    """What a reader found wrong with an answer."""

    WRONG = "wrong"
    UNSUPPORTED = "unsupported"
    OUTDATED = "outdated"
    SHOULD_ANSWER = "should_answer"
    OTHER = "other"


@dataclass(frozen=True)
class Feedback:
    """A reader's judgement of an answer."""

    useful: bool
    reason: FeedbackReason | None = None
    comment: str = ""


@dataclass(frozen=True)
class LoggedAnswer:
    """An answer as it was given.

    Attributes:
        id: random, fit for a URL.
        created_at: UTC.
    """

    id: str
    created_at: datetime
    answer: Answer


class AnswerLog(Protocol):
    """Where answers and feedback on them are kept."""

    def record(self, answer: Answer) -> str:
        """Keep `answer`; the id that its permanent link has."""

    def get(self, answer_id: str) -> LoggedAnswer:
        """The answer with this id.

        Raises:
            NotFoundError: there is none.
        """

    def feedback(self, answer_id: str, feedback: Feedback) -> None:
        """Keep what a reader thought of an answer.

        Raises:
            NotFoundError: there is no such answer.
        """


class SQLiteAnswerLog:
    """The answer log in a file of its own beside the articles; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open, and where needed create or migrate, the log in `folder`.

        Raises:
            StoreError: the file can't be used, or a newer Passage made it.
        """
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        with explained(self.path):
            self._connection = sqlite3.connect(
                self.path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._connection.execute("PRAGMA foreign_keys = ON")
                self._migrate()
            except BaseException:
                self._connection.close()
                raise

    def record(self, answer: Answer) -> str:
        """Keep `answer`; the id that its permanent link has."""
        answer_id = secrets.token_urlsafe(_ID_BYTES)
        self._execute(
            "INSERT INTO answers VALUES (?, ?, ?, ?)", answer_id, _now(), answer.question, answer.model_dump_json()
        )
        return answer_id

    def get(self, answer_id: str) -> LoggedAnswer:
        """The answer with this id.

        Raises:
            NotFoundError: there is none.
        """
        rows = self._execute("SELECT created_at, answer FROM answers WHERE id = ?", answer_id)
        if not rows:
            raise NotFoundError(f"There is no answer {answer_id}.", "Check the link, or ask the question again.")
        created_at, answer = rows[0]
        return LoggedAnswer(answer_id, datetime.fromisoformat(created_at), Answer.model_validate_json(answer))

    def feedback(self, answer_id: str, feedback: Feedback) -> None:
        """Keep what a reader thought of an answer.

        Raises:
            NotFoundError: there is no such answer.
        """
        self.get(answer_id)
        self._execute(
            "INSERT INTO feedback VALUES (?, ?, ?, ?, ?)",
            answer_id,
            _now(),
            feedback.useful,
            feedback.reason,
            feedback.comment[:MAX_COMMENT],
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _migrate(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(_MIGRATIONS):
            raise StoreError(f"{self.path} was made by a newer version of Passage.", "Use that version.")
        self._connection.execute("COMMIT")
        for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
            self._connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")

    def _execute(self, statement: str, *values: object) -> list[tuple[str, ...]]:
        with self._lock, explained(self.path):
            return self._connection.execute(statement, values).fetchall()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
