"""What a sentence says, apart from its values, and how much of it another says, too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from rag.claims import Token, facts
from rag.claims.names import same_word
from rag.claims.opposites import SIDES, synonyms
from rag.claims.tokens import total_weight, weight
from rag.entailment.source import like_any, within
from rag.offers import begins_with_anaphor

LEAST_SHARED = 9.0  # weight of the words and names of two sentences about the same thing: about three rare words
# Sentences whose subject stands elsewhere say nothing that could be compared.
_POINTS_ELSEWHERE = re.compile(
    r"^\W*(?:(?:in|by|since|until|for|of|on|at|during) [^,]{1,40}, )?(?:(?:it|they|he|she|both|another|others?)\b"
    r"|(?:the|that|this|those|these|such)\b\s+(?:(?!year|month|week)\w+ )?"
    r"(?:total|figures?|numbers?|count|rise|fall|drop|increase|decrease|estimates?|share|same|former|latter|two|result|rest"
    r"|change|data|measures?|regulations?|rules?|scheme|program(?:me)?|policy|order|plan)\b(?! (?:of|for|on|to|that"
    r"|which)\b)"
    r"|(?:more|about|around|some|almost|nearly|most|half)?\s*[\d.,]+ ?(?:%|per ?cent|million|billion)(?= (?:of|were"
    r"|was|had|lived|came))"
    r")",
    re.IGNORECASE,
)
# These only look as if they pointed elsewhere: "this year", "the plan for care workers", "the Department of Labour".
_TELLS_WHICH = re.compile(
    r"\W*(?:(?:this|that) (?:year|month|week|spring|summer|autumn|winter)\b|the \w+ (?:of|for|on|to|that|which"
    r"|in)\b)",
    re.IGNORECASE,
)
_THERE = re.compile(r"\bthere\b(?! (?:is|are|was|were|has|have|had|will|would|may|might|could|can)\b)", re.IGNORECASE)
_CORRECTS = re.compile(
    r"\b(?:correction|corrected|correcting|corrects|clarification|editor['’]?s['’]? note|amended|earlier version"
    r"|(?:was|were|has been|have been|has(?: since)?|have(?: since)?) revised|revis(?:es|ed|ing) (?:its|the|their"
    r"|from|net)"
    r"|(?:we|it) (?:wrote|reported|stated)|as (?:we )?(?:reported|stated)|had first put|first put)\b",
    re.IGNORECASE,
)
REPORTING = frozenset(
    "say sai said tell told report accord count record announc show put estim number total rule figur data".split()
)


@dataclass(frozen=True)
class Reported:
    """A sentence of an article.

    Attributes:
        text: the sentence.
        source: the outlet.
        published: the day the article was published.
        title: its headline.
        article_id: which article it is; sentences of one article aren't compared.
    """

    text: str
    source: str
    published: date | None
    title: str = ""
    article_id: str = ""


class Statement:
    """A reported sentence with what is compared of it."""

    def __init__(self, reported: Reported) -> None:
        self.reported = reported
        self.facts = facts(reported.text, reported.published)

    @cached_property
    def words(self) -> frozenset[str]:
        """The keys of the content words that are no values: no numbers, dates, names, and no words of reporting."""
        text = self.facts
        return frozenset(
            t.key
            for t in text.tokens
            if t.content and t.key not in REPORTING and not t.text[0].isdigit() and not within(t.start, text.values)
        )

    @cached_property
    def name_keys(self) -> frozenset[str]:
        """The keys of the words of its names."""
        return frozenset(k for name in self.facts.names for k in name.keys)

    @cached_property
    def stands_alone(self) -> bool:
        """Whether it says itself what it is about."""
        text = self.reported.text
        first = next(iter(self.facts.attributions), None)
        if first and first.start < first.scope[0]:  # "The ministry said that 98,000 Syrians"
            text = text[first.scope[0] :].strip().removeprefix("that ")
        points = begins_with_anaphor(text) and not _TELLS_WHICH.match(text)
        return not (points or _POINTS_ELSEWHERE.match(text) or _THERE.search(text))

    @cached_property
    def corrects(self) -> bool:
        """Whether it says that something was wrong before."""
        return _CORRECTS.search(self.reported.text) is not None

    @cached_property
    def weight(self) -> float:
        """Of all its words."""
        return total_weight(self.words)


@dataclass(frozen=True, slots=True)
class Common:
    """What two statements have in common.

    Attributes:
        weight: of the words and names that both have.
        first: the share of the first one's that the other has.
        second: the share of the second one's.
        foreign: the lesser of the weights of the words that one has and the other hasn't.
    """

    weight: float
    first: float
    second: float
    foreign: float


def common(a: Statement, b: Statement) -> Common | None:
    """What two statements have in common; None when it is too little to be about the same thing."""
    names = total_weight({k for k in a.name_keys if any(same_word(k, other) for other in b.name_keys)})
    # What is alike can add little to what is the same; most pairs end here.
    if total_weight(a.words & b.words) + names < LEAST_SHARED / 2:
        return None
    foreign_a, foreign_b = _foreign(a.words, b.words), _foreign(b.words, a.words)
    shared_a, shared_b = a.weight - foreign_a, b.weight - foreign_b
    if min(shared_a, shared_b) + names < LEAST_SHARED:
        return None
    return Common(
        weight=min(shared_a, shared_b) + names,
        first=(shared_a + names) / max(a.weight + names, 1.0),
        second=(shared_b + names) / max(b.weight + names, 1.0),
        foreign=min(foreign_a, foreign_b),
    )


def replaced(a: Statement, b: Statement) -> bool:
    """Whether a word of one stands, behind the same word, for one of the other that means something else."""
    mine, theirs = _behind(a), _behind(b)
    return any(
        not (one.key in b.words or two.key in a.words or _alike(one.key, two.key))
        for before, one in mine.items()
        if (two := theirs.get(before)) and one.key in a.words and two.key in b.words
    )


def _behind(statement: Statement) -> dict[str, Token]:
    """By the key of a content word, the content word right behind it."""
    every = statement.facts.tokens
    return {one.key: two for one, two in pairwise(every) if one.content and two.content and two.gap == " "}


def _alike(a: str, b: str) -> bool:
    return like_any(a, frozenset({b})) or b in synonyms(a) or bool(axes(a) & axes(b))


def _foreign(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """The weight of the words of one text of which the other has nothing alike."""
    only_theirs = theirs - mine
    scales = {axis for k in only_theirs for axis in axes(k)}
    return sum(
        weight(k)
        for k in mine - theirs
        if not (like_any(k, only_theirs) or synonyms(k) & only_theirs or scales & axes(k))
    )


def axes(k: str) -> set[str]:
    """The scales of which the word with this key names an end: "up" for "rise" and "fall"."""
    return {axis for axis, _ in SIDES.get(k, ())}
