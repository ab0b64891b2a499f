"""`python -m eval.ablation.selection FOLDER…`: what each feature of sentence selection, and the reader, is worth.

A feature is switched off by giving every sentence its mean, that is, by leaving its part out of the weighted sum;
the weights of the others stay as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from corpus.errors import PassageError
from corpus.settings import Settings, load_settings
from eval.ablation.ablation import Effect, Group
from eval.ablation.tables import LEGEND, progress_on, terminal_table, write_markdown
from eval.answers import holds_answer
from eval.datasets import Benchmark, Query
from eval.run import Progress, default_cache, open_benchmark
from eval.statistics import compare_means
from rag.features import NAMES
from rag.linear import LinearModel, load_model
from rag.query_engine import fitting
from rag.selection import READING_SHARE, SELECTION_WEIGHTS, Candidate, LinearSelector, ReadingSelector

MEASURES = {"answer in top 1": 1, "answer in top 2": 2, "answer in top 3": 3}
"""How many of the best sentences are looked at."""

Scoring = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From the parts that features add to scores, [sentences, features], and readings, [sentences], to scores."""


def variants() -> dict[str, Scoring]:
    """Everything on, then the reader and each feature off, and the cosine alone."""

    def without(feature: int) -> Scoring:
        return lambda parts, readings: parts.sum(1) - parts[:, feature] + READING_SHARE * readings

    return {
        "everything on": lambda parts, readings: parts.sum(1) + READING_SHARE * readings,
        "without the reader": lambda parts, readings: parts.sum(1),
        "cosine alone": lambda parts, readings: parts[:, NAMES.index("cosine")],
        **{f"without {name}": without(i) for i, name in enumerate(NAMES)},
    }


def ablate_selection(
    benchmark: Benchmark,
    settings: Settings,
    cache: Path,
    limit: int | None = None,
    progress: Progress = lambda *_: None,
) -> Group | None:
    """What each feature is worth to the questions of `benchmark` whose answers are known; None when there are none.

    Args:
        benchmark: whose questions are asked, in their conversations.
        settings: what is in force.
        cache: folder of the indexes.
        limit: only the first questions.
        progress: told about each step.

    Raises:
        BusyError: another run is using the same index.
        DatasetError: a document of the corpus can't be read.
    """
    known = [q for q in benchmark.queries if q.answerable is not False and (q.answers or q.must_contain)][:limit]
    model = load_model(SELECTION_WEIGHTS, NAMES)
    scoring = variants()
    found: dict[str, list[list[float]]] = {name: [] for name in scoring}
    with open_benchmark(benchmark, settings, cache, progress) as assistant:
        selector = ReadingSelector(LinearSelector(assistant.index.passages), settings.embedding_precision)
        for done, query in enumerate(known, start=1):
            retrieved = assistant.search(query.text, query.history, query.as_of)
            candidates = selector.select(retrieved.asked, retrieved.hits, partial(fitting, retrieved))
            parts, readings = _contributions(model, candidates), np.array([c.reading or 0.0 for c in candidates])
            for name, score in scoring.items():
                found[name].append(_values(query, candidates, score(parts, readings)))
            progress("asking", done, len(known))
    if not known:
        return None
    columns = {
        name: {measure: [row[i] for row in rows] for i, measure in enumerate(MEASURES)}
        for name, rows in found.items()
    }
    (baseline, whole), *changed = columns.items()
    effects = [Effect(name, {m: compare_means(whole[m], values[m]) for m in MEASURES}) for name, values in changed]
    effects.sort(key=lambda effect: effect.differences["answer in top 1"].difference)
    means = {measure: float(np.mean(values)) for measure, values in whole.items()}
    return Group(benchmark.name, "", len(known), baseline, means, tuple(effects))


def _contributions(model: LinearModel, candidates: Sequence[Candidate]) -> np.ndarray:
    rows = np.array([c.features for c in candidates]).reshape(-1, len(NAMES))
    return np.column_stack(
        [(rows[:, i] - f.mean) / f.scale * f.weight for i, f in enumerate(model.features.values())]
    )


def _values(query: Query, candidates: Sequence[Candidate], scores: np.ndarray) -> list[float]:
    """1 where the best sentences hold the answer, else 0, for each of `MEASURES`."""
    best = [candidates[i].text for i in np.argsort(-scores, kind="stable")[: max(MEASURES.values())]]
    return [float(holds_answer(query, " ".join(best[:most]))) for most in MEASURES.values()]


def main(
    folders: Annotated[list[Path], typer.Argument(help="Benchmark folders whose queries have answers.")],
    out: Annotated[Path | None, typer.Option(help="Write the tables there as Markdown.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first questions of each.")] = None,
    cache: Annotated[Path | None, typer.Option(help="Folder of indexes (default: in the user's cache).")] = None,
) -> None:
    """Measure sentence selection with each feature off, paired question by question."""
    console = Console()
    try:
        groups = _groups(folders, limit, cache or default_cache())
        if out:
            write_markdown(out, {"Each feature of selection off": groups})
    except PassageError as error:
        Console(stderr=True).print(str(error), markup=False)
        sys.exit(2)
    console.print(LEGEND, markup=False)
    for group in groups:
        console.print(terminal_table(group))


def _groups(folders: Sequence[Path], limit: int | None, cache: Path) -> list[Group]:
    settings = load_settings()
    groups: list[Group] = []
    with Console(stderr=True).status("opening") as status:
        for benchmark in map(Benchmark, folders):
            group = ablate_selection(benchmark, settings, cache, limit, progress_on(status, benchmark.name))
            groups += [group] if group else []
    return groups


if __name__ == "__main__":
    typer.run(main)
