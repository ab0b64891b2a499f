"""The words of a question that say what it is about, and how rare they are."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

import Stemmer

# Function words, and words that only make a text a question.
STOP_WORDS = frozenset(
    """a about after again all also am an and any are aren't as at be because been before being between both but by
    can can't could couldn't did didn't do does doesn't doing don't down during each few for from further had has
    have having he her here hers him his how i if in into is isn't it it's its just let me more most my no nor not of
    off on once only or other our ours out over own please same she should so some such tell than that that's the
    their theirs them then there these they this those through to too under until up us very was wasn't we were
    weren't what what's when where which while who who's whom whose why will with won't would wouldn't you your
    yours""".split()
)

_WORD = re.compile(r"\d+(?:[.,]\d+)*|(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:'[^\W\d_]+)*")
_US = re.compile(r"\bUS\b")  # the country; lower-cased it would be the pronoun
_stemmer = Stemmer.Stemmer("porter", 0)


def words(text: str) -> list[str]:
    """The words and figures of `text`: lower-case, accents folded, "1,000" as 1000, "US" and "U.S." as u.s."""
    folded = unicodedata.normalize("NFKD", _US.sub("u.s.", text).lower().replace("’", "'"))
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return [word.replace(",", "") if word[0].isdigit() else word for word in _WORD.findall(plain)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Porter stem of a lower-case word, possessive dropped."""
    bare = word.removesuffix("'s").replace("'", "")
    stemmed: str = _stemmer.stemWord(bare)
    return stemmed if len(bare) > 2 else bare  # Porter leaves words of one and two letters alone


def content_words(text: str) -> list[str]:
    """The words of `text` that aren't stop words, each once, in order; all words if nothing else is left."""
    every = list(dict.fromkeys(words(text)))
    return [word for word in every if word not in STOP_WORDS] or every


def stems(text: str) -> set[str]:
    """The stems of all words of `text`."""
    return {stem(word) for word in words(text)}


def rarity(terms: Iterable[str], frequencies: Mapping[str, int], documents: int) -> dict[str, float]:
    """Inverse document frequency of `terms`: log(1 + (N - n + 0.5) / (n + 0.5)), as in BM25 (Robertson 2009).

    Args:
        terms: stems.
        frequencies: in how many of the `documents` each occurs; absent means none.
        documents: how many there are.
    """
    return {
        term: math.log(1 + (documents - n + 0.5) / (n + 0.5))
        for term in terms
        for n in (min(frequencies.get(term, 0), documents),)
    }
