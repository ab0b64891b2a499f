"""A refusal gives the reason that helps: another subject isn't the same as nothing found."""

from datetime import date

import numpy as np
import pytest

from rag.answer import Reason
from rag.asked_time import asked_time
from rag.passage_store import StoredPassage
from rag.refusal import OTHER_DOMAIN, is_other_subject, why_not
from rag.retrieval import Retrieved
from rag.retriever import Hit, Score
from rag.selection import Question

NEAR, FAR = OTHER_DOMAIN + 0.1, OTHER_DOMAIN - 0.2
DATES = (date(2022, 1, 1), date(2025, 2, 1))


def found(question: str, dense: float, context: str = "") -> Retrieved:
    of = StoredPassage("p", "a", 1, 1, 0, 4, "Boat", "", "", None, None, "en", (), np.zeros((0, 4), np.float32))
    asked = Question(question, np.zeros(4, np.float32), context)
    return Retrieved(asked, asked_time(question, date(2025, 3, 1)), [Hit(of, dense, 0.0, Score(dense, 0.0))])


@pytest.mark.parametrize(
    ("question", "dense", "reason"),
    [
        ("How do I bake bread?", FAR, Reason.OTHER_DOMAIN),
        ("What did the choir say about migrants?", FAR, Reason.NOT_COVERED),
        ("is daca still active", FAR, Reason.NOT_COVERED),
        ("how long until leave to remain", FAR, Reason.NOT_COVERED),
        ("Why did Renland leave the Schengen area?", FAR, Reason.FALSE_PREMISE),
        ("What did the choir say about boats?", NEAR, Reason.NOT_COVERED),
        ("Since Renland abolished its ferries, who sails?", NEAR, Reason.FALSE_PREMISE),
        ("How many boats arrived in 2019?", NEAR, Reason.TIME_NOT_COVERED),
    ],
)
def test_the_reason_says_what_is_missing(question: str, dense: float, reason: Reason) -> None:
    assert why_not(found(question, dense), DATES) is reason


def test_a_question_that_goes_on_with_a_conversation_is_not_called_another_subject() -> None:
    assert why_not(found("Who baked it?", FAR, "bread for refugees"), DATES) is Reason.NOT_COVERED


def test_what_a_follow_up_takes_for_granted_comes_from_its_conversation() -> None:
    assert why_not(found("When did it begin?", NEAR, "the ferry fee"), DATES) is Reason.NOT_COVERED


@pytest.mark.parametrize(
    ("question", "dense", "context", "other"),
    [
        ("Who won the regatta?", FAR, "", True),
        ("Who won the regatta?", NEAR, "", False),
        ("Who won the regatta?", FAR, "the ferry", False),
        ("Who won the asylum case?", FAR, "", False),
    ],
)
def test_another_subject_is_far_from_all_passages(question: str, dense: float, context: str, other: bool) -> None:
    assert is_other_subject(found(question, dense, context)) is other
