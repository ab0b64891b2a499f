"""Of how many a sentence says something: all, most, some, only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rag.claims.neighbours import ahead, last_before
from rag.claims.tokens import tokens


class Quantifier(StrEnum):
    """Of how many something is said."""

    ALL = "all"
    MOST = "most"
    MANY = "many"
    SOME = "some"
    FEW = "few"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Quantified:
    """A quantifier and what it stands before.

    Attributes:
        quantifier: of how many.
        heads: keys of the content words right behind it.
        start: character offset.
        text: the word.
    """

    quantifier: Quantifier
    heads: tuple[str, ...]
    start: int
    text: str


_QUANTIFIERS: tuple[tuple[re.Pattern[str], Quantifier], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), quantifier)
    for pattern, quantifier in (
        (
            "(?<!\\bat )(?<!\\bin )(?<! of )(?<!\\bafter )(?<!\\babove "
            ")all|every|each|everybody|everyone|entire|whole",
            Quantifier.ALL,
        ),
        ("most|(?:a |the )?(?:\\w+ )?majority|nearly all|largely|mostly", Quantifier.MOST),
        ("many", Quantifier.MANY),
        ("some|several|a few|certain|part of|partly", Quantifier.SOME),
        ("hardly any|(?<!a )few|only a few|hardly anyone|barely any", Quantifier.FEW),
        ("only|solely|exclusively|the (?:only|sole)", Quantifier.ONLY),
    )
)
_NUMBER = re.compile(r"\s*(?:[£$€]?\d|a |an |half|one|two|three|four|five|six|seven|eight|nine|ten|in )")
_RECKONED = re.compile(r"\W*(?:$|[.,;]|(?:second|minute|hour|day|week|month|year|for|in|further)s?\b)", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def quantified(text: str) -> tuple[Quantified, ...]:
    """The quantifiers of `text` in order, but those that only lead a number ("some 200", "only 7 per cent")."""
    every = tokens(text)
    found: list[Quantified] = []
    for pattern, quantifier in _QUANTIFIERS:
        for match in pattern.finditer(text):
            i = last_before(every, match.end())
            number_behind = _NUMBER.match(text, match.end())
            if number_behind and quantifier in (Quantifier.SOME, Quantifier.ONLY):
                continue
            if match.group().lower() in ("each", "every") and (number_behind or _RECKONED.match(text, match.end())):
                continue  # "9,000 each", "every five days": how it is reckoned
            heads = tuple(token.key for _, token in list(ahead(every, i))[:3])
            found.append(Quantified(quantifier, heads, match.start(), match.group()))
    return tuple(sorted(found, key=lambda cue: cue.start))
