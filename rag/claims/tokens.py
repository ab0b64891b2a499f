"""The words of a text where they stand, each with the key that all its forms share."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rag.term_weights import RAREST, background
from rag.terms import STOP_WORDS
from rag.word_forms import key

_WORD = re.compile(r"\d+(?:[.,]\d+)*|(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*")
_AUXILIARIES = frozenset("may might must shall cannot need ought".split())
_APART = re.compile(
    r"[.!?]['\"”’)]*\s|[;:!?—]|\s[–-]\s|\n|,(?= (?:but|although|though|while|whereas|because|unless|until)\b)"
)
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|[ap]|Mr|Mrs|Ms|Dr|St|No|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|Gov|Sen|Rep)\.$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or figure.

    Attributes:
        text: as it is written.
        word: lower-case, accents folded.
        key: shared by all forms of the word.
        start: character offset.
        end: offset behind it.
        content: whether it is no function word.
        gap: what stands between the token before and this one.
    """

    text: str
    word: str
    key: str
    start: int
    end: int
    content: bool
    gap: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[Token, ...]:
    """The words and figures of `text` in order."""
    found = []
    behind = 0
    for match in _WORD.finditer(text):
        written = match.group()
        word = "u.s." if written == "US" else fold(written)
        gap = text[behind : match.start()]
        behind = match.end()
        content = word not in STOP_WORDS and word not in _AUXILIARIES
        found.append(Token(written, word, key(word), match.start(), behind, content, gap))
    return tuple(found)


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """`word` in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
def clauses(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets (start, end) of what full stops, semicolons, colons, dashes and ", but", ", while" set apart."""
    spans = []
    begin = 0
    for match in _APART.finditer(text):
        if match.group()[0] == "." and _ABBREVIATION.search(text, begin, match.start() + 1):
            continue
        spans.append((begin, match.end()))
        begin = match.end()
    spans.append((begin, len(text)))
    return tuple((start, end) for start, end in spans if text[start:end].strip())


def clause_at(text: str, offset: int) -> tuple[int, int]:
    """Offsets of the clause of `text` in which the character at `offset` stands."""
    return next(((start, end) for start, end in clauses(text) if start <= offset < end), (0, len(text)))


@lru_cache(maxsize=50_000)
def weight(term: str) -> float:
    """How rare a key is in everyday text: minus the logarithm of the share of passages that hold it."""
    return -math.log(max(background().get(term, RAREST), RAREST))


def total_weight(terms: Iterable[str]) -> float:
    """The weights of keys, added up."""
    return sum(weight(term) for term in terms)
