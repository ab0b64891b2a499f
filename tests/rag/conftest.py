"""Indexes over the tests' articles, with the real model and the real Chroma."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from corpus import Article, ArticleStore, Settings
from rag.assistant import Assistant
from rag.embedding import SentenceTransformerEmbedding, shared_embedding
from rag.index import Index
from rag.passage_store import StoredPassage


def passage_of(text: str, article: str, title: str = "", published: date | None = None) -> StoredPassage:
    """A passage that is an article's whole text, one sentence; its vector is zero."""
    return StoredPassage(
        passage_id=f"{article}:1:0-{len(text)}",
        article_id=article,
        version=1,
        current_version=1,
        start=0,
        end=len(text),
        text=text,
        title=title,
        source="",
        url=None,
        published=published,
        language="en",
        sentences=((0, len(text)),),
        sentence_vectors=np.zeros((1, 2), np.float32),
    )


@pytest.fixture(scope="session")
def embedding() -> SentenceTransformerEmbedding:
    """The packaged model, as all indexes of the process share it."""
    return shared_embedding("all-MiniLM-L6-v2", "auto")


@pytest.fixture
def index(store: ArticleStore, settings: Settings, articles: list[Article]) -> Iterator[Index]:
    """The tests' articles, stored and indexed."""
    store.upsert(articles)
    opened = Index(store, settings)
    opened.sync()
    yield opened
    opened.close()


@pytest.fixture
def assistant(index: Index, settings: Settings) -> Iterator[Assistant]:
    """An assistant over the indexed articles."""
    index.close()
    with Assistant.open(settings.data, settings) as opened:
        yield opened
