"""Which questions are the same, but for capitals, punctuation and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.conversation import context_of

_BETWEEN_WORDS = re.compile(r"[^\w%$€£¥]+")


def question_key(question: str, asked: Sequence[str] = ()) -> str:
    """What same questions share; a follow-up ("and in 2022?") takes over what it leaves out from those `asked`."""
    context = context_of(question, asked)
    return normalised(f"{context} {question}" if context else question)


def normalised(text: str) -> str:
    """`text` in one case and without punctuation; marks that change a figure stay."""
    return _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
