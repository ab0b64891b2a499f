"""What stands in square brackets is checked as an addition."""

from datetime import date

from rag.entailment import Source
from rag.entailment.additions import addition_fails, additions

SOURCE = Source(
    "It rose last month.", "The fee for a visa was reviewed. It rose last month.", published=date(2024, 5, 6)
)


def why(sentence: str) -> str:
    text, ((words, at),) = additions(sentence, SOURCE.quote.text)
    failure = addition_fails(text, words, at, SOURCE)
    return failure.detail if failure else ""


def test_brackets_that_the_quote_has_are_no_additions() -> None:
    assert additions("It [the fee] rose.", "It [the fee] rose.") == ("It [the fee] rose.", [])


def test_a_date_must_be_what_the_words_before_it_mean() -> None:
    assert why("It rose last month [April 2024].") == ""
    assert "2024-04-01" in why("It rose last month [March 2024].")
    assert why("It rose [April 2024].") == "[April 2024]: no date stands before it"


def test_other_words_must_stand_in_the_passage() -> None:
    assert why("It [the fee] rose last month.") == ""
    assert why("It [the tax] rose last month.") == "[the tax]: the passage doesn't say it"
