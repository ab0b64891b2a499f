"""How real a sentence says that something is: done, to come, planned, possible; and what is allowed or required."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rag.claims.neighbours import ahead, last_before, word_at
from rag.claims.tokens import Token, tokens


class Mode(StrEnum):
    """How real a sentence says that something is."""

    FACT = "fact"
    WILL = "will"
    PLANNED = "planned"
    POSSIBLE = "possible"
    ALLOWED = "allowed"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Modality:
    """A word that says how real, likely, planned, allowed or required something is.

    Attributes:
        modes: what it may mean: "may" is possible or allowed.
        heads: keys of what it governs: a verb, or the words of an object ("promised two ambulances").
        whole: whether it governs all of them together, as an object.
        start: character offset.
        text: the word.
    """

    modes: frozenset[Mode]
    heads: frozenset[str]
    whole: bool
    start: int
    text: str


_MODES: tuple[tuple[re.Pattern[str], frozenset[Mode]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), frozenset(modes))
    for pattern, modes in (
        (r"\bmay\b|\bcould\b", (Mode.POSSIBLE, Mode.ALLOWED)),
        (r"\bmight\b|\bperhaps\b|\bpossibly\b|\bmaybe\b|\bpossible\b", (Mode.POSSIBLE,)),
        (r"\bwhether\b", (Mode.POSSIBLE,)),
        (r"\bprobably\b|\b(?:un)?likely\b|\bexpect(?:s|ed)?\b", (Mode.POSSIBLE, Mode.PLANNED)),
        (
            r"\bcan\b|\bcannot\b|\bcan['’]t\b|\b(?:able|free|entitled) to\b|\blets?\b"
            r"|\ballow(?:s|ed)?\b|\bpermitted\b",
            (Mode.ALLOWED,),
        ),
        (r"\bwill\b|\b(?:certain|sure|bound) to\b|\bwon['’]t\b|\bshall\b|\w['’]ll\b", (Mode.WILL,)),
        (r"\b(?:is|are) (?:now |currently |still )?(?=\w{2,}ing\b)", (Mode.WILL, Mode.PLANNED)),  # not done yet
        (r"\bwould\b", (Mode.WILL, Mode.PLANNED, Mode.POSSIBLE)),
        (
            r"\b(?:is|are|was|were) (?:due |set |going |about )?to (?=(?!the\b|a\b|an\b)[a-z])",
            (Mode.WILL, Mode.PLANNED, Mode.REQUIRED),
        ),
        (
            r"\b(?:plan(?:s|ned|ning)?|intend(?:s|ed)?|want(?:s|ed)?|hop(?:e|es|ed|ing)|aim(?:s|ed)?|propos(?:e|es|ed)"
            r"|seek(?:s|ing)?|wish(?:es)?|threaten(?:s|ed)?|supposed|intention|proposal) to\b|\bwould rather\b"
            r"|\b(?:propos(?:e|es|ed|ing)|consider(?:s|ed|ing)?|demand(?:s|ed)?|debat(?:e|es|ed|ing)|suggest(?:s"
            r"|ed)?|hop(?:e|es|ed|ing) for|wants?|wanted)\b",
            (Mode.PLANNED,),
        ),
        (r"\b(?:agree(?:s|d)? to|promis(?:e|es|ed|ing)|pledg(?:e|es|ed))\b", (Mode.PLANNED, Mode.WILL)),
        (
            r"\bmust\b|\b(?:has|have|had) to\b|\b(?:need|needs|needed) to\b|\bneed not\b|\brequir(?:e|es|ed)\b"
            r"|\b(?:oblig|forc|order|requir)(?:e|es|ed|s) (?:[\w-]+ ){1,4}to (?=(?!the\b|a\b)[a-z])|\b(?:obliged"
            r"|forced|ordered) to\b|\bshould\b|\bought to\b",
            (Mode.REQUIRED,),
        ),
    )
)
# These are never what a modal word governs.
_NO_HEADS = frozenset(
    "allowed permitted required obliged expected supposed forced entitled january february march april june july "
    "august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday million billion thousand hundred year month week day two three four five six seven eight "
    "nine "
    "ten twelve".split()
)
_NO_VERBS = frozenset("the a an people those them him her men women children".split())
_NEAR_TO = 7  # words behind "expects" among which its "to" stands


@lru_cache(maxsize=20_000)
def modalities(text: str) -> tuple[Modality, ...]:
    """The modal words of `text` in order."""
    every = tokens(text)
    found = []
    for pattern, modes in _MODES:
        for match in pattern.finditer(text):
            i = last_before(every, match.end())
            if match.group()[0].isupper() and match.group().lower() == "may" and match.start() > 0:
                continue  # the month
            planned = Mode.PLANNED in modes and match.group().lower() not in ("would", "likely", "probably")
            words = [
                token.key
                for _, token in ahead(every, i)
                if not (token.text[0].isdigit() or token.capital or token.word in _NO_HEADS)
            ]
            lets = match.group().lower() in ("let", "lets") or match.group().lower().startswith(("allow", "permit"))
            objects = planned and not match.group().endswith("to") and word_at(every, i + 1) != "to"
            if objects and (verb := _verb_behind(every, i)):
                words, objects = [verb], False  # "expects the increase to raise"
            heads = frozenset(words[: 3 if objects else 4 if lets else 1])
            found.append(Modality(modes, heads, objects, match.start(), match.group()))
    return tuple(sorted(found, key=lambda cue: cue.start))


def _verb_behind(every: Sequence[Token], i: int) -> str:
    """The key of the verb that follows "to" within some words of token `i`; "" for none."""
    for j in range(i + 1, min(i + _NEAR_TO, len(every) - 1)):
        if every[j].gap.strip():
            return ""
        if every[j].word == "to" and every[j + 1].word not in _NO_VERBS and not every[j + 1].capital:
            return every[j + 1].key
    return ""
