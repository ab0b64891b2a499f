"""From files to stored articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus.articles import Article
from corpus.language import with_language
from corpus.readers import Problem, ReadOptions, Record, find_files, plain_article, read_file
from corpus.readers.encoding import NotTextError, decode
from corpus.store import ArticleStore, Change

BATCH = 200  # articles a transaction: a fraction of a second of work, so an interruption costs next to nothing
DEMO_FOLDER = Path(__file__).parent / "demo"


@dataclass
class IngestReport:
    """What an ingest did: how many articles changed in which way, and the problems met."""

    changes: Counter[Change] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many articles were read."""
        return self.changes.total()

    @property
    def skipped(self) -> int:
        """How many records were left out."""
        return sum(problem.skipped for problem in self.problems)


def read_paths(paths: Iterable[Path], options: ReadOptions) -> Iterator[Record]:
    """The records of all files under `paths`.

    Raises:
        InputError: one of the paths can't be read at all; found before anything is read.
    """
    files = [file for path in paths for file in find_files(path)]
    return (record for file in files for record in read_file(file, options))


def read_pasted(data: bytes, options: ReadOptions) -> Iterator[Record]:
    """The article that a user gave on standard input."""
    place = "standard input"
    if not data.strip():
        yield Problem(place, "it is empty; paste the article's text")
    elif len(data) > options.max_bytes:
        yield Problem(place, options.too_large(len(data)))
    else:
        try:
            text = decode(data)
        except NotTextError as error:
            yield Problem(place, str(error))
            return
        yield from plain_article(text, place, options)


def ingest(
    records: Iterable[Record], store: ArticleStore, progress: Callable[[int], None] | None = None
) -> IngestReport:
    """Store the articles among `records`, a batch a transaction.

    A key that comes twice keeps its first text: taking the last would make a new version at every ingest of
    the same file. An article that names no language gets the one its words are in.

    Args:
        records: what readers deliver.
        store: where the articles go.
        progress: called after each batch with the number of articles stored so far.
    """
    report = IngestReport()
    seen: dict[str, str] = {}
    batch: list[Article] = []

    def flush() -> None:
        report.changes.update(store.upsert(batch))
        batch.clear()
        if progress:
            progress(report.read)

    for record in records:
        if isinstance(record, Problem):
            report.problems.append(record)
            continue
        key, digest = record.key, record.content_hash
        if key in seen:
            same = "the same text" if seen[key] == digest else "another text; the first one is kept"
            report.problems.append(
                Problem(f"article {key}", f"its key came before with {same}", skipped=seen[key] != digest)
            )
            continue
        seen[key] = digest
        batch.append(with_language(record))
        if len(batch) >= BATCH:
            flush()
    if batch:
        flush()
    return report
