"""BM25 over terms of our own: what a passage is indexed under, and how well it matches a query."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from rag.folding import fold_words
from rag.names import alternatives
from rag.terms import STOP_WORDS, rarity, stem

TERMS = "folded-1"  # changes with what `index_terms` gives, so that an index knows when it is out of date
K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009
ALTERNATIVE = 0.3  # of a word that only another name of the same thing has; 0.5 and 1 were no better
_MOST_COUNTED = 255  # of one term in one passage
_BYTES = 5  # of a packed term: a 32-bit hash and an 8-bit count


@dataclass(frozen=True)
class Statistics:
    """What a question needs to know of all passages.

    Attributes:
        passages: how many there are.
        average_length: terms in a passage.
        frequencies: in how many passages each term occurs.
        dates: the first and the last publication day; None when no article has one.
    """

    passages: int
    average_length: float
    frequencies: Mapping[str, int]
    dates: tuple[date, date] | None = None


def index_terms(text: str) -> list[str]:
    """The terms that `text` is found by, in order, repeated as they are in it."""
    return [stem(word) for word in fold_words(text)]


def query_terms(text: str, *, names: bool = True) -> dict[str, float]:
    """The terms of a query's words that aren't stop words, or of all if nothing else is left, each with its weight.

    With `names`, other names of what it names count a little, too.
    """
    every = fold_words(text)
    asked = [word for word in every if word not in STOP_WORDS] or every
    others = fold_words(" ".join(alternatives(text))) if names else []
    weights = {stem(word): ALTERNATIVE for word in others if word not in STOP_WORDS}
    return weights | dict.fromkeys(map(stem, asked), 1.0)


def pack(terms: Iterable[str]) -> bytes:
    """Terms and their counts in five bytes each, for `bm25`."""
    counts = Counter(terms)
    hashes = np.array([_hash(term) for term in counts], "<u4")
    return hashes.tobytes() + np.minimum(list(counts.values()), _MOST_COUNTED).astype("u1").tobytes()


def bm25(query: Mapping[str, float], passages: Sequence[bytes], statistics: Statistics) -> np.ndarray:
    """BM25 of each passage (Robertson and Zaragoza: The Probabilistic Relevance Framework, 2009).

    Args:
        query: terms with their weights.
        passages: packed terms.
        statistics: of all passages that there are.

    Returns:
        Scores of shape [len(passages)], 0 where no term matches.
    """
    scores = np.zeros(len(passages))
    if not len(passages) or not query:
        return scores
    sizes = np.array([len(packed) // _BYTES for packed in passages])
    hashes = np.concatenate([np.frombuffer(p, "<u4", size) for p, size in zip(passages, sizes, strict=True)])
    counts = np.concatenate(
        [np.frombuffer(p, "u1", size, size * 4) for p, size in zip(passages, sizes, strict=True)]
    ).astype(float)
    owners = np.repeat(np.arange(len(passages)), sizes)
    lengths = np.bincount(owners, counts, len(passages))
    saturation = K1 * (1 - B + B * lengths / max(statistics.average_length, 1.0))
    for term, idf in rarity(query, statistics.frequencies, statistics.passages).items():
        at = np.flatnonzero(hashes == _hash(term))
        held = owners[at]
        scores[held] += query[term] * idf * counts[at] * (K1 + 1) / (counts[at] + saturation[held])
    return scores


@lru_cache(maxsize=200_000)
def _hash(term: str) -> int:
    """Two terms of one passage and query share their 32 bits about once in a hundred thousand passages."""
    return zlib.crc32(term.encode())
