"""Questions without a subject are told from those with one."""

import pytest

from rag.answer import Turn
from rag.underspecified import is_underspecified


@pytest.mark.parametrize(
    "question",
    ["what about the new rule?", "What's the latest news?", "and the decision", "how many?", "hello", "?"],
)
def test_nothing_is_named(question: str) -> None:
    assert is_underspecified(question, ())


@pytest.mark.parametrize(
    "question",
    ["what about the asylum rule?", "the latest on Rwanda", "Title 42", "how many visas", "H-1B", "移民新闻", "2023"],
)
def test_something_is_named(question: str) -> None:
    assert not is_underspecified(question, ())


def test_a_conversation_may_name_it() -> None:
    asked = [Turn(role="user", content="What is the EU Blue Card?")]
    assert not is_underspecified("what about the new rule?", asked)
