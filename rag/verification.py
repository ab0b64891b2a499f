"""Holds each sentence of an answer against what it cites; what fails is never shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from corpus.errors import NotFoundError
from corpus.store import ArticleStore
from corpus.text import one_line
from rag.answer import Citation
from rag.brackets import without_additions


class Verifier(Protocol):
    """Judges whether quotes support a sentence."""

    def support(self, sentence: str, quotes: Sequence[str]) -> float:
        """How well `quotes` support `sentence`, in [0, 1]; 0 means that it must not be shown."""
        ...


class VerbatimVerifier:
    """Accepts only a sentence that stands word for word in one of its quotes; whitespace and what is ours aside."""

    def support(self, sentence: str, quotes: Sequence[str]) -> float:
        """1 when the sentence is quoted exactly, else 0."""
        for quote in map(one_line, quotes):
            words = without_additions(one_line(sentence), quote)
            if words and words in quote:
                return 1.0
        return 0.0


def quote_exists(citation: Citation, store: ArticleStore) -> bool:
    """Whether the cited version of the article has exactly the quote's characters at its offsets."""
    try:
        text = store.get(citation.article_id, citation.version).text
    except NotFoundError:
        return False
    return bool(citation.quote) and text[citation.start : citation.end] == citation.quote
