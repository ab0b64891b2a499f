"""Which shape of answer a question gets."""

import pytest

from rag.answer_form import AnswerForm, answer_form


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Timeline of the ferry fee", AnswerForm.TIMELINE),
        ("What happened with the ferry fee?", AnswerForm.TIMELINE),
        ("How did arrivals in Renland change since 2022?", AnswerForm.TIMELINE),
        ("How has the ferry fee developed?", AnswerForm.TIMELINE),
        ("How did the minister change the fee?", AnswerForm.TIMELINE),
        ("How many ferries sail?", AnswerForm.DIRECT),
        ("Which countries charge a fee?", AnswerForm.LIST),
        ("How do Ashby and Renport differ?", AnswerForm.COMPARISON),
        ("Did the fee change?", AnswerForm.DIRECT),
    ],
)
def test_the_form_follows_from_the_wording(question: str, form: AnswerForm) -> None:
    assert answer_form(question) is form
