"""What a question means in its conversation: with which texts it is retrieved, and what it says in full."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.answer import Turn
from rag.passages import Vectors
from rag.retriever import WeightedQuery
from rag.term_weights import term_weights

Embed = Callable[[str], Vectors]
"""A text's embedding, of length 1."""
Information = Callable[[str], float]
"""How much a text says: the rarity of its content words in nats, summed up (see `rag.term_weights`)."""

# The shares that the earlier questions with the last one, and the last answer, have in the score; the last question
# has the rest. The first pair is for a question that wholly relies on them, the second is added for one that says
# next to nothing. These and the bounds below were chosen on MTRAG-UN's ClapNQ conversations, on the golden follow-ups
# and on standalone questions (golden, xquad-en) put behind somebody else's conversation: nDCG@5 of the questions with
# a conversation 0.928 and 1.000, no loss for the others; with no history at all 0.879 and 0.346.
QUESTIONS, LAST_ANSWER = 0.3, 0.2
MORE_QUESTIONS, MORE_LAST_ANSWER = 0.15, 0.15
RECENT_QUESTIONS = 3
MAX_ANSWER_CHARS = 1000  # the embedding window holds no more
# What a question must say, in nats, to be more than nothing, not to be nothing, and to stand alone: the golden
# follow-ups say 2 to 11 ("and in 2022?" 1.8), the golden standalone questions 12 to 36.
NOTHING, LITTLE, ENOUGH = 3.0, 8.0, 14.0
POINTER = 8.0  # what a pronoun takes off that: "what did the ministers say about it?" says 10
# Cosine between a question and the conversation at which it begins to count as going on with it, and wholly does.
NEW_TOPIC, SAME_TOPIC = 0.2, 0.5
# The same for a question whose wording points back: "how old is he?" is near nothing, but behind a conversation
# about something else half of the standalone questions stay below 0.05 and nearly all below 0.25.
UNRELATED, RELATED = 0.05, 0.25
POINTS_BACK = 0.7  # how much a question relies that has a pronoun: it may well point inside the question
REWRITE = 0.3  # of the score, for the question as a language model says it in full
CONTEXT_SHARE = 0.6  # of the meaning of a question that relies on its conversation, in what that says

_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|theirs|he|she|him|her|his|hers|this|that|these|those|there|ones|same|such|others?"
    r"|another|else|former|latter|(?:the|which|next|last|first|second|other) one)\b",
    re.IGNORECASE,
)
# Of these, "its" and "their" mostly stand for what the question itself names, "that" and "there" often for nothing.
_POINTER = re.compile(r"\b(it|they|them|he|she|him|this|these|those)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"^\W*(and|but|or|also|then|so|ok|okay|hm+|oh|well|i see|what about|how about|even if|even)\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Understood:
    """A question in its conversation.

    Attributes:
        queries: what it is retrieved with, the question first.
        context: what earlier questions say that this one leaves out; "" for one that stands alone.
        vector: the embedding that sentences are compared with, of length 1.
    """

    queries: tuple[WeightedQuery, ...]
    context: str
    vector: Vectors


def everyday_information(text: str) -> float:
    """How much `text` says by what is rare in everyday text, whatever the corpus."""
    return sum(term_weights(text, {}, 0).values())


def understand(
    question: str, history: Sequence[Turn], embed: Embed, information: Information = everyday_information
) -> Understood:
    """What `question` means after `history`.

    Args:
        question: the last question.
        history: what was said before, oldest first.
        embed: embeds a text.
        information: says how much a text says, by default whatever the corpus.
    """
    alone = embed(question)
    asked = [turn.content for turn in history if turn.role == "user" and turn.content.strip()]
    said = [turn.content for turn in history if turn.role == "assistant" and turn.content.strip()]
    if not asked and not said:
        return Understood((WeightedQuery(question, 1.0),), "", alone)

    answer = said[-1][:MAX_ANSWER_CHARS] if said else ""
    near = max(float(alone @ embed(text)) for text in ("\n".join(asked[-RECENT_QUESTIONS:]), answer) if text)
    nearest = max(near, float(alone @ embed(asked[-1]))) if asked else near
    says = information(question)
    lacking = 1 - _ramp(says - (POINTER if _POINTER.search(question) else 0.0), NOTHING, LITTLE)
    worded = max(
        lacking,
        1.0 if _GOES_ON.match(question) else 0.0,
        _ramp(nearest, UNRELATED, RELATED) * _reliance(question, says),
    )
    relies = max(worded, _ramp(near, NEW_TOPIC, SAME_TOPIC))

    context = context_of(question, asked, information) if worded else ""
    in_full = f"{context} {question}"
    parts = [
        (in_full if context else "", QUESTIONS * relies + MORE_QUESTIONS * lacking),
        (answer, LAST_ANSWER * relies + MORE_LAST_ANSWER * lacking),
    ]
    further = [WeightedQuery(text, weight) for text, weight in parts if text and weight > 0]
    first = WeightedQuery(question, 1 - sum(query.weight for query in further))

    vector = alone
    if context:
        mixed = (1 - CONTEXT_SHARE) * alone + CONTEXT_SHARE * embed(in_full)
        vector = (mixed / np.linalg.norm(mixed)).astype(np.float32)
    return Understood((first, *further), context, vector)


def with_rewrite(understood: Understood, rewritten: str) -> Understood:
    """`understood`, retrieved also with the question as a language model says it in full; unchanged for ""."""
    if not rewritten:
        return understood
    kept = (replace(query, weight=query.weight * (1 - REWRITE)) for query in understood.queries)
    return replace(understood, queries=(*kept, WeightedQuery(rewritten, REWRITE)))


def context_of(question: str, asked: Sequence[str], information: Information = everyday_information) -> str:
    """What `question` takes over from the questions before it, oldest first in `asked`; "" when it stands alone.

    A question that points back takes over the last one, which may itself take over an earlier one. A year that the
    question names replaces the years asked about before ("and in 2022?").
    """
    if not asked or not _reliance(question, information(question)):
        return ""
    *earlier, last = asked[-RECENT_QUESTIONS:]
    taken = " ".join(filter(None, (context_of(last, earlier, information), last)))
    if _YEAR.search(question):
        taken = " ".join(_YEAR.sub(" ", taken).split())
    return taken


def _reliance(question: str, says: float) -> float:
    """How much the wording alone says that a question can't be understood by itself, in [0, 1].

    Args:
        question: the question.
        says: its information.
    """
    if _GOES_ON.match(question):
        return 1.0
    return max(1 - _ramp(says, LITTLE, ENOUGH), POINTS_BACK if _POINTS_BACK.search(question) else 0.0)


def _ramp(value: float, low: float, high: float) -> float:
    """Where `value` stands between `low`, which is 0, and `high`, which is 1."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
