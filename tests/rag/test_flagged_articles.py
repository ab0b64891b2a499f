"""What becomes of answers when staff hide an article or flag it as corrected, with the real index."""

from __future__ import annotations

from datetime import date

import pytest

from corpus import Article, ArticleStore
from corpus.flags import FlagKind, Flags, Scope
from rag import Assistant
from rag.filters import Filters
from rag.index import Index
from rag.retriever import COMPARED, HybridRetriever, WeightedQuery

pytestmark = pytest.mark.slow
QUESTION = "What is the quota for seasonal visas?"


@pytest.fixture
def flags(assistant: Assistant) -> Flags:
    return Flags(assistant.store.database)


def _cited(assistant: Assistant, question: str = QUESTION) -> set[str]:
    return {citation.article_id for citation in assistant.ask(question).citations}


def _found(assistant: Assistant, **filters: object) -> set[str]:
    hits = assistant.search(QUESTION, filters=Filters.of(**filters)).hits
    return {passage.article_id for hit in hits for passage in (hit.passage, *hit.also)}


@pytest.mark.parametrize("kind", [FlagKind.HIDDEN, FlagKind.RETRACTED])
def test_hidden_article_grounds_no_answer_and_is_no_headline_from_the_next_question_on(
    assistant: Assistant, flags: Flags, kind: FlagKind
) -> None:
    assert "visa" in _cited(assistant)

    flags.set(Scope.ARTICLE, "visa", kind, "Withdrawn by the ministry.", "ada")
    answer = assistant.ask(QUESTION)

    assert "visa" not in {c.article_id for c in answer.citations} | {h.article_id for h in answer.nearest}
    assert "visa" not in _found(assistant)
    assert "visa" not in _found(assistant, since="2020-01-01"), "with filters neither"

    flags.clear(Scope.ARTICLE, "visa", kind)
    assert "visa" in _cited(assistant)


def test_hidden_outlet_is_hidden_whole(assistant: Assistant, flags: Flags) -> None:
    flags.set(Scope.OUTLET, "the northern post", FlagKind.HIDDEN, "", "ada")

    assert _found(assistant) == {"ferry"}
    assert _found(assistant, outlets=["The Northern Post"]) == set()


def test_flag_set_by_another_process_takes_effect(assistant: Assistant) -> None:
    assert "visa" in _cited(assistant)
    other = ArticleStore.open(assistant.store.database.path.parent)
    Flags(other.database).set(Scope.ARTICLE, "visa", FlagKind.HIDDEN, "", "ada")
    other.close()

    assert "visa" not in _cited(assistant)


def test_when_all_is_hidden_there_is_nothing_to_answer_from(assistant: Assistant, flags: Flags) -> None:
    for outlet in ("The Northern Post", "Westhaven Gazette"):
        flags.set(Scope.OUTLET, outlet, FlagKind.HIDDEN, "", "ada")

    answer = assistant.ask(QUESTION)
    assert answer.refused
    assert answer.nearest == ()
    assert assistant.index.passages.dates() is None


def test_days_covered_are_those_of_articles_shown(assistant: Assistant, flags: Flags) -> None:
    flags.set(Scope.ARTICLE, "ferry", FlagKind.HIDDEN, "", "ada")

    assert assistant.index.passages.dates() == (date(2023, 11, 7), date(2024, 1, 15))


def test_hidden_article_stays_hidden_with_a_new_version(assistant: Assistant, flags: Flags) -> None:
    flags.set(Scope.ARTICLE, "visa", FlagKind.HIDDEN, "", "ada")
    assistant.store.upsert(
        [Article(id="visa", title="Quota", text="The quota for seasonal visas is 9,900.", source="The Northern Post")]
    )
    assistant.index.sync()

    assert "visa" not in _found(assistant)


def test_corrected_article_answers_with_a_note(assistant: Assistant, flags: Flags) -> None:
    flags.set(Scope.ARTICLE, "visa", FlagKind.CORRECTED, "The quota is 9,050.", "ada")

    answer = assistant.ask(QUESTION)
    [citation] = [c for c in answer.citations if c.article_id == "visa"][:1]
    [note] = [note for note in answer.notes if note.key == "flagged"]
    assert note.kind == "corrected"
    assert note.text == f"The Northern Post corrected the article quoted as [{citation.n}]: The quota is 9,050."


@pytest.mark.parametrize("compared", [COMPARED, 0])
def test_as_many_passages_are_found_when_most_are_hidden(
    store: ArticleStore, index: Index, monkeypatch: pytest.MonkeyPatch, compared: int
) -> None:
    """Few are compared one by one; of many, Chroma's nearest are thinned out, so more of them are asked for."""
    monkeypatch.setattr("rag.retriever.COMPARED", compared)
    store.upsert(
        Article(
            id=f"{outlet}-{i}",
            title=f"Seasonal visas, part {i}",
            text=f"Farm {i} asked for {10 + i} seasonal visas.",
            source=outlet,
        )
        for outlet, count in (("Loud", 60), ("Quiet", 8))
        for i in range(count)
    )
    index.sync()
    retriever = HybridRetriever(index)
    query = [WeightedQuery("How many seasonal visas did farms ask for?", 1.0)]
    Flags(store.database).set(Scope.OUTLET, "Loud", FlagKind.HIDDEN, "", "ada")

    hits = retriever.search(query, 8)
    assert len(hits) == 8
    assert {hit.passage.source for hit in hits} == {"Quiet"}


def test_article_that_turns_out_to_be_a_hidden_outlets_is_hidden(assistant: Assistant, flags: Flags) -> None:
    flags.set(Scope.OUTLET, "Westhaven Gazette", FlagKind.HIDDEN, "", "ada")
    assert "visa" in _found(assistant)
    article = assistant.store.get("visa")
    assistant.store.upsert(
        [Article(id="visa", title=article.title, text=article.text, source="Westhaven Gazette", published=None)]
    )
    assert "visa" not in _found(assistant)
