"""The schema of the data folder's SQLite file, as a numbered list of steps that only ever grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: list[Migration] = []


def migration(step: Migration) -> Migration:
    """Append `step` to the list; its name is what the database remembers."""
    MIGRATIONS.append(step)
    return step


@migration
def m001_articles(connection: sqlite3.Connection) -> None:
    """Articles with their bibliographic facts, and the immutable versions of their words."""
    connection.execute("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    connection.execute("INSERT INTO facts VALUES ('store_id', lower(hex(randomblob(8))))")
    connection.execute(
        """CREATE TABLE articles (
            article_id TEXT PRIMARY KEY,
            current_version INTEGER NOT NULL,
            url TEXT, source TEXT NOT NULL, author TEXT NOT NULL, published TEXT, updated TEXT,
            language TEXT NOT NULL, metadata TEXT NOT NULL,
            removed_at TEXT
        )"""
    )
    connection.execute("CREATE INDEX articles_by_date ON articles (published)")
    connection.execute(
        """CREATE TABLE versions (
            article_id TEXT NOT NULL REFERENCES articles, version INTEGER NOT NULL,
            title TEXT NOT NULL, text TEXT NOT NULL, content_hash TEXT NOT NULL, ingested_at TEXT NOT NULL,
            PRIMARY KEY (article_id, version)
        )"""
    )


@migration
def m002_passages(connection: sqlite3.Connection) -> None:
    """Passages of the current versions, the lexical index over them, and what the vector index still owes.

    `sentences` holds 32-bit offset pairs; `vector` and `sentence_vectors` 16-bit floats, so that hits of either
    search can be scored, and sentences ranked, without asking Chroma or the model again.

    `indexed` says which version of an article has its passages here and its vectors in Chroma, by the
    fingerprint of what made them; an article without a matching row is pending. `stale_vectors` are ids that
    Chroma may still hold and SQLite no longer knows.
    """
    connection.execute(
        """CREATE TABLE passages (
            passage_key INTEGER PRIMARY KEY,
            passage_id TEXT NOT NULL UNIQUE,
            article_id TEXT NOT NULL REFERENCES articles, version INTEGER NOT NULL,
            "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
            sentences BLOB NOT NULL, vector BLOB NOT NULL, sentence_vectors BLOB NOT NULL
        )"""
    )
    connection.execute("CREATE INDEX passages_by_article ON passages (article_id)")
    connection.execute(
        """CREATE VIRTUAL TABLE passages_fts USING fts5(
            title, body, tokenize = "porter unicode61 remove_diacritics 2"
        )"""
    )
    connection.execute("CREATE VIRTUAL TABLE passages_vocabulary USING fts5vocab(passages_fts, row)")
    connection.execute(
        """CREATE TABLE indexed (
            article_id TEXT PRIMARY KEY REFERENCES articles, version INTEGER NOT NULL, fingerprint TEXT NOT NULL
        ) WITHOUT ROWID"""
    )
    connection.execute("CREATE TABLE stale_vectors (passage_id TEXT PRIMARY KEY) WITHOUT ROWID")


@migration
def m003_terms(connection: sqlite3.Connection) -> None:
    """The lexical index over terms of our own, whose counts each passage keeps so that any passage can be scored.

    Passages are made anew by the next sync. A `passage_key` is never used again, and `passages_generation` counts
    the changes to them, so that what is kept in memory knows when it is out of date.
    """
    connection.execute("DROP TABLE passages_vocabulary")
    connection.execute("DROP TABLE passages_fts")
    connection.execute("INSERT OR IGNORE INTO stale_vectors SELECT passage_id FROM passages")
    connection.execute("DROP TABLE passages")
    connection.execute("DELETE FROM indexed")
    connection.execute(
        """CREATE TABLE passages (
            passage_key INTEGER PRIMARY KEY AUTOINCREMENT,
            passage_id TEXT NOT NULL UNIQUE,
            article_id TEXT NOT NULL REFERENCES articles, version INTEGER NOT NULL,
            "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
            sentences BLOB NOT NULL, vector BLOB NOT NULL, sentence_vectors BLOB NOT NULL, terms BLOB NOT NULL
        )"""
    )
    connection.execute("CREATE INDEX passages_by_article ON passages (article_id)")
    connection.execute(
        """CREATE VIRTUAL TABLE passages_fts USING fts5(
            terms, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'"
        )"""
    )
    connection.execute("CREATE VIRTUAL TABLE passages_vocabulary USING fts5vocab(passages_fts, row)")
    connection.execute("INSERT INTO facts VALUES ('passages_generation', '0')")


@migration
def m004_flags(connection: sqlite3.Connection) -> None:
    """What staff say about articles and outlets: not to be answered from, corrected, retracted.

    `subject` is the article's id, or the outlet's name, as `scope` says. `kind` is "hidden", "corrected" or
    "retracted"; of an outlet only "hidden".
    """
    connection.execute(
        """CREATE TABLE flags (
            scope TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL,
            note TEXT NOT NULL, flagged_at TEXT NOT NULL, flagged_by TEXT NOT NULL,
            PRIMARY KEY (scope, subject, kind)
        ) WITHOUT ROWID"""
    )
