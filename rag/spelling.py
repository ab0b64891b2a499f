"""Spelling tolerance: a word that no article and no everyday text has is read as the nearest that articles have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from rag.names import named
from rag.term_weights import background
from rag.terms import STOP_WORDS, stem, words
from rag.word_forms import key, spellings

_WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 5  # letters; shorter words lie one slip from too many others
LONG = 8  # letters from which two slips are forgiven

Vocabulary = Mapping[str, int]
"""Stems that the articles hold, with the number of passages that hold each."""


def correct(question: str, vocabulary: Callable[[], Vocabulary]) -> str:
    """`question` with each unknown word replaced by the stem it is nearest to; unchanged where nothing is near.

    Nearness is the Damerau–Levenshtein distance between stems: one slip (a letter missing, added, wrong or swapped),
    two in words of eight letters and more; of several the most frequent.

    Args:
        question: the question.
        vocabulary: gives what the articles hold; called only when a word is unknown to everyday text.
    """

    def replace(match: re.Match[str]) -> str:
        word = match.group()
        folded = words(word)
        if len(word) < SHORTEST or len(folded) != 1 or folded[0] in STOP_WORDS or key(folded[0]) in background():
            return word
        known = vocabulary()
        if any(form in known for form in spellings(folded[0])) or named(word):
            return word
        return _nearest(stem(folded[0]), known) or word

    return _WORD.sub(replace, question)


def _nearest(form: str, known: Vocabulary) -> str:
    most = 2 if len(form) >= LONG else 1
    near = process.extract(
        form, known.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=8, processor=None
    )
    fitting = [(distance, -known[term], term) for term, distance, _ in near if term[0] == form[0] or distance == 1]
    return min(fitting)[2] if fitting else ""
