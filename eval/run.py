"""A run: every question of a benchmark, with its history, through the assistant that users get."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from corpus.errors import PassageError
from corpus.folder import FolderLock
from corpus.ingest import ingest, read_paths
from corpus.readers import ReadOptions
from corpus.settings import Settings
from corpus.store import ArticleStore
from eval.datasets import Benchmark, DatasetError, Query
from rag.answer import Answer
from rag.assistant import Assistant
from rag.fingerprint import index_fingerprint
from rag.index import Index
from rag.retriever import Hit
from rag.stories import articles_of
from rag.verification import quote_exists

DEPTH = 100  # documents kept in a ranking; the deepest measure looks at all of them
PASSAGES = 100  # passages asked for: a document is ranked by its best one
COMPLETE = "complete"  # a file that says that the whole corpus was stored

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done and of how many (0 when not known)."""


class Result(BaseModel):
    """What the system did with one question.

    Attributes:
        query: the question's id.
        ranking: documents by their best passage, best first, with that passage's score.
        answer: None when only retrieval was run.
        exact_quotes: for each citation whether the article has those words at that place.
        error: why the question could not be asked, or "".
        retrieve_ms: milliseconds that ranking took, embedding the question included.
        ask_ms: milliseconds that the answer took; None without one.
    """

    model_config = ConfigDict(frozen=True)

    query: str
    ranking: tuple[tuple[str, float], ...]
    answer: Answer | None = None
    exact_quotes: tuple[bool, ...] = ()
    error: str = ""
    retrieve_ms: float
    ask_ms: float | None = None


def default_cache() -> Path:
    """Where indexes of benchmarks are kept: `passage/eval` in the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "passage" / "eval"


def run_benchmark(
    benchmark: Benchmark,
    queries: Sequence[Query],
    settings: Settings,
    cache: Path,
    *,
    retrieval_only: bool = False,
    progress: Progress = lambda *_: None,
) -> list[Result]:
    """Ask `queries`, in order, over an index of the benchmark's corpus.

    Args:
        benchmark: whose corpus is indexed; the index is reused while corpus and model stay the same.
        queries: which questions.
        settings: what is in force; `data` is replaced by a folder in the cache.
        cache: folder of the indexes.
        retrieval_only: rank documents, but compose no answers.
        progress: told about each step.

    Raises:
        BusyError: another run is using the same index.
        DatasetError: a document of the corpus can't be read.
    """
    with open_benchmark(benchmark, settings, cache, progress) as assistant:
        assistant.warm_up()
        results = []
        for done, query in enumerate(queries, start=1):
            results.append(_ask(assistant, query, retrieval_only=retrieval_only))
            progress("asking", done, len(queries))
        return results


@contextmanager
def open_benchmark(benchmark: Benchmark, settings: Settings, cache: Path, progress: Progress) -> Iterator[Assistant]:
    """An assistant over the benchmark's corpus, whose index is kept in `cache`.

    Raises:
        BusyError: another run is using the same index.
        DatasetError: a document of the corpus can't be read.
    """
    folder = cache / f"{benchmark.corpus_hash}-{index_fingerprint(settings)}"
    own = settings.model_copy(update={"data": folder})
    with FolderLock(folder):
        store = ArticleStore.open(folder)
        try:
            if not (folder / COMPLETE).exists():
                records = read_paths([benchmark.corpus], ReadOptions(max_bytes=int(settings.max_record_mb * 1e6)))
                report = ingest(records, store, lambda done: progress("reading", done, 0))
                bad = next((problem for problem in report.problems if problem.skipped), None)
                if bad:
                    raise DatasetError(f"The corpus can't be indexed whole. {bad}")
                (folder / COMPLETE).touch()
            index = Index(store, own)
            index.sync(lambda done, total: progress("embedding", done, total))
            index.close()
        finally:
            store.close()
    with Assistant.open(folder, own) as assistant:
        yield assistant


def _ask(assistant: Assistant, query: Query, *, retrieval_only: bool) -> Result:
    assistant.index.embedding.forget_queries()
    clock = time.perf_counter()
    try:
        hits = assistant.search(query.text, query.history, query.as_of, k=PASSAGES).hits
        retrieve_ms = _since(clock)
        answer, ask_ms = None, None
        if not retrieval_only:
            assistant.index.embedding.forget_queries()
            clock = time.perf_counter()
            answer = assistant.ask(query.text, query.history, query.as_of)
            ask_ms = _since(clock)
    except PassageError as error:
        return Result(query=query.id, ranking=(), error=str(error), retrieve_ms=_since(clock))
    ranking = rank_articles(hits)
    exact = tuple(quote_exists(citation, assistant.store) for citation in answer.citations) if answer else ()
    return Result(
        query=query.id,
        ranking=tuple(list(ranking.items())[:DEPTH]),
        answer=answer,
        exact_quotes=exact,
        retrieve_ms=retrieve_ms,
        ask_ms=ask_ms,
    )


def rank_articles(hits: Sequence[Hit]) -> dict[str, float]:
    """Articles by their best hit, best first, with its score; those that print the same follow each other."""
    ranking: dict[str, float] = {}
    for hit in hits:
        for article_id in articles_of(hit):
            ranking.setdefault(article_id, hit.fused)
    return ranking


def write_run(results: Sequence[Result], folder: Path, name: str) -> None:
    """Keep a run as `run.jsonl` (everything) and `run.trec` (rankings, for any scorer).

    Scorers order by score and equal ones by id, so the TREC file's score is the rank's reciprocal.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = (result.model_dump_json() + "\n" for result in results)
    (folder / "run.jsonl").write_text("".join(lines), encoding="utf-8")
    tag = f"passage-{name}".replace(" ", "-")
    rows = (
        f"{_token(result.query)} Q0 {_token(document)} {rank} {1 / rank:.6f} {tag}\n"
        for result in results
        for rank, (document, _) in enumerate(result.ranking, start=1)
    )
    (folder / "run.trec").write_text("".join(rows), encoding="utf-8")


def now() -> str:
    """The present second, ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _token(identifier: str) -> str:
    """TREC run files separate by white space, so an id must have none."""
    return "_".join(identifier.split())


def _since(clock: float) -> float:
    return round((time.perf_counter() - clock) * 1000, 3)
