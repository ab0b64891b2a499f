"""How many of the nearest passages the approximate dense search finds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.index import Index


def dense_recall(index: Index, texts: Sequence[str]) -> float:
    """The share of the exact `dense_k` nearest passages to each text that Chroma finds, which searches a graph."""
    k = index.settings.dense_k
    queries = index.embedding.embed(texts)
    found = [set(index.passages.keys(ids).values()) for ids in index.vectors.nearest(queries, k)]
    keys = np.array([key for key, _ in index.passages.listed()])
    best = np.zeros((len(texts), 0), np.float32)
    nearest = np.zeros((len(texts), 0), keys.dtype)
    start = 0
    for batch in index.passages.vectors(keys.tolist()):
        rows = np.broadcast_to(keys[start : start + len(batch)], (len(texts), len(batch)))
        start += len(batch)
        best, nearest = np.hstack([best, queries @ batch.T]), np.hstack([nearest, rows])
        kept = np.argsort(-best, axis=1)[:, :k]
        best, nearest = np.take_along_axis(best, kept, 1), np.take_along_axis(nearest, kept, 1)
    shares = [len(ids.intersection(row.tolist())) / len(row) for ids, row in zip(found, nearest, strict=True)]
    return float(np.mean(shares))
