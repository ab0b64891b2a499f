"""The SQLite file: migrations, other programs' files, full disks, readers beside a writer."""

import sqlite3
import threading
from dataclasses import replace

import pytest

from corpus import Article, ArticleStore
from corpus.database import FILE_NAME, Database
from corpus.errors import BusyError, StoreError
from corpus.migrations import MIGRATIONS


def _sql(data, *statements):
    data.mkdir(exist_ok=True)
    connection = sqlite3.connect(data / FILE_NAME)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_new_file_is_migrated_in_wal_mode(store):
    connection = store.database.connection()
    names = [row["name"] for row in connection.execute("SELECT name FROM migrations ORDER BY number")]
    assert names == [step.__name__ for step in MIGRATIONS]
    assert [int(name[1:4]) for name in names] == list(range(1, len(names) + 1))
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_opening_again_migrates_nothing(store, data, monkeypatch):
    def refuse(connection):
        raise AssertionError("ran again")

    refuse.__name__ = MIGRATIONS[0].__name__
    monkeypatch.setattr("corpus.database.MIGRATIONS", [refuse, *MIGRATIONS[1:]])
    Database(data).close()


def test_an_older_schema_is_brought_up_to_date_and_keeps_its_articles(data, articles, monkeypatch):
    def m999_later(connection):
        connection.execute("CREATE TABLE later (a)")

    old = ArticleStore.open(data)
    old.upsert(articles)
    old.close()
    monkeypatch.setattr("corpus.database.MIGRATIONS", [*MIGRATIONS, m999_later])
    new = ArticleStore.open(data)
    assert new.count() == 3
    assert new.database.connection().execute("SELECT count(*) FROM later").fetchone()[0] == 0
    new.close()


def test_a_migration_that_fails_leaves_the_old_schema(data, monkeypatch):
    def m999_broken(connection):
        connection.execute("CREATE TABLE half (a)")
        raise RuntimeError("broken step")

    Database(data).close()
    with monkeypatch.context() as patch:
        patch.setattr("corpus.database.MIGRATIONS", [*MIGRATIONS, m999_broken])
        with pytest.raises(RuntimeError, match="broken step"):
            Database(data)
    database = Database(data)
    tables = {row["name"] for row in database.connection().execute("SELECT name FROM sqlite_master")}
    assert "half" not in tables
    database.close()


def test_a_folder_of_a_newer_version_is_left_alone(data, articles):
    store = ArticleStore.open(data)
    store.upsert(articles)
    store.close()
    _sql(data, "INSERT INTO migrations VALUES (900, 'm900_future')")
    with pytest.raises(StoreError, match=r"another version of Passage.*m900_future.*\n.*--data"):
        ArticleStore.open(data)
    _sql(data, "DELETE FROM migrations WHERE number = 900")
    store = ArticleStore.open(data)
    assert store.count() == 3
    store.close()


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE photos (a)"],
        [
            "CREATE TABLE migrations (id INTEGER, migration TEXT, batch INTEGER)",
            "INSERT INTO migrations VALUES (1, 'x', 1)",
        ],
    ],
)
def test_another_programs_database_is_left_alone(data, statements):
    _sql(data, *statements)
    with pytest.raises(StoreError, match=r"isn't a Passage store.*\n.*--data"):
        Database(data)
    connection = sqlite3.connect(data / FILE_NAME)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
    connection.close()
    assert tables == [statements[0].split()[2]]


def test_a_file_that_is_no_database_is_left_alone(data):
    data.mkdir()
    (data / FILE_NAME).write_bytes(b"This is a letter, not a database.\n" * 100)
    with pytest.raises(StoreError, match="isn't a Passage store"):
        Database(data)
    assert (data / FILE_NAME).read_bytes().startswith(b"This is a letter")


def test_a_damaged_file_is_explained_when_it_is_read(data, articles):
    store = ArticleStore.open(data)
    store.upsert([replace(a, text="word " * 20_000) for a in articles])
    store.close()
    path = data / FILE_NAME
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StoreError, match="isn't a Passage store"):  # noqa: PT012  opening may already notice
        store = ArticleStore.open(data)
        try:
            list(store.current())
        finally:
            store.close()


def test_a_data_folder_that_is_a_file_is_explained(tmp_path):
    (tmp_path / "data").write_text("x")
    with pytest.raises(StoreError, match="can't be created"):
        Database(tmp_path / "data")


def test_a_store_whose_file_is_a_folder_is_explained(data):
    (data / FILE_NAME).mkdir(parents=True)
    with pytest.raises(StoreError, match="can't be read or written"):
        Database(data)


def test_a_full_disk_is_explained_and_the_store_stays_whole(store, articles):
    store.upsert(articles)
    connection = store.database.connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    many = [Article(id=f"n{i}", title="T", text=f"{i} words " * 2000) for i in range(20)]
    with pytest.raises(StoreError, match=r"is full; nothing of the last step.*\n.*same command"):
        store.upsert(many)
    assert {a.article_id for a in store.current()} == {"ferry", "visa", "court"}
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"

    connection.execute("PRAGMA max_page_count = 1000000")
    store.upsert(many)
    assert store.count() == 23


def test_a_second_writer_is_told_to_wait(store, data, articles, monkeypatch):
    monkeypatch.setattr("corpus.database._BUSY_TIMEOUT_S", 0.05)
    other = ArticleStore.open(data)
    with store.database.transaction(), pytest.raises(BusyError, match=r"Another process is writing.*\n.*try again"):
        other.upsert(articles)
    other.upsert(articles)
    assert store.count() == 3
    other.close()


def test_readers_never_see_half_an_article_or_half_a_batch(store, articles):
    def edition(n):
        return [replace(a, title=f"Edition {n}", text=f"{n} " * 500) for a in articles]

    store.upsert(edition(0))
    seen, failures = set(), []
    done = threading.Event()

    def watch():
        try:
            while not done.is_set():
                snapshot = list(store.current())
                numbers = {a.title.split()[1] for a in snapshot} | {n for a in snapshot for n in a.text.split()}
                if len(snapshot) != 3 or len(numbers) != 1:
                    failures.append(numbers)
                seen.update(numbers)
        except Exception as error:  # noqa: BLE001  shown by the assertion
            failures.append(error)

    readers = [threading.Thread(target=watch) for _ in range(2)]
    for reader in readers:
        reader.start()
    for n in range(1, 80):
        store.upsert(edition(n))
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert seen
    assert store.get("ferry").version == 80


def test_all_that_open_or_close_a_new_folder_at_once_succeed(data):
    opened, failures = [], []
    barrier = threading.Barrier(4)

    def open_them():
        for round_ in range(10):
            barrier.wait()
            try:
                database = Database(data / str(round_))
                opened.append(database.path)
                database.close()
            except Exception as error:  # noqa: BLE001  shown by the assertion
                failures.append(error)

    threads = [threading.Thread(target=open_them) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(opened) == 40


def test_an_interruption_inside_a_transaction_undoes_it(store, articles):
    def interrupted():
        yield articles[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.upsert(interrupted())
    assert store.count() == 0
    store.upsert(articles)
    assert store.count() == 3
