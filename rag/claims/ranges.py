"""Numbers that belong together: ranges, the ends of a change, and units that the second gives the first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.claims.opposites import SIDES
from rag.claims.quantity import Quantity
from rag.claims.tokens import tokens
from rag.claims.units import CURRENCIES, MAGNITUDES

_OLDEST = 120  # "from six to eleven" is a range of ages; "from 518,000 to 536,000" a change


def joined(text: str, found: Sequence[Quantity]) -> Iterator[Quantity]:
    """`found` with "between A and B", "A to B" and "A–B" made one range, and the first given the second's unit."""
    i = 0
    while i < len(found):
        one = found[i]
        two = found[i + 1] if i + 1 < len(found) else None
        if two and two.value > one.value and _is_range(text, one, two):
            words = [w for w in two.text.lower().split() if w in MAGNITUDES]
            scale = MAGNITUDES[words[0]] if words and one.value < MAGNITUDES[words[0]] else 1.0
            yield replace(
                two,
                value=one.value * scale,
                high=two.value,
                hedge=one.hedge,
                start=one.start,
                text=text[one.start : two.end],
                role="",
            )
            i += 2
            continue
        changes = any(("up", side) in SIDES.get(t.key, ()) for t in tokens(text) for side in (True, False))
        ages = two and one.role == "from" and two.role == "to" and one.unit in ("", two.unit) and not changes
        if two and ages and text[one.end : two.start] == " to " and one.value < two.value <= _OLDEST:
            yield replace(two, value=one.value, start=one.start, text=text[one.start : two.end], role="")
            i += 2
            continue
        if two and one.unit == two.unit == "clock" and text[: one.start].rstrip().lower().endswith("between"):
            yield replace(one, role="from")
            yield replace(two, role="to")
            i += 2
            continue
        before = found[i - 1] if i else None
        if before and before.unit and not one.unit and not one.nouns and one.role == "to":
            one = replace(one, unit=before.unit)  # "from fourteen months to eight", "sixteen votes to one"
        elif two and _joins(one, two) and not re.search(r"[.;]\s", text[one.end : two.start]):
            one = replace(one, unit=two.unit)  # "from 10 to 215 dollars"
        yield one
        i += 1


def _joins(one: Quantity, two: Quantity) -> bool:
    return two.unit in CURRENCIES.values() and not one.unit and not one.nouns


def _is_range(text: str, one: Quantity, two: Quantity) -> bool:
    between = text[one.end : two.start]
    before = text[: one.start].rstrip().lower()
    if one.unit == "ordinal" or one.unit == "clock" or two.unit == "clock":
        return False
    if between.strip() in ("–", "-") or (between == " to " and one.role != "from" and not before.endswith("from")):
        return True
    return between == " and " and before.endswith("between")
