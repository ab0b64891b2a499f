"""Texts made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.normalisation import contains, normalise_answer

PIECES = st.sampled_from(
    "one two five ten nineteen twenty twenty-one ninety hundred thousand million billion and a zero per cent percent "
    "% 5 37,000 1.5 12 k m bn 5m 5bn the of , . - ½ é É İ ß".split()
)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Café Müller", "cafe muller"),
        ("STRASSE", "Straße"),
        ("“It’s over”, he said!", "It s over he said"),
        ("37,000", "37000"),
        ("1,234,567 people", "1234567 people"),
        ("1.5 million", "1,500,000"),
        ("1.1 million", "1,100,000"),
        ("$1,500bn", "1500 billion"),
        ("£5m", "five million"),
        ("2.5k", "2,500"),
        ("7 bn", "7,000,000,000"),
        ("0.0000001 million", "0.1"),
        ("twenty-one", "21"),
        ("Twenty One", "21"),
        ("two hundred and five", "205"),
        ("two hundred thousand", "200,000"),
        ("nine thousand five hundred", "9,500"),
        ("one million two hundred thousand and six", "1,200,006"),
        ("two thousand and five", "2005"),
        ("one thousand million", "1 billion"),
        ("nineteen hundred", "1900"),
        ("zero million", "0"),
        ("2 hundred", "200"),
        ("20%", "20 per cent"),
        ("20 per cent", "20 percent"),
        ("five per cent", "5%"),
        ("20-percent", "20 %"),
        ("ﬁfteen", "15"),
    ],
)
def test_what_says_the_same_is_the_same(text, same) -> None:
    assert normalise_answer(text) == normalise_answer(same)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("between one hundred and two hundred people", "between 100 and 200 people"),
        ("between one thousand and two thousand", "between 1000 and 2000"),
        ("one and five", "1 and 5"),
        ("zero and one", "0 and 1"),
        ("one, two, three", "1 2 3"),
        ("twenty twenty-four", "20 24"),
        ("a million to two million", "a million to 2000000"),
        ("the per capita percentage", "the per capita percentage"),
        ("a wall of 5 m", "a wall of 5 m"),
        ("version 1.5.2", "version 1.5 2"),
        ("someone often attends", "someone often attends"),
        ("1,2345", "1 2345"),
        ("", ""),
        ("— … !", ""),
    ],
)
def test_numbers_stay_apart_and_words_stay_words(text, wanted) -> None:
    assert normalise_answer(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("It took 112 days.", "12", False),
        ("It took 12 days.", "12", True),
        ("It took 1.12 days.", "12", False),
        ("It took twelve days.", "12", True),
        ("About 37,000 people crossed.", "37000", True),
        ("About 37,000 people crossed.", "7,000", False),
        ("About 37,000 people crossed.", "37", False),
        ("Minister Renzi", "ministerrenzi", False),
        ("The Renzis came.", "Renzi", False),
        ("São Tomé and PRÍNCIPE", "Sao Tome and Principe", True),
        ("“1.5 million”, he said", "1,500,000", True),
        ("anything", "", False),
        ("anything", "…", False),
    ],
)
def test_an_answer_is_found_as_whole_words(text, wanted, found) -> None:
    assert contains(text, wanted) is found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=8).map(" ".join), st.lists(PIECES).map("".join)))
def test_normalising_twice_changes_nothing(text) -> None:
    once = normalise_answer(text)
    assert normalise_answer(once) == once


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_grouping_never_matters(number) -> None:
    assert normalise_answer(f"{number:,}") == str(number)
