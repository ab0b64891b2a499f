"""Answers are forgotten when they are due, and what staff have judged stays."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from corpus import load_settings
from corpus.errors import StoreError
from ui.answer_log.housekeeping import Housekeeping, forget
from ui.answer_log.log import AnswerLog
from ui.answer_log.models import Feedback, FeedbackReason
from ui.staff.queue import Queue
from ui.staff.queue_filter import Filter
from ui.staff.queue_upkeep import refresh


@pytest.fixture
def aged(log, make_answer):
    """Records an answer as if it had been given some days ago, with a comment on it."""

    def record(days: float) -> str:
        answer_id = log.record(make_answer())
        log.feedback(answer_id, Feedback(False, FeedbackReason.WRONG, "The clerk is my aunt."))
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
        with log.database.transaction() as connection:
            for table in ("answers", "feedback"):
                connection.execute(f"UPDATE {table} SET created_at = ? WHERE answer_id = ?", (at, answer_id))
        return answer_id

    return record


def kept(log):
    with log.database.reading() as connection:
        return {row["answer_id"] for row in connection.execute("SELECT answer_id FROM answers")}


def review(log, answer_id, undone_at=None):
    with log.database.transaction() as connection:
        connection.execute(
            "INSERT INTO reviews (answer_id, reviewer, created_at, verdict, sentences, note, seconds, undone_at)"
            " VALUES (?, 'anna', '2024-05-01T00:00:00+00:00', 'good', '[]', '', 4.0, ?)",
            (answer_id, undone_at),
        )


def test_answers_go_on_their_day_with_what_belongs_to_them(log, aged):
    old, young = aged(91), aged(89)
    assert forget(log.database, 90) == 1
    assert kept(log) == {young}
    with log.database.reading() as connection:
        for table in ("citations", "feedback"):
            assert [row[0] for row in connection.execute(f"SELECT answer_id FROM {table}")] == [young]
    assert old != young


def test_judged_answers_stay_without_what_readers_wrote(log, aged):
    judged, undone, other = aged(400), aged(400), aged(400)
    review(log, judged)
    review(log, undone, undone_at="2024-05-02T00:00:00+00:00")
    assert forget(log.database, 90) == 1
    assert kept(log) == {judged, undone}
    assert other not in kept(log)
    with log.database.reading() as connection:
        assert {tuple(row) for row in connection.execute("SELECT useful, reason, comment FROM feedback")} == {
            (0, "wrong", "")
        }


def test_what_was_forgotten_is_in_no_file(log, make_answer):
    log.feedback(
        log.record(make_answer(question="Where is Zebulon Quartermaine?")), Feedback(False, None, "Xanthippe")
    )
    refresh(log.database)
    files = list(log.database.path.parent.glob("log.sqlite*"))
    words = (b"Quartermaine", b"Xanthippe", b"quartermain")  # the last as the queue's search keeps it
    assert all(any(word in file.read_bytes() for file in files) for word in words)
    assert forget(log.database, 1, now=datetime.now(UTC) + timedelta(days=2)) == 1
    assert not any(word in file.read_bytes() for file in files for word in words)


def test_what_is_left_of_a_group_is_found_again(log, aged):
    aged(91), aged(1)
    refresh(log.database)
    assert forget(log.database, 90) == 1
    refresh(log.database)
    assert Queue(log.database).page(Filter(words="day permits")).total == 1


def test_zero_days_is_for_ever(log, aged):
    old = aged(5000)
    assert forget(log.database, 0) == 0
    assert kept(log) == {old}


def test_many_are_deleted_in_steps(log, make_answer, monkeypatch):
    monkeypatch.setattr("ui.answer_log.housekeeping._BATCH", 7)
    for _ in range(30):
        log.record(make_answer())
    assert forget(log.database, 1, now=datetime.now(UTC) + timedelta(days=2)) == 30
    assert not kept(log)


def test_it_happens_at_the_start_and_again_while_serving(log, aged, monkeypatch):
    aged(400)
    passes = threading.Semaphore(0)
    real = forget

    def counted(*arguments):
        done = real(*arguments)
        passes.release()
        return done

    monkeypatch.setattr("ui.answer_log.housekeeping.forget", counted)
    with Housekeeping(log, every_s=0.01):
        assert passes.acquire(timeout=10)
        assert kept(log) == set()
        later = aged(400)
        assert passes.acquire(timeout=10)
        assert passes.acquire(timeout=10)  # one pass may have begun before it was recorded
        assert later not in kept(log)


def test_a_failure_is_told_and_tried_again(log, monkeypatch, caplog):
    passes = threading.Semaphore(0)

    def fail(*_):
        passes.release()
        raise StoreError("The disk that holds it is full.")

    monkeypatch.setattr("ui.answer_log.housekeeping.forget", fail)
    with Housekeeping(log, every_s=0.01):
        assert passes.acquire(timeout=10)
        assert passes.acquire(timeout=10)
    assert "tried again later: The disk" in caplog.text


def test_the_days_are_a_setting(data, monkeypatch):
    monkeypatch.setenv("PASSAGE_LOG_DAYS", "7")
    log = AnswerLog.open(data, load_settings(data=data))
    assert log.settings.log_days == 7
    log.close()
    assert load_settings(data=data).fingerprint() == load_settings(data=data, log_days=90).fingerprint()
