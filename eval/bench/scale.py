"""How fast a corpus of a given size is searched, with and without a window on publication dates, and what it takes.

Everything is measured through `Assistant.search`, warm, the embedding of the question included. Each question is
asked under every condition, in an order left to chance, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np

from corpus.settings import Settings
from eval.bench.building import Build, Progress, build, corpus_folder
from eval.bench.memory import peak_mb, resident_mb
from eval.bench.recall import dense_recall
from eval.bench.synthetic import DAYS, FIRST_DAY, SyntheticNews, SyntheticQuestion
from rag import retrieval, retriever
from rag.assistant import Assistant
from rag.catalogue import Catalogue, Selected
from rag.embedding import SentenceTransformerEmbedding, shared_embedding
from rag.filters import EVERYTHING, Filters
from rag.passage_store import PassageStore
from rag.vectors import VectorIndex

AS_OF = FIRST_DAY + timedelta(days=DAYS)  # the day after the last article
NO_WINDOW = "no window"
WINDOWS = {"1 %": 0.01, "10 %": 0.1, "50 %": 0.5}  # share of the corpus, whose dates are spread evenly
CONDITIONS = (NO_WINDOW, *WINDOWS)
# Where the time goes: what each stage calls, and who owns it. None calls another; what they don't cover is the rest.
STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "spelling": ((retrieval, "correct"),),
    "embedding": ((SentenceTransformerEmbedding, "get_query_embedding"),),
    "filter": ((Catalogue, "select"),),
    "dense": ((VectorIndex, "nearest"), (Selected, "nearest"), (PassageStore, "keys")),
    "lexical": ((PassageStore, "match"),),
    "loading": ((PassageStore, "scoring"), (PassageStore, "load")),
    "scoring": ((retriever, "bm25"),),
}
REST = "the rest"


@dataclass(frozen=True)
class Timing:
    """One question under one condition.

    Attributes:
        kind: of the question.
        ms: milliseconds that the search took.
        stages: milliseconds in each of `STAGES` and in the rest.
    """

    kind: str
    ms: float
    stages: dict[str, float]


@dataclass(frozen=True)
class Measurement:
    """What one corpus takes.

    Attributes:
        build: of it.
        open_s: seconds to open the data folder.
        warm_up_s: seconds from there to the first answer, the model being loaded.
        first_windows_s: seconds that one question takes then under every condition, the dates being loaded.
        resident_mb: memory that the process holds after all questions.
        peak_mb: most that it held.
        model_mb: memory that it held with the libraries and the model, before the folder was opened.
        disk_mb: the data folder's size by its parts.
        recall: share of the exact `dense_k` nearest passages that the dense search finds.
        timings: by condition.
    """

    build: Build
    open_s: float
    warm_up_s: float
    first_windows_s: float
    resident_mb: float
    peak_mb: float
    model_mb: float
    disk_mb: dict[str, float]
    recall: float
    timings: dict[str, list[Timing]]

    def percentile(self, condition: str, percent: float, kind: str | None = None) -> float:
        """Milliseconds within which `percent` % of the questions (of a kind) are answered."""
        return float(np.percentile([t.ms for t in self.timings[condition] if kind in (None, t.kind)], percent))

    def window_ratio(self, condition: str) -> float:
        """The median with a window over the median without."""
        return self.percentile(condition, 50) / self.percentile(NO_WINDOW, 50)

    def mean_stage(self, condition: str, stage: str) -> float:
        """Mean milliseconds in a stage."""
        return float(np.mean([t.stages[stage] for t in self.timings[condition]]))


def measure(
    passages: int, questions: int, seed: int, root: Path, settings: Settings, progress: Progress = lambda *_: None
) -> Measurement:
    """Build a synthetic corpus of `passages` under `root`, or take the one that is there, and search it.

    Args:
        passages: how many, at least.
        questions: how many are asked, under each condition.
        seed: of corpus and questions.
        root: folder of corpora.
        settings: what is in force.
        progress: told how far the building is.

    Raises:
        BusyError: another process uses the corpus.
        StoreError: the disk is full.
    """
    folder = corpus_folder(root, passages, seed, settings)
    built = build(folder, passages, seed, settings, progress)
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # a process of its own, for its memory
        return pool.apply(_search, (folder, built, questions, seed, settings))


def _search(folder: Path, built: Build, questions: int, seed: int, settings: Settings) -> Measurement:
    model = shared_embedding(settings.embedding_model, settings.embedding_precision)
    asked = SyntheticNews(model.embed, seed).questions(questions)
    model_mb = resident_mb()
    started = time.perf_counter()
    with Assistant.open(folder, settings.model_copy(update={"data": folder})) as assistant:
        opened = time.perf_counter()
        assistant.warm_up()
        warm = time.perf_counter()
        for filters in _windows(Random(seed)).values():
            assistant.search(asked[0].text, as_of=AS_OF, filters=filters)
        windowed = time.perf_counter()
        timings = _time(assistant, asked, seed)
        held_mb, most_mb = resident_mb(), peak_mb()
        recall = dense_recall(assistant.index, [question.text for question in asked])
    return Measurement(
        build=built,
        open_s=opened - started,
        warm_up_s=warm - opened,
        first_windows_s=windowed - warm,
        resident_mb=held_mb,
        peak_mb=most_mb,
        model_mb=model_mb,
        disk_mb=_disk_mb(folder),
        recall=recall,
        timings=timings,
    )


def _time(assistant: Assistant, asked: Sequence[SyntheticQuestion], seed: int) -> dict[str, list[Timing]]:
    """Each question under each condition, every stage timed."""
    timings: dict[str, list[Timing]] = {condition: [] for condition in CONDITIONS}
    dice = Random(seed)
    with _stage_clock() as clock:
        for question in asked:
            windows = list(_windows(dice).items())
            for condition, filters in dice.sample(windows, len(windows)):
                assistant.index.embedding.forget_queries()
                clock.clear()
                start = time.perf_counter()
                assistant.search(question.text, as_of=AS_OF, filters=filters)
                ms = (time.perf_counter() - start) * 1000
                stages = {stage: clock.get(stage, 0.0) for stage in STAGES}
                timings[condition].append(Timing(question.kind, ms, stages | {REST: ms - sum(stages.values())}))
    return timings


def _windows(dice: Random) -> dict[str, Filters]:
    """No window, and one of each width somewhere in the corpus's years."""
    windows = {NO_WINDOW: EVERYTHING}
    for name, share in WINDOWS.items():
        width = round(share * DAYS)
        since = FIRST_DAY + timedelta(days=dice.randrange(DAYS - width + 1))
        windows[name] = Filters(since=since, until=since + timedelta(days=width - 1))
    return windows


@contextmanager
def _stage_clock() -> Iterator[dict[str, float]]:
    """Milliseconds by stage, counted while the context lasts; the caller clears them."""
    clock: dict[str, float] = {}
    with ExitStack() as stack:
        for stage, methods in STAGES.items():
            for owner, name in methods:
                stack.enter_context(patch.object(owner, name, _counted(clock, stage, getattr(owner, name))))
        yield clock


def _counted(clock: dict[str, float], stage: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        start = time.perf_counter()
        try:
            return method(*arguments, **named)
        finally:
            clock[stage] = clock.get(stage, 0.0) + (time.perf_counter() - start) * 1000

    return timed


def _disk_mb(folder: Path) -> dict[str, float]:
    parts = {"articles, passages and lexical index": "passage.sqlite*", "vectors": "chroma/**/*"}
    return {
        name: sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file()) / 2**20
        for name, pattern in parts.items()
    }
