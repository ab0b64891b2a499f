"""Chroma as a server: the same code, several processes, and errors that name the address."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import Article, ArticleStore, load_settings
from corpus.errors import IndexMismatchError, PassageError, ServiceError
from rag.assistant import Assistant
from rag.index import Index

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real `chroma run`."""
    folder = tmp_path_factory.mktemp("chroma")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(folder), "--port", str(port)]
    process = subprocess.Popen([*command, "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, cwd=folder)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_two_assistants_share_a_server(store: ArticleStore, articles: list[Article], data: Path, chroma: str) -> None:
    settings = load_settings(data=data, chroma_url=chroma, chroma_collection="shared")
    store.upsert(articles)
    index = Index(store, settings)
    index.sync()
    assert index.diagnose().healthy
    index.close()
    with Assistant.open(data, settings) as first, Assistant.open(data, settings) as second:
        answers = {a.ask("How much does a day permit cost?").answer for a in (first, second)}
    assert len(answers) == 1
    assert "18 crowns" in answers.pop()


def test_a_collection_of_another_folder_is_refused(
    store: ArticleStore, articles: list[Article], data: Path, tmp_path: Path, chroma: str
) -> None:
    store.upsert(articles)
    Index(store, load_settings(data=data, chroma_url=chroma, chroma_collection="mine")).sync()
    other = ArticleStore.open(tmp_path / "other")
    other.upsert(articles)
    with pytest.raises(IndexMismatchError, match="another data folder"):
        Index(other, load_settings(data=tmp_path / "other", chroma_url=chroma, chroma_collection="mine")).sync()
    other.close()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "ftp://127.0.0.1"])
def test_a_server_that_does_not_answer_is_named(data: Path, url: str) -> None:
    with pytest.raises(ServiceError, match=url.split(":", maxsplit=1)[0]):
        Index(ArticleStore.open(data), load_settings(data=data, chroma_url=url)).vectors.count()


def test_a_broken_vector_folder_is_an_error_that_names_the_mend(index: Index, data: Path) -> None:
    index.close()
    (data / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 500)
    with pytest.raises(PassageError, match="doctor"):
        Index(index.store, index.settings).check()
