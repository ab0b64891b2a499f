"""`python -m eval.ablation FOLDER…`: what each part of retrieval is worth on benchmarks and on the golden set."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import PassageError
from corpus.settings import load_settings
from eval.ablation.ablation import FOREIGN, Group, ablate, ask_in_foreign_conversations
from eval.ablation.tables import LEGEND, progress_on, terminal_table, write_markdown
from eval.datasets import Benchmark
from eval.run import default_cache

GOLDEN = Path(__file__).parents[1] / "golden"
MOST_LOSS = 0.005  # that a conversation about something else may cost questions that need none


def main(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Benchmark folders; the golden set comes first.")
    ] = None,
    conversations: Annotated[
        Path | None,
        typer.Option(help="A benchmark folder whose conversations are put before the others' standalone questions."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the tables there as Markdown.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first questions of each.")] = None,
    cache: Annotated[Path | None, typer.Option(help="Folder of indexes (default: in the user's cache).")] = None,
) -> None:
    """Measure retrieval with each part off, paired question by question.

    Exit code: 0 done, 1 a foreign conversation costs standalone questions too much, 2 it couldn't run.
    """
    console = Console()
    try:
        places = [GOLDEN, *(folders or [])]
        parts, foreign = _measure(places, conversations, limit, cache or default_cache())
        if out:
            write_markdown(out, {"Each part off": parts, f"Standalone questions {FOREIGN}": foreign})
    except PassageError as error:
        Console(stderr=True).print(str(error), markup=False)
        sys.exit(2)
    console.print(LEGEND, markup=False)
    for group in (*parts, *foreign):
        console.print(terminal_table(group))
    if foreign:
        loss = max(effect.loss for group in foreign for effect in group.effects)
        console.print(f"{FOREIGN}: the greatest loss is {loss:.4f}; {MOST_LOSS} is allowed", markup=False)
        sys.exit(int(loss > MOST_LOSS))


def _measure(
    folders: list[Path], conversations: Path | None, limit: int | None, cache: Path
) -> tuple[list[Group], list[Group]]:
    """Each part off, and standalone questions behind foreign conversations."""
    settings = load_settings()
    benchmarks = [Benchmark(folder) for folder in folders]
    lender = Benchmark(conversations) if conversations else None
    parts: list[Group] = []
    foreign: list[Group] = []
    with Console(stderr=True).status("opening") as status:
        for benchmark in benchmarks:
            progress = progress_on(status, benchmark.name)
            parts += ablate(benchmark, settings, cache, limit, progress)
            if lender and benchmark.questions_hash != lender.questions_hash:
                group = ask_in_foreign_conversations(benchmark, lender, settings, cache, limit, progress)
                foreign += [group] if group else []
    return parts, foreign


if __name__ == "__main__":
    typer.run(main)
