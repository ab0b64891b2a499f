"""The report of a run: every metric, overall and per kind, with its n, and every question with what came of it."""

from __future__ import annotations

import math
import os
import platform
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import InputError
from corpus.settings import Settings
from eval import refusals
from eval.answers import METRICS, Case
from eval.datasets import Benchmark, Query
from eval.refusals import Decision
from eval.retrieval import MEASURES, score_rankings
from eval.run import Result, now
from rag.answer import Answer, Turn
from rag.fingerprint import index_fingerprint, model_fingerprint

LOWER_IS_BETTER = frozenset({"risk–coverage area", "calibration error", "retrieve ms p50", "retrieve ms p95",
                             "retrieve ms p99", "ask ms p50", "ask ms p95", "ask ms p99"})  # fmt: skip
NEITHER = frozenset({"answer words"})
PACKAGES = ("passage", "torch", "sentence-transformers", "chromadb", "llama-index-core", "ir-measures")


class Model(BaseModel):
    """Base of the report: immutable, unknown keys refused; NaN never occurs."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Value(Model):
    """A metric's value over `n` eligible questions."""

    value: float
    n: int


class Metric(Model):
    """A metric overall and per kind of question."""

    overall: Value
    kinds: dict[str, Value] = {}


class Question(Model):
    """A question and everything that came of it; `metrics` leaves out what it isn't eligible for."""

    id: str
    text: str
    kind: str
    history: tuple[Turn, ...]
    as_of: str | None
    answerable: bool | None
    wanted: tuple[str, ...] = Field(description="Strings of which any must appear, or all in must_contain.")
    must_contain: tuple[str, ...]
    relevant: tuple[str, ...]
    ranking: tuple[str, ...] = Field(description="The ten documents ranked best.")
    answer: Answer | None
    error: str
    metrics: dict[str, float]
    judged: dict[str, float] = {}
    retrieve_ms: float
    ask_ms: float | None


class Report(Model):
    """The report of one run."""

    benchmark: str
    corpus_hash: str
    questions_hash: str
    documents: int
    split: str
    created: str
    settings_hash: str
    settings: dict[str, Any]
    model_fingerprint: str
    index_fingerprint: str
    versions: dict[str, str]
    commit: str | None
    machine: dict[str, str]
    judge: str | None = None
    """The language model behind the judged metrics."""
    metrics: dict[str, Metric]
    judged: dict[str, Metric] = {}
    """Metrics by a language model; informative, never a gate."""
    questions: tuple[Question, ...]

    @property
    def errors(self) -> list[Question]:
        """Questions that could not be asked."""
        return [question for question in self.questions if question.error]

    @property
    def misquoted(self) -> list[Question]:
        """Answers with a quote that isn't exactly what the article says there: these fail a run."""
        return [question for question in self.questions if question.metrics.get("quote fidelity", 1.0) < 1.0]


def build_report(
    benchmark: Benchmark, queries: Sequence[Query], results: Sequence[Result], settings: Settings, split: str = ""
) -> Report:
    """Score `results`, which are those of `queries` in the same order."""
    rankings = {result.query: result.ranking for result in results}
    asked = {query.id for query in queries}
    retrieval = score_rankings(rankings, {q: grades for q, grades in benchmark.qrels.items() if q in asked})
    questions = []
    for query, result in zip(queries, results, strict=True):
        case = Case(query, result, frozenset(benchmark.relevant(query.id)))
        values = dict(retrieval.get(query.id, {}))
        values |= {name: value for name, metric in METRICS.items() if (value := metric(case)) is not None}
        questions.append(_question(case, values))
    return Report(
        benchmark=benchmark.name,
        corpus_hash=benchmark.corpus_hash,
        questions_hash=benchmark.questions_hash,
        documents=len(benchmark.document_ids),
        split=split,
        created=now(),
        settings_hash=settings.fingerprint(),
        settings=settings.masked() | {"data": ""},
        model_fingerprint=model_fingerprint(settings.embedding_model),
        index_fingerprint=index_fingerprint(settings),
        versions={"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        commit=_commit(),
        machine={"processor": _processor(), "cores": str(os.cpu_count()), "system": platform.platform()},
        metrics=aggregate(questions),
        questions=tuple(questions),
    )


def aggregate(
    questions: Sequence[Question],
    statistics: Mapping[str, Callable[[Sequence[Question]], Value | None]] | None = None,
) -> dict[str, Metric]:
    """Every metric of `statistics` (default `STATISTICS`) that a question is eligible for; overall, per kind."""
    kinds = sorted({question.kind for question in questions if question.kind})
    found = {}
    for name, statistic in (STATISTICS if statistics is None else statistics).items():
        overall = statistic(questions)
        if overall is None:
            continue
        per_kind = {kind: statistic([q for q in questions if q.kind == kind]) for kind in kinds}
        found[name] = Metric(overall=overall, kinds={kind: value for kind, value in per_kind.items() if value})
    return found


def read_report(path: Path) -> Report:
    """A `report.json`.

    Raises:
        InputError: it can't be read or isn't one.
    """
    try:
        return Report.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"The report {path} can't be read: {error.strerror}.") from None
    except (ValidationError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[:3]
        raise InputError(f"{path} is no report of this version: {' '.join(first)}", "Make it anew.") from None


@dataclass(frozen=True)
class Statistic:
    """A metric in two steps, so that resampling reads each question once.

    Attributes:
        read: what it needs to know of a question; None where that isn't eligible.
        score: its value over what was read of the eligible ones; NaN where it isn't defined.
    """

    read: Callable[[Question], Any]
    score: Callable[[Sequence[Any]], float]

    def __call__(self, questions: Sequence[Question]) -> Value | None:
        """Its value over `questions`, None where it isn't defined."""
        eligible = [item for question in questions if (item := self.read(question)) is not None]
        value = self.score(eligible) if eligible else math.nan
        return None if math.isnan(value) else Value(value=value, n=len(eligible))


def mean_of(values: Literal["metrics", "judged"], name: str) -> Statistic:
    """The mean of what the questions' `values` hold under `name`."""
    return Statistic(lambda question: getattr(question, values).get(name), lambda found: float(np.mean(found)))


def decisions(questions: Sequence[Question]) -> list[Decision]:
    """Those of the questions whose answerability is known."""
    return [decision for question in questions if (decision := _decision(question)) is not None]


def _decision(question: Question) -> Decision | None:
    if question.answer is None or question.answerable is None:
        return None
    return Decision(question.answerable, question.answer.refused, question.answer.confidence)


def _of_decisions(score: Callable[[Sequence[Decision]], float]) -> Statistic:
    def judged(made: Sequence[Decision]) -> float:
        # With answerable questions alone, or none, refusing can't be judged.
        return score(made) if len({decision.answerable for decision in made}) == 2 else math.nan

    return Statistic(_decision, judged)


def _percentile(which: str, q: int) -> Statistic:
    return Statistic(attrgetter(which), lambda times: float(np.percentile(times, q)))


MEANS = (*MEASURES, *METRICS)
STATISTICS: Mapping[str, Statistic] = {
    **{name: mean_of("metrics", name) for name in MEANS},
    "refusal precision": _of_decisions(refusals.precision),
    "refusal recall": _of_decisions(refusals.recall),
    "refusal F1": _of_decisions(refusals.f1),
    "risk–coverage area": _of_decisions(lambda made: refusals.area(refusals.risk_coverage(made))),
    "calibration error": _of_decisions(refusals.calibration_error),
    **{f"retrieve ms p{q}": _percentile("retrieve_ms", q) for q in (50, 95, 99)},
    **{f"ask ms p{q}": _percentile("ask_ms", q) for q in (50, 95, 99)},
}


def _question(case: Case, values: dict[str, float]) -> Question:
    query, result = case.query, case.result
    return Question(
        id=query.id,
        text=query.text,
        kind=query.kind,
        history=query.history,
        as_of=query.as_of.isoformat() if query.as_of else None,
        answerable=query.answerable,
        wanted=query.answers,
        must_contain=query.must_contain,
        relevant=tuple(sorted(case.relevant)),
        ranking=tuple(document for document, _ in result.ranking[:10]),
        answer=result.answer,
        error=result.error,
        metrics={name: round(value, 6) for name, value in values.items()},
        retrieve_ms=result.retrieve_ms,
        ask_ms=result.ask_ms,
    )


def _commit() -> str | None:
    """The commit of the checkout that Passage runs from, if it is one, "+" when files differ from it."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=here, capture_output=True, check=True)
        changed = subprocess.run(["git", "status", "--porcelain"], cwd=here, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return head.stdout.decode().strip() + ("+" if changed.stdout.strip() else "")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
