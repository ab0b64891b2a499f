"""How likely it is that the best sentences answer the question: the score that decides on refusing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rag.features import INDEX, KINDS
from rag.linear import WEIGHTS, load_model
from rag.selection import READING_SHARE, Candidate, Question

CONFIDENCE_WEIGHTS = WEIGHTS / "confidence.json"
CALIBRATION_WEIGHTS = WEIGHTS / "calibration.json"
CALIBRATION = ("evidence", "reading")
"""What the confidence is made of, each as log-odds."""
BEST = 3  # sentences looked at: as many as an answer has
MOST_READ = 4.0  # log-odds beyond which a reading says no more
_MOST_MARGIN = 3.0  # log-odds; beyond, the second is out of the question and further distance says nothing

_OF_BEST = (
    "cosine",
    "cosine_window",
    "dense",
    "coverage",
    "coverage_exact",
    "coverage_window",
    "coverage_passage",
    "coverage_anywhere",
    "rare",
    "rare_window",
    "rare_passage",
    "pairs",
    "names",
    "names_missing_window",
    "names_missing_passage",
    "names_missing_anywhere",
    "numbers_missing",
    "numbers_missing_passage",
    "answers_unit",
    "restates",
)
_MOST_OF_THREE = (
    "cosine",
    "cosine_window",
    "dense",
    "coverage",
    "coverage_window",
    "coverage_passage",
    "rare_window",
    "answers_unit",
)
_MOST_OF_ALL = ("cosine", "cosine_window", "coverage_window", "dense")
EVIDENCE = (
    "score",
    "margin",
    *(f"best_{name}" for name in _OF_BEST),
    *(f"three_{name}" for name in _MOST_OF_THREE),
    *(f"all_{name}" for name in _MOST_OF_ALL),
    "best_kind",
    "three_kind",
    "three_strict",
    "question_words",
)
"""What is weighed: of the best sentence, the most among the best three and among all."""
_KIND_COLUMNS = [INDEX[name] for name in KINDS]
# Kinds that can be told from the words alone: without an amount of money nothing answers what something costs.
_STRICT_COLUMNS = [INDEX[f"answers_{k}"] for k in ("money", "percentage", "number", "duration", "time")]


def evidence(question: str, features: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The values of `EVIDENCE`.

    Args:
        question: the question.
        features: of all candidates, best first, [candidates, `rag.features.NAMES`]; at least one.
        scores: what they are ranked by.
    """
    best, three = features[0], features[:BEST]
    margin = scores[0] - scores[1] if len(scores) > 1 else _MOST_MARGIN
    kinds = three[:, _KIND_COLUMNS].sum(axis=1)
    return np.array(
        [
            scores[0],
            min(margin, _MOST_MARGIN),
            *(best[INDEX[name]] for name in _OF_BEST),
            *(three[:, INDEX[name]].max() for name in _MOST_OF_THREE),
            *(features[:, INDEX[name]].max() for name in _MOST_OF_ALL),
            kinds[0],
            kinds.max(),
            three[:, _STRICT_COLUMNS].sum(axis=1).max(),
            math.log1p(len(question.split())),
        ]
    )


def confidence(question: Question, candidates: Sequence[Candidate]) -> float:
    """Probability in [0, 1] that the ranked `candidates` hold the answer; 0 without any.

    Args:
        question: the question.
        candidates: all sentences of the hits as a `Selector` ranks them, best first.
    """
    if not candidates:
        return 0.0
    told, reading = testimony(question, candidates)
    if not math.isnan(reading):
        told = float(load_model(CALIBRATION_WEIGHTS, CALIBRATION).scores(np.array([[told, reading]]))[0])
    return 1 / (1 + math.exp(-told))


def testimony(question: Question, candidates: Sequence[Candidate]) -> tuple[float, float]:
    """The values of `CALIBRATION`: the evidence's log-odds, and the best reading, NaN without a reader."""
    # The weights know the candidates in the order they have without the reader.
    scores = np.array([c.score - READING_SHARE * (c.reading or 0.0) for c in candidates])
    order = np.argsort(-scores, kind="stable")
    features = np.array([candidates[i].features for i in order])
    model = load_model(CONFIDENCE_WEIGHTS, EVIDENCE)
    told = float(model.scores(evidence(question.text, features, scores[order])[None])[0])
    best = max((c.reading for c in candidates if c.reading is not None), default=math.nan)
    return told, min(max(best, -MOST_READ), MOST_READ) if not math.isnan(best) else best
