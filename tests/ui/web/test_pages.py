"""The public's pages over HTTP, from the real server: what they show, and what they never let through."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import httpx
import pytest
from gradio_client import Client

pytestmark = pytest.mark.slow
QUESTION = "How many day permits were issued in 2023?"
REPORTED = "The harbour office issued 1,977 day permits in 2023, clerk Jon Aas said."


@pytest.fixture(scope="module")
def client(address) -> Iterator[httpx.Client]:
    """Asks as an English reader's browser does."""
    with httpx.Client(
        base_url=address, headers={"accept": "text/html", "accept-language": "en"}, timeout=30
    ) as opened:
        yield opened


def ask(client, question=QUESTION):
    """The address of the answer that the page without JavaScript leads to."""
    done = client.post("/ask", data={"question": question})
    assert done.status_code == 303
    return done.headers["location"]


def is_answered(client, question):
    return 'class="prose"' in client.get(ask(client, question)).text.split('class="refusal"')[0]


def words_of(page):
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_the_first_visit_says_what_this_is_and_offers_what_can_be_answered(client):
    page = client.get("/").text
    assert "4 articles · 3 outlets · newest of April 2, 2024" in words_of(page)
    examples = [html.unescape(q) for q in re.findall(r'data-ask="([^"]+)"', page)]
    assert 1 <= len(examples) <= 6
    assert all(is_answered(client, question) for question in examples)


@pytest.mark.parametrize(
    ("accept", "words"),
    [("es", "¿Qué quiere saber?"), ("fr-CH", "Que voulez-vous savoir"), ("zh-CN", "您想了解什么")],
)
def test_the_browser_chooses_the_language_and_the_visitor_may_change_it(client, accept, words):
    page = client.get("/", headers={"accept-language": accept})
    assert words in page.text
    changed = client.get("/language?to=en", headers={"referer": f"{client.base_url}/articles?q=x"})
    assert changed.headers["location"] == "/articles?q=x"
    assert "What do you want to know?" in client.get("/", headers={"accept-language": accept}).text
    client.cookies.clear()


def test_the_language_leads_to_no_other_site(client):
    for referer in ("https://evil.example/x?y=z", f"{client.base_url}//evil.example", "http://["):
        to = client.get("/language?to=xx", headers={"referer": referer})
        assert re.match(r"/(?!/)", to.headers["location"])
        assert "set-cookie" not in to.headers


def test_an_answer_without_javascript_has_a_permanent_page(client):
    address = ask(client)
    page = client.get(address).text
    assert "1,977 day permits" in words_of(page)
    assert 'href="#s1"' in page
    assert 'id="s1"' in page
    assert "The sources have not changed since." in page
    assert "https://gazette.example/2023#:~:text=" in page
    assert client.get(f"{address}.txt").text.startswith("The harbour office issued 1,977")
    assert "[1]" in client.get(f"{address}.md").text
    assert client.get(f"{address}/part").json()["kind"] == "answer"


def test_next_questions_are_others_and_answered(client):
    questions = client.get(f"{ask(client)}/next").json()
    assert questions
    assert QUESTION not in questions
    assert all(is_answered(client, question) for question in questions)


def test_bad_questions_without_javascript_get_a_page(client):
    for question, words in (("", "Type a question first."), ("a" * 5000, "That is too long")):
        page = client.post("/ask", data={"question": question})
        assert page.status_code == 422
        assert words in page.text


@pytest.mark.parametrize(
    "path", ["/nothing", "/a/AAAAAAAAAAAAAAAA", "/articles/nothing", "/articles/ferry?version=9"]
)
def test_what_isnt_there_is_said_kindly(client, path):
    page = client.get(path)
    assert page.status_code == 404
    assert "There is nothing at this address" in page.text


def test_unreadable_parameters_are_said_kindly(client):
    for path in ("/articles?page=x", f"/articles/ferry?version={10**30}"):
        page = client.get(path)
        assert page.status_code == 422
        assert "That didn’t work" in page.text


def test_feedback_is_kept_and_checked(client):
    answer_id = ask(client).removeprefix("/a/")
    assert client.post("/feedback", json={"id": answer_id, "useful": False, "reason": "wrong"}).json() == {
        "status": "ok"
    }
    assert client.post("/feedback", json={"id": "unknown", "useful": True}).status_code == 404
    assert client.post("/feedback", json={"id": answer_id, "useful": True, "reason": "rude"}).status_code == 422


def test_the_corpus_is_open_to_look_at(client):
    page = client.get("/articles").text
    assert "<svg" in page
    assert "Harbour Law of 2023" in page
    assert "&lt;img src=x onerror=alert(1)&gt; Border office" in page
    found = words_of(client.get("/articles", params={"q": "permits harbour 2022"}).text)
    assert found.index("Harbour permits in 2022") < found.index("Harbour permits in 2023")
    only = client.get("/articles", params={"outlet": "El Faro de Puerto Gris"}).text
    assert "Refugios del norte" in only
    assert "Harbour permits" not in only


def test_an_article_is_readable_with_its_quote_marked(client):
    shown = words_of(client.get("/articles/permit/2023").text)
    assert "The office closes in winter." in shown
    start = len("The town of Westhaven has one harbour office.\n\nThe harbour office issued ")
    page = client.get(f"/articles/permit/2023?version=1&start={start}&end={start + 5}").text
    assert re.findall(r'<mark id="quote">(.*?)</mark>', page) == ["1,977"]
    assert page.count("<p>") >= 3
    assert "<mark" not in client.get("/articles/permit/2023?start=-5&end=0").text
    assert words_of(client.get("/articles/permit/2023?start=0&end=999999").text).count("1,977") == 1


def test_every_response_forbids_foreign_and_inline_scripts(client):
    for path in ("/", "/articles", "/nothing", "/healthz", "/static/chat.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy


def test_no_page_needs_what_the_policy_forbids(client):
    for path in ("/", "/articles", "/articles/ferry", ask(client)):
        page = client.get(path).text
        assert not re.search(r"<\w+[^>]*?\s(?:style|on\w+)=\"", re.sub(r'"[^"]*"', '""', page))
        assert re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page) in ([], [' type="application/json" id="settings"'])
        assert not re.search(r'src="(?!/)', page)


def test_files_are_kept_by_browsers_and_answers_are_not_crawled(client):
    address = re.search(r'"(/static/style\.css\?\w+)"', client.get("/").text)[1]
    assert "immutable" in client.get(address).headers["cache-control"]
    assert "Disallow: /a/" in client.get("/robots.txt").text


def test_gradios_clients_can_ask(address):
    result = Client(f"{address}/gradio", verbose=False).predict(QUESTION, [], {}, api_name="/ask")
    assert result["kind"] == "answer"
    assert "1,977" in result["html"]


def test_nobody_can_leave_files_here(client):
    sent = client.post("/gradio/gradio_api/upload", files={"files": ("x.txt", b"more than a byte")})
    assert sent.status_code == 413
    assert client.get("/gradio").headers["location"] == "/"
