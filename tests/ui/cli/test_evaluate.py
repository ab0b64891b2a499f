"""`passage eval` and `passage eval compare`, with the real model over a benchmark written here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from corpus import Settings
from eval.evaluation import Request, write_evaluation
from eval.evaluation import evaluate as run_evaluation

pytestmark = pytest.mark.slow

ARTICLES = {
    "bridge": ("Cable bridge at Norfell opens", "The cable bridge at Norfell opened on 4 May 2023. Engineer Tove "
               "Lund said it carries 6,400 cars a day. Its permit bears the code KX-4417."),
    "school": ("Village schools get new buses", "The county of Ardeby bought 32 buses for its village schools. "
               "Councillor Henrik Moe said the buses run on electricity. The order has the code KX-4471."),
    "permit": ("Work permits take longer", "The migration office of Tarn decided 1,870 work permits in March 2024. "
               "Director Salma Idris said that an applicant waits 14 weeks. The form has the code TR-2093."),
    "camp": ("Island camp closes for winter", "The camp on Hessel island closed on 1 November 2023. Its 212 "
             "residents were moved to Tarn by ferry. The decree has the code TR-2039."),
    "visa": ("Students pay more for visas", "A student visa for Lorvania costs 310 crowns since January 2024. "
             "Minister Bela Farkas said that the fee had not changed for years. The notice has the code LV-881."),
    "court": ("Court hears appeal on deportations", "The court of appeal in Varda heard the case of 41 deported "
              "fishermen on 12 June 2023. Judge Nadia Brandt gave the ministry six weeks. The case has the code "
              "LV-818."),
    "census": ("Census finds more newcomers", "The census of Ostrel counted 58,300 newcomers in 2022. "
               "Statistician Omar Keita said most of them were nurses and welders. The table has the code QS-55012."),
    "train": ("Night train to the coast returns", "The night train from Varda to the coast returns in July 2024. "
              "A ticket costs 45 crowns, manager Ines Prado said. The timetable has the code QS-55021."),
}  # fmt: skip
# Half of them are what people type to find a document: a code, which only the lexical search tells from its twin.
QUESTIONS = [
    ("How many cars does the bridge at Norfell carry a day?", "bridge", "6,400", "number"),
    ("How long does an applicant for a work permit in Tarn wait?", "permit", "14 weeks", "number"),
    ("What does a student visa for Lorvania cost?", "visa", "310 crowns", "number"),
    ("Which judge heard the case of the deported fishermen?", "court", "Nadia Brandt", "who"),
    *((code, document, code, "code") for code, document in (
        ("KX-4417", "bridge"), ("KX-4471", "school"), ("TR-2093", "permit"), ("TR-2039", "camp"),
        ("LV-881", "visa"), ("LV-818", "court"), ("QS-55012", "census"), ("QS-55021", "train"),
    )),
    ("What is the capital of Mongolia?", None, None, "hopeless"),
]  # fmt: skip
LEAST = 0.79
FILES = ["junit.xml", "report.html", "report.json", "run.jsonl", "run.trec", "summary.md"]
TIMED = ("retrieve ms p50", "retrieve ms p95", "retrieve ms p99", "ask ms p50", "ask ms p95", "ask ms p99")


def write_folder(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": name, "title": title, "text": text} for name, (title, text) in ARTICLES.items()]
    queries = []
    for n, (text, document, answer, kind) in enumerate(QUESTIONS):
        metadata = {
            "kind": kind, "answers": [answer] if answer else [], "answerable": document is not None,
            "split": "gate" if n % 2 else "tune", "as_of": "2024-06-01",
        }  # fmt: skip
        queries.append({"_id": f"q{n}", "text": text, "metadata": metadata})
    for name, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    judged = "".join(f"q{n}\t{document}\t1\n" for n, (_, document, _, _) in enumerate(QUESTIONS) if document)
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("eval") / "tiny")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests here keep the index, so that it is built once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def evaluate(passage, bench, cache):
    """Runs `passage eval` on the benchmark."""

    def call(*arguments: object):
        return passage("eval", bench, "--cache", cache, *arguments)

    return call


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A gate that the default settings pass: half way from what they reach to what the dense search alone does."""
    path = tmp_path / "gate.toml"
    path.write_text(f'[minimum]\n"nDCG@5" = {LEAST}\n"R@5" = 0.87\n')
    return path


@pytest.fixture(scope="module")
def reports(bench, cache, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Retrieval as it is, and with its lexical half switched off."""
    made = []
    for name, settings in (("good", Settings()), ("bad", Settings(dense_weight=1.0))):
        made.append(tmp_path_factory.mktemp(name))
        write_evaluation(run_evaluation(Request(bench, retrieval_only=True, cache=cache), settings), made[-1])
    return made[0] / "report.json", made[1] / "report.json"


def read(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def untimed(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what differs from run to run by nature."""
    kept = {key: value for key, value in report.items() if key not in ("created", "commit", "metrics", "questions")}
    kept["metrics"] = {name: value for name, value in report["metrics"].items() if name not in TIMED}
    kept["questions"] = [
        {key: value for key, value in question.items() if key not in ("retrieve_ms", "ask_ms", "answer")}
        | {"answer": {key: value for key, value in question["answer"].items() if key != "timings_ms"}}
        for question in report["questions"]
    ]
    return kept


def test_a_run_prints_its_report_and_keeps_everything(evaluate, tmp_path: Path, cache: Path) -> None:
    done = evaluate("--out", tmp_path / "first")
    assert done.code == 0
    assert "tiny: 13 questions over 8 documents" in done.out
    for name in ("nDCG@5", "answer contained", "quote fidelity", "refusal F1", "risk–coverage area", "ask ms p99"):
        assert name in done.out
    assert f"Report: {tmp_path / 'first' / 'report.html'}" in done.out
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == FILES

    report = read(tmp_path / "first")
    assert report["metrics"]["nDCG@5"]["overall"]["n"] == 12
    assert report["metrics"]["quote fidelity"]["overall"]["value"] == 1.0
    assert report["metrics"]["decided rightly"]["overall"]["n"] == 13
    assert set(report["metrics"]["R@5"]["kinds"]) == {"code", "number", "who"}
    bridge = report["questions"][0]
    assert bridge["ranking"][0] == "bridge"
    assert bridge["metrics"]["answer contained"] == 1.0
    assert report["questions"][-1]["answer"]["refused"] is True
    assert len((tmp_path / "first" / "run.jsonl").read_text().splitlines()) == 13
    suite = ET.fromstring((tmp_path / "first" / "junit.xml").read_text(encoding="utf-8"))
    assert suite.get("failures") == "0"

    indexes = {path: path.stat().st_ino for path in cache.iterdir()}
    stored = {path: path.stat().st_mtime_ns for path in cache.glob("*/complete")}
    again = evaluate("--out", tmp_path / "second")
    assert again.code == 0
    assert {path: path.stat().st_ino for path in cache.iterdir()} == indexes  # the index is reused
    assert {path: path.stat().st_mtime_ns for path in cache.glob("*/complete")} == stored
    assert untimed(read(tmp_path / "second")) == untimed(report)
    assert (tmp_path / "second" / "run.trec").read_bytes() == (tmp_path / "first" / "run.trec").read_bytes()


def test_the_gate_holds_and_a_planted_regression_fails_it(evaluate, gate: Path, tmp_path: Path) -> None:
    holds = evaluate("--retrieval-only", "--gate", gate, "--out", tmp_path / "good")
    assert holds.code == 0
    assert "holds  nDCG@5" in holds.out
    assert "holds  R@5" in holds.out
    assert "FAILS" not in holds.out

    planted = evaluate("--retrieval-only", "--gate", gate, "--set", "dense_weight=1.0", "--out", tmp_path / "bad")
    assert planted.code == 1
    value = read(tmp_path / "bad")["metrics"]["nDCG@5"]["overall"]["value"]
    assert value < read(tmp_path / "good")["metrics"]["nDCG@5"]["overall"]["value"] - 0.05
    assert f"FAILS  nDCG@5 is {value:.4f}, {LEAST - value:.4f} below {LEAST}" in planted.out
    suite = ET.fromstring((tmp_path / "bad" / "junit.xml").read_text(encoding="utf-8"))
    assert suite.get("failures") != "0"
    assert "falls short" in (tmp_path / "bad" / "summary.md").read_text(encoding="utf-8")
    assert "The gate falls short" in (tmp_path / "bad" / "report.html").read_text(encoding="utf-8")


def test_a_baseline_sets_the_bar(evaluate, reports, gate: Path) -> None:
    good, _ = reports
    gate.write_text('[loss]\n"nDCG@5" = 0.01\n')
    same = evaluate("--retrieval-only", "--gate", gate, "--baseline", good)
    assert same.code == 0
    assert "no significant loss over 0.01" in same.out
    assert "No question got worse." in same.out
    lost = evaluate("--retrieval-only", "--baseline", good, "--set", "dense_weight=1.0")
    assert lost.code == 0  # without a gate nothing is asked for
    assert "questions got worse:" in lost.out
    assert "[nDCG@10 −" in lost.out


def test_two_reports_are_compared(passage, reports) -> None:
    good, bad = reports
    worse = passage("eval", "compare", good, bad)
    assert worse.code == 0
    assert "against the baseline" in worse.out
    assert "questions got worse:" in worse.out
    better = passage("eval", "compare", bad, good)
    assert better.code == 0
    assert "No question got worse." in better.out


def test_retrieval_only_composes_nothing(reports) -> None:
    report = read(reports[0].parent)
    assert {"nDCG@5", "nDCG@10", "R@5", "R@10", "MRR@10", "MAP"} <= set(report["metrics"])
    assert not {"answer contained", "quote fidelity", "refusal F1", "ask ms p50"} & set(report["metrics"])
    assert all(question["answer"] is None for question in report["questions"])


def test_limit_and_split_choose_the_questions(evaluate, tmp_path: Path) -> None:
    assert evaluate("--retrieval-only", "--limit", 3, "--split", "gate", "--out", tmp_path / "some").code == 0
    report = read(tmp_path / "some")
    assert [question["id"] for question in report["questions"]] == ["q1", "q3", "q5"]
    assert report["split"] == "gate"
    assert evaluate("--retrieval-only", "--limit", 2, "--out", tmp_path / "two").code == 0
    assert [question["id"] for question in read(tmp_path / "two")["questions"]] == ["q0", "q1"]


def test_json_is_for_programs(evaluate, gate: Path) -> None:
    gate.write_text('[minimum]\n"nDCG@5" = 0.1\n"MAP" = 1.1\n')
    done = evaluate("--retrieval-only", "--limit", 2, "--json", "--gate", gate)
    assert done.code == 1
    assert done.json["metrics"]["nDCG@5"]["overall"]["n"] == 2
    assert done.json["benchmark"] == "tiny"
    assert "questions" not in done.json
    assert "FAILS  MAP is " in done.err  # the reason isn't lost


def test_what_cannot_run_ends_with_2_and_says_why(passage, evaluate, bench, tmp_path: Path, gate: Path) -> None:
    (tmp_path / "broken.json").write_text("{}")
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "loss.toml").write_text('[loss]\n"MAP" = 0.1\n')
    (tmp_path / "typo.toml").write_text('[minimum]\n"nDCG5" = 0.1\n')
    cases = [
        (passage("eval", tmp_path / "missing"), "is no benchmark folder: corpus.jsonl is missing"),
        (evaluate("--gate", tmp_path / "loss.toml"), "no baseline was given"),
        (evaluate("--gate", tmp_path / "typo.toml"), "names no metric: 'nDCG5'"),
        (evaluate("--gate", tmp_path / "none.toml"), "none.toml can't be read"),
        (evaluate("--baseline", tmp_path / "broken.json"), "broken.json is no report of this version"),
        (evaluate("--baseline", tmp_path / "none.json"), "none.json can't be read"),
        (evaluate("--set", "nonsense=1"), "Unknown setting: nonsense"),
        (evaluate("--retrieval-only", "--limit", 1, "--out", tmp_path / "taken"), "can't be written"),
        (passage("eval", bench, "--cache", tmp_path / "taken"), "can't be written"),
        (passage("eval", "compare", tmp_path / "broken.json", tmp_path / "broken.json"), "is no report"),
        (passage("eval", "compare", tmp_path / "none.json", tmp_path / "broken.json"), "is no report"),
        (evaluate("--limit", 0), "--limit"),
        (evaluate("--split", "train"), "--split"),
        (passage("eval"), "FOLDER"),
        (passage("eval", "compare"), "A.json"),
    ]
    for done, reason in cases:
        assert (done.code, reason in done.err) == (2, True), done
        assert done.out == ""


def test_a_split_that_is_not_there_is_said(passage, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "whole")
    text = (folder / "queries.jsonl").read_text(encoding="utf-8")
    (folder / "queries.jsonl").write_text(text.replace('"gate"', '"tune"'), encoding="utf-8")
    done = passage("eval", folder, "--split", "gate")
    assert done.code == 2
    assert "has no question in the split 'gate'" in done.err


def test_a_document_that_cannot_be_indexed_ends_the_run(passage, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "hollow")
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"_id": "empty", "title": "Nothing", "text": ""}\n')
    done = passage("eval", folder, "--cache", tmp_path / "cache", "--retrieval-only")
    assert done.code == 2
    assert "The corpus can't be indexed whole." in done.err
    assert "corpus.jsonl:9" in done.err


def test_a_question_that_cannot_be_asked_fails_the_run(passage, cache: Path, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "long")
    with (folder / "queries.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"_id": "long", "text": "why " * 400}) + "\n")
    done = passage("eval", folder, "--cache", cache, "--retrieval-only")
    assert done.code == 1
    assert "failed: long: The question has 1599 characters" in done.out
