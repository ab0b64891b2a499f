"""Cases added to a benchmark folder: only at its end, the same each time, and never against what it holds."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from eval.datasets import Benchmark, DatasetError, Query
from eval.growing import GoldenCase, Status, add_cases, clash
from rag.answer import Turn

FERRY = {"id": "ferry", "title": "Ferry office", "text": "The ferry office reopened on 3 March 2024."}
VISA = {"id": "visa", "title": "Visas", "text": "The quota was raised to 9,500."}
FOLLOWUP = (Turn(role="user", content="Is the ferry office open?"),)


def alike(text):
    return np.ones(1, np.float32)


def case(text="When did the ferry office reopen?", answers=("3 March 2024",), documents=(FERRY,), **values):
    known = {"id": f"r-{abs(hash((text, str(values)))) % 10**8}", "answerable": bool(answers), "split": "gate"}
    grades = {document["id"]: int(bool(answers)) for document in documents}
    return GoldenCase(Query(text=text, answers=answers, **known | values), documents, grades)


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_a_new_folder_is_a_benchmark_with_the_case(tmp_path):
    folder = tmp_path / "golden"
    assert [o.status for o in add_cases(folder, [case(id="r-1", as_of="2024-06-01")], alike)] == [Status.ADDED]
    benchmark = Benchmark(folder)
    assert [query.text for query in benchmark.queries] == ["When did the ferry office reopen?"]
    assert benchmark.relevant("r-1") == {"ferry"}
    assert json.loads(lines(folder / "queries.jsonl")[0]) == {
        "_id": "r-1",
        "text": "When did the ferry office reopen?",
        "metadata": {"split": "gate", "answerable": True, "answers": ["3 March 2024"], "as_of": "2024-06-01"},
    }


def test_what_was_there_stays_line_by_line_and_adding_again_changes_nothing(tmp_path):
    folder = tmp_path / "golden"
    first, second = case(id="r-1"), case("How high is the visa quota?", ("9,500",), (VISA, FERRY), id="r-2")
    add_cases(folder, [first], alike)
    before = {name: lines(folder / name) for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv")}
    outcomes = add_cases(folder, [first, second], alike)
    assert [o.status for o in outcomes] == [Status.KNOWN, Status.ADDED]
    after = {name: lines(folder / name) for name in before}
    for name, held in before.items():
        assert after[name][: len(held)] == held
        assert len(after[name]) > len(held)
    assert {json.loads(line)["id"] for line in after["corpus.jsonl"]} == {"ferry", "visa"}
    assert [o.status for o in add_cases(folder, [first, second], alike)] == [Status.KNOWN] * 2
    assert {name: lines(folder / name) for name in before} == after


def test_a_corpus_of_files_gets_a_file_of_its_own(tmp_path):
    folder = tmp_path / "golden"
    (folder / "corpus").mkdir(parents=True)
    (folder / "qrels").mkdir()
    (folder / "corpus" / "quota.md").write_text("---\nid: quota\ntitle: Quota\n---\n\nThe quota is 7,000.\n")
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "How high is the quota?"}')  # no newline at the end
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tquota\t1\n")
    add_cases(folder, [case(id="r-1")], alike)
    benchmark = Benchmark(folder)
    assert [query.id for query in benchmark.queries] == ["q1", "r-1"]
    assert benchmark.document_ids == {"quota", "ferry"}
    assert len(lines(folder / "corpus" / "reviewed.jsonl")) == 1


def test_the_same_in_other_words_is_a_duplicate():
    held = case(id="r-1").query
    found = clash(case("On what date did the ferry office reopen?", ("on 3 March 2024",)), [held], alike)
    assert found is not None
    assert (found.status, found.other) == (Status.DUPLICATE, "r-1")


@pytest.mark.parametrize("answers", [("9 March 2024",), ()])
def test_another_answer_to_the_same_is_a_contradiction_that_says_what_to_do(tmp_path, answers):
    folder = tmp_path / "golden"
    add_cases(folder, [case(id="r-1")], alike)
    before = lines(folder / "queries.jsonl")
    (found,) = add_cases(folder, [case("On what date did the ferry office reopen?", answers)], alike)
    assert (found.status, found.other) == (Status.CONTRADICTION, "r-1")
    assert "3 March 2024" in found.advice
    assert "Correct r-1 in queries.jsonl" in found.advice
    assert lines(folder / "queries.jsonl") == before


def test_a_follow_up_is_compared_in_its_conversation_only():
    alone, after = case(id="r-1").query, case(id="r-2", history=FOLLOWUP)
    assert clash(after, [alone], alike) is None
    assert clash(replace(after, query=after.query.model_copy(update={"id": "r-3"})), [after.query], alike).status is (
        Status.DUPLICATE
    )


def test_another_question_is_new():
    assert clash(case("Why did the ferry office reopen?"), [case(id="r-1").query], alike) is None


def test_an_article_that_the_corpus_holds_with_other_words_is_reported(tmp_path):
    folder = tmp_path / "golden"
    add_cases(folder, [case(id="r-1")], alike)
    changed = FERRY | {"text": "The ferry office reopened on 9 March 2024."}
    (found,) = add_cases(folder, [case("Who reopened the ferry office?", ("Solberg",), (changed,))], alike)
    assert (found.status, found.other) == (Status.OTHER_DOCUMENT, "ferry")
    assert len(lines(folder / "queries.jsonl")) == 1


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(DatasetError):
        add_cases(tmp_path, [case(id="r-1")], alike)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
