"""Approved answers: who gets them, and when they are withdrawn and wait for staff again."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from corpus import Article
from corpus.flags import FlagKind, Flags, Scope
from rag.answer import Reason, Turn
from rag.filters import Filters
from ui.answer_log.database import open_log
from ui.staff.approval_keeping import ApprovalKeeping
from ui.staff.editing import Editor
from ui.staff.reviews import Judgement, Reviews, SentenceVerdict, Verdict
from ui.staff.signing_off import QUEUED_AGAIN, Because, SignedOff
from ui.web.site import Site

pytestmark = pytest.mark.slow
QUESTION = "When did the ferry office in Westhaven reopen?"
GOOD = Judgement(Verdict.GOOD, (SentenceVerdict.SUPPORTED,))


@pytest.fixture
def today():
    return datetime.now(UTC).date()


@pytest.fixture
def signed_off(assistant, log):
    return SignedOff(assistant, log.database)


@pytest.fixture
def reviews(assistant, log, signed_off):
    return Reviews(log.database, Editor(assistant.store), signed_off)


@pytest.fixture
def approve(log, reviews, make_answer, today):
    """Logs an answer to a question, has it judged, and gives the review."""

    def make(question=QUESTION, judgement=GOOD, history=(), cites="ferry", **values):
        answer_id = log.record(make_answer(question, cites, **{"as_of": today} | values), history)
        return reviews.judge(answer_id, "ana", judgement, seen=None)

    return make


def withdrawn(log):
    with log.database.reading() as connection:
        rows = connection.execute(
            "SELECT review_id, withdrawn_because, withdrawn_detail FROM signed_off"
            " WHERE withdrawn_at IS NOT NULL ORDER BY review_id"
        )
        return [tuple(row) for row in rows]


def audited(log, action):
    with log.database.reading() as connection:
        rows = connection.execute("SELECT account, subject, detail FROM audit WHERE action = ?", (action,))
        return [(row["account"], row["subject"], json.loads(row["detail"])) for row in rows]


def test_a_paraphrase_gets_the_approved_answer_and_is_told_so(approve, signed_off, today):
    review = approve()
    found = signed_off.serving("On what date did Westhaven's ferry office reopen?")
    assert found is not None
    assert found.review_id == review.review_id == found.answer.review_id
    assert found.answer.reviewed_on == today == found.answer.as_of
    assert found.answer.question == "On what date did Westhaven's ferry office reopen?"
    assert found.answer.citations[0].article_id == "ferry"
    assert "review_id" not in found.answer.model_dump()


@pytest.mark.parametrize(
    "question",
    [
        "Why did the ferry office in Westhaven reopen?",
        "When did the ferry office in Oakmere reopen?",
        "When did the ferry office in Westhaven close?",
        "When didn't the ferry office in Westhaven reopen?",
        "When did the ferry office in Westhaven reopen in 2019?",
    ],
)
def test_another_question_does_not_get_it(approve, signed_off, question):
    approve()
    assert signed_off.serving(question) is None


def test_filters_ask_for_something_else(approve, signed_off):
    approve()
    assert signed_off.serving(QUESTION, filters=Filters.of(outlets=["The Northern Post"])) is None


def test_a_question_that_needs_its_conversation_neither_gives_nor_gets_an_answer(approve, signed_off):
    turns = (Turn(role="user", content="Is the ferry office open?"), Turn(role="assistant", content="It is."))
    assert approve("And when did it reopen?", history=turns)
    assert signed_off.serving("And when did it reopen?", turns) is None
    review = approve()
    assert signed_off.serving(QUESTION, turns).review_id == review.review_id


@pytest.mark.parametrize("verdict", [Verdict.WRONG, Verdict.INCOMPLETE, Verdict.OUTDATED])
def test_what_is_not_right_is_not_served(approve, signed_off, verdict):
    approve(judgement=Judgement(verdict, (None,)))
    assert signed_off.serving(QUESTION) is None


def test_an_answer_that_should_have_been_refused_is_refused_from_then_on(approve, signed_off):
    approve(judgement=Judgement(Verdict.SHOULD_REFUSE, (None,)))
    refusal = signed_off.serving(QUESTION).answer
    assert refusal.refused
    assert refusal.reason is Reason.NOT_COVERED
    assert (refusal.sentences, refusal.citations) == ((), ())
    assert [headline.article_id for headline in refusal.nearest] == ["ferry"]
    assert "Harbour town reopens its ferry office" in refusal.answer


def test_the_later_approval_for_the_same_question_replaces_the_earlier(approve, signed_off, log):
    first = approve()
    second = approve("On what date did Westhaven's ferry office reopen?")
    assert withdrawn(log) == [(first.review_id, Because.REPLACED, "")]
    assert signed_off.serving(QUESTION).review_id == second.review_id


def test_what_holds_for_a_day_is_served_on_that_day_only(approve, signed_off, today):
    approve("How many day permits has the ferry office issued so far?")
    assert signed_off.serving("How many day permits has the ferry office issued so far?", as_of=today)
    tomorrow = today + timedelta(days=1)
    assert signed_off.serving("How many day permits has the ferry office issued so far?", as_of=tomorrow) is None


def test_a_new_version_of_a_cited_article_withdraws_it(approve, signed_off, assistant, articles, log):
    review = approve()
    changed = replace(articles[0], text=articles[0].text.replace("eleven weeks", "twelve weeks"))
    assistant.store.upsert([changed])
    assert signed_off.serving(QUESTION) is None
    assert withdrawn(log) == [(review.review_id, Because.NEW_VERSION, "ferry")]
    assert audited(log, "withdraw") == [
        ("", review.answer_id, {"review": review.review_id, "because": "new_version", "articles": ["ferry"]})
    ]


def test_removing_a_cited_article_or_hiding_its_outlet_withdraws_it(approve, signed_off, assistant, log):
    first, second = approve(), approve("When is the seasonal visa quota raised?", cites="visa")
    assistant.store.remove("ferry")
    Flags(assistant.store.database).set(Scope.OUTLET, "The Northern Post", FlagKind.HIDDEN, "", "ada")
    assert [w.because for w in signed_off.withdraw_outdated()] == [Because.REMOVED, Because.FLAGGED]
    assert [row[0] for row in withdrawn(log)] == [first.review_id, second.review_id]


@pytest.mark.parametrize("kind", [FlagKind.HIDDEN, FlagKind.CORRECTED, FlagKind.RETRACTED])
def test_a_flag_set_after_the_approval_withdraws_it(approve, signed_off, assistant, log, kind):
    review = approve()
    Flags(assistant.store.database).set(Scope.ARTICLE, "ferry", kind, "It was four weeks.", "ada")
    assert [found.review_id for found in signed_off.withdraw_outdated()] == [review.review_id]
    assert withdrawn(log) == [(review.review_id, Because.FLAGGED, "ferry")]
    assert signed_off.serving(QUESTION) is None


def test_newer_articles_on_the_story_withdraw_it(approve, signed_off, assistant, log):
    review = approve()
    update = Article(
        id="update",
        title="Ferry office in Westhaven reopened later than announced",
        text="The ferry office in Westhaven reopened on 9 March 2024, six days late, Mayor Ingrid Solberg said.",
        source="The Northern Post",
        published=date(2024, 3, 12),
    )
    assistant.store.upsert([update])
    assistant.index.sync()
    assert signed_off.serving(QUESTION) is None
    assert withdrawn(log) == [(review.review_id, Because.NEWER_ARTICLES, "update")]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "copy", "source": "Island Echo", "published": date(2024, 3, 5)},
        {"id": "old", "title": "Ferry office closes", "text": "The ferry office in Westhaven closed.",
         "published": date(2023, 12, 18)},
        {"id": "other", "title": "Snow in Lindholm", "text": "Two metres of snow fell in Lindholm on Sunday.",
         "published": date(2024, 4, 1)},
    ],
)  # fmt: skip
def test_copies_and_older_or_other_news_leave_it_alone(approve, signed_off, assistant, articles, log, change):
    review = approve()
    assistant.store.upsert([replace(articles[0], **{"url": None} | change)])
    assistant.index.sync()
    assert signed_off.withdraw_outdated() == []
    assert signed_off.serving(QUESTION).review_id == review.review_id
    assert withdrawn(log) == []


def test_a_refusal_is_withdrawn_when_an_article_comes_that_answers(approve, signed_off, assistant, log):
    question = "How many lighthouse keepers work in Ravensholm?"
    review = approve(question, Judgement(Verdict.GOOD), refused=True)
    assert signed_off.serving(question).answer.refused
    told = Article(
        id="keepers",
        title="Ravensholm counts its lighthouse keepers",
        text="Seven lighthouse keepers work in Ravensholm, the harbour master said on 4 May 2024.",
        published=date(2024, 5, 4),
    )
    assistant.store.upsert([told])
    assistant.index.sync()
    assert [w.because for w in signed_off.withdraw_outdated()] == [Because.NEWER_ARTICLES]
    assert withdrawn(log) == [(review.review_id, Because.NEWER_ARTICLES, "keepers")]


def test_undoing_a_later_review_does_not_bring_back_what_waits_for_staff(
    approve, signed_off, reviews, assistant, articles, log
):
    first = approve()
    assistant.store.upsert([replace(articles[0], text=articles[0].text.replace("eleven", "ten"))])
    signed_off.withdraw_outdated()
    wrong = reviews.judge(first.answer_id, "ben", Judgement(Verdict.WRONG, (None,)), seen=first.review_id)
    reviews.undo(wrong.review_id, "ben")
    assert signed_off.serving(QUESTION) is None
    assert {because for _, because, _ in withdrawn(log)} <= QUEUED_AGAIN


def test_what_another_process_approves_is_served_here(approve, assistant, log, data):
    elsewhere = open_log(data)
    other = SignedOff(assistant, elsewhere)
    try:
        assert other.serving(QUESTION) is None
        review = approve()
        assert other.serving(QUESTION).review_id == review.review_id
    finally:
        elsewhere.close()


def test_another_embedding_model_serves_what_was_approved_before(approve, assistant, log):
    review = approve()
    with log.database.transaction() as connection:  # of a model with another length
        connection.execute("UPDATE signed_off SET vector = ?, embedding = 'former'", (bytes(4 * 7),))
    assert SignedOff(assistant, log.database).serving(QUESTION).review_id == review.review_id


def test_in_the_background_it_is_withdrawn_before_anybody_asks(approve, signed_off, assistant, log):
    approve()
    assistant.store.remove("ferry")
    with ApprovalKeeping(signed_off, every_s=0.01):
        deadline = datetime.now(UTC) + timedelta(seconds=20)
        while not withdrawn(log) and datetime.now(UTC) < deadline:
            threading.Event().wait(0.01)
    assert [because for _, because, _ in withdrawn(log)] == [Because.REMOVED]


def test_a_visitor_gets_it_with_a_permanent_link_that_says_so(approve, assistant, log, today):
    review = approve()
    site = Site.over(assistant, log)
    answer = site.ask(QUESTION, [], {})
    logged = site.record(answer)
    assert log.get(logged.id).review_id == logged.review_id == review.review_id
    assert log.get(logged.id).answer.reviewed_on == today
    *sentences, last = site.stream(QUESTION, [], {})
    assert last.review_id == review.review_id
    assert [sentence.text for sentence in sentences] == [sentence.text for sentence in answer.sentences]


@pytest.mark.parametrize(
    "options", [{"as_of": "2024-05-01"}, {"since": "2024-01-01"}, {"outlet": "Westhaven Gazette"}]
)
def test_a_visitor_who_asks_for_another_day_or_some_articles_gets_a_fresh_answer(approve, assistant, log, options):
    approve()
    assert Site.over(assistant, log).ask(QUESTION, [], options).reviewed_on is None
