"""A figure of one year doesn't answer a question about another."""

from __future__ import annotations

import pytest

from corpus import Article, ArticleStore, Settings
from rag.assistant import Assistant
from rag.index import Index
from rag.years import years


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in 2022 and 2023", {2022, 2023}),
        ("the 2022-23 season", {2022, 2023}),
        ("2023/24", {2023, 2024}),
        ("2019–2021", {2019, 2020, 2021}),
        ("£2,024 or 20,240 or 2024.5", set()),
        ("the 1990s", {1990}),
        ("no year", set()),
    ],
)
def test_years_are_read(text: str, found: set[int]) -> None:
    assert years(text) == found


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
