"""When two numbers or two dates say the same, roundings and hedges allowed for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rag.claims import Hedge, Period, Quantity

# "about 300" for 297 or 310, but not for 350.
_ABOUT_MOST = 0.1
_COARSE_SHARE = 0.3  # of a share in words, by which "more than" and "less than" may miss it
_ROUNDED = 0.025  # "46,000" for 45,755 without a hedge, if it has two digits
_CONVERTIBLE = frozenset(
    frozenset(pair)
    for pair in (("age", "year"), ("month", "year"), ("day", "week"), ("times", "%"), ("ordinal", "%"))
)
_IN_SMALLER = {"year": 12.0, "age": 12.0, "week": 7.0, "times": 100.0}
_PERSON, _HOMES = "person", frozenset({"household", "famili", "coupl", "home"})
_TIMES = frozenset({"minute", "hour", "day", "week", "month", "year"})
_FRACTION_SLACK = 2.0  # percentage points: "about a third" for 34.8 per cent


def same_unit(a: Quantity, b: Quantity, units: frozenset[str] = frozenset()) -> bool:
    """Whether the two can be compared: the same unit, or one that the other leaves open.

    Args:
        a: a quantity.
        b: another.
        units: of the other quantities around, which one that names none may share ("a visa costs 90 euros, for
            children it is 45").
    """
    if a.unit == b.unit or frozenset((a.unit, b.unit)) in _CONVERTIBLE:
        return True
    bare, other = (a, b) if not a.unit else (b, a)
    if bare.unit or other.unit == "vote":
        return other.unit == "vote" and not bare.unit
    shared = units if bare.step < 1 or bare.role == "to" else units - {"%"}
    return not bare.nouns and (other.unit == "age" or other.unit in shared)


def says(source: Quantity, claim: Quantity, units: frozenset[str] = frozenset()) -> bool:
    """Whether a source that gives `source` bears out a claim that gives `claim`; `units` as for `same_unit`."""
    if not same_unit(source, claim, units):
        return False
    if source.unit != claim.unit and source.unit and claim.unit:
        source, claim = _converted(source), _converted(claim)
    if not (_same_rate(claim.per & _TIMES, source.per & _TIMES)
            and _same_measure(claim.per - _TIMES, source.per - _TIMES)):  # fmt: skip
        return False
    if claim.high > claim.value or source.high > source.value:
        return _ranges_agree(source, claim)
    exact = source.value
    if claim.unit == "%" and not claim.text[0].isdigit():
        claim = replace(claim, step=max(claim.step, _COARSE_SHARE * claim.value))  # "more than a third"
    match claim.hedge:
        case Hedge.EXACT:
            return _equal(claim.value, exact) or _is_rounding(claim, source)
        case Hedge.ABOUT:
            near = min(claim.step / 2, _ABOUT_MOST * claim.value)
            if claim.unit == "%" and not claim.text[0].isdigit():
                near = max(near, _FRACTION_SLACK)
            bounded = source.hedge in (Hedge.OVER, Hedge.UNDER)
            return _equal(claim.value, exact) or (abs(claim.value - exact) <= near and not bounded)
        case Hedge.OVER:
            if source.hedge is Hedge.OVER:
                return _equal(claim.value, exact) or claim.value < exact < claim.value + claim.step
            least = exact - (source.step / 2 if source.hedge is Hedge.ABOUT else 0)
            return source.hedge in (Hedge.EXACT, Hedge.ABOUT) and claim.value < least < claim.value + claim.step
        case Hedge.NEARLY:
            if source.hedge in (Hedge.NEARLY, Hedge.UNDER):
                return _equal(claim.value, exact)
            if source.hedge is Hedge.ABOUT:
                exact += source.step / 2
            return source.hedge is not Hedge.OVER and claim.value - claim.step < exact < claim.value
        case Hedge.UNDER:
            if source.hedge is not Hedge.EXACT:
                return source.hedge in (Hedge.UNDER, Hedge.NEARLY) and _equal(claim.value, exact)
            return claim.value - claim.step < exact <= claim.value


def _converted(quantity: Quantity) -> Quantity:
    """Years in months, weeks in days, "halved" in per cent; "a fifth" is a share and may be the fifth of a row."""
    factor = _IN_SMALLER.get(quantity.unit, 1.0)
    if quantity.unit == "ordinal":
        return replace(quantity, value=100 / quantity.value, high=100 / quantity.value, step=0.1)
    return replace(quantity, value=quantity.value * factor, high=quantity.high * factor, step=quantity.step * factor)


def _same_rate(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether both are reckoned by the same times, as far as both tell: by the month, by the hour and day."""
    return a <= b or b <= a


def _same_measure(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether both are reckoned alike: by the week, a person; a kind of people is a person, a household isn't."""
    if not a or not b or a & b:
        return True
    return _PERSON in a | b and not (a | b) & _HOMES


def opposed_hedges(source: Quantity, claim: Quantity) -> bool:
    """Whether one calls the same value a least and the other a most."""
    sides = {source.hedge, claim.hedge}
    return _equal(source.value, claim.value) and Hedge.OVER in sides and bool(sides & {Hedge.UNDER, Hedge.NEARLY})


def compatible(a: Quantity, b: Quantity, units: frozenset[str] = frozenset()) -> bool:
    """Whether both can be true of the same thing; `units` as for `same_unit`."""
    if not same_unit(a, b, units):
        return False
    if says(a, b, units) or says(b, a, units):
        return True
    if a.hedge is b.hedge and a.hedge in (Hedge.UNDER, Hedge.OVER):
        return False  # "up to four hours", "up to six": only one can be the most
    for one, two in ((a, b), (b, a)):
        if one.hedge is Hedge.OVER and two.hedge is not Hedge.UNDER and one.value <= two.high <= 1.5 * one.value:
            return True
        if one.hedge is Hedge.UNDER and two.hedge is not Hedge.OVER and one.value / 3 <= two.value <= one.value:
            return True
        if one.high > one.value and one.value <= two.value <= one.high:
            return True
        if (
            one.hedge is Hedge.ABOUT
            and two.hedge is not Hedge.EXACT
            and abs(one.value - two.value) <= 0.1 * one.value
        ):
            return True
    return False


def _equal(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(abs(a), abs(b), 1.0)


def _is_rounding(claim: Quantity, source: Quantity) -> bool:
    """Whether the claim gives the source's number with fewer digits, at least two of them."""
    if claim.unit in ("ordinal", "clock", "times"):
        return False
    if claim.unit == "%" and claim.step >= 1 and source.step < 1:
        return abs(claim.value - source.value) <= 0.5
    coarser = claim.step > source.step and claim.digits >= 2
    off = abs(claim.value - source.value)
    return coarser and off <= claim.step / 2 and off <= _ROUNDED * claim.value


def _ranges_agree(source: Quantity, claim: Quantity) -> bool:
    if _equal(claim.value, source.value) and _equal(claim.high, source.high):
        return True
    if claim.hedge is Hedge.ABOUT:  # "hundreds", "about 15,000 to 20,000"
        return claim.value <= source.value and source.high <= claim.high
    if claim.high == claim.value and claim.hedge is Hedge.UNDER:
        return _equal(claim.value, source.high)
    if claim.high == claim.value and claim.hedge is Hedge.OVER:
        return _equal(claim.value, source.value)
    return False


_OPPOSED = {
    ("before", "after"), ("before", "since"), ("until", "after"), ("until", "since"), ("after", "before"),
    ("since", "before"), ("after", "until"), ("since", "until"),
}  # fmt: skip


def dated(claim: Period, sources: Iterable[Period]) -> bool:
    """Whether one of `sources` bears out the date of a claim: it lies in it and isn't on the other side of it."""
    return any(claim.holds(source) and (claim.relation, source.relation) not in _OPPOSED for source in sources)
