"""Answers that staff signed off: served to those who ask the same, until something they rest on changes."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from corpus.database import Database
from corpus.flags import Flags
from rag.answer import Answer, Turn
from rag.asked_time import asked_time
from rag.assistant import Assistant
from rag.embedding import question_vector
from rag.filters import EVERYTHING, Filters
from rag.fingerprint import model_fingerprint
from rag.notes import corrections, stale
from rag.passages import Vectors
from rag.same_question import KnownQuestions, stands_alone, wording
from rag.spelling import correct
from ui.answer_log.database import utc_now
from ui.staff import audit
from ui.staff.approval import approved_answer
from ui.staff.newer_articles import changed, newer_articles, newest_version

if TYPE_CHECKING:
    from ui.staff.reviews import Review

_IN_FORCE = "withdrawn_at IS NULL"


class Because(StrEnum):
    """Why an approved answer is no longer served."""

    UNDONE = "undone"
    REPLACED = "replaced"
    NEW_VERSION = "new_version"
    REMOVED = "removed"
    FLAGGED = "flagged"
    NEWER_ARTICLES = "newer_articles"


QUEUED_AGAIN = frozenset({Because.NEW_VERSION, Because.REMOVED, Because.FLAGGED, Because.NEWER_ARTICLES})
"""Reasons that put an answer back into the queue; the others are staff's own doing."""


@dataclass(frozen=True)
class Served:
    """An approved answer for somebody who asks the same.

    Attributes:
        review_id: of the review that approved it.
        answer: with `reviewed_on` and `review_id`.
    """

    review_id: int
    answer: Answer


@dataclass(frozen=True)
class Withdrawn:
    """An approval that was taken back, and the articles that it is about."""

    review_id: int
    because: Because
    articles: tuple[str, ...]


class SignedOff:
    """The approved answers of one data folder; safe to use from several threads."""

    def __init__(self, assistant: Assistant, database: Database) -> None:
        """Over the answer log `database`."""
        self._assistant = assistant
        self._database = database
        self._lock = threading.Lock()
        self._known: KnownQuestions[int] = KnownQuestions()
        self._held: dict[int, tuple[str, Vectors, date]] = {}
        self._loaded: tuple[int, int] = (0, 0)
        self._model = model_fingerprint(assistant.index.settings.embedding_model)

    def warm_up(self) -> None:
        """Read the questions now, so that the first visitor needn't wait for it: half a millisecond for each."""
        self._questions()

    def prepare(self, answer_id: str) -> None:
        """Embed an answer's question before `approve` does: its transaction must not wait for a busy model.

        Visitors' answers can't be logged while it is open.
        """
        with self._database.reading() as connection:
            row = connection.execute("SELECT question FROM answers WHERE answer_id = ?", (answer_id,)).fetchone()
        if row:
            self._embedded(row["question"])

    def approve(self, connection: sqlite3.Connection, review: Review) -> bool:
        """Sign off what `review` approves, inside its transaction; whether it approves anything.

        The answer to a question that can't be understood without its conversation is nobody else's. What was approved
        before for the same question is replaced.
        """
        row = connection.execute(
            "SELECT question, history, answer FROM answers WHERE answer_id = ?", (review.answer_id,)
        ).fetchone()
        answer = approved_answer(review, Answer.model_validate_json(row["answer"]), self._assistant.index.passages)
        known = connection.execute(
            "SELECT withdrawn_because FROM signed_off WHERE review_id = ?", (review.review_id,)
        ).fetchone()
        if known and known["withdrawn_because"] in QUEUED_AGAIN:
            return False  # a later review was undone, and this one still waits to be judged again
        question = str(row["question"])
        if answer is None or not _is_anybodys(question, row["history"], answer.as_of):
            return False
        vector = self._embedded(question)
        same = self._questions().find(question, vector, answer.as_of)
        if same is not None and same != review.review_id:
            self.withdraw(connection, same, review.reviewer, Because.REPLACED)
        connection.execute(
            "INSERT OR REPLACE INTO signed_off (review_id, question, as_of, vector, answer, approved_at, approved_by,"
            " last_version, generation, embedding) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                review.review_id,
                question,
                answer.as_of.isoformat(),
                vector.tobytes(),
                answer.model_dump_json(),
                utc_now(),
                review.reviewer,
                newest_version(self._assistant),
                self.generation(),
                self._model,
            ),
        )
        audit.note(connection, review.reviewer, "sign_off", review.answer_id, review=review.review_id)
        return True

    def withdraw(
        self,
        connection: sqlite3.Connection,
        review_id: int,
        account: str,
        because: Because = Because.UNDONE,
        articles: Sequence[str] = (),
    ) -> bool:
        """No longer serve what the review approved, inside the caller's transaction; whether it was served.

        Args:
            connection: of the answer log, in a transaction.
            review_id: of the review that approved it.
            account: who withdraws it; "" when what it rests on changed.
            because: why.
            articles: keys of the articles that it is about.
        """
        done = connection.execute(
            "UPDATE signed_off SET withdrawn_at = ?, withdrawn_because = ?, withdrawn_detail = ?"
            f" WHERE review_id = ? AND {_IN_FORCE}",
            (utc_now(), because, " ".join(articles), review_id),
        )
        if not done.rowcount:
            return False
        answer_id = connection.execute("SELECT answer_id FROM reviews WHERE review_id = ?", (review_id,)).fetchone()[
            "answer_id"
        ]
        audit.note(
            connection, account, "withdraw", answer_id, review=review_id, because=because, articles=list(articles)
        )
        return True

    def serving(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters = EVERYTHING,
        as_of: date | None = None,
    ) -> Served | None:
        """The approved answer for `question`; None where there is none that fits.

        With filters the visitor asks for something else than what was approved. What is found is held against its
        sources first, and withdrawn when they changed.

        Args:
            question: on one line.
            history: the turns before.
            filters: what the visitor's answer may be drawn from.
            as_of: the day the question is asked for; today by default.
        """
        began = time.perf_counter()
        known = self._questions()
        if filters or not len(known) or not stands_alone(question, history):
            return None
        day = as_of or datetime.now(UTC).date()
        review_id = known.find(question, self._embedded(question), day)
        if review_id is None or self._withdraw_if_outdated(review_id):
            return None
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT answer, approved_at FROM signed_off WHERE review_id = ? AND {_IN_FORCE}", (review_id,)
            ).fetchone()
        if row is None:
            return None
        answer = Answer.model_validate_json(row["answer"])
        notes = [note for note in answer.notes if note.kind not in ("stale", "corrected")]
        notes += corrections(answer.citations, Flags(self._assistant.store.database))
        notes += stale(answer.citations, asked_time(question, day))
        update = {
            "question": question,
            "as_of": day,
            "notes": tuple(notes),
            "reviewed_on": datetime.fromisoformat(row["approved_at"]).date(),
            "review_id": review_id,
            "timings_ms": {"total": round((time.perf_counter() - began) * 1000, 2)},
        }
        return Served(review_id, answer.model_copy(update=update))

    def generation(self) -> int:
        """A number that grows with every change of the articles and of what staff flagged in them."""
        return self._assistant.index.passages.generation()

    def withdraw_outdated(self, stop: Callable[[], bool] = lambda: False) -> list[Withdrawn]:
        """Withdraw what rests on articles that changed, or on which newer articles have arrived since.

        Quick where nothing changed since the last time; else a search for each answer that is served.

        Args:
            stop: asked between two answers; True leaves the rest for the next time.

        Raises:
            StoreError: a database can't be read or written.
        """
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT review_id FROM signed_off WHERE {_IN_FORCE} ORDER BY review_id")
            review_ids = [row["review_id"] for row in rows]
        found = (self._withdraw_if_outdated(review_id) for review_id in review_ids if not stop())
        return [withdrawn for withdrawn in found if withdrawn]

    def _withdraw_if_outdated(self, review_id: int) -> Withdrawn | None:
        """Withdraw an answer that no longer holds; newer articles are looked for once after each change of them."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT question, answer, approved_at, last_version, generation FROM signed_off"
                f" WHERE review_id = ? AND {_IN_FORCE}",
                (review_id,),
            ).fetchone()
        if row is None:
            return None
        answer = Answer.model_validate_json(row["answer"])
        approved_at = datetime.fromisoformat(row["approved_at"])
        generation = self.generation()
        because, articles = changed(self._assistant, answer, approved_at)
        if because is None and row["generation"] != generation:
            articles = newer_articles(self._assistant, row["question"], answer, row["last_version"])
            because = Because.NEWER_ARTICLES.value if articles else None
        if because is None and row["generation"] == generation:
            return None
        with self._database.transaction() as connection:
            if because is None:
                connection.execute(
                    "UPDATE signed_off SET generation = ? WHERE review_id = ?", (generation, review_id)
                )
                return None
            reason = Because(because)
            self.withdraw(connection, review_id, "", reason, articles)
        return Withdrawn(review_id, reason, tuple(articles))

    def _questions(self) -> KnownQuestions[int]:
        """The questions that an answer is served for, whichever process approved or withdrew some."""
        with self._lock, self._database.reading() as connection:
            mark = connection.execute(
                f"SELECT count(*), coalesce(sum(review_id), 0) FROM signed_off WHERE {_IN_FORCE}"
            ).fetchone()
            if tuple(mark) != self._loaded:
                self._load(connection)
                self._loaded = (mark[0], mark[1])
            return self._known

    def _load(self, connection: sqlite3.Connection) -> None:
        """Read what was approved since the last time, and forget what was withdrawn."""
        rows = connection.execute(f"SELECT review_id FROM signed_off WHERE {_IN_FORCE}")
        in_force = {row["review_id"] for row in rows}
        self._held = {review_id: held for review_id, held in self._held.items() if review_id in in_force}
        for review_id in in_force - self._held.keys():
            row = connection.execute(
                "SELECT question, vector, embedding, as_of FROM signed_off WHERE review_id = ?", (review_id,)
            ).fetchone()
            vector = np.frombuffer(row["vector"], np.float32)
            if row["embedding"] != self._model:  # the setting has changed since
                vector = self._embedded(row["question"])
            self._held[review_id] = (row["question"], vector, date.fromisoformat(row["as_of"]))
        self._known = KnownQuestions()
        self._known.fill((review_id, *self._held[review_id]) for review_id in sorted(self._held, reverse=True))

    def _embedded(self, question: str) -> Vectors:
        """The embedding that retrieval then takes from the model's cache."""
        index = self._assistant.index
        return question_vector(index.embedding, correct(question, index.passages.vocabulary))


def _is_anybodys(question: str, history: str, day: date) -> bool:
    """Whether the question means the same without the conversation that it was asked in."""
    turns = [Turn.model_validate(turn) for turn in json.loads(history)]
    return wording(question, day).whole and stands_alone(question, turns)
