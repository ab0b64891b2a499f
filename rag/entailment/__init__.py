"""Does a quote bear out what a sentence states? Fact by fact; what fails is named."""

from __future__ import annotations

from collections.abc import Iterator

from rag.claims import Facts
from rag.entailment.bindings import misplaced
from rag.entailment.dates import dates
from rag.entailment.exchanges import exchanged_phrases
from rag.entailment.modality import modality
from rag.entailment.naming import names, quotations, ranks
from rag.entailment.numbers import bare_units, labels, numbers, parts_of
from rag.entailment.polarity import negations, opposites, prefixes
from rag.entailment.quantifiers import quantifiers
from rag.entailment.roles import exchanged, turned
from rag.entailment.sayings import attribution, speakers
from rag.entailment.source import Failure, FailureKind, Source

__all__ = ["Failure", "FailureKind", "Source", "failures"]


def failures(claim: Facts, source: Source) -> list[Failure]:
    """Everything in `claim` that `source` doesn't bear out."""
    return [failure for check in _CHECKS for failure in check(claim, source)]


def _structure(claim: Facts, source: Source) -> Iterator[Failure]:
    """The quote's words and numbers, put together otherwise."""
    if verb := exchanged(claim, source.quote):
        yield Failure(FailureKind.ROLES, f"“{verb}”: the quote has it of somebody else", True)
    if phrases := exchanged_phrases(claim, source.quote):
        yield Failure(FailureKind.ROLES, f"“{phrases[0]}” and “{phrases[1]}” have changed places", True)
    if name := turned(claim, source.quote):
        yield Failure(FailureKind.ROLES, f"{name}: the quote has the other direction", True)
    if number := misplaced(claim, source.quote):
        yield Failure(FailureKind.BINDING, f"{number}: the quote gives it for something else", True)


_CHECKS = (
    numbers,
    parts_of,
    labels,
    bare_units,
    dates,
    names,
    ranks,
    quotations,
    negations,
    opposites,
    prefixes,
    modality,
    attribution,
    speakers,
    quantifiers,
    _structure,
)
