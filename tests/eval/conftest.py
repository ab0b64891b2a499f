"""Questions, answers, reports and benchmark folders, made in a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from eval.report import Question, Report, aggregate
from rag.answer import Answer, Citation, Sentence


@pytest.fixture(scope="session")
def run_command() -> Callable[..., Result]:
    """Runs the function of a command with arguments, as on the command line."""

    def run(main: Callable[..., object], *arguments: object) -> Result:
        app = typer.Typer()
        app.command()(main)
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run


@pytest.fixture(scope="session")
def make_answer() -> Callable[..., Answer]:
    """An answer with a citation for each of `cited`, or a refusal."""

    def make(
        text: str = "It opened.",
        cited: Sequence[str] = ("d1",),
        *,
        refused: bool = False,
        confidence: float = 0.9,
        support: float = 1.0,
        title: str = "A headline",
        url: str | None = None,
        quote: str = "It opened.",
    ) -> Answer:
        citations = tuple(
            Citation(
                n=n, article_id=document, version=1, title=title, source="The Post", url=url, published=None,
                quote=quote, start=0, end=len(quote),
            )
            for n, document in enumerate(() if refused else cited, start=1)
        )  # fmt: skip
        markers = tuple(citation.n for citation in citations)
        return Answer(
            question="q",
            answer=text + "".join(f" [{n}]" for n in markers),
            refused=refused,
            sentences=() if refused else (Sentence(text=text, citations=markers, support=support),),
            citations=citations,
            confidence=confidence,
            as_of=date(2024, 3, 1),
            model="extractive",
            settings="0" * 12,
            timings_ms={},
        )

    return make


@pytest.fixture(scope="session")
def make_question() -> Callable[..., Question]:
    """A question of a report; any field of it may be given."""

    def make(name: str = "q1", metrics: Mapping[str, float] | None = None, **fields: Any) -> Question:
        values: dict[str, Any] = {
            "id": name, "text": f"What about {name}?", "kind": "", "history": (), "as_of": None, "answerable": None,
            "wanted": (), "must_contain": (), "relevant": (), "ranking": (), "answer": None, "error": "",
            "retrieve_ms": 10.0, "ask_ms": None, "metrics": dict(metrics or {}),
        }  # fmt: skip
        return Question(**(values | fields))

    return make


@pytest.fixture(scope="session")
def make_report() -> Callable[..., Report]:
    """The report of questions, aggregated as a run's is."""

    def make(questions: Sequence[Question], **fields: Any) -> Report:
        values: dict[str, Any] = {
            "benchmark": "bench", "corpus_hash": "c" * 12, "questions_hash": "q" * 12, "documents": 3, "split": "",
            "created": "2024-03-01T12:00:00+00:00", "settings_hash": "s" * 12, "settings": {"top_k": 8},
            "model_fingerprint": "m" * 12, "index_fingerprint": "i" * 12, "versions": {"passage": "0.1.0"},
            "commit": None, "machine": {"cores": "2"}, "metrics": aggregate(questions),
            "questions": tuple(questions),
        }  # fmt: skip
        return Report(**(values | fields))

    return make


Lines = Sequence[Mapping[str, Any] | str | bytes]


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[..., Path]:
    """A benchmark folder, valid but for what is given."""

    def make(
        corpus: Lines = (
            {"_id": "d1", "title": "One", "text": "First."},
            {"_id": "d2", "title": "", "text": "Second."},
        ),
        queries: Lines = ({"_id": "q1", "text": "Which is first?"}, {"_id": "q2", "text": "Which is second?"}),
        qrels: Sequence[str] = ("query-id\tcorpus-id\tscore", "q1\td1\t1", "q2\td2\t2", "q2\td1\t0"),
    ) -> Path:
        folder = tmp_path / "bench"
        (folder / "qrels").mkdir(parents=True)
        for name, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
            lines = (
                row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode()
                for row in rows
            )
            (folder / name).write_bytes(b"\n".join(lines) + b"\n")
        (folder / "qrels" / "test.tsv").write_text("\n".join(qrels) + "\n", encoding="utf-8")
        return folder

    return make


FERRY_TOWNS = "Ashby Borley Corfe Dunham Elmore Farley Garston Hexton Ilmer Jarrow Kelby Lorton".split()


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve written articles, each with a question that it answers and one that it doesn't."""
    folder = tmp_path_factory.mktemp("news")
    articles = [
        f"@ f-{i:02} | 2019-03-{i + 1:02} | Ferry at {town} sails again\n"
        f"The ferry at {town} sails again after {i + 3} months.\n"
        f"A ticket costs {200 + i} crowns, up from {150 + i}.\n"
        f"Captain Ola Berg of {town} said he had missed the gulls.\n"
        f"? 2 | what does a ticket for the ferry at {town} cost now? | {200 + i} crowns/{200 + i}\n"
        f"! 2 | how many tickets did the ferry at {town} sell? | other_measure\n"
        for i, town in enumerate(FERRY_TOWNS)
    ]
    (folder / "ferries.txt").write_text("\n".join(articles), encoding="utf-8")
    return folder
