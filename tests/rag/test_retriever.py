"""Hybrid retrieval: both halves count, and nodes say where they stand."""

from __future__ import annotations

import numpy as np
import pytest

from corpus import load_settings
from rag.index import Index
from rag.retriever import LEAD, HybridRetriever, WeightedQuery, min_max

pytestmark = pytest.mark.slow


def ask(index: Index, *texts: str) -> list[str]:
    queries = [WeightedQuery(text, 1.0) for text in texts]
    return [hit.passage.article_id for hit in HybridRetriever(index).search(queries)]


def test_meaning_finds_what_shares_no_word(index: Index) -> None:
    assert ask(index, "money back for boat tickets")[0] == "ferry"


def test_a_rare_name_finds_its_article(index: Index) -> None:
    assert ask(index, "what did Renzi say")[0] == "visa"
    assert ask(index, "Diallo ruling")[0] == "court"


@pytest.mark.parametrize(
    "text", ['"; DROP TABLE passages', "NEAR(a b) OR *", "???", "(", "a", "AND", "日本", "x" * 900]
)
def test_any_text_can_be_searched(index: Index, text: str) -> None:
    assert len(ask(index, text)) == 3


def test_scores_are_the_parts_of_the_fused_one(index: Index) -> None:
    hits = HybridRetriever(index).search([WeightedQuery("seasonal visa quota", 1.0)])
    dense, lexical = np.array([h.dense for h in hits]), np.array([h.lexical for h in hits])
    lead = np.array([LEAD * (h.passage.start == 0) for h in hits])
    fused = 0.7 * min_max(dense) + 0.3 * min_max(lexical) + lead
    np.testing.assert_allclose([h.fused for h in hits], fused, atol=1e-6)
    assert [h.fused for h in hits] == sorted((h.fused for h in hits), reverse=True)


def test_one_half_alone_can_be_asked_for(index: Index, data) -> None:
    lexical = HybridRetriever(Index(index.store, load_settings(data=data, dense_weight=0)))
    lexical._index.__dict__["vectors"] = index.vectors  # Chroma takes one client a folder
    hits = lexical.search([WeightedQuery("strawberries", 1.0)])
    assert hits[0].passage.article_id == "visa"
    assert [h.fused - h.score.lead for h in hits[1:]] == [0, 0]


def test_llama_index_gets_nodes_that_say_where_they_stand(index: Index) -> None:
    node = HybridRetriever(index).retrieve("doctor in the camp")[0]
    meta = node.node.metadata
    text = index.store.get(meta["article_id"], meta["version"]).text
    assert text[meta["start"] : meta["end"]] == node.node.get_content()
    assert {"dense", "lexical", "fused", "published", "source", "title"} <= meta.keys()
    assert node.score == meta["fused"]


def test_a_vector_that_the_store_does_not_know_is_ignored(index: Index) -> None:
    index.vectors.upsert(["stranger:1:0-5"], index.embedding.embed(["boats to islands"]))
    assert set(ask(index, "boats to islands")) == {"ferry", "visa", "court"}


def test_an_empty_index_finds_nothing(store, settings) -> None:
    assert ask(Index(store, settings), "anything") == []
