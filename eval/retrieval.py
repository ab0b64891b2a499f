"""Retrieval metrics, by ir-measures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import AP, RR, R, nDCG

from eval.datasets import Qrels

MEASURES = {"nDCG@5": nDCG @ 5, "nDCG@10": nDCG @ 10, "R@5": R @ 5, "R@10": R @ 10, "MRR@10": RR @ 10, "MAP": AP}
Ranking = Sequence[tuple[str, float]]
"""Document ids with scores, best first, each once."""


def score_rankings(rankings: Mapping[str, Ranking], qrels: Qrels) -> dict[str, dict[str, float]]:
    """Each measure for each query that has a relevant document: {query: {measure: value}}.

    Equal scores would be ordered by id in the scorer, so ranks are what is handed over.
    """
    judged = {query: grades for query, grades in qrels.items() if any(grade > 0 for grade in grades.values())}
    run = {
        query: {document: float(-rank) for rank, (document, _) in enumerate(rankings.get(query, ()))}
        for query in judged
    }
    values: dict[str, dict[str, float]] = {query: dict.fromkeys(MEASURES, 0.0) for query in judged}
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judged, run):
        if not math.isnan(metric.value):
            values[metric.query_id][names[metric.measure]] = metric.value
    return values


def mean(values: Mapping[str, Mapping[str, float]], measure: str) -> float:
    """The mean of a measure over all queries in `values`; NaN when there are none."""
    return sum(row[measure] for row in values.values()) / len(values) if values else math.nan
