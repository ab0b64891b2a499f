"""The answer log keeps what was said, and nothing of who asked."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus.errors import NotFoundError, StoreError
from ui.web.answer_log import FILE_NAME, Feedback, FeedbackReason, SQLiteAnswerLog


@pytest.fixture
def log(tmp_path):
    opened = SQLiteAnswerLog(tmp_path)
    yield opened
    opened.close()


def rows(folder, query):
    connection = sqlite3.connect(folder / FILE_NAME)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_an_answer_comes_back_as_it_was_said_after_a_restart(tmp_path, make_answer):
    first = SQLiteAnswerLog(tmp_path)
    answer = make_answer()
    answer_id = first.record(answer)
    first.close()
    second = SQLiteAnswerLog(tmp_path)
    assert second.get(answer_id).answer == answer
    assert second.get(answer_id).created_at.tzinfo is not None
    second.close()


def test_ids_are_long_random_and_fit_for_a_url(log, make_answer):
    ids = {log.record(make_answer()) for _ in range(50)}
    assert len(ids) == 50
    assert all(len(i) >= 16 and i.replace("-", "").replace("_", "").isalnum() for i in ids)


def test_an_unknown_answer_is_said(log):
    with pytest.raises(NotFoundError, match="no answer"):
        log.get("nothing")
    with pytest.raises(NotFoundError):
        log.feedback("nothing", Feedback(useful=True))


def test_feedback_is_kept_with_its_reason(log, tmp_path, make_answer):
    answer_id = log.record(make_answer())
    log.feedback(answer_id, Feedback(useful=True))
    log.feedback(answer_id, Feedback(False, FeedbackReason.OUTDATED, "x" * 9000))
    kept = rows(tmp_path, "SELECT answer_id, useful, reason, length(comment) FROM feedback ORDER BY useful DESC")
    assert kept == [(answer_id, 1, None, 0), (answer_id, 0, "outdated", 2000)]


def test_only_what_was_said_and_when_is_kept(log, tmp_path):
    columns = {row[1] for table in ("answers", "feedback") for row in rows(tmp_path, f"PRAGMA table_info({table})")}
    assert columns == {"id", "created_at", "question", "answer", "answer_id", "useful", "reason", "comment"}


def test_several_threads_may_write(log, make_answer):
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: log.record(make_answer()), range(80)))
    assert len({log.get(i).id for i in ids}) == 80


def test_a_file_of_a_newer_version_or_of_another_program_is_refused(tmp_path):
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        SQLiteAnswerLog(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / FILE_NAME).write_text("not a database, whatever its name says")
    with pytest.raises(StoreError):
        SQLiteAnswerLog(other)
