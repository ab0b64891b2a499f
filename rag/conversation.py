"""What a question means in its conversation: with which texts it is retrieved, and what it says in full."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer import Turn
from rag.passages import Vectors
from rag.retriever import WeightedQuery
from rag.terms import content_words

Embed = Callable[[str], Vectors]
"""A text's embedding, of length 1."""

# Shares of the recent questions with the last one, and of the last answer, for a question that wholly depends on
# them; the last question has the rest. Chosen with the bounds below on MTRAG-UN's ClapNQ conversations, on the golden
# follow-ups, and on the golden standalone questions put behind somebody else's conversation (nDCG@5 0.916, 0.949 and
# 0.928; the last question alone 0.888, 0.354 and 0.915; the same blend for every question 0.909, 0.863 and 0.939).
QUESTIONS, LAST_ANSWER = 0.3, 0.2
RECENT_QUESTIONS = 3
MAX_ANSWER_CHARS = 1000  # the embedding window holds no more
# Cosine between a question and the conversation at which it begins to count as going on with it, and wholly does.
NEW_TOPIC, SAME_TOPIC = 0.2, 0.4
POINTS_BACK = 0.7  # how much a question depends that has a pronoun: it may well point inside the question
FEW_WORDS = 3  # content words; a question with no more says too little alone
CONTEXT_SHARE = 0.6  # of the meaning of a question that points back, in what its conversation says

_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|theirs|he|she|him|her|his|hers|this|that|these|those|there|ones?|same|such|others?"
    r"|another|else|former|latter)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"^\W*(and|but|or|also|then|so|ok|okay|what about|how about|even if|even)\b", re.IGNORECASE)
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


def understand(question: str, history: Sequence[Turn], embed: Embed) -> Understood:
    """What `question` means after `history`."""
    alone = embed(question)
    asked = [turn.content for turn in history if turn.role == "user" and turn.content.strip()]
    said = [turn.content for turn in history if turn.role == "assistant" and turn.content.strip()]
    if not asked and not said:
        return Understood((WeightedQuery(question, 1.0),), "", alone)

    recent = "\n".join([*asked[-RECENT_QUESTIONS:], question]) if asked else ""
    answer = said[-1][:MAX_ANSWER_CHARS] if said else ""
    near = max(float(alone @ embed(text)) for text in ("\n".join(asked[-RECENT_QUESTIONS:]), answer) if text)
    share = max(_reliance(question), min(1.0, max(0.0, (near - NEW_TOPIC) / (SAME_TOPIC - NEW_TOPIC))))
    parts = [(recent, QUESTIONS * share), (answer, LAST_ANSWER * share)]
    further = [WeightedQuery(text, weight) for text, weight in parts if text and weight > 0]
    first = WeightedQuery(question, 1 - sum(query.weight for query in further))

    context = context_of(question, asked)
    vector = alone
    if context:
        mixed = (1 - CONTEXT_SHARE) * alone + CONTEXT_SHARE * embed(f"{context} {question}")
        vector = (mixed / np.linalg.norm(mixed)).astype(np.float32)
    return Understood((first, *further), context, vector)


def context_of(question: str, asked: Sequence[str]) -> str:
    """What `question` takes over from the questions before it, oldest first in `asked`; "" when it stands alone.

    A question that points back takes over the last one, which may itself take over an earlier one. A year that the
    question names replaces the years asked about before ("and in 2022?").
    """
    if not asked or not _reliance(question):
        return ""
    *earlier, last = asked[-RECENT_QUESTIONS:]
    taken = " ".join(filter(None, (context_of(last, earlier), last)))
    if _YEAR.search(question):
        taken = " ".join(_YEAR.sub(" ", taken).split())
    return taken


def _reliance(question: str) -> float:
    """How much the wording alone says that a question can't be understood by itself, in [0, 1]."""
    if _GOES_ON.match(question) or len(content_words(question)) <= FEW_WORDS:
        return 1.0
    return POINTS_BACK if _POINTS_BACK.search(question) else 0.0
