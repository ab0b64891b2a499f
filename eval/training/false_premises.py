"""Questions made unanswerable by another name or another number: what they ask about isn't what the text says."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

# Capitalised words in a row that don't begin the question.
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’.-]*\w(?: [A-Z][\w'’.-]*\w)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")


def false_premise(question: str, others: Sequence[str], draw: random.Random) -> str | None:
    """`question` with a name or a number taken from one of `others`; None if it has none or they have none.

    The number drawn has as many digits, so that a year stays a year.
    """
    slots = [match for pattern in (_NAME, _NUMBER) for match in pattern.finditer(question)]
    if not slots:
        return None
    slot = draw.choice(slots)
    pattern = _NUMBER if slot.group()[0].isdigit() else _NAME
    found = {text for other in others for text in pattern.findall(other)}
    if pattern is _NUMBER:
        found = {text for text in found if len(text) == len(slot.group())}
    fitting = sorted(text for text in found if text.casefold() not in question.casefold())
    return question[: slot.start()] + draw.choice(fitting) + question[slot.end() :] if fitting else None
