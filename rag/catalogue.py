"""Every passage's date, outlet, language and vector in memory, for filters.

Chroma's own metadata filter takes 100 ms over 100,000 vectors. Here the passages that pass are found by array
operations; few are then compared one by one, many are left to Chroma, whose answer is thinned out.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.filters import Filters, folded
from rag.passage_store import PassageStore
from rag.passages import Vectors

UNDATED = -1  # as an ordinal day
_BLOCK = 16_384  # rows whose vectors are widened to float32 at a time
_LEVELS = 127  # of an 8-bit number: a cosine moves by less than 0.01, and what is found is scored again exactly


@dataclass(frozen=True)
class Selected:
    """The passages that pass a filter.

    Attributes:
        keys: their passage keys, ascending.
        share: of all passages, in [0, 1].
    """

    keys: np.ndarray
    share: float
    _rows: np.ndarray
    _vectors: np.ndarray
    _scales: np.ndarray

    def holds(self, keys: np.ndarray) -> np.ndarray:
        """Which of `keys` are among them, as booleans."""
        at = np.minimum(np.searchsorted(self.keys, keys), max(len(self.keys) - 1, 0))
        found: np.ndarray = self.keys[at] == keys if len(self.keys) else np.zeros(len(keys), bool)
        return found

    def nearest(self, queries: Vectors, k: int) -> set[int]:
        """Keys of the `k` passages with the greatest cosine to each query [queries, dimension], all compared."""
        best = np.full((len(queries), 0), 0.0)
        rows = np.zeros((len(queries), 0), int)
        for i in range(0, len(self._rows), _BLOCK):
            block = self._rows[i : i + _BLOCK]
            cosines = queries @ self._vectors[block].astype(np.float32).T * self._scales[block]
            scores = np.hstack([best, cosines])
            candidates = np.hstack([rows, np.broadcast_to(np.arange(i, i + len(block)), (len(queries), len(block)))])
            keep = np.argpartition(-scores, min(k, scores.shape[1]) - 1, axis=1)[:, :k]
            best = np.take_along_axis(scores, keep, 1)
            rows = np.take_along_axis(candidates, keep, 1)
        return set(self.keys[rows.ravel()].tolist())


class Catalogue:
    """Facts and vectors of all passages, loaded when first needed and kept until the passages change."""

    def __init__(self, passages: PassageStore) -> None:
        self._passages = passages
        self._lock = threading.Lock()
        self._generation = -1
        self._keys = np.zeros(0, np.int64)
        self._vectors = np.zeros((0, 0), np.int8)
        self._scales = np.zeros(0, np.float32)
        self._days = np.zeros(0, np.int32)
        self._articles = np.zeros(0, np.int32)
        self._facts: list[Mapping[str, frozenset[str]]] = []

    def select(self, filters: Filters) -> Selected:
        """The passages whose articles pass `filters`."""
        self._loaded()
        passing = np.ones(len(self._keys), bool)
        if filters.since:
            passing &= self._days >= filters.since.toordinal()
        if filters.until:
            passing &= (self._days <= filters.until.toordinal()) & (self._days != UNDATED)
        for name in ("outlets", "languages", "countries", "topics"):
            if wanted := getattr(filters, name):
                articles = np.array([bool(facts[name] & wanted) for facts in self._facts], bool)
                passing &= articles[self._articles]
        rows = np.flatnonzero(passing)
        return Selected(self._keys[rows], len(rows) / max(len(self._keys), 1), rows, self._vectors, self._scales)

    def _loaded(self) -> Catalogue:
        with self._lock:
            generation = self._passages.generation()
            if generation != self._generation:
                self._load()
                self._generation = generation
        return self

    def _load(self) -> None:
        listed = self._passages.listed()
        keys = np.array([key for key, _ in listed], np.int64)
        old = np.isin(keys, self._keys, assume_unique=True)
        vectors, scales = _quantised(self._passages.vectors(keys[~old].tolist()))
        width = max(vectors.shape[1], self._vectors.shape[1])
        matrix, lengths = np.empty((len(keys), width), np.int8), np.empty(len(keys), np.float32)
        if old.any():
            kept = np.searchsorted(self._keys, keys[old])
            matrix[old], lengths[old] = self._vectors[kept], self._scales[kept]
        if not old.all():
            matrix[~old], lengths[~old] = vectors, scales
        articles = self._passages.article_facts()
        numbers = {article_id: i for i, (article_id, *_) in enumerate(articles)}
        self._articles = np.array([numbers[article_id] for _, article_id in listed], np.int32)
        days = np.array([published.toordinal() if published else UNDATED for _, published, *_ in articles], np.int32)
        self._days = days[self._articles] if len(articles) else np.zeros(0, np.int32)
        self._facts = [_facts(source, language, metadata) for _, _, source, language, metadata in articles]
        self._keys, self._vectors, self._scales = keys, matrix, lengths


def _quantised(vectors: Iterable[Vectors]) -> tuple[np.ndarray, np.ndarray]:
    """Batches of vectors as 8-bit numbers, and what each row is to be multiplied with to get it back."""
    rows, scales = [np.zeros((0, 0), np.int8)], [np.zeros(0, np.float32)]
    for batch in vectors:
        scale = np.maximum(np.abs(batch).max(axis=1), 1e-9) / _LEVELS
        rows.append(np.rint(batch / scale[:, None]).astype(np.int8))
        scales.append(scale)
    return np.vstack(rows[1:] or rows), np.concatenate(scales)


def _facts(source: str, language: str, metadata: str) -> dict[str, frozenset[str]]:
    values: dict[str, Any] = json.loads(metadata)
    return {
        "outlets": frozenset({folded(source)}),
        "languages": frozenset({folded(language)}),
        "countries": _values(values.get("country")),
        "topics": _values(values.get("topics", values.get("topic"))),
    }


def _values(value: Any) -> frozenset[str]:
    every = value if isinstance(value, list) else [] if value is None else [value]
    return frozenset(folded(v) for v in every if isinstance(v, str | int | float))
