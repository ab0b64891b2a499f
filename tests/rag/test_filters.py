"""Filters by date, outlet, language, country and topic."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus import Article, ArticleStore, Settings
from corpus.errors import InputError
from rag.catalogue import Catalogue
from rag.filters import EVERYTHING, Filters
from rag.index import Index
from rag.retrieval import Retrieval
from rag.retriever import HybridRetriever, WeightedQuery


def test_filters_say_what_cannot_be_read() -> None:
    with pytest.raises(InputError, match="'soon' of since can't be read"):
        Filters.of(since="soon")
    with pytest.raises(InputError, match="before it begins"):
        Filters.of(since="2024-05-02", until="2024-05-01")


def test_no_filter_is_everything() -> None:
    assert Filters.of() == EVERYTHING
    assert Filters.of(outlets=["", "  "]) == EVERYTHING
    assert not EVERYTHING
    assert Filters.of(since="2024-05-01")


@pytest.fixture
def filed(store: ArticleStore, settings: Settings) -> Index:
    """Ten articles on ferries, one a year, of two outlets, languages, countries and topics; one without a date."""
    store.upsert(
        Article(
            id=f"a{i}",
            title=f"Ferry news {i}",
            text=f"Ferry fares rose again in round {i}. The company named number {i} as the reason.",
            source="The Gazette" if i % 2 else "El Correo",
            language="en" if i % 2 else "es",
            published=date(2014 + i, 6, 1) if i else None,
            metadata={"country": "UK" if i < 5 else "ES", "topics": ["fares"] if i % 3 else ["fares", "Strikes"]},
        )
        for i in range(10)
    )
    index = Index(store, settings)
    index.sync()
    return index


def found(index: Index, filters: Filters, text: str = "why did ferry fares rise") -> set[str]:
    hits = HybridRetriever(index).search([WeightedQuery(text, 1.0)], 20, filters)
    return {hit.passage.article_id for hit in hits}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters.of(since="2020-01-01"), {"a6", "a7", "a8", "a9"}),
        (Filters.of(until="2016-06-01"), {"a1", "a2"}),
        (Filters.of(since="2016-06-01", until="2017-06-01"), {"a2", "a3"}),
        (Filters.of(outlets=["the gazette"]), {"a1", "a3", "a5", "a7", "a9"}),
        (Filters.of(languages=["ES"], countries=["uk"]), {"a0", "a2", "a4"}),
        (Filters.of(topics=["strikes"]), {"a0", "a3", "a6", "a9"}),
        (Filters.of(outlets=["Nobody"]), set()),
    ],
)
def test_only_what_passes_is_found(filed: Index, filters: Filters, expected: set[str]) -> None:
    assert found(filed, filters) == expected
    filed.close()


@pytest.mark.slow
def test_many_that_pass_are_found_through_chroma_too(filed: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.retriever.COMPARED", 0)
    assert found(filed, Filters.of(since="2016-01-01")) == {f"a{i}" for i in range(2, 10)}
    filed.close()


@pytest.mark.slow
def test_the_catalogue_follows_the_articles(filed: Index) -> None:
    catalogue = Catalogue(filed.passages)
    assert filed.passages.dates() == (date(2015, 6, 1), date(2023, 6, 1))
    since = Filters.of(since="2022-01-01")
    before = catalogue.select(since)
    assert len(before.keys) == 2
    filed.store.remove("a9")
    filed.store.upsert([Article(id="b", title="Ferry", text="A new ferry sails.", published=date(2024, 1, 1))])
    filed.sync()
    after = catalogue.select(since)
    assert len(after.keys) == 2
    assert after.keys[-1] > before.keys[-1]  # a key is never used again
    question = filed.embedding.embed(["a new ferry sails"])
    assert after.nearest(question, 1) == {int(after.keys[-1])}
    filed.close()


@pytest.mark.slow
def test_a_past_day_knows_nothing_that_came_later(filed: Index) -> None:
    retrieved = Retrieval(filed)("why did ferry fares rise", (), date(2017, 1, 1))
    assert {hit.passage.article_id for hit in retrieved.hits} <= {"a0", "a1", "a2"}
    assert retrieved.hits
    filed.close()


@pytest.mark.slow
def test_the_facts_are_of_one_moment_while_another_process_indexes(
    filed: Index, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalogue(filed.passages)
    facts = filed.passages.article_facts

    def meanwhile() -> object:
        other = ArticleStore.open(data)  # a connection of its own, as another process has
        other.remove("a3")
        other.close()
        return facts()

    monkeypatch.setattr(filed.passages, "article_facts", meanwhile)
    assert len(catalogue.select(Filters.of(until="2017-12-31")).keys) == 3
    monkeypatch.undo()
    assert len(catalogue.select(Filters.of(until="2017-12-31")).keys) == 2
