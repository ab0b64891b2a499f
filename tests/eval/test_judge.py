"""The judge asks a real server on this machine that speaks OpenAI's protocol; what the model says there is canned."""

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpus.errors import ServiceError
from eval.judge import CORRECTNESS, FAITHFULNESS, NO_VERDICT, RELEVANCY, judge_report, open_llm
from eval.report import Question, Report
from rag.answer import Answer, Citation, Reason, Sentence, Turn

Reply = str | int
"""What the model says, or the status that the server fails with."""

QUOTE = "The ferry to Gull Island costs 18 crowns."


class Server(ThreadingHTTPServer):
    """Answers chat completions with `reply(prompt)` and keeps every request and its key."""

    daemon_threads = True

    def __init__(self, reply: Callable[[str], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply = reply
        self.requests: list[dict] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    @property
    def prompts(self) -> list[str]:
        """What was asked after the test request of `open_llm`."""
        return [prompt_of(request) for request in self.requests[1:]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(request)
        self.server.keys.append(self.headers["Authorization"])
        reply: Reply = 404 if self.path != "/v1/chat/completions" else self.server.reply(prompt_of(request))
        content = {"error": {"message": "It was refused."}} if isinstance(reply, int) else completion(reply)
        body = json.dumps(content).encode()
        self.send_response(reply if isinstance(reply, int) else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def prompt_of(request: dict) -> str:
    return "\n".join(message["content"] for message in request["messages"])


def completion(text: str) -> dict:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "canned", "choices": [choice]}


def say(
    faithful: Reply = "YES", relevant: Reply = "YES", correct: Reply = "4.0\nIt agrees."
) -> Callable[[str], Reply]:
    """A reply for each evaluator; they are told apart by what LlamaIndex asks them."""

    def reply(prompt: str) -> Reply:
        if "expert evaluation system" in prompt:
            return correct
        if "Query and Response" in prompt:
            return relevant
        return faithful if "piece of information" in prompt else "YES"

    return reply


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[str], Reply]], Server]]:
    """Start a server with a reply; all are ended after the test."""
    started: list[tuple[Server, threading.Thread]] = []

    def start(reply: Callable[[str], Reply]) -> Server:
        server = Server(reply)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(refused: bool = False) -> Answer:
    citation = Citation(
        n=1, article_id="ferry", version=1, title="Ferry", source="Gazette", url=None, published=None,
        quote=QUOTE, start=0, end=len(QUOTE),
    )  # fmt: skip
    return Answer(
        question="What does the ferry cost?",
        answer="Nothing was found." if refused else "It costs 18 crowns. [1]",
        refused=refused,
        reason=Reason.NOT_COVERED if refused else None,
        sentences=() if refused else (Sentence(text="It costs 18 crowns.", citations=(1,), support=0.9),),
        citations=() if refused else (citation,),
        confidence=0.8,
        as_of="2024-05-01",
        model="extractive",
        settings="0" * 12,
        timings_ms={},
    )


def question(identifier: str, given: Answer | None, kind: str = "", history: tuple[Turn, ...] = ()) -> Question:
    return Question(
        id=identifier, text=f"What does ferry {identifier} cost?", kind=kind, history=history, as_of=None,
        answerable=True, wanted=(), must_contain=(), relevant=("ferry",), ranking=("ferry",), answer=given,
        error="", metrics={"RR@10": 1.0}, retrieve_ms=1.0, ask_ms=2.0,
    )  # fmt: skip


def report(*questions: Question) -> Report:
    return Report(
        benchmark="ferries", corpus_hash="a", questions_hash="b", documents=1, split="", created="2024-05-01",
        settings_hash="c", settings={}, model_fingerprint="d", index_fingerprint="e", versions={}, commit=None,
        machine={}, metrics={}, questions=questions,
    )  # fmt: skip


def test_verdicts_are_kept_by_question_and_aggregated_per_kind(serve) -> None:
    server = serve(lambda prompt: "NO" if "piece of information" in prompt and "harbour" in prompt else say()(prompt))
    told = answer().model_copy(
        update={"sentences": (Sentence(text="Ask at the harbour.", citations=(1,), support=0.5),)}
    )
    before = report(question("1", answer(), "price"), question("2", told, "place"))
    steps: list[tuple[str, int, int]] = []
    llm = open_llm("canned", server.url, "secret")
    after = judge_report(before, llm, "canned 1.0", {"1": "18 crowns"}, lambda *step: steps.append(step))

    assert after.judge == "canned 1.0"
    assert after.questions[0].judged == {FAITHFULNESS: 1.0, RELEVANCY: 1.0, CORRECTNESS: 4.0}
    assert after.questions[1].judged == {FAITHFULNESS: 0.0, RELEVANCY: 1.0}
    assert (after.judged[FAITHFULNESS].overall.value, after.judged[FAITHFULNESS].overall.n) == (0.5, 2)
    assert {kind: value.value for kind, value in after.judged[FAITHFULNESS].kinds.items()} == {"price": 1, "place": 0}
    assert (after.judged[CORRECTNESS].overall.value, after.judged[CORRECTNESS].overall.n) == (4.0, 1)
    assert set(after.judged[CORRECTNESS].kinds) == {"price"}
    assert (after.judged[NO_VERDICT].overall.value, after.judged[NO_VERDICT].overall.n) == (0.0, 5)
    assert steps == [("judging", 1, 2), ("judging", 2, 2)]
    assert before.judge is None
    assert not before.questions[0].judged
    assert after.metrics == before.metrics
    assert Report.model_validate_json(after.model_dump_json()) == after


def test_the_judge_sees_quotes_reference_and_conversation_and_is_asked_at_temperature_0(serve) -> None:
    server = serve(say())
    history = (Turn(role="user", content="Is there a ferry?"), Turn(role="assistant", content="Yes, every hour."))
    judge_report(report(question("1", answer(), history=history)), open_llm("m", server.url), "m", {"1": "18 crowns"})
    faithful = next(prompt for prompt in server.prompts if "piece of information" in prompt)
    relevant = next(prompt for prompt in server.prompts if "Query and Response" in prompt)
    correct = next(prompt for prompt in server.prompts if "expert evaluation system" in prompt)
    assert QUOTE in faithful
    assert QUOTE in relevant
    assert "It costs 18 crowns.\n" in faithful
    assert "[1]" not in faithful + relevant + correct
    assert "18 crowns" in correct.split("## Reference Answer")[1].split("## Generated Answer")[0]
    assert "every hour" in relevant
    assert "every hour" in correct
    assert {(request["model"], request["temperature"]) for request in server.requests} == {("m", 0.0)}


def test_what_was_not_answered_is_not_judged(serve) -> None:
    server = serve(say())
    after = judge_report(
        report(question("1", answer(refused=True)), question("2", None)), open_llm("m", server.url), "m", {"1": "x"}
    )
    assert after.judge == "m"
    assert after.judged == {}
    assert server.prompts == []


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("YES", 1.0),
        ("Yes, it does. No doubt.", 1.0),
        ("NO, that was yesterday.", 0.0),
        ("<think>Yes? Rather not.</think>\nNO", 0.0),
        ("Answer: no", 0.0),
        ("", None),
        ("I can't tell.", None),
        (400, None),
    ],
)
def test_an_evaluator_without_a_verdict_is_left_out(serve, said: Reply, wanted: float | None) -> None:
    after = judge_report(report(question("1", answer())), open_llm("m", serve(say(faithful=said)).url), "m", {})
    assert after.questions[0].judged.get(FAITHFULNESS) == wanted
    assert after.questions[0].judged[RELEVANCY] == 1.0
    assert (FAITHFULNESS in after.judged) is (wanted is not None)
    missing = after.judged[NO_VERDICT].overall
    assert (missing.value, missing.n) == (0.5 if wanted is None else 0.0, 2)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("5.0\nSame.", 5.0),
        ("4.5", 4.5),
        ("Score: 2\n\nHalf of it.", 2.0),
        ("**3**", 3.0),
        ("4/5", 4.0),
        ("12\nToo high.", None),
        ("0", None),
        ("Very good.", None),
        ("", None),
    ],
)
def test_scores_are_read_from_1_to_5(serve, said: str, wanted: float | None) -> None:
    server = serve(say(correct=said))
    after = judge_report(report(question("1", answer())), open_llm("m", server.url), "m", {"1": "18 crowns"})
    assert after.questions[0].judged.get(CORRECTNESS) == wanted


def test_a_judge_that_keeps_failing_is_asked_nothing_more(serve, caplog: pytest.LogCaptureFixture) -> None:
    questions = [question(str(i), answer()) for i in range(30)]
    server = serve(lambda prompt: "YES" if prompt.startswith("Answer with") else 400)
    with caplog.at_level(logging.WARNING, "eval.judge"):
        after = judge_report(report(*questions), open_llm("m", server.url), "m", {})
    assert set(after.judged) == {NO_VERDICT}
    assert (after.judged[NO_VERDICT].overall.value, after.judged[NO_VERDICT].overall.n) == (1.0, 60)
    assert len(server.prompts) < 20
    assert "asked nothing more" in caplog.text


def test_one_model_judges_two_reports(serve) -> None:
    llm = open_llm("m", serve(say()).url)
    first, second = (judge_report(report(question(i, answer())), llm, "m", {}) for i in ("1", "2"))
    assert first.judged == second.judged


def test_a_key_is_sent_only_to_the_server_it_is_for(serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not yours")
    server = serve(say())
    open_llm("m", server.url, "secret")
    open_llm("m", server.url)
    assert server.keys == ["Bearer secret", "Bearer none"]


@pytest.mark.parametrize(
    ("status", "hint"), [(401, "judge_key"), (404, "model's name"), (500, "later")], ids=["key", "model", "server"]
)
def test_a_refusing_server_is_named_with_what_to_do(serve, status: int, hint: str) -> None:
    url = serve(lambda _: status).url
    with pytest.raises(ServiceError, match="It was refused") as caught:
        open_llm("m", url.replace("//", "//user:secret@"))
    assert hint in caught.value.hint
    assert url.removeprefix("http://") in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "nowhere", "http://[broken/v1"])
def test_a_server_that_is_not_there(url: str) -> None:
    with pytest.raises(ServiceError, match="No language model answers") as caught:
        open_llm("m", url)
    assert "judge_url" in caught.value.hint


def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_index.llms.openai_like", None)
    with pytest.raises(ServiceError, match="isn't installed") as caught:
        open_llm("m", "http://127.0.0.1:1/v1")
    assert "pip install" in caught.value.hint
