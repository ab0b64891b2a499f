"""BM25 on packed terms agrees with the formula, and with what SQLite's own says about the order."""

from __future__ import annotations

import math
import sqlite3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.lexical import K1, B, Statistics, bm25, index_terms, pack, query_terms

TEXTS = [
    "Ferries to the islands were cancelled; the ferry company blamed the storm.",
    "Seasonal visas for strawberry pickers were raised to 9,000.",
    "The court said the ferry crossing was lawful.",
    "Nothing to see here.",
]


def statistics(documents: list[list[str]]) -> Statistics:
    terms = {term for document in documents for term in document}
    return Statistics(
        passages=len(documents),
        average_length=sum(map(len, documents)) / len(documents),
        frequencies={term: sum(term in document for document in documents) for term in terms},
    )


def by_the_formula(term: str, document: list[str], known: Statistics) -> float:
    n, count = known.frequencies[term], document.count(term)
    idf = math.log(1 + (known.passages - n + 0.5) / (n + 0.5))
    return idf * count * (K1 + 1) / (count + K1 * (1 - B + B * len(document) / known.average_length))


def test_scores_follow_the_formula() -> None:
    documents = [index_terms(text) for text in TEXTS]
    known = statistics(documents)
    scores = bm25({"ferri": 1.0, "court": 0.5}, [pack(d) for d in documents], known)
    expected = [by_the_formula("ferri", d, known) + 0.5 * by_the_formula("court", d, known) for d in documents]
    np.testing.assert_allclose(scores, expected)
    assert scores.argmax() == 2


def test_the_order_is_that_of_sqlite() -> None:
    # Enough texts without the words that SQLite's idf, which is 0 for a word in half of them, isn't cut off.
    texts = [*TEXTS, *(f"A report on the matter, number {i}" for i in range(20))]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(terms)")
    documents = [index_terms(text) for text in texts]
    database.executemany("INSERT INTO t (rowid, terms) VALUES (?, ?)", enumerate(" ".join(d) for d in documents))
    order = [row[0] for row in database.execute("SELECT rowid FROM t WHERE t MATCH 'ferri OR court' ORDER BY rank")]
    database.close()
    scores = bm25({"ferri": 1.0, "court": 1.0}, [pack(d) for d in documents], statistics(documents))
    assert order == [int(i) for i in np.argsort(-scores, kind="stable")[: len(order)]]


def test_nothing_asked_or_nothing_there_scores_nothing() -> None:
    assert bm25({}, [pack(["a"])], Statistics(1, 1.0, {"a": 1})).tolist() == [0.0]
    assert bm25({"a": 1.0}, [], Statistics(0, 0.0, {})).tolist() == []
    assert bm25({"a": 1.0}, [pack([])], Statistics(1, 0.0, {})).tolist() == [0.0]


@pytest.mark.parametrize(
    ("asked", "written"),
    [("9000", "9,000"), ("US border", "the U.S. border"), ("ferry", "Ferries"), ("Darien", "Darién")],
)
def test_spellings_meet(asked: str, written: str) -> None:
    assert set(query_terms(asked)) <= set(index_terms(written))


@given(st.lists(st.text("abcé1 ", max_size=40), max_size=8), st.text("abcé1 ", max_size=20))
def test_what_shares_no_term_scores_nothing(texts: list[str], question: str) -> None:
    documents = [index_terms(text) for text in texts]
    query = query_terms(question)
    scores = bm25(query, [pack(d) for d in documents], statistics(documents) if documents else Statistics(0, 0.0, {}))
    assert [score > 0 for score in scores] == [bool(set(query) & set(d)) for d in documents]
