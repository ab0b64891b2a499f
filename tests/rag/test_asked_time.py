"""The time that a question asks about is resolved against the day it is asked; reports of that time come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Article, ArticleStore, Settings
from rag.asked_time import asked_time, covered, prefer_candidates, prefer_hits, windows
from rag.assistant import Assistant
from rag.index import Index
from rag.passage_store import StoredPassage
from rag.retrieval import Parts, Retrieval
from rag.retriever import Hit, Score
from rag.selection import Candidate
from rag.years import Period, about_years

from .conftest import passage_of

DAY = date(2024, 8, 15)  # a Thursday


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        # Days, months, years.
        ("What changed on 12 May 2023?", "2023-05-12", "2023-05-12"),
        ("ruling of May 12th, 2023", "2023-05-12", "2023-05-12"),
        ("the 2023-05-12 ruling", "2023-05-12", "2023-05-12"),
        ("arrivals from 12 to 15 May 2023", "2023-05-12", "2023-05-15"),
        ("How many came in May 2023?", "2023-05-01", "2023-05-31"),
        ("How many came in may?", "2024-05-01", "2024-05-31"),
        ("How many came in October?", "2023-10-01", "2023-10-31"),
        ("October numbers for the Channel", "2023-10-01", "2023-10-31"),
        ("what happened on 5 July", "2024-07-05", "2024-07-05"),
        ("what happened on December 20th", "2023-12-20", "2023-12-20"),
        ("born on 29 February", "2024-02-29", "2024-02-29"),
        ("How many in the 2010s?", "2010-01-01", "2019-12-31"),
        # Parts of them.
        ("in early 2024", "2024-01-01", "2024-05-01"),
        ("mid-2022 figures", "2022-05-02", "2022-08-31"),
        ("in late March", "2024-03-21", "2024-03-31"),
        ("by the end of November 2021", "2021-11-21", "2021-11-30"),
        ("at the end of last year", "2023-09-01", "2023-12-31"),
        ("in the first half of this year", "2024-01-01", "2024-06-30"),
        ("in the first three months of 2024", "2024-01-01", "2024-03-31"),
        # Ranges.
        ("between 2019 and 2021", "2019-01-01", "2021-12-31"),
        ("from March to June 2024", "2024-03-01", "2024-06-30"),
        ("between October and January", "2023-10-01", "2024-01-31"),
        ("from October 2023 to March", "2023-10-01", "2024-03-31"),
        ("from early 2022 to mid-2023", "2022-01-01", "2023-08-31"),
        ("in March and April 2024", "2024-03-01", "2024-04-30"),
        ("net migration 2022 vs 2023", "2022-01-01", "2023-12-31"),
        # From the day of the question.
        ("What was said yesterday?", "2024-08-14", "2024-08-14"),
        ("What did the court say on Monday?", "2024-08-12", "2024-08-12"),
        ("last Friday's ruling", "2024-08-09", "2024-08-09"),
        ("next Tuesday", "2024-08-20", "2024-08-20"),
        ("news of last week", "2024-08-05", "2024-08-11"),
        ("this week", "2024-08-12", "2024-08-18"),
        ("What happened over the weekend?", "2024-08-10", "2024-08-11"),
        ("last month", "2024-07-01", "2024-07-31"),
        ("next month", "2024-09-01", "2024-09-30"),
        ("How many came last year?", "2023-01-01", "2023-12-31"),
        ("last March", "2024-03-01", "2024-03-31"),
        ("last August", "2023-08-01", "2023-08-31"),
        ("March last year", "2023-03-01", "2023-03-31"),
        ("next March", "2025-03-01", "2025-03-31"),
        ("over the past three months", "2024-05-15", "2024-08-15"),
        ("in the last 90 days", "2024-05-17", "2024-08-15"),
        ("in the past year", "2023-08-15", "2024-08-15"),
        ("in recent weeks", "2024-07-25", "2024-08-15"),
        ("over the next two years", "2024-08-15", "2026-08-15"),
        ("two years ago", "2022-01-01", "2022-12-31"),
        ("three months ago", "2024-05-01", "2024-05-31"),
        ("a few days ago", "2024-08-12", "2024-08-12"),
        ("year to date", "2024-01-01", "2024-12-31"),
        ("Will the fee rise in October?", "2024-10-01", "2024-10-31"),
        # Quarters, seasons, holidays.
        ("in the third quarter of 2023", "2023-07-01", "2023-09-30"),
        ("Q2 figures", "2024-04-01", "2024-06-30"),
        ("last quarter", "2024-04-01", "2024-06-30"),
        ("second quarter of last year", "2023-04-01", "2023-06-30"),
        ("this summer", "2024-06-01", "2024-08-31"),
        ("last summer", "2023-06-01", "2023-08-31"),
        ("in the winter", "2023-12-01", "2024-02-29"),
        ("in the fall of 2021", "2021-09-01", "2021-11-30"),
        ("at Christmas", "2023-12-24", "2023-12-26"),
        # Fiscal years, by country.
        ("encounters in fiscal 2023", "2022-10-01", "2023-09-30"),
        ("FY23 encounters", "2022-10-01", "2023-09-30"),
        ("How many Mexicans did the US arrest in FY 2023?", "2022-10-01", "2023-09-30"),
        ("the fiscal year that just ended", "2022-10-01", "2023-09-30"),
        ("this fiscal year", "2023-10-01", "2024-09-30"),
        ("UK grants in the financial year 2022-23", "2022-04-01", "2023-03-31"),
        ("Australian visas granted in 2022-23", "2022-07-01", "2023-06-30"),
        ("Australian net migration in the last financial year", "2023-07-01", "2024-06-30"),
        ("Canada's spending in fiscal 2023", "2022-04-01", "2023-03-31"),
        ("UK net migration in the year to March 2024", "2023-04-01", "2024-03-31"),
        ("in the year ending June 2023", "2022-07-01", "2023-06-30"),
        ("in the 12 months to June", "2023-07-01", "2024-06-30"),
        # Open ones.
        ("since 2021", "2021-01-01", None),
        ("since last spring", "2024-03-01", None),
        ("from 2021 onwards", "2021-01-01", None),
        ("from May 2023 until now", "2023-05-01", None),
        ("since the start of the year", "2024-01-01", None),
        ("before May 2023", None, "2023-04-30"),
        ("until 2027", None, "2027-12-31"),
        ("after March 2022", "2022-04-01", None),
        ("since Brexit", "2020-01-31", None),
        ("before the election", None, "2024-11-04"),
        # Spanish.
        ("¿Cuántos llegaron en 2023?", "2023-01-01", "2023-12-31"),
        ("en mayo de 2023", "2023-05-01", "2023-05-31"),
        ("el 12 de mayo", "2024-05-12", "2024-05-12"),
        ("el año pasado", "2023-01-01", "2023-12-31"),
        ("how many el mes pasado", "2024-07-01", "2024-07-31"),
        ("la semana pasada", "2024-08-05", "2024-08-11"),
        ("en los últimos tres meses", "2024-05-15", "2024-08-15"),
        ("hace dos años", "2022-01-01", "2022-12-31"),
        ("desde 2021", "2021-01-01", None),
        ("entre 2019 y 2021", "2019-01-01", "2021-12-31"),
    ],
)
def test_a_question_asks_about_a_span_of_days(question: str, first: str | None, last: str | None) -> None:
    expected = Period(*(date.fromisoformat(day) if day else None for day in (first, last)))
    assert asked_time(question, DAY).period == expected


@pytest.mark.parametrize(
    "question",
    [
        "How many came on 31 February?",
        "What happened on 31 February 2023?",
        "What would that be in 2023 dollars?",
        "What does page 2019 say?",
        "What is section 1325?",
        "What is Title 42?",
        "How do I replace form I-94?",
        "Where did flight 2022 land?",
        "Who gets an H-2B visa?",
        "What is Article 50?",
        "What did Theresa May say?",
        "What did the prime minister say since May became leader?",
        "How may I apply?",
        "Who may be deported?",
        "may 12 people apply",
        "Who joined the march on Washington?",
        "What is March for Life?",
        "Did the numbers fall?",
        "Did asylum claims spring from the war?",
        "Is there a second chance?",
        "What is the second step?",
        "What is in the 1951 Refugee Convention?",
        "What is the Immigration Act 1971?",
        "What does directive 2001/55 say?",
        "Did more than 2019 migrants come?",
        "Can 2000 people come?",
        "Who is held on Christmas Island?",
        "When is Lunar New Year?",
        "Is an appeal decided within 30 days?",
        "How long is a 5 year visa?",
        "How many come every year?",
        "I waited 3 months",
        "Who is April Jones?",
        "Who sits on that august body?",
        "Was Black Friday busy?",
        "Was it so 900 years ago?",
        "Was it so 99999 days ago?",
        "What was promised in 2099?",
        "What is Project 2025?",
        "Who gets winter fuel payments?",
        "What did she do after five years?",
        "Since when is that so?",
        "Why this fall in applications?",
        "What was the fall of the wall?",
        "How did he become famous by now?",
        "Now, what is a visa?",
        "Is it in USA Today?",
        "a quarter of migrants",
    ],
)
def test_other_words_ask_about_no_time(question: str) -> None:
    asked = asked_time(question, DAY)
    assert (asked.period, asked.years, asked.latest, asked.words) == (None, frozenset(), False, "")


@pytest.mark.parametrize(
    ("question", "years", "latest"),
    [
        ("How many came last year?", {2023}, False),
        ("How many came this year so far?", {2024}, False),
        ("And in 2019 and 2021?", {2019, 2021}, False),
        ("What is the latest quota?", set(), True),
        ("Who is the home secretary?", set(), True),
        ("who's the new eu migration commissioner", set(), True),
        ("who runs the ferry office", set(), True),
        ("Who was the home secretary?", set(), False),
        ("Who was home secretary in 2022?", {2022}, False),
        ("Who is paid?", set(), False),
        ("how much is a permit now", set(), True),
        ("¿cuánto cuesta ahora?", set(), True),
        ("has it been approved yet?", set(), True),
        ("How many came?", set(), False),
        ("What was last year's record?", {2023}, False),
        ("the current quota in 2022", {2022}, False),
        ("encounters in fiscal 2023", {2023}, False),
        ("since 2022", {2022, 2023, 2024}, False),
        ("before 2022", set(), False),
        ("last month", set(), False),
        ("in May 2023", {2023}, False),
        ("More this year than last year?", {2024}, False),
        ("Is it more than last year?", set(), True),  # compared with now
        ("What's the latest on it since May?", set(), True),
    ],
)
def test_years_and_the_latest(question: str, years: set[int], latest: bool) -> None:
    asked = asked_time(question, DAY)
    assert (set(asked.years), asked.latest) == (years, latest)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many came in 2015?", "2015"),
        ("since May 2023 how many came", "since May 2023"),
        ("What is the latest quota?", "latest"),
        ("arrivals between 2019 and 2021 by boat", "between 2019 and 2021"),
        ("arrivals in 2019 or in 2021", "2019 and 2021"),
        ("¿Cuántos llegaron el año pasado?", "año pasado"),
        ("Who came?", ""),
        ("Now?", "Now"),
    ],
)
def test_the_words_that_say_the_time(question: str, words: str) -> None:
    assert asked_time(question, DAY).words == words


@given(st.text(alphabet="0123456789 -/.,'’İñ", max_size=30), st.dates())
def test_no_text_and_no_day_is_too_odd(text: str, day: date) -> None:
    for question in (
        text,
        f"in {text} May",
        f"since {text} years ago",
        f"next year {text} March",
        f"the last {text} days",
    ):
        assert all(words in question for words in asked_time(question, day).words.split(" and "))


@pytest.mark.parametrize(
    ("question", "inside"),
    [
        ("How many came in 2023?", True),
        ("How many came in December 2021?", True),  # reported in the first days of 2022
        ("How many came in 2015?", False),
        ("How many will come in 2028?", False),
        ("How many came before 2015?", False),
        ("How many came since 2015?", True),
        ("How many came in 2015 and in 2023?", True),
        ("How many came?", True),
    ],
)
def test_whether_the_articles_cover_the_time(question: str, inside: bool) -> None:
    assert covered(asked_time(question, DAY), date(2022, 1, 3), date(2024, 8, 1)) is inside


def test_without_dated_articles_nothing_is_uncovered() -> None:
    assert covered(asked_time("in 2015", DAY), None, None)


def _hit(
    published: date | None, title: str = "Permits", text: str = "The office issued permits.", score: float = 0.8
) -> Hit:
    """A hit for a report; no two of a test have the same words and day."""
    passage = passage_of(text, f"{title} {text} {published}", title, published)
    return Hit(passage, dense=score, lexical=0.0, score=Score(dense=score))


def _first(question: str, *hits: Hit) -> StoredPassage:
    """The passage that comes first for `question`."""
    return prefer_hits(asked_time(question, DAY), hits)[0].passage


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("permits in May 2023", [(date(2023, 5, 1), date(2023, 7, 1))]),  # a month's reports may take another month
        ("permits on 14 June 2024", [(date(2024, 6, 14), date(2024, 6, 21))]),
        ("permits since May 2024", [(date(2024, 5, 1), DAY)]),
        ("the latest permits", [(date(2024, 2, 14), DAY)]),
        ("permits", []),
        ("permits in 2031", []),
    ],
)
def test_reports_of_a_time_come_then_and_soon_after(question: str, expected: list[tuple[date, date]]) -> None:
    assert windows(asked_time(question, DAY)) == expected


@pytest.mark.slow
def test_of_many_like_reports_those_of_the_time_asked_about_are_found(
    store: ArticleStore, settings: Settings
) -> None:
    first = date(2022, 1, 3)
    store.upsert(
        Article(
            id=f"week-{week}",
            title="Ferry permits: weekly figures",
            text=f"The harbour office issued {1000 + 7 * week} permits in the past seven days, it said.",
            source="Westhaven Gazette",
            published=first + timedelta(weeks=week),
        )
        for week in range(130)
    )
    settings = settings.model_copy(update={"dense_k": 15, "lexical_k": 15})
    Index(store, settings).sync()
    store.close()
    with Assistant.open(settings.data, settings) as assistant:
        found = {True: 0, False: 0}
        for month in ("March 2022", "August 2022", "November 2022", "February 2023", "May 2023", "October 2023"):
            (first, last), *_ = windows(asked_time(month, DAY))
            for on in found:
                search = Retrieval(assistant.index, Parts(windows=on))
                hits = search(f"How many permits were issued in {month}?", (), DAY, 5).hits
                found[on] += sum(first <= hit.passage.published <= last for hit in hits)
    assert found[True] > found[False]


def test_what_is_published_after_the_question_is_left_out() -> None:
    hits = [_hit(DAY + timedelta(days=1)), _hit(DAY), _hit(None)]
    assert [hit.passage.published for hit in prefer_hits(asked_time("permits", DAY), hits)] == [DAY, None]


def test_the_part_time_says_what_is_gained() -> None:
    (hit,) = prefer_hits(
        asked_time("permits in May 2023", DAY), [_hit(date(2023, 5, 20), text="In May 2023 they rose.")]
    )
    assert hit.score.dense == 0.8
    assert hit.score.time > 0.2
    assert hit.fused == pytest.approx(0.8 + hit.score.time)


@pytest.mark.parametrize(
    "question", ["permits in May 2023", "permits last year", "permits since 2023", "latest permits"]
)
def test_an_off_topic_report_of_that_time_does_not_come_first(question: str) -> None:
    other = _hit(date(2023, 5, 20), title="Boats in May 2023", text="Boats came in May 2023.", score=0.4)
    report = _hit(date(2015, 5, 20), score=0.8)
    assert _first(question, other, report) is report.passage


def test_reports_fit_a_month_less_the_further_away_they_were_published() -> None:
    month = date(2023, 5, 1)
    hits = [_hit(month + timedelta(days=days)) for days in (10, 35, 80, 130, 400)]
    gained = [hit.score.time for hit in prefer_hits(asked_time("permits in May 2023", DAY), reversed(hits))]
    assert gained == sorted(gained, reverse=True)
    assert gained[1] > 0.8 * gained[0]  # a report of the next days is most likely one of the month
    assert gained[2] < 0.5 * gained[0]
    assert gained[4] < 0.001


def test_a_later_text_that_names_the_time_fits_better_than_one_that_does_not() -> None:
    names = _hit(date(2024, 6, 1), text="The office issued 12 permits in May 2023.")
    other = _hit(date(2024, 6, 2), text="The office issued 14 permits in April 2022.")
    assert _first("permits in May 2023", other, names) is names.passage


def test_of_two_reports_of_that_time_the_one_that_names_it_fits_better() -> None:
    names = _hit(date(2023, 6, 3), text="The office issued 12 permits in May 2023.")
    silent = _hit(date(2023, 5, 3), text="The office issued 14 permits.")
    assert _first("permits in May 2023", silent, names) is names.passage


def test_last_month_in_a_report_is_the_month_before_it() -> None:
    of_may = _hit(date(2023, 6, 9), text="The office issued 12 permits last month.")
    of_april = _hit(date(2023, 5, 9), text="The office issued 14 permits last month.")
    assert _first("permits in May 2023", of_april, of_may) is of_may.passage


def test_a_headline_about_the_year_before_is_not_about_the_year_of_publication() -> None:
    before = _hit(date(2023, 1, 5), title="Permits fell in 2022")
    of_year = _hit(date(2024, 1, 5), title="Permits fell in 2023")
    assert _first("permits in 2023", before, of_year) is of_year.passage


def test_of_a_time_to_come_the_newest_plan_knows_most() -> None:
    old = _hit(date(2022, 11, 1), title="Plan for 2023-2025")
    new = _hit(date(2023, 11, 1), title="Plan for 2024-2026")
    assert _first("permits next year", old, new) is new.passage


def test_the_newest_on_the_same_story_is_the_latest() -> None:
    old, new = _hit(date(2022, 1, 5)), _hit(date(2024, 1, 5), score=0.7)
    assert _first("latest permits", old, new) is new.passage


def test_newer_reports_of_another_story_do_not_make_one_old() -> None:
    asked = asked_time("latest permits", DAY)
    other = _hit(DAY, title="Boats", score=0.3)
    (alone,) = prefer_hits(asked, [_hit(date(2022, 1, 5))])
    report, _ = prefer_hits(asked, [_hit(date(2022, 1, 5)), other])
    assert report.score.time == alone.score.time
    near, _ = prefer_hits(asked, [_hit(date(2022, 1, 5)), _hit(DAY, title="Permits again", score=0.8)])
    assert near.passage.title == "Permits again"


def test_without_a_time_only_near_equals_are_decided_by_age() -> None:
    old, new = date(2022, 1, 5), date(2024, 1, 5)
    assert _first("permits", _hit(old), _hit(new)).published == new
    assert _first("permits", _hit(old, score=0.82), _hit(new)).published == old


def test_undated_hits_keep_their_order() -> None:
    hits = [_hit(None, text=text, score=score) for text, score in (("a", 0.9), ("b", 0.8), ("c", 0.7))]
    for question in ("permits", "latest permits", "permits last month"):
        assert [hit.passage.text for hit in prefer_hits(asked_time(question, DAY), hits)] == ["a", "b", "c"]


def _candidate(text: str, published: date | None, score: float = 0.0, title: str = "Permits") -> Candidate:
    passage = _hit(published, title, text).passage
    return Candidate(passage, (0, len(text)), text, cosine=0.5, coverage=0.5, retrieval=0.8, score=score)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("how many permits in May 2023", "May 2023: 12 permits."),
        ("how many permits in June 2023", "June 2023: 14 permits."),
        ("how many permits in 2022", "In 2022: 11 permits."),
        ("how many permits now", "Now: 15 permits."),
    ],
)
def test_the_sentence_of_that_time_comes_first(question: str, best: str) -> None:
    candidates = [
        _candidate("In 2022: 11 permits.", date(2023, 1, 2)),
        _candidate("May 2023: 12 permits.", date(2023, 6, 2)),
        _candidate("June 2023: 14 permits.", date(2023, 7, 2)),
        _candidate("Now: 15 permits.", date(2024, 7, 2)),
    ]
    asked = asked_time(question, DAY)
    assert prefer_candidates(asked, about_years(asked.years, candidates))[0].text == best


def test_a_day_s_figure_is_not_taken_for_the_year_s() -> None:
    day = _candidate("On 29 December 2023, the last day, 12 permits were issued.", date(2024, 1, 2), score=0.5)
    year = _candidate("1,400 permits were issued in 2023.", date(2024, 1, 2))
    asked = asked_time("how many permits in 2023", DAY)
    assert prefer_candidates(asked, [day, year], total=True)[0] == replace(year, score=0.0)
    assert prefer_candidates(asked, [day, year])[0] == day
    assert prefer_candidates(asked_time("how many permits", DAY), [day, year], total=True)[0] == day


@pytest.mark.parametrize(
    ("text", "title", "years"),
    [
        ("In 2022 there were 11 permits.", "Permits", {2022}),
        ("There were 11 permits.", "Permits in 2022", {2022}),
        ("There were 11 permits.", "Permits", {2023}),  # the year it was published
        ("There were 11 permits, two more than a year earlier.", "Permits in 2022", {2021, 2022}),
        ("There were 11 permits in 2022, the office said on 2 January 2023.", "Permits", {2022}),
        ("The office reopened on 2 January 2023, after 11 months.", "Permits in 2022", {2022, 2023}),
    ],
)
def test_a_sentence_is_about_the_years_that_it_or_its_headline_names(text: str, title: str, years: set[int]) -> None:
    candidates = [_candidate(text, date(2023, 1, 2), title=title)]
    assert {year for year in range(2019, 2026) if about_years(frozenset({year}), candidates)} == years
    assert about_years(frozenset(), candidates) == candidates


@pytest.fixture
def quotas(store: ArticleStore, settings: Settings, articles: list[Article]) -> Iterator[Assistant]:
    """The same story, a quota set anew each year, and a monthly count that doesn't name its month."""
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
    store.upsert(
        Article(
            id=f"ferry-{day.month}",
            title="New count of ferry passengers",
            text=f"{count} passengers without papers came by ferry last month, the coast guard of Westhaven said.",
            published=day,
        )
        for day, count in ((date(2024, 2, 9), "310"), (date(2024, 3, 8), "287"), (date(2024, 4, 10), "402"))
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
        ("What was the quota for seasonal visas before 2023?", "2024-06-01", "quota-2022"),
        ("How many passengers without papers came by ferry in February?", "2024-06-01", "ferry-3"),
        ("How many passengers without papers came by ferry in January 2024?", "2024-06-01", "ferry-2"),
        ("How many passengers without papers came by ferry last month?", "2024-04-20", "ferry-4"),
    ],
)
def test_the_report_of_that_time_comes_first(quotas: Assistant, question: str, as_of: str, first: str) -> None:
    assert quotas.search(question, as_of=as_of).hits[0].passage.article_id == first


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
def test_the_answer_is_of_that_time(quotas: Assistant, question: str, as_of: str, first: str) -> None:
    assert quotas.ask(question, as_of=as_of).citations[0].article_id == first


@pytest.mark.slow
def test_what_is_published_later_is_not_known_yet(quotas: Assistant) -> None:
    hits = quotas.search("quota for seasonal visas", as_of="2022-12-31").hits
    assert hits[0].passage.article_id == "quota-2022"
    assert all(hit.passage.published <= date(2022, 12, 31) for hit in hits)
