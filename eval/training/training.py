"""Trains the selector and the confidence on a folder of questions, and writes weights with their report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.training.fitting import fit_probability, fit_ranking, measure_probability, measure_ranking
from eval.training.pools import PLANS, Plan, Retrieved, ask_pools
from eval.training.squad import Paragraph, TrainingError, read_squad
from rag.confidence import BEST, EVIDENCE, evidence
from rag.features import INDEX, NAMES, extract
from rag.linear import LinearModel
from rag.places import places
from rag.term_weights import term_weights
from rag.terms import words
from rag.word_forms import key

COMMON = 0.002  # share of paragraphs from which a word counts as common; the rest are too few to tell apart
TEST_EVERY = 5  # one question in five is measured on, by weights of the other four; the weights shipped use all
# Edited prose is what news is: its questions count as much as those of both informal domains together.
INFORMAL = ("reddit", "amazon")
INFORMAL_IMPORTANCE = 0.35


@dataclass(frozen=True)
class Case:
    """A question that was asked.

    Attributes:
        features: of the candidate sentences, [candidates, features].
        positives: which candidates hold the answer.
        answerable: whether the pool holds the question's paragraph.
        importance: what the question counts.
    """

    question: str
    features: np.ndarray
    positives: np.ndarray
    answerable: bool
    importance: float


def train(
    folder: Path,
    out: Path,
    seed: int = 1,
    plans: Sequence[Plan] = PLANS,
    progress: Callable[[str], None] | None = None,
) -> dict[str, dict[str, Any]]:
    """Train on the folder's questions and write background.json, selection.json and confidence.json to `out`.

    Returns:
        The reports of selection and confidence.

    Raises:
        TrainingError: the folder holds no questions in SQuAD's format, or too few.
    """
    paragraphs, hashes = read_squad(folder)
    everyday = everyday_shares(paragraphs)
    asked = (case(retrieved, everyday) for retrieved in ask_pools(paragraphs, plans, seed, progress))
    cases = [c for c in asked if len(c.positives)]
    rest, test = [c for i, c in enumerate(cases) if i % TEST_EVERY], cases[::TEST_EVERY]
    if not all(any(c.positives.any() for c in part) and any(not c.answerable for c in part) for part in (rest, test)):
        raise TrainingError(f"{folder} holds too few questions to train on and to measure with.")
    report = {"data": hashes, "seed": seed, "plans": [vars(plan) for plan in plans]}
    ranking, ranks = _ranking(rest), _ranking(cases)
    probability = _probability(cases, ranks)
    shown = _probability(rest, ranking)
    ranks = ranks.model_copy(update={"report": report | _ranking_report(cases, test, ranking)})
    probability = probability.model_copy(update={"report": report | _probability_report(cases, test, ranking, shown)})
    out.mkdir(parents=True, exist_ok=True)
    shares = json.dumps({"data": hashes, "paragraphs": len(paragraphs), "shares": everyday}, indent=0)
    (out / "background.json").write_text(shares + "\n", encoding="utf-8")
    ranks.save(out / "selection.json")
    probability.save(out / "confidence.json")
    return {"selection": ranks.report, "confidence": probability.report}


def everyday_shares(paragraphs: Sequence[Paragraph]) -> dict[str, float]:
    """The share of paragraphs that holds each common word, by key."""
    counts = Counter(k for p in paragraphs for k in {key(word) for word in words(p.text)})
    shares = {k: round(n / len(paragraphs), 4) for k, n in sorted(counts.items())}
    return {k: share for k, share in shares.items() if share >= COMMON}


def case(retrieved: Retrieved, everyday: Mapping[str, float]) -> Case:
    """The features of what was retrieved, and which sentences hold the answer."""
    question = retrieved.question
    weights = term_weights(question.text, retrieved.frequencies, retrieved.passages, everyday)
    found = places(question.vector, retrieved.hits)
    return Case(
        question=question.text,
        features=extract(question.text, found, weights),
        positives=np.array([contains(place.text, retrieved.answers) for place in found], bool),
        answerable=bool(retrieved.answers),
        importance=importance(retrieved.domain),
    )


def importance(domain: str) -> float:
    """What the questions of a domain count, in [0, 1]."""
    return INFORMAL_IMPORTANCE if any(name in domain for name in INFORMAL) else 1.0


def contains(text: str, answers: Iterable[str]) -> bool:
    """Whether `text` holds any of `answers`, word for word, whatever the case and the punctuation."""
    held = f" {' '.join(words(text))} "
    return any(f" {' '.join(words(answer))} " in held for answer in answers if words(answer))


def _ranking(cases: Sequence[Case]) -> LinearModel:
    known = [c for c in cases if c.positives.any()]
    counts = np.array([c.importance for c in known])
    return fit_ranking([c.features for c in known], [c.positives for c in known], counts, NAMES)


def _probability(cases: Sequence[Case], ranking: LinearModel) -> LinearModel:
    rows, right = _evidence(cases, ranking)
    return fit_probability(rows, right, np.array([c.importance for c in cases]), EVIDENCE)


def _evidence(cases: Sequence[Case], ranking: LinearModel) -> tuple[np.ndarray, np.ndarray]:
    """The evidence for each case, and whether its best sentences answer it."""
    rows, right = [], []
    for each in cases:
        scores = ranking.scores(each.features)
        order = np.argsort(-scores, kind="stable")
        rows.append(evidence(each.question, each.features[order], scores[order]))
        right.append(bool(each.positives[order[:BEST]].any()))
    return np.array(rows), np.array(right)


def _ranking_report(cases: Sequence[Case], test: Sequence[Case], ranking: LinearModel) -> dict[str, Any]:
    known = [c for c in test if c.positives.any()]
    scores, positives = [ranking.scores(c.features) for c in known], [c.positives for c in known]
    cosines = [c.features[:, INDEX["cosine"]] for c in known]
    return {
        "questions": sum(bool(c.positives.any()) for c in cases),
        "tested on": len(known),
        **measure_ranking(scores, positives),
        "by cosine alone": measure_ranking(cosines, positives),
    }


def _probability_report(
    cases: Sequence[Case], test: Sequence[Case], ranking: LinearModel, probability: LinearModel
) -> dict[str, Any]:
    rows, right = _evidence(test, ranking)
    probabilities = 1 / (1 + np.exp(-probability.scores(rows)))
    edited = np.array([c.importance == 1 for c in test])
    return {
        "questions": len(cases),
        "tested on": len(test),
        **measure_probability(probabilities, right),
        "edited prose": measure_probability(probabilities[edited], right[edited]) if edited.any() else {},
    }
