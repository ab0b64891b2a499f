"""Countries asked about: found in questions as people type them, and kept apart in the candidates."""

from __future__ import annotations

import numpy as np
import pytest

from rag.asked_places import about_places, countries
from rag.selection import Candidate, Question

from .conftest import passage_of

NOBODY = np.zeros(384, np.float32)


def candidate(text: str, title: str = "", article: str = "a") -> Candidate:
    passage = passage_of(text, article, title)
    return Candidate(passage, (0, len(text)), text, cosine=0.5, coverage=0.5, retrieval=0.5, score=0.0)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("net migration to new zealand in 2024", True),
        ("asylum applications in sweden 2023", True),
        ("how many people did they send us back", False),
        ("refugees in Latin America", False),
        ("a hospital in New Mexico", False),
        ("south americans in norway", True),
        ("what did the minister say", False),
        ("citizens of the United States", True),
    ],
)
def test_countries_are_found_whatever_their_case(text: str, named: bool) -> None:
    assert bool(countries(text)) == named


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("visas for Norway", ["oslo"]),
        ("visas for norwegians", ["oslo"]),
        ("visas in the UK", ["london", "both"]),
        ("visas in Sweden", []),
        ("agreement of Britain and Peru", ["both"]),
        ("who gives more visas, Norway or Peru", ["oslo", "both"]),
        ("how many visas", ["oslo", "london", "both"]),
    ],
)
def test_only_articles_on_the_country_asked_about_are_left(question: str, kept: list[str]) -> None:
    candidates = [
        candidate("Oslo gave out 900 visas.", "Norway counts its visas", "oslo"),
        candidate("The United Kingdom gave out 700 visas.", article="london"),
        candidate("British and Peruvian visas cost the same.", article="both"),
    ]
    found = about_places(Question(question, NOBODY), candidates)
    assert [c.passage.article_id for c in found] == kept


def test_a_country_may_be_named_in_another_passage_of_the_article() -> None:
    candidates = [candidate("The fee is 40 crowns."), candidate("Norway raises it.")]
    assert about_places(Question("fee in norway", NOBODY), candidates) == candidates


def test_a_follow_up_asks_about_the_countries_of_its_conversation() -> None:
    candidates = [candidate("Norway gave out 900.", article="no"), candidate("Peru gave out 700.", article="pe")]
    found = about_places(Question("and in 2022?", NOBODY, "how many visas does norway give"), candidates)
    assert [c.passage.article_id for c in found] == ["no"]
    found = about_places(Question("and peru?", NOBODY, "how many visas does norway give"), candidates)
    assert [c.passage.article_id for c in found] == ["pe"]


def test_a_sentence_below_the_headline_of_another_country_is_left_out() -> None:
    candidates = [
        candidate("Arrivals rose to 900.", "Norway counts its visas"),
        candidate("Many came from Peru.", "Norway counts its visas"),
        candidate("In Peru 700 were given out.", "Norway counts its visas"),
    ]
    assert about_places(Question("visas in peru", NOBODY), candidates) == candidates[1:]
    assert about_places(Question("visas in norway", NOBODY), candidates) == candidates


def test_a_follow_up_may_leave_the_country_of_its_conversation() -> None:
    candidates = [candidate("Peru and Norway signed it.", article="both"), candidate("Peru paid 40.", article="both")]
    asked = Question("and what did it cost?", NOBODY, "did norway sign it")
    assert about_places(asked, candidates) == candidates
