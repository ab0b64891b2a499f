"""Adds cases to a benchmark folder, line by line at its end, so that the change reads as a diff.

A case that the folder has already, in the same or in other words, isn't added again; one that says the opposite of
what the folder holds is reported with what can be done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from corpus.articles import Article
from corpus.ingest import read_paths
from corpus.readers import ReadOptions
from eval.datasets import CORPUS, CORPUS_FOLDER, QRELS, QUERIES, Benchmark, Query
from eval.normalisation import contains
from rag.passages import Vectors
from rag.same_question import same_question

ADDED_TO_FOLDER = f"{CORPUS_FOLDER}/reviewed.jsonl"  # where the corpus is a folder of articles
Embed = Callable[[str], Vectors]
"""A question's embedding, of length 1."""


class Status(StrEnum):
    """What became of a case."""

    ADDED = "added"
    KNOWN = "known"
    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    OTHER_DOCUMENT = "other_document"


@dataclass(frozen=True)
class GoldenCase:
    """A question with what is known about its answer, and the articles that were judged for it.

    Attributes:
        documents: articles in the form of a corpus file; all that `grades` names.
        grades: relevance by document id; 0 is judged and not relevant.
    """

    query: Query
    documents: tuple[Mapping[str, Any], ...]
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """What became of a case, and what to do about it.

    Attributes:
        other: the id of the query, or of the document, that it clashes with; "" for none.
        advice: a sentence; "" where nothing is to be done.
    """

    case_id: str
    status: Status
    other: str = ""
    advice: str = ""


def clash(case: GoldenCase, queries: Sequence[Query], embed: Embed) -> Outcome | None:
    """How `case` clashes with one of `queries`; None when it asks something new."""
    query = case.query
    for other in queries:
        if other.id == query.id and _says(query) == _says(other):
            return Outcome(query.id, Status.KNOWN, other.id)
        if not _asks_the_same(query, other, embed):
            continue
        if _agree(query, other):
            return Outcome(
                query.id, Status.DUPLICATE, other.id, f"{other.id} asks the same and expects the same; nothing to do."
            )
        return Outcome(
            query.id,
            Status.CONTRADICTION,
            other.id,
            f"{other.id} asks the same and expects something else ({_expected(other)}; this: {_expected(query)}). "
            f"Correct {other.id} in {QUERIES}, or judge the answer again.",
        )
    return None


def add_cases(folder: Path, cases: Sequence[GoldenCase], embed: Embed) -> list[Outcome]:
    """Add those of `cases` that are new to the benchmark in `folder`, which is made where there is none.

    The same cases added in the same order always give the same files; adding them again changes nothing.

    Raises:
        DatasetError: the folder holds something else than a benchmark, or a file of it isn't as it should be.
    """
    queries, texts = _held(folder)
    outcomes: list[Outcome] = []
    added: list[GoldenCase] = []
    for case in cases:
        found = clash(case, [*queries, *(each.query for each in added)], embed)
        found = found or _document_clash(case, texts)
        if found is None:
            added.append(case)
            texts |= {document["id"]: document["text"] for document in case.documents}
        outcomes.append(found or Outcome(case.query.id, Status.ADDED))
    if added:
        _append(folder, added)
        Benchmark(folder)
    return outcomes


def _held(folder: Path) -> tuple[list[Query], dict[str, str]]:
    """The queries of a benchmark, and its documents' words by id; nothing for a folder that isn't there yet."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return [], {}
    benchmark = Benchmark(folder)
    records = read_paths([benchmark.corpus], ReadOptions())
    return benchmark.queries, {article.key: article.text for article in records if isinstance(article, Article)}


def _document_clash(case: GoldenCase, texts: Mapping[str, str]) -> Outcome | None:
    for document in case.documents:
        held = texts.get(document["id"])
        if held is not None and held != document["text"]:
            return Outcome(
                case.query.id,
                Status.OTHER_DOCUMENT,
                document["id"],
                f"The corpus holds another version of {document['id']}. Bring it up to date there, or judge an "
                "answer that quotes that version.",
            )
    return None


def _append(folder: Path, cases: Sequence[GoldenCase]) -> None:
    benchmark_corpus = folder / (ADDED_TO_FOLDER if (folder / CORPUS_FOLDER).is_dir() else CORPUS)
    known = Benchmark(folder).document_ids if (folder / QUERIES).is_file() else set()
    documents: dict[str, Mapping[str, Any]] = {}
    for case in cases:
        documents |= {d["id"]: d for d in case.documents if d["id"] not in known and d["id"] not in documents}
    qrels = [f"{case.query.id}\t{key}\t{grade}" for case in cases for key, grade in case.grades.items()]
    (folder / QRELS).parent.mkdir(parents=True, exist_ok=True)
    _add_lines(benchmark_corpus, [_line(document) for document in documents.values()])
    _add_lines(folder / QUERIES, [_line(_as_written(case.query)) for case in cases])
    _add_lines(folder / QRELS, qrels, first="query-id\tcorpus-id\tscore")


def _add_lines(path: Path, lines: Sequence[str], first: str = "") -> None:
    """Put `lines` behind what `path` holds, all or none; `first` opens a new file."""
    held = path.read_text(encoding="utf-8") if path.exists() else f"{first}\n" if first else ""
    if held and not held.endswith("\n"):
        held += "\n"
    written = path.with_name(f".{path.name}.new")
    written.write_text(held + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    written.replace(path)


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _as_written(query: Query) -> dict[str, Any]:
    """A query as the golden set writes it: only what is known."""
    order = ("kind", "split", "answerable", "answers", "must_contain", "history", "as_of", "reference")
    values = query.model_dump(mode="json")
    metadata = {name: values[name] for name in order if values[name] not in (None, "", [])}
    return {"_id": query.id, "text": query.text, "metadata": metadata}


def _says(query: Query) -> tuple[object, ...]:
    return query.text, query.answerable, query.answers, query.must_contain


def _asks_the_same(a: Query, b: Query, embed: Embed) -> bool:
    if [turn.content for turn in a.history] != [turn.content for turn in b.history]:
        return False
    if a.text == b.text and a.as_of == b.as_of:
        return True
    if a.history:
        return False
    cosine = float(np.dot(embed(a.text), embed(b.text)))
    return same_question(a.text, b.text, _day(a), _day(b), cosine)


def _day(query: Query) -> date:
    return query.as_of or datetime.now(UTC).date()


def _agree(a: Query, b: Query) -> bool:
    """Whether one answer can be right for both."""
    if a.answerable is not b.answerable and None not in (a.answerable, b.answerable):
        return False
    wanted, other = a.answers + a.must_contain, b.answers + b.must_contain
    if not wanted or not other:
        return True
    return any(contains(x, y) or contains(y, x) for x in wanted for y in other)


def _expected(query: Query) -> str:
    if query.answerable is False:
        return "no answer"
    return "; ".join(query.answers + query.must_contain)[:120] or "an answer"
