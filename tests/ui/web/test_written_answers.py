"""A model writes for the web chat: its sentences arrive as they are verified, and who leaves ends the writing."""

import json
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest

from corpus import load_settings
from rag.assistant import Assistant
from ui.answer_log.log import AnswerLog
from ui.chat import respond
from ui.web.site import Site

pytestmark = pytest.mark.slow
QUESTION = "How many day permits were issued in 2023?"
RIGHT = "The harbour office issued 1,977 day permits in 2023, clerk Jon Aas said"
ENGINE = "/gradio/gradio_api/call/ask"
PATIENT = {"llm_ms": 60_000}  # a busy machine that tests run on is slower than any server


@pytest.fixture
def site_with(own_folder, model_server) -> Iterator[Callable]:
    """The site over an assistant whose model is scripted, and the model's server."""
    opened: list[tuple[Assistant, AnswerLog]] = []

    def start(script):
        server = model_server(script)
        settings = load_settings(data=own_folder, **server.settings, **PATIENT)
        assistant = Assistant.open(own_folder, settings)
        log = AnswerLog.open(own_folder, settings)
        opened.append((assistant, log))
        return Site.over(assistant, log), server

    yield start
    for assistant, log in opened:
        log.close()
        assistant.close()


def test_sentences_arrive_while_the_model_writes(site_with):
    goes_on = threading.Event()

    def script(_):
        yield f"{RIGHT} [1]. Most went to "
        goes_on.wait(60)
        yield "seasonal workers from the islands [1]. They came from 12 countries [1]."

    site, _ = site_with(script)
    seen = []
    for event in respond(site, QUESTION, [], {}):
        seen.append(event)
        if event["kind"] == "words":
            goes_on.set()
    words = [event["html"] for event in seen if event["kind"] == "words"]
    assert [html.count('class="sentence"') for html in words] == [1, 2]
    assert "1,977" in words[0]
    assert not any("[1" in html or "12 countries" in html for html in words)
    assert seen[-1]["kind"] == "answer"
    assert seen[-1]["reply"] == f"{RIGHT}. [1] Most went to seasonal workers from the islands. [2]"
    assert site.log.get(seen[-1]["id"]).answer.model == "scripted"


def test_nothing_is_shown_of_what_the_model_makes_up(site_with):
    site, _ = site_with(lambda _: ["The harbour office issued 7,791 day permits in 2023 [1]."])
    events = list(respond(site, QUESTION, [], {}))
    assert not any("7,791" in event.get("html", "") for event in events)
    assert "1,977" in events[-1]["html"], "it is quoted instead"


def test_the_engine_hears_from_a_slow_model_and_can_end_it(site_with):
    def script(_):
        while not server.over.wait(0.01):
            yield "and so on "

    site, server = site_with(script)
    events = respond(site, QUESTION, [], {})
    assert next(events) == {"kind": "waiting"}
    events.close()
    assert server.gone.wait(30)


def test_suggestions_ask_no_model(site_with):
    site, server = site_with(lambda _: [f"{RIGHT} [1]."])
    site.warm_up()
    assert site.suggestions.examples()
    assert server.requests == []


def test_a_visitor_who_leaves_stops_the_model(own_folder, model_server, serve):
    def script(_):
        yield f"{RIGHT} [1]. The "
        while not server.over.wait(0.05):
            yield "and so on "

    server = model_server(script)
    chosen = [part for pair in (server.settings | PATIENT).items() for part in ("--set", "{}={}".format(*pair))]
    with serve(own_folder, *chosen) as address, httpx.Client(base_url=address, timeout=60) as visitor:
        event = visitor.post(ENGINE, json={"data": [QUESTION, [], {}]}).json()["event_id"]
        with visitor.stream("GET", f"{ENGINE}/{event}") as stream:
            for line in stream.iter_lines():
                if line.startswith("data: [{") and json.loads(line[6:])[0]["kind"] == "words":
                    break
        assert not server.gone.is_set(), "the model was still writing"
        assert server.gone.wait(30)
    assert len(server.requests) == 1
