"""What staff say about articles and outlets: not to be answered from, corrected, retracted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from corpus.database import Database
from corpus.errors import InputError, NotFoundError
from corpus.store import HIDDEN

MAX_NOTE = 500  # characters: it stands beside an answer
_CHUNK = 500  # values in one IN (…)


class Scope(StrEnum):
    """What a flag is on."""

    ARTICLE = "article"
    OUTLET = "outlet"


class FlagKind(StrEnum):
    """What a flag says. Readers see the notes of corrections and retractions, never those of what is hidden."""

    HIDDEN = "hidden"
    CORRECTED = "corrected"
    RETRACTED = "retracted"

    @property
    def hides(self) -> bool:
        """Whether nothing is answered from what has this flag."""
        return self is not FlagKind.CORRECTED


@dataclass(frozen=True)
class Flag:
    """A flag in force.

    Attributes:
        subject: the article's key, or the outlet's name.
        note: what was corrected or why; may be empty where `kind` is hidden.
        flagged_at: UTC.
        flagged_by: the account.
    """

    scope: Scope
    subject: str
    kind: FlagKind
    note: str
    flagged_at: datetime
    flagged_by: str


class Flags:
    """The flags of one data folder. A change is seen by the next question, in other processes too."""

    def __init__(self, database: Database) -> None:
        """Over the articles' database."""
        self._database = database

    def set(self, scope: Scope, subject: str, kind: FlagKind, note: str, by: str) -> Flag:
        """Put a flag on an article or an outlet, or change the note of the one that it has.

        Raises:
            InputError: the note is missing or too long, or an outlet is flagged as anything but hidden.
            NotFoundError: there is no such article or outlet.
        """
        note = " ".join(note.split())
        if scope is Scope.OUTLET and kind is not FlagKind.HIDDEN:
            raise InputError(f"An outlet can't be {kind}, only hidden.", "Flag the article itself.")
        if not note and kind is not FlagKind.HIDDEN:
            raise InputError(
                f"A {kind} article needs a note.", "Say in a sentence what was wrong: readers of its answers see it."
            )
        if len(note) > MAX_NOTE:
            raise InputError(f"The note has {len(note)} characters; at most {MAX_NOTE} are kept.", "Shorten it.")
        flag = Flag(scope, subject, kind, note, datetime.now(UTC).replace(microsecond=0), by)
        with self._database.transaction() as connection:
            if not _exists(connection, scope, subject):
                raise NotFoundError(
                    f"There is no {scope} {subject!r}.", "`passage articles list` shows what there is."
                )
            connection.execute(
                "INSERT OR REPLACE INTO flags VALUES (?, ?, ?, ?, ?, ?)",
                (scope, subject, kind, note, flag.flagged_at.isoformat(), by),
            )
            _note_changed(connection)
        return flag

    def clear(self, scope: Scope, subject: str, kind: FlagKind) -> None:
        """Take a flag away.

        Raises:
            NotFoundError: there is no such flag.
        """
        with self._database.transaction() as connection:
            done = connection.execute(
                "DELETE FROM flags WHERE scope = ? AND subject = ? AND kind = ?", (scope, subject, kind)
            )
            if not done.rowcount:
                raise NotFoundError(f"The {scope} {subject!r} isn't flagged as {kind}.", "Nothing was changed.")
            _note_changed(connection)

    def all(self) -> list[Flag]:
        """Every flag, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM flags ORDER BY flagged_at DESC, scope, subject, kind")
            return [_flag(row) for row in rows]

    def of(self, article_ids: Iterable[str]) -> dict[str, tuple[Flag, ...]]:
        """The flags of those articles that have any, their outlets' included, by article."""
        found: dict[str, tuple[Flag, ...]] = {}
        wanted = list(dict.fromkeys(article_ids))
        with self._database.reading() as connection:
            for i in range(0, len(wanted), _CHUNK):
                some = wanted[i : i + _CHUNK]
                marks = ",".join("?" * len(some))
                rows = connection.execute(
                    "SELECT subject AS article_id, flags.* FROM flags"
                    f" WHERE scope = 'article' AND subject IN ({marks})"
                    " UNION ALL SELECT a.article_id, f.* FROM articles a JOIN flags f"
                    " ON f.scope = 'outlet' AND casefold(f.subject) = casefold(a.source)"
                    f" WHERE a.article_id IN ({marks}) ORDER BY 1, kind",
                    (*some, *some),
                )
                for row in rows:
                    found[row["article_id"]] = (*found.get(row["article_id"], ()), _flag(row))
        return found

    def hides(self, article_id: str) -> bool:
        """Whether nothing is answered from this article."""
        return any(flag.kind.hides for flag in self.of([article_id]).get(article_id, ()))

    def any_hidden(self) -> bool:
        """Whether anything at all is kept out of answers."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM flags WHERE kind IN ('hidden', 'retracted'))"
            ).fetchone()
        return bool(row[0])

    def hidden_articles(self) -> frozenset[str]:
        """Keys of all articles that nothing is answered from."""
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT article_id FROM articles a WHERE {HIDDEN}")
            return frozenset(row[0] for row in rows)

    def generation(self) -> int:
        """A number that grows with every change."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT value FROM facts WHERE name = 'flags_generation'").fetchone()
        return int(row[0]) if row else 0


def _exists(connection: sqlite3.Connection, scope: Scope, subject: str) -> bool:
    column = "article_id = ?" if scope is Scope.ARTICLE else "source != '' AND casefold(source) = casefold(?)"
    row = connection.execute(f"SELECT EXISTS (SELECT 1 FROM articles WHERE {column})", (subject,)).fetchone()
    return bool(row[0])


def _note_changed(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO facts VALUES ('flags_generation', '1') ON CONFLICT (name) DO UPDATE SET value = value + 1"
    )


def _flag(row: sqlite3.Row) -> Flag:
    return Flag(
        Scope(row["scope"]),
        row["subject"],
        FlagKind(row["kind"]),
        row["note"],
        datetime.fromisoformat(row["flagged_at"]),
        row["flagged_by"],
    )
