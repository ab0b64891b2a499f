"""The number, date, name or wording in which two sentences about the same thing differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.text import one_line
from rag.claims import Facts, Hedge, Name, NameKind, Period, Quantity
from rag.claims.names import acronyms, same_word, stands_in
from rag.claims.opposites import synonyms
from rag.claims.units import CURRENCIES
from rag.differences.statements import REPORTING, axes
from rag.entailment.agreement import compatible, dated, same_unit, says
from rag.entailment.bindings import parts
from rag.entailment.modality import may_replace
from rag.entailment.polarity import negations, opposites
from rag.entailment.roles import frames
from rag.entailment.source import Source, like_any
from rag.word_forms import key

_AS_OF = re.compile(r"\b(?:as of|as at)\b", re.IGNORECASE)
_STANCES = frozenset("welcom call prais criticis condemn say sai tell said argu support oppos reject think".split())
_SEVERAL = 3
_ROUNDED = 0.1  # "more than 100,000" may be said of 109,000
# Verbs that a noun may do without: "the vote will be held", "will vote".
_LIGHT = frozenset(
    key(word) for word in "held hold take took taken happen occur made make given gave get got".split()
)
_OTHERS = frozenset("other others another different remaining rest second".split())
# Before what another number or date is only compared with: "down from 536,000", "than in 2023".
_THAN = re.compile(r"\b(?:than|as|against|compared with)(?: in| on)?(?: the| an?)? ?$")
_THAN_OR_FROM = re.compile(r"\b(?:than|as|against|compared with|from)(?: in| on)?(?: the| an?)? ?$")
_HEDGED = {Hedge.ABOUT: "about ", Hedge.OVER: "at least ", Hedge.UNDER: "at most ", Hedge.NEARLY: "nearly "}


Topic = Literal["number", "date", "name", "wording"]


@dataclass(frozen=True, slots=True)
class Values:
    """What two sentences have instead of one another, and what kind of fact it is."""

    topic: Topic
    pair: tuple[str, str]


def differing(one: Facts, two: Facts) -> Values | None:
    """The values in which two sentences about the same thing differ; None when they agree or too much differs."""
    if _speaks_of_others(one) != _speaks_of_others(two) or not _same_action(one, two):
        return None
    number, period, name = _numbers(one, two), _dates(one, two), _names(one, two)
    values = [each for each in (number, period, name) if each]
    if not values:
        return _wording(one, two)
    if number and period and not name and _AS_OF.search(one.text) and _AS_OF.search(two.text):
        return number  # the same count on two days
    if len(values) > 1 or _contrast(one, two):
        return None
    if not number and not _equal_numbers(one, two):
        return None  # other numbers of other things
    if (name and not _excludes(one, two)) or (period and not _happens_once(one, two)):
        return None
    return values[0]


def _equal_numbers(one: Facts, two: Facts) -> bool:
    """Whether one text has no numbers or every number of one is in the other."""
    if not one.quantities or not two.quantities:
        return True
    pairs = ((one.quantities, two.quantities), (two.quantities, one.quantities))
    return any(all(any(_equals(a, b) for b in theirs) for a in mine) for mine, theirs in pairs)


def _equals(a: Quantity, b: Quantity) -> bool:
    """Whether two numbers are the same but for rounding."""
    near = abs(a.value - b.value) <= _ROUNDED * max(a.value, b.value) or a.unit != b.unit
    return near and (says(a, b) or says(b, a))


def _same_action(one: Facts, two: Facts) -> bool:
    """Whether a verb of one may be put for a verb of the other, if verbs can be told in both."""
    mine, theirs = (frozenset(f.verb for f in frames(text)) - REPORTING - _LIGHT for text in (one, two))
    return (
        not mine
        or not theirs
        or any(k in theirs or may_replace(k, other) or axes(k) & axes(other) for k in mine for other in theirs)
    )


def _speaks_of_others(text: Facts) -> bool:
    return any(token.word in _OTHERS for token in text.tokens)


def _contrast(one: Facts, two: Facts) -> bool:
    """Whether a word of one can't be true with a word of the other: "for women", "for men"."""
    mine = {(s.axis, s.positive) for s in one.senses if s.key not in two.content}
    theirs = {(s.axis, not s.positive) for s in two.senses if s.key not in one.content}
    return bool(mine & theirs)


def _numbers(one: Facts, two: Facts) -> Values | None:
    """The first numbers of the same kind that can't both be true, once those that agree are paired off."""
    left = [q for q in one.quantities if not any(_agree(q, other) for other in two.quantities)]
    right = [q for q in two.quantities if not any(_agree(q, other) for other in one.quantities)]
    for a in left:
        for b in right:
            if _same_measure(a, b) and not (
                _THAN_OR_FROM.search(one.text, 0, a.start) or _THAN_OR_FROM.search(two.text, 0, b.start)
            ):
                mine, theirs = _owners(a, one), _owners(b, two)
                unlike = bool(one.periods) != bool(two.periods) and _far_apart(a, b)  # a year's and a month's
                shared = not mine or not theirs or any(same_word(k, other) for k in mine for other in theirs)
                if shared and not unlike:
                    return Values("number", (_said(a), _said(b)))
    return None


def _far_apart(a: Quantity, b: Quantity) -> bool:
    """Whether one is several times the other."""
    return max(a.value, b.value) > _SEVERAL * min(a.value, b.value)


def _owners(quantity: Quantity, text: Facts) -> frozenset[str]:
    """The keys of the names in the part of the sentence that gives a number."""
    return frozenset(k for part in parts(text) if quantity in part.quantities for k in part.named)


def _agree(a: Quantity, b: Quantity) -> bool:
    return compatible(a, b, _currencies(a, b))


def _currencies(a: Quantity, b: Quantity) -> frozenset[str]:
    """The currency of one that the other may leave out: "10,000 euros, not 15,000"."""
    return frozenset({a.unit, b.unit} & set(CURRENCIES.values()))


def _same_measure(a: Quantity, b: Quantity) -> bool:
    """Whether both numbers measure the same: one unit, and the same thing counted where both name it."""
    if not same_unit(a, b, _currencies(a, b)) or (a.per and b.per and a.per != b.per):
        return False
    if a.unit in ("ordinal", "clock"):
        return False
    if a.role and b.role and a.role != b.role:
        return False
    mine, theirs = frozenset(a.nouns), frozenset(b.nouns)
    if a.unit or not mine or not theirs:
        return True
    return any(like_any(k, theirs) or synonyms(k) & theirs for k in mine)


def _said(quantity: Quantity) -> str:
    unit = " per cent" if quantity.unit == "%" and quantity.text[-1].isdigit() else ""
    return _HEDGED.get(quantity.hedge, "") + quantity.text + unit


def _dates(one: Facts, two: Facts) -> Values | None:
    mine = [p for p in one.periods if not (p.counted or _THAN.search(one.text, 0, p.start))]
    theirs = [p for p in two.periods if not (p.counted or _THAN.search(two.text, 0, p.start))]
    left = [p for p in mine if not any(meet(p, other) for other in theirs)]
    right = [p for p in theirs if not any(meet(p, other) for other in mine)]
    return Values("date", (left[0].text, right[0].text)) if left and right else None


def meet(a: Period, b: Period) -> bool:
    """Whether one date may be the other, given less exactly."""
    if a.precision == b.precision == "quarter":
        return (a.first, a.last) == (b.first, b.last)  # the first ten months are other months than the first eleven
    return dated(a, [b]) or dated(b, [a])


def _happens_once(one: Facts, two: Facts) -> bool:
    """Whether a date is of something that happens once: not of a count or a change, which every year has."""
    given = {p.precision for text in (one, two) for p in text.periods}
    counted = any(q.unit in ("", "%") for text in (one, two) for q in text.quantities)
    changes = any(s.axis == "up" for text in (one, two) for s in text.senses)
    return not (bool(given - {"day", "month"}) and counted) and not (given != {"day"} and changes)


def _names(one: Facts, two: Facts) -> Values | None:
    """Names that stand in the place of one another: each text has one that the other lacks."""
    left, right = _unnamed(one, two), _unnamed(two, one)
    if not left or not right:
        return None
    pairs = [(a, b) for a in left for b in right if a.kind is b.kind] or [(left[0], right[0])]
    pairs = [(a, b) for a, b in pairs if _owns(a) == _owns(b)]  # "in the US", "Italy's economy"
    if not pairs:
        return None
    return Values("name", (pairs[0][0].text, pairs[0][1].text))


def _owns(name: Name) -> bool:
    """Whether it is a genitive."""
    return name.text.endswith(("'s", "’s"))


def _unnamed(text: Facts, other: Facts) -> list[Name]:
    """The names of `text` that `other` doesn't have, but those that only say who reports it."""
    keys = frozenset(t.key for t in other.tokens)
    known = acronyms(text.text, text.names) | acronyms(other.text, other.names)
    return [n for n in text.names if not stands_in(n, keys, known) and not _reports(n, text)]


def _reports(name: Name, text: Facts) -> bool:
    """Whether a body or person is named as the source of a figure: "the Home Office counted"."""
    if name.kind in (NameKind.PLACE, NameKind.PEOPLE):
        return False
    near = [t for t in text.tokens if name.end <= t.start <= name.end + 12]
    return bool(text.quantities) and any(t.key in REPORTING for t in near)


def _excludes(one: Facts, two: Facts) -> bool:
    """Whether what is said can be true of one name only: of one office, or of something done once.

    Several may welcome or criticise the same thing.
    """
    ranks = [{n.rank for n in text.names if n.rank} for text in (one, two)]
    if all(ranks):
        return bool(ranks[0] & ranks[1])
    relayed = all(any(not a.firm for a in text.attributions) for text in (one, two))
    return not relayed and not any(_STANCES & text.content for text in (one, two))


def _wording(one: Facts, two: Facts) -> Values | None:
    """Whether one denies what the other says; not where each only quotes its own speaker."""
    if all(any(not a.firm for a in text.attributions) for text in (one, two)):
        return None
    for claim, text in ((one, two), (two, one)):
        source = Source(text.text, published=text.published)
        if any(failure.contradicted for failure in (*negations(claim, source), *opposites(claim, source))):
            return Values("wording", (one_line(one.text), one_line(two.text)))
    return None


def corrected(old: Facts, new: Facts) -> Iterator[Values]:
    """Wrong and right values where a correction names what `old` says, or gives another value of the same kind."""
    for wrong in old.quantities:
        rest = [q for q in new.quantities if _same_measure(q, wrong) and not _agree(q, wrong)]
        named = any(_agree(q, wrong) for q in new.quantities)
        for right in rest[:1] if named else []:
            yield Values("number", (_said(wrong), _said(right)))
    for period in old.periods:
        others = [p for p in new.periods if not meet(p, period) and p.precision == period.precision]
        for other in others[:1] if any(meet(p, period) for p in new.periods) else []:
            yield Values("date", (period.text, other.text))
    for name in old.names:
        instead = [n for n in new.names if n.kind is name.kind and not set(n.keys) & set(name.keys)]
        if instead and re.search(rf"\bnot (?:in |from |at |by )?{re.escape(name.text)}", new.text):
            yield Values("name", (name.text, instead[0].text))
