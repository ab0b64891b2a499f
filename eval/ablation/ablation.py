"""Retrieval with each part switched off in turn, and for standalone questions with somebody else's conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from random import Random

from corpus.errors import InputError
from corpus.settings import Settings
from eval.datasets import Benchmark, Query
from eval.retrieval import Ranking, mean, score_rankings
from eval.run import PASSAGES, Progress, open_benchmark, rank_articles
from eval.statistics import Difference, compare_means
from rag.assistant import Assistant
from rag.query_engine import PassageQueryEngine
from rag.retrieval import Parts

MEASURES = ("nDCG@5", "R@5", "MRR@10")
KINDS = ("followup", "time", "typo")  # of question, for which some part was made
FOREIGN = "behind a foreign conversation"
SEED = 20_240_229  # decides who gets whose conversation

Scores = Mapping[str, Mapping[str, float]]
"""Measures by query."""


@dataclass(frozen=True)
class Effect:
    """What a change to retrieval does to the same questions: differences by measure, negative for a loss."""

    name: str
    differences: Mapping[str, Difference]

    @property
    def loss(self) -> float:
        """The greatest loss of any measure; 0 when none loses."""
        return max(0.0, *(-difference.difference for difference in self.differences.values()))


@dataclass(frozen=True)
class Group:
    """Questions that are looked at together.

    Attributes:
        benchmark: its name.
        kind: of the questions; "" for all.
        n: how many have a relevant document.
        baseline: what the changes are compared with.
        whole: its measures.
        effects: of each change.
    """

    benchmark: str
    kind: str
    n: int
    baseline: str
    whole: Mapping[str, float]
    effects: tuple[Effect, ...]


def variants() -> dict[str, Parts]:
    """Everything on, then each part off, by a name for people."""
    everything = Parts()
    switched = [field.name for field in fields(Parts) if getattr(everything, field.name) is True]
    return {"everything on": everything, **{f"without {n}": replace(everything, **{n: False}) for n in switched}}


def ablate(
    benchmark: Benchmark,
    settings: Settings,
    cache: Path,
    limit: int | None = None,
    progress: Progress = lambda *_: None,
) -> list[Group]:
    """What every part is worth to all questions of `benchmark`, and to those of each of `KINDS`.

    Args:
        benchmark: whose questions are asked, in their conversations.
        settings: what is in force.
        cache: folder of the indexes.
        limit: only the first questions.
        progress: told about each step.

    Raises:
        BusyError: another run is using the same index.
        DatasetError: a document of the corpus can't be read.
    """
    queries = _judged(benchmark)[:limit]
    with open_benchmark(benchmark, settings, cache, progress) as assistant:
        asking = {name: _with_parts(assistant, parts) for name, parts in variants().items()}
        rankings: dict[str, dict[str, Ranking]] = {name: {} for name in asking}
        for done, query in enumerate(queries, start=1):
            for name, variant in asking.items():  # of one question together: it is embedded once
                rankings[name][query.id] = _rank(variant, query)
            progress("asking", done, len(queries))
    scores = {name: _scores(benchmark, found) for name, found in rankings.items()}
    kinds = {query.id: query.kind for query in queries}
    groups = [_group(benchmark.name, "", scores)]
    for kind in KINDS:
        some = {name: {q: row for q, row in found.items() if kinds[q] == kind} for name, found in scores.items()}
        if any(some.values()):
            groups.append(_group(benchmark.name, kind, some))
    return groups


def ask_in_foreign_conversations(
    benchmark: Benchmark,
    lender: Benchmark,
    settings: Settings,
    cache: Path,
    limit: int | None = None,
    progress: Progress = lambda *_: None,
) -> Group | None:
    """What a conversation about something else does to questions that need none; None when there are none.

    Args:
        benchmark: whose questions without history are asked, alone and behind a conversation of `lender`.
        lender: a benchmark with conversations.
        settings: what is in force.
        cache: folder of the indexes.
        limit: only the first questions.
        progress: told about each step.

    Raises:
        BusyError: another run is using the same index.
        DatasetError: a document of the corpus can't be read.
        InputError: `lender` has no conversations.
    """
    conversations = [query.history for query in lender.queries if query.history]
    if not conversations:
        raise InputError(f"{lender.name} has no conversations.", "Name a benchmark whose queries have a history.")
    queries = [query for query in _judged(benchmark) if not query.history][:limit]
    dice = Random(SEED)
    alone: dict[str, Ranking] = {}
    behind: dict[str, Ranking] = {}
    with open_benchmark(benchmark, settings, cache, progress) as assistant:
        for done, query in enumerate(queries, start=1):
            alone[query.id] = _rank(assistant, query)
            behind[query.id] = _rank(assistant, query.model_copy(update={"history": dice.choice(conversations)}))
            progress("asking", done, len(queries))
    if not queries:
        return None
    scores = {"alone": _scores(benchmark, alone), FOREIGN: _scores(benchmark, behind)}
    return _group(benchmark.name, "", scores)


def _judged(benchmark: Benchmark) -> list[Query]:
    return [query for query in benchmark.queries if benchmark.relevant(query.id)]


def _with_parts(assistant: Assistant, parts: Parts) -> Assistant:
    variant = Assistant(assistant.store, assistant.index, None)
    variant.engine = PassageQueryEngine(assistant.index, parts=parts)
    return variant


def _rank(assistant: Assistant, query: Query) -> Ranking:
    found = assistant.search(query.text, query.history, query.as_of, k=PASSAGES)
    return list(rank_articles(found.hits).items())


def _scores(benchmark: Benchmark, rankings: Mapping[str, Ranking]) -> Scores:
    return score_rankings(rankings, {query: benchmark.qrels[query] for query in rankings})


def _group(benchmark: str, kind: str, scores: Mapping[str, Scores]) -> Group:
    """The first scores against each of the others, which have the same questions."""
    (baseline, whole), *changed = scores.items()
    effects = tuple(
        Effect(name, {m: compare_means(_values(whole, m), _values(after, m)) for m in MEASURES})
        for name, after in changed
    )
    return Group(benchmark, kind, len(whole), baseline, {m: mean(whole, m) for m in MEASURES}, effects)


def _values(scores: Scores, measure: str) -> Sequence[float]:
    return [scores[query][measure] for query in sorted(scores)]
