"""`python -m eval.verifier`: how well unsupported sentences are caught and differing reports noted."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import InputError, PassageError
from eval.verifier.contrasts import contrasts
from eval.verifier.data import passages, report_pairs
from eval.verifier.fitting import fit
from eval.verifier.measures import compare, judge
from eval.verifier.tables import Figures, differing, verdicts
from rag.verification import VERIFICATION_WEIGHTS, FactVerifier


class Half(StrEnum):
    """Which claims and reports are measured on."""

    TEST = "test"
    TUNE = "tune"


def main(
    half: Annotated[
        Half, typer.Option(help="What was set aside, or what the rules and weights were made with.")
    ] = Half.TEST,
    refit: Annotated[
        bool, typer.Option("--fit", help="Fit the weights on the tuning half first, and save them.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Also write the tables there as Markdown.")] = None,
) -> None:
    """Measure the verifier on written claims and contrasts, and the notes on differing reports on written pairs."""
    console = Console()
    try:
        model = None
        if refit:
            model = fit()
            model.save(VERIFICATION_WEIGHTS)
        verifier = FactVerifier(model)
        tables = [
            *verdicts("claims", judge(verifier, passages(half.value))),
            *verdicts("contrasts", judge(verifier, contrasts(half.value))),
            *differing(compare(report_pairs(half.value))),
        ]
        if out:
            _write(out, tables)
    except PassageError as error:
        Console(stderr=True).print(str(error), markup=False)
        sys.exit(2)
    for table in tables:
        console.print(table.terminal())
        console.print()


def _write(path: Path, tables: list[Figures]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(table.markdown() for table in tables) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"The tables can't be written to {path}: {error.strerror}.") from None


if __name__ == "__main__":
    typer.run(main)
