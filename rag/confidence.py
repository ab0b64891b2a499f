"""How likely it is that the retrieved passages answer the question: the score that decides on refusing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.selection import Candidate

# A logistic regression on the two best readings of the evidence, fitted by `python -m eval.calibrate` on questions
# of SQuADShifts (Wikipedia and Reddit paragraphs), each once with its paragraph in the pool and once without.
# AUROC there 0.86 and 0.84, on xquad-en, which it has not seen, 0.945. The passages' own similarity and
# coverage add 0.004 and were left out.
INTERCEPT = -4.9
COSINE = 3.3
COVERAGE = 5.3
BEST = 3  # sentences looked at: as many as an answer has


def confidence(candidates: Sequence[Candidate]) -> float:
    """Probability in [0, 1] that the ranked `candidates` hold the answer; 0 without any."""
    best = candidates[:BEST]
    if not best:
        return 0.0
    score = INTERCEPT + COSINE * max(c.cosine for c in best) + COVERAGE * max(c.coverage for c in best)
    return 1 / (1 + math.exp(-score))
