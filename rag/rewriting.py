"""A language model says a follow-up in full, as one more query beside those that need no model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from llama_index.core.llms import LLM, ChatMessage

from corpus.text import one_line
from rag.answer import Turn
from rag.llm import LLMError, stream_words
from rag.terms import content_words, stem

_TASK = (
    "Rewrite the reader's last question so that it can be understood without the conversation: put in what it refers "
    "to. Keep everything else. Do not answer it. Write only the question.\n\n"
    "Example\nReader: How many ferries did Westhaven buy?\nAnswer: Westhaven bought four ferries in 2021.\n"
    "Reader: And what did they cost?\nRewritten: What did the four ferries that Westhaven bought cost?"
)
TURNS = 4  # of the conversation that are shown: a reference goes seldom further back
MOST_CHARS = 400  # of each turn, and of a rewrite
MOST_TOKENS = 80
# Of a rewrite's content words, what may be in neither question nor conversation: beyond, it asks something else.
NEW_WORDS = 0.25
_QUESTION = re.compile(r"^\W*(?:rewritten|question)?\W*(?P<question>[^\n]*?\?)", re.IGNORECASE)


class Rewriter:
    """Asks a language model for the question in full, within a time budget."""

    def __init__(self, llm: LLM, ms: int) -> None:
        """With `llm`, at most `ms` milliseconds a question."""
        self._llm = llm
        self._seconds = ms / 1000

    def __call__(self, question: str, history: Sequence[Turn]) -> str:
        """`question` with what it takes from `history`; "" when the model is slow, fails or says something else."""
        turns = [turn for turn in history if turn.content.strip()][-TURNS:]
        said = "\n".join(_line(turn) for turn in [*turns, Turn(role="user", content=question)])
        told = [ChatMessage(role="system", content=_TASK), ChatMessage(role="user", content=f"{said}\nRewritten:")]
        text = ""
        try:
            for words in stream_words(self._llm, told, self._seconds, max_tokens=MOST_TOKENS):
                text += words
                if "?" in words or len(text) > MOST_CHARS:
                    break
        except LLMError:
            return ""
        return checked(text, question, turns)


def checked(text: str, question: str, history: Sequence[Turn]) -> str:
    """The question at the beginning of a model's reply; "" when it adds nothing or isn't this conversation's."""
    found = _QUESTION.match(text.strip())
    rewritten = one_line(found["question"]) if found else ""
    mine, asked = _content(rewritten), _content(question)
    known = asked.union(*(_content(turn.content) for turn in history))
    if not rewritten or len(rewritten) > MOST_CHARS or mine <= asked:
        return ""
    return rewritten if len(mine - known) <= NEW_WORDS * len(mine) and mine & asked else ""


def _content(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def _line(turn: Turn) -> str:
    return f"{'Reader' if turn.role == 'user' else 'Answer'}: {one_line(turn.content)[:MOST_CHARS]}"
