"""Brings questions together that ask the same in other words, in the background while serving."""

from __future__ import annotations

import json
import sqlite3
from datetime import date

from corpus.database import Database
from rag.answer import Turn
from rag.same_question import Wording, difference, stands_alone, wording
from rag.terms import content_words
from ui.keeping import Keeping
from ui.staff.queue_upkeep import refresh

CANDIDATES = 8  # likest by words that a question is compared with; a paraphrase shares its rare ones
EVERY_S = 20.0  # a reviewer seldom opens the queue within seconds of a question
_PAUSE_S = 0.02  # between two questions, about as long as one takes: visitors come first


def join_next(database: Database) -> bool:
    """Put one group that wasn't compared yet together with another that asks the same; whether there was one.

    The older group's id stays, so that what is known of it stays known.
    """
    with database.reading() as connection:
        row = connection.execute(
            "SELECT queue_id, q.group_id, question, history, json_extract(answer, '$.as_of') AS day FROM queue q"
            " JOIN answers USING (answer_id) WHERE NOT compared ORDER BY queue_id LIMIT 1"
        ).fetchone()
        if row is None:
            return False
        other = _same(connection, row)
    with database.transaction() as connection:
        connection.execute("UPDATE queue SET compared = 1 WHERE queue_id = ?", (row["queue_id"],))
        if other is not None:
            connection.execute("UPDATE answers SET group_id = ? WHERE group_id = ?", (other, row["group_id"]))
    return True


def _same(connection: sqlite3.Connection, row: sqlite3.Row) -> str | None:
    """The group of an older question that asks the same."""
    words = content_words(row["question"])
    history = [Turn.model_validate(turn) for turn in json.loads(row["history"])]
    if not words or not stands_alone(row["question"], history):
        return None
    asked = _wording(row)
    quoted = " OR ".join(f'"{word}"' for word in sorted(words))
    candidates = connection.execute(
        "SELECT q.group_id, question, history, json_extract(answer, '$.as_of') AS day"
        " FROM (SELECT rowid FROM queue_fts WHERE queue_fts MATCH ? AND rowid < ? ORDER BY rank LIMIT ?) found"
        " JOIN queue q ON q.queue_id = found.rowid JOIN answers USING (answer_id)",
        (f"questions : ({quoted})", row["queue_id"], CANDIDATES),
    )
    for candidate in candidates:
        turns = [Turn.model_validate(turn) for turn in json.loads(candidate["history"])]
        if stands_alone(candidate["question"], turns) and difference(_wording(candidate), asked) is None:
            return str(candidate["group_id"])
    return None


def _wording(row: sqlite3.Row) -> Wording:
    return wording(row["question"], date.fromisoformat(row["day"]))


class QueueKeeping(Keeping):
    """Keeps the queue sorted and its questions grouped until the context ends."""

    failed = "the review queue wasn't sorted"

    def __init__(self, database: Database, every_s: float = EVERY_S) -> None:
        super().__init__(every_s)
        self._database = database

    def keep(self) -> None:
        """Renew the rows of what changed, and bring together what asks the same."""
        refresh(self._database)
        while join_next(self._database):
            if self.ended.wait(_PAUSE_S):
                return
        refresh(self._database)
