"""Benchmarks in which half of the questions can't be answered: what is taken out, and what stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eval.datasets import Benchmark, DatasetError
from eval.removed import main, remove_answers

FERRIES = [{"_id": f"d{n}", "title": f"Ferry {n}", "text": f"Ferry {n} took {n}00 people."} for n in range(8)]
ASKED = [
    {"_id": f"q{n}", "text": f"How many took ferry {n}?", "metadata": {"answerable": True, "answers": [f"{n}00"]}}
    for n in range(6)
]
JUDGED = [f"q{n}\td{n}\t1" for n in range(6)]


@pytest.fixture
def folder(make_folder: Callable[..., Path]) -> Path:
    """Six questions with a document each, one that either of two answers, one of a conversation, two others."""
    either = {"_id": "q6", "text": "Which ferries ran?"}
    later = {"_id": "q7", "text": "And then?", "metadata": {"history": [{"role": "user", "content": "Ferry 0?"}]}}
    return make_folder(
        FERRIES, [*ASKED, either, later], [*JUDGED, "q6\td0\t1", "q6\td1\t1", "q7\td0\t1", "q7\td7\t0"]
    )


def test_a_question_without_its_documents_cannot_be_answered(folder: Path, tmp_path: Path) -> None:
    made = remove_answers(folder, tmp_path / "out")
    left = made.document_ids
    assert len(left) == 5
    assert {"d6", "d7"} <= left, "what answers nothing stays"
    before = Benchmark(folder)
    for old, new in zip(before.queries, made.queries, strict=True):
        assert (old.id, old.text, old.history) == (new.id, new.text, new.history)
        if before.relevant(old.id) & left:
            assert (new.answerable, new.answers) == (old.answerable, old.answers)
        else:
            assert (new.answerable, new.answers, new.kind) == (False, (), "removed")
            assert not made.relevant(new.id)
    assert {query.answerable is False for query in made.queries} == {True, False}


def test_the_seed_decides(folder: Path, tmp_path: Path) -> None:
    first, again = (remove_answers(folder, tmp_path / name).corpus_hash for name in ("a", "b"))
    others = {remove_answers(folder, tmp_path / f"s{seed}", seed).corpus_hash for seed in range(2, 6)}
    assert first == again
    assert others - {first}


def test_folders_it_cannot_work_on_are_explained(make_folder: Callable[..., Path], tmp_path: Path) -> None:
    folder = make_folder(qrels=["query-id\tcorpus-id\tscore"])
    with pytest.raises(DatasetError, match="no document that answers"):
        remove_answers(folder, tmp_path / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("kept")
    (folder / "qrels" / "test.tsv").write_text("q1\td1\t1\n")
    with pytest.raises(DatasetError, match="isn't empty"):
        remove_answers(folder, tmp_path / "full")
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.jsonl").write_text(json.dumps({"_id": "d1", "title": "One", "text": "First one."}))
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "Which?"}) + "\n")
    with pytest.raises(DatasetError, match="articles in a folder"):
        remove_answers(folder, tmp_path / "out")


def test_the_command_says_how_many(run_command: Callable[..., Result], folder: Path, tmp_path: Path) -> None:
    result = run_command(main, folder, tmp_path / "out")
    assert result.exit_code == 0
    assert "5 documents" in " ".join(result.stderr.split())
    assert run_command(main, folder, tmp_path / "out").exit_code == 1
