"""Indexes over the tests' articles, with the real model and the real Chroma."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus import Article, ArticleStore, Settings
from rag.assistant import Assistant
from rag.embedding import SentenceTransformerEmbedding, shared_embedding
from rag.index import Index


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
