"""The small words that turn a sentence: not, may, most, said, and words with an opposite."""

import pytest

from rag.claims import Mode, Quantifier, facts
from rag.claims.tokens import clauses, tokens
from rag.word_forms import key


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("The visas were not issued.", "issued"),
        ("No family was turned away.", "family"),
        ("They refused on Monday to let it dock.", "let"),
        ("It is unlikely to pass.", "pass"),
        ("The state never paid.", "paid"),
        ("They can't work.", "work"),
    ],
)
def test_what_is_denied(text: str, denied: str) -> None:
    (negation,) = facts(text).negations
    assert key(denied) in negation.heads


@pytest.mark.parametrize(
    "text", ["Not only judges came.", "Never before had so many come.", "No. 5 won.", "No doubt it rose."]
)
def test_words_that_only_look_like_denials(text: str) -> None:
    assert facts(text).negations == ()


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("It will close.", Mode.WILL),
        ("It might close.", Mode.POSSIBLE),
        ("They must pay.", Mode.REQUIRED),
        ("They can appeal.", Mode.ALLOWED),
        ("It plans to close.", Mode.PLANNED),
        ("It is certain to close.", Mode.WILL),
    ],
)
def test_how_real_it_is(text: str, mode: Mode) -> None:
    (found,) = facts(text).modalities
    assert mode in found.modes


def test_the_month_of_may_is_no_possibility() -> None:
    assert facts("They came in May.").modalities == ()


@pytest.mark.parametrize(
    ("text", "quantifier"),
    [
        ("All of them left.", Quantifier.ALL),
        ("Most of them left.", Quantifier.MOST),
        ("Few of them left.", Quantifier.FEW),
        ("Only refugees left.", Quantifier.ONLY),
    ],
)
def test_quantifiers(text: str, quantifier: Quantifier) -> None:
    assert [q.quantifier for q in facts(text).quantified] == [quantifier]


@pytest.mark.parametrize(
    ("text", "said", "firm"),
    [
        ("The Red Cross said nobody slept outdoors.", "nobody slept", False),
        ("The Red Cross, which runs it, said nobody slept outdoors.", "nobody slept", False),
        ("Nobody slept outdoors, the Red Cross said.", "Nobody slept", False),
        ("In Ann Lee's opinion, it is cruel.", "it is cruel", False),
        ("The ministry announced that the fee rises.", "the fee rises", True),
        ("Ann Lee called the decision cruel.", "decision cruel", False),
    ],
)
def test_who_says_what(text: str, said: str, firm: bool) -> None:
    (found,) = facts(text).attributions
    assert said in text[slice(*found.scope)]
    assert found.firm is firm


def test_words_with_an_opposite() -> None:
    assert [(s.axis, s.positive) for s in facts("Rents rose.").senses] == [("up", True)]
    assert [(s.axis, s.positive) for s in facts("Rents fell.").senses] == [("up", False)]
    assert facts("More than 30 came.").senses == ()  # part of the number


def test_clauses_end_at_full_stops_but_not_at_abbreviations() -> None:
    text = "Mr. Lee left. He paid; she didn't."
    assert [text[a:b].strip() for a, b in clauses(text)] == ["Mr. Lee left.", "He paid;", "she didn't."]


def test_all_forms_of_a_word_share_a_key() -> None:
    opened, opens = tokens("opened")[0], tokens("opens")[0]
    assert opened.key == opens.key
    assert tokens("Zürich")[0].word == "zurich"
