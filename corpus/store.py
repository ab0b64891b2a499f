"""The article store: upsert by key, immutable versions, tombstones."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from corpus.articles import Article, Outlet, StoredArticle
from corpus.database import Database
from corpus.errors import NotFoundError

_VERSION_COLUMNS = """
    a.article_id, v.version, a.current_version, v.title, v.text, a.url, a.source, a.author, a.published,
    a.updated, a.language, a.metadata, v.ingested_at, a.removed_at"""
# Of a row `a` of articles: whether a flag on it or on its outlet keeps it out of answers.
HIDDEN = """(
    a.article_id IN (SELECT subject FROM flags WHERE scope = 'article' AND kind IN ('hidden', 'retracted'))
    OR casefold(a.source) IN (SELECT casefold(subject) FROM flags WHERE scope = 'outlet'))"""


class Change(StrEnum):
    """What an upsert did to the store."""

    ADDED = "added"
    NEW_VERSION = "new version"
    DETAILS = "details"  # the same words, but another date, address, outlet, author or metadata
    RESTORED = "restored"  # a removed article came back with the same words
    UNCHANGED = "unchanged"


class ArticleStore:
    """The articles of one data folder."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def open(cls, folder: Path) -> ArticleStore:
        """Open, and where needed create, the store in `folder` (see `Database` for the errors)."""
        return cls(Database(folder))

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def upsert(self, articles: Iterable[Article]) -> list[Change]:
        """Store `articles` in one transaction; one change for each, in order."""
        with self.database.transaction() as connection:
            return [_upsert(connection, article) for article in articles]

    def remove(self, article_id: str) -> None:
        """Put a tombstone on an article and take its passages out of the index.

        The words of its versions are kept, so that a citation given earlier still resolves.

        Raises:
            NotFoundError: there is no such article, or it is removed already.
        """
        with self.database.transaction() as connection:
            done = connection.execute(
                "UPDATE articles SET removed_at = ? WHERE article_id = ? AND removed_at IS NULL",
                (_now(), article_id),
            )
            if not done.rowcount:
                raise _no_article(article_id)
            drop_passages(connection, article_id)

    def get(self, article_id: str, version: int | None = None) -> StoredArticle:
        """The current version of an article, or the one asked for; removed articles included.

        Raises:
            NotFoundError: there is no such article or no such version of it.
        """
        with self.database.reading() as connection:
            row = connection.execute(
                f"SELECT {_VERSION_COLUMNS} FROM articles a JOIN versions v USING (article_id)"
                " WHERE article_id = ? AND v.version = coalesce(?, a.current_version)",
                (article_id, version),
            ).fetchone()
        if row is None:
            if version is not None:
                newest = self.get(article_id).current_version
                raise NotFoundError(
                    f"Article {article_id} has no version {version}.", f"Its versions are 1 to {newest}."
                )
            raise _no_article(article_id)
        return _stored(row)

    def find(
        self, *, search: str = "", source: str = "", hidden: bool = True, limit: int = 50, offset: int = 0
    ) -> list[StoredArticle]:
        """Articles that aren't removed, newest first, undated ones last.

        Args:
            search: only titles that contain this, ignoring case, and the article with this key or address.
            source: only this outlet.
            hidden: also those that a flag keeps out of answers.
            limit: most articles returned.
            offset: articles passed over first.
        """
        with self.database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_VERSION_COLUMNS} FROM articles a JOIN versions v"
                " ON v.article_id = a.article_id AND v.version = a.current_version"
                " WHERE a.removed_at IS NULL"
                " AND (?1 = '' OR instr(casefold(v.title), casefold(?1)) OR a.article_id = ?1 OR a.url = ?1)"
                f" AND (?2 = '' OR a.source = ?2) AND (?3 OR NOT {HIDDEN})"
                " ORDER BY a.published IS NULL, a.published DESC, a.article_id LIMIT ?4 OFFSET ?5",
                (search, source, hidden, limit, offset),
            )
            return [_stored(row) for row in rows]

    def current(self, *, hidden: bool = True) -> Iterator[StoredArticle]:
        """Every article that isn't removed, in its current version, by key; those that a flag hides if `hidden`."""
        with self.database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_VERSION_COLUMNS} FROM articles a JOIN versions v"
                " ON v.article_id = a.article_id AND v.version = a.current_version"
                f" WHERE a.removed_at IS NULL AND (? OR NOT {HIDDEN}) ORDER BY a.article_id",
                (hidden,),
            )
            for row in rows:
                yield _stored(row)

    def count(self) -> int:
        """How many articles aren't removed."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT count(*) FROM articles WHERE removed_at IS NULL").fetchone()
        return int(row[0])

    def dates(self) -> tuple[date, date] | None:
        """The first and the last publication day of articles neither removed nor hidden; None when none has one."""
        with self.database.reading() as connection:
            first, last = connection.execute(
                f"SELECT min(published), max(published) FROM articles a WHERE removed_at IS NULL AND NOT {HIDDEN}"
            ).fetchone()
        return (date.fromisoformat(first), date.fromisoformat(last)) if first else None

    def outlets(self) -> list[Outlet]:
        """The outlets of all articles that aren't removed, the one with the most articles first."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT source, count(*) AS n, max(published) AS newest FROM articles WHERE removed_at IS NULL"
                " GROUP BY source ORDER BY n DESC, source"
            )
            return [Outlet(row["source"], row["n"], _day(row["newest"])) for row in rows]


def drop_passages(connection: sqlite3.Connection, article_id: str) -> None:
    """Take an article's passages out of SQLite and note that Chroma still holds their vectors."""
    connection.execute(
        "INSERT OR IGNORE INTO stale_vectors SELECT passage_id FROM passages WHERE article_id = ?",
        (article_id,),
    )
    connection.execute(
        "DELETE FROM passages_fts WHERE rowid IN (SELECT passage_key FROM passages WHERE article_id = ?)",
        (article_id,),
    )
    connection.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM indexed WHERE article_id = ?", (article_id,))
    note_passages_changed(connection)


def note_passages_changed(connection: sqlite3.Connection) -> None:
    """Count a change to the passages, inside its transaction."""
    connection.execute("UPDATE facts SET value = value + 1 WHERE name = 'passages_generation'")


def _upsert(connection: sqlite3.Connection, article: Article) -> Change:
    key = article.key
    details = (
        article.url,
        article.source,
        article.author,
        article.published.isoformat()[:10] if article.published else None,  # a datetime is a date too
        article.updated.isoformat()[:10] if article.updated else None,
        article.language,
        json.dumps(article.metadata, ensure_ascii=False, sort_keys=True),
    )
    known = connection.execute(
        "SELECT a.current_version, a.removed_at, v.content_hash,"
        " a.url, a.source, a.author, a.published, a.updated, a.language, a.metadata"
        " FROM articles a JOIN versions v ON v.article_id = a.article_id AND v.version = a.current_version"
        " WHERE a.article_id = ?",
        (key,),
    ).fetchone()
    if known is None:
        connection.execute(
            "INSERT INTO articles (article_id, current_version, url, source, author, published, updated,"
            " language, metadata) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)",
            (key, *details),
        )
        _add_version(connection, key, 1, article)
        return Change.ADDED

    change = Change.UNCHANGED
    if tuple(known)[3:] != details:
        connection.execute(
            "UPDATE articles SET url = ?, source = ?, author = ?, published = ?, updated = ?, language = ?,"
            " metadata = ? WHERE article_id = ?",
            (*details, key),
        )
        note_passages_changed(connection)  # filters and hidden outlets go by them
        change = Change.DETAILS
    if known["removed_at"] is not None:
        connection.execute("UPDATE articles SET removed_at = NULL WHERE article_id = ?", (key,))
        change = Change.RESTORED
    if known["content_hash"] != article.content_hash:
        version = known["current_version"] + 1
        _add_version(connection, key, version, article)
        connection.execute("UPDATE articles SET current_version = ? WHERE article_id = ?", (version, key))
        change = Change.NEW_VERSION
    return change


def _add_version(connection: sqlite3.Connection, key: str, version: int, article: Article) -> None:
    connection.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)",
        (key, version, article.title, article.text, article.content_hash, _now()),
    )


def _stored(row: sqlite3.Row) -> StoredArticle:
    values = dict(row)
    values["metadata"] = json.loads(values["metadata"])
    values["published"], values["updated"] = _day(values["published"]), _day(values["updated"])
    return StoredArticle(**values)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _no_article(article_id: str) -> NotFoundError:
    return NotFoundError(f"There is no article {article_id}.", "`passage articles list` shows what there is.")
