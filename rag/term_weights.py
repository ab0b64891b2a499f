"""How much each word of a question says, whatever the size of the corpus."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from rag.terms import content_words
from rag.word_forms import key, spellings

BACKGROUND = Path(__file__).parent / "weights" / "background.json"
# The corpus is taken to come with as many passages of everyday text: few enough that 2,000 passages decide for
# themselves how rare a word is, enough that the three passages of one article don't.
PRIOR_PASSAGES = 200
# Share of passages that holds a word of which nothing is known. None counts as rarer, or else a word that occurs
# nowhere would weigh more the more articles there are.
RAREST = 1 / 1000


@lru_cache(maxsize=1)
def background() -> Mapping[str, float]:
    """The share of everyday passages that holds a word, by key; words that aren't common are left out."""
    shares: dict[str, float] = json.loads(BACKGROUND.read_text(encoding="utf-8"))["shares"]
    return shares


def term_weights(
    question: str, frequencies: Mapping[str, int], passages: int, everyday: Mapping[str, float] | None = None
) -> dict[str, float]:
    """The rarity of a question's content words, by key: minus the logarithm of the share of passages that hold it.

    Args:
        question: the question.
        frequencies: in how many passages each of `question_stems` occurs; absent means none.
        passages: how many there are.
        everyday: as `background` gives it, which is the default.
    """
    known = background() if everyday is None else everyday
    weights: dict[str, float] = {}
    for word in content_words(question):
        found = min(passages, max(frequencies.get(stem, 0) for stem in spellings(word)))
        usual = known.get(key(word), RAREST)
        share = (found + PRIOR_PASSAGES * usual) / (passages + PRIOR_PASSAGES)
        weights[key(word)] = -math.log(max(share, RAREST))
    return weights


def question_stems(question: str) -> list[str]:
    """The stems under which the lexical index may hold the question's content words."""
    return list(dict.fromkeys(stem for word in content_words(question) for stem in spellings(word)))
