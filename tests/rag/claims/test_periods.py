"""Dates are resolved against the day of publication."""

from datetime import date

import pytest

from rag.claims.periods import periods

WEDNESDAY = date(2025, 7, 9)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("It ended on 8 September 2024.", date(2024, 9, 8), date(2024, 9, 8)),
        ("It ended on May 11, 2023.", date(2023, 5, 11), date(2023, 5, 11)),
        ("It ended on Monday.", date(2025, 7, 7), date(2025, 7, 7)),
        ("It ended yesterday.", date(2025, 7, 8), date(2025, 7, 8)),
        ("It ended last month.", date(2025, 6, 1), date(2025, 6, 30)),
        ("It ended last year.", date(2024, 1, 1), date(2024, 12, 31)),
        ("It ended in March 2024.", date(2024, 3, 1), date(2024, 3, 31)),
        ("It ended in May.", date(2025, 5, 1), date(2025, 5, 31)),
        ("In 2024 refugees got most flats.", date(2024, 1, 1), date(2024, 12, 31)),
        ("It ended on 2024-03-05.", date(2024, 3, 5), date(2024, 3, 5)),
        ("They came between January and March 2025.", date(2025, 1, 1), date(2025, 3, 31)),
    ],
)
def test_first_and_last_day(text: str, first: date, last: date) -> None:
    (found,) = periods(text, WEDNESDAY)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["It may end.", "May I stay?", "On 31 June 2024", "2,024 people came.", "They may march."]
)
def test_words_that_only_look_like_dates(text: str) -> None:
    assert not [p for p in periods(text, WEDNESDAY) if p.precision in ("day", "year")]


def test_relative_dates_are_left_out_without_a_day_of_publication() -> None:
    assert periods("It ended on Monday, or last month.") == ()


def test_a_month_holds_its_days_and_not_the_other_way() -> None:
    (month,) = periods("in May 2024")
    (day,) = periods("on 6 May 2024")
    assert month.holds(day)
    assert not day.holds(month)
    assert month.overlaps(day)


def test_reckoned_from_the_date_before() -> None:
    first, second = periods("It opened on 3 May 2024 and closed two days later.")
    assert second.counted
    assert second.first == date(2024, 5, 5)
    assert not first.counted


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("until 3 May 2024", "until"),
        ("before 3 May 2024", "before"),
        ("since 3 May 2024", "since"),
        ("3 May 2024", ""),
    ],
)
def test_words_before_a_date(text: str, relation: str) -> None:
    (found,) = periods(f"It was open {text}.")
    assert found.relation == relation
