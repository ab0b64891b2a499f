"""The queue: what comes first, what belongs together, what is left out, and what it costs."""

from __future__ import annotations

import statistics
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from corpus import load_settings
from rag.answer import Note, Reason
from ui.answer_log.log import AnswerLog
from ui.answer_log.models import Feedback
from ui.staff.queue import Cursor, Queue
from ui.staff.queue_filter import Filter
from ui.staff.queue_upkeep import BATCH, Signal
from ui.staff.reviews import Verdict

COMPLAINT = Feedback(useful=False)


@pytest.fixture
def queue(log):
    return Queue(log.database)


@pytest.fixture
def reviewed(log):
    """Writes a review as it is kept, without what else a verdict does."""

    def write(answer_id, verdict="good", reviewer="ana", withdrawn_because=None):
        with log.database.transaction() as connection:
            heard = connection.execute("SELECT coalesce(max(feedback_id), 0) FROM feedback").fetchone()[0]
            review_id = connection.execute(
                "INSERT INTO reviews (answer_id, reviewer, created_at, verdict, sentences, note, seconds, heard)"
                " VALUES (?, ?, ?, ?, '[]', '', 9, ?)",
                (answer_id, reviewer, datetime.now(UTC).isoformat(timespec="seconds"), verdict, heard),
            ).lastrowid
        return review_id

    return write


def undo(log, review_id):
    with log.database.transaction() as connection:
        connection.execute("UPDATE reviews SET undone_at = '2026-01-01' WHERE review_id = ?", (review_id,))


def signed_off(log, review_id, withdrawn_because=None):
    with log.database.transaction() as connection:
        needed = {
            row["name"]: 0 if row["type"] == "INTEGER" else ""
            for row in connection.execute("PRAGMA table_info(signed_off)")
            if row["notnull"]
        }
        withdrawn_at = "2026-01-02" if withdrawn_because else None
        values = needed | {
            "review_id": review_id,
            "withdrawn_at": withdrawn_at,
            "withdrawn_because": withdrawn_because,
        }
        connection.execute(
            f"INSERT OR REPLACE INTO signed_off ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
            tuple(values.values()),
        )


def questions(page):
    return [item.question for item in page.items]


def test_the_worst_come_first(log, queue, make_answer):
    fine = log.record(make_answer("Fine?"))
    log.record(make_answer("Doubtful?", confidence=0.56))
    log.record(make_answer("Stale?", notes=(Note(kind="stale", text="Old."),)))
    log.record(make_answer("Conflicting?", notes=(Note(kind="conflict", text="They differ."),)))
    for _ in range(40):
        log.record(make_answer("Asked by forty?"))
    log.feedback(log.record(make_answer("Voted down?")), COMPLAINT)
    twice = log.record(make_answer("Voted down twice?"))
    log.feedback(twice, COMPLAINT)
    log.feedback(twice, COMPLAINT)
    log.feedback(fine, Feedback(useful=True))

    page = queue.page(Filter())
    assert questions(page) == [
        "Voted down twice?", "Voted down?", "Asked by forty?", "Conflicting?", "Stale?", "Doubtful?", "Fine?",
    ]  # fmt: skip
    assert [item.signals for item in page.items] == [
        Signal.UNHELPFUL, Signal.UNHELPFUL, Signal.OFTEN, Signal.CONFLICT, Signal.STALE, Signal.DOUBTFUL, Signal(0),
    ]  # fmt: skip
    assert page.counts.signals[Signal.UNHELPFUL] == 2
    assert page.counts.states == {"open": 7, "judged": 0, "all": 7}


def test_a_refusal_is_doubtful_when_it_was_nearly_answered(log, queue, make_answer):
    log.record(make_answer("Far off?", refused=True, confidence=0.05))
    log.record(make_answer("Own case?", refused=True, confidence=0.5, reason=Reason.OWN_CASE))
    log.record(make_answer("Nearly answered?", refused=True, confidence=0.5))
    page = queue.page(Filter())
    assert questions(page)[0] == "Nearly answered?"
    assert [bool(item.signals) for item in page.items] == [True, False, False]


def test_a_question_that_many_ask_is_one_row_with_its_worst_answer(log, queue, make_answer):
    log.record(make_answer("How many visas?"))
    worse = log.record(make_answer("how many visas", "visa", confidence=0.56))
    log.record(make_answer("How many visas?"))
    (item,) = queue.page(Filter()).items
    assert (item.answer_id, item.asked) == (worse, 3)


def test_a_verdict_covers_everybody_who_got_the_same_answer(log, queue, make_answer, reviewed):
    first = log.record(make_answer("How many visas?"))
    other = log.record(make_answer("How many visas?", "visa", confidence=0.6))
    log.record(make_answer("How many visas?"))
    assert queue.page(Filter()).items[0].answer_id == other
    reviewed(other)
    (item,) = queue.page(Filter()).items
    assert item.words.startswith("The ferry office")  # the other answer to the question still waits
    reviewed(first)
    assert queue.page(Filter()).items == ()
    assert [item.asked for item in queue.page(Filter(state="judged")).items] == [3]
    log.record(make_answer("How many visas?"))  # the same answer once more
    assert queue.page(Filter()).total == 0
    fresh = log.record(make_answer("How many visas?", "court"))
    assert [item.answer_id for item in queue.page(Filter()).items] == [fresh]


def test_a_judged_answer_comes_back_when_somebody_votes_it_down(log, queue, make_answer, reviewed):
    answer_id = log.record(make_answer())
    log.feedback(answer_id, COMPLAINT)
    reviewed(answer_id)
    assert queue.page(Filter()).total == 0  # the reviewer had heard of that vote
    log.feedback(answer_id, Feedback(useful=True))
    assert queue.page(Filter()).total == 0
    log.feedback(answer_id, COMPLAINT)
    (item,) = queue.page(Filter()).items
    assert item.signals == Signal.UNHELPFUL
    assert item.verdict is Verdict.GOOD
    reviewed(answer_id)
    assert queue.page(Filter()).total == 0


def test_an_undone_review_counts_no_more(log, queue, make_answer, reviewed):
    answer_id = log.record(make_answer())
    first = reviewed(answer_id)
    second = reviewed(answer_id, "wrong")
    undo(log, second)
    assert queue.page(Filter(state="judged")).items[0].verdict is Verdict.GOOD
    undo(log, first)
    assert queue.page(Filter()).total == 1


def test_a_withdrawn_sign_off_comes_back_first_until_it_is_judged_again(log, queue, make_answer, reviewed):
    log.feedback(log.record(make_answer("Voted down?")), COMPLAINT)
    answer_id = log.record(make_answer("Signed off?"))
    review_id = reviewed(answer_id)
    signed_off(log, review_id)
    assert questions(queue.page(Filter())) == ["Voted down?"]
    signed_off(log, review_id, "replaced")  # staff's own doing
    assert questions(queue.page(Filter())) == ["Voted down?"]
    signed_off(log, review_id, "new_version")
    page = queue.page(Filter())
    assert questions(page) == ["Signed off?", "Voted down?"]
    assert page.items[0].signals == Signal.WITHDRAWN
    fresh = log.record(make_answer("Signed off?", "visa"))  # asked again, of the articles as they are now
    assert queue.page(Filter()).items[0].answer_id == fresh
    reviewed(fresh)
    assert questions(queue.page(Filter())) == ["Voted down?"]


def test_an_answer_that_was_served_as_signed_off_needs_no_verdict_until_it_is_voted_down(
    log, queue, make_answer, reviewed
):
    review_id = reviewed(log.record(make_answer("How many visas?")))
    signed_off(log, review_id)
    served = log.record(make_answer("What is the number of visas?", "visa"), review_id=review_id)
    assert queue.page(Filter()).total == 0
    log.feedback(served, COMPLAINT)
    assert [item.answer_id for item in queue.page(Filter()).items] == [served]


def test_what_the_log_forgets_leaves_the_queue(log, queue, make_answer):
    answer_id = log.record(make_answer())
    assert queue.page(Filter()).total == 1
    with log.database.transaction() as connection:
        connection.execute("DELETE FROM answers WHERE answer_id = ?", (answer_id,))
    assert queue.page(Filter()).total == 0
    assert queue.of(answer_id) is None
    assert queue.outlets() == []


def test_every_filter_leaves_out_what_it_should(log, queue, make_answer, reviewed):
    plain = log.record(make_answer("How many strawberries were harvested?"))
    refused = log.record(make_answer("Where do refugees vote?", refused=True, confidence=0.2))
    stale = log.record(make_answer("Qui décide des quotas?", "visa", notes=(Note(kind="stale", text="Old."),)))
    judged = log.record(make_answer("What did the court say?", "court"))
    log.feedback(plain, Feedback(useful=True, comment="Thanks"))
    log.feedback(stale, COMPLAINT)
    reviewed(judged, "wrong")

    def found(**values):
        page = queue.page(Filter(**values))
        assert page.total == len(page.items)
        return {item.answer_id for item in page.items}

    assert found() == {plain, refused, stale}
    assert found(state="all") == {plain, refused, stale, judged}
    assert found(state="judged") == {judged}
    assert found(signal=Signal.STALE) == {stale}
    assert found(outcome="refused") == {refused}
    assert found(outcome="answered") == {plain, stale}
    assert found(state="all", verdict=Verdict.WRONG) == {judged}
    assert found(state="all", verdict=Verdict.GOOD) == set()
    assert found(votes="unhelpful") == {stale}
    assert found(votes="helpful") == {plain}
    assert found(votes="comment") == {plain}
    assert found(votes="none") == {refused}
    assert found(outlet="The Northern Post", state="all") == {stale, judged}
    assert found(words="strawb") == {plain}
    assert found(words="decide quotas") == {stale}  # accents and endings aside
    assert found(words="refugees strawberries") == set()
    assert found(words='"quotas* OR (', state="all") == set()
    today = datetime.now(UTC).date()
    assert found(since=today, until=today) == {plain, refused, stale}
    assert found(until=today - timedelta(days=1)) == set()
    assert found(since=today + timedelta(days=1)) == set()
    assert queue.outlets() == ["The Northern Post", "Westhaven Gazette"]
    assert queue.left(Filter(state="judged", outcome="answered")) == 2


def test_counts_say_what_each_choice_would_show(log, queue, make_answer, reviewed):
    for number in range(3):
        log.record(make_answer(f"Stale {number}?", notes=(Note(kind="stale", text="Old."),)))
    reviewed(log.record(make_answer("Judged?", notes=(Note(kind="stale", text="Old."),))))
    log.record(make_answer("Doubtful?", confidence=0.56))
    counts = queue.page(Filter(signal=Signal.STALE)).counts
    assert counts.states == {"open": 3, "judged": 1, "all": 4}
    assert counts.signals[Signal.DOUBTFUL] == 1
    assert queue.page(Filter(state="all")).counts.signals[Signal.STALE] == 4


def test_an_address_says_a_filter_and_nonsense_in_it_chooses_nothing():
    chosen = Filter(
        state="judged", signal=Signal.CONFLICT, outcome="refused", verdict=Verdict.OUTDATED, votes="none",
        since=date(2026, 1, 2), until=date(2026, 2, 3), outlet="Plain & Simple", words="a&b=c",
    )  # fmt: skip
    assert Filter.of(dict(parse_qsl(chosen.query().removeprefix("?")))) == chosen
    assert Filter().query() == ""
    assert not Filter(state="all").narrowed
    assert Filter.of({"state": "x", "signal": "y", "verdict": "z", "since": "no day", "votes": "many"}) == Filter()


def test_pages_follow_each_other_and_end(log, queue, make_answer):
    for number in range(53):
        log.record(make_answer(f"Question {number}?"))
    first, second = queue.page(Filter(), 1), queue.page(Filter(), 2)
    assert (len(first.items), len(second.items), first.pages) == (50, 3, 2)
    assert len({item.answer_id for item in (*first.items, *second.items)}) == 53
    assert queue.page(Filter(), 99).number == 2
    assert queue.page(Filter(words="nowhere"), 99).number == 1


def test_next_goes_down_the_queue_and_begins_again(log, queue, make_answer, reviewed):
    ids = [log.record(make_answer(f"Question {number}?", confidence=0.9 - number / 100)) for number in range(4)]
    worst_first = [item.answer_id for item in queue.page(Filter()).items]
    assert worst_first == ids[::-1]
    first = queue.next(Filter(), None)
    second = queue.next(Filter(), first.cursor)
    assert [first.answer_id, second.answer_id] == worst_first[:2]
    reviewed(second.answer_id)
    assert queue.next(Filter(), second.cursor).answer_id == worst_first[2]
    last = queue.page(Filter()).items[-1]
    assert queue.next(Filter(), last.cursor).answer_id == worst_first[0]
    assert queue.next(Filter(words="nowhere"), None) is None
    for answer_id in ids:
        reviewed(answer_id)
    assert queue.next(Filter(), first.cursor) is None


def test_next_among_judged_ones_goes_back_in_time_for_a_second_opinion(log, queue, make_answer, reviewed):
    ids = [log.record(make_answer(f"Question {number}?")) for number in range(3)]
    log.record(make_answer("Not judged?"))
    for answer_id in ids:
        reviewed(answer_id)
    judged = Filter(state="judged")
    latest_first = [item.answer_id for item in queue.page(judged).items]
    first = queue.next(judged, None)
    second = queue.next(judged, first.cursor)
    reviewed(second.answer_id, "wrong", "ben")
    third = queue.next(judged, second.cursor)
    assert [first.answer_id, second.answer_id, third.answer_id] == latest_first
    assert queue.next(judged, third.cursor).answer_id in latest_first[:2]


def test_a_cursor_survives_its_text_and_nonsense_is_none():
    for cursor in (Cursor(4.58496, 17), Cursor(0.2, 3, "2026-01-02T03:04:05+00:00")):
        assert Cursor.parse(str(cursor)) == cursor
    assert [Cursor.parse(text) for text in ("", "1", "nan:1:", "1:1:; DROP", "-1:2:", "1e400:1:", "1:2")] == [
        None
    ] * 7


def test_what_a_colleague_has_open_is_passed_over_and_said(log, queue, make_answer):
    ids = [log.record(make_answer(f"Question {number}?")) for number in range(2)]
    first = queue.next(Filter(), None, "ana")
    queue.open(first.answer_id, "ana")
    assert queue.next(Filter(), None, "ana").answer_id == first.answer_id
    second = queue.next(Filter(), None, "ben")
    assert {first.answer_id, second.answer_id} == set(ids)
    assert queue.of(first.answer_id, "ben").opened_by == ("ana",)
    assert queue.of(first.answer_id, "ana").opened_by == ()
    queue.open(second.answer_id, "ana")  # she went on
    assert queue.next(Filter(), None, "ben").answer_id == first.answer_id
    with log.database.transaction() as connection:
        connection.execute("UPDATE opened SET at = '2026-01-01T00:00:00+00:00'")  # and left it lying
    assert queue.of(second.answer_id, "ben").opened_by == ()


def test_a_backlog_is_sorted_in_bit_by_bit(log, queue, make_answer):
    for number in range(BATCH + 10):
        log.record(make_answer(f"Question {number}?"))
    assert queue.refresh(budget_s=0) == BATCH + 10
    with log.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM queue").fetchone()[0] == 0
    assert queue.refresh(budget_s=60) == 0
    assert queue.page(Filter()).total == BATCH + 10


@pytest.mark.slow
def test_with_fifty_thousand_answers_every_query_takes_a_fraction_of_a_screens_time(busy_folder):
    with closing(AnswerLog.open(busy_folder, load_settings(data=busy_folder))) as log:
        check_times(log, Queue(log.database))


def check_times(log, queue):
    page = queue.page(Filter())
    assert page.total > 20_000
    deep, today = Cursor(1.0, 100), datetime.now(UTC).date()
    for chosen in (
        Filter(), Filter(state="all"), Filter(state="judged"), Filter(signal=Signal.STALE), Filter(outcome="refused"),
        Filter(state="all", verdict=Verdict.WRONG), Filter(votes="none"), Filter(votes="unhelpful"),
        Filter(since=today - timedelta(days=20), until=today - timedelta(days=12)),
        Filter(outlet="The Northern Post"),
        Filter(words="permit oak"), Filter(words="the"), Filter(words="w", outcome="answered", votes="none"),
    ):  # fmt: skip
        for ask in (
            lambda chosen=chosen: queue.page(chosen),
            lambda chosen=chosen: queue.page(chosen, page.pages),
            lambda chosen=chosen: (queue.next(chosen, deep), queue.left(chosen), queue.outlets()),
        ):
            assert median_ms(ask) < 150, chosen
    assert median_ms(lambda: queue.of("made-up-000000100")) < 20
    popular = log.get("made-up-000000000")
    assert queue.of(popular.id).asked > 4000

    def asked_once_more():
        log.record(popular.answer, popular.history)
        queue.page(Filter())

    assert median_ms(asked_once_more) < 150


def median_ms(call, times=3):
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)
