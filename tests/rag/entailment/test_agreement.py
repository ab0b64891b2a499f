"""When two numbers say the same."""

import pytest

from rag.claims.quantities import quantities
from rag.claims.quantity import Quantity
from rag.entailment.agreement import compatible, says


def number(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("297 people", "about 300 people"),
        ("152,340 people", "152,000 people"),
        ("540,000 people", "more than half a million people"),
        ("about 540,000 people", "more than half a million people"),
        ("114,600 people", "almost 115,000 people"),
        ("24 months", "two years"),
        ("34.8 per cent", "about a third"),
        ("more than 700,000 people", "over 700,000 people"),
        ("between 200 and 300 euros", "200 to 300 euros"),
        ("21 euros a night", "21 euros per night"),
    ],
)
def test_roundings_and_other_words_for_a_number(source: str, claim: str) -> None:
    assert says(number(source), number(claim))


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("297 people", "about 350 people"),
        ("152,340 people", "125,000 people"),
        ("6 months", "6 weeks"),
        ("10,000 euros", "10,000 dollars"),
        ("1.2 million people", "1.2 billion people"),
        ("at least 44 people", "at most 44 people"),
        ("1.19 million won a month", "1.19 million won a week"),
        ("8 per cent", "8 people"),
        ("480 people", "more than 500 people"),
    ],
)
def test_other_numbers(source: str, claim: str) -> None:
    assert not says(number(source), number(claim))


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ("At least 15 people", "19 people", True),
        ("nearly 500 people", "480 people", True),
        ("up to four hours", "up to six hours", False),
        ("more than 9,000 people", "more than 13,500 people", False),
        ("15 people", "19 people", False),
    ],
)
def test_whether_both_can_be_true(a: str, b: str, agree: bool) -> None:
    assert compatible(number(a), number(b)) is agree
