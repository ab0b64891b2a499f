"""Which number belongs to what: the numbers of a quote, given to the wrong things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rag.claims import Facts, Quantity
from rag.claims.names import same_word
from rag.claims.opposites import synonyms
from rag.claims.tokens import clause_at, clauses, weight
from rag.entailment.agreement import same_unit, says
from rag.word_forms import FAMILY, likeness

_COMPARATORS = "against|compared with|compared to|instead of|rather than|up from|down from"
_SEGMENT = re.compile(
    rf",\s+(?:(?:{_COMPARATORS})\s+)?|\s+(?:and|while|but|whereas|that|which|who|{_COMPARATORS})\s+"
)
_COMPARATOR = re.compile(rf"(?:{_COMPARATORS}) $")
_COMPARED_WITH = re.compile(r"\b(?:than|from|as)(?: in| on)?(?: the)? $")
_ASIDE = re.compile(r"\W*(?:among (?:them|whom|which)|including|of (?:whom|which))\b", re.IGNORECASE)
_UNITS = frozenset("day days week weeks month months year years hour hours earlier later ago".split())
_PRONOUNS = frozenset("it they he she this these those".split())
_RELATIVE = frozenset("which who whom where when that of".split())
_ELLIPTIC = 3  # content words up to which a part is short for the one before: "Syrians 13,920"
_MUCH_MORE = 1.5  # times the weight: what the claim says of a number lies so much rather with another number
_DATE_WEIGHT = 6.0  # a date counts about as much as a rare word


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a clause with a number, and what it is said of.

    Attributes:
        quantities: its numbers.
        marks: keys of its content words, and "@n" for the n-th of `Facts.periods`.
        dates: the marks of its dates.
        named: keys of its names.
        identity: the marks that tell it from its neighbours: names, what is counted, dates.
        compared: whether it only gives what another number is compared with ("instead of the 500,000").
        points_back: whether a pronoun stands for what the part before is about.
        relative: whether it says more of a word before: "which has room for 1,500".
        elliptic: whether it leaves out what the part before has: "Syrians 13,920".
    """

    quantities: tuple[Quantity, ...]
    marks: frozenset[str]
    dates: frozenset[str]
    named: frozenset[str]
    identity: frozenset[str]
    compared: bool
    points_back: bool
    relative: bool
    elliptic: bool


def misplaced(claim: Facts, source: Facts) -> str:
    """The number that the source gives for something else than the claim does; "" for none."""
    given = parts(source)
    if sum(len(part.quantities) for part in given) < 2 and len(source.periods) < 2:
        return ""
    for part in parts(claim):
        for stated in part.quantities:
            if _is_misplaced(stated, part, given, claim, source):
                return stated.text
    return ""


def _is_misplaced(stated: Quantity, part: Part, given: Sequence[Part], claim: Facts, source: Facts) -> bool:
    units = frozenset(q.unit for q in source.quantities)
    same = [q for q in source.quantities if says(q, stated, units)]
    holding = [p for p in given if any(q in same for q in p.quantities)]
    if not same or not holding:
        return False
    roles = {q.role for q in same}
    if stated.role and any(roles) and {q.role for q in source.quantities} >= {"from", "to"}:
        return stated.role not in roles  # "from 11,200 to 3,100"
    dates = _dates_of(part, claim, source)
    if dates and all(p.dates and not dates & p.dates for p in holding):
        return True
    way = _way(claim, stated)
    ways = {_way(source, q) for q in same}
    if way is not None and None not in ways and way not in ways:
        return True
    if all(_counts_other(stated, q, claim, source) for q in same):
        return True
    if _counts_same_alone(stated, same, source):
        return False
    rivals = [p for p in given if p not in holding and any(same_unit(q, stated, units) for q in p.quantities)]
    said = replace(part, marks=part.marks | dates)
    return bool(rivals) and all(any(_fits_rather(said, rival, own) for rival in rivals) for own in holding)


def _way(text: Facts, quantity: Quantity) -> bool | None:
    """Whether the word of change that is nearest to a number in its clause says up; None without any."""
    start, end = clause_at(text.text, quantity.start)
    near = [s for s in text.senses if s.axis == "up" and start <= s.start < end]
    return min(near, key=lambda s: abs(s.start - quantity.start)).positive if near else None


def _counts_other(stated: Quantity, given: Quantity, claim: Facts, source: Facts) -> bool:
    """Whether each text counts the other's thing too, but otherwise: "two lawyers and a priest"."""
    if stated.unit or given.unit or not stated.nouns or not given.nouns or set(stated.nouns) & set(given.nouns):
        return False
    if any(stated.nouns[:2] == q.nouns[:2] for q in source.quantities if not says(q, stated)):
        return True  # "three asylum seekers", where the source has three men and 28 asylum seekers
    return stated.nouns[0] in _counted(source) and given.nouns[0] in _counted(claim)


def _counted(text: Facts) -> frozenset[str]:
    """The keys of the words behind "a" or a number."""
    ones = {b.key for a, b in pairwise(text.tokens) if a.word in ("a", "an", "one") and b.content}
    return frozenset(ones | {q.nouns[0] for q in text.quantities if q.nouns and not q.unit})


def _counts_same_alone(stated: Quantity, same: Sequence[Quantity], source: Facts) -> bool:
    """Whether the source counts the same thing, and with no other number."""
    nouns = set(stated.nouns)
    others = [q for q in source.quantities if q not in same and q.unit == stated.unit]
    return any(nouns & set(q.nouns) for q in same) and not any(nouns & set(q.nouns) for q in others)


def _fits_rather(said: Part, rival: Part, own: Part) -> bool:
    """Whether what the claim says of a number fits a part with another number rather than the number's own."""
    crossing, straight = _only(said.marks, rival.marks, own.marks), _only(said.marks, own.marks, rival.marks)
    if not crossing or own.compared or (own.relative and straight) or len(said.quantities) > 1:
        return False
    contrast = own.identity - rival.marks
    missing = bool(contrast) and not any(_alike(k, other) for k in contrast for other in said.marks)
    if own.points_back:
        return missing and not straight and any(not k.startswith("@") for k in contrast)
    names = own.named - rival.marks
    if names and crossing & rival.named and not names & said.marks:
        return True
    if own.elliptic or rival.elliptic:
        return missing and (own.elliptic or bool(crossing & rival.identity))
    return _sum(crossing) > _MUCH_MORE * _sum(straight)


def _only(said: frozenset[str], inside: frozenset[str], outside: frozenset[str]) -> frozenset[str]:
    return frozenset(k for k in said & inside if not any(same_word(k, o) for o in outside))


def _alike(a: str, b: str) -> bool:
    return same_word(a, b) or b in synonyms(a) or likeness(a, b) >= FAMILY


def _sum(marks: frozenset[str]) -> float:
    return sum(_DATE_WEIGHT if mark.startswith("@") else weight(mark) for mark in marks)


def _dates_of(part: Part, claim: Facts, source: Facts) -> frozenset[str]:
    """The marks of the source's dates that the dates of a claim's part hold."""
    stated = [claim.periods[int(mark[1:])] for mark in part.dates]
    return frozenset(f"@{n}" for n, period in enumerate(source.periods) if any(p.holds(period) for p in stated))


@lru_cache(maxsize=2_000)
def parts(text: Facts) -> tuple[Part, ...]:
    """The clauses of `text`, cut so that numbers of different things come apart."""
    found: list[Part] = []
    for start, end in clauses(text.text):
        of_clause = [
            _part(text, pieces, first=n == 0 and not found) for n, pieces in enumerate(_pieces(text, start, end))
        ]
        dates = frozenset(date for part in of_clause for date in part.dates)
        if len(dates) == 1:  # "78,300 arrivals and 61,200 departures in 2024"
            of_clause = [replace(part, dates=dates, marks=part.marks | dates) for part in of_clause]
        found.extend(of_clause)
    return tuple(found)


def _pieces(text: Facts, start: int, end: int) -> list[list[tuple[int, int]]]:
    """The spans that make up each part of a clause: one or more numbers and the words that go with them.

    What has no number goes with what precedes; behind an aside ("17 people, among them four women, were hurt") with
    what precedes the aside; at the beginning with what follows.
    """
    taken = [(q.start, q.end) for q in text.quantities] + [(p.start, p.end) for p in text.periods]
    cuts = [m.end() for m in _SEGMENT.finditer(text.text, start, end)]
    cuts += [q.start for p, q in pairwise(text.quantities) if p.role == "from" and q.role == "to"]
    cuts = sorted(cut for cut in cuts if start < cut < end and not any(a < cut < b for a, b in taken))
    found: list[list[tuple[int, int]]] = []
    waiting: list[tuple[int, int]] = []
    goes_to = -1
    for span in pairwise([start, *cuts, end]):
        if any(span[0] <= q.start < span[1] for q in text.quantities):
            goes_to = -2 if found and _ASIDE.match(text.text, *span) else -1
            found.append([*waiting, span])
            waiting = []
        elif found:
            found[goes_to].append(span)
        else:
            waiting.append(span)
    return found


def _part(text: Facts, pieces: Sequence[tuple[int, int]], first: bool) -> Part:
    def inside(offset: int) -> bool:
        return any(start <= offset < end for start, end in pieces) and not _is_speaker(text, offset)

    start = pieces[0][0]
    quantities = tuple(q for q in text.quantities if inside(q.start))
    dated = [
        n
        for n, p in enumerate(text.periods)
        if inside(p.start) and not _COMPARED_WITH.search(text.text, start, p.start)
    ]
    apart = [(text.periods[n].start, text.periods[n].end) for n in dated] + [(q.start, q.end) for q in quantities]
    words = frozenset(
        t.key
        for t in text.tokens
        if inside(t.start) and t.content and not t.text[0].isdigit() and t.word not in _UNITS
        and not any(a <= t.start < b for a, b in apart)
    )  # fmt: skip
    dates = frozenset(f"@{n}" for n in dated)
    named = frozenset(k for n in text.names if inside(n.start) for k in n.keys)
    opening = next((t.word for t in text.tokens if t.start >= start), "")
    elliptic = not first and len(words) + len(dates) <= _ELLIPTIC and opening not in _RELATIVE
    points_back = any(inside(t.start) and t.word in _PRONOUNS for t in text.tokens)
    return Part(
        quantities=quantities,
        marks=words | dates,
        dates=dates,
        named=named,
        identity=named
        | dates
        | {q.nouns[-1] for q in quantities if q.nouns}
        | (words if elliptic or points_back else set()),
        compared=_COMPARATOR.search(text.text[:start]) is not None,
        points_back=points_back,
        relative=opening in _RELATIVE,
        elliptic=elliptic,
    )


def _is_speaker(text: Facts, offset: int) -> bool:
    """Whether the word at an offset is about who says something, not about what is said."""
    start, end = clause_at(text.text, offset)
    scopes = [a.scope for a in text.attributions if start <= a.start < end and not a.firm]
    return bool(scopes) and not any(a <= offset < b for a, b in scopes)
