"""`python -m eval.bench FOLDER [--limit N]`: the same benchmark through LlamaIndex's default and Passage.

Absolute times depend on the machine; the ratio of the two, measured one after the other, is what counts.
"""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from eval.bench.pipelines import PIPELINES, Outcome
from eval.datasets import Benchmark
from eval.retrieval import mean, score_rankings
from rag.embedding import bfloat16_pays


def main(
    folder: Annotated[Path, typer.Argument(help="A benchmark folder.")],
    limit: Annotated[int | None, typer.Option(help="Only the first queries.")] = None,
) -> None:
    """Run both pipelines, one after the other, and print each figure with its ratio."""
    benchmark = Benchmark(folder)
    context = multiprocessing.get_context("spawn")
    outcomes: dict[str, Outcome] = {}
    for name, pipeline in PIPELINES.items():
        with context.Pool(1) as pool:  # a process of its own
            outcomes[name] = pool.apply(pipeline, (folder, limit))
    figures = {name: _figures(outcome, benchmark) for name, outcome in outcomes.items()}
    console = Console()
    table = Table(title=f"{benchmark.name} ({'bfloat16' if bfloat16_pays() else 'float32'})")
    table.add_column("figure")
    for name in (*PIPELINES, "ratio"):
        table.add_column(name, justify="right")
    theirs, ours = figures.values()
    for figure in ours:
        a, b = theirs.get(figure), ours[figure]
        ratio = f"{b / a:.2f}" if a and b is not None else "–"
        table.add_row(figure, *("–" if value is None else f"{value:,.3f}" for value in (a, b)), ratio)
    console.print(table)


def _figures(outcome: Outcome, benchmark: Benchmark) -> dict[str, float | None]:
    qrels = {query: grades for query, grades in benchmark.qrels.items() if query in outcome.rankings}
    scores = score_rankings(outcome.rankings, qrels)
    quality = {name: mean(scores, name) for name in ("nDCG@5", "R@5", "MRR@10")}
    return {
        "word pieces embedded / s": outcome.pieces / outcome.index_s,
        "articles indexed / s": outcome.articles / outcome.index_s,
        **quality,
        "retrieve, ms, p50": float(np.median(outcome.retrieve_ms)),
        "retrieve, ms, p95": float(np.percentile(outcome.retrieve_ms, 95)),
        "ask, ms, p50": float(np.median(outcome.ask_ms)) if outcome.ask_ms else None,
        "ask, ms, p95": float(np.percentile(outcome.ask_ms, 95)) if outcome.ask_ms else None,
        "same corpus again, s": outcome.second_s,
        "peak memory, MB": outcome.peak_mb,
    }


if __name__ == "__main__":
    typer.run(main)
