"""Compares the sentences of several articles pair by pair."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from corpus.text import one_line
from rag.differences.statements import Reported, Statement, common, replaced
from rag.differences.values import Topic, corrected, differing, meet

Kind = Literal["conflict", "superseded", "corrected"]
# What two sentences about the same thing have in common, of the weight of the longer one's words and names; of
# foreign words both may have less than one rare one.
_SHARE, _FOREIGN, _FOREIGN_WORDING = 0.6, 3.6, 2.0
_SHARE_FOR_NAMES = 0.7  # names, years and words prove less: more of the rest must be the same
_SHARE_OF_CORRECTED = 0.55  # of what is corrected; the correction itself says more
_STATUS_DAYS = 45  # after so long a figure without a closed period is one of another time
_RUNNING = re.compile(
    r"\b(?:so far|to date|by now|as of|until now|up to now|currently|at present|now|yet|death toll|toll|since"
    r"|at least"
    r"|still|has risen to|have risen to|has grown to|this (?:year|month|week|season))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Difference:
    """Two reports that don't agree.

    Attributes:
        kind: "conflict"; "superseded" where the later is a newer state of the same count; "corrected" where one
            corrects the other.
        first: the sentence published first, or the corrected one.
        second: the other.
        topic: what kind of fact differs; "wording" where one denies what the other says.
        values: what the two have, in that order: a number, date or name, of wording the sentences.
    """

    kind: Kind
    first: Reported
    second: Reported
    topic: Topic
    values: tuple[str, str]


def differences(sentences: Sequence[Reported]) -> list[Difference]:
    """Where sentences of different articles give different values for the same thing, each pair of values once.

    Args:
        sentences: of several articles, best first; a dozen take a few milliseconds.
    """
    found: dict[tuple[str, ...], Difference] = {}
    for a, b in combinations([Statement(sentence) for sentence in sentences], 2):
        if a.reported.article_id and a.reported.article_id == b.reported.article_id:
            continue
        if difference := compare(a, b):
            found.setdefault(tuple(sorted(difference.values)), difference)
    return list(found.values())


def compare(a: Statement, b: Statement) -> Difference | None:
    """How two sentences of different articles differ; None when they agree or are about different things."""
    earlier, later = sorted((a, b), key=lambda s: s.reported.published or date.min)
    shared = common(earlier, later)
    if shared is None or one_line(earlier.reported.text) == one_line(later.reported.text):
        return None
    for wrong, right, share in ((earlier, later, shared.first), (later, earlier, shared.second)):
        if right.corrects and not wrong.corrects and share >= _SHARE_OF_CORRECTED:
            values = next(corrected(wrong.facts, right.facts), None)
            if values:
                return Difference("corrected", wrong.reported, right.reported, values.topic, values.pair)
    share = min(shared.first, shared.second)
    if share < _SHARE or shared.foreign > _FOREIGN or not (earlier.stands_alone and later.stands_alone):
        return None
    values = differing(earlier.facts, later.facts)
    if values is None or (values.topic != "number" and share < _SHARE_FOR_NAMES):
        return None
    if values.topic == "number" and replaced(earlier, later):
        return None  # "costs", "earns"
    if values.topic == "wording" and shared.foreign > _FOREIGN_WORDING:
        return None  # "the cooks", "not the waiters"
    kind = _kind(earlier, later) if values.topic == "number" else "conflict"
    return Difference(kind, earlier.reported, later.reported, values.topic, values.pair) if kind else None


def _kind(earlier: Statement, later: Statement) -> Kind | None:
    """What two numbers for the same thing are; None when nothing says that they are of the same time.

    A figure without a period of its own is taken for one of the day of its article: soon after, another one is a
    contradiction; much later it is of another time. Only a running count ("so far") goes on.
    """
    before, after = earlier.reported.published, later.reported.published
    one, two = earlier.facts, later.facts
    if not before or not after or before == after:
        return "conflict"
    if any(_RUNNING.search(text.text) for text in (one, two)):
        return "superseded"
    closed = any(a.written_year and b.written_year and meet(a, b) for a in one.periods for b in two.periods)
    return "conflict" if closed or (after - before).days <= _STATUS_DAYS else None
