"""A SQLite file of the data folder: opened in WAL mode, migrated, with short transactions."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.errors import BusyError, StoreError
from corpus.migrations import MIGRATIONS, Migration

FILE_NAME = "passage.sqlite"
_BUSY_TIMEOUT_S = 15.0  # longer than any transaction here: a batch of an ingest takes well under a second


class Database:
    """Connections to one SQLite file, one for each thread that asks.

    Readers see the last committed state (WAL), so none ever sees half an article.
    """

    def __init__(
        self,
        folder: Path,
        name: str = FILE_NAME,
        migrations: Sequence[Migration] | None = None,
        *,
        overwrite_deleted: bool = False,
    ) -> None:
        """Open (and where needed create and migrate) a database in `folder`.

        Args:
            folder: the data folder.
            name: of the file; by default the articles'.
            migrations: the steps of its schema; by default the articles'.
            overwrite_deleted: whether what is deleted is overwritten in the file, not only marked as free.

        Raises:
            StoreError: the folder or the file can't be used, or a newer Passage made it.
        """
        self.path = folder / name
        self._migrations = MIGRATIONS if migrations is None else migrations
        self._overwrite_deleted = overwrite_deleted
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._closing = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The data folder {folder} can't be created: {error.strerror}.") from None
        try:
            with explained(self.path):
                self._migrate()
        except BaseException:
            self.close()
            raise

    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            with explained(self.path):
                connection = sqlite3.connect(
                    self.path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
                )
                with self._closing:
                    self._connections.append(connection)
                connection.row_factory = sqlite3.Row
                connection.create_function("casefold", 1, str.casefold, deterministic=True)  # lower() is ASCII only
                _enter_wal(connection)
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA cache_size = -32000")
                if self._overwrite_deleted:
                    connection.execute("PRAGMA secure_delete = ON")
            self._local.connection = connection
        return connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, to read what was committed last.

        Raises:
            StoreError: the file is damaged or can't be read.
        """
        with explained(self.path):
            yield self.connection()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything that this thread reads inside is of one moment, whatever others commit meanwhile.

        Raises:
            StoreError: the file is damaged or can't be read.
        """
        with self.reading() as connection:
            connection.execute("BEGIN")
            try:
                yield
            finally:
                connection.execute("COMMIT")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is committed together, or, on any exception, nothing.

        Raises:
            StoreError: the disk is full or the file can't be written.
            BusyError: another process holds the write lock for longer than the time-out.
        """
        connection = self.connection()
        with explained(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._closing:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()

    def _migrate(self) -> None:
        connection = self.connection()
        names = [step.__name__ for step in self._migrations]
        applied = _applied(connection)
        if applied != names[: len(applied)]:
            raise StoreError(
                f"The data folder {self.path.parent} was made by another version of Passage "
                f"(its schema is at {applied[-1]!r}, which this version doesn't know).",
                "Use the version that made it, or ingest into a new folder with --data.",
            )
        if applied == names:
            return
        with self.transaction():
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"
            )
            applied = _applied(connection)  # another process may have been first
            for number, step in enumerate(self._migrations[len(applied) :], start=len(applied) + 1):
                step(connection)
                connection.execute("INSERT INTO migrations VALUES (?, ?)", (number, step.__name__))


def _enter_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL mode; SQLite itself doesn't wait here when another connection is opening or closing the file."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _applied(connection: sqlite3.Connection) -> list[str]:
    tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "migrations" not in tables:
        if tables:
            raise sqlite3.DatabaseError("it has tables that Passage didn't make")
        return []
    columns = {row["name"] for row in connection.execute("PRAGMA table_info(migrations)")}
    if not {"number", "name"} <= columns:
        raise sqlite3.DatabaseError("its table of migrations is another program's")
    return [row["name"] for row in connection.execute("SELECT name FROM migrations ORDER BY number")]


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the operating system say about `path` into sentences that help."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise _disk_full(path) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise BusyError(
                f"Another process is writing to {path}.", "Wait until it is done, then try again."
            ) from error
        if code in (
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_PERM,
            sqlite3.SQLITE_IOERR,
        ):
            raise StoreError(
                f"The store {path} can't be read or written: {error}.",
                "Check the folder's permissions and disk.",
            ) from error
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError | sqlite3.InterfaceError):
            raise  # a defect of ours, not of the file
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or type(error) is sqlite3.DatabaseError:
            raise StoreError(
                f"{path} isn't a Passage store: {error}.",
                "Give another folder with --data, or move that file away.",
            ) from error
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full(path) from error
        raise


def _disk_full(path: Path) -> StoreError:
    return StoreError(
        f"The disk that holds {path.parent.absolute()} is full; nothing of the last step was stored.",
        "Free some space, then run the same command again: it goes on where it stopped.",
    )
