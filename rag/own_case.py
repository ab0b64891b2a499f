"""Recognises questions about the asker's own case: these get a pointer to help, never what reads as advice."""

from __future__ import annotations

import re

_FAMILY = (
    r"(?:wife|husband|spouse|partner|brother|sister|son|daughter|baby|child|kids?|children|mother|father|mum|mom|dad|parents?"
    r"|cousin|uncle|aunt|family|friend|girlfriend|boyfriend|fianc[eé]e?)"
)
_OWN_PAPERS = (
    r"(?:case|application|petition|hearing|interview|appointment|visa|parole|asylum|status|papers|lawyer|employer|chances?"
    r"|h-?1b|green card|permit|residence|deportation|appeal)"
)
_PATTERNS = [
    # What will or should happen to the asker: "will I be deported", "should we apply", "do I go", "am I going to".
    re.compile(
        r"\b(?:will|would|should|shall|must|can|could|may|might|do|am|are|did|have) (?:i|we|my \w+)\b",
        re.I,
    ),
    re.compile(rf"\bmy (?:\w+ )?{_OWN_PAPERS}\b", re.I),
    re.compile(rf"\bmy {_FAMILY}\b.*\b(?:is|was|has|have|will|should|can|get|be|crossed|got)\b", re.I),
    re.compile(r"\b(?:i am|i'm|im|we are|we're) (?:an? |from |in |here |on )", re.I),
    re.compile(r"\bi (?:got|received|came|crossed|entered|overstayed|applied|have no papers)\b", re.I),
]
# "how much do I pay", "where can I apply": the answer is the same for everybody.
_FOR_ANYBODY = re.compile(r"\b(?:how|what|which|where|when)\b.{0,40}\b(?:do|can|must) (?:i|we)\b(?! do\b)", re.I)


def is_own_case(question: str) -> bool:
    """Whether `question` asks what will happen to, or should be done by, the person who asks."""
    if _FOR_ANYBODY.search(question) and not re.search(r"\bmy\b", question, re.I):
        return False
    return any(pattern.search(question) for pattern in _PATTERNS)
