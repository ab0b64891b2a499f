"""Reviewed answers become golden cases, and `passage eval` scores them."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from corpus.errors import InputError, NotFoundError
from eval.datasets import Benchmark
from eval.growing import Status
from rag.answer import Turn
from ui.cli import run
from ui.staff.editing import Editor
from ui.staff.promotion import Promotion
from ui.staff.reviews import Judgement, Reviews, SentenceVerdict, Verdict
from ui.staff.signing_off import SignedOff

pytestmark = pytest.mark.slow
QUESTION = "When did the ferry office in Westhaven reopen?"
GOOD = Judgement(Verdict.GOOD, (SentenceVerdict.SUPPORTED,))
DAY = date(2024, 6, 1)


@pytest.fixture
def reviews(assistant, log):
    return Reviews(log.database, Editor(assistant.store), SignedOff(assistant, log.database))


@pytest.fixture
def promotion(assistant, log):
    def embed(text):
        return np.array(assistant.index.embedding.get_query_embedding(text), np.float32)

    return Promotion(log.database, assistant.store, embed)


@pytest.fixture
def judged(log, reviews, make_answer):
    def make(question=QUESTION, judgement=GOOD, history=(), cites="ferry", **values):
        answer_id = log.record(make_answer(question, cites, **values), history)
        reviews.judge(answer_id, "ana", judgement, seen=None)
        return answer_id

    return make


def test_a_good_answer_is_a_case_with_what_it_cites(judged, promotion, articles):
    done = promotion.promote(judged(), "ana")
    query = done.case.query
    assert done.outcome.status is Status.ADDED
    assert (query.text, query.kind, query.split, query.answerable, query.as_of) == (
        QUESTION,
        "date",
        "gate",
        True,
        DAY,
    )
    assert query.answers[0] == "3 March 2024"
    assert query.answers[1] in articles[0].text
    assert done.case.grades == {"ferry": 1}
    assert done.case.documents[0]["text"] == articles[0].text


def test_what_should_have_been_refused_is_a_case_without_an_answer(judged, promotion):
    done = promotion.promote(judged(judgement=Judgement(Verdict.SHOULD_REFUSE, (None,))), "ana")
    assert (done.case.query.answerable, done.case.query.answers, done.case.grades) == (False, (), {"ferry": 0})


def test_what_should_have_been_answered_is_a_case_that_must_not_be_refused(judged, promotion):
    question = "How many passengers asked for refunds?"
    done = promotion.promote(judged(question, Judgement(Verdict.SHOULD_ANSWER), refused=True), "ana")
    assert (done.case.query.answerable, done.case.query.kind, done.case.grades) == (True, "number", {})


@pytest.mark.parametrize("verdict", [Verdict.WRONG, Verdict.INCOMPLETE, Verdict.OUTDATED])
def test_a_review_that_does_not_say_what_is_right_is_no_case(judged, promotion, verdict):
    with pytest.raises(InputError, match="what is wrong"):
        promotion.promote(judged(judgement=Judgement(verdict, (None,))), "ana")


def test_an_answer_without_a_review_is_no_case(log, make_answer, promotion):
    with pytest.raises(InputError, match="no review"):
        promotion.promote(log.record(make_answer()), "ana")
    with pytest.raises(NotFoundError):
        promotion.promote("nobody", "ana")


def test_a_follow_up_takes_its_conversation_along_and_nobodys_data(judged, promotion):
    history = (Turn(role="user", content="I am jo@example.com; is the ferry office open?"),)
    query = promotion.promote(judged("And when did it reopen, jo@example.com?", history=history), "ana").case.query
    assert query.kind == "followup"
    assert "jo@example.com" not in query.model_dump_json()
    assert "[e-mail address]" in query.history[0].content


def test_contradictions_are_found_at_promotion_and_not_promoted(judged, promotion):
    first = promotion.promote(judged(), "ana")
    paraphrase = judged(
        "On what date did Westhaven's ferry office reopen?", Judgement(Verdict.SHOULD_REFUSE, (None,))
    )
    second = promotion.promote(paraphrase, "ben")
    assert (second.outcome.status, second.outcome.other) == (Status.CONTRADICTION, first.case.query.id)
    assert [case.query.text for case in promotion.cases()] == [QUESTION]


def test_of_two_who_promote_the_same_at_once_one_is_told(judged, assistant, log):
    first, second = judged(), judged("On what date did Westhaven's ferry office reopen?")
    promoted = []

    def embed(text):
        assert not log.database.connection().in_transaction  # visitors' answers don't wait for it
        if not promoted:
            promoted.append(None)
            promoted[0] = Promotion(log.database, assistant.store, embed).promote(first, "ben")
        return np.array(assistant.index.embedding.get_query_embedding(text), np.float32)

    third = judged("How high is the quota for seasonal visas?", cites="visa")
    Promotion(log.database, assistant.store, embed).promote(third, "ana")
    done = Promotion(log.database, assistant.store, embed).promote(second, "ana")
    assert promoted[0].outcome.status is Status.ADDED
    assert (done.outcome.status, done.outcome.other) == (Status.DUPLICATE, promoted[0].case.query.id)


def test_undone_and_replaced_reviews_are_cases_no_longer(judged, promotion, reviews):
    undone, replaced = judged(), judged("How high is the quota for seasonal visas?", cites="visa")
    promotion.promote(undone, "ana")
    promotion.promote(replaced, "ana")
    reviews.undo(reviews.in_force(undone).review_id, "ana")
    reviews.judge(replaced, "ben", Judgement(Verdict.WRONG, (None,)), seen=reviews.in_force(replaced).review_id)
    assert promotion.cases() == []


def test_only_what_was_promoted_since_a_day_is_taken(judged, promotion):
    promotion.promote(judged(), "ana")
    assert len(promotion.cases(date(2020, 1, 1))) == 1
    assert promotion.cases(date(2100, 1, 1)) == []


def test_the_command_adds_them_to_a_folder_that_passage_eval_scores(
    judged, promotion, assistant, log, data, tmp_path, capsys
):
    promotion.promote(judged(), "ana")
    promotion.promote(
        judged("How many lighthouses does Ravensholm have?", Judgement(Verdict.GOOD), refused=True), "ana"
    )
    log.close()
    assistant.close()
    folder = tmp_path / "golden"
    assert run(["staff", "export-golden", str(folder), "--data", str(data)]) == 0
    assert "2 cases added" in capsys.readouterr().out
    assert [query.answerable for query in Benchmark(folder).queries] == [True, False]
    assert run(["staff", "export-golden", str(folder), "--data", str(data)]) == 0
    assert "0 cases added" in capsys.readouterr().out

    assert run(["eval", str(folder), "--cache", str(tmp_path / "cache"), "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)["metrics"]
    assert metrics["answer contained"]["overall"]["value"] == 1.0
    assert metrics["decided rightly"]["overall"]["n"] == 2
