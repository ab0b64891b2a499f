"""Answers of a former version's file are taken over once, masked."""

from __future__ import annotations

import sqlite3

import pytest

from corpus.errors import StoreError
from ui.answer_log.former import FILE_NAME
from ui.answer_log.log import AnswerLog


@pytest.fixture
def former(data, make_answer):
    """The file as the former version left it."""
    data.mkdir()
    connection = sqlite3.connect(data / FILE_NAME)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(
        "CREATE TABLE answers (id TEXT PRIMARY KEY, created_at TEXT NOT NULL, question TEXT NOT NULL,"
        " answer TEXT NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE feedback (answer_id TEXT NOT NULL REFERENCES answers, created_at TEXT NOT NULL,"
        " useful INTEGER NOT NULL, reason TEXT, comment TEXT NOT NULL); PRAGMA user_version = 1;"
    )
    answer = make_answer(question="I'm anna@example.org: how many day permits?")
    for n in range(3):
        connection.execute(
            "INSERT INTO answers VALUES (?, ?, ?, ?)",
            (f"id{n}", f"2024-05-0{n + 1}T10:00:00+00:00", answer.question, answer.model_dump_json()),
        )
    connection.execute(
        "INSERT INTO feedback VALUES ('id1', '2024-05-09T10:00:00+00:00', 0, 'wrong', 'mail bo@example.org')"
    )
    connection.commit()
    yield connection
    connection.close()


def count(log, table):
    with log.database.reading() as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_permanent_links_live_on_and_the_file_goes(former, data, settings):
    former.close()
    log = AnswerLog.open(data, settings)
    kept = log.get("id1")
    assert kept.answer.question == "I'm [e-mail address]: how many day permits?"
    assert kept.created_at.isoformat() == "2024-05-02T10:00:00+00:00"
    assert kept.group_id == "id0"
    with log.database.reading() as connection:
        assert tuple(connection.execute("SELECT answer_id, useful, reason, comment FROM feedback").fetchone()) == (
            "id1", 0, "wrong", "mail [e-mail address]",
        )  # fmt: skip
    log.close()
    assert not list(data.glob(f"{FILE_NAME}*"))
    again = AnswerLog.open(data, settings)
    assert count(again, "answers") == 3
    again.close()


def test_an_answer_that_cant_be_read_keeps_the_file_and_nothing_comes_twice(former, data, settings, caplog):
    former.execute("UPDATE answers SET answer = '{}' WHERE id = 'id2'")
    former.commit()
    former.close()
    for _ in range(2):
        log = AnswerLog.open(data, settings)
        assert (count(log, "answers"), count(log, "feedback")) == (2, 1)
        log.close()
    assert (data / FILE_NAME).exists()
    assert "can't read 1 of its answers" in caplog.text


def test_another_programs_file_is_said(data, settings):
    data.mkdir()
    (data / FILE_NAME).write_text("not a database, whatever its name says")
    with pytest.raises(StoreError, match=FILE_NAME):
        AnswerLog.open(data, settings)
