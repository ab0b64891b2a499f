"""Are a claim's names and quotations in the quote or around it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.claims import Facts, Name, NameKind
from rag.claims.names import same_word, stands_in
from rag.entailment.source import Failure, FailureKind, Source
from rag.names import named

_QUOTED = re.compile(r"[\"“]([^\"“”]{3,})[\"”]")
_PLACES = (NameKind.PLACE, NameKind.PEOPLE)
_AROUND = 40  # characters around a name among which its office stands


def names(claim: Facts, source: Source) -> Iterator[Failure]:
    """Names that stand nowhere, or in the context where the quote has another of the kind."""
    given = source.quote.names
    for stated in claim.names:
        if stands_in(stated, source.keys, source.acronyms) or _otherwise_named(stated, source):
            continue
        around = stands_in(stated, source.near_keys, source.acronyms)
        rivals = [n for n in given if not _shares_word(n, claim.names) and _rivals(n, stated)]
        if around and not any(n.kind is stated.kind is not NameKind.OTHER for n in rivals):
            continue
        instead = ", ".join(dict.fromkeys(n.text for n in rivals)) or "no such name"
        yield Failure(FailureKind.NAME, f"{stated.text}: the quote has {instead}", contradicted=bool(rivals))


def _otherwise_named(stated: Name, source: Source) -> bool:
    """Whether the source has another name of the same, by the table of names."""
    bare = stated.text.removesuffix("'s").removesuffix("’s").lower()
    return any(
        bare in (form.lower() for form in alias.forms) for alias in source.aliases.intersection(named(stated.text))
    )


def _shares_word(name: Name, others: Sequence[Name]) -> bool:
    return any(any(same_word(k, o) for k in name.keys for o in other.keys) for other in others)


def _rivals(given: Name, stated: Name) -> bool:
    """Whether the quote's name is of the kind of the stated one, so that it may have been put in its place."""
    return given.kind is stated.kind or (given.kind in _PLACES and stated.kind in _PLACES)


def quotations(claim: Facts, source: Source) -> Iterator[Failure]:
    """Words in quotation marks that aren't the source's."""
    whole = _plain(f"{source.quote.text} {source.context.text}")
    for said in _QUOTED.findall(claim.text):
        if _plain(said).strip(" .,") not in whole:
            yield Failure(FailureKind.QUOTATION, f"“{said}” isn't what the quote has")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("‘", "'")).lower()


def ranks(claim: Facts, source: Source) -> Iterator[Failure]:
    """Offices given to somebody else: "Governor A" where the quote has "Governor B" and "Judge A"."""
    known = [*source.quote.names, *source.context.names]
    for stated in claim.names:
        holders = [n for n in known if stated.rank and n.rank == stated.rank]
        if not holders or any(_shares_word(n, (stated,)) for n in holders):
            continue
        if not any(_near_rank(text, n, stated.rank) for text in (source.quote, source.context)
                   for n in text.names if _shares_word(n, (stated,))):  # fmt: skip
            yield Failure(FailureKind.NAME, f"{stated.rank} {stated.text}: the quote has {holders[0].text}", True)


def _near_rank(text: Facts, name: Name, rank: str) -> bool:
    """Whether the office stands close to a name: "Ann Lee, the governor"."""
    around = text.text[max(0, name.start - _AROUND) : name.end + _AROUND].lower()
    return rank in re.findall(r"\w+", around.replace(f"{rank} {name.text.lower()}", ""))
