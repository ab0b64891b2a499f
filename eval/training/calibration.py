"""`python -m eval.training.calibration DIR`: fit how the evidence and the reader make up the confidence.

Neither was trained to be weighed against the other. So this is fitted on questions that the reader hasn't seen: those
held out of DIR, half of those held out of the written news, and a benchmark's tuning split; each of the three counts
the same, however many they are.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console

from corpus.errors import PassageError
from corpus.settings import load_settings
from eval.datasets import Benchmark
from eval.run import default_cache, open_benchmark
from eval.training.fitting import fit_probability, measure_probability
from eval.training.news import NEWS, read_news
from eval.training.pools import Plan, ask_pools
from eval.training.reader import held_out
from eval.training.squad import Paragraph, TrainingError, read_squad
from eval.training.tables import report_table
from eval.training.unread import write_unread
from rag.confidence import CALIBRATION, CALIBRATION_WEIGHTS, testimony
from rag.features import NAMES
from rag.linear import WEIGHTS, load_model
from rag.own_case import is_own_case
from rag.query_engine import candidates_for
from rag.reader import Reader
from rag.selection import SELECTION_WEIGHTS, LinearSelector, ReadingSelector, rank_sentences, read_candidates
from rag.term_weights import term_weights
from rag.underspecified import is_underspecified

GOLDEN = Path(__file__).parents[1] / "golden"
PLANS = (Plan((1, 5), 30, 4), Plan((100, 100), 3, 150))  # held-out paragraphs are few
Progress = Callable[[str], None]
Cases = tuple[np.ndarray, np.ndarray]
"""The testimony for each question, and whether it can be answered."""


def calibrate(
    folder: Path,
    out: Path,
    benchmark: Path = GOLDEN,
    seed: int = 1,
    progress: Progress = lambda _: None,
    news: Path = NEWS,
) -> dict[str, Any]:
    """Fit on held-out questions of `folder` and of the written news and on the tuning split of `benchmark`.

    Writes calibration.json to `out`.

    Returns:
        The report.

    Raises:
        TrainingError: `folder` holds no questions in SQuAD's format, or either set only one kind of question.
        DatasetError: `benchmark` isn't one.
    """
    paragraphs, hashes = read_squad(folder)
    asked = Benchmark(benchmark)
    parts = {
        "held-out questions": _held_out(held_out(paragraphs), seed, progress),
        "written news": _written_news(news, progress),
        "tuning split": _tuning_split(asked, progress),
    }
    for name, (rows, answerable) in parts.items():
        if not len(rows) or answerable.all() or not answerable.any():
            raise TrainingError(f"The {name} hold only one kind of question, answerable or not.")
    rows, right = (np.concatenate(columns) for columns in zip(*parts.values(), strict=True))
    answered = parts["tuning split"][1].mean()
    counts = len(rows) / len(parts) * np.concatenate([_counts(own, answered) for _, own in parts.values()])
    fitted = fit_probability(rows, right, counts, CALIBRATION)
    report: dict[str, Any] = {"data": hashes | read_news(news)[1], asked.name: asked.questions_hash, "seed": seed}
    for name, (own, answerable) in parts.items():
        probabilities = 1 / (1 + np.exp(-fitted.scores(own)))
        report[name] = {"questions": len(own), **measure_probability(probabilities, answerable)}
    about = "The log-odds that a question can be answered."
    fitted.model_copy(update={"about": about, "report": report}).save(out / CALIBRATION_WEIGHTS.name)
    return report


def _counts(answerable: np.ndarray, share: float) -> np.ndarray:
    """How much each question counts, 1 in all, so that `share` of them can be answered, [questions]."""
    return np.where(answerable, share / answerable.sum(), (1 - share) / (~answerable).sum())


def _held_out(paragraphs: list[Paragraph], seed: int, progress: Progress) -> Cases:
    weights, reader = load_model(SELECTION_WEIGHTS, NAMES), Reader("float32")
    cases = []
    for found in ask_pools(paragraphs, PLANS, seed, progress):
        terms = term_weights(found.question.text, found.frequencies, found.passages)
        if ranked := rank_sentences(found.question, found.hits, terms, weights):
            read = read_candidates(reader, found.question, ranked)
            cases.append((testimony(found.question, read), bool(found.answers)))
    return _columns(cases)


def _written_news(news: Path, progress: Progress) -> Cases:
    with tempfile.TemporaryDirectory() as folder:
        return _tuning_split(write_unread(Path(folder) / "unread", news), progress)


def _tuning_split(benchmark: Benchmark, progress: Progress) -> Cases:
    settings = load_settings(embedding_precision="float32")
    cases = []
    with open_benchmark(benchmark, settings, default_cache(), lambda *_: None) as assistant:
        selector = ReadingSelector(LinearSelector(assistant.index.passages), settings.embedding_precision)
        for query in benchmark.queries:
            known = query.split == "tune" and query.answerable is not None
            if not known or is_own_case(query.text) or is_underspecified(query.text, query.history):
                continue
            progress(query.text)
            found = assistant.search(query.text, query.history, query.as_of)
            if candidates := candidates_for(selector, found):
                cases.append((testimony(found.asked, candidates), bool(query.answerable)))
    return _columns(cases)


def _columns(cases: list[tuple[tuple[float, float], bool]]) -> Cases:
    return np.array([told for told, _ in cases]).reshape(-1, len(CALIBRATION)), np.array(
        [right for _, right in cases]
    )


def main(
    folder: Annotated[Path, typer.Argument(help="A folder of questions in SQuAD's JSON format.")],
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = WEIGHTS,
    benchmark: Annotated[Path, typer.Option(help="The benchmark whose tuning split is used.")] = GOLDEN,
    seed: Annotated[int, typer.Option(help="Decides which paragraphs and questions are drawn.")] = 1,
) -> None:
    """Fit the confidence on what the reader wasn't trained on, and write calibration.json with its report."""
    console = Console()
    try:
        with Console(stderr=True).status("reading") as status:
            report = calibrate(folder, out, benchmark, seed, lambda what: status.update(f"asking {what}"))
    except PassageError as error:
        Console(stderr=True).print(str(error))
        sys.exit(1)
    console.print(report_table("calibration", report))


if __name__ == "__main__":
    typer.run(main)
