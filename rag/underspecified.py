"""Recognises questions that name no subject: "what about the new rule?" can mean many things."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer import Turn
from rag.terms import STOP_WORDS, words
from rag.word_forms import key

_SUBJECTLESS = """
rule law bill act plan policy decision ruling verdict case deal agreement change news number figure statistic thing
situation update program programme scheme measure order announcement story report information detail matter issue
question answer topic immigration migration migrant immigrant new latest recent current now today happen tell know
explain say mean work going go think want like ask need help say thanks thank hello hi hey please more else next big
important good bad really lot stuff many much long people government minister country countries
"""
_GENERIC = frozenset(key(word) for word in _SUBJECTLESS.split())


def is_underspecified(question: str, history: Sequence[Turn]) -> bool:
    """Whether `question` says nothing about which subject it is, and no conversation does either."""
    if any(turn.content.strip() for turn in history):
        return False
    said = [word for word in words(question) if word not in STOP_WORDS]
    return all(key(word) in _GENERIC for word in said)
