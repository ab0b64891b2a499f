"""Words of the same sphere that mean something else, to make questions false with: "student" and "worker"."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from rag.terms import STOP_WORDS
from rag.word_forms import key

# Cosines of word embeddings: above are other forms of a word and its synonyms, below words of other spheres.
LEAST, MOST = 0.2, 0.38
COMMON = 4  # questions that hold a word, at least
_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
_ENDING = re.compile(r"(?:ed|ing|s|ly)?$")


class LikeWords:
    """The common words of questions, and which of them are alike."""

    def __init__(self, questions: Iterable[str], tokenizer: Tokenizer, embeddings: Tensor) -> None:
        """Of the words in `questions` that are one piece for `tokenizer`; `embeddings`: [pieces, width]."""
        counts = Counter(word for question in questions for word in content(question))
        pieces = {w: tokenizer.encode(w, add_special_tokens=False).ids for w, n in counts.items() if n >= COMMON}
        self._words = [word for word, ids in pieces.items() if len(ids) == 1]
        self._positions = {word: i for i, word in enumerate(self._words)}
        own = embeddings[[pieces[word][0] for word in self._words]]
        self._vectors = functional.normalize(own - embeddings.mean(0), dim=1)

    def another(self, word: str, draw: random.Random) -> str | None:
        """A word that is like `word`, with the same ending; None if there is none."""
        if word not in self._positions:
            return None
        cosines = self._vectors @ self._vectors[self._positions[word]]
        near = torch.nonzero((cosines > LEAST) & (cosines < MOST))[:, 0].tolist()
        fitting = [self._words[i] for i in near if _ending(self._words[i]) == _ending(word)]
        fitting = [other for other in fitting if key(other) != key(word)]
        return draw.choice(fitting) if fitting else None


def content(question: str) -> list[str]:
    """The words of `question` that say what it is about, names and numbers left out."""
    return [word for word in _WORD.findall(question) if word not in STOP_WORDS]


def _ending(word: str) -> str:
    found = _ENDING.search(word)
    return found[0] if found else ""
