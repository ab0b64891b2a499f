"""Retrieval metrics, held against a computation of their own."""

from __future__ import annotations

import math
import random

import ir_measures
import pytest

from eval.retrieval import MEASURES, mean, score_rankings
from eval.run import Result, write_run

DOCUMENTS = [f"d{n}" for n in range(60)]


def independent(ranked: list[str], grades: dict[str, int]) -> dict[str, float]:
    """All measures from their definitions (linear gain, as trec_eval), without the library."""
    relevant = {document for document, grade in grades.items() if grade > 0}

    def dcg(gains: list[int], k: int) -> float:
        return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains[:k], start=1))

    gains = [max(grades.get(document, 0), 0) for document in ranked]
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    hits = [document in relevant for document in ranked]
    first = hits.index(True) + 1 if True in hits else math.inf
    precisions = [sum(hits[:place]) / place for place, hit in enumerate(hits, start=1) if hit]
    return {
        "nDCG@5": dcg(gains, 5) / dcg(ideal, 5),
        "nDCG@10": dcg(gains, 10) / dcg(ideal, 10),
        "R@5": sum(hits[:5]) / len(relevant),
        "R@10": sum(hits[:10]) / len(relevant),
        "MRR@10": 1 / first if first <= 10 else 0.0,
        "MAP": sum(precisions) / len(relevant),
    }


@pytest.mark.parametrize("seed", range(8))
def test_every_measure_agrees_with_its_definition(seed) -> None:
    chance = random.Random(seed)
    rankings, qrels = {}, {}
    for n in range(30):
        query = f"q{n}"
        ranked = chance.sample(DOCUMENTS, chance.choice((0, 1, 3, 8, 25, 60)))
        scores = sorted((chance.choice((0.0, 0.25, 0.5, chance.random())) for _ in ranked), reverse=True)  # with ties
        if chance.random() < 0.9:
            rankings[query] = list(zip(ranked, scores, strict=True))
        judged = chance.sample(DOCUMENTS, chance.choice((1, 2, 7, 30)))
        qrels[query] = {document: chance.choice((0, 1, 1, 2, 3)) for document in judged}
    values = score_rankings(rankings, qrels)
    assert set(values) == {query for query, grades in qrels.items() if any(grades.values())}
    assert values
    for query, row in values.items():
        wanted = independent([document for document, _ in rankings.get(query, [])], qrels[query])
        assert row == pytest.approx(wanted, abs=1e-6)


def test_a_known_case() -> None:
    row = score_rankings({"q": [("b", 0.5), ("a", 0.5), ("c", 0.1)]}, {"q": {"a": 1, "c": 1, "x": 1}})["q"]
    assert row["MRR@10"] == pytest.approx(1 / 2)
    assert row["R@5"] == pytest.approx(2 / 3)
    assert row["MAP"] == pytest.approx((1 / 2 + 2 / 3) / 3)


def test_a_query_that_was_not_answered_counts_as_zero_and_an_unjudged_one_not_at_all() -> None:
    values = score_rankings({"other": [("d", 1.0)]}, {"missing": {"d": 1}, "none": {"d": 0}})
    assert values == {"missing": dict.fromkeys(MEASURES, 0.0)}


def test_a_mean_over_nothing_is_no_number() -> None:
    assert mean({"a": {"R@5": 1.0}, "b": {"R@5": 0.0}}, "R@5") == 0.5
    assert math.isnan(mean({}, "R@5"))


def test_another_scorer_gets_the_same_figures_from_the_run_file(tmp_path) -> None:
    rankings = {"q1": [("b", 0.5), ("a", 0.5), ("c", 0.5)], "q2": [("c", 0.30000001), ("b", 0.3), ("a", 0.0)]}
    qrels = {"q1": {"a": 1}, "q2": {"b": 2, "a": 1}}
    results = [Result(query=query, ranking=tuple(ranked), retrieve_ms=1.0) for query, ranked in rankings.items()]
    write_run(results, tmp_path, "my bench")
    rows = [line.split() for line in (tmp_path / "run.trec").read_text().splitlines()]
    assert [(row[0], row[2], row[3], row[5]) for row in rows[:2]] == [
        ("q1", "b", "1", "passage-my-bench"),
        ("q1", "a", "2", "passage-my-bench"),
    ]
    run = ir_measures.read_trec_run(str(tmp_path / "run.trec"))
    theirs = {(m.query_id, str(m.measure)): m.value for m in ir_measures.iter_calc([MEASURES["nDCG@5"]], qrels, run)}
    ours = score_rankings(rankings, qrels)
    assert theirs == {(query, "nDCG@5"): pytest.approx(row["nDCG@5"]) for query, row in ours.items()}
    kept = [Result.model_validate_json(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert kept == results
