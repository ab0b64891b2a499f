"""What all tests share: an isolated folder and environment, and the real model, loaded once."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

os.environ.update(ANONYMIZED_TELEMETRY="False", GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1")

from corpus import Article, ArticleStore, Settings, load_settings


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder and no settings of the developer's own."""
    for name in [name for name in os.environ if name.upper().startswith("PASSAGE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where a test's data folder goes; not created yet."""
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[ArticleStore]:
    """An open, empty store."""
    opened = ArticleStore.open(data)
    yield opened
    opened.close()


@pytest.fixture
def settings(data: Path) -> Settings:
    """The defaults, on the test's data folder."""
    return load_settings(data=data)


@pytest.fixture
def articles() -> list[Article]:
    """Three short articles about unlike things, written for the tests."""
    return [
        Article(
            id="ferry",
            title="Harbour town reopens its ferry office",
            text=(
                "The ferry office in Westhaven reopened on 3 March 2024 after a closure of eleven weeks.\n\n"
                "Mayor Ingrid Solberg said 412 passengers had asked for refunds while it was shut. "
                "The office now issues day permits to seasonal workers from the islands.\n\n"
                "A permit costs 18 crowns and is valid for 24 hours."
            ),
            source="Westhaven Gazette",
            url="https://gazette.example/ferry",
            published=_day(2024, 3, 4),
        ),
        Article(
            id="visa",
            title="Ministry raises the seasonal visa quota",
            text=(
                "The Ministry of Labour raised the quota for seasonal visas to 9,500 for 2024, from 7,000.\n\n"
                "Farm owners had asked for 12,000 visas. Minister Paolo Renzi said on 14 January 2024 that the "
                "harvest of strawberries could not wait for a longer debate.\n\n"
                "Applications open on 1 February 2024 and are decided within 30 days."
            ),
            source="The Northern Post",
            published=_day(2024, 1, 15),
        ),
        Article(
            id="court",
            title="Court stops transfers to the island camp",
            text=(
                "A court in Lindholm stopped the transfer of asylum seekers to the camp on Gull Island on Monday.\n\n"
                "Judge Amara Diallo found that the camp had no doctor for its 230 residents. "
                "The government has 21 days to appeal."
            ),
            source="The Northern Post",
            published=_day(2023, 11, 7),
        ),
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Not for the whole session: it keeps an event loop running, which other tests can't share."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield opened
        opened.close()


Script = Callable[[dict], Iterable[str | bytes | int]]
"""What a model's server does with a request: words are streamed, bytes sent as they are, a number is a failure."""


class ModelServer(ThreadingHTTPServer):
    """A server on this machine that speaks OpenAI's streaming protocol; what its model says is scripted.

    Attributes:
        requests: bodies, in order.
        keys: the Authorization headers that came with them.
        gone: set when a client leaves while it is being answered.
        over: set when the test is over; a script that hangs waits for it.
    """

    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.requests: list[dict] = []
        self.keys: list[str | None] = []
        self.gone = threading.Event()
        self.over = threading.Event()

    @property
    def settings(self) -> dict:
        """What has this model write."""
        return {"writer": "llm", "llm_url": f"http://127.0.0.1:{self.server_port}/v1", "llm_model": "scripted"}

    def prompt(self, n: int) -> str:
        """All that the model was told in the nth request."""
        return "\n".join(message["content"] for message in self.requests[n]["messages"])


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(request)
        self.server.keys.append(self.headers["Authorization"])
        try:
            self._stream(iter(self.server.script(request)))
        except OSError:
            self.server.gone.set()

    def _stream(self, pieces: Iterator[str | bytes | int]) -> None:
        first = next(pieces, "")
        self.send_response(first if isinstance(first, int) else 200)
        self.send_header("Content-Type", "application/json" if isinstance(first, int) else "text/event-stream")
        self.end_headers()
        if isinstance(first, int):
            self.wfile.write(b'{"error": {"message": "It was refused."}}')
            return
        for piece in itertools.chain([first], pieces):
            self.wfile.write(piece if isinstance(piece, bytes) else _event({"content": piece}))
        self.wfile.write(_event({}, "stop") + b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        pass


def _event(delta: dict, reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


@pytest.fixture
def model_server() -> Iterator[Callable[[Script], ModelServer]]:
    """Start a server with a script; all are ended after the test."""
    started: list[tuple[ModelServer, threading.Thread]] = []

    def start(script: Script) -> ModelServer:
        server = ModelServer(script)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, day)
