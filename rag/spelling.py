"""Spelling tolerance: a word that no article and no everyday text has is read as the nearest that articles have."""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from rag.folding import fold_words, plain
from rag.names import named
from rag.term_weights import background
from rag.terms import STOP_WORDS, stem, words
from rag.word_forms import key, spellings

_WORD = re.compile(r"[^\W\d_]+")
_THOUSANDS = re.compile(r"(?<![\w.,])(\d{1,3})k\b", re.IGNORECASE)
_WRITTEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SHORTEST = 5  # letters; shorter words lie one slip from too many others
LONG = 8  # letters from which two slips are forgiven


class Vocabulary:
    """The words that the articles hold, by stem."""

    def __init__(self, frequencies: Mapping[str, int], written: Callable[[str], str]) -> None:
        """Of stems.

        Args:
            frequencies: the number of passages that hold each stem; others than words are left out.
            written: gives the form in which the articles mostly write a stem, "" where none is found.
        """
        self._frequencies = frequencies
        self._written = written

    def __contains__(self, form: str) -> bool:
        """Whether the articles hold a word with this stem."""
        return self._is_word(form)

    def nearest(self, form: str) -> str:
        """The word nearest to the stem `form`, as the articles write it; "" where none is near.

        Nearness is the Damerau–Levenshtein distance between stems: one slip (a letter missing, added, wrong or
        swapped), two in words of eight letters and more, the first letter then being right; of several the most
        frequent.
        """
        most = 2 if len(form) >= LONG else 1
        near = process.extract(
            form, self._by_initial.get(form[0], ()), scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=8
        )
        found = [(distance, -self._frequencies[term], term) for term, distance, _ in near]
        found += [(1, -self._frequencies[term], term) for term in _first_slips(form) if self._is_word(term)]
        return self._written(min(found)[2]) if found else ""

    def _is_word(self, term: str) -> bool:
        return len(term) > 2 and term.isalpha() and term in self._frequencies

    @cached_property
    def _by_initial(self) -> Mapping[str, list[str]]:
        """A twentieth of 100,000 words is compared in half a millisecond, all in nine."""
        groups: dict[str, list[str]] = defaultdict(list)
        for term in filter(self._is_word, self._frequencies):
            groups[term[0]].append(term)
        return dict(groups)


def correct(question: str, vocabulary: Callable[[], Vocabulary]) -> str:
    """`question` with each unknown word replaced by the word that it is nearest to, and "100k" as "100,000".

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
        return known.nearest(stem(folded[0])) or word

    return _WORD.sub(replace, _THOUSANDS.sub(r"\1,000", question))


def most_written(term: str, texts: Iterable[str]) -> str:
    """The form in which `texts` mostly write the stem `term`; "" where none holds it."""
    forms: Counter[str] = Counter()
    for text in texts:
        for match in _WRITTEN.finditer(text):
            whole = match.group()
            forms.update({whole, *_WORD.findall(whole)})
    alike = (form for form in forms if plain(form)[:1].lower() == term[0])  # folding all takes five milliseconds
    fitting = (form for form in alike if [stem(word) for word in fold_words(form)[:1]] == [term])
    return min(fitting, key=lambda form: (-forms[form], form.swapcase()), default="")


def _first_slips(form: str) -> Iterable[str]:
    """What `form` may have been before one slip in its first letter."""
    yield form[1:]
    yield form[1] + form[0] + form[2:]
    for letter in string.ascii_lowercase:
        yield letter + form
        yield letter + form[1:]
