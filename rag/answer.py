"""The answer that every way in gives: command line, web, API and Python."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Base of the contract: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(Model):
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


class Reason(StrEnum):
    """Why a question was refused."""

    NOTHING_INDEXED = "nothing_indexed"
    FILTERED = "filtered"
    OTHER_DOMAIN = "other_domain"
    TIME_NOT_COVERED = "time_not_covered"
    FALSE_PREMISE = "false_premise"
    UNDERSPECIFIED = "underspecified"
    NOT_COVERED = "not_covered"
    OWN_CASE = "own_case"


class Citation(Model):
    """The place in an article that a sentence rests on: `article text[start:end] == quote`."""

    n: int = Field(description="The number in the answer's [n] markers.", ge=1)
    article_id: str
    version: int = Field(description="Version of the article that was quoted; it never changes.", ge=1)
    title: str
    source: str = Field(description="Outlet.")
    url: str | None
    published: date | None
    quote: str = Field(description="Exact words of the article.")
    also: tuple[str, ...] = Field((), description="Other outlets that printed the same report.")
    start: int = Field(description="Character offset of the quote in that version's text.", ge=0)
    end: int = Field(description="Character offset behind the quote.", ge=0)


class Sentence(Model):
    """A sentence of the answer and the citations it rests on."""

    text: str
    citations: tuple[int, ...]
    support: float = Field(description="How well the citations support it, by the verifier.", ge=0, le=1)


class Note(Model):
    """Something that the reader should know beside the answer."""

    kind: Literal["conflict", "superseded", "corrected", "stale"]
    text: str = Field(description="In English.")
    key: str = Field(default="", description="Which wording it is, for those who put it in another language.")
    values: dict[str, str] = Field(
        default_factory=dict, description="What the wording is filled with: figures, outlets, ISO dates."
    )


class Decision(Model):
    """What was decided about a sentence, for those who check answers."""

    step: Literal["select", "write", "verify"]
    text: str
    outcome: str = Field(description='"shown", or why not.')
    score: float


class Headline(Model):
    """An article that lies near a refused question."""

    article_id: str
    title: str
    source: str
    published: date | None


class Answer(Model):
    """A cited answer, or a refusal.

    `refused` answers have a `reason`, no sentences and no citations; `answer` then says what was looked for.
    """

    question: str
    answer: str = Field(description="The answer with [n] markers, or the refusal's words.")
    refused: bool
    reason: Reason | None = None
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    notes: tuple[Note, ...] = ()
    nearest: tuple[Headline, ...] = Field((), description="For a refusal: articles that lie near.")
    confidence: float = Field(description="Calibrated probability that the passages answer the question.", ge=0, le=1)
    as_of: date = Field(description="The day that the question is asked for.")
    model: str = Field(description='"extractive", or the language model that wrote.')
    settings: str = Field(description="Fingerprint of the settings that were in force.")
    reviewed_on: date | None = Field(default=None, description="The day that staff approved it; mostly None.")
    review_id: int | None = Field(default=None, exclude=True, description="Of that review; only the log has it.")
    trace: tuple[Decision, ...] = Field((), description="What became of each sentence that was considered.")
    timings_ms: dict[str, float]
