"""What a sentence denies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.claims.neighbours import AUXILIARIES, ahead, behind, last_before, word_at
from rag.claims.tokens import Token, clause_at, tokens

_NOT = frozenset("not never cannot n't".split())
_NO = frozenset("no none nobody nothing neither nor without nowhere".split())
# Verbs that deny the verb behind them ("failed to show", "stopped taking", "lack a teacher").
_DENYING = re.compile(
    r"\b(fail(?:s|ed|ing)?|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|unable|unwilling|impossible|forbidden|barred"
    r"|ceas(?:e|es|ed|ing)|unlikely)"
    r"(?: on \w+day| again| yesterday)? to\b|\b(stop(?:s|ped|ping)?|ceas(?:e|es|ed)|avoid(?:s|ed)?)(?= \w+ing\b)"
    r"|\b(lack(?:s|ed|ing)?)\b|\b(far from|free (?:of|from))\b|\b(rul(?:es?|ed|ing) out)\b",
    re.IGNORECASE,
)
_NOT_A_NEGATION = re.compile(
    r"\b(?:not only|not just|not more than|not less than|not fewer than|not exceeding|no more than|no fewer than"
    r"|no less"
    r" than|no longer than|no later than|no earlier than|not later than|no higher than|no doubt|not least"
    r"|whether or not|if not|never before|no\. ?\d)",
    re.IGNORECASE,
)
_POINTING = re.compile(r"\b(?:any|none|one)\b\W*$", re.IGNORECASE)
_REACH = 6  # content words after a negation that a paraphrase may deny instead


@dataclass(frozen=True, slots=True)
class Negation:
    """A word that denies others.

    Attributes:
        heads: keys of what it denies: for "no visas were issued" the noun and the verb.
        reach: keys of all content words around it in its clause, which paraphrases may deny instead.
        pointing: whether it denies something named before ("publishes none", "does not publish any").
        start: character offset.
        text: the word.
    """

    heads: frozenset[str]
    reach: frozenset[str]
    pointing: bool
    start: int
    text: str


@lru_cache(maxsize=20_000)
def negations(text: str) -> tuple[Negation, ...]:
    """The negations of `text` in order."""
    every = tokens(text)
    void = [match.span() for match in _NOT_A_NEGATION.finditer(text)]
    denying = {match.start(): match for match in _DENYING.finditer(text)}
    found = []
    for i, token in enumerate(every):
        if any(start <= token.start < end for start, end in void):
            continue
        following = next(ahead(every, i), None)
        if following and following[1].start in denying and token.word in _NOT:
            del denying[following[1].start]  # "did not rule out an extension" denies nothing
            continue
        if token.word in _NOT or token.word.endswith("n't"):
            heads, reach = _denied(every, i, verb_too=word_at(every, i + 1) in ("one", "a", "all", "every"))
        elif token.word in _NO:
            if token.word == "no" and word_at(every, i + 1) == "longer":
                heads, reach = _denied(every, i + 1, verb_too=False)
            else:
                heads, reach = _denied(every, i, verb_too=token.word != "without")
        elif token.start in denying:
            match = denying[token.start]
            behind_to = last_before(every, match.end()) if match.group().endswith("to") else i
            heads, reach = _denied(every, behind_to, verb_too=False)
            heads -= {token.key}
        else:
            continue
        pointing = _POINTING.search(text, token.start, clause_at(text, token.start)[1]) is not None
        found.append(Negation(heads, reach, pointing, token.start, token.text))
    return tuple(found)


def _denied(every: Sequence[Token], i: int, verb_too: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Heads and reach of the negation at token `i`."""
    following = list(ahead(every, i))
    heads = [token.key for _, token in following[:1]]
    if verb_too:
        heads += [
            token.key for n, (j, token) in enumerate(following[:3]) if j == following[0][0] + n
        ]  # "no asylum seeker"
        verb = next((token for j, token in following[1:] if every[j - 1].word in AUXILIARIES), None)
        verb = verb or next((token for _, token in following[1:3] if token.word.endswith("ed")), None)
        heads += [verb.key] if verb else []
    preceding = [token.key for token in behind(every, i)]
    if not heads and not _elliptical(every, i):
        heads = preceding[:1]
    contrasted = word_at(every, i - 1) == "but"  # "talks but not a promise"
    reach = [token.key for _, token in following[:_REACH]] + preceding[
        : 0 if contrasted else 1 if following else _REACH
    ]
    return frozenset(heads), frozenset(reach)


def _elliptical(every: Sequence[Token], i: int) -> bool:
    """Whether "did not" and the like stand for a verb said before."""
    return (
        every[i].word in ("not", "n't")
        and i > 0
        and every[i - 1].word in AUXILIARIES
        and every[i - 1].word != "cannot"
    )
