"""What a visitor sees of an answer as it arrives, from the real assistant; and what happens when something fails."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from corpus.errors import ServiceError, StoreError
from rag.answer import Note, Reason
from ui.answer_log.log import AnswerLog
from ui.chat import respond
from ui.web.languages import load_language
from ui.web.site import Site

pytestmark = pytest.mark.slow
QUESTION = "How many day permits were issued in 2023?"


@pytest.fixture
def site(assistant, tmp_path) -> Iterator[Site]:
    log = AnswerLog.open(tmp_path, assistant.index.settings)
    yield Site.over(assistant, log)
    log.close()


def events(site, question, history=(), **options):
    return list(respond(site, question, list(history), options))


def test_an_answer_arrives_in_pieces_and_then_whole(site):
    *pieces, last = events(site, QUESTION)
    assert pieces
    assert all(piece["kind"] == "words" for piece in pieces)
    assert "1,977 day permits" in pieces[-1]["html"]
    assert last["kind"] == "answer"
    assert "1,977 day permits" in last["html"]
    assert "[1]" in last["reply"]
    assert site.log.get(last["id"]).answer.question == QUESTION


def test_the_marked_words_are_the_quote(site):
    last = events(site, QUESTION)[-1]
    citation = site.log.get(last["id"]).answer.citations[0]
    assert re.findall(r'<mark data-n="1">(.*?)</mark>', last["html"], re.S) == [html.escape(citation.quote)]


def test_a_follow_up_is_understood(site):
    first = events(site, QUESTION)[-1]
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": first["reply"]}]
    assert "1,412" in events(site, "And in 2022?", history)[-1]["html"]


@pytest.mark.parametrize("question", ["", "   \n", "\u200b\u202e"])
def test_nothing_asked_is_said_in_the_visitors_language(site, question):
    (event,) = events(site, question, interface="es")
    assert event == {"kind": "trouble", "words": "Escriba primero una pregunta.", "again": False}


def test_a_question_that_is_too_long_is_not_cut(site):
    (event,) = events(site, "a" * 10_000)
    assert "1,000 characters" in event["words"]


@pytest.mark.parametrize(
    "question",
    [
        "'; DROP TABLE answers; --",
        "<script>alert(1)</script>",
        "🛂🛃❓",
        "متى أعيد فتح المكتب؟",
        '"AND (NEAR*',
        "\u202etxet",
    ],
)
def test_odd_questions_are_answered_or_refused(site, question):
    last = events(site, question)[-1]
    assert last["kind"] == "answer"
    assert "<script" not in last["html"]


@pytest.mark.parametrize(
    "options", [{"since": "soon"}, {"as_of": "2024-99-01"}, {"since": "2024-02-01", "until": "2023-01-01"}]
)
def test_dates_that_make_no_sense_are_said(site, options):
    (event,) = events(site, QUESTION, **options)
    assert event["words"].startswith("The period ends before")


@pytest.mark.parametrize("error", [ServiceError("Chroma is away."), RuntimeError("/home/secret")])
def test_a_failing_index_is_said_and_can_be_retried(site, error):
    def fail(*_, **__):
        raise error

    # An index that fails.
    broken = replace(
        site, assistant=SimpleNamespace(stream=fail, index=site.assistant.index, store=site.assistant.store)
    )
    (event,) = events(broken, QUESTION, interface="fr")
    assert event["again"]
    assert event["words"].startswith("Une erreur")
    assert "secret" not in event["words"]


def test_a_failure_in_mid_answer_is_said(site):
    def fail(*_, **__):
        raise OSError("disk")

    pages = SimpleNamespace(sentences=site.pages.sentences, answer=fail)  # a page that can't be made
    broken = replace(site, pages=pages)
    *pieces, last = events(broken, QUESTION)
    assert pieces
    assert last["kind"] == "trouble"


@pytest.mark.parametrize(
    "error", [StoreError("The disk is full."), OSError("disk"), sqlite3.OperationalError("broken")]
)
def test_a_failing_log_costs_the_link_and_not_the_answer(site, caplog, error):
    def fail(*_, **__):
        raise error

    log = SimpleNamespace(record=fail, settings=site.log.settings)  # a log that can't be written
    broken = replace(site, log=log)
    last = events(broken, QUESTION)[-1]
    assert last["kind"] == "answer"
    assert last["id"] == ""
    assert "1,977 day permits" in last["html"]
    assert "/a/" not in last["html"]
    assert 'data-do="link"' not in last["html"]
    assert "no permanent link" in caplog.text


def test_the_conversation_is_kept_with_its_answer(site):
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "1,977. [1]"}]
    last = events(site, "And in 2022?", history)[-1]
    assert [turn.model_dump() for turn in site.log.get(last["id"]).history] == history


def test_what_names_a_visitor_is_answered_and_not_kept(site):
    last = events(site, f"I'm anna@example.org. {QUESTION}")[-1]
    assert "1,977 day permits" in last["html"]
    assert site.log.get(last["id"]).answer.question == f"I'm [e-mail address]. {QUESTION}"


def test_what_an_article_says_is_shown_and_never_markup(site):
    last = events(site, "What did director Petra Holm say about the border office?")[-1]
    assert "&lt;b&gt;Oakmere&lt;/b&gt;" in last["html"]
    assert "&lt;img src=x" in last["html"]
    assert "<img" not in last["html"]
    assert "<script" not in last["html"]
    assert "javascript:" not in last["html"]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_to_refuse_has_its_words(site, make_answer, reason):
    page = site.pages.answer(site.record(make_answer(refused=True, reason=reason)), load_language("en"))
    assert load_language("en").strings[f"refused.{reason}"] in html.unescape(page)


def test_notes_of_any_kind_are_shown(site, make_answer):
    answer = make_answer(notes=(Note(kind="conflict", text="One says <b>5</b>, another 6."),))
    page = site.pages.answer(site.record(answer), load_language("en"))
    assert "Reports differ." in page
    assert "One says &lt;b&gt;5&lt;/b&gt;, another 6." in page
