"""Whether two questions ask the same, so that the answer to one may be given to the other.

Embeddings say that two questions are about the same; they can't tell "Can refugees work?" from "Can refugees vote?"
or from "Can't refugees work?". So likeness only finds candidates. Then everything that a question says has to be in
the other one too, as it stands or in words that mean the same: what is asked for, names, numbers, times, denials,
what is possible or required, and who does it to whom.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np

from rag.answer import Turn
from rag.claims.names import same_word
from rag.conversation import context_of
from rag.passages import Vectors
from rag.question_actors import same_parts
from rag.question_wording import Wording, wording
from rag.question_words import GROUPS, LIGHT, LIGHT_WHEN, SAME_KIND, UNLIKE
from rag.word_forms import FAMILY, likeness

__all__ = ["ALIKE", "KnownQuestions", "Wording", "difference", "same_question", "stands_alone", "wording"]

Key = TypeVar("Key", bound=Hashable)

# Cosine from which two questions are compared at all. Of the 427 written paraphrases that the rest takes as the same,
# the least alike have 0.78. It can do no more: 93 % of the paraphrases and 52 % of the near misses have 0.9 or more.
ALIKE = 0.7
CANDIDATES = 20  # of the likest questions, so many are compared word by word

_ARTICLES = frozenset({"a", "an", "the"})
_SUBJECT = {"me": "i", "him": "he", "them": "they"}  # "Can I bring my wife?", "Can my wife bring me?"
_AGENTS = re.compile(r"(?:er|or)s?$")


def same_question(a: str, b: str, day_a: date, day_b: date, cosine: float) -> bool:
    """Whether `a`, asked on `day_a`, and `b`, asked on `day_b`, whose embeddings have this cosine, ask the same."""
    return cosine >= ALIKE and difference(wording(a, day_a), wording(b, day_b)) is None


def stands_alone(question: str, history: Sequence[Turn]) -> bool:
    """Whether `question` means the same with and without the conversation before it."""
    return not context_of(question, [turn.content for turn in history if turn.role == "user"])


def difference(a: Wording, b: Wording) -> str | None:
    """In what two questions differ; None when they ask the same."""
    if not (a.whole and b.whole):
        return "conversation"
    if not _same_kind(a, b):
        return "kind"
    if a.when.spans != b.when.spans or ((a.now or b.now) and a.when.as_of != b.when.as_of):
        return "time"
    if a.denials != b.denials:
        return "denial"
    if not _same_mode(a, b):
        return "mode"
    paired = _paired(a.words, b.words, LIGHT_WHEN.get(a.kind, frozenset()) | LIGHT_WHEN.get(b.kind, frozenset()))
    if paired is None:
        return "words"
    counted = {paired.get(word, word) for word in b.counted}
    if a.counted and counted and not a.counted & counted:
        return "counted"
    if not same_parts(a.actors, b.actors, paired) or not _same_part_of_who(a.order, b.order):
        return "parts"
    if a.kind != "where" and _up_to(a.order) != _up_to(b.order):
        return "amount"
    return None if _same_order(a.order, b.order) else "order"


class KnownQuestions(Generic[Key]):
    """Questions in memory, among which the one that asks the same is found; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: list[tuple[Key, Wording]] = []
        self._vectors: Vectors = np.zeros((0, 0), np.float32)

    def __len__(self) -> int:
        return len(self._known)

    def fill(self, questions: Iterable[tuple[Key, str, Vectors, date]]) -> None:
        """Forget all, and know `questions`: key, words, embedding of length 1, and the day each was asked for."""
        every = list(questions)
        known = [(key, wording(question, day)) for key, question, _, day in every]
        vectors = np.stack([vector for _, _, vector, _ in every]) if every else np.zeros((0, 0), np.float32)
        with self._lock:
            self._known, self._vectors = known, vectors

    def find(self, question: str, vector: Vectors, day: date) -> Key | None:
        """The key of the likest question that asks the same as `question`; None where there is none."""
        with self._lock:
            known, vectors = self._known, self._vectors
        if not known:
            return None
        cosines = vectors @ vector
        near = np.flatnonzero(cosines >= ALIKE)
        best = near[np.argsort(-cosines[near], kind="stable")][:CANDIDATES]
        asked = wording(question, day)
        for i in best.tolist():
            if difference(known[i][1], asked) is None:
                return known[i][0]
        return None


def _same_kind(a: Wording, b: Wording) -> bool:
    return a.kind == b.kind or frozenset((a.kind, b.kind)) in SAME_KIND


def _same_mode(a: Wording, b: Wording) -> bool:
    if a.kind == "when" and {a.mode, b.mode} <= {"", "will"}:
        return {a.tense, b.tense} != {"past", "present"} and not (
            "will" in (a.mode, b.mode) and "past" in (a.tense, b.tense)
        )
    if a.mode != b.mode:
        return False
    return not a.tense or not b.tense or a.tense == b.tense


def _paired(a: frozenset[str], b: frozenset[str], light: frozenset[str]) -> Mapping[str, str] | None:
    """For each word of `b` what says the same in `a`; None where a word has no counterpart."""
    paired = {word: word for word in a & b}
    missing, left = sorted(a - b), sorted(b - a)
    for word in list(missing):
        other = next((o for o in left if _same_word(word, o)), None)
        if other is None:
            if word in light:
                continue
            other = next((o for o in b if _same_word(word, o)), None)  # "the plan … the scheme" said twice
            if other is None:
                return None
            continue
        paired[other] = word
        left.remove(other)
    for word in left:
        if word not in light and not any(_same_word(word, other) for other in a):
            return None
    return paired


@lru_cache(maxsize=100_000)
def _same_word(a: str, b: str) -> bool:
    if GROUPS.get(a, frozenset()) & GROUPS.get(b, frozenset()):
        return True
    if same_word(a, b):
        return True
    if a[0].isdigit() or b[0].isdigit() or _AGENTS.search(a) is not None or _AGENTS.search(b) is not None:
        return False
    return likeness(a, b) == FAMILY and frozenset((a, b)) not in UNLIKE


def _same_part_of_who(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether both ask who does it, or both to whom: "Who did the judge sue?" isn't "Who sued the judge?"."""
    if _to_whom(a) == _to_whom(b):
        return True
    return "by" in (b if _to_whom(a) else a)  # "Who was sued by the judge?"


def _to_whom(order: Sequence[str]) -> bool:
    return tuple(order[:2]) in {("who", "do"), ("whom", "do")}


def _up_to(order: Sequence[str]) -> bool:
    """Whether an amount is one that is reached, "rose to 50", not one that is added, "rose by 50"."""
    after = dict(zip(order, (*order[1:], ""), strict=True))
    return "to" in after and (not after["to"] or after["to"][0].isdigit())


def _same_order(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two questions of the very same words put them in an order that means the same.

    "Can a nephew bring his uncle?" has the words of "Can an uncle bring his nephew?". What may stand in front as well
    as behind ("In Italy, …") only turns the order round.
    """
    a, b = ([_SUBJECT.get(word, word) for word in order] for order in (a, b))
    if sorted(set(a) - _ARTICLES) != sorted(set(b) - _ARTICLES):
        return True
    first, second = ([word for word in order if word not in LIGHT] for order in (a, b))
    turned = len(first) > 2 and any(first[i:] + first[:i] == second for i in range(len(first)))
    return first == second or turned
