"""The countries that a question names, and which sentences can be about them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from rag.answer_form import AnswerForm, answer_form
from rag.claims.names import is_people, same_word
from rag.selection import Candidate, Question
from rag.terms import words
from rag.word_forms import aliases, key

_LONG = {
    re.compile(rf"\b{long}\b", re.IGNORECASE): short
    for long, short in (
        (r"united states(?: of america)?", "U.S."),
        ("united kingdom|great britain", "UK"),
        ("european union", "Europe"),
        # No country's people: what is said of them may not name the country whose name it is.
        (r"(?:(?:central|latin|south|north)[ -]america|new mexic)\w*", ""),
    )
}


@lru_cache(maxsize=5000)  # the same headlines and passages come up for many questions
def countries(text: str) -> frozenset[str]:
    """The keys of the words in `text`, in capitals or not, that name a country or its people."""
    for long, short in _LONG.items():
        text = long.sub(short, text)
    return frozenset(k for k in map(key, words(text)) if is_people(k))


def about_places(question: Question, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those of `candidates` that can be about the countries asked about.

    Their article names them, in its headline or in a passage found; and what the sentence, the one before it and the
    headline name, if they name countries, is one of them. Of countries that are compared, the article needs only one.
    A follow-up that names none asks about those of its conversation, but may leave them.
    """
    own = countries(question.text)
    asked = own or countries(question.context)
    if not asked:
        return list(candidates)
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for candidate in candidates:
        passage = candidate.passage
        texts[passage.article_id] |= dict.fromkeys((passage.title, passage.text))
    enough = any if answer_form(question.text) is AnswerForm.COMPARISON else all
    named = {article: countries("\n".join(found)) for article, found in texts.items()}
    fitting = {article: enough(_named(country, found) for country in asked) for article, found in named.items()}
    return [c for c in candidates if fitting[c.passage.article_id] and (not own or _tells_of(own, c))]


def _tells_of(asked: frozenset[str], candidate: Candidate) -> bool:
    """Whether the sentence and what it stands below names one of the countries `asked`, or none at all."""
    told = countries("\n".join((candidate.passage.title, candidate.before, candidate.text)))
    return not told or any(_named(country, told) for country in asked)


def _named(country: str, found: frozenset[str]) -> bool:
    return any(same_word(country, other) or other in aliases(country) for other in found)
