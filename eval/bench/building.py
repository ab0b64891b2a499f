"""Puts synthetic news into a data folder: articles, passages, lexical index and vectors, as an ingest would."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from corpus.folder import FolderLock
from corpus.settings import Settings
from corpus.store import ArticleStore
from eval.bench.synthetic import BLOCK, PASSAGES_EACH, SyntheticArticle, SyntheticNews
from rag.fingerprint import index_fingerprint
from rag.index import Index
from rag.passage_store import IndexedPassage, passage_id

GENERATOR = 1  # raise it when what a seed gives changes, so that no older corpus is taken for it
_FILE = "build.json"

Progress = Callable[[int, int], None]
"""Called with the number of passages stored and of all."""


@dataclass(frozen=True)
class Build:
    """How far a synthetic corpus is built, and what that took.

    Attributes:
        blocks: blocks of articles stored.
        seconds: by part of the work.
    """

    blocks: int
    seconds: dict[str, float]

    @property
    def passages(self) -> int:
        """How many passages are stored."""
        return self.blocks * BLOCK * PASSAGES_EACH


def corpus_folder(root: Path, passages: int, seed: int, settings: Settings) -> Path:
    """The data folder of one synthetic corpus under `root`."""
    return root / f"synthetic{GENERATOR}-{passages}-{seed}-{index_fingerprint(settings)}"


def build(folder: Path, passages: int, seed: int, settings: Settings, progress: Progress = lambda *_: None) -> Build:
    """Build a corpus of at least `passages` passages, in whole blocks; goes on where it was cut off.

    Args:
        folder: a data folder that holds nothing else.
        passages: how many there shall be.
        seed: of the news.
        settings: what is in force; their model embeds the topics.
        progress: told after each block.

    Raises:
        BusyError: another process uses the folder.
        StoreError: the disk is full.
    """
    blocks = math.ceil(passages / (BLOCK * PASSAGES_EACH))
    done = _read(folder)
    if done.blocks >= blocks:
        return done
    own = settings.model_copy(update={"data": folder})
    with FolderLock(folder):
        store = ArticleStore.open(folder)
        index = Index(store, own)
        try:
            index.passages.set_fingerprint(index.fingerprint)
            news = SyntheticNews(index.embedding.embed, seed)
            seconds = dict(done.seconds)
            for number in range(done.blocks, blocks):
                with _timed(seconds, "making"):
                    articles = news.block(number)
                _store(index, articles, seconds)
                done = Build(number + 1, dict(seconds))
                _write(folder, done)
                progress(done.passages, blocks * BLOCK * PASSAGES_EACH)
        finally:
            index.close()
            store.close()
    return done


def _store(index: Index, articles: list[SyntheticArticle], seconds: dict[str, float]) -> None:
    with _timed(seconds, "articles"):
        index.store.upsert(made.article for made in articles)
        stored = [index.store.get(made.article.key) for made in articles]
    indexed = [
        [
            IndexedPassage(passage_id(article.article_id, article.version, passage), passage, vector, inside)
            for passage, vector, inside in zip(made.passages, made.vectors, made.sentence_vectors, strict=True)
        ]
        for article, made in zip(stored, articles, strict=True)
    ]
    flat = [passage for passages in indexed for passage in passages]
    with _timed(seconds, "vectors (Chroma)"):
        index.vectors.upsert([passage.passage_id for passage in flat], np.stack([passage.vector for passage in flat]))
    with _timed(seconds, "passages (SQLite)"):
        index.passages.add(zip(stored, indexed, strict=True), index.fingerprint)


def _read(folder: Path) -> Build:
    try:
        return Build(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Build(0, {})


def _write(folder: Path, done: Build) -> None:
    """Note what is done, whole or not at all; a block that isn't noted is stored again over itself."""
    new = folder / f"{_FILE}.new"
    new.write_text(json.dumps(asdict(done)), encoding="utf-8")
    new.replace(folder / _FILE)


@contextmanager
def _timed(seconds: dict[str, float], part: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[part] = seconds.get(part, 0.0) + time.perf_counter() - start
