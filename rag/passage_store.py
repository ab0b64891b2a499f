"""The passages in SQLite: their places, their sentences' vectors and the lexical index."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from corpus.articles import StoredArticle
from corpus.database import Database
from corpus.flags import Flags
from corpus.store import HIDDEN, drop_passages, note_passages_changed
from rag.lexical import TERMS, Statistics, index_terms, pack
from rag.passages import Passage, Span, Vectors
from rag.spelling import Vocabulary, most_written

T = TypeVar("T")
_FINGERPRINT, _TERMS = "index_fingerprint", "index_terms"
COMMON_TOGETHER = 3  # terms that a passage must hold when each alone is too common to go through
_LOOKED_UP = 10  # passages that tell how a word is written
_CHUNK = 500  # values in one IN (…): SQLite's oldest limit is 999


@dataclass(frozen=True)
class IndexedPassage:
    """A passage with its vectors, ready to be stored. `sentence_vectors` is [sentences, dimension]."""

    passage_id: str
    passage: Passage
    vector: Vectors
    sentence_vectors: Vectors


@dataclass(frozen=True)
class StoredPassage:
    """A passage as it is read back for an answer.

    Attributes:
        text: the passage's words, `article_text[start:end]`.
        sentences: offsets of its sentences in the article version's text.
        sentence_vectors: float32 [sentences, dimension].
        current_version: greater than `version` when the article has changed since it was indexed.
    """

    passage_id: str
    article_id: str
    version: int
    current_version: int
    start: int
    end: int
    text: str
    title: str
    source: str
    url: str | None
    published: date | None
    language: str
    sentences: tuple[Span, ...]
    sentence_vectors: Vectors


def passage_id(article_id: str, version: int, passage: Passage) -> str:
    """The id that a passage has in SQLite and in Chroma; the same text always gives the same."""
    return f"{article_id}:{version}:{passage.start}-{passage.end}"


class PassageStore:
    """Passages of one data folder."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.flags = Flags(database)
        self._statistics: tuple[int, Statistics] | None = None
        self._vocabulary: tuple[Statistics, Vocabulary] | None = None
        self._dates: tuple[tuple[int, int], tuple[date, date] | None] | None = None

    def store_id(self) -> str:
        """The data folder's lasting identity."""
        return self._fact("store_id") or ""

    def fingerprint(self) -> str | None:
        """What the index was built with, or None when it is empty."""
        return self._fact(_FINGERPRINT)

    def set_fingerprint(self, fingerprint: str) -> None:
        """Record what the index is built with from now on."""
        with self._database.transaction() as connection:
            facts = [(_FINGERPRINT, fingerprint), (_TERMS, TERMS)]
            connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts)

    def in_step(self, fingerprint: str) -> bool:
        """Whether a sync with this fingerprint would have nothing to do."""
        same = self.fingerprint() in (None, fingerprint) and self.has_current_terms()
        return same and not self.pending(fingerprint) and not self.stale()

    def has_current_terms(self) -> bool:
        """Whether the lexical index was made by this version's `index_terms`."""
        return self._fact(_TERMS) == TERMS or self.fingerprint() is None

    def renew_terms(self) -> None:
        """Make the lexical index anew from the articles; the vectors stay."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM passages_fts")
            rows = connection.execute(
                'SELECT passage_key, title, substr(text, "start" + 1, "end" - "start")'
                " FROM passages JOIN versions USING (article_id, version)"
            )
            for key, title, text in rows.fetchall():
                terms = index_terms(f"{title}\n{text}")
                connection.execute("UPDATE passages SET terms = ? WHERE passage_key = ?", (pack(terms), key))
                connection.execute("INSERT INTO passages_fts (rowid, terms) VALUES (?, ?)", (key, " ".join(terms)))
            connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (_TERMS, TERMS))
            note_passages_changed(connection)

    def pending(self, fingerprint: str) -> list[str]:
        """Keys of the articles whose current version isn't indexed."""
        rows = self._rows(
            "SELECT article_id FROM articles LEFT JOIN indexed i USING (article_id) WHERE removed_at IS NULL"
            " AND (i.version IS NULL OR i.version != current_version OR i.fingerprint != ?) ORDER BY article_id",
            (fingerprint,),
        )
        return [row[0] for row in rows]

    def add(self, indexed: Iterable[tuple[StoredArticle, Sequence[IndexedPassage]]], fingerprint: str) -> None:
        """Replace the passages of some articles in one transaction.

        An article that got another version or was removed meanwhile is passed over: its vectors, already
        written, become stale, and the next sync embeds what is current.
        """
        with self._database.transaction() as connection:
            for article, passages in indexed:
                row = connection.execute(
                    "SELECT current_version, removed_at FROM articles WHERE article_id = ?",
                    (article.article_id,),
                ).fetchone()
                if row["removed_at"] is not None or row["current_version"] != article.version:
                    connection.executemany(
                        "INSERT OR IGNORE INTO stale_vectors VALUES (?)", [(p.passage_id,) for p in passages]
                    )
                    continue
                drop_passages(connection, article.article_id)
                for passage in passages:
                    _insert(connection, article, passage)
                connection.execute(
                    "INSERT INTO indexed VALUES (?, ?, ?)", (article.article_id, article.version, fingerprint)
                )
            note_passages_changed(connection)

    def drop(self, article_ids: Iterable[str]) -> None:
        """Forget the passages of some articles, so that the next sync makes them again."""
        with self._database.transaction() as connection:
            for article_id in article_ids:
                drop_passages(connection, article_id)

    def drop_all(self) -> None:
        """Forget every passage; the articles stay."""
        with self._database.transaction() as connection:
            for table in ("passages", "passages_fts", "indexed", "stale_vectors"):
                connection.execute(f"DELETE FROM {table}")
            connection.execute("DELETE FROM facts WHERE name = ?", (_FINGERPRINT,))
            note_passages_changed(connection)

    def stale(self) -> list[str]:
        """Ids of vectors that Chroma may hold and SQLite no longer knows."""
        rows = self._rows("SELECT passage_id FROM stale_vectors ORDER BY passage_id")
        return [row[0] for row in rows]

    def forget_stale(self, ids: Sequence[str]) -> None:
        """Note that these vectors are deleted."""
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM stale_vectors WHERE passage_id = ?", [(i,) for i in ids])

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything that this thread reads inside is of one moment."""
        return self._database.snapshot()

    def generation(self) -> int:
        """A number that grows with every change to the passages."""
        return int(self._fact("passages_generation") or 0)

    def count(self) -> int:
        """How many passages there are."""
        return self.statistics().passages

    def statistics(self) -> Statistics:
        """Of all passages; kept until they change."""
        generation = self.generation()
        if self._statistics is None or self._statistics[0] != generation:
            passages = int(self._rows("SELECT count(*) FROM passages")[0][0])
            rows = self._rows("SELECT term, doc, cnt FROM passages_vocabulary")
            terms = sum(row[2] for row in rows)
            frequencies = {row[0]: row[1] for row in rows}
            self._statistics = (
                generation,
                Statistics(passages, terms / max(passages, 1), frequencies),
            )
        return self._statistics[1]

    def article_of(self) -> dict[str, str]:
        """Every passage id with its article's key."""
        return {row[0]: row[1] for row in self._rows("SELECT passage_id, article_id FROM passages")}

    def lexical_gaps(self) -> int:
        """How many passages and lexical entries have no counterpart."""
        rows = self._rows(
            "SELECT (SELECT count(*) FROM passages WHERE passage_key NOT IN (SELECT rowid FROM passages_fts))"
            " + (SELECT count(*) FROM passages_fts WHERE rowid NOT IN (SELECT passage_key FROM passages))"
        )
        return int(rows[0][0])

    def keys(self, ids: Iterable[str]) -> dict[str, int]:
        """The keys of those passages that are known, by id."""
        found: dict[str, int] = {}
        for some in _chunks(list(ids)):
            rows = self._rows(
                f"SELECT passage_id, passage_key FROM passages WHERE passage_id IN ({_marks(some)})", some
            )
            found |= {row[0]: row[1] for row in rows}
        return found

    def dates(self) -> tuple[date, date] | None:
        """The first and the last publication day of all indexed articles that aren't hidden, if any has one."""
        state = (self.generation(), self.flags.generation())
        if self._dates is None or self._dates[0] != state:
            self._dates = (state, self._publication_days())
        return self._dates[1]

    def listed(self) -> list[tuple[int, str]]:
        """Every passage key with its article's key, by passage key."""
        rows = self._rows("SELECT passage_key, article_id FROM passages ORDER BY passage_key")
        return [(row[0], row[1]) for row in rows]

    def article_facts(self) -> list[tuple[str, date | None, str, str, str]]:
        """Of every article that has passages: its key, publication day, outlet, language and metadata in JSON."""
        rows = self._rows(
            "SELECT article_id, published, source, language, metadata FROM articles"
            " WHERE article_id IN (SELECT article_id FROM passages)"
        )
        return [(row[0], date.fromisoformat(row[1]) if row[1] else None, row[2], row[3], row[4]) for row in rows]

    def vectors(self, keys: Sequence[int]) -> Iterator[tuple[np.ndarray, Vectors]]:
        """Keys and vectors of passages in the order of their ascending `keys`, batch by batch, [batch, dimension]."""
        for some in _chunks(list(keys)):
            rows = self._rows(
                "SELECT passage_key, vector FROM passages"
                f" WHERE passage_key IN ({_marks(some)}) ORDER BY passage_key",
                some,
            )
            yield np.array([row[0] for row in rows]), _unpack(b"".join(row[1] for row in rows)).reshape(len(rows), -1)

    def scoring(self, keys: Iterable[int]) -> tuple[list[int], Vectors, list[bytes], np.ndarray]:
        """What a score needs: keys in a fixed order, vectors [keys, dimension], packed terms, which begin an article.

        Keys that are no longer known are left out.
        """
        found: list[sqlite3.Row] = []
        for some in _chunks(sorted(keys)):
            found += self._rows(
                'SELECT passage_key, vector, terms, "start" = 0 FROM passages'
                f" WHERE passage_key IN ({_marks(some)}) ORDER BY passage_key",
                some,
            )
        vectors = _unpack(b"".join(row[1] for row in found)).reshape(len(found), -1) if found else _unpack(b"")
        begins = np.array([row[3] for row in found], bool)
        return [row[0] for row in found], vectors, [row[2] for row in found], begins

    def load(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages with words, sentences and bibliographic facts, by key."""
        rows = self._rows(
            'SELECT p.*, substr(v.text, p."start" + 1, p."end" - p."start") AS text, v.title, a.source, a.url,'
            " a.published, a.language, a.current_version"
            " FROM passages p JOIN versions v USING (article_id, version) JOIN articles a USING (article_id)"
            f" WHERE passage_key IN ({_marks(keys)})",
            list(keys),
        )
        return {row["passage_key"]: _stored(row) for row in rows}

    def match(self, terms: Sequence[str], most: int) -> list[int]:
        """Keys of passages that hold any of a query's terms, best first by BM25.

        Terms are taken from the rarest on, as long as together they occur in no more than `most` passages: what
        holds only common ones would rank low anyway, and counting it takes most of the time (the idea of MaxScore,
        Turtle and Flood 1995). If even the rarest is too common, passages with several terms are taken, the newest.
        """
        frequencies = self.statistics().frequencies
        known = sorted((frequencies[term], term) for term in terms if term in frequencies)
        if not known:
            return []
        totals = itertools.accumulate(found for found, _ in known)
        rare = [term for (_, term), total in zip(known, totals, strict=True) if total <= most]
        if rare:
            expression, order = " OR ".join(map(_quoted, rare)), "rank"
        else:
            expression = " AND ".join(_quoted(term) for _, term in known[:COMMON_TOGETHER])
            order = "rowid DESC"
        rows = self._rows(
            f"SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? ORDER BY {order} LIMIT ?", (expression, most)
        )
        return [row[0] for row in rows]

    def vocabulary(self) -> Vocabulary:
        """The words that the passages hold; kept until they change."""
        statistics = self.statistics()
        if self._vocabulary is None or self._vocabulary[0] is not statistics:
            self._vocabulary = statistics, Vocabulary(statistics.frequencies, self.written)
        return self._vocabulary[1]

    def written(self, term: str) -> str:
        """How some passages that hold `term` mostly write it; "" where none is found."""
        rows = self._rows(
            """SELECT v.title || char(10) || substr(v.text, p."start" + 1, p."end" - p."start")"""
            " FROM passages_fts f JOIN passages p ON p.passage_key = f.rowid"
            " JOIN versions v USING (article_id, version) WHERE passages_fts MATCH ? LIMIT ?",
            (_quoted(term), _LOOKED_UP),
        )
        return most_written(term, (row[0] for row in rows))

    def _publication_days(self) -> tuple[date, date] | None:
        first, last = self._rows(
            "SELECT min(published), max(published) FROM articles a JOIN indexed USING (article_id)"
            f" WHERE NOT {HIDDEN}"
        )[0]
        return (date.fromisoformat(first), date.fromisoformat(last)) if first else None

    def _fact(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._database.reading() as connection:
            return connection.execute(query, values).fetchall()


def _insert(connection: sqlite3.Connection, article: StoredArticle, indexed: IndexedPassage) -> None:
    passage = indexed.passage
    terms = index_terms(f"{article.title}\n{article.text[passage.start : passage.end]}")
    done = connection.execute(
        'INSERT INTO passages (passage_id, article_id, version, "start", "end", sentences, vector,'
        " sentence_vectors, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            indexed.passage_id,
            article.article_id,
            article.version,
            passage.start,
            passage.end,
            np.array(passage.sentences, dtype="<i4").tobytes(),
            _pack(indexed.vector),
            _pack(indexed.sentence_vectors),
            pack(terms),
        ),
    )
    connection.execute("INSERT INTO passages_fts (rowid, terms) VALUES (?, ?)", (done.lastrowid, " ".join(terms)))
    connection.execute("DELETE FROM stale_vectors WHERE passage_id = ?", (indexed.passage_id,))


def _stored(row: sqlite3.Row) -> StoredPassage:
    spans = np.frombuffer(row["sentences"], dtype="<i4").reshape(-1, 2)
    return StoredPassage(
        passage_id=row["passage_id"],
        article_id=row["article_id"],
        version=row["version"],
        current_version=row["current_version"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        title=row["title"],
        source=row["source"],
        url=row["url"],
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        language=row["language"],
        sentences=tuple((int(start), int(end)) for start, end in spans),
        sentence_vectors=_unpack(row["sentence_vectors"]).reshape(len(spans), -1),
    )


def _pack(vectors: Vectors) -> bytes:
    """Half precision halves the file and moves a cosine by less than 0.001."""
    return vectors.astype("<f2").tobytes()


def _unpack(data: bytes) -> Vectors:
    return np.frombuffer(data, dtype="<f2").astype(np.float32)


def _quoted(term: str) -> str:
    return f'"{term}"'


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _chunks(values: list[T]) -> Iterable[list[T]]:
    return (values[i : i + _CHUNK] for i in range(0, len(values), _CHUNK))
