"""Are a claim's dates in the quote, its context or its day of publication?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rag.claims import Facts, Period
from rag.entailment.agreement import dated
from rag.entailment.source import Failure, FailureKind, Source

_YEAR_BEFORE = re.compile(
    r"(?:the )?(?:previous|preceding|last) year|(?:a|the|one) year (?:before|earlier|ago)", re.IGNORECASE
)
_COARSE = ("year", "decade")
_THEN = re.compile(r"\b(?:until|before|after|since) (?:then|that)\b", re.IGNORECASE)  # the other side of a date


def dates(claim: Facts, source: Source) -> Iterator[Failure]:
    """Dates that neither the quote bears out nor, where it has no other, the context."""
    given = source.quote.periods
    published = _publication(source)
    for stated in claim.periods:
        if _YEAR_BEFORE.fullmatch(stated.text) and _YEAR_BEFORE.search(source.quote.text):
            continue
        if dated(stated, given) or (_THEN.search(source.quote.text) and dated(replace(stated, relation=""), given)):
            continue
        # What the claim leaves unused might be what it states wrongly.
        unused = [p for p in given if not any(other.holds(p) for other in claim.periods)]
        rivals = [p for p in unused if _comparable(p, stated)]
        if not rivals and dated(stated, (*source.context.periods, *published)):
            continue
        instead = ", ".join(p.text for p in given) or "no date"
        yield Failure(FailureKind.DATE, f"{stated.text}: the quote has {instead}", contradicted=bool(rivals))


def _comparable(a: Period, b: Period) -> bool:
    return (a.precision in _COARSE) == (b.precision in _COARSE) or not a.overlaps(b)


def _publication(source: Source) -> tuple[Period, ...]:
    day = source.published
    return (Period(day, day, "day", True, "", False, False, 0, 0, "publication"),) if day else ()
