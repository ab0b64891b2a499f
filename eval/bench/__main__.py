"""`python -m eval.bench compare FOLDER`, `scale` and `load ADDRESS`: the benchmarks of speed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from corpus.errors import PassageError
from corpus.settings import load_settings
from eval.bench.load import visit
from eval.bench.scale import measure
from eval.bench.side_by_side import compare_pipelines
from eval.bench.tables import breakdown, comparison, cost, latency
from eval.datasets import Benchmark
from eval.run import default_cache

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@app.command()
def compare(
    folder: Annotated[Path, typer.Argument(help="A benchmark folder.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first queries.")] = None,
) -> None:
    """Passage and LlamaIndex's default on one benchmark, each figure with its ratio."""
    with _explained():
        benchmark = Benchmark(folder)
        Console().print(comparison(benchmark.name, compare_pipelines(benchmark, limit)))


@app.command()
def scale(
    passages: Annotated[list[int], typer.Option(min=1, help="Size of the corpus; again for another size.")],
    questions: Annotated[int, typer.Option(min=1, help="How many are asked, under each condition.")] = 250,
    data: Annotated[Path | None, typer.Option(help="Folder of the corpora (default: in the user's cache).")] = None,
    seed: Annotated[int, typer.Option(help="Decides what the news says.")] = 1,
) -> None:
    """Search synthetic news of a given size, with and without a window on dates; the corpus is built once."""
    root = data or default_cache() / "scale"
    with _explained():
        settings = load_settings(data=root)
        measured = []
        for size in passages:
            with _building(size) as progress:
                measured.append(measure(size, questions, seed, root, settings, progress))
        console = Console()
        for table in (*map(latency, measured), *map(breakdown, measured), cost(measured)):
            console.print(table)


@app.command()
def load(
    address: Annotated[str, typer.Argument(help="Of a chat that `passage serve` serves.")],
    visitors: Annotated[int, typer.Option(min=1, help="How many ask at the same time.")] = 30,
    seconds: Annotated[float, typer.Option(min=0, help="For how long; with 0 each asks once, all at once.")] = 120,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between an answer and the next question.")] = 1,
) -> None:
    """Let many visitors ask at once; what they wait for and what goes wrong."""
    with _explained():
        Console().print("\n".join(visit(address, visitors, seconds, pause).lines()), highlight=False)


@contextmanager
def _building(passages: int) -> Iterator[Callable[[int, int], None]]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"building {passages:,} passages", total=passages)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except PassageError as error:
        Console(stderr=True).print(str(error), markup=False)
        sys.exit(1)


if __name__ == "__main__":
    app()
