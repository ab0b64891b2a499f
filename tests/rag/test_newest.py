"""For “now” the newest figure of a series comes first, and nothing else is moved."""

from __future__ import annotations

from datetime import date

import pytest

from rag.newest import newest_first
from rag.selection import Candidate

from .conftest import passage_of

OLD, NEW = date(2024, 4, 11), date(2025, 7, 22)
BEST = "The fare on the Westhaven ferry for cars rose to 18 crowns on 4 April 2024, from 15 crowns."
ANEW = "Since 22 July 2025 the fare for cars on the Westhaven ferry is 24 crowns."


def candidate(text: str, score: float, published: date | None) -> Candidate:
    passage = passage_of(text, f"a{score}", published=published)
    return Candidate(passage, (0, len(text)), text, cosine=0.5, coverage=0.5, retrieval=0.8, score=score)


def texts(*given: tuple[str, date | None], question: str = "What is the fare for cars now?") -> list[str]:
    candidates = [candidate(text, 9.0 - i, day) for i, (text, day) in enumerate(given)]
    ranked = newest_first(question, candidates)
    assert sorted(c.text for c in ranked) == sorted(c.text for c in candidates)
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)
    return [c.text for c in ranked]


def test_the_newest_figure_comes_first() -> None:
    between = "The fare for cars on the Westhaven ferry went up to 20 crowns in January 2025."
    other = "The ferry office in Westhaven reopened after 12 weeks."
    ranked = texts((BEST, OLD), (other, NEW), (between, date(2025, 1, 3)), (ANEW, NEW))
    assert ranked == [ANEW, BEST, other, between]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (ANEW, date(2023, 7, 22)),
        (ANEW, None),
        ("The fare on the Westhaven ferry for cars rose to 18 crowns on 4 April 2024.", NEW),
        ("The fare on the Westhaven ferry for cars will rise to 24 crowns in October.", NEW),
        ("The fare on the Westhaven ferry for cars is being discussed for the 3rd time.", NEW),
        ("The museum in Westhaven now costs 24 crowns, which visitors found too dear.", NEW),
    ],
)
def test_what_is_older_the_same_planned_or_of_something_else_stays(text: str, day: date | None) -> None:
    assert texts((BEST, OLD), (text, day)) == [BEST, text]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("who is the mayor of Westhaven", "Mayor Pia Lund opened the ferry office."),
        (
            "Who is the current mayor of Westhaven?",
            "It was opened by Pia Lund, the mayor of Westhaven, in May.",
        ),
        ("who's the french interior minister", "Interior Minister Luc Amar called the fare too high."),
    ],
)
def test_the_newest_holder_of_an_office_comes_first(question: str, text: str) -> None:
    before = "Mayor Ola Berg and Interior Minister Jean Dupas opened the pier."
    assert texts((before, OLD), (text, NEW), question=question) == [text, before]
    assert texts((text, NEW), (before, OLD), question=question) == [text, before]


@pytest.mark.parametrize(
    "text", ["The mayor of Westhaven opened the pier.", "Interior Minister Luc Amar called the fare too high."]
)
def test_who_holds_another_office_stays(text: str) -> None:
    before = "Mayor Ola Berg opened the pier."
    assert texts((before, OLD), (text, NEW), question="who is the mayor of Westhaven") == [before, text]


def test_nothing_comes_of_nothing() -> None:
    assert newest_first("Who is the mayor?", []) == []
