"""`passage ingest` and `passage index`."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from corpus import ArticleStore

pytestmark = pytest.mark.slow
PASTED = b"""Council opens second hearing room

The migration council in Averby opened a second hearing room on 4 June 2024.

It expects to decide 640 more cases a year, council head Ilse Brandt said."""


def paste(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_articles_are_stored_and_indexed_once(passage, corpus_file, data) -> None:
    first = passage("ingest", corpus_file, "--data", data, "--json")
    assert first.code == 0
    assert (first.json["read"], first.json["added"], first.json["skipped"]) == (3, 3, 0)
    assert first.json["index"]["articles"] == 3
    second = passage("ingest", corpus_file, "--data", data, "--json")
    assert (second.json["unchanged"], second.json["index"]["articles"]) == (3, 0)
    assert "3 unchanged" in passage("ingest", corpus_file, "--data", data).out


def test_a_pasted_article_is_read_from_standard_input(passage, data, monkeypatch) -> None:
    paste(monkeypatch, PASTED)
    done = passage("ingest", "-", "--source", "Averby Courier", "--data", data)
    assert done.code == 0
    article = passage("articles", "list", "--data", data, "--json").json[0]
    assert (article["title"], article["source"]) == ("Council opens second hearing room", "Averby Courier")
    answer = passage("ask", "--data", data, "--json", "Who is the head of the migration council?").json
    assert "Ilse Brandt" in answer["answer"]


def test_storing_and_indexing_can_be_two_steps(passage, corpus_file, data) -> None:
    passage("ingest", corpus_file, "--no-index", "--data", data)
    assert passage("status", "--data", data, "--json").json["pending"] == 3
    assert "3 articles" in passage("index", "--data", data).out
    assert "up to date" in passage("index", "--data", data).out
    assert passage("index", "--rebuild", "--data", data, "--json").json["articles"] == 3


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(passage, corpus_file, data) -> None:
    with corpus_file.open("a", encoding="utf-8") as file:
        file.write('\n{"title": "no text"}\n{broken\n{"text": "A short notice about the border office."}\n')
    done = passage("ingest", corpus_file, "--data", data)
    assert done.code == 1
    assert f"{corpus_file}:4" in done.err
    assert f"{corpus_file}:5" in done.err
    assert "4 articles" in done.out
    assert "2 records skipped" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.jsonl"], "no file or folder"),
        (["picture.png"], "can't be read"),
        ([], "at least one"),
        (["-", "-"], "only once"),
    ],
)
def test_input_that_cannot_be_used_is_an_error_that_helps(passage, data, monkeypatch, arguments, words) -> None:
    Path("picture.png").write_bytes(b"x")
    paste(monkeypatch, b"text")
    done = passage("ingest", *arguments, "--data", data)
    assert done.code in (1, 2)
    assert words in done.err


@pytest.mark.parametrize("pasted", [b"", b"  \n", b"\x00\x01\x02"])
def test_nothing_on_standard_input_is_said(passage, data, monkeypatch, pasted) -> None:
    paste(monkeypatch, pasted)
    done = passage("ingest", "-", "--data", data)
    assert done.code == 1
    assert "standard input" in done.err


def test_an_ingest_ended_in_the_middle_is_completed_by_the_same_command(passage, data, tmp_path) -> None:
    big = tmp_path / "big.jsonl"
    text = "The office in district {0} granted {0} permits in week {1} of the year, clerk {0} said. " * 12
    big.write_text(
        "\n".join(f'{{"_id": "a{i}", "title": "Report {i}", "text": "{text.format(i, i % 52)}"}}' for i in range(400))
    )
    command = [sys.executable, "-m", "ui.cli", "ingest", str(big), "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if (data / "passage.sqlite").exists() and _indexed(data):
            process.send_signal(signal.SIGINT)
            break
        time.sleep(0.02)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert b"Interrupted" in err
    assert b"Traceback" not in err
    assert 0 < _indexed(data) < 400

    again = passage("ingest", big, "--data", data, "--json")
    assert again.code == 0
    assert _indexed(data) == 400
    assert passage("doctor", "--data", data).code == 0
    assert passage("status", "--data", data, "--json").json["articles"] == 400


def _indexed(data: Path) -> int:
    store = ArticleStore.open(data)
    try:
        return int(store.database.connection().execute("SELECT count(*) FROM indexed").fetchone()[0])
    finally:
        store.close()
