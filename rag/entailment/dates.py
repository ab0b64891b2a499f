"""Are a claim's dates in the quote, its context or its day of publication?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from rag.claims import Facts, Period
from rag.entailment.agreement import dated
from rag.entailment.source import Failure, FailureKind, Source, within

_COARSE = ("year", "decade")


def dates(claim: Facts, source: Source) -> Iterator[Failure]:
    """Dates that neither the quote bears out nor, where it has no other, the context."""
    given = source.quote.periods
    published = _publication(source)
    for stated in claim.periods:
        if dated(stated, given):
            continue
        # What the claim leaves unused might be what it states wrongly.
        unused = [p for p in given if not any(other.holds(p) for other in claim.periods)]
        rivals = [p for p in unused if _comparable(p, stated)]
        if not rivals and dated(stated, (*source.context.periods, *published)):
            continue
        instead = ", ".join(p.text for p in given) or "no date"
        yield Failure(FailureKind.DATE, f"{stated.text}: the quote has {instead}", contradicted=bool(rivals))


def repeated_dates(claim: Facts, source: Source) -> Iterator[Failure]:
    """One date given twice where the quote has two."""
    about = source.about(claim)
    given = [p for p in source.quote.periods if within(p.start, about)]
    unused = [p for p in given if not any(stated.holds(p) for stated in claim.periods)]
    for one, two in combinations(claim.periods, 2):
        once = len({(p.first, p.last) for p in given if one.holds(p)}) == 1
        if (one.first, one.last) == (two.first, two.last) and once and any(_comparable(p, one) for p in unused):
            yield Failure(FailureKind.DATE, f"{two.text}: the quote has {unused[0].text}", True)


def _comparable(a: Period, b: Period) -> bool:
    return (a.precision in _COARSE) == (b.precision in _COARSE) or not a.overlaps(b)


def _publication(source: Source) -> tuple[Period, ...]:
    day = source.published
    return (Period(day, day, "day", True, "", False, False, 0, 0, "publication"),) if day else ()
