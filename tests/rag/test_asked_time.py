"""The time that a question asks about is resolved against the day it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from corpus import Article, ArticleStore, Settings
from rag.asked_time import asked_time
from rag.assistant import Assistant
from rag.index import Index

DAY = date(2024, 3, 15)


@pytest.mark.parametrize(
    ("question", "years", "latest"),
    [
        ("How many came last year?", {2023}, False),
        ("How many came this year so far?", {2024}, False),
        ("And in 2019 and 2021?", {2019, 2021}, False),
        ("What is the latest quota?", set(), True),
        ("how much is a permit now", set(), True),
        ("How many came?", set(), False),
        ("What is last year's record?", set(), False),
        ("the current quota in 2022", {2022}, False),
    ],
)
def test_years_and_the_latest(question: str, years: set[int], latest: bool) -> None:
    asked = asked_time(question, DAY)
    assert (set(asked.years), asked.latest) == (years, latest)


@pytest.mark.parametrize(
    ("question", "first"), [("What changed last month?", date(2024, 2, 1)), ("this month's news", date(2024, 3, 1))]
)
def test_a_month_is_a_window_on_publication(question: str, first: date) -> None:
    window = asked_time(question, DAY).window
    assert window is not None
    assert window[0] == first
    assert window[0] < window[1]


@pytest.fixture
def quotas(store: ArticleStore, settings: Settings, articles: list[Article]) -> Iterator[Assistant]:
    """The same story, a quota set anew each year."""
    store.upsert(
        Article(
            id=f"quota-{day.year}",
            title="Ministry sets the quota for seasonal visas",
            text=f"The Ministry of Labour set the quota for seasonal visas at {count}, the ministry said.",
            published=day,
        )
        for day, count in (
            (date(2022, 1, 10), "6,100"),
            (date(2023, 1, 12), "7,000"),
            (date(2024, 1, 15), "9,500"),
        )
    )
    store.upsert(article for article in articles if article.id != "visa")
    index = Index(store, settings)
    index.sync()
    index.close()
    with Assistant.open(settings.data, settings) as assistant:
        yield assistant


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "as_of", "first"),
    [
        ("What is the latest quota for seasonal visas?", "2024-06-01", "quota-2024"),
        ("What is the quota for seasonal visas now?", "2023-06-01", "quota-2023"),
        ("What was the quota for seasonal visas last year?", "2024-06-01", "quota-2023"),
        ("What was the quota for seasonal visas in 2022?", "2024-06-01", "quota-2022"),
    ],
)
def test_the_report_of_that_time_comes_first(quotas: Assistant, question: str, as_of: str, first: str) -> None:
    assert quotas.search(question, as_of=as_of)[0].passage.article_id == first
    assert quotas.ask(question, as_of=as_of).citations[0].article_id == first


@pytest.mark.slow
def test_what_is_published_later_is_not_known_yet(quotas: Assistant) -> None:
    hits = quotas.search("quota for seasonal visas", as_of="2022-12-31")
    assert hits[0].passage.article_id == "quota-2022"
    assert all(hit.passage.published <= date(2022, 12, 31) for hit in hits)
