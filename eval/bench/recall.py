"""How many of the nearest passages the approximate dense search finds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.catalogue import best_keys
from rag.index import Index


def dense_recall(index: Index, texts: Sequence[str]) -> float:
    """The share of the exact `dense_k` nearest passages to each text that Chroma finds, which searches a graph."""
    k = index.settings.dense_k
    queries = index.embedding.embed(texts)
    found = [set(index.passages.keys(ids).values()) for ids in index.vectors.nearest(queries, k)]
    batches = index.passages.vectors([key for key, _ in index.passages.listed()])
    exact = best_keys(((keys, queries @ vectors.T) for keys, vectors in batches), k, len(queries))
    shares = [len(ids.intersection(row.tolist())) / len(row) for ids, row in zip(found, exact, strict=True)]
    return float(np.mean(shares))
