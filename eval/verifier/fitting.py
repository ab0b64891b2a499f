"""Fits the weights that turn what fails and what is new in a claim into the probability that it is supported."""

from __future__ import annotations

import hashlib

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from eval.verifier.data import PAIRS, passages
from rag.claims import facts
from rag.entailment import failures
from rag.entailment.wording import SUPPORT_FEATURES, support_features
from rag.linear import LinearModel, Weight
from rag.verification import is_whole_sentence, source_of

FOLDS = 5


def fit() -> LinearModel:
    """The weights of `SUPPORT_FEATURES`, fitted on the tuning half, with their report."""
    rows, labels, groups = [], [], []
    for passage in passages("tune"):
        source = source_of(passage.evidence)
        for each in passage.claims:
            if each.kind == "bracket" or is_whole_sentence(each.claim, passage.quote):
                continue  # decided without the weights
            claim = facts(each.claim, passage.published)
            rows.append(support_features(claim, source, failures(claim, source)))
            labels.append(each.label == "supported")
            groups.append(passage.id)
    x, y = np.array(rows), np.array(labels)
    mean, scale = x.mean(0), x.std(0)
    z = (x - mean) / scale
    model = LogisticRegression().fit(z, y)
    guessed = cross_val_predict(
        LogisticRegression(), z, y, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba"
    )[:, 1]
    return LinearModel(
        about="The log-odds that the evidence supports a sentence.",
        intercept=round(float(model.intercept_[0]), 4),
        features={
            name: Weight(mean=round(float(m), 4), scale=round(float(s), 4), weight=round(float(w), 4))
            for name, m, s, w in zip(SUPPORT_FEATURES, mean, scale, model.coef_[0], strict=True)
        },
        report={
            "data": {PAIRS.name: hashlib.sha256(PAIRS.read_bytes()).hexdigest()[:12]},
            "claims": len(y),
            "supported": int(y.sum()),
            "AUROC": round(float(roc_auc_score(y, guessed)), 4),
            "Brier score": round(float(np.mean((guessed - y) ** 2)), 4),
            "measured": f"{FOLDS}-fold cross-validation by passage, on the tuning half",
        },
    )
