"""What staff do about sources: flag articles and outlets, see what was answered from them and which are stale."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from corpus.articles import StoredArticle
from corpus.database import Database
from corpus.flags import Flag, FlagKind, Flags, Scope
from corpus.store import ArticleStore
from ui.staff import audit

MOST = 50  # rows of a list


@dataclass(frozen=True)
class Use:
    """How much an article is answered from.

    Attributes:
        answers: kept ones that cite it.
        last_at: when the last of them was given, UTC.
        age: since its publication.
    """

    article: StoredArticle
    answers: int
    last_at: datetime
    age: timedelta
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Affected:
    """A group of same questions that an article answered: how often, and the last of those answers."""

    answer_id: str
    question: str
    answers: int
    last_at: datetime


class Sources:
    """Flags with their notes in the audit log, and what the answer log says about articles."""

    def __init__(self, store: ArticleStore, log: Database) -> None:
        """Over the article store and the answer log's database."""
        self.flags = Flags(store.database)
        self._store = store
        self._log = log

    def flag(self, account: str, scope: Scope, subject: str, kind: FlagKind, note: str) -> Flag:
        """Put a flag on an article or an outlet.

        Raises:
            InputError: the note is missing or too long, or the flag doesn't fit.
            NotFoundError: there is no such article or outlet.
        """
        with self._log.transaction() as connection:  # noted first: what can't be noted isn't done
            audit.note(connection, account, "flag", subject, scope=scope, kind=kind, note=" ".join(note.split()))
            return self.flags.set(scope, subject, kind, note, account)

    def unflag(self, account: str, scope: Scope, subject: str, kind: FlagKind) -> None:
        """Take a flag away.

        Raises:
            NotFoundError: there is no such flag.
        """
        with self._log.transaction() as connection:
            audit.note(connection, account, "unflag", subject, scope=scope, kind=kind)
            self.flags.clear(scope, subject, kind)

    def stale(self, older_than: timedelta, today: date | None = None) -> list[Use]:
        """Articles older than that which the most answers rest on, most used first; those hidden are left out."""
        today = today or datetime.now(UTC).date()
        with self._log.reading() as connection:
            rows = connection.execute(
                "SELECT c.article_id, count(DISTINCT c.answer_id) AS answers, max(a.created_at) AS last_at"
                " FROM citations c CROSS JOIN answers a INDEXED BY answers_dated ON a.answer_id = c.answer_id"
                " GROUP BY c.article_id HAVING max(c.published) <= ?"
                " ORDER BY answers DESC, last_at DESC, c.article_id",
                ((today - older_than).isoformat(),),
            ).fetchall()
        found: list[Use] = []
        for i in range(0, len(rows), MOST):
            found += self._uses(rows[i : i + MOST], today)
            if len(found) >= MOST:
                break
        return found[:MOST]

    def affected(self, article_id: str) -> tuple[int, list[Affected]]:
        """How many kept answers cite an article, and to which questions, those asked last first."""
        with self._log.reading() as connection:
            rows = connection.execute(
                "SELECT max(a.created_at) AS last_at, a.answer_id, count(*) AS answers"
                " FROM (SELECT DISTINCT answer_id FROM citations WHERE article_id = ?) c"
                " CROSS JOIN answers a INDEXED BY answers_dated ON a.answer_id = c.answer_id"
                " GROUP BY a.group_id ORDER BY last_at DESC",
                (article_id,),
            ).fetchall()
            shown = rows[:MOST]
            marks = ",".join("?" * len(shown))
            asked = connection.execute(
                f"SELECT answer_id, question FROM answers WHERE answer_id IN ({marks})",
                [row["answer_id"] for row in shown],
            )
            questions = {row["answer_id"]: row["question"] for row in asked}
        return sum(row["answers"] for row in rows), [
            Affected(
                row["answer_id"],
                questions[row["answer_id"]],
                row["answers"],
                datetime.fromisoformat(row["last_at"]),
            )
            for row in shown
        ]

    def _uses(self, rows: list[sqlite3.Row], today: date) -> list[Use]:
        flags = self.flags.of(row["article_id"] for row in rows)
        found = []
        for row in rows:
            own = flags.get(row["article_id"], ())
            article = self._store.get(row["article_id"])
            if article.published and article.removed_at is None and not any(flag.kind.hides for flag in own):
                last = datetime.fromisoformat(row["last_at"])
                found.append(Use(article, row["answers"], last, today - article.published, own))
        return found
