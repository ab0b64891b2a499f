"""`python -m eval.removed FOLDER OUT`: a benchmark in which half of the questions can't be answered, for refusals.

Half of the documents that answer a question are taken out of the corpus. Questions of which none is left can't be
answered any more: what is left are the nearest other documents, as when the news hasn't reported something.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import PassageError
from eval.datasets import CORPUS, QUERIES, Benchmark, DatasetError, objects, write_benchmark

SHARE = 0.5  # of the answering documents
KEPT = ("history", "as_of", "split")  # of what is known about a question that can't be answered any more


def remove_answers(folder: Path, out: Path, seed: int = 1) -> Benchmark:
    """Write the benchmark in `folder` to `out` without `SHARE` of the documents that answer its questions.

    Args:
        folder: a benchmark whose corpus is one file.
        out: a new folder.
        seed: decides which documents are taken out.

    Raises:
        DatasetError: `folder` is no such benchmark, no document answers anything, or `out` isn't empty.
    """
    benchmark = Benchmark(folder)
    if not benchmark.corpus.is_file():
        raise DatasetError(f"{folder} has its articles in a folder.", f"Put them into {CORPUS}, one a line.")
    relevant = {
        query.id: benchmark.relevant(query.id) for query in benchmark.queries if query.answerable is not False
    }
    answering = sorted(set().union(*relevant.values()))
    if not answering:
        raise DatasetError(f"{folder} names no document that answers a question.")
    removed = set(random.Random(seed).sample(answering, round(SHARE * len(answering))))
    lost = {query for query, documents in relevant.items() if documents and documents <= removed}
    documents = [row for _, row in objects(folder / CORPUS) if row.get("_id", row.get("id")) not in removed]
    queries = []
    for _, row in objects(folder / QUERIES):
        if str(row.get("_id", row.get("id"))) in lost:
            kept = {name: value for name, value in (row.get("metadata") or {}).items() if name in KEPT}
            row["metadata"] = kept | {"answerable": False, "kind": "removed"}
        queries.append(row)
    qrels = [
        (query, document, grade)
        for query, judged in benchmark.qrels.items()
        for document, grade in judged.items()
        if document not in removed
    ]
    return write_benchmark(out, documents, queries, qrels)


def main(
    folder: Annotated[Path, typer.Argument(help="A benchmark folder.")],
    out: Annotated[Path, typer.Argument(help="The new benchmark folder.")],
    seed: Annotated[int, typer.Option(help="Decides which documents are taken out.")] = 1,
) -> None:
    """Take half of the documents that answer questions out of FOLDER's corpus, and write the rest to OUT."""
    console = Console(stderr=True)
    try:
        made = remove_answers(folder, out, seed)
    except PassageError as error:
        console.print(str(error))
        sys.exit(1)
    console.print(made.summary())


if __name__ == "__main__":
    typer.run(main)
