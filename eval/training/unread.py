"""`python -m eval.training.unread OUT`: what the reader wasn't trained on of the written news, as a benchmark.

Its questions are asked of all written news, a month after their article came out.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from corpus.errors import PassageError
from eval.datasets import Benchmark, write_benchmark
from eval.training.news import NEWS, read_news
from eval.training.reader import held_out
from eval.training.squad import Paragraph, SquadQuestion

ASKED_AFTER = timedelta(days=30)


def write_unread(out: Path, news: Path = NEWS) -> Benchmark:
    """Write the benchmark to `out`; the questions on every other article are for tuning.

    Args:
        out: a new folder.
        news: the folder of written news.

    Raises:
        TrainingError: the news isn't as it should be.
        DatasetError: `out` isn't empty.
    """
    articles, _ = read_news(news)
    documents = [
        {"_id": a.id, "title": a.headline, "text": a.text, "metadata": {"published": str(a.published)}}
        for a in articles
    ]
    asked = [
        (article, f"{article.id}:{number}", question, ("tune", "gate")[i % 2])
        for i, article in enumerate(held_out(articles))
        for number, question in enumerate(article.questions, 1)
    ]
    queries = [_query(article, name, question, split) for article, name, question, split in asked]
    qrels = [(name, article.id, 2) for article, name, question, _ in asked if question.answers]
    return write_benchmark(out, documents, queries, qrels)


def _query(article: Paragraph, name: str, question: SquadQuestion, split: str) -> dict[str, Any]:
    known = {"split": split, "answerable": bool(question.answers), "answers": list(question.answers)}
    asked_on = {"as_of": str(article.published + ASKED_AFTER)} if article.published else {}
    return {"_id": name, "text": question.text, "metadata": known | asked_on}


def main(out: Annotated[Path, typer.Argument(help="The new benchmark folder.")]) -> None:
    """Write the questions on written news that the reader wasn't trained on to OUT, as a benchmark."""
    console = Console(stderr=True)
    try:
        made = write_unread(out)
    except PassageError as error:
        console.print(str(error))
        sys.exit(1)
    console.print(made.summary("articles"))


if __name__ == "__main__":
    typer.run(main)
