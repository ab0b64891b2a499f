"""The answer log: what was asked and answered, kept so that a permanent link shows it and staff can check it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from corpus.database import Database
from corpus.errors import NotFoundError
from corpus.settings import Settings
from rag.answer import Answer, Turn
from rag.fingerprint import model_fingerprint
from ui.answer_log.database import open_log, utc_now
from ui.answer_log.former import import_former
from ui.answer_log.masking import mask, mask_answer
from ui.answer_log.models import MAX_COMMENT, Feedback, LoggedAnswer
from ui.answer_log.rows import insert_answer, logged_answer

_ID_BYTES = 12  # 16 characters; 96 random bits can't be guessed
# The chat sends six turns, and the retriever looks back at three questions and an answer of 1,000 characters.
KEPT_TURNS, KEPT_TURN_CHARS = 6, 2000
_MASKED_BEYOND = 200  # characters: a number or an address that the end cuts in two isn't recognised any more
_PATIENCE_MS = 2000  # how long an answer waits for its log; a visitor is waiting with it


class AnswerLog:
    """Answers and feedback on them in a file of their own beside the articles; safe to use from several threads."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings

    @classmethod
    def open(cls, folder: Path, settings: Settings) -> AnswerLog:
        """The log in `folder`, created where needed, with what a former version kept there in another file.

        Raises:
            StoreError: the file can't be used, or a newer Passage made it.
        """
        log = cls(open_log(folder), settings)
        try:
            import_former(log.database, folder)
        except BaseException:
            log.close()
            raise
        return log

    def record(self, answer: Answer, history: Sequence[Turn] = (), review_id: int | None = None) -> str:
        """Keep `answer`, without what could name a person; the id that its permanent link has.

        Where `log_answers` is off nothing is kept, and the id leads nowhere.

        Args:
            answer: what was said.
            history: the turns before, oldest first.
            review_id: the signed-off review that was served.

        Raises:
            StoreError: the log can't be written.
            BusyError: another process holds the log.
        """
        answer_id = secrets.token_urlsafe(_ID_BYTES)
        if not self.settings.log_answers:
            return answer_id
        masked = mask_answer(answer)
        turns = [turn.model_copy(update={"content": _kept(turn.content)}) for turn in history[-KEPT_TURNS:]]
        with self._impatient(), self.database.transaction() as connection:
            insert_answer(connection, answer_id, utc_now(), masked, turns, self._models(answer), review_id)
        return answer_id

    def get(self, answer_id: str) -> LoggedAnswer:
        """The answer with this id.

        Raises:
            NotFoundError: there is none.
        """
        with self.database.reading() as connection:
            row = connection.execute(
                "SELECT answer_id, created_at, answer, history, group_id, review_id FROM answers WHERE answer_id = ?",
                (answer_id,),
            ).fetchone()
        if row is None:
            raise NotFoundError(f"There is no answer {answer_id}.", "Check the link, or ask the question again.")
        return logged_answer(row)

    def feedback(self, answer_id: str, feedback: Feedback) -> None:
        """Keep what a reader thought of an answer, without what could name a person.

        Raises:
            NotFoundError: there is no such answer.
            StoreError: the log can't be written.
        """
        comment = mask(feedback.comment[:MAX_COMMENT])
        self.get(answer_id)
        with self.database.transaction() as connection:
            connection.execute(
                "INSERT INTO feedback (answer_id, created_at, useful, reason, comment)"
                " SELECT answer_id, ?, ?, ?, ? FROM answers WHERE answer_id = ?",
                (utc_now(), feedback.useful, feedback.reason, comment, answer_id),
            )

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def _models(self, answer: Answer) -> dict[str, str]:
        return self._retrieval_models | {"answer": answer.model}

    @cached_property
    def _retrieval_models(self) -> dict[str, str]:
        names = {"embedding": self.settings.embedding_model, "reranker": self.settings.reranker}
        return {kind: model_fingerprint(name) for kind, name in names.items() if name}

    @contextmanager
    def _impatient(self) -> Iterator[None]:
        """Wait for a lock no longer than a visitor would."""
        with self.database.reading() as connection:
            usual = connection.execute("PRAGMA busy_timeout").fetchone()[0]
            connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        try:
            yield
        finally:
            connection.execute(f"PRAGMA busy_timeout = {usual}")


def _kept(words: str) -> str:
    """What the log has of a turn."""
    return mask(words[: KEPT_TURN_CHARS + _MASKED_BEYOND])[:KEPT_TURN_CHARS]
