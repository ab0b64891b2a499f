"""How the console calls what the log holds, and the keys that say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeVar

from eval.growing import Status
from rag.answer import Reason
from ui.answer_log.models import FeedbackReason
from ui.staff.queue_upkeep import Signal
from ui.staff.reviews import SentenceVerdict, Verdict
from ui.staff.signing_off import Because

K = TypeVar("K")


@dataclass(frozen=True)
class Choice:
    """A verdict as a button shows it: its key, its name, and what it means."""

    key: str
    name: str
    meaning: str = ""


@dataclass(frozen=True)
class Wording:
    """Every name, by what it names."""

    verdicts: Mapping[Verdict, Choice]
    refusal_verdicts: Mapping[Verdict, Choice]
    sentences: Mapping[SentenceVerdict, Choice]
    signals: Mapping[Signal, str]
    reasons: Mapping[Reason, str]
    feedback: Mapping[FeedbackReason, str]
    because: Mapping[Because, str]
    golden: Mapping[Status, str]

    @property
    def all_verdicts(self) -> Mapping[Verdict, Choice]:
        """The verdicts on answers and on refusals."""
        return {**self.refusal_verdicts, **self.verdicts}

    def verdict(self, verdict: Verdict, refused: bool) -> Choice:
        """The verdict on an answer or on a refusal."""
        return (self.refusal_verdicts if refused else self.verdicts)[verdict]

    def ago(self, moment: datetime) -> str:
        """How long ago: "now", "5 min", "3 h", "2 days"; later the day."""
        minutes = int((datetime.now(UTC) - moment).total_seconds() // 60)
        if minutes < 1:
            return "now"
        if minutes < 60:
            return f"{minutes} min ago"
        if minutes < 24 * 60:
            return f"{minutes // 60} h ago"
        days = minutes // (24 * 60)
        if days < 14:
            return "yesterday" if days == 1 else f"{days} days ago"
        return f"{moment.day} {moment:%b %Y}"


def _fixed(values: dict[K, str]) -> Mapping[K, str]:
    return MappingProxyType(values)


WORDING = Wording(
    verdicts=MappingProxyType(
        {
            Verdict.GOOD: Choice("g", "Good", "All of it is right: serve it to whoever asks the same."),
            Verdict.WRONG: Choice("w", "Wrong", "It says something false, or answers another question."),
            Verdict.INCOMPLETE: Choice("i", "Incomplete", "Something that matters is missing."),
            Verdict.SHOULD_REFUSE: Choice("f", "Should have refused", "The articles don't answer the question."),
            Verdict.OUTDATED: Choice("o", "Outdated", "It was right, but things have changed."),
        }
    ),
    refusal_verdicts=MappingProxyType(
        {
            Verdict.GOOD: Choice("g", "Rightly refused", "The articles don't answer the question."),
            Verdict.SHOULD_ANSWER: Choice("s", "Should have answered", "The articles do answer it."),
            Verdict.WRONG: Choice("w", "Wrong reason", "It had to be refused, but not for that."),
        }
    ),
    sentences=MappingProxyType(
        {
            SentenceVerdict.SUPPORTED: Choice("1", "Supported"),
            SentenceVerdict.PARTLY: Choice("2", "Partly"),
            SentenceVerdict.NOT: Choice("3", "Not"),
        }
    ),
    signals=_fixed(
        {
            Signal.UNHELPFUL: "Voted down",
            Signal.WITHDRAWN: "Sign-off withdrawn",
            Signal.DOUBTFUL: "Weak support",
            Signal.CONFLICT: "Sources conflict",
            Signal.STALE: "Old sources",
            Signal.OFTEN: "Asked often",
        }
    ),
    reasons=_fixed(
        {
            Reason.NOTHING_INDEXED: "no articles at all",
            Reason.FILTERED: "nothing left by the filters",
            Reason.OTHER_DOMAIN: "another subject",
            Reason.TIME_NOT_COVERED: "that time isn't covered",
            Reason.FALSE_PREMISE: "rests on a false premise",
            Reason.UNDERSPECIFIED: "the question is too vague",
            Reason.NOT_COVERED: "not in the articles",
            Reason.OWN_CASE: "a case of one's own",
        }
    ),
    feedback=_fixed(
        {
            FeedbackReason.WRONG: "wrong",
            FeedbackReason.UNSUPPORTED: "not in the sources",
            FeedbackReason.OUTDATED: "outdated",
            FeedbackReason.SHOULD_ANSWER: "should be answered",
            FeedbackReason.OTHER: "something else",
        }
    ),
    because=_fixed(
        {
            Because.UNDONE: "its review was undone",
            Because.REPLACED: "another answer was approved",
            Because.NEW_VERSION: "a cited article has changed",
            Because.REMOVED: "a cited article was taken out",
            Because.FLAGGED: "a cited article or outlet was flagged",
            Because.NEWER_ARTICLES: "newer articles on it have arrived",
        }
    ),
    golden=_fixed(
        {
            Status.ADDED: "It is a golden case now: the next export takes it to the gate.",
            Status.KNOWN: "It is a golden case already.",
            Status.DUPLICATE: "Another golden case asks the same and expects the same, so there is nothing to do.",
            Status.CONTRADICTION: "Another golden case asks the same but expects something else: judge one again.",
            Status.OTHER_DOCUMENT: "The golden set has another text under the key of an article that it rests on.",
        }
    ),
)
