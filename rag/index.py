"""Keeps the passages in SQLite and the vectors in Chroma in step with the articles.

Chroma may hold more than SQLite says, never less: vectors are written first (their ids are deterministic), then
the passages are committed, then stale vectors are deleted. Wherever a run is cut off, the next one completes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from corpus.articles import StoredArticle
from corpus.errors import IndexMismatchError, SettingsError
from corpus.settings import Settings
from corpus.store import ArticleStore
from rag.embedding import SentenceTransformerEmbedding, shared_embedding
from rag.fingerprint import index_fingerprint
from rag.passage_store import IndexedPassage, PassageStore, passage_id
from rag.passages import split_passages
from rag.vectors import IndexIdentity, VectorIndex

BATCH_ARTICLES = 64  # a commit every few seconds; enough passages to sort by length
SPECIAL_PIECES = 2  # [CLS] and [SEP]
MAX_HEADER_CHARS = 200  # a headline; more is a defect of the source and would crowd out the passage

Progress = Callable[[int, int], None]
"""Called with the number of articles done and of all."""


@dataclass
class SyncReport:
    """What a sync did."""

    articles: int = 0
    passages: int = 0
    pieces: int = 0
    deleted: int = 0


@dataclass
class Diagnosis:
    """What `doctor` found; empty lists and zeros when store and index agree.

    Attributes:
        pending: articles whose current version isn't indexed.
        missing: passages without a vector in Chroma.
        orphaned: vectors in Chroma whose passage SQLite doesn't know.
        stale: vectors known to be due for deletion.
        lexical: passages without a lexical entry, and entries without a passage.
        mismatch: why the index doesn't fit the settings, or "".
    """

    pending: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    lexical: int = 0
    mismatch: str = ""

    @property
    def healthy(self) -> bool:
        """Whether nothing needs repair."""
        return not (self.pending or self.missing or self.orphaned or self.stale or self.lexical or self.mismatch)


class Index:
    """The index of one data folder. The caller owns the folder (`FolderLock`) while Chroma is embedded."""

    def __init__(self, store: ArticleStore, settings: Settings) -> None:
        self.settings = settings
        self.store = store
        self.passages = PassageStore(store.database)
        self._folder: Path = store.database.path.parent

    @cached_property
    def fingerprint(self) -> str:
        """Of the model and the way articles are split; needs no loading of the model."""
        return index_fingerprint(self.settings)

    @cached_property
    def embedding(self) -> SentenceTransformerEmbedding:
        """The embedding model, loaded when first needed."""
        model = shared_embedding(self.settings.embedding_model, self.settings.embedding_precision)
        if self.settings.passage_pieces + SPECIAL_PIECES > model.window:
            raise SettingsError(
                f"passage_pieces is {self.settings.passage_pieces}, but {self.settings.embedding_model} sees only "
                f"{model.window - SPECIAL_PIECES} word pieces.",
                "Lower passage_pieces, and leave some room for the headline.",
            )
        return model

    @cached_property
    def vectors(self) -> VectorIndex:
        """The opened Chroma collection."""
        vectors = VectorIndex(self.settings, self._folder)
        vectors.open(self._identity())
        return vectors

    def close(self) -> None:
        """Release Chroma, if it was opened."""
        if "vectors" in self.__dict__:
            self.vectors.close()

    def check(self) -> None:
        """Make sure that questions can be asked: the index fits the settings, and Chroma holds what it should.

        Raises:
            IndexMismatchError: says what is wrong and which command mends it.
        """
        self._check_fingerprint()
        if not self.passages.has_current_terms():
            raise IndexMismatchError(
                "The lexical index was made by another version of Passage.",
                "Run `passage index`: it is made anew from the articles, without embedding them again.",
            )
        passages = self.passages.count()
        if passages and self.vectors.count() < passages:
            raise IndexMismatchError(
                f"The vector index holds {self.vectors.count()} vectors for {passages} passages.",
                "Run `passage doctor --repair`: it makes the missing ones again.",
            )

    def sync(self, progress: Progress | None = None) -> SyncReport:
        """Embed what is new or changed and delete what is stale; does nothing, quickly, when all is in step.

        Raises:
            IndexMismatchError: the index was built with another model or passage size.
        """
        self._check_fingerprint()
        if not self.passages.has_current_terms():
            self.passages.renew_terms()
        report = SyncReport()
        pending = self.passages.pending(self.fingerprint)
        if pending:
            vectors = self.vectors  # refuses a foreign collection before anything is written
            self.passages.set_fingerprint(self.fingerprint)
            for i in range(0, len(pending), BATCH_ARTICLES):
                batch = [self.store.get(key) for key in pending[i : i + BATCH_ARTICLES]]
                indexed = self._embed(batch, report)
                flat = [passage for passages in indexed for passage in passages]
                if flat:
                    vectors.upsert([p.passage_id for p in flat], np.stack([p.vector for p in flat]))
                self.passages.add(zip(batch, indexed, strict=True), self.fingerprint)
                report.articles += len(batch)
                report.passages += len(flat)
                if progress:
                    progress(report.articles, len(pending))
        report.deleted = self._delete_stale()
        return report

    def rebuild(self, progress: Progress | None = None) -> SyncReport:
        """Make the whole index anew from the articles, with the settings in force."""
        VectorIndex(self.settings, self._folder).drop()
        self.__dict__.pop("vectors", None)
        self.passages.drop_all()
        return self.sync(progress)

    def diagnose(self) -> Diagnosis:
        """Compare articles, passages, lexical index and vectors."""
        diagnosis = Diagnosis(
            pending=self.passages.pending(self.fingerprint),
            stale=self.passages.stale(),
            lexical=self.passages.lexical_gaps(),
        )
        known = self.passages.article_of()
        try:
            self._check_fingerprint()
            held = self.vectors.ids() if known else self._ids_if_any()
        except IndexMismatchError as error:
            diagnosis.mismatch = str(error)
            return diagnosis
        stale = set(diagnosis.stale)
        diagnosis.stale = sorted(stale & held)
        diagnosis.missing = sorted(known.keys() - held)
        diagnosis.orphaned = sorted(held - known.keys() - stale)
        return diagnosis

    def repair(self, progress: Progress | None = None) -> SyncReport:
        """Mend whatever `diagnose` finds; what can't be mended piece by piece is rebuilt."""
        diagnosis = self.diagnose()
        if diagnosis.mismatch or diagnosis.lexical:
            return self.rebuild(progress)
        article_of = self.passages.article_of()
        self.passages.drop({article_of[i] for i in diagnosis.missing})
        if diagnosis.orphaned:
            self.vectors.delete(diagnosis.orphaned)
        report = self.sync(progress)
        report.deleted += len(diagnosis.orphaned)
        return report

    def _check_fingerprint(self) -> None:
        built = self.passages.fingerprint()
        if built is not None and built != self.fingerprint:
            raise IndexMismatchError(
                "The index was built with another embedding model or passage size "
                f"(fingerprint {built}; the settings now give {self.fingerprint}).",
                "Run `passage index --rebuild` to embed all articles anew, or restore the former settings.",
            )

    def _identity(self) -> IndexIdentity:
        return IndexIdentity(
            store_id=self.passages.store_id(),
            fingerprint=self.fingerprint,
            model=self.settings.embedding_model,
            dimension=self.embedding.dimension,
        )

    def _ids_if_any(self) -> set[str]:
        vectors = VectorIndex(self.settings, self._folder)
        return set() if vectors.identity() is None else self.vectors.ids()

    def _embed(self, articles: list[StoredArticle], report: SyncReport) -> list[list[IndexedPassage]]:
        model = self.embedding
        split = [split_passages(a.text, model.piece_offsets, self.settings.passage_pieces) for a in articles]
        texts, spans = [], []
        for article, passages in zip(articles, split, strict=True):
            header = f"{article.title[:MAX_HEADER_CHARS]}\n" if article.title else ""
            for passage in passages:
                texts.append(header + article.text[passage.start : passage.end])
                shift = len(header) - passage.start
                spans.append([(start + shift, end + shift) for start, end in passage.sentences])
        vectors, sentence_vectors = model.embed_with_sentences(texts, spans)
        rows = iter(zip(vectors, sentence_vectors, strict=True))
        indexed = []
        for article, passages in zip(articles, split, strict=True):
            indexed.append(
                [
                    IndexedPassage(passage_id(article.article_id, article.version, passage), passage, *next(rows))
                    for passage in passages
                ]
            )
        return indexed

    def _delete_stale(self) -> int:
        stale = self.passages.stale()
        if stale:
            self.vectors.delete(stale)
            self.passages.forget_stale(stale)
        return len(stale)
