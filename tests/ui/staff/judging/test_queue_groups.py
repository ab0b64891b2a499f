"""Questions that ask the same in other words come together, and others don't."""

from __future__ import annotations

import threading

import pytest

from rag.answer import Turn
from ui.answer_log.models import Feedback
from ui.staff.queue import Queue
from ui.staff.queue_filter import Filter
from ui.staff.queue_groups import QueueKeeping, join_next

SAME = ("Can asylum seekers work in the UK?", "Are asylum seekers allowed to work in the UK?")
OTHER = (
    "Can asylum seekers vote in the UK?",
    "Can't asylum seekers work in the UK?",
    "Can asylum seekers work in Italy?",
)


@pytest.fixture
def queue(log):
    return Queue(log.database)


def join_all(log, queue):
    queue.refresh(60)
    while join_next(log.database):
        pass
    queue.refresh(60)


def test_paraphrases_are_one_row_and_near_misses_are_not(log, queue, make_answer):
    for question in (*SAME, *OTHER):
        log.record(make_answer(question))
    join_all(log, queue)
    asked = {item.question: item.asked for item in queue.page(Filter()).items}
    assert len(asked) == 1 + len(OTHER)
    assert all(asked[question] == 1 for question in OTHER)
    assert next(count for question, count in asked.items() if question in SAME) == 2


def test_what_was_known_of_either_stays_known(log, queue, make_answer):
    first, second = (log.record(make_answer(question)) for question in SAME)
    log.feedback(second, Feedback(useful=False))
    join_all(log, queue)
    (item,) = queue.page(Filter()).items
    assert (item.asked, item.unhelpful) == (2, 1)
    assert queue.of(first).queue_id == queue.of(second).queue_id
    again = log.record(make_answer(SAME[1]))  # the wording is known by now
    assert queue.of(again).queue_id == item.queue_id
    assert queue.page(Filter(words="allowed")).total == queue.page(Filter(words="can asylum")).total == 1


def test_a_question_that_needs_its_conversation_stays_alone(log, queue, make_answer):
    for place in ("the UK", "Italy"):
        history = [Turn(role="user", content=f"Can asylum seekers work in {place}?")]
        log.record(make_answer("And can they study?"), history)
    join_all(log, queue)
    assert queue.page(Filter()).total == 2


def test_the_keeper_works_by_itself_and_ends_at_once(log, queue, make_answer):
    for question in SAME:
        log.record(make_answer(question))
    with QueueKeeping(log.database, every_s=0.01):
        joined = threading.Event()
        for _ in range(500):
            with log.database.reading() as connection:
                if connection.execute("SELECT count(DISTINCT group_id) FROM answers").fetchone()[0] == 1:
                    joined.set()
                    break
            threading.Event().wait(0.01)
        assert joined.is_set()
    with QueueKeeping(log.database, every_s=3600):
        pass
