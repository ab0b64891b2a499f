"""Publication dates of the wild."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dates import check_publication, elapsed, parse_date

MAY_6 = date(2024, 5, 6)


@pytest.mark.parametrize(
    "value",
    [
        MAY_6,
        datetime(2024, 5, 6, 23, 30),
        "2024-05-06",
        "20240506",
        "2024-05-06T10:30:00Z",
        "2024-05-06T23:30:00-07:00",
        "2024-05-06 10:30:00.123456",
        "Mon, 06 May 2024 10:30:00 GMT",
        "Mon, 06 May 2024 10:30:00 +0200",
        1714991400,
        1714991400.5,
        "1714991400",
        "1714991400000",
        "May 6, 2024",
        "May 6, 2024, 10:30 am EDT",
        "6 May 2024",
        "6th May 2024",
        "Monday, 6 May 2024",
        "05/06/2024",
        "2024/05/06",
        "6 mai 2024",
        "6. Mai 2024",
        "6 de mayo de 2024",
        "2024年5月6日",
        "Published: May 6, 2024",
        "Last updated on 6 May 2024",
        "  2024-05-06\n",
    ],
)
def test_formats_of_the_wild(value):
    assert parse_date(value) == MAY_6


@pytest.mark.parametrize(
    "value",
    [
        None, "", "soon", "yesterday", "3 days ago", "2024-13-45", "31 February 2024", "12", 0, -1, True,
        float("nan"), [], {}, "9" * 5000, "1e400",
        "Mon, 1 Jan 2024 00:00:00 +99999999999999", "Mon, 1 Jan 99999999999 00:00",
        "x" * 100_000, "\x00", "٦ ٦ ٦",
    ],
)  # fmt: skip
def test_what_names_no_day_is_none(value):
    assert parse_date(value) is None


@given(
    st.text(max_size=40)
    | st.from_regex(r"(Mon, )?\d{1,3} [A-Za-z]{3} \d{1,12} \d\d:\d\d [+-]\d{1,9}", fullmatch=True)
)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_no_text_breaks_the_parser(text):
    day = parse_date(text)
    assert day is None or type(day) is date


def test_a_usable_day_has_no_complaint():
    assert check_publication("2024-05-06") == (MAY_6, "")
    assert check_publication(None) == check_publication("") == check_publication("  ") == (None, "")


def test_a_day_in_the_future_is_refused_with_one_day_of_slack():
    today = date(2024, 5, 5)
    assert check_publication("2024-05-06", today) == (MAY_6, "")
    day, reason = check_publication("2024-05-07", today)
    assert day is None
    assert "2024-05-07 lies in the future" in reason


def test_today_is_the_measure_when_none_is_given():
    today = datetime.now(UTC).date()
    assert check_publication(today.isoformat())[0] == today
    assert check_publication((today + timedelta(days=400)).isoformat())[0] is None


@pytest.mark.parametrize("value", ["0001-01-01", "1899-12-31", date(1, 1, 1)])
def test_a_day_too_old_for_news_is_refused(value):
    day, reason = check_publication(value)
    assert day is None
    assert "too old" in reason


def test_an_unreadable_date_is_quoted_but_not_at_length():
    day, reason = check_publication("sometime in spring " * 20)
    assert day is None
    assert "'sometime in spring" in reason
    assert "YYYY-MM-DD" in reason
    assert len(reason) < 150


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2024, 5, 7), (0, "day")),  # a clock ahead of ours
        (date(2024, 5, 5), (1, "day")),
        (date(2024, 4, 23), (13, "day")),
        (date(2024, 4, 22), (2, "week")),
        (date(2024, 3, 7), (8, "week")),
        (date(2024, 3, 6), (2, "month")),
        (date(2024, 1, 6), (4, "month")),
        (date(2022, 9, 6), (20, "month")),
        (date(2022, 5, 7), (23, "month")),
        (date(2022, 5, 6), (2, "year")),
        (date(1996, 2, 29), (28, "year")),
    ],
)
def test_how_long_ago_counts_calendar_months_and_never_rounds_up(since, words):
    assert elapsed(since, date(2024, 5, 6)) == words
