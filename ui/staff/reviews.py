"""What staff make of answers: reviews that never change, can be undone, and never overwrite each other unseen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from corpus.database import Database
from corpus.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from rag.answer import Answer
from ui.answer_log.database import utc_now
from ui.staff import audit
from ui.staff.editing import Editor
from ui.staff.signing_off import Because, SignedOff

MAX_NOTE = 2000  # characters
MAX_SECONDS = 3600.0  # an answer that was open for longer was left lying


class Verdict(StrEnum):
    """What an answer is, as a whole."""

    GOOD = "good"
    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    SHOULD_REFUSE = "should_refuse"
    SHOULD_ANSWER = "should_answer"
    OUTDATED = "outdated"


class SentenceVerdict(StrEnum):
    """Whether a sentence's sources bear it out."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT = "not"


OF_ANSWER = (Verdict.GOOD, Verdict.WRONG, Verdict.INCOMPLETE, Verdict.SHOULD_REFUSE, Verdict.OUTDATED)
OF_REFUSAL = (Verdict.GOOD, Verdict.SHOULD_ANSWER, Verdict.WRONG)


@dataclass(frozen=True)
class Judgement:
    """What a reviewer says about an answer.

    Attributes:
        sentences: a verdict for each sentence of the answer, None where the reviewer gave none.
        edited: what should have been answered; None to leave the answer as it is.
    """

    verdict: Verdict
    sentences: tuple[SentenceVerdict | None, ...] = ()
    note: str = ""
    edited: Answer | None = None


@dataclass(frozen=True)
class Review:
    """A judgement that was made.

    Attributes:
        created_at: UTC.
        seconds: how long the reviewer had the answer open.
        replaces: the review that was in force before.
        undone_at: UTC; None while it stands.
    """

    review_id: int
    answer_id: str
    reviewer: str
    created_at: datetime
    verdict: Verdict
    sentences: tuple[SentenceVerdict | None, ...]
    note: str
    edited: Answer | None
    seconds: float
    replaces: int | None = None
    undone_at: datetime | None = None

    @property
    def judgement(self) -> Judgement:
        """What it says, without who and when."""
        return Judgement(self.verdict, self.sentences, self.note, self.edited)


class JudgedMeanwhileError(ConflictError):
    """Somebody judged the answer, or undid its review, since the page was opened.

    Attributes:
        review: the review in force now; None after one was undone.
    """

    def __init__(self, review: Review | None) -> None:
        self.review = review
        what = f"{review.reviewer} judged this answer" if review else "The review of this answer was undone"
        super().__init__(f"{what} while you had it open.", "Look at it, then save yours over it or leave it.")


class Reviews:
    """The reviews in the answer log; safe to use from several threads."""

    def __init__(self, database: Database, editor: Editor, signed_off: SignedOff) -> None:
        self._database = database
        self._editor = editor
        self._signed_off = signed_off

    def judge(
        self,
        answer_id: str,
        reviewer: str,
        judgement: Judgement,
        *,
        seen: int | None,
        heard: int | None = None,
        seconds: float = 0.0,
    ) -> Review:
        """Add a review; what it approves is signed off with it, what it replaces is no longer served.

        Args:
            answer_id: of the logged answer.
            reviewer: account.
            judgement: what is said.
            seen: the review that was in force when the reviewer opened the answer, None where there was none.
            heard: the last feedback that the reviewer was shown; by default all there is.
            seconds: how long the answer was open.

        Raises:
            JudgedMeanwhileError: another review is in force by now than the one `seen`.
            EditRefusedError: a sentence of the edited answer isn't borne out by what it cites.
            InputError: the judgement doesn't fit the answer.
            NotFoundError: there is no such answer.
        """
        if judgement.edited:
            self._editor.check_answer(judgement.edited)
        self._signed_off.prepare(answer_id)
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT answer, review_id FROM answers WHERE answer_id = ?", (answer_id,)
            ).fetchone()
            if row is None:
                raise NotFoundError(
                    f"There is no answer {answer_id}.", "It may have been older than what the log keeps."
                )
            _check(judgement, Answer.model_validate_json(row["answer"]))
            former = _in_force(connection, answer_id)
            if former and former.reviewer == reviewer and former.judgement == judgement:
                return former  # sent twice
            if (former.review_id if former else None) != seen:
                raise JudgedMeanwhileError(former)
            review = _add(connection, answer_id, reviewer, judgement, former, heard, min(seconds, MAX_SECONDS))
            for served in {former.review_id if former else None, row["review_id"]} - {None}:
                self._signed_off.withdraw(connection, served, reviewer, Because.REPLACED)
            self._signed_off.approve(connection, review)
            audit.note(
                connection,
                reviewer,
                "review",
                answer_id,
                review=review.review_id,
                verdict=review.verdict,
                edited=review.edited is not None,
                replaces=review.replaces,
            )
        return review

    def undo(self, review_id: int, account: str, *, admin: bool = False) -> Review:
        """Take a review back; the one it replaced is in force again, with what that approved.

        Raises:
            JudgedMeanwhileError: the answer was judged again since.
            ForbiddenError: it is another's review, and `account` isn't an admin's.
            NotFoundError: there is no such review.
        """
        self._signed_off.prepare(self.get(review_id).answer_id)
        with self._database.transaction() as connection:
            review = _get(connection, review_id)
            if review.undone_at:
                return review  # sent twice
            if review.reviewer != account and not admin:
                raise ForbiddenError(
                    f"The review is {review.reviewer}'s, and only they or an admin can undo it.",
                    "Judge the answer again instead: yours then counts.",
                )
            in_force = _in_force(connection, review.answer_id)
            if in_force and in_force.review_id != review_id:
                raise JudgedMeanwhileError(in_force)
            connection.execute("UPDATE reviews SET undone_at = ? WHERE review_id = ?", (utc_now(), review_id))
            self._signed_off.withdraw(connection, review_id, account, Because.UNDONE)
            former = _in_force(connection, review.answer_id)
            if former:
                self._signed_off.approve(connection, former)
            audit.note(connection, account, "undo", review.answer_id, review=review_id, reviewer=review.reviewer)
            return _get(connection, review_id)

    def get(self, review_id: int) -> Review:
        """The review with this number.

        Raises:
            NotFoundError: there is none.
        """
        with self._database.reading() as connection:
            return _get(connection, review_id)

    def of(self, answer_id: str) -> list[Review]:
        """All reviews of an answer, newest first, undone ones included."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM reviews WHERE answer_id = ? ORDER BY review_id DESC", (answer_id,)
            )
            return [review_from(row) for row in rows]

    def in_force(self, answer_id: str) -> Review | None:
        """The last review of an answer that isn't undone."""
        with self._database.reading() as connection:
            return _in_force(connection, answer_id)


def _check(judgement: Judgement, answer: Answer) -> None:
    allowed = OF_REFUSAL if answer.refused else OF_ANSWER
    if judgement.verdict not in allowed:
        raise InputError(
            f"{'A refusal' if answer.refused else 'An answer'} can't be judged “{judgement.verdict}”.",
            f"It can be: {', '.join(allowed)}.",
        )
    if len(judgement.sentences) != len(answer.sentences):
        raise InputError(
            f"{len(judgement.sentences)} verdicts were given for {len(answer.sentences)} sentences.",
            "Reload the page and judge again.",
        )
    unsupported = SentenceVerdict.NOT in judgement.sentences
    if judgement.verdict is Verdict.GOOD and unsupported and judgement.edited is None:
        raise InputError(
            "A good answer has no unsupported sentence.", "Drop or replace that sentence, or choose another verdict."
        )
    if len(judgement.note) > MAX_NOTE:
        raise InputError(
            f"The note has {len(judgement.note)} characters; at most {MAX_NOTE} are kept.", "Shorten it."
        )


def _add(
    connection: sqlite3.Connection,
    answer_id: str,
    reviewer: str,
    judgement: Judgement,
    former: Review | None,
    heard: int | None,
    seconds: float,
) -> Review:
    if heard is None:
        heard = connection.execute("SELECT coalesce(max(feedback_id), 0) FROM feedback").fetchone()[0]
    values = {
        "answer_id": answer_id,
        "reviewer": reviewer,
        "created_at": utc_now(),
        "verdict": judgement.verdict,
        "sentences": json.dumps(judgement.sentences),
        "note": judgement.note,
        "edited": judgement.edited.model_dump_json() if judgement.edited else None,
        "seconds": round(seconds, 1),
        "replaces": former.review_id if former else None,
        "heard": heard,
    }
    added = connection.execute(
        f"INSERT INTO reviews ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", tuple(values.values())
    )
    return _get(connection, int(added.lastrowid or 0))


def _get(connection: sqlite3.Connection, review_id: int) -> Review:
    row = connection.execute("SELECT * FROM reviews WHERE review_id = ?", (review_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no review {review_id}.")
    return review_from(row)


def _in_force(connection: sqlite3.Connection, answer_id: str) -> Review | None:
    row = connection.execute(
        "SELECT * FROM reviews WHERE answer_id = ? AND undone_at IS NULL ORDER BY review_id DESC LIMIT 1",
        (answer_id,),
    ).fetchone()
    return review_from(row) if row else None


def review_from(row: sqlite3.Row) -> Review:
    """A row of `reviews` as the review that it holds."""
    verdicts: Sequence[str | None] = json.loads(row["sentences"])
    return Review(
        review_id=row["review_id"],
        answer_id=row["answer_id"],
        reviewer=row["reviewer"],
        created_at=datetime.fromisoformat(row["created_at"]),
        verdict=Verdict(row["verdict"]),
        sentences=tuple(SentenceVerdict(each) if each else None for each in verdicts),
        note=row["note"],
        edited=Answer.model_validate_json(row["edited"]) if row["edited"] else None,
        seconds=row["seconds"],
        replaces=row["replaces"],
        undone_at=datetime.fromisoformat(row["undone_at"]) if row["undone_at"] else None,
    )
