"""Indexes over the tests' articles, with the real model and the real Chroma."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpus import Article, ArticleStore, Settings
from rag.assistant import Assistant
from rag.embedding import SentenceTransformerEmbedding, shared_embedding
from rag.fingerprint import packaged_model
from rag.index import Index
from rag.passage_store import StoredPassage


def build_cross_encoder(folder: Path, kind: type | None = None, labels: Sequence[str] = ("0",)) -> Path:
    """A tiny cross-encoder with random weights and `labels`; of another `kind` than for classification if given."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    tokenizer = AutoTokenizer.from_pretrained(packaged_model())
    config = BertConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        id2label=dict(enumerate(labels)),
        initializer_range=0.5,  # scores far enough apart to order by
    )
    (kind or BertForSequenceClassification)(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


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
