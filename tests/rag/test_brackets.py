"""Relative dates get their meaning in brackets, and nothing else changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.brackets import clarify, without_additions, without_brackets

MONDAY = date(2024, 5, 6)


@pytest.mark.parametrize(
    ("quote", "clear"),
    [
        ("Arrivals fell last month.", "Arrivals fell last month [April 2024]."),
        ("Last year’s figure was higher.", "Last year’s [2023] figure was higher."),
        ("The fee rises next year.", "The fee rises next year [2025]."),
        ("The office closed on Friday.", "The office closed on Friday [3 May 2024]."),
        ("The court ruled on Monday.", "The court ruled on Monday [6 May 2024]."),
        ("The court ruled last Monday.", "The court ruled last Monday [29 April 2024]."),
        ("On last Friday’s ferry nobody paid.", "On last Friday’s [3 May 2024] ferry nobody paid."),
        ("Last Sunday’s vote will be repeated.", "Last Sunday’s [5 May 2024] vote will be repeated."),
        ("She resigned yesterday.", "She resigned yesterday [5 May 2024]."),
    ],
)
def test_relative_dates_are_made_clear(quote: str, clear: str) -> None:
    assert clarify(quote, MONDAY) == clear
    assert without_brackets(clear, quote) == quote


@pytest.mark.parametrize(
    "quote",
    [
        "Over the last year arrivals fell.",
        "In the next month the rules change.",
        "The hearing will be held on Friday.",
        "The scheme begins on Monday.",
        "Offices open every last month of the quarter, and on Fridays.",
        "It was decided last year [2022].",
        "It was decided last year, 2022, by the council.",
        "It was decided last year (2022) by the council.",
        "Nothing relative here.",
    ],
)
def test_what_is_a_length_or_lies_ahead_or_is_clear_is_left(quote: str) -> None:
    assert clarify(quote, MONDAY) == quote


def test_without_a_date_nothing_is_added() -> None:
    assert clarify("Arrivals fell last month.", None) == "Arrivals fell last month."


def test_january_follows_december() -> None:
    assert clarify("Figures for last month are out.", date(2024, 1, 9)).endswith("[December 2023] are out.")


def test_brackets_of_the_quote_stay() -> None:
    quote = "“They [the officers] left last month,” she said."
    assert without_brackets(clarify(quote, MONDAY), quote) == quote


@given(st.text("alst monthyer[]’s. ", max_size=60), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_what_was_added_can_be_taken_away(quote: str, published: date) -> None:
    assert without_brackets(clarify(quote, published), quote) == quote


def test_all_that_is_ours_can_be_taken_away() -> None:
    quote = "The fee was announced last month; it was new"
    shown = "[2 January 2023] The fee was announced last month [December 2022]; it was new …"
    assert without_additions(shown, quote) == quote
    theirs = "[2 January 2023] It rose …"
    assert without_additions(theirs, theirs) == theirs
