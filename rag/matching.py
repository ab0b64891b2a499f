"""How well a text's words cover the words of a question."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rag.word_forms import aliases, likeness

_RAREST = 2  # of the question's words; most questions turn on one or two


class TermMatcher:
    """Holds the words of a question and their weights.

    Attributes:
        terms: the words' keys; arrays that `held` gives follow their order.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Match the keys of `weights`, whose values say how much each counts."""
        self.terms = list(weights)
        self._weights = np.array(list(weights.values()))
        self._total = float(self._weights.sum()) or 1.0
        self._rarest = np.argsort(-self._weights, kind="stable")[:_RAREST]
        # Only what begins like a term or another name of it can be like it; this spares most comparisons.
        self._starts = frozenset(key[:3] for term in self.terms for key in (term, *aliases(term)))
        self._known: dict[frozenset[str], np.ndarray] = {}

    def held(self, keys: frozenset[str]) -> np.ndarray:
        """For each term, the likeness of the likest of `keys`, in [0, 1]."""
        found = self._known.get(keys)
        if found is None:
            likely = [key for key in keys if key[:3] in self._starts]
            found = np.array(
                [1.0 if t in keys else max((likeness(t, k) for k in likely), default=0.0) for t in self.terms]
            )
            self._known[keys] = found
        return found

    def share(self, held: np.ndarray) -> float:
        """The share of the terms' weight that is held, in [0, 1]."""
        return float(self._weights @ held) / self._total

    def rarest(self, held: np.ndarray) -> float:
        """How much of the rarest terms is held, in [0, 1]."""
        return float(held[self._rarest].mean()) if len(self._rarest) else 0.0
