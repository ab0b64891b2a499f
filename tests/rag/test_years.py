"""Times that a text names with their year; a figure of one year doesn't answer a question about another."""

from __future__ import annotations

from datetime import date

import pytest

from corpus import Article, ArticleStore, Settings
from rag.assistant import Assistant
from rag.index import Index
from rag.years import Period, mentions, months, years


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in 2022 and 2023", {2022, 2023}),
        ("the 2022-23 season", {2022, 2023}),
        ("2023/24", {2023, 2024}),
        ("2019–2021", {2019, 2020, 2021}),
        ("£2,024 or 20,240 or 2024.5", set()),
        ("the 1990s", set(range(1990, 2000))),
        ("FY23 and fiscal 2024", {2023, 2024}),
        ("no year", set()),
    ],
)
def test_years_are_read(text: str, found: set[int]) -> None:
    assert years(text) == found


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on 12 May 2023", "2023-05-12", "2023-05-12"),
        ("on May 12th, 2023,", "2023-05-12", "2023-05-12"),
        ("12–15 May 2023", "2023-05-12", "2023-05-15"),
        ("2023-05-12T10:00", "2023-05-12", "2023-05-12"),
        ("25/12/2023", "2023-12-25", "2023-12-25"),
        ("04/05/2023", "2023-04-05", "2023-04-05"),
        ("25.12.2023", "2023-12-25", "2023-12-25"),
        ("2023-05", "2023-05-01", "2023-05-31"),
        ("Sept. 2023", "2023-09-01", "2023-09-30"),
        ("mayo de 2023", "2023-05-01", "2023-05-31"),
        ("el 3 de marzo de 2024", "2024-03-03", "2024-03-03"),
        ("in February 2024", "2024-02-01", "2024-02-29"),
        ("Q3 2024", "2024-07-01", "2024-09-30"),
        ("2024 Q1", "2024-01-01", "2024-03-31"),
        ("the second quarter of 2023", "2023-04-01", "2023-06-30"),
        ("the second quarter of fiscal 2024", "2024-01-01", "2024-03-31"),
        ("the second half of 2024", "2024-07-01", "2024-12-31"),
        ("H1 2024", "2024-01-01", "2024-06-30"),
        ("the last three months of 2023", "2023-10-01", "2023-12-31"),
        ("the summer of 2022", "2022-06-01", "2022-08-31"),
        ("winter 2023-24", "2023-12-01", "2024-02-29"),
        ("fiscal year 2023", "2022-10-01", "2023-09-30"),
        ("FY2023", "2022-10-01", "2023-09-30"),
        ("the year ending 30 June 2023", "2022-07-01", "2023-06-30"),
        ("12 months to March 2024", "2023-04-01", "2024-03-31"),
        ("2022-23", "2022-07-01", "2023-06-30"),
        ("2009-10", "2009-07-01", "2010-06-30"),
        ("the 2010s", "2010-01-01", "2019-12-31"),
        ("the plan for 2024-2026", "2024-01-01", "2026-12-31"),
    ],
)
def test_a_time_is_a_span_of_days(text: str, first: str, last: str) -> None:
    (mention,) = mentions(text)
    assert mention.period == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2023",
        "in 2023 dollars",
        "page 2019",
        "section 1325",
        "section 1952",
        "flight 2022",
        "route 2024",
        "the 1951 Refugee Convention",
        "the Immigration Act 1971",
        "the Scotland Act of 1978",
        "Directive 2001/55",
        "Regulation (EU) 2024/1348",
        "No 604/2013",
        "more than 2019 migrants",
        "2000 people",
        "$2023",
        "12,023",
        "Project 2025",
    ],
)
def test_other_numbers_are_no_times(text: str) -> None:
    assert mentions(text) == ()


@pytest.mark.parametrize(
    ("start", "first", "last"),
    [(4, "2022-04-01", "2023-03-31"), (7, "2022-07-01", "2023-06-30"), (1, "2023-01-01", "2023-12-31")],
)
def test_fiscal_years_begin_when_the_country_says(start: int, first: str, last: str) -> None:
    (mention,) = mentions("fiscal 2023", start)
    assert mention.period == Period(date.fromisoformat(first), date.fromisoformat(last))
    assert mention.years == {2023}


def test_a_plural_of_fiscal_years_counts_for_all() -> None:
    first, second = mentions("in fiscal years 2022 and 2023")
    assert (first.period.last, second.period.last) == (date(2022, 9, 30), date(2023, 9, 30))


def test_months_run_over_the_turn_of_the_year() -> None:
    assert months(2023, 0) == Period(date(2022, 12, 1), date(2022, 12, 31))
    assert months(2023, 11, 4) == Period(date(2023, 11, 1), date(2024, 2, 29))


@pytest.mark.slow
def test_another_years_figure_is_not_given(store: ArticleStore, settings: Settings) -> None:
    store.upsert(
        Article(
            id=f"permits-{year}",
            title=f"Harbour permits in {year}",
            text=f"The harbour office issued {count} permits to seasonal workers in {year}, clerk Jon Aas said.",
        )
        for year, count in ((2021, "1,206"), (2022, "1,412"))
    )
    index = Index(store, settings)
    index.sync()
    index.close()
    with Assistant.open(settings.data, settings) as assistant:
        for year, count in ((2021, "1,206"), (2022, "1,412")):
            answer = assistant.ask(f"How many permits did the harbour office issue to seasonal workers in {year}?")
            assert count in answer.answer
            assert len(answer.citations) == 1
        assert assistant.ask("How many permits did the harbour office issue to seasonal workers in 2019?").refused
