"""Fits the weights of the features, and measures what they do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.linear import LinearModel, Weight

RIDGE = 0.001  # on standardised features; ten times less to four times more moves the top 1 by 0.003
ITERATIONS = 80
CALIBRATION_BINS = 10


def fit_ranking(
    rows: Sequence[np.ndarray], positives: Sequence[np.ndarray], importance: np.ndarray, names: Sequence[str]
) -> LinearModel:
    """Weights that make the right sentences of each question likely among its candidates.

    A conditional logit: minus the mean log of the softmax's share that falls to the positives. Unlike a regression
    over all sentences, it doesn't spend weight on telling questions apart.

    Args:
        rows: for each question, features [candidates, names].
        positives: for each question, which candidates hold the answer; at least one does.
        importance: of each question.
        names: of the features.
    """
    features, right = np.concatenate(rows), torch.from_numpy(np.concatenate(positives))
    mean, scale = _standard(features)
    values = torch.from_numpy((features - mean) / scale)
    groups = torch.from_numpy(np.repeat(np.arange(len(rows)), [len(r) for r in rows]))
    share = torch.from_numpy(importance / importance.sum())
    weights = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=ITERATIONS, line_search_fn="strong_wolfe")

    def total(scores: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
        """The log of the sum of exponentials of each group's counted scores."""
        masked = scores.masked_fill(~counted, -1e9)
        most = torch.full((len(rows),), -1e9, dtype=torch.float64).scatter_reduce(0, groups, masked, "amax")
        sums = torch.zeros(len(rows), dtype=torch.float64)
        return most + sums.scatter_add(0, groups, (masked - most[groups]).exp()).log()

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        scores = values @ weights
        lost = share @ (total(scores, torch.ones_like(right)) - total(scores, right)) + RIDGE * weights.square().sum()
        lost.backward()
        return lost

    optimiser.step(loss)
    return _model("A sentence's score: differences are log-odds.", names, mean, scale, weights.detach().numpy(), 0.0)


def fit_probability(rows: np.ndarray, right: np.ndarray, importance: np.ndarray, names: Sequence[str]) -> LinearModel:
    """A logistic regression: the log-odds that the best sentences answer.

    Args:
        rows: the evidence for each question, [questions, names].
        right: whether its best sentences answer it.
        importance: of each question.
        names: of the evidence.
    """
    mean, scale = _standard(rows)
    fitted = LogisticRegression(C=0.3, max_iter=2000).fit((rows - mean) / scale, right, sample_weight=importance)
    intercept = float(fitted.intercept_[0])
    return _model("The log-odds that the best sentences answer.", names, mean, scale, fitted.coef_[0], intercept)


def measure_ranking(scores: Sequence[np.ndarray], positives: Sequence[np.ndarray]) -> dict[str, float]:
    """How often an answer is in the first one, two and three sentences."""
    orders = [np.argsort(-each, kind="stable") for each in scores]
    return {
        f"answer in top {k}": _mean(
            [bool(right[order[:k]].any()) for order, right in zip(orders, positives, strict=True)]
        )
        for k in (1, 2, 3)
    }


def measure_probability(probabilities: np.ndarray, right: np.ndarray, threshold: float = 0.5) -> dict[str, float]:
    """Discrimination, calibration and what a threshold does; a refusal is right where nothing is."""
    answered = probabilities >= threshold
    bins = np.array_split(np.argsort(probabilities, kind="stable"), CALIBRATION_BINS)
    gaps = [len(b) * abs(probabilities[b].mean() - right[b].mean()) for b in bins if len(b)]
    figures = {
        "AUROC": float(roc_auc_score(right, probabilities)) if 0 < right.mean() < 1 else float("nan"),
        "calibration error": sum(gaps) / len(right),
        "answered": answered.mean(),
        "answering precision": _mean(right[answered]),
        "refusal precision": _mean(~right[~answered]),
        "refusal recall": _mean(~answered[~right]),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def _standard(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = rows.std(axis=0)
    return rows.mean(axis=0), np.where(scale > 1e-6, scale, 1.0)


def _model(
    about: str, names: Sequence[str], mean: np.ndarray, scale: np.ndarray, weights: np.ndarray, intercept: float
) -> LinearModel:
    features = {
        name: Weight(mean=round(float(m), 5), scale=round(float(s), 5), weight=round(float(w), 4))
        for name, m, s, w in zip(names, mean, scale, weights, strict=True)
    }
    return LinearModel(about=about, intercept=round(intercept, 4), features=features, report={})


def _mean(values: Sequence[bool] | np.ndarray) -> float:
    return round(float(np.mean(values)), 4) if len(values) else float("nan")
