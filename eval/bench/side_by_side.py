"""One benchmark through LlamaIndex's default pipeline and through Passage, each in a process of its own."""

from __future__ import annotations

import multiprocessing

import numpy as np

from eval.bench.pipelines import PIPELINES, Outcome
from eval.datasets import Benchmark, Qrels
from eval.retrieval import mean, score_rankings

Figures = dict[str, float | None]
"""Values by what they are of; None where a pipeline doesn't offer it."""


def compare_pipelines(benchmark: Benchmark, limit: int | None = None) -> dict[str, Figures]:
    """The figures of each pipeline, run one after the other.

    Absolute times depend on the machine; the ratio of the two is what counts.
    """
    context = multiprocessing.get_context("spawn")
    found: dict[str, Figures] = {}
    for name, pipeline in PIPELINES.items():
        with context.Pool(1) as pool:
            found[name] = _figures(pool.apply(pipeline, (benchmark.folder, limit)), benchmark.qrels)
    return found


def _figures(outcome: Outcome, qrels: Qrels) -> Figures:
    judged = {query: grades for query, grades in qrels.items() if query in outcome.rankings}
    scores = score_rankings(outcome.rankings, judged)
    return {
        "word pieces embedded / s": outcome.pieces / outcome.index_s,
        "articles indexed / s": outcome.articles / outcome.index_s,
        **{name: mean(scores, name) for name in ("nDCG@5", "R@5", "MRR@10")},
        "retrieve, ms, p50": _percentile(outcome.retrieve_ms, 50),
        "retrieve, ms, p95": _percentile(outcome.retrieve_ms, 95),
        "ask, ms, p50": _percentile(outcome.ask_ms, 50),
        "ask, ms, p95": _percentile(outcome.ask_ms, 95),
        "same corpus again, s": outcome.second_s,
        "peak memory, MB": outcome.peak_mb,
    }


def _percentile(times: list[float], percent: float) -> float | None:
    return float(np.percentile(times, percent)) if times else None
