"""Both sides of a difference are quoted in an answer, and a note beside it says how they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from corpus.text import one_line
from rag.answer import Citation, Note
from rag.brackets import long_date
from rag.claims.tokens import total_weight
from rag.differences.comparison import Difference, compare
from rag.differences.statements import LEAST_SHARED, Reported, Statement
from rag.selection import Candidate

COMPARED = 24  # candidates that each quoted sentence is held against: beyond, what is said is about something else
LEAST_SHARE = 0.25  # of the shorter one's words, values included, that both have; far less than `compare` asks for
MOST_NOTES = 2
MOST_WORDS = 60  # of a sentence that is added
_WORDING = "conflict_wording"  # the key of a note where the values are whole sentences
_TEXTS = {
    "conflict": "Reports differ: {first_report} says {first}; {second_report} says {second}.",
    _WORDING: "Reports differ: what {first_report} and {second_report} say can't both be true.",
    "superseded": "Newer figure: {second_report} says {second}; before, {first_report} said {first}.",
    "corrected": "Corrected: {second_report} gives {second} instead of {first}, as {first_report} had it.",
}


@dataclass(frozen=True)
class Disagreement:
    """A difference with the candidates that it is between, in the difference's order."""

    difference: Difference
    first: Candidate
    second: Candidate


def disagreements(quoted: Sequence[Candidate], candidates: Sequence[Candidate]) -> list[Disagreement]:
    """Where a sentence that is to be quoted differs from another article's, at most `MOST_NOTES`.

    Args:
        quoted: what the answer quotes, which may be several sentences in one.
        candidates: all sentences of the retrieved passages, best first.
    """
    read = [_Read(candidate) for candidate in candidates if len(candidate.text.split()) <= MOST_WORDS]
    found: dict[tuple[str, ...], Disagreement] = {}
    for whole in quoted:
        for mine in [r for r in read if _inside(r.candidate, whole)]:
            for theirs in islice((r for r in read if mine.resembles(r)), COMPARED):
                difference = compare(mine.statement, theirs.statement)
                if difference:
                    swapped = difference.first.article_id != mine.candidate.passage.article_id
                    pair = (theirs, mine) if swapped else (mine, theirs)
                    key = tuple(sorted(difference.values))
                    found.setdefault(key, Disagreement(difference, pair[0].candidate, pair[1].candidate))
    return list(found.values())[:MOST_NOTES]


class _Read:
    """A candidate with what it is compared by, each read when it is first needed."""

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate

    @cached_property
    def statement(self) -> Statement:
        passage = self.candidate.passage
        text = one_line(self.candidate.text)
        return Statement(Reported(text, passage.source, passage.published, passage.title, passage.article_id))

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of its content words."""
        return self.statement.facts.content

    @cached_property
    def weight(self) -> float:
        return total_weight(self.keys)

    def resembles(self, other: _Read) -> bool:
        """Whether it has words enough in common with another article's sentence for a closer look."""
        if other.candidate.passage.article_id == self.candidate.passage.article_id:
            return False
        shared = total_weight(self.keys & other.keys)
        return shared >= max(LEAST_SHARED / 2, LEAST_SHARE * min(self.weight, other.weight))


def with_both_sides(quoted: Sequence[Candidate], found: Sequence[Disagreement]) -> list[Candidate]:
    """`quoted` with the other side of each of `found` behind its own, or before it where it is the newer one."""
    shown = list(quoted)
    for each in found:
        places = [_place(side, shown) for side in (each.first, each.second)]
        if places[0] is not None and places[1] is None:
            newer = each.difference.kind != "conflict"
            shown.insert(places[0] + (not newer), each.second)
        elif places[1] is not None and places[0] is None:
            shown.insert(places[1] + 1, each.first)
    return shown


def notes_on(found: Sequence[Disagreement], citations: Sequence[Citation]) -> list[Note]:
    """A note for each of `found` of which both sides are among `citations`."""
    notes = []
    for each in found:
        cited = [next((c for c in citations if _holds(c, side)), None) for side in (each.first, each.second)]
        if cited[0] and cited[1]:
            notes.append(_note(each.difference, cited[0], cited[1]))
    return notes


def _note(difference: Difference, first: Citation, second: Citation) -> Note:
    key = _WORDING if difference.topic == "wording" else difference.kind
    values = {}
    for side, citation, value in zip(("first", "second"), (first, second), difference.values, strict=True):
        values[side] = value
        values[f"{side}_source"] = citation.source
        values[f"{side}_published"] = citation.published.isoformat() if citation.published else ""
        values[f"{side}_citation"] = str(citation.n)
    text = _TEXTS[key].format(
        first=values["first"], second=values["second"], first_report=_report(first), second_report=_report(second)
    )
    return Note(kind=difference.kind, text=text, key=key, values=values)


def _report(citation: Citation) -> str:
    outlet = citation.source or "one report"
    return f"{outlet} ({long_date(citation.published)})" if citation.published else outlet


def _place(side: Candidate, shown: Sequence[Candidate]) -> int | None:
    """Which of `shown` quotes `side`."""
    return next((i for i, candidate in enumerate(shown) if _inside(side, candidate)), None)


def _inside(inner: Candidate, outer: Candidate) -> bool:
    return inner.passage.passage_id == outer.passage.passage_id and _within(inner.span, outer.span)


def _holds(citation: Citation, side: Candidate) -> bool:
    passage = side.passage
    version = (passage.article_id, passage.version)
    return (citation.article_id, citation.version) == version and _within(side.span, (citation.start, citation.end))


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
