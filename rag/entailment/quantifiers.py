"""Does a claim say as much of as many as the quote does?"""

from __future__ import annotations

from collections.abc import Iterator

from rag.claims import Facts, Quantified, Quantifier
from rag.entailment.source import Failure, FailureKind, Source, within

_EACH = frozenset({"each", "everi", "every", "per"})
_UNLIKE = {
    Quantifier.ALL: (Quantifier.MOST, Quantifier.MANY, Quantifier.SOME, Quantifier.FEW),
    Quantifier.MOST: (Quantifier.MANY, Quantifier.SOME, Quantifier.FEW),
    Quantifier.MANY: (Quantifier.SOME, Quantifier.FEW, Quantifier.ALL, Quantifier.MOST),
    Quantifier.SOME: (Quantifier.ALL, Quantifier.MOST, Quantifier.FEW),
    Quantifier.FEW: (Quantifier.ALL, Quantifier.MOST, Quantifier.MANY, Quantifier.SOME),
}
_NEEDS_WORD = (Quantifier.ALL, Quantifier.ONLY, Quantifier.MOST)  # these must be said, not only be possible


def quantifiers(claim: Facts, source: Source) -> Iterator[Failure]:
    """Quantifiers that the quote doesn't have, where it has another or should have this one."""
    about = source.about(claim)
    given = [q for q in source.quote.quantified if within(q.start, about)]
    kinds = {q.quantifier for q in given}
    for stated in claim.quantified:
        if stated.quantifier in kinds or _is_implied(stated, source):
            continue
        unlike = _UNLIKE.get(stated.quantifier, ())
        if stated.text.lower() == "a few":
            unlike = (*unlike, Quantifier.MANY)
        rivals = [q for q in given if q.quantifier in unlike]
        if rivals or stated.quantifier in _NEEDS_WORD:
            instead = f"the quote has “{rivals[0].text}”" if rivals else "the quote has nothing like it"
            yield Failure(FailureKind.QUANTIFIER, f"“{stated.text}”: {instead}", contradicted=bool(rivals))


def _is_implied(stated: Quantified, source: Source) -> bool:
    """Whether the quote says so without the word: "per person" for "each", "60 per cent" for "most"."""
    if stated.text.lower() in _EACH:
        return bool(source.keys & _EACH) or any(q.per for q in source.quote.quantities)
    return stated.quantifier is Quantifier.MOST and any(
        q.unit == "%" and q.value > 50 for q in source.quote.quantities
    )
