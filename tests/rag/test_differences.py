"""Reports that differ are noted and both quoted; reports that can both be true are not."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus import Article, Settings
from corpus.settings import load_settings
from rag.answer import Answer
from rag.assistant import Assistant
from rag.differences import Difference, Reported, differences

EARLY, NEXT_DAY, LATER = date(2024, 5, 6), date(2024, 5, 7), date(2024, 8, 20)


def compared(first: str, second: str, then: date = NEXT_DAY) -> Difference | None:
    found = differences(
        [Reported(first, "Harbour Times", EARLY, "", "a"), Reported(second, "Daily Ledger", then, "", "b")]
    )
    return found[0] if found else None


@pytest.mark.parametrize(
    ("first", "second", "topic", "values"),
    [
        (
            "The camp on Kos has 1,800 beds.",
            "The new camp on the island of Kos has 2,400 beds.",
            "number",
            ("1,800", "2,400"),
        ),
        (
            "The harder Dutch language test takes effect in July 2024.",
            "The harder Dutch language test takes effect in January 2025.",
            "date",
            ("July 2024", "January 2025"),
        ),
        (
            "Judge Ellen Marsh barred the government from deporting Hondurans.",
            "Judge Carla Dunn barred the government from deporting Hondurans.",
            "name",
            ("Ellen Marsh", "Carla Dunn"),
        ),
        (
            "The opposition in Utrecht voted for the plan for refugees' flats.",
            "The opposition in Utrecht voted against the plan for refugees' flats.",
            "wording",
            (
                "The opposition in Utrecht voted for the plan for refugees' flats.",
                "The opposition in Utrecht voted against the plan for refugees' flats.",
            ),
        ),
    ],
)
def test_conflicts(first: str, second: str, topic: str, values: tuple[str, str]) -> None:
    found = compared(first, second)
    assert found
    assert (found.kind, found.topic, found.values) == ("conflict", topic, values)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("About 256,000 Afghans left Iran in June.", "More than a quarter of a million Afghans left Iran in June."),
        ("In May 154,000 Afghans left Iran.", "In June 256,000 Afghans left Iran."),
        ("In June 256,000 Afghans left Iran.", "In June 61,000 Afghans left Pakistan."),
        ("A nurse costs the health service £10,500.", "A nurse earns £28,800 a year in the health service."),
        ("House prices in Leeds dipped in November.", "House prices in Leeds fell 0.7% in December."),
        ("The port of Kos is closed to ships.", "The port of Kos is closed to ships."),
    ],
)
def test_what_can_both_be_true_is_no_conflict(first: str, second: str) -> None:
    assert compared(first, second) is None


def test_a_later_state_of_a_count_supersedes_the_earlier() -> None:
    found = compared(
        "So far this year 170,000 people have crossed the Darién jungle.",
        "So far this year 238,000 people have crossed the Darién jungle.",
        LATER,
    )
    assert found
    assert (found.kind, found.values) == ("superseded", ("170,000", "238,000"))
    assert found.second.published == LATER


def test_a_figure_of_months_later_without_a_period_is_of_another_time() -> None:
    first = "International students were the largest group, with 283,000 arrivals."
    assert compared(first, first.replace("283,000", "157,000"), date(2025, 12, 19)) is None


def test_a_correction_wins_whenever_it_was_published() -> None:
    found = compared(
        "Correction: Wales will recruit 250 nurses from Kerala, not 520 as we reported.",
        "Wales will recruit 520 nurses from Kerala.",
    )
    assert found
    assert (found.kind, found.values) == ("corrected", ("520", "250"))
    assert found.second.source == "Harbour Times"


def test_sentences_of_one_article_are_not_compared() -> None:
    same = [Reported(f"The camp on Kos has {beds} beds.", "A", EARLY, "", "a") for beds in ("1,800", "2,400")]
    assert differences(same) == []


@pytest.fixture
def ask(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Assistant]:
    """An assistant over articles of two outlets."""
    settings: Settings = load_settings(data=tmp_path / "differing", refuse_below=0.0)
    with Assistant.open(settings.data, settings) as opened:
        opened.store.upsert(
            [
                Article(id=str(n), title=f"Report {n}", text=text, source=source, published=day)
                for n, (source, day, text) in enumerate(request.param)
            ]
        )
        opened.index.sync()
        yield opened


CONFLICT = [
    ("Harbour Times", EARLY, "The camp on the island of Kos has 1,800 beds. It stands beside the port."),
    ("Daily Ledger", NEXT_DAY, "Ferries were late again. The camp on the island of Kos has 2,400 beds."),
]
COUNT = [
    ("Harbour Times", EARLY, "So far this year 170,000 people have crossed the Darién jungle. Many were children."),
    ("Daily Ledger", LATER, "So far this year 238,000 people have crossed the Darién jungle. Rain fell."),
]


@pytest.mark.slow
@pytest.mark.parametrize("ask", [CONFLICT], indirect=True)
def test_an_answer_quotes_both_sides_and_says_who_says_what(ask: Assistant) -> None:
    answer: Answer = ask.ask("How many beds does the camp on Kos have?", as_of=date(2024, 5, 10))
    (note,) = answer.notes
    assert (note.kind, note.key) == ("conflict", "conflict")
    cited = {citation.n: citation for citation in answer.citations}
    for side in ("first", "second"):
        citation = cited[int(note.values[f"{side}_citation"])]
        assert note.values[side] in citation.quote
        assert note.values[f"{side}_source"] == citation.source
        assert note.values[f"{side}_published"] == citation.published.isoformat()
        assert f"{citation.source} ({citation.published.day} May 2024) says {note.values[side]}" in note.text
        assert any(citation.n in sentence.citations for sentence in answer.sentences)


@pytest.mark.slow
@pytest.mark.parametrize("ask", [COUNT], indirect=True)
def test_the_newer_figure_comes_first(ask: Assistant) -> None:
    answer = ask.ask("How many people have crossed the Darién jungle this year?", as_of=date(2024, 9, 1))
    (note,) = answer.notes
    assert (note.kind, note.key) == ("superseded", "superseded")
    assert note.text == (
        "Newer figure: Daily Ledger (20 August 2024) says 238,000; before, Harbour Times (6 May 2024) said 170,000."
    )
    assert "238,000" in answer.sentences[0].text
    assert any("170,000" in sentence.text for sentence in answer.sentences)


@pytest.mark.slow
@pytest.mark.parametrize("ask", [[CONFLICT[0], ("Daily Ledger", NEXT_DAY, CONFLICT[0][2])]], indirect=True)
def test_a_copy_gets_no_note(ask: Assistant) -> None:
    assert ask.ask("How many beds does the camp on Kos have?", as_of=date(2024, 5, 10)).notes == ()
