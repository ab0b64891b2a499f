"""What a question asks for: the type of answer, the word that names it, and the terms it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from rag.terms import STOP_WORDS, content_words, words
from rag.word_forms import key


class AnswerType(StrEnum):
    """The kind of thing that answers a question."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    PERCENTAGE = "percentage"
    DURATION = "duration"
    CAUSE = "cause"
    STATEMENT = "statement"
    NAME = "name"
    DEFINITION = "definition"
    MANNER = "manner"
    WHETHER = "whether"
    OTHER = "other"


# In order: the first that matches decides. Questions come in every shape ("tories said how many…"), so none but
# the last is bound to the beginning.
_PATTERNS: tuple[tuple[AnswerType, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            AnswerType.PERCENTAGE,
            r"\b(what|which) (percent(age)?|proportion|share|fraction)\b|\bhow (large|big) a (share|proportion)\b"
            r"|\b(percentage|proportion) of\b",
        ),
        (
            AnswerType.MONEY,
            r"\bhow much (money|does|do|did|will|would|is|was|were|has|have|had)\b.*"
            r"\b(cost|costs|pay|paid|spend|spent|earn|earned|worth|price|fine|fined|sell|sold|raise|raised|charge)\b"
            r"|\bhow much money\b"
            r"|\b(what|which)\b.{0,25}\b(price|cost|fee|salary|budget|fine|income|revenue|value)\b",
        ),
        (
            AnswerType.DURATION,
            r"\bhow (long|quickly|fast)\b|\b(what|which) (length of time|duration)\b"
            r"|\bfor how many (years|months|days)",
        ),
        (
            AnswerType.NUMBER,
            r"\bhow (many|much|often|old|far|high|tall|large|big|deep|wide|heavy|hot|cold|strong)\b"
            r"|\b(what|which)\b.{0,30}\b(number|amount|population|size|rate|total|age|height|distance|temperature)\b"
            r"|^\W*(total )?number of\b",
        ),
        (
            AnswerType.TIME,
            r"\bwhen\b(?! (he|she|they|it|people)\b)|\b(what|which) (year|month|day|date|time|century|decade|season"
            r"|period|era)\b|\bsince when\b|\bhow (recently|soon)\b",
        ),
        (
            AnswerType.PLACE,
            r"\bwhere\b|\b(what|which|whose) (\w+ )?(cit(y|ies)|countr(y|ies)|town|village|state|region|place"
            r"|location|continent|island|airport|port|county|province|area|district|river|nation|nations|capital)\b"
            r"|\bwhat is the capital\b",
        ),
        (
            AnswerType.CAUSE,
            r"\bwhy\b|\b(what|which)\b.{0,30}\b(cause[sd]?|reasons?|led|lead|triggered|prompted|sparked|broke|provoked"
            r"|made|motivated|forced)\b|\bhow come\b",
        ),
        (
            AnswerType.STATEMENT,
            r"\bwhat (did|does|do|has|have|had|was|were)\b.{0,60}\b(say|says|said|tell|told|claim|claimed|announce"
            r"|announced|warn|warned|promise|promised|argue|argued|call for|state|respond|reply|think|believe)\b",
        ),
        (
            AnswerType.PERSON,
            r"\b(who|whom|whose)\b|\b(what|which)\b.{0,25}\b(person|people|man|woman|president|minister|leader|author"
            r"|writer|singer|actor|actress|king|queen|judge|mp|politician|official|officer|boss|chief|secretary"
            r"|senator|player|scientist|founder|director|artist|composer|professor|lawyer|spokes\w+)\b",
        ),
        (
            AnswerType.DEFINITION,
            r"^\W*(what|who)('s| is| are| was| were) (an? |the )?[\w'-]+( [\w'-]+)?\W*$|\bmean\b",
        ),
        (AnswerType.NAME, r"\bwhich\b|\b(called|named|known as|name of|names of|term for|word for|nickname)\b"),
        (AnswerType.MANNER, r"\bhow\b"),
        (
            AnswerType.WHETHER,
            r"^\W*(is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|may|might|must)\b",
        ),
    )
)
_SAID = re.compile(
    r"\b(say|says|said|tell|told|confirm\w*|announce\w*|claim\w*|warn\w*|declare\w*|deny|denied|state[sd]|quote\w*"
    r"|accord\w*|call(s|ed)|describe[sd]?|comment\w*|argue[sd]?|think|thinks|believe[sd]?|complain\w*|moan\w*"
    r"|criticis\w*|criticiz\w*|promise[sd]?|admit\w*)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\bhow many (?:more |other |different |new |of the )?(?:[\w'-]+ (?=of ))?(?:of )?([\w'-]+)(?: ([\w'-]+))?"
    r"|\b(?:number|amount|total) of ([\w'-]+)(?: ([\w'-]+))?",
    re.IGNORECASE,
)
_FOCUS = re.compile(
    r"\b(?:what|which|whose)(?: (?:was|were|is|are))?(?: the| an?)? ([\w'-]+)(?: ([\w'-]+))?", re.IGNORECASE
)
_NAME = re.compile(r"\b[A-Z][\w'’.-]*(?<![.'’-])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SHORTER = re.compile(r"\b(?:da(?:y|ys|ily)|nights?|week(?:s|ly|ends?)?|month(?:s|ly)?)\b", re.IGNORECASE)
_VERBS_TO_BE = frozenset("did does do is are was were has have had can could will would should".split())


@dataclass(frozen=True)
class Asked:
    """A question, taken apart.

    Attributes:
        kind: the type of answer.
        terms: the keys of its content words, in order.
        names: the keys of its proper names' words; empty for a question in one case.
        numbers: its figures, as `words` writes them.
        units: the keys of the words that may follow a number that answers ("how many *visas*").
        focus: the keys of the words that name the answer's class ("which *city*").
        pairs: the keys of neighbouring content words.
        about_words: whether it asks what somebody said or who said it.
    """

    kind: AnswerType
    terms: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    units: frozenset[str]
    focus: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    about_words: bool


def analyse(question: str, context: str = "") -> Asked:
    """What `question` asks for and what it gives; what it leaves open is taken from `context`."""
    asked = _analyse(question)
    if not context:
        return asked
    before = _analyse(context)
    open_kind = asked.kind in (AnswerType.OTHER, AnswerType.DEFINITION)  # "and in 2022?", "who is it?"
    return replace(
        asked,
        kind=before.kind if open_kind else asked.kind,
        terms=tuple(dict.fromkeys((*asked.terms, *before.terms))),
        names=asked.names | before.names,
        numbers=asked.numbers or before.numbers,
        units=asked.units or (before.units if open_kind else frozenset()),
        focus=asked.focus or (before.focus if open_kind else frozenset()),
        about_words=asked.about_words or (open_kind and before.about_words),
    )


def asks_total(question: str, context: str = "") -> bool:
    """Whether it asks how many there were in all, not on a day or in a month."""
    return analyse(question, context).kind is AnswerType.NUMBER and not _SHORTER.search(f"{context} {question}")


def _analyse(question: str) -> Asked:
    kind = next((kind for kind, pattern in _PATTERNS if pattern.search(question)), AnswerType.OTHER)
    ordered = [key(word) for word in words(question) if word not in STOP_WORDS]
    return Asked(
        kind=kind,
        terms=tuple(dict.fromkeys(ordered)) or tuple(key(word) for word in content_words(question)),
        names=_names(question),
        numbers=frozenset(number.replace(",", "") for number in _NUMBER.findall(question)),
        units=_matched(_UNIT, question),
        focus=_matched(_FOCUS, question),
        pairs=frozenset(pairwise(ordered)),
        about_words=kind is AnswerType.STATEMENT or _SAID.search(question) is not None,
    )


def _names(question: str) -> frozenset[str]:
    """Capitalised words, but not the question's first word, and none when it is all capitals."""
    if question.isupper():
        return frozenset()
    first = len(question) - len(question.lstrip())
    found = [m.group() for m in _NAME.finditer(question) if m.start() > first or m.group().lower() not in STOP_WORDS]
    return frozenset(key(word) for name in found for word in words(name) if word not in STOP_WORDS)


def _matched(pattern: re.Pattern[str], question: str) -> frozenset[str]:
    match = pattern.search(question)
    return _keys(match.groups()) if match else frozenset()


def _keys(found: Iterable[str | None]) -> frozenset[str]:
    every = [word for text in found if text for word in words(text)]
    return frozenset(key(word) for word in every if word not in STOP_WORDS and word not in _VERBS_TO_BE)
