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
        "is the new minister going to deport me",
        "could the border police send us back?",
        "will ice arrest me at a hearing",
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
        "will mexico accept us deportees",
        "can judges stop us deportations",
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


@pytest.mark.parametrize(
    "question",
    [
        "¿Me van a deportar de Estados Unidos?",
        "¿Podré pedir asilo en México?",
        "¿Qué pasa con mi solicitud de asilo?",
        "¿Mi esposa puede venir?",
        "Vais-je être expulsé du Canada ?",
        "Est-ce que je peux rester en France ?",
        "Mon visa a expiré, que faire ?",
        "我会被美国驱逐吗？",
        "我的签证过期了怎么办？",
        "我妻子能来吗？",
    ],
)
def test_own_cases_are_told_in_every_language_of_the_chat(question):
    assert is_own_case(question)


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuántas personas cruzaron el Darién?",
        "¿Cuánto tengo que pagar por un visado H-1B?",
        "¿Dónde puedo pedir una cita?",
        "¿Qué decidió el Tribunal Supremo?",
        "Combien de personnes ont traversé la Manche ?",
        "Comment puis-je demander un visa ?",
        "Quand la loi entre-t-elle en vigueur ?",
        "2023年有多少人穿越达连隘口？",
        "我可以在哪里申请庇护？",
    ],
)
def test_what_is_asked_for_anybody_is_told_in_every_language_of_the_chat(question):
    assert not is_own_case(question)
