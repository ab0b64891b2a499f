"""Are a claim's numbers in the quote?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from rag.claims import Facts, Hedge, Quantifier, Quantity
from rag.entailment.agreement import opposed_hedges, same_unit, says
from rag.entailment.source import Failure, FailureKind, Source, within

_TIME_UNITS = frozenset({"minute", "hour", "day", "week", "month", "year"})
_FIRSTS = frozenset("first second third last".split())
_RATES = frozenset("daily weekly monthly yearly annual annually hourly nightly".split())
_VAGUE_BEFORE = _FIRSTS | frozenset("for a of after in within several many few some over".split())
_ABOUT_TIMES = 0.1
_OF = frozenset({"of", "of the", "out of", "of its", "of their"})


def numbers(claim: Facts, source: Source) -> Iterator[Failure]:
    """Numbers that no number of the quote bears out."""
    given = source.quote.quantities
    units = frozenset(q.unit for q in given)
    for stated in claim.quantities:
        if any(says(q, stated, units) for q in given):
            continue
        if stated.unit == "%" and (_share_by_words(stated, source) or _share_by_counts(stated, source)):
            continue
        if stated.unit == "times" and stated.hedge is not Hedge.EXACT and _times_by_counts(stated, source):
            continue
        if stated.value == 1 and (not stated.unit or not any(q.value == 1 and q.unit for q in given)):
            continue  # "within a year" may be said in many ways
        like = [q for q in given if same_unit(q, stated)]
        flipped = any(opposed_hedges(q, stated) for q in like)
        instead = ", ".join(q.text for q in like) or ", ".join(q.text for q in given)
        what = "the other way round" if flipped else f"the quote has {instead}" if instead else "the quote has none"
        yield Failure(FailureKind.NUMBER, f"{stated.text}: {what}", contradicted=bool(like))


def parts_of(claim: Facts, source: Source) -> Iterator[Failure]:
    """More of a whole than there is: "16 of six"."""
    for part, whole in pairwise(claim.quantities):
        between = claim.text[part.end : whole.start].strip().lower()
        if between in _OF and not (part.unit or whole.unit) and part.value > whole.value:
            yield Failure(FailureKind.NUMBER, f"{part.text} of {whole.text}", contradicted=True)


def labels(claim: Facts, source: Source) -> Iterator[Failure]:
    """Figures that are part of a name: "Title 42", "Executive Order 14160"."""
    read = [(q.start, q.end) for q in claim.quantities] + [(p.start, p.end) for p in claim.periods]
    for token in claim.tokens:
        if token.text[0].isdigit() and token.key not in source.near_keys and not within(token.start, read):
            yield Failure(FailureKind.NUMBER, f"{token.text}: nothing is numbered so")


def bare_units(claim: Facts, source: Source) -> Iterator[Failure]:
    """Units without a number: "for weeks", "a day or two"."""
    stated, given = _bare_units(claim), _bare_units(source.quote)
    everywhere = {t.key for t in source.quote.tokens}
    for key, word in stated.items():
        if key not in everywhere and given:
            yield Failure(FailureKind.NUMBER, f"{word}: the quote has {', '.join(given.values())}", True)


def _bare_units(text: Facts) -> dict[str, str]:
    """Plural units of time that no number precedes, by key."""
    found = {}
    for before, token in pairwise(text.tokens):
        vague = token.word.endswith("s") or text.text[token.end :].startswith(" or two") or before.word in _FIRSTS
        if token.word in _RATES:
            found[token.key] = token.text
        if vague and token.word.removesuffix("s") in _TIME_UNITS and before.word in _VAGUE_BEFORE:
            found[token.key] = token.text
    return found


def _share_by_words(stated: Quantity, source: Source) -> bool:
    """Whether "most" or "all" bears out a share."""
    kinds = {q.quantifier for q in source.quote.quantified}
    return (stated.value > 50 and Quantifier.MOST in kinds and stated.text == "majority") or (
        stated.value == 100 and Quantifier.ALL in kinds
    )


def _share_by_counts(stated: Quantity, source: Source) -> bool:
    """Whether two counts bear out a share: "41 of 120"; if it is given in words, wherever they stand."""
    text = source.quote.text
    counts = [q for q in source.quote.quantities if not q.unit]
    for part in counts:
        for whole in counts:
            of = text[part.end : whole.start].strip().lower() in _OF
            if 0 < part.value < whole.value and (of or not stated.text[0].isdigit()):
                share = 100 * part.value / whole.value
                if says(replace(part, value=share, high=share, step=0.1, unit="%", per=frozenset()), stated):
                    return True
    return False


def _times_by_counts(stated: Quantity, source: Source) -> bool:
    """Whether two counts bear out that one is so many times the other, about."""
    values = [q.value for q in source.quote.quantities if not q.unit and q.value > 1]
    return any(abs(a / b - stated.value) <= _ABOUT_TIMES * stated.value for a in values for b in values if a > b)
