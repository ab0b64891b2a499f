"""The answer log keeps what was said, and nothing of who asked."""

from __future__ import annotations

import logging
import sqlite3
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from corpus import load_settings
from corpus.errors import BusyError, NotFoundError, StoreError
from rag.answer import Decision, Note, Turn
from ui.answer_log.database import FILE_NAME
from ui.answer_log.log import KEPT_TURN_CHARS, KEPT_TURNS, AnswerLog
from ui.answer_log.models import Feedback, FeedbackReason
from ui.answer_log.rows import insert_answer
from ui.web.site import Site


def rows(log, query, *values):
    with log.database.reading() as connection:
        return [tuple(row) for row in connection.execute(query, values)]


def test_an_answer_comes_back_as_it_was_said_after_a_restart(data, settings, make_answer):
    first = AnswerLog.open(data, settings)
    history = [Turn(role="user", content="Who sells permits?"), Turn(role="assistant", content="The office. [1]")]
    answer_id = first.record(make_answer(), history)
    first.close()
    second = AnswerLog.open(data, settings)
    kept = second.get(answer_id)
    assert kept.answer == make_answer()
    assert kept.history == tuple(history)
    assert kept.created_at.utcoffset().total_seconds() == 0
    second.close()


def test_everything_that_staff_sort_by_is_kept(log, make_answer):
    note = Note(kind="conflict", text="One says 5, another 6.")
    answer_id = log.record(make_answer(notes=(note,)), review_id=7)
    names = "refused, confidence, support, newest, conflict, stale, settings, total_ms, group_id, review_id"
    assert rows(log, f"SELECT {names} FROM answers") == [
        (0, 0.9, 0.8, "2023-12-20", 1, 0, "0" * 12, 12.5, answer_id, 7)
    ]
    (citation,) = make_answer().citations
    assert rows(log, "SELECT * FROM citations") == [
        (answer_id, 1, "permit/2023", 2, citation.start, citation.end, "Westhaven Gazette", "2023-12-20")
    ]
    assert '"embedding"' in rows(log, "SELECT models FROM answers")[0][0]
    refused = log.record(make_answer(refused=True, question="Why?"))
    kept = rows(log, "SELECT refused, reason, support, newest FROM answers WHERE answer_id = ?", refused)
    assert kept == [(1, "not_covered", None, None)]


def test_ids_are_long_random_and_fit_for_a_url(log, make_answer):
    ids = {log.record(make_answer()) for _ in range(50)}
    assert len(ids) == 50
    assert all(len(i) >= 16 and i.replace("-", "").replace("_", "").isalnum() for i in ids)


def test_an_unknown_answer_is_said(log):
    with pytest.raises(NotFoundError, match="no answer"):
        log.get("nothing")
    with pytest.raises(NotFoundError):
        log.feedback("nothing", Feedback(useful=True))


def test_feedback_is_kept_with_its_reason(log, make_answer):
    answer_id = log.record(make_answer())
    log.feedback(answer_id, Feedback(useful=True))
    log.feedback(answer_id, Feedback(False, FeedbackReason.OUTDATED, "x" * 9000))
    kept = rows(log, "SELECT answer_id, useful, reason, length(comment) FROM feedback ORDER BY useful DESC")
    assert kept == [(answer_id, 1, None, 0), (answer_id, 0, "outdated", 2000)]


def test_nothing_a_visitor_wrote_is_kept_with_what_names_them(log, make_answer):
    secrets = ("anna@example.org", "415-555-2671", "A123456789", "123-45-6789")
    question = "I am anna@example.org, 415-555-2671, A123456789, SSN 123-45-6789: how many permits in 2023?"
    turns = [Turn(role="user", content=question), Turn(role="assistant", content=f"You said: {question}")]
    answer_id = log.record(make_answer(question=question), turns)
    log.feedback(answer_id, Feedback(False, FeedbackReason.WRONG, f"Call me: {question}"))
    kept = log.get(answer_id)
    assert kept.answer.question.endswith("how many permits in 2023?")
    assert kept.answer.citations == make_answer().citations  # a quote is an article's, to the character
    log.close()
    for file in log.database.path.parent.glob(f"{FILE_NAME}*"):
        content = file.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content]


@pytest.mark.parametrize("place", range(KEPT_TURN_CHARS - 20, KEPT_TURN_CHARS))
def test_an_address_at_the_end_of_what_is_kept_isnt_kept_by_half(log, make_answer, place):
    turns = [Turn(role="user", content="x " * (place // 2) + "anna.solberg@example.org, please")]
    (kept,) = log.get(log.record(make_answer(), turns)).history
    assert "anna" not in kept.content


def test_what_a_language_model_repeated_of_a_visitor_is_masked_in_the_trace(log, make_answer):
    decision = Decision(step="verify", text="Your A-number A123456789 is valid.", outcome="dropped", score=0.1)
    kept = log.get(log.record(make_answer(model="a-model", trace=(decision,)))).answer
    assert kept.trace[0].text == "Your A-number [A-number] is valid."


def test_of_who_asked_there_is_no_column(log):
    columns = {
        row[1] for table in ("answers", "feedback", "citations") for row in rows(log, f"PRAGMA table_info({table})")
    }
    assert not columns & {"ip", "address", "agent", "user_agent", "browser", "session", "cookie", "visitor"}


def test_same_questions_are_one_group_and_a_follow_up_takes_its_conversation_over(log, make_answer):
    def group(question, *asked):
        turns = [Turn(role="user", content=each) for each in asked]
        return log.get(log.record(make_answer(question=question), turns)).group_id

    permits = group("How many day permits were issued in 2023?")
    assert group("how many  day permits were issued in 2023") == permits
    assert group("How many day permits were issued in 2022?") != permits
    assert group("And in 2022?", "How many day permits were issued in 2023?") != group(
        "And in 2022?", "Who are the clerks?"
    )
    assert group("Is 5% enough?") != group("Is 5 enough?")


def test_only_the_turns_that_matter_are_kept(log, make_answer):
    turns = [Turn(role="user", content=f"{n} " + "x" * 50_000) for n in range(40)]
    kept = log.get(log.record(make_answer(), turns)).history
    assert [turn.content.split()[0] for turn in kept] == [str(n) for n in range(40 - KEPT_TURNS, 40)]
    assert all(len(turn.content) <= 2000 for turn in kept)


def test_several_threads_may_write(log, make_answer):
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: log.record(make_answer()), range(80)))
    assert len({log.get(i).id for i in ids}) == 80
    assert len({log.get(i).group_id for i in ids}) == 1


def test_where_the_log_is_off_nothing_is_written(data, make_answer):
    log = AnswerLog.open(data, load_settings(data=data, log_answers=False))
    answer_id = log.record(make_answer())
    assert len(answer_id) >= 16
    with pytest.raises(NotFoundError):
        log.get(answer_id)
    assert site_over(log).record(make_answer()).id == ""
    assert rows(log, "SELECT count(*) FROM answers") == [(0,)]
    log.close()


def test_a_locked_log_doesnt_keep_a_visitor_waiting(log, make_answer, monkeypatch, caplog):
    monkeypatch.setattr("ui.answer_log.log._PATIENCE_MS", 50)
    other = sqlite3.connect(log.database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(BusyError):
            log.record(make_answer())
        with caplog.at_level(logging.WARNING):
            logged = site_over(log).record(make_answer())
    finally:
        other.close()
    assert logged.id == ""
    assert logged.answer == make_answer()
    assert "no permanent link" in caplog.text
    assert log.get(log.record(make_answer())).answer == make_answer()  # later ones are kept again
    with log.database.reading() as connection:  # staff may wait longer than a visitor
        assert connection.execute("PRAGMA busy_timeout").fetchone()[0] > 1000


def test_a_full_disk_costs_the_link_and_not_the_answer(log, make_answer, caplog):
    log.record(make_answer())
    with log.database.reading() as connection:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite then says what it says on a full disk
    long = make_answer(question="A question that needs its room. " * 2000)
    with pytest.raises(StoreError, match="full"):
        log.record(long)
    logged = site_over(log).record(long)
    assert logged.id == ""
    assert logged.answer.citations
    assert "no permanent link" in caplog.text


def test_the_file_is_nobody_elses_to_read(log, make_answer):
    log.record(make_answer())
    for file in log.database.path.parent.glob(f"{FILE_NAME}*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_of_another_program_is_refused(tmp_path, settings):
    (tmp_path / FILE_NAME).write_text("not a database, whatever its name says")
    with pytest.raises(StoreError):
        AnswerLog.open(tmp_path, settings)


def test_fifty_thousand_answers_slow_nothing_down(log, make_answer):
    answer = make_answer()
    with log.database.transaction() as connection:
        for n in range(50_000):
            asked = answer.model_copy(update={"question": f"How many day permits were issued in town {n // 3}?"})
            insert_answer(connection, f"id{n}", "2024-05-01T00:00:00+00:00", asked, (), {})
    started = time.perf_counter()
    for _ in range(20):
        log.get(log.record(answer))
    assert (time.perf_counter() - started) / 20 < 0.05  # measured: 0.6 ms, 4 ms at the 95th percentile


def site_over(log):
    """A site that only records."""
    return Site(SimpleNamespace(), log, None, None, None, None)


def test_readers_dont_wait_for_a_writer(log, make_answer):
    answer_id = log.record(make_answer())
    holding, done = threading.Event(), threading.Event()

    def hold():
        with log.database.transaction():
            holding.set()
            done.wait(10)

    writer = threading.Thread(target=hold)
    writer.start()
    holding.wait(10)
    try:
        assert log.get(answer_id).id == answer_id
    finally:
        done.set()
        writer.join()
