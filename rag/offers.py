"""What a sentence offers that may answer a question: names, dates, numbers with units, places, causes, words said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.terms import STOP_WORDS, words
from rag.word_forms import key

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?"
    "|twice|once|half|one"
)
_TIME = re.compile(
    rf"\b(1[0-9]{{3}}|20[0-9]{{2}})s?\b|\b({_MONTHS})\b(?<!\bmay)|\bMay \d|\b\d+ May\b|\bcentur(y|ies)\b"
    r"|\b(mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(yesterday|today|tomorrow|ago)\b"
    r"|\b(last|this|next) (week|month|year|night|summer|autumn|winter|spring)\b|\b\d{1,2}[:.]\d\d\b"
    r"|\b\d{1,2} ?(am|pm|a\.m|p\.m)\b|\b(18|19|20)?\d0s\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$£€¥]\s?\d|\b\d[\d.,]*\s?(?:million |billion |thousand )?(dollars?|pounds?|euros?|pence|cents?|yuan|yen"
    r"|bucks|crowns|usd|gbp|eur|francs|rupees|pesos)\b|\bfree of charge\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"\d\s?%|\bper ?cent\b|\b(one|two|three|four|nine|\d+) (in|out of) (\d+|three|four|five|ten|every)\b"
    r"|\b(half|third|quarter|two-thirds|majority)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"\b(\d[\d.,]*|a|an|few|several|{_NUMBER_WORDS})[ -](more |full )?(second|minute|hour|day|week|month|year"
    r"|decade|centur)(s|ies|y)?\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(because|since|due to|owing to|thanks to|as a result|result(s|ed)? (of|from|in)|led to|leads to|leading to"
    r"|after|following|trigger\w*|prompt\w*|spark\w*|caus(e[sd]?|ing)|so that|in order to|therefore|so as to"
    r"|reason\w*|in response|over|amid|fear\w*|meant that|to (avoid|prevent|protect|help|make|get|allow|stop))\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(said|says|say|told|tells|confirm\w*|announc\w*|claim\w*|warn\w*|declar\w*|den(y|ied)|stat(ed|es|ement)"
    r"|according|argu\w+|believ\w+|call(ed|s)|describ\w+|add(ed|s)|promis\w+|insist\w*|admit\w*|think|thinks|thought|accus\w+"
    r"|criticis\w+|criticiz\w+|complain\w*|suggest\w*|reply|replied|explain\w*)\b|[\"“”]",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(is|are|was|were) (an?|the|one of)\b|, (an?|the) [\w-]+ |\bknown as\b|\bcalled\b|\bmeans\b|\brefers? to\b"
)
_ANAPHOR = re.compile(
    r"^[\W_]*((and|but|so|then|also|however|still|yet|meanwhile|instead|later|by then|at the time|at that time"
    r"|since then|in addition|as a result|for this reason|at first|after that|before that|afterwards|in response)\b"
    r",?\s+)?(he|she|it|they|this|that|these|those|his|her|hers|its|their|both|such"
    r"|the (former|latter|same|ministry|bill|move|law|company|minister|group|pair|couple|plan|ruling|report|decision"
    r"|agency|department|government|court|two))\b",
    re.IGNORECASE,
)
_PLACE_WORD = re.compile(
    r"\b(?:in|at|to|from|near|into|outside|across|of|towards?|via)\s+(?:the\s+|\w+ern\s+)?([A-Z][\w'’.-]+)"
)
_NAME = re.compile(r"[A-Z][\w'’.-]*")
_FIGURE = re.compile(rf"\d+(?:[.,]\d+)*|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_AFTER_NUMBER = 4  # words after a number among which its unit stands: "12 new seasonal work visas"
_STARTS_SENTENCE = re.compile(r"^[\W_]*")


@dataclass(frozen=True)
class Offer:
    """A sentence, taken apart; everything is independent of the question.

    Attributes:
        keys: of all its words.
        content: of its content words.
        pairs: of neighbouring content words.
        names: keys of its capitalised words, the first word only if it is no common one.
        places: those of them behind "in", "at", "to", "from" and the like.
        figures: its numbers, in digits or words.
        units: the keys of the words after its numbers.
        words: how many words.
        anaphor: whether it begins with a pronoun or the like, so that the sentence before says who is meant.
    """

    keys: frozenset[str]
    content: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    names: frozenset[str]
    places: frozenset[str]
    figures: frozenset[str]
    units: frozenset[str]
    words: int
    time: bool
    money: bool
    percent: bool
    duration: bool
    cause: bool
    said: bool
    defines: bool
    anaphor: bool
    question: bool


@lru_cache(maxsize=20_000)
def offer(text: str) -> Offer:
    """What the sentence `text` offers."""
    every = words(text)
    keys = [key(word) for word in every]
    figures = frozenset(found.lower().replace(",", "") for found in _FIGURE.findall(text))
    units: set[str] = set()
    for i, word in enumerate(every):
        if word in figures or word[0].isdigit():
            units.update(keys[i + 1 : i + 1 + _AFTER_NUMBER])
    content = [k for k, word in zip(keys, every, strict=True) if word not in STOP_WORDS]
    return Offer(
        keys=frozenset(keys),
        content=frozenset(content),
        pairs=frozenset(pairwise(content)),
        names=_names(text),
        places=frozenset(key(w) for found in _PLACE_WORD.findall(text) for w in words(found)),
        figures=figures,
        units=frozenset(units),
        words=len(every),
        time=_TIME.search(text) is not None,
        money=_MONEY.search(text) is not None,
        percent=_PERCENT.search(text) is not None,
        duration=_DURATION.search(text) is not None,
        cause=_CAUSE.search(text) is not None,
        said=_SAID.search(text) is not None,
        defines=_DEFINES.search(text) is not None,
        anaphor=begins_with_anaphor(text),
        question=text.rstrip(" \"'”’)").endswith("?"),
    )


def begins_with_anaphor(text: str) -> bool:
    """Whether `text` begins with "he", "it", "the ministry" or the like: only what precedes says who it is."""
    return _ANAPHOR.match(text) is not None


def _names(text: str) -> frozenset[str]:
    start = _STARTS_SENTENCE.match(text)
    first = start.end() if start else 0
    found: set[str] = set()
    for match in _NAME.finditer(text):
        lower = [w for w in words(match.group()) if w not in STOP_WORDS]
        # The first word is a name when another capital follows it ("Paolo Renzi said"), as few common words have.
        if match.start() > first or re.match(r"\s+[A-Z]", text[match.end() :]):
            found.update(key(w) for w in lower)
    return frozenset(found)
