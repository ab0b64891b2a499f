"""Old answers say how old they are."""

from datetime import date

import pytest

from rag.answer import Citation
from rag.asked_time import asked_time
from rag.notes import age, stale

TODAY = date(2025, 3, 1)


def cited(published: date | None) -> Citation:
    return Citation(
        n=1, article_id="a", version=1, title="", source="", url=None, published=published, quote="x", start=0, end=1
    )


def test_an_old_answer_says_so() -> None:
    (note,) = stale([cited(date(2024, 1, 5)), cited(date(2024, 5, 3)), cited(None)], asked_time("the fee?", TODAY))
    assert note.kind == "stale"
    assert "3 May 2024, 9 months old" in note.text
    assert (note.key, note.values) == ("stale", {"published": "2024-05-03", "count": "9", "unit": "month"})


@pytest.mark.parametrize(
    ("published", "question"),
    [(date(2025, 1, 5), "the fee?"), (date(2024, 1, 5), "the fee in 2024?"), (None, "the fee?")],
)
def test_a_new_answer_or_one_about_the_past_does_not(published: date | None, question: str) -> None:
    assert stale([cited(published)], asked_time(question, TODAY)) == []


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (date(2025, 3, 1), "0 days"),
        (date(2025, 2, 28), "1 day"),
        (date(2025, 2, 10), "2 weeks"),
        (date(2024, 12, 1), "3 months"),
        (date(2024, 1, 1), "14 months"),
        (date(2022, 1, 1), "3 years"),
    ],
)
def test_ages(published: date, expected: str) -> None:
    assert age(published, TODAY) == expected
