"""What the queue and the review screen answer to requests, also to ones that no page of theirs would send."""

from __future__ import annotations

import re
import time

import pytest

from ui.answer_log.models import Feedback

pytestmark = pytest.mark.slow


@pytest.fixture
def answer_id(console, make_answer):
    """An answer from articles that are no longer in the corpus."""
    return console.log.record(make_answer("When did it reopen?", "ferry", "visa"))


@pytest.fixture
def send(reviewer, answer_id):
    """Sends the review form as the page has it, with some fields changed; None leaves a field out."""
    page = reviewer.get(f"/staff/answers/{answer_id}").text
    fields = {
        name: value.replace("&#34;", '"')
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    }

    def post(path=f"/staff/answers/{answer_id}/review", **changes):
        data = {name: value for name, value in (fields | changes).items() if value is not None}
        return reviewer.post(path, data=data)

    return post


def in_force(console, answer_id):
    with console.log.database.reading() as connection:
        return connection.execute(
            "SELECT count(*) FROM reviews WHERE answer_id = ? AND undone_at IS NULL", (answer_id,)
        ).fetchone()[0]


def test_a_verdict_leads_to_the_next_answer_and_the_last_one_to_the_list(
    console, reviewer, send, answer_id, make_answer
):
    other = console.log.record(make_answer("What is the quota?", "visa", confidence=0.95))
    response = send(verdict="wrong", s0="supported")
    assert response.status_code == 303
    assert response.headers["location"] == f"/staff/answers/{other}?done=1"
    assert "Saved:" in reviewer.get(response.headers["location"]).text
    response = send(f"/staff/answers/{other}/review", verdict="wrong", seen="")
    assert response.headers["location"] == "/staff?done=2"
    assert "All judged" in reviewer.get(response.headers["location"]).text


def test_the_filter_stays_from_answer_to_answer(reviewer, send, answer_id):
    page = reviewer.get(f"/staff/answers/{answer_id}?votes=none&words=reopen").text
    assert f'action="/staff/answers/{answer_id}/review?votes=none&amp;words=reopen"' in page
    response = send(f"/staff/answers/{answer_id}/review?votes=none&words=reopen", verdict="wrong")
    assert response.headers["location"] == "/staff?votes=none&words=reopen&done=1"


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": None}, {"verdict": "excellent"}, {"verdict": "should_answer"}, {"verdict": "good", "s0": "maybe"},
        {"verdict": "good", "s0": "not"}, {"verdict": "wrong", "seen": "first"}, {"verdict": "wrong", "opened": "x"},
        {"verdict": "wrong", "heard": "1e9"}, {"verdict": "wrong", "heard": "9" * 40},
        {"verdict": "wrong", "note": "x" * 2001},
        {"verdict": "wrong", "editing": "yes", "line": "A line.", "places": None},
        {"verdict": "wrong", "editing": "yes", "line": "A line.", "places": "nowhere"},
        {"verdict": "wrong", "editing": "yes", "line": "A line.", "places": "1:0-7:gone"},
        {"verdict": "wrong", "editing": "yes", "line": "A line.", "places": "9" * 40 + ":0-7:ferry"},
        {"verdict": "wrong", "editing": "yes"},
    ],
)  # fmt: skip
def test_a_form_that_makes_no_sense_is_refused_in_words(console, send, answer_id, changes):
    response = send(**changes)
    assert response.status_code == 422
    assert 'role="alert"' in response.text or "can’t be used" in response.text
    assert in_force(console, answer_id) == 0


def test_odd_numbers_do_no_harm(console, send, answer_id):
    response = send(verdict="wrong", opened=str(time.time() + 1e6), cursor="1e999:-1", heard="99999999")
    assert response.status_code == 303
    with console.log.database.reading() as connection:
        assert connection.execute("SELECT seconds FROM reviews").fetchone()[0] == 0
    console.log.feedback(answer_id, Feedback(useful=False))


@pytest.mark.parametrize("path", ["/staff?page=0", "/staff?page=x", "/staff?page=1e9"])
def test_an_odd_page_number_is_refused(reviewer, path):
    assert reviewer.get(path).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/staff?page=99999", "/staff?state=x&signal=y&since=z&words=%22*%28", "/staff/next?after=x", "/staff?done=x"],
)
def test_odd_addresses_show_the_list(reviewer, answer_id, path):
    assert reviewer.get(path).status_code in (200, 303)


def test_a_colleagues_verdict_is_shown_with_409_and_not_overwritten(console, new_browser, send, answer_id):
    colleague = new_browser()
    colleague.sign_in("ada")
    page = colleague.get(f"/staff/answers/{answer_id}").text
    token = re.search(r'name="csrf" (?:content|value)="([^"]+)"', page)[1]
    data = {"csrf": token, "verdict": "incomplete", "note": "What does it cost?", "seen": ""}
    assert colleague.post(f"/staff/answers/{answer_id}/review", data=data).status_code == 303
    response = send(verdict="wrong", note="Mine stays in the form.")
    assert response.status_code == 409
    for words in ("ada judged this answer", "What does it cost?", "Mine stays in the form.", 'name="seen" value="1"'):
        assert words in response.text
    assert send(verdict="wrong", seen="1").status_code == 303
    assert console.log.database.connection().execute("SELECT count(*) FROM reviews").fetchone()[0] == 2


def test_only_the_reviewer_or_an_admin_undoes(console, new_browser, reviewer, send, answer_id):
    send(verdict="wrong")
    admin = new_browser()
    admin.sign_in("ada")
    token = admin.token(f"/staff/answers/{answer_id}")
    assert admin.post("/staff/reviews/1/undo", data={"csrf": token}).status_code == 303
    admins = admin.post(f"/staff/answers/{answer_id}/review", data={"csrf": token, "verdict": "wrong", "seen": ""})
    assert admins.status_code == 303
    mine = reviewer.token(f"/staff/answers/{answer_id}")
    assert "/staff/reviews/2/undo" not in reviewer.get(f"/staff/answers/{answer_id}").text
    assert reviewer.post("/staff/reviews/2/undo", data={"csrf": mine}).status_code == 403
    assert reviewer.post("/staff/reviews/77/undo", data={"csrf": mine}).status_code == 404
    assert in_force(console, answer_id) == 1


def test_articles_that_are_gone_are_said_to_be(reviewer, answer_id):
    page = reviewer.get(f"/staff/answers/{answer_id}").text
    assert page.count("The article isn’t in the corpus.") == 2
    assert "The ferry office in Westhaven reopened" in page


def test_an_edit_of_what_is_gone_is_refused_with_the_reason(send, answer_id):
    response = send(f"/staff/answers/{answer_id}/edit", do="open")
    assert response.status_code == 200
    assert "isn&#39;t in the corpus" in response.text
    for action in ("fly", "use:nowhere", "up:x"):
        assert send(f"/staff/answers/{answer_id}/edit", do=action).status_code == 422
    assert send(f"/staff/answers/{answer_id}/edit", do="drop:99").status_code == 200
