"""Which shape of answer a question asks for: the point itself, a list, a comparison or a timeline."""

from __future__ import annotations

import re
from enum import StrEnum

from rag.terms import STOP_WORDS, words
from rag.word_forms import key


class AnswerForm(StrEnum):
    """The shape of an answer."""

    DIRECT = "direct"
    LIST = "list"
    COMPARISON = "comparison"
    TIMELINE = "timeline"


_TIMELINE = re.compile(
    r"\b(time ?line of|chronology|step by step|sequence of events"
    r"|what (has |had )?happened (with|since|next|after that)"
    r"|what(['’]s| has| have| is)?( been)? chang(ed|ing)( \w+){0,6} since"
    r"|how (has|have) \w+.{3,60}\b(changed|developed|evolved|unfolded)|(the )?history of"
    r"|how did \w+.{3,60}\b(change|develop|evolve|unfold)\b"
    r"|over the (past |last )?(years|months))\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^\W*(list|enumerate)\b|\blist (them|all)\b|\b(which|what) (are|were) (the|all|some) \w+s\b"
    r"|\b(which|what) (\w+ )?(countries|nationalities|states|cities|groups|agencies|airlines|companies|topics|steps"
    r"|measures|conditions|reasons|rules|documents|programmes|programs|exceptions|exemptions|visas|judges|ministers"
    r"|provinces|ports|airports)\b|\bmain (countries|reasons|routes)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:differences?|comparison|gap) between (?P<a>.+?) and (?P<b>.+)"
    r"|\bhow (?:do|does|did) (?P<c>.+?) (?:and|differ from|compare (?:to|with)) (?P<d>.+?)(?: differ| compare)?\W*$"
    r"|\bcompare (?P<e>.+?) (?:and|with|to) (?P<f>.+)",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"(?P<a>.+?)\b(?:vs\.?|versus) (?P<b>.+)"
    r"|\b(?:more|fewer|less|higher|lower|bigger|larger|smaller|most|fewest|first)\b(?P<c>.+?) or (?P<d>.+)",
    re.IGNORECASE,
)


def answer_form(question: str) -> AnswerForm:
    """The shape of answer that `question` asks for."""
    if _TIMELINE.search(question):
        return AnswerForm.TIMELINE
    if sides(question):
        return AnswerForm.COMPARISON
    return AnswerForm.LIST if _LIST.search(question) else AnswerForm.DIRECT


def sides(question: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The keys of the words that tell apart the two things compared in `question`, or None.

    Around "versus" and "or" these are the words next to it ("net migration 2023 vs 2024").
    """
    if match := _BETWEEN.search(question):
        first, second = (frozenset(_content(side)) for side in match.groups() if side)
    elif match := _VERSUS.search(question):
        before, behind = (_content(side) for side in match.groups() if side)
        first, second = frozenset(before[-1:]), frozenset(behind[:1])
    else:
        return None
    return (first - second, second - first) if first - second and second - first else None


def _content(text: str) -> list[str]:
    return [key(word) for word in words(text) if word not in STOP_WORDS and word != "fiscal"]
