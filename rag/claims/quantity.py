"""A number as a sentence gives it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rag.claims.units import Hedge


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a sentence gives it.

    Attributes:
        value: the number, magnitude included ("1.2 million" is 1,200,000); of a range its lower end.
        high: the upper end of a range, else `value`.
        step: the unit of its last significant digit ("1.2 million": 100,000), which says how far it is rounded.
        hedge: how exactly it is meant.
        unit: "%" (shares too: "a third"), a currency ("GBP"), a unit of time or length ("month"), "age", "clock",
            "ordinal", "times" ("twice", "doubled") or "" for a count.
        nouns: keys of the words behind it, of which one says what is counted.
        role: "from" or "to" where it is an end of a change, else "".
        per: keys of what it is reckoned by: "a month", "per person and night".
        start: character offset.
        end: offset behind it.
        text: its words.
    """

    value: float
    high: float
    step: float
    hedge: Hedge
    unit: str
    nouns: tuple[str, ...]
    role: str
    per: frozenset[str]
    start: int
    end: int
    text: str

    @property
    def digits(self) -> int:
        """How many significant digits it is given with."""
        return 1 + round(math.log10(max(self.value, self.step) / self.step) - 0.5) if self.value else 1
