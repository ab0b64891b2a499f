"""Reviews: what may be said of an answer, that none overwrites another unseen, and that all can be undone."""

from __future__ import annotations

import json
import threading
from collections import Counter

import pytest

from corpus.errors import ForbiddenError, InputError, NotFoundError
from ui.staff.editing import Draft, Editor, EditRefusedError
from ui.staff.reviews import (
    MAX_NOTE,
    MAX_SECONDS,
    JudgedMeanwhileError,
    Judgement,
    Reviews,
    SentenceVerdict,
    Verdict,
)
from ui.staff.signing_off import SignedOff

pytestmark = pytest.mark.slow
SUPPORTED, PARTLY, NOT = SentenceVerdict
GOOD = Judgement(Verdict.GOOD, (SUPPORTED,))
WRONG = Judgement(Verdict.WRONG, (NOT,), "The year is another.")
QUESTION = "When did the ferry office in Westhaven reopen?"


@pytest.fixture
def editor(assistant):
    return Editor(assistant.store)


@pytest.fixture
def signed_off(assistant, log):
    return SignedOff(assistant, log.database)


@pytest.fixture
def reviews(log, editor, signed_off):
    return Reviews(log.database, editor, signed_off)


@pytest.fixture
def answer_id(log, make_answer):
    return log.record(make_answer(QUESTION))


def audited(log):
    with log.database.reading() as connection:
        rows = connection.execute("SELECT account, action, subject, detail FROM audit ORDER BY audit_id")
        return [(row["account"], row["action"], row["subject"], json.loads(row["detail"])) for row in rows]


def served(signed_off, make_answer):
    found = signed_off.serving(QUESTION, as_of=make_answer().as_of)
    return found and found.review_id


def test_a_review_is_kept_as_it_was_given(log, reviews, answer_id):
    review = reviews.judge(answer_id, "ana", WRONG, seen=None, seconds=8.26)
    assert reviews.of(answer_id) == [review]
    assert reviews.in_force(answer_id) == reviews.get(review.review_id) == review
    assert review.judgement == WRONG
    assert (review.reviewer, review.seconds, review.replaces, review.undone_at) == ("ana", 8.3, None, None)
    assert audited(log) == [
        ("ana", "review", answer_id, {"review": 1, "verdict": "wrong", "edited": False, "replaces": None})
    ]


def test_an_answer_that_lay_open_over_lunch_doesnt_count_as_hours(reviews, answer_id):
    assert reviews.judge(answer_id, "ana", GOOD, seen=None, seconds=1e9).seconds == MAX_SECONDS


@pytest.mark.parametrize(
    ("judgement", "why"),
    [
        (Judgement(Verdict.SHOULD_ANSWER, (SUPPORTED,)), "can't be judged"),
        (Judgement(Verdict.GOOD, ()), "verdicts"),
        (Judgement(Verdict.GOOD, (SUPPORTED, SUPPORTED)), "verdicts"),
        (Judgement(Verdict.GOOD, (NOT,)), "unsupported"),
        (Judgement(Verdict.WRONG, (NOT,), "x" * (MAX_NOTE + 1)), "note"),
    ],
)
def test_a_judgement_that_doesnt_fit_the_answer_is_refused(reviews, answer_id, judgement, why):
    with pytest.raises(InputError, match=why):
        reviews.judge(answer_id, "ana", judgement, seen=None)
    assert reviews.of(answer_id) == []


def test_a_refusal_has_verdicts_of_its_own(log, reviews, make_answer):
    refusal = log.record(make_answer(refused=True, confidence=0.4))
    with pytest.raises(InputError, match="A refusal can't be judged"):
        reviews.judge(refusal, "ana", Judgement(Verdict.SHOULD_REFUSE), seen=None)
    assert reviews.judge(refusal, "ana", Judgement(Verdict.SHOULD_ANSWER), seen=None).verdict == "should_answer"


def test_what_isnt_there_cant_be_judged_or_undone(reviews):
    with pytest.raises(NotFoundError):
        reviews.judge("none", "ana", GOOD, seen=None)
    with pytest.raises(NotFoundError):
        reviews.undo(7, "ana")


def test_a_reviewer_who_saw_no_review_doesnt_overwrite_one(reviews, answer_id):
    bens = reviews.judge(answer_id, "ben", WRONG, seen=None)
    with pytest.raises(JudgedMeanwhileError, match="ben judged") as conflict:
        reviews.judge(answer_id, "ana", GOOD, seen=None)
    assert conflict.value.review == bens
    assert reviews.in_force(answer_id) == bens
    anas = reviews.judge(answer_id, "ana", GOOD, seen=bens.review_id)  # she has seen it now
    assert anas.replaces == bens.review_id
    assert reviews.of(answer_id) == [anas, bens]


def test_a_reviewer_is_told_that_the_review_she_saw_was_undone(reviews, answer_id):
    bens = reviews.judge(answer_id, "ben", WRONG, seen=None)
    reviews.undo(bens.review_id, "ben")
    with pytest.raises(JudgedMeanwhileError, match="undone") as conflict:
        reviews.judge(answer_id, "ana", GOOD, seen=bens.review_id)
    assert conflict.value.review is None


def test_the_same_form_sent_twice_is_one_review(reviews, answer_id):
    first = reviews.judge(answer_id, "ana", GOOD, seen=None)
    assert reviews.judge(answer_id, "ana", GOOD, seen=None) == first
    with pytest.raises(JudgedMeanwhileError):  # another tab of hers says otherwise
        reviews.judge(answer_id, "ana", WRONG, seen=None)


def test_of_many_at_once_one_gets_through(reviews, answer_id):
    outcomes: Counter[str] = Counter()
    start = threading.Barrier(8)

    def judge(name):
        start.wait()
        try:
            reviews.judge(answer_id, name, WRONG, seen=None)
            outcomes["kept"] += 1
        except JudgedMeanwhileError:
            outcomes["conflict"] += 1

    threads = [threading.Thread(target=judge, args=(f"reviewer{i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"kept": 1, "conflict": 7}
    assert len(reviews.of(answer_id)) == 1


def test_undoing_brings_the_former_review_back(log, reviews, answer_id):
    first = reviews.judge(answer_id, "ben", WRONG, seen=None)
    second = reviews.judge(answer_id, "ana", GOOD, seen=first.review_id)
    with pytest.raises(JudgedMeanwhileError):
        reviews.undo(first.review_id, "ben")  # it isn't in force
    undone = reviews.undo(second.review_id, "ana")
    assert undone.undone_at is not None
    assert reviews.in_force(answer_id) == first
    assert reviews.undo(second.review_id, "ana") == undone  # pressed twice
    reviews.undo(first.review_id, "ben")
    assert reviews.in_force(answer_id) is None
    assert [review.undone_at is not None for review in reviews.of(answer_id)] == [True, True]
    assert [entry[1] for entry in audited(log) if entry[1] in ("review", "undo")] == [
        "review",
        "review",
        "undo",
        "undo",
    ]


def test_anothers_review_is_undone_by_an_admin_only(reviews, answer_id):
    review = reviews.judge(answer_id, "ana", GOOD, seen=None)
    with pytest.raises(ForbiddenError, match="ana's"):
        reviews.undo(review.review_id, "ben")
    assert reviews.in_force(answer_id) == review
    reviews.undo(review.review_id, "ben", admin=True)
    assert reviews.in_force(answer_id) is None


def test_visitors_answers_never_wait_for_a_judgements_embedding(log, reviews, answer_id, assistant, monkeypatch):
    embedding = assistant.index.embedding
    inside = []
    real = type(embedding)._embed_query

    def noted(self, query):
        inside.append(log.database.connection().in_transaction)
        return real(self, query)

    monkeypatch.setattr(type(embedding), "_embed_query", noted)
    embedding.forget_queries()
    review = reviews.judge(answer_id, "ana", GOOD, seen=None)
    second = reviews.judge(answer_id, "ben", GOOD, seen=review.review_id)
    embedding.forget_queries()
    reviews.undo(second.review_id, "ben")
    monkeypatch.undo()
    embedding.forget_queries()
    assert inside == [False, False]


def test_what_is_good_is_served_until_it_is_judged_otherwise_or_undone(reviews, signed_off, answer_id, make_answer):
    first = reviews.judge(answer_id, "ana", GOOD, seen=None)
    assert served(signed_off, make_answer) == first.review_id
    second = reviews.judge(answer_id, "ben", WRONG, seen=first.review_id)
    assert served(signed_off, make_answer) is None
    reviews.undo(second.review_id, "ben")
    assert served(signed_off, make_answer) == first.review_id
    reviews.undo(first.review_id, "ana")
    assert served(signed_off, make_answer) is None


def test_an_edited_answer_is_served_instead_of_the_wrong_one(log, reviews, signed_off, editor, make_answer):
    answer = make_answer(QUESTION, "ferry", "visa")
    answer_id = log.record(answer)
    edited = editor.compose(answer, Draft.of(answer).without(1))
    review = reviews.judge(answer_id, "ana", Judgement(Verdict.WRONG, (SUPPORTED, NOT), "", edited), seen=None)
    assert reviews.get(review.review_id).edited == edited
    found = signed_off.serving(QUESTION, as_of=answer.as_of)
    assert found.review_id == review.review_id
    assert [c.article_id for c in found.answer.citations] == ["ferry"]


def test_a_good_answer_with_its_unsupported_sentence_dropped_is_good(log, reviews, editor, make_answer):
    answer = make_answer(QUESTION, "ferry", "visa")
    edited = editor.compose(answer, Draft.of(answer).without(1))
    judgement = Judgement(Verdict.GOOD, (SUPPORTED, NOT), "", edited)
    assert reviews.judge(log.record(answer), "ana", judgement, seen=None).edited == edited


def test_a_forged_edit_is_never_kept(reviews, answer_id, make_answer):
    answer = make_answer(QUESTION)
    sentence = answer.sentences[0].model_copy(update={"text": "The ferry office never reopened."})
    forged = answer.model_copy(update={"sentences": (sentence,)})
    with pytest.raises(EditRefusedError):
        reviews.judge(answer_id, "ana", Judgement(Verdict.WRONG, (NOT,), "", forged), seen=None)
    assert reviews.of(answer_id) == []


def test_a_complaint_about_a_served_answer_takes_it_back_for_everybody(
    log, reviews, signed_off, answer_id, make_answer
):
    first = reviews.judge(answer_id, "ana", GOOD, seen=None)
    given = signed_off.serving(QUESTION, as_of=make_answer().as_of)
    again = log.record(given.answer, review_id=first.review_id)
    reviews.judge(again, "ben", Judgement(Verdict.OUTDATED, (SUPPORTED,)), seen=None)
    assert served(signed_off, make_answer) is None
