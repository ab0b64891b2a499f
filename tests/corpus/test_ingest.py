"""From records to the store: duplicates, problems, repetition, interruption."""

import json
import signal
import subprocess
import sys

import pytest

from corpus import Article, ArticleStore, Change, ingest, read_pasted, read_paths
from corpus.ingest import BATCH
from corpus.readers import Problem, ReadOptions

_INGEST = """
import sys
from pathlib import Path
from corpus import ArticleStore, ingest, read_paths
from corpus.readers import ReadOptions

def wait(stored):
    print(stored, flush=True)
    sys.stdin.readline()

store = ArticleStore.open(Path(sys.argv[2]))
ingest(read_paths([Path(sys.argv[1])], ReadOptions()), store, wait)
"""


def _corpus(path, n):
    lines = [
        {"id": f"a{i:04}", "title": f"Story {i}", "text": f"In story {i} the council met {i} times."}
        for i in range(n)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def _contents(data):
    store = ArticleStore.open(data)
    found = [(a.article_id, a.version, a.current_version, a.title, a.text) for a in store.current()]
    assert store.database.connection().execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    store.close()
    return found


def test_problems_are_reported_and_the_rest_goes_on(store, articles):
    report = ingest(
        [articles[0], Problem("f:2", "is broken"), articles[1], Problem("f:4", "late", skipped=False)], store
    )
    assert (report.read, report.skipped, store.count()) == (2, 1, 2)
    assert [str(p) for p in report.problems] == ["f:2: is broken.", "f:4: late."]


def test_a_duplicate_key_keeps_the_first_text_and_is_reported(store):
    first, second = Article(id="k", title="A", text="first"), Article(id="k", title="A", text="second")
    report = ingest([first, second, first], store)
    assert store.get("k").text == "first"
    assert store.get("k").current_version == 1
    assert [(p.place, p.skipped) for p in report.problems] == [("article k", True), ("article k", False)]
    assert "the first one is kept" in report.problems[0].reason


def test_duplicates_are_found_across_batches(store):
    records = [Article(id=f"n{i % (BATCH + 10)}", title="T", text=f"text {i}") for i in range(2 * BATCH)]
    for _ in range(2):
        report = ingest(records, store)
        assert report.read == store.count() == BATCH + 10
    assert report.changes == {Change.UNCHANGED: BATCH + 10}


def test_a_second_ingest_of_the_same_file_is_a_no_op(store, tmp_path):
    path = _corpus(tmp_path / "c.jsonl", 30)
    first = ingest(read_paths([path], ReadOptions()), store)
    before = list(store.current())
    second = ingest(read_paths([path], ReadOptions()), store)
    assert first.changes == {Change.ADDED: 30}
    assert second.changes == {Change.UNCHANGED: 30}
    assert list(store.current()) == before


def test_progress_is_told_after_each_batch(store):
    told = []
    ingest((Article(id=str(i), title="T", text="x") for i in range(BATCH + 5)), store, told.append)
    assert told == [BATCH, BATCH + 5]


def test_nothing_in_is_nothing_stored(store):
    told = []
    report = ingest([], store, told.append)
    assert (report.read, report.problems, told) == (0, [], [])


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_an_ingest_stopped_half_way_and_run_again_ends_with_the_same_store(tmp_path, stop):
    path = _corpus(tmp_path / "c.jsonl", 3 * BATCH)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    store = ArticleStore.open(whole)
    ingest(read_paths([path], ReadOptions()), store)
    store.close()

    process = subprocess.Popen(
        [sys.executable, "-c", _INGEST, str(path), str(broken)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout.readline() == f"{BATCH}\n"
        process.send_signal(stop)
        process.wait()
    assert process.returncode != 0
    assert len(_contents(broken)) == BATCH

    store = ArticleStore.open(broken)
    report = ingest(read_paths([path], ReadOptions()), store)
    store.close()
    assert report.changes == {Change.UNCHANGED: BATCH, Change.ADDED: 2 * BATCH}
    assert _contents(broken) == _contents(whole)


def test_a_reader_that_breaks_loses_only_its_unfinished_batch(store):
    def broken():
        for i in range(BATCH + 3):
            yield Article(id=str(i), title="T", text="x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(broken(), store)
    assert store.count() == BATCH


def test_pasted_text_becomes_an_article():
    [article] = read_pasted(b"Ferry opens\n\nThe ferry office opened on Monday.\n", ReadOptions(source="Gazette"))
    assert (article.title, article.text, article.source) == (
        "Ferry opens",
        "The ferry office opened on Monday.",
        "Gazette",
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \n\t\n", "empty"), (b"a\0b" * 10, "binary"), (b"word " * 100, "more than the 0.0001 MB")],
)
def test_what_cannot_be_pasted_is_said(data, reason):
    [problem] = read_pasted(data, ReadOptions(max_bytes=100))
    assert problem.place == "standard input"
    assert reason in problem.reason
