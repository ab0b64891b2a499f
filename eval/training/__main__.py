"""`python -m eval.training DIR [--seed N]`: train the selector and the confidence, and print how well they do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import PassageError
from eval.training.tables import report_table
from eval.training.training import train
from rag.linear import WEIGHTS


def main(
    folder: Annotated[Path, typer.Argument(help="A folder of questions in SQuAD's JSON format.")],
    seed: Annotated[int, typer.Option(help="Decides which paragraphs and questions are drawn.")] = 1,
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = WEIGHTS,
) -> None:
    """Train on the questions of FOLDER and write the weights with their report."""
    console = Console()
    try:
        with Console(stderr=True).status("reading") as status:
            reports = train(folder, out, seed, progress=lambda pool: status.update(f"asking {pool}"))
    except PassageError as error:
        Console(stderr=True).print(str(error))
        sys.exit(1)
    for name, report in reports.items():
        console.print(report_table(name, report))


if __name__ == "__main__":
    typer.run(main)
