"""A quote as the checks read it, and what a check finds wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from rag.claims import Facts, Token, facts
from rag.claims.names import acronyms
from rag.claims.tokens import clauses, total_weight
from rag.names import Name, named
from rag.word_forms import FAMILY, likeness

Span = tuple[int, int]

GOOD_SHARE = 0.2  # of a claim's words that a clause of the quote must bring to be what the claim is about


class FailureKind(StrEnum):
    """What a quote doesn't bear out."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    OPPOSITE = "opposite"
    MODALITY = "modality"
    ATTRIBUTION = "attribution"
    QUANTIFIER = "quantifier"
    ROLES = "roles"
    BINDING = "binding"
    QUOTATION = "quotation"
    ADDITION = "addition"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Failure:
    """Something in a sentence that its quotes don't bear out.

    Attributes:
        kind: what.
        detail: the words in question and what the quote has instead, for staff.
        contradicted: whether the quote says otherwise, rather than nothing.
    """

    kind: FailureKind
    detail: str
    contradicted: bool = False


class Source:
    """A quote and what stands around it.

    Attributes:
        quote: the facts of the quote.
        context: the facts of headline and passage, from which names and dates may be taken.
        outlet: the facts of the outlet's name.
        published: the day of publication.
    """

    def __init__(self, quote: str, context: str = "", outlet: str = "", published: date | None = None) -> None:
        self.quote = facts(quote, published)
        self.context = facts(context, published)
        self.outlet = facts(outlet)
        self.published = published

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of the quote's words."""
        return frozenset(token.key for token in self.quote.tokens)

    @cached_property
    def near_keys(self) -> frozenset[str]:
        """The keys of the words of quote, context and outlet."""
        return self.keys | frozenset(token.key for token in (*self.context.tokens, *self.outlet.tokens))

    @cached_property
    def acronyms(self) -> frozenset[tuple[str, ...]]:
        """Short and long forms that quote and context give."""
        known = (*self.quote.names, *self.context.names)
        return acronyms(self.quote.text, known) | acronyms(self.context.text, ())

    @cached_property
    def aliases(self) -> frozenset[Name]:
        """What quote and context name that goes by several names."""
        return frozenset(named(f"{self.quote.text}\n{self.context.text}"))

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The quote's clauses."""
        return clauses(self.quote.text)

    @cached_property
    def clause_keys(self) -> tuple[frozenset[str], ...]:
        """The keys of the words of each clause of the quote."""
        return _clause_keys(self.quote)

    @cached_property
    def context_clause_keys(self) -> tuple[frozenset[str], ...]:
        """The same of the context."""
        return _clause_keys(self.context)

    def about(self, claim: Facts, share: float = GOOD_SHARE) -> list[Span]:
        """The clauses that a claim is about: each brings a `share` of its words that those before it don't have."""
        left = claim.content & self.keys
        whole = total_weight(left)
        chosen: list[Span] = []
        while len(chosen) < len(self.spans):
            best = max(range(len(self.spans)), key=lambda i: total_weight(left & self.clause_keys[i]) - 1e-3 * i)
            brought = left & self.clause_keys[best]
            if not brought or (chosen and total_weight(brought) < share * whole):
                break
            chosen.append(self.spans[best])
            left -= brought
        return chosen


def _clause_keys(text: Facts) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(t.key for t in text.tokens if start <= t.start < end) for start, end in clauses(text.text))


def within(offset: int, spans: Sequence[Span]) -> bool:
    """Whether a character offset lies in one of `spans`."""
    return any(start <= offset < end for start, end in spans)


def tokens_in(text: Facts, span: Span) -> list[Token]:
    """The tokens of `text` in a span."""
    return [token for token in text.tokens if span[0] <= token.start < span[1]]


def keys_in(text: Facts, span: Span) -> frozenset[str]:
    """The keys of the content words of `text` in a span."""
    return frozenset(token.key for token in tokens_in(text, span) if token.content)


def like_any(k: str, keys: frozenset[str]) -> bool:
    """Whether `k` or a word of its family is among `keys`."""
    return k in keys or any(likeness(k, other) >= FAMILY for other in keys)


def meet(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two sets of keys have a word in common, or two of one family."""
    return bool(a & b) or any(like_any(k, b) for k in a)
