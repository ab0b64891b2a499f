"""Keeps a figure of one year from answering a question about another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.passage_store import StoredPassage
from rag.selection import Candidate

OTHER_YEAR = 1.5  # log-odds that a sentence loses which names years, but not the one asked about
_RANGE = re.compile(r"\b((?:19|20)\d\d)\s?[-–/]\s?((?:19|20)?\d\d)\b")
_YEAR = re.compile(r"(?<![\d,.$£€])\b((?:19|20)\d\d)s?\b(?![,.]?\d)")
# "from 7,000 a year earlier": the sentence gives the figure of the year before the one it names.
_YEAR_BEFORE = re.compile(r"\b(year (?:earlier|before)|(?:previous|prior|preceding) (?:\w+ )?year|last year)\b", re.I)


def years(text: str) -> frozenset[int]:
    """The years that `text` names; "2022-23" names both."""
    found = {int(match[1]) for match in _YEAR.finditer(text)}
    for match in _RANGE.finditer(text):
        first = int(match[1])
        last = int(match[2]) if len(match[2]) == 4 else first // 100 * 100 + int(match[2])
        if first < last <= first + 10:
            found.update(range(first, last + 1))
    return frozenset(found)


def about_years(asked: frozenset[int], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those of `candidates` that may be about one of the years `asked`, best first; all when none is asked about.

    A sentence is left out when neither it nor its passage, its headline or the day it was published names such a
    year. One that names only other years ranks lower: it may still answer by comparing ("14 % more than in 2023").
    """
    if not asked:
        return list(candidates)
    fitting = []
    for candidate in candidates:
        own = years(candidate.text)
        if own and _YEAR_BEFORE.search(candidate.text):
            own |= {year - 1 for year in own}
        if asked & own:
            fitting.append(candidate)
        elif asked & _years_around(candidate.passage):
            fitting.append(replace(candidate, score=candidate.score - OTHER_YEAR) if own else candidate)
    return sorted(fitting, key=lambda candidate: -candidate.score)


def _years_around(passage: StoredPassage) -> frozenset[int]:
    published = frozenset({passage.published.year} if passage.published else ())
    return years(passage.text) | years(passage.title) | published
