"""A data folder with the tests' articles indexed, and the command line in this process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus import Article
from ui.cli import run


@dataclass(frozen=True)
class Outcome:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Passage = Callable[..., Outcome]


@pytest.fixture
def passage(capsys: pytest.CaptureFixture[str]) -> Passage:
    """Runs `passage` with its arguments."""

    def call(*arguments: object) -> Outcome:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err + printed.out
        return Outcome(code, printed.out, printed.err)

    return call


@pytest.fixture
def corpus_file(tmp_path: Path, articles: list[Article]) -> Path:
    """The tests' articles as JSON lines."""
    path = tmp_path / "articles.jsonl"
    rows = (
        {
            "_id": a.id,
            "title": a.title,
            "text": a.text,
            "source": a.source,
            "published": str(a.published),
            "url": a.url,
        }
        for a in articles
    )
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def filled(passage: Passage, corpus_file: Path, data: Path) -> Path:
    """A data folder in which the tests' articles are indexed."""
    assert passage("ingest", corpus_file, "--data", data).code == 0
    return data


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[str]]:
    """Serves a folder, with more arguments of `passage serve` where given: a context of the site's address."""
    return _served


@contextmanager
def _served(folder: Path, *arguments: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PASSAGE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--data", str(folder), "--port", str(port), *arguments],
        env=environment,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url + "/healthz", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} doesn't answer")
