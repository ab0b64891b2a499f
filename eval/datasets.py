"""Benchmark folders: BEIR's layout, with conversation, answers and answerability in a query's metadata.

A folder holds `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv` (Thakur et al. 2021, arXiv:2104.08663). In place
of `corpus.jsonl` there may be a folder `corpus` of files that `passage ingest` reads.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import InputError
from corpus.ingest import read_paths
from corpus.readers import Problem, ReadOptions, find_files
from rag.answer import Turn

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels/test.tsv"
CORPUS_FOLDER = "corpus"  # in place of the file
Qrels = dict[str, dict[str, int]]
"""Relevance by query id and document id; 0 is judged and not relevant."""
_GRADE = re.compile(r"-?[0-9]+")


class DatasetError(InputError):
    """A benchmark folder isn't as it should be; the message names file and line."""


class Query(BaseModel):
    """A question of a benchmark, and what is known about its answer.

    Attributes:
        id: unique in the benchmark.
        text: the question.
        history: the conversation before it, oldest first.
        answers: any of these must appear in a right answer; empty when not known.
        must_contain: all of these must.
        answerable: whether the corpus answers it; None when not known.
        kind: what it is reported under.
        as_of: the day that it is asked for; None for today.
        reference: an answer in full, for a judge to compare with.
        split: which part of the benchmark it belongs to, when that has parts.
    """

    model_config = ConfigDict(frozen=True)

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    history: tuple[Turn, ...] = ()
    answers: tuple[str, ...] = ()
    must_contain: tuple[str, ...] = ()
    answerable: bool | None = None
    kind: str = ""
    as_of: date | None = None
    reference: str = ""
    split: Literal["tune", "gate", ""] = ""


class Benchmark:
    """A benchmark folder, checked; the corpus itself is read only when it is indexed."""

    def __init__(self, folder: Path) -> None:
        """Read queries and judgements, and check them against the ids of the corpus.

        Raises:
            DatasetError: a file is missing or malformed, an id comes twice, or a judgement names what isn't there.
        """
        self.folder = folder
        for name in (CORPUS, QUERIES, QRELS):
            if not (folder / name).is_file() and not (name == CORPUS and (folder / CORPUS_FOLDER).is_dir()):
                raise DatasetError(
                    f"{folder} is no benchmark folder: {name} is missing.",
                    f"It holds {CORPUS}, {QUERIES} and {QRELS}.",
                )
        self.queries: list[Query] = []
        seen: set[str] = set()
        for line, values in objects(folder / QUERIES):
            query = _query(values, f"{folder / QUERIES}:{line}")
            if query.id in seen:
                raise DatasetError(f"{folder / QUERIES}:{line}: the query id {query.id!r} comes twice.")
            seen.add(query.id)
            self.queries.append(query)
        if not self.queries:
            raise DatasetError(f"{folder / QUERIES} holds no query.")
        self.qrels = self._read_qrels(seen, self.document_ids)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name

    def summary(self, documents: str = "documents") -> str:
        """How much it holds; `documents` says what its documents are."""
        unanswerable = sum(query.answerable is False for query in self.queries)
        return (
            f"{self.folder}: {len(self.document_ids)} {documents}; {unanswerable} of {len(self.queries)} questions "
            "can't be answered."
        )

    @property
    def corpus(self) -> Path:
        """The corpus: a file of JSON lines, or a folder of articles."""
        file = self.folder / CORPUS
        return file if file.is_file() else self.folder / CORPUS_FOLDER

    @cached_property
    def document_ids(self) -> set[str]:
        """The ids of all documents."""
        found: set[str] = set()
        for place, identifier in self._identifiers():
            if not isinstance(identifier, str) or not identifier:
                raise DatasetError(f"{place}: the document has no '_id'.")
            if identifier in found:
                raise DatasetError(f"{place}: the document id {identifier!r} comes twice.")
            found.add(identifier)
        return found

    @cached_property
    def corpus_hash(self) -> str:
        """Twelve hexadecimal digits over the corpus."""
        digest = hashlib.sha256()
        for path in find_files(self.corpus):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()[:12]

    def _identifiers(self) -> Iterator[tuple[str, object]]:
        """Place and id of every document."""
        if self.corpus.is_file():
            for line, values in objects(self.corpus):
                yield f"{self.corpus}:{line}", values.get("_id", values.get("id"))
            return
        for record in read_paths([self.corpus], ReadOptions()):
            if isinstance(record, Problem):
                raise DatasetError(str(record))
            yield str(self.corpus), record.key

    @cached_property
    def questions_hash(self) -> str:
        """Twelve hexadecimal digits over queries and judgements."""
        data = (self.folder / QUERIES).read_bytes() + (self.folder / QRELS).read_bytes()
        return hashlib.sha256(data).hexdigest()[:12]

    def relevant(self, query_id: str) -> set[str]:
        """The documents judged relevant to a query."""
        return {document for document, grade in self.qrels.get(query_id, {}).items() if grade > 0}

    def _read_qrels(self, queries: set[str], documents: set[str]) -> Qrels:
        path = self.folder / QRELS
        qrels: Qrels = {}
        for number, line in enumerate(_lines(path), start=1):
            fields = line.split("\t")
            if not line.strip() or (number == 1 and fields[-1] == "score"):
                continue
            place = f"{path}:{number}"
            if len(fields) != 3 or not _GRADE.fullmatch(fields[2]):
                raise DatasetError(f"{place}: a judgement is query-id, corpus-id and a whole score between tabs.")
            query, document, grade = fields
            if query not in queries:
                raise DatasetError(f"{place}: there is no query {query!r} in {QUERIES}.")
            if document not in documents:
                raise DatasetError(f"{place}: there is no document {document!r} in {self.corpus.name}.")
            if document in qrels.setdefault(query, {}):
                raise DatasetError(f"{place}: {query!r} and {document!r} are judged twice.")
            qrels[query][document] = int(grade)
        return qrels


def write_benchmark(
    folder: Path, documents: list[dict[str, Any]], queries: list[dict[str, Any]], qrels: list[tuple[str, str, int]]
) -> Benchmark:
    """Write a benchmark folder and read it back, which checks it.

    Raises:
        DatasetError: the folder exists and isn't empty, or what was written doesn't hold together.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DatasetError(f"{folder} isn't empty.", "Name a new folder: nothing is overwritten.")
    (folder / QRELS).parent.mkdir(parents=True, exist_ok=True)
    for name, rows in ((CORPUS, documents), (QUERIES, queries)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text("".join(lines), encoding="utf-8")
    judged = "".join(f"{query}\t{document}\t{grade}\n" for query, document, grade in qrels)
    (folder / QRELS).write_text("query-id\tcorpus-id\tscore\n" + judged, encoding="utf-8")
    return Benchmark(folder)


def _query(values: dict[str, Any], place: str) -> Query:
    metadata = values.get("metadata")
    metadata = {} if metadata is None else metadata
    if not isinstance(metadata, dict):
        raise DatasetError(f"{place}: 'metadata' must be an object.")
    known = {name: metadata[name] for name in Query.model_fields if metadata.get(name) is not None}
    given = values.get("_id", values.get("id"))
    identifier = str(given) if isinstance(given, str | int) else ""
    try:
        return Query(**{**known, "id": identifier, "text": values.get("text", "")})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DatasetError(f"{place}: {where}: {first['msg']}.") from None


def objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file, one a line, each with its line's number.

    Raises:
        DatasetError: a line isn't UTF-8 or holds no JSON object.
    """
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except ValueError as error:
            raise DatasetError(f"{path}:{number}: it isn't valid JSON: {error}.") from None
        if not isinstance(values, dict):
            raise DatasetError(f"{path}:{number}: a line must hold a JSON object.")
        yield number, values


def _lines(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield line.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise DatasetError(f"{path}:{number}: it isn't UTF-8: {error.reason}.") from None
