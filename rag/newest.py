"""The newest figure of a series and the newest holder of an office, for questions about how things are now."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from corpus.text import one_line
from rag.asked_places import countries
from rag.claims import Facts, Quantity, facts
from rag.claims.tokens import total_weight
from rag.entailment.source import within
from rag.selection import Candidate

WHO_HOLDS = (
    r"who(?:'s| is) (?:the )?(?P<office>(?:[\w'’.-]+ ){0,5}?(?:minister|secretary|president|premier|chancellor"
    r"|director|chief|head|commissioner|mayor|governor|leader|boss|chair(?:wo)?(?:man)?))"
)
"""Matches a question for the holder of an office."""
LOOKED_AT = 24  # candidates behind the best one
NEAR_BEST = 0.1  # how nearly as likely as the best one a sentence must be whose holder of an office is the newest
# Of the words of the shorter sentence, figures and dates aside, and in weight about six rare words: less may be
# another figure of the same subject.
LEAST_SHARE, LEAST_SHARED = 0.5, 18.0

_WHO_HOLDS = re.compile(WHO_HOLDS, re.IGNORECASE)
_NOT_OF_IT = frozenset({"new", "current", "present", "acting"})
_NO_SERIES = frozenset({"age", "clock", "ordinal", "times"})


def newest_first(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """`candidates`, best first, where the best one's figure is followed by the newest that says the same anew.

    "The threshold rose to £38,700" of April goes behind "the threshold went up to £41,700" of July. Of candidates
    that name the holder of the office that `question` asks for, the newest comes first.
    """
    if not candidates:
        return []
    best, *others = candidates
    if asked := _WHO_HOLDS.search(question):
        near = [c for c in candidates if c.passage.published and c.score >= best.score + math.log(NEAR_BEST)]
        newer = [c for c in near if _names_holder(c.text, asked["office"])]
    else:
        newer = [c for c in islice(others, LOOKED_AT) if _gives_anew(c, best)]
    if not newer:
        return list(candidates)
    newest = max(newer, key=lambda c: (c.passage.published, c.score))
    rest = [c for c in candidates if c is not newest]
    return [replace(newest, score=best.score), *rest]


def _names_holder(text: str, office: str) -> bool:
    """Whether a name stands beside the office, as in "Prime Minister Ana Petrova" or "Ana Petrova, the premier,"."""
    words = [re.escape(word) for word in office.split() if not countries(word) and word.casefold() not in _NOT_OF_IT]
    title = rf"\b(?i:{' '.join(words)})\b"
    return re.search(rf"{title},? [A-Z]|[a-z], (?:[\w'’]+ ){{0,2}}{title}(?: of [\w ]+)?,", text) is not None


def _gives_anew(later: Candidate, earlier: Candidate) -> bool:
    """Whether `later`, of a newer report, has another figure for what `earlier` gives one for."""
    day, before = later.passage.published, earlier.passage.published
    if not day or not before or day <= before:
        return False
    mine, theirs = facts(one_line(later.text), day), facts(one_line(earlier.text), before)
    if mine.modalities and not theirs.modalities:
        return False  # what is planned isn't so now
    told = {q.value for q in theirs.quantities}
    units = {q.unit for q in theirs.quantities if _measures(q)}
    if not any(_measures(q) and q.unit in units and q.value not in told for q in mine.quantities):
        return False
    same, other = _words(mine), _words(theirs)
    shared = total_weight(same & other)
    return shared >= max(LEAST_SHARED, LEAST_SHARE * min(total_weight(same), total_weight(other)))


def _measures(quantity: Quantity) -> bool:
    """Whether it may be the present figure of a series."""
    return quantity.role != "from" and quantity.unit not in _NO_SERIES


def _words(of: Facts) -> frozenset[str]:
    """The keys of its content words, those in figures and dates aside."""
    values = [(q.start, q.end) for q in of.quantities] + [(p.start, p.end) for p in of.periods]
    return frozenset(token.key for token in of.tokens if token.content and not within(token.start, values))
