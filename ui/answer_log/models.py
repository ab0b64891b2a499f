"""What the answer log holds: answers as they were given, and what readers thought of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rag.answer import Answer, Turn

MAX_COMMENT = 2000  # characters


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
        id: random, fit for a URL; "" for an answer that isn't kept (the log is off, or failed), which has no
            permanent link.
        created_at: UTC.
        history: the turns before the question, oldest first.
        group_id: what nearly identical questions share: the id of the first of them.
        review_id: the signed-off review that was served, if it was one.
    """

    id: str
    created_at: datetime
    answer: Answer
    history: tuple[Turn, ...] = ()
    group_id: str = ""
    review_id: int | None = None
