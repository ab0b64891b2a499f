"""Every passage's date, outlet, language and vector in memory, for filters.

Chroma's own metadata filter takes 100 ms over 100,000 vectors. Here the passages that pass are found by array
operations; few are then compared one by one, many are left to Chroma, whose answer is thinned out.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
        others: how many passages don't pass.
    """

    keys: np.ndarray
    others: int
    _rows: np.ndarray
    _vectors: np.ndarray
    _scales: np.ndarray

    @property
    def share(self) -> float:
        """Of all passages, in [0, 1]."""
        return len(self.keys) / max(len(self.keys) + self.others, 1)

    def holds(self, keys: np.ndarray) -> np.ndarray:
        """Which of `keys` are among them, as booleans."""
        at = np.minimum(np.searchsorted(self.keys, keys), max(len(self.keys) - 1, 0))
        found: np.ndarray = self.keys[at] == keys if len(self.keys) else np.zeros(len(keys), bool)
        return found

    def nearest(self, queries: Vectors, k: int) -> set[int]:
        """Keys of the `k` passages with the greatest cosine to each query [queries, dimension], all compared."""
        return set(best_keys(self._scored(queries), k, len(queries)).ravel().tolist())

    def _scored(self, queries: Vectors) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for i in range(0, len(self._rows), _BLOCK):
            rows = self._rows[i : i + _BLOCK]
            yield self.keys[i : i + _BLOCK], queries @ self._vectors[rows].astype(np.float32).T * self._scales[rows]


def best_keys(scored: Iterable[tuple[np.ndarray, np.ndarray]], k: int, queries: int) -> np.ndarray:
    """Keys of the `k` passages that score best for each query, or of all, [queries, k], in no order.

    Args:
        scored: keys [block] and their scores [queries, block]; only one block is held at a time.
        k: how many.
        queries: how many queries were scored.
    """
    best, keys = np.zeros((queries, 0), np.float32), np.zeros((queries, 0), np.int64)
    for held, scores in scored:
        best = np.hstack([best, scores])
        keys = np.hstack([keys, np.broadcast_to(held, scores.shape)])
        kept = np.argpartition(-best, min(k, best.shape[1]) - 1, axis=1)[:, :k]
        best, keys = np.take_along_axis(best, kept, 1), np.take_along_axis(keys, kept, 1)
    return keys


@dataclass(frozen=True)
class _Contents:
    """What the catalogue holds: arrays in the order of `keys`, which ascend, and the facts of each article.

    Attributes:
        generation: of the passages.
        articles: for each passage, the position of its article in `facts` and `ids`.
        flags: their generation.
        shown: whether no flag keeps the passage out of answers.
    """

    generation: int = -1
    keys: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    vectors: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.int8))
    scales: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    days: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    articles: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    facts: Sequence[Mapping[str, frozenset[str]]] = ()
    ids: Sequence[str] = ()
    flags: int = -1
    shown: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))


class Catalogue:
    """Facts and vectors of all passages, loaded when first needed and kept until passages or flags change."""

    def __init__(self, passages: PassageStore) -> None:
        self._passages = passages
        self._lock = threading.Lock()
        self._contents = _Contents()

    def select(self, filters: Filters) -> Selected:
        """The passages whose articles pass `filters` and aren't hidden."""
        held = self._current()
        passing = held.shown.copy()
        if filters.since:
            passing &= held.days >= filters.since.toordinal()
        if filters.until:
            passing &= (held.days <= filters.until.toordinal()) & (held.days != UNDATED)
        for name in ("outlets", "languages", "countries", "topics"):
            if wanted := getattr(filters, name):
                articles = np.array([bool(facts[name] & wanted) for facts in held.facts], bool)
                passing &= articles[held.articles]
        rows = np.flatnonzero(passing)
        return Selected(held.keys[rows], len(held.keys) - len(rows), rows, held.vectors, held.scales)

    def _current(self) -> _Contents:
        """The contents as the passages are now; another thread's question keeps those that it began with."""
        with self._lock:
            generation, flags = self._passages.generation(), self._passages.flags.generation()
            if generation != self._contents.generation:
                with self._passages.snapshot():  # another process may be indexing
                    self._contents = self._loaded(self._contents)
            if flags != self._contents.flags:
                self._contents = self._with_flags(self._contents, flags)
            return self._contents

    def _loaded(self, before: _Contents) -> _Contents:
        generation = self._passages.generation()
        listed = self._passages.listed()
        keys = np.array([key for key, _ in listed], np.int64)
        old = np.isin(keys, before.keys, assume_unique=True)
        vectors, scales = _quantised(batch for _, batch in self._passages.vectors(keys[~old].tolist()))
        width = max(vectors.shape[1], before.vectors.shape[1])
        matrix, lengths = np.empty((len(keys), width), np.int8), np.empty(len(keys), np.float32)
        if old.any():
            kept = np.searchsorted(before.keys, keys[old])
            matrix[old], lengths[old] = before.vectors[kept], before.scales[kept]
        if not old.all():
            matrix[~old], lengths[~old] = vectors, scales
        articles = self._passages.article_facts()
        ids = [article_id for article_id, *_ in articles]
        numbers = {article_id: i for i, article_id in enumerate(ids)}
        owners = np.array([numbers[article_id] for _, article_id in listed], np.int32)
        days = np.array([day.toordinal() if day else UNDATED for _, day, *_ in articles], np.int32)
        facts = [_facts(source, language, metadata) for _, _, source, language, metadata in articles]
        return _Contents(generation, keys, matrix, lengths, days[owners], owners, facts, ids)

    def _with_flags(self, held: _Contents, flags: int) -> _Contents:
        hidden = self._passages.flags.hidden_articles()
        shown = np.array([article_id not in hidden for article_id in held.ids], bool)
        return replace(held, flags=flags, shown=shown[held.articles])


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
