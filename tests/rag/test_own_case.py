"""Questions about the asker's own case are told from questions about the news."""

from __future__ import annotations

import pytest

from rag.own_case import is_own_case


@pytest.mark.parametrize(
    "question",
    [
        "Will I be deported if I go to the hearing?",
        "should we apply in Lindholm or in Averby",
        "my husband overstayed, can he still apply",
        "what are my chances of a seasonal visa",
        "I am a nurse from Averby, what happens with my permit?",
        "i got a letter about an interview, do i go",
        "can my mother join us",
        "what should i do when they refuse me",
    ],
)
def test_own_cases(question: str) -> None:
    assert is_own_case(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many people were deported in 2023?",
        "can you tell me when the ferry office reopened",
        "how much do i pay for a day permit",
        "what data about me does the border system keep",
        "Who can apply for a seasonal visa?",
        "Did the minister say my country first?",
        "Which documents do we need at the border?",
        "How do I bake bread?",
    ],
)
def test_news(question: str) -> None:
    assert not is_own_case(question)


@pytest.mark.slow
def test_an_own_case_is_refused_with_where_to_turn(assistant) -> None:
    answer = assistant.ask("Will I get one of the 9,500 seasonal visas if I apply in February 2024?")
    assert answer.refused
    assert answer.reason == "own_case"
    assert not answer.citations
    assert "lawyer" in answer.answer
