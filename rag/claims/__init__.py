"""What a sentence states, taken apart: numbers, dates, names, and the small words that turn it."""

from __future__ import annotations

from datetime import date
from functools import cached_property, lru_cache

from rag.claims.modality import Modality, Mode, modalities
from rag.claims.names import Name, NameKind, names
from rag.claims.negation import Negation, negations
from rag.claims.opposites import Sense, senses
from rag.claims.periods import Period, periods
from rag.claims.quantifiers import Quantified, Quantifier, quantified
from rag.claims.quantities import quantities
from rag.claims.quantity import Quantity
from rag.claims.sayings import Attribution, attributions
from rag.claims.tokens import Token, tokens
from rag.claims.units import Hedge

__all__ = [
    "Attribution",
    "Facts",
    "Hedge",
    "Modality",
    "Mode",
    "Name",
    "NameKind",
    "Negation",
    "Period",
    "Quantified",
    "Quantifier",
    "Quantity",
    "Sense",
    "Token",
    "facts",
]


class Facts:
    """What a text states that can be compared with another text; each kind is read when it is first asked for.

    Offsets of all facts are into `text`.
    """

    def __init__(self, text: str, published: date | None = None) -> None:
        self.text = text
        self.published = published

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words and figures."""
        return tokens(self.text)

    @cached_property
    def content(self) -> frozenset[str]:
        """The keys of its content words."""
        return frozenset(token.key for token in self.tokens if token.content)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers, but those in dates."""
        undated = self.text
        for period in self.periods:
            if not period.counted:  # "five days later" is a number of days as well
                undated = undated[: period.start] + " " * (period.end - period.start) + undated[period.end :]
        return quantities(undated)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Its dates."""
        return periods(self.text, self.published)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Its proper names."""
        return names(self.text)

    @cached_property
    def values(self) -> tuple[tuple[int, int], ...]:
        """Offsets (start, end) of its numbers, dates and names."""
        numbers = tuple((q.start, q.end) for q in self.quantities)
        dates = tuple((p.start, p.end) for p in self.periods)
        return numbers + dates + tuple((n.start, n.end) for n in self.names)

    @cached_property
    def negations(self) -> tuple[Negation, ...]:
        """What it denies."""
        return negations(self.text)

    @cached_property
    def modalities(self) -> tuple[Modality, ...]:
        """What it calls possible, planned, allowed, required or yet to come."""
        return modalities(self.text)

    @cached_property
    def quantified(self) -> tuple[Quantified, ...]:
        """Its quantifiers: "all", "most", "only"."""
        return quantified(self.text)

    @cached_property
    def attributions(self) -> tuple[Attribution, ...]:
        """Its verbs of saying."""
        return attributions(self.text)

    @cached_property
    def senses(self) -> tuple[Sense, ...]:
        """Its words that have an opposite ("rose", "approved"), but those in numbers ("more than 30")."""
        counted = [(q.start, q.end) for q in self.quantities]
        return tuple(s for s in senses(self.text) if not any(start <= s.start < end for start, end in counted))


@lru_cache(maxsize=5_000)
def facts(text: str, published: date | None = None) -> Facts:
    """The facts of `text`; the same object when asked again.

    Args:
        text: a sentence or a few.
        published: the day it was published, against which "on Monday" and "last month" are resolved.
    """
    return Facts(text, published)
