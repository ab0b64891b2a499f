"""The report of a run."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from pydantic import ValidationError

from corpus.errors import InputError
from eval.datasets import Benchmark
from eval.report import STATISTICS, aggregate, build_report, read_report
from eval.run import Result

HEAD = "query-id\tcorpus-id\tscore"


@pytest.fixture
def report(make_folder, make_answer, settings):
    """Three questions of two kinds: one answered well, one unanswerable and refused, one that failed."""
    queries = [
        {"_id": "q1", "text": "When?", "metadata": {"kind": "when", "answers": ["Monday"], "answerable": True}},
        {"_id": "q2", "text": "Who?", "metadata": {"kind": "who", "answerable": False}},
        {"_id": "q3", "text": "Where?", "metadata": {"kind": "who"}},
    ]
    benchmark = Benchmark(make_folder(queries=queries, qrels=[HEAD, "q1\td1\t1", "q3\td2\t1"]))
    results = [
        Result(query="q1", ranking=(("d2", 0.9), ("d1", 0.5)), answer=make_answer("On Monday."), exact_quotes=(True,),
               retrieve_ms=4.0, ask_ms=9.0),
        Result(query="q2", ranking=(), answer=make_answer("No.", refused=True, confidence=0.1), retrieve_ms=6.0,
               ask_ms=11.0),
        Result(query="q3", ranking=(), error="It is too long.", retrieve_ms=8.0),
    ]  # fmt: skip
    return build_report(benchmark, benchmark.queries, results, settings, "gate")


def test_each_metric_has_its_own_n(report) -> None:
    found = {name: (round(metric.overall.value, 4), metric.overall.n) for name, metric in report.metrics.items()}
    assert found["nDCG@5"] == (round((1 / math.log2(3) + 0) / 2, 4), 2)
    assert found["R@5"] == (0.5, 2)
    assert found["answer contained"] == (1.0, 1)
    assert found["gold cited"] == (1.0, 1)
    assert found["decided rightly"] == (1.0, 2)
    assert found["refusal F1"] == (1.0, 2)
    assert found["quote fidelity"] == (1.0, 1)
    assert found["retrieve ms p50"] == (6.0, 3)
    assert found["ask ms p50"] == (10.0, 2)


def test_kinds_leave_out_what_they_are_not_eligible_for(report) -> None:
    assert set(report.metrics["answer contained"].kinds) == {"when"}
    assert {kind: value.n for kind, value in report.metrics["nDCG@5"].kinds.items()} == {"when": 1, "who": 1}
    assert {kind: value.n for kind, value in report.metrics["decided rightly"].kinds.items()} == {"when": 1, "who": 1}
    assert report.metrics["refusal F1"].kinds == {}  # each kind has only answerable or only hopeless questions


def test_a_question_keeps_what_came_of_it(report) -> None:
    first, second, third = report.questions
    assert (first.ranking, first.relevant, first.wanted) == (("d2", "d1"), ("d1",), ("Monday",))
    assert first.metrics["MRR@10"] == 0.5
    assert second.metrics == {"decided rightly": 1.0}
    assert third.error == "It is too long."
    assert report.errors == [third]
    assert report.misquoted == []


def test_it_says_what_ran(report, settings) -> None:
    assert (report.benchmark, report.split, report.documents) == ("bench", "gate", 2)
    assert report.settings_hash == settings.fingerprint()
    assert report.settings["data"] == ""
    assert {"python", "torch", "chromadb"} <= set(report.versions)
    assert report.machine["cores"].isdigit()


def test_json_reads_back_as_the_same_report(report, tmp_path) -> None:
    path = tmp_path / "report.json"
    path.write_text(report.model_dump_json(indent=1), encoding="utf-8")
    assert read_report(path) == report


def test_no_figure_is_ever_nan(make_question, make_answer, make_report) -> None:
    odd = [
        [],
        [make_question()],
        [make_question(answerable=False, answer=make_answer(refused=True))],
        [make_question(answerable=True, answer=make_answer())],
        [make_question("a", answerable=True, answer=make_answer()),
         make_question("b", answerable=False, answer=make_answer(), kind="k")],  # nothing is refused: no precision
    ]  # fmt: skip
    for questions in odd:
        for name, metric in aggregate(questions).items():
            for value in (metric.overall, *metric.kinds.values()):
                assert math.isfinite(value.value), name
                assert value.n > 0
        json.dumps(make_report(questions).model_dump(mode="json"), allow_nan=False)
    assert aggregate([]) == {}
    assert "refusal precision" not in aggregate(odd[-1])
    assert aggregate(odd[-1])["refusal F1"].overall.value == 0.0
    with pytest.raises(ValidationError, match="finite"):
        make_question(metrics={"R@5": math.nan})


def test_an_aggregate_is_the_mean_of_the_eligible(make_question) -> None:
    questions = [
        make_question("a", {"support": 1.0}, kind="x"),
        make_question("b", {"support": 0.5}, kind="y"),
        make_question("c", {}, kind="y"),
        make_question("d", {}, kind="z"),
        make_question("e", {"support": 0.0}),
    ]
    metric = aggregate(questions)["support"]
    assert (metric.overall.value, metric.overall.n) == (0.5, 3)
    assert {kind: (value.value, value.n) for kind, value in metric.kinds.items()} == {"x": (1.0, 1), "y": (0.5, 1)}


def test_percentiles_of_times(make_question) -> None:
    found = aggregate([make_question(f"q{n}", retrieve_ms=float(n), ask_ms=None) for n in range(101)])
    assert [found[f"retrieve ms p{q}"].overall.value for q in (50, 95, 99)] == [50.0, 95.0, 99.0]
    assert not [name for name in found if name.startswith("ask")]
    assert set(found) <= set(STATISTICS)


@pytest.mark.parametrize("text", ["", "{}", "[]", "{", '{"benchmark": 1}', "\ud800"])
def test_what_is_no_report_is_refused(tmp_path: Path, text) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(InputError, match=r"report\.json is no report of this version"):
        read_report(path)


def test_a_report_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read: No such file"):
        read_report(tmp_path / "none.json")


def test_a_report_with_an_unknown_key_is_refused(report, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report.model_dump(mode="json") | {"later": 1}), encoding="utf-8")
    with pytest.raises(InputError, match="later"):
        read_report(path)
