"""An approved answer as the public sees it, and promoting it over HTTP."""

from __future__ import annotations

import pytest

from rag.answer import Answer, Citation, Sentence
from ui.staff.editing import Editor
from ui.staff.reviews import Judgement, Reviews, SentenceVerdict, Verdict
from ui.staff.signing_off import SignedOff

pytestmark = pytest.mark.slow
QUESTION = "When did the ferry office in Westhaven reopen?"
PARAPHRASE = "On what date did Westhaven's ferry office reopen?"


@pytest.fixture
def answer_id(console, articles):
    """A logged answer that a reviewer approved."""
    console.assistant.store.upsert(articles)
    console.assistant.index.sync()
    quote = articles[0].text.split("\n")[0]
    answer = Answer(
        question=QUESTION, answer=f"{quote} [1]", refused=False,
        sentences=(Sentence(text=quote, citations=(1,), support=1.0),),
        citations=(Citation(n=1, article_id="ferry", version=1, title=articles[0].title, source="Westhaven Gazette",
                            url=None, published=articles[0].published, quote=quote, start=0, end=len(quote)),),
        confidence=0.9, as_of="2024-06-01", model="extractive", settings="0" * 12, timings_ms={"total": 31.0},
    )  # fmt: skip
    answer_id = console.log.record(answer)
    signed_off = SignedOff(console.assistant, console.log.database)
    reviews = Reviews(console.log.database, Editor(console.assistant.store), signed_off)
    reviews.judge(answer_id, "ria", Judgement(Verdict.GOOD, (SentenceVerdict.SUPPORTED,)), seen=None)
    return answer_id


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Reviewed by staff on"),
        ("es", "Revisado por el equipo el"),
        ("fr", "Vérifié par l’équipe le"),
        ("zh-Hans", "工作人员已审核："),
    ],
)
def test_a_visitor_sees_that_staff_reviewed_it(answer_id, new_browser, language, words):
    visitor = new_browser()
    visitor.cookies.set("language", language)
    link = visitor.post("/ask", data={"question": PARAPHRASE}).headers["location"]
    assert words in visitor.get(link).text
    assert words in visitor.get(f"{link}/part").json()["html"]
    assert words in visitor.get(f"{link}.txt").text
    assert words not in visitor.get(f"/a/{answer_id}").text  # as it was given then


def test_an_answer_that_nobody_reviewed_says_nothing_of_it(answer_id, new_browser):
    visitor = new_browser()
    link = visitor.post("/ask", data={"question": "How much does a day permit cost?"}).headers["location"]
    assert "Reviewed by staff" not in visitor.get(link).text


def test_a_reviewer_promotes_an_answer(answer_id, reviewer):
    path = f"/staff/answers/{answer_id}/promote"
    headers = {"X-CSRF-Token": reviewer.token("/staff"), "accept": "application/json"}
    done = reviewer.post(path, headers=headers).json()
    assert (done["status"], done["problems"]) == ("added", [])
    assert done["case"]["text"] == QUESTION
    again = reviewer.post(path, headers=headers).json()
    assert (again["status"], again["problems"]) == ("known", [])
    page = reviewer.post(path, data={"csrf": headers["X-CSRF-Token"]})
    assert (page.status_code, page.headers["location"]) == (303, f"/staff/answers/{answer_id}?golden=known")


def test_nobody_else_does(answer_id, reviewer, new_browser, console):
    path = f"/staff/answers/{answer_id}/promote"
    assert new_browser().post(path, headers={"accept": "application/json"}).status_code == 401
    assert reviewer.post(path, headers={"X-CSRF-Token": "forged"}).status_code == 403
    with console.log.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM promoted").fetchone()[0] == 0


def test_an_unreviewed_answer_is_refused_with_what_to_do(console, reviewer, answer_id):
    logged = console.log.record(console.log.get(answer_id).answer)
    done = reviewer.post(f"/staff/answers/{logged}/promote", headers={"X-CSRF-Token": reviewer.token("/staff")})
    assert done.status_code == 422


def test_the_embedding_is_shared_with_retrieval(console, answer_id):
    before = console.assistant.index.embedding.pieces_embedded
    signed_off = SignedOff(console.assistant, console.log.database)
    assert signed_off.serving("Who runs the ferry office in Westhaven?") is None
    asked = console.assistant.index.embedding.pieces_embedded
    assert asked > before
    console.assistant.search("Who runs the ferry office in Westhaven?")
    assert console.assistant.index.embedding.pieces_embedded == asked
