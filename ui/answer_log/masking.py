"""Takes out of what a visitor wrote whatever could name a person, and leaves the news' own figures and dates alone.

What is found is replaced by what it was, in brackets. Names of people stay: the news is about people.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.answer import Answer
from ui.answer_log.identity_numbers import mask_identity_numbers
from ui.answer_log.phones import mask_phones

_E_MAIL = re.compile(
    r"[\w.+%'-]+\s?(?:@|＠|[\[(]\s?at\s?[\])])\s?[\w-]+(?:(?:\.|\s?[\[(]\s?dot\s?[\])]\s?)[\w-]+)+", re.IGNORECASE
)
_QUOTING = "extractive"  # model of answers that are put together of quotes
_LEAST_DIGITS = 6  # fewer make no number that names anybody
_STEPS: tuple[Callable[[str], str], ...] = (mask_identity_numbers, mask_phones)


def mask(text: str) -> str:
    """`text` with e-mail addresses, telephone, identity and card numbers replaced by what they were."""
    text = _E_MAIL.sub("[e-mail address]", text)
    if sum(character.isdigit() for character in text) < _LEAST_DIGITS:
        return text
    for step in _STEPS:
        text = step(text)
    return text


def mask_answer(answer: Answer) -> Answer:
    """`answer` with the visitor's question masked; what is quoted from articles stays, character by character.

    A language model that was told a visitor's number may have repeated it in a sentence that was then dropped, and
    the trace has those.
    """
    update: dict[str, object] = {"question": mask(answer.question)}
    if answer.model != _QUOTING:
        update["trace"] = tuple(
            decision.model_copy(update={"text": mask(decision.text)}) for decision in answer.trace
        )
    return answer.model_copy(update=update)
