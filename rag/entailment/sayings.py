"""Does a claim state flatly, or in another's name, what somebody says in the quote?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.claims import Attribution, Facts
from rag.claims.tokens import clause_at, total_weight, weight
from rag.entailment.source import Failure, FailureKind, Source, keys_in, meet, within

_RELAYED = 0.5  # share of a claim's words for which the quote names somebody who says so
_MOST = 0.6  # share of what is said that is enough to take two sayings for the same
# By these, too, a claim tells whose opinion it is.
_HOLDS = re.compile(
    r"\b(?:sp(?:eaks?|oke) of|considers?|considered|finds?|found|regards?|deems?|sees?|calls?|called|disputes?|views?"
    r"|(?:un)?acceptable to|critici\w+|objects?|rejects?|according to)\b"
    r"|\bin [\w .-]+['’]s (?:words|view|opinion|eyes)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"][^“”\"]{12,}[”\"]")
_NUMBER_WEIGHT = 6.0  # about a rare word's
_WEAK = frozenset("accord report parliament told sai".split())
_PRONOUNS = frozenset({"he", "she", "they", "it"})


def attribution(claim: Facts, source: Source) -> Iterator[Failure]:
    """A flat claim of which the quote only has it that somebody says so."""
    quote = source.quote
    if claim.attributions or _HOLDS.search(claim.text):
        return
    relayed = [a.scope for a in quote.attributions if not a.firm]
    if not _QUOTED.search(claim.text):
        relayed += [match.span() for match in _QUOTED.finditer(quote.text)]
    firm = [a.scope for a in quote.attributions if a.firm]
    told, flat = frozenset[str](), frozenset[str]()
    for fact in _anchors(quote):
        if not within(fact.start, relayed):
            flat |= {fact.mark}
        elif not within(fact.start, firm):
            told |= {fact.mark}
    marks = frozenset(anchor.mark for anchor in _anchors(claim))
    if _marks_weight((marks & told) - flat) > _RELAYED * _marks_weight(marks & (told | flat)):
        said = next((a.text for a in quote.attributions if not a.firm), "quotes")
        yield Failure(FailureKind.ATTRIBUTION, f"the quote only has it that somebody “{said}” so")


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A word, number or name by which a claim is found in a quote."""

    mark: str
    start: int


def _anchors(text: Facts) -> Iterator[_Anchor]:
    for token in text.tokens:
        if token.content and token.key not in _WEAK and not token.capital:
            yield _Anchor(token.key, token.start)
    for quantity in text.quantities:
        yield _Anchor(f"#{quantity.value:g}", quantity.start)


def _marks_weight(marks: frozenset[str]) -> float:
    return sum(_NUMBER_WEIGHT if mark.startswith("#") else weight(mark) for mark in marks)


def speakers(claim: Facts, source: Source) -> Iterator[Failure]:
    """Words that somebody else said."""
    for stated in claim.attributions:
        if stated.firm:
            continue
        said = keys_in(claim, stated.scope)
        mine = _outside(claim, stated)
        names = [n for n in claim.names if not stated.scope[0] <= n.start < stated.scope[1]]
        if not said or not mine:
            continue
        alike = [
            g
            for g in source.quote.attributions
            if total_weight(said & keys_in(source.quote, g.scope)) >= _MOST * total_weight(said & source.keys)
        ]
        theirs = [_outside(source.quote, g) for g in alike]
        swapped = any(mine <= keys_in(source.quote, g.scope) for g in alike)
        if theirs and all(other and not meet(mine, other) for other in theirs) and (names or swapped):
            yield Failure(FailureKind.ROLES, f"“{stated.text}”: the quote has it from somebody else", True)
            return


def _outside(text: Facts, cue: Attribution) -> frozenset[str]:
    """The keys of who says it: of the clause's words outside the scope; empty where a pronoun says it."""
    start, end = clause_at(text.text, cue.start)
    speakers = [t for t in text.tokens if start <= t.start < end and not cue.scope[0] <= t.start < cue.scope[1]]
    if any(t.word in _PRONOUNS for t in speakers):
        return frozenset()
    return frozenset(t.key for t in speakers if t.content and t.start != cue.start and t.key not in _WEAK)
