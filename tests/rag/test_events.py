"""Events date questions: "since Brexit", "after Title 42 ended", "under Biden"."""

from __future__ import annotations

import re
from datetime import date

import pytest

from rag.events import Country, Event, EventTable, event_table
from rag.years import Period, fold

DAY = date(2025, 6, 1)


def _period(question: str, day: date = DAY) -> Period | None:
    found = list(event_table().find(question, day))
    assert len(found) <= 1
    return found[0].period if found else None


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What changed since Brexit?", "2020-01-31", None),
        ("visas after Brexit", "2020-02-01", None),
        ("post-Brexit work visas", "2020-02-01", None),
        ("How did people vote before the Brexit referendum?", None, "2016-06-22"),
        ("arrivals after Title 42 ended", "2023-05-12", None),
        ("arrivals since the end of Title 42", "2023-05-11", None),
        ("expulsions since Title 42 was introduced", "2020-03-20", None),
        ("expulsions during Title 42", "2020-03-20", "2023-05-11"),
        ("since the Taliban took Kabul", "2021-08-15", None),
        ("after the fall of Kabul", "2021-08-16", None),
        ("refugees after the invasion of Ukraine", "2022-02-25", None),
        ("since Russia’s invasion", "2022-02-24", None),
        ("since the war in Ukraine broke out", "2022-02-24", None),
        ("asylum claims before the pandemic", None, "2020-03-10"),
        ("pre-pandemic levels", None, "2020-03-10"),
        ("border closures during the pandemic", "2020-03-11", "2023-05-05"),
        ("border closures after the pandemic", "2023-05-06", None),
        ("after the Rwanda plan was scrapped", "2024-07-07", None),
        ("since Trump took office", "2025-01-20", None),
        ("before Trump came back to the White House", None, "2025-01-19"),
        ("removals under Biden", "2021-01-20", "2025-01-20"),
        ("removals during the Biden administration", "2021-01-20", "2025-01-20"),
        ("during Trump's first term", "2017-01-20", "2021-01-20"),
        ("net migration under the Conservatives", "2010-05-11", "2024-07-05"),
        ("since Theresa May took over", "2016-07-13", None),
        ("after Assad was toppled", "2024-12-09", None),
        ("desde la pandemia", "2020-03-11", None),
    ],
)
def test_an_event_dates_the_question(question: str, first: str | None, last: str | None) -> None:
    expected = Period(*(date.fromisoformat(day) if day else None for day in (first, last)))
    assert _period(question) == expected


@pytest.mark.parametrize(
    ("question", "day", "last"),
    [
        ("What was promised before the election?", "2025-06-01", "2024-11-04"),
        ("What was promised before the election?", "2023-06-01", "2020-11-02"),
        ("What is promised before the election?", "2024-10-01", "2024-11-04"),  # one to come
        ("What was promised before the UK election?", "2025-06-01", "2024-07-03"),
        ("What did Ottawa promise before the last election?", "2025-06-01", "2025-04-27"),
        ("How many came before the 2021 German election?", "2025-06-01", "2021-09-25"),
        ("How many did the US deport before the election in Mexico?", "2025-06-01", "2024-06-01"),
    ],
)
def test_an_election_is_the_named_countrys(question: str, day: str, last: str) -> None:
    assert _period(question, date.fromisoformat(day)) == Period(None, date.fromisoformat(last))


@pytest.mark.parametrize(
    "question",
    [
        "What day was Title 42 finally over?",
        "When did the Taliban take Kabul?",
        "What is Brexit?",
        "after Trump signed the order",
        "What happened after Trump's order?",
        "under Trump's plan",
        "after the local elections",
        "since the election of the new pope",
        "after the travel ban",  # not yet on that day
        "since Maduro was captured",  # nor this
        "after the travel ban ended",
        "after five years",
    ],
)
def test_nothing_else_is_an_event(question: str) -> None:
    assert _period(question) is None


def test_what_comes_later_is_not_known_yet() -> None:
    assert _period("since Trump took office", date(2024, 6, 1)) == Period(date(2017, 1, 20), None)
    assert _period("since the invasion of Ukraine", date(2022, 1, 1)) is None


@pytest.mark.parametrize(
    ("question", "near", "code"),
    [
        ("How many did the UK admit?", 0, "GB"),
        ("How many did the US admit?", 0, "US"),
        ("in the us or in canada", 0, "US"),
        ("tell us about Australia", 0, "AU"),
        ("who let us in", 0, "US"),  # nothing named: the default
        ("How many Mexicans did Canada let in during fiscal 2023?", 40, "CA"),
    ],
)
def test_the_nearest_country_counts(question: str, near: int, code: str) -> None:
    assert event_table().country(question, near) == code


def test_the_table_is_sound() -> None:
    table = event_table()
    assert len([event for event in table.events if event.kind == "event"]) >= 40
    assert len({event.country for event in table.events}) >= 10
    for event in table.events:
        assert event.last is None or event.first <= event.last, event
        assert event.first > date(2000, 1, 1), event
        assert event.sources, event
        assert all(source.startswith(("https://", "http://")) for source in event.sources), event
        assert bool(event.names) == (event.kind != "election"), event
        assert re.fullmatch(r"[A-Z]{2}|", event.country), event
        for name in event.names:
            assert name == fold(name), name
            assert not name.startswith(("the ", "a ")), name


def test_every_name_is_found() -> None:
    table = event_table()
    for event in table.events:
        for name in event.names:
            for question in (f"What changed since {name}?", f"what changed since the {name}"):
                assert [found.end - found.start for found in table.find(question, date(2100, 1, 1))], name


def test_elections_of_a_country_have_different_days() -> None:
    elections = [(event.country, event.first) for event in event_table().events if event.kind == "election"]
    assert len(elections) == len(set(elections))


def test_a_table_of_ones_own() -> None:
    flood = Event("event", "NZ", date(2024, 3, 1), date(2024, 3, 9), ("https://example.org",), ("great flood",))
    table = EventTable([flood], [Country("NZ", 7, ("new zealand",))])
    found = list(table.find("Who left after the great flood?", DAY))
    assert [(each.period.first, each.event) for each in found] == [
        (date(2024, 3, 10), Period(flood.first, flood.last))
    ]
    assert table.fiscal_start("in New Zealand", 0) == 7
