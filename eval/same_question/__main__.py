"""`python -m eval.same_question`: measure both halves and print what was mistaken."""

from __future__ import annotations

from functools import partial

import typer
from rich.console import Console
from rich.table import Table

from corpus.settings import load_settings
from eval.same_question import Measured, interval, measure, read_pairs
from rag.embedding import question_vector, shared_embedding

out = Console()


def main(show: bool = typer.Option(False, help="Also print the paraphrases that were missed.")) -> None:
    """Tell the written pairs apart, and print how well that went."""
    embed = partial(question_vector, shared_embedding(load_settings().embedding_model, "float32"))
    table = Table("half", "paraphrases", "recall", "near misses", "taken for the same", "precision", box=None)
    halves = {name: measure(read_pairs(name), embed) for name in ("tune", "test")}
    for name, found in halves.items():
        paraphrases = found.right + len(found.missed)
        table.add_row(
            name,
            str(paraphrases),
            _share(found.right, paraphrases),
            str(found.near_misses),
            str(len(found.false)),
            _share(found.right, found.right + len(found.false)),
        )
    out.print(table)
    for name, found in halves.items():
        _mistakes(name, found, show)


def _share(successes: int, trials: int) -> str:
    low, high = interval(successes, trials)
    return f"{successes / max(trials, 1):.3f} ({low:.3f} to {high:.3f})"


def _mistakes(name: str, found: Measured, show: bool) -> None:
    for pair in found.false:
        out.print(f"{name}, taken for the same ({pair.kind}): {pair.a} | {pair.b}", markup=False)
    for pair in found.missed if show else ():
        out.print(f"{name}, missed: {pair.a} | {pair.b}", markup=False)


if __name__ == "__main__":
    typer.run(main)
