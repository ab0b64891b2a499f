"""A second opinion on the best hits, by a cross-encoder that reads question and passage together."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np

from corpus.errors import SettingsError
from rag.named_cross_encoder import load_cross_encoder, unusable
from rag.retriever import Hit, min_max

# As much as the retriever's own score can give. Not measured: no trained cross-encoder was at hand.
OPINION_WEIGHT = 1.0
BATCH = 4  # hits between two looks at the clock
RESOLUTION = 1e-5  # of a logit; a smaller difference is the arithmetic's
# Of as many words, so that without a vocabulary they look alike.
_PROBE = (
    "Which permits did the ministry issue?",
    ["The ministry issued new permits in the spring. " * 16, "The ferry left the harbour late that evening. " * 16],
)


class Reranker:
    """A sentence-transformers cross-encoder (Nogueira and Cho 2019, arXiv:1901.04085) with a time budget.

    Thread-safe: one question at a time; one that waits longer than its budget keeps its order.
    """

    def __init__(self, name: str, budget_ms: int) -> None:
        """Load the model, see that it works, and measure how many hits it reads in the budget.

        Args:
            name: folder of a sentence-transformers CrossEncoder, or the hub name of one that is in the local cache;
                nothing is downloaded.
            budget_ms: most milliseconds for a question. It is overrun by a batch at most, when the machine is
                busier than it was at opening.

        Raises:
            SettingsError: the model is missing, broken, none that ranks, or too slow for the budget.
        """
        self._lock = threading.Lock()
        self._budget = budget_ms / 1000
        self._model = load_cross_encoder("reranker", name)
        if self._model.num_labels != 1:
            raise unusable("reranker", name, f"it gives {self._model.num_labels} scores where one is needed")
        self._fits = int(self._budget / self._seconds_a_hit(name))
        if self._fits < 2:
            raise SettingsError(
                f"The reranker {name!r} can't compare two passages in {budget_ms} ms.",
                "Raise reranker_ms, or choose a smaller model.",
            )

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """`hits`, best first, with the model's opinion in the score of as many of the best as the budget allows.

        The opinion is min-max normalised, so the others keep their place below. The same hits come in the same order
        as long as the machine isn't busier than at opening.
        """
        deadline = perf_counter() + self._budget
        opinions: list[float] = []
        if self._lock.acquire(timeout=self._budget):
            try:
                for start in range(0, min(self._fits, len(hits)), BATCH):
                    if perf_counter() >= deadline:
                        break
                    batch = hits[start : min(start + BATCH, self._fits)]
                    opinions += self._opinions(question, [f"{h.passage.title}\n{h.passage.text}" for h in batch])
            finally:
                self._lock.release()
        if len(opinions) < 2:
            return list(hits)
        parts = OPINION_WEIGHT * min_max(np.array(opinions))
        heard = [
            replace(hit, score=replace(hit.score, opinion=float(part)))
            for hit, part in zip(hits, parts, strict=False)
        ]
        return sorted([*heard, *hits[len(heard) :]], key=lambda hit: -hit.fused)

    def _opinions(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the question: a logit, greater is better."""
        import torch

        pairs = [(question, text) for text in texts]
        logits = self._model.predict(
            pairs, batch_size=BATCH, show_progress_bar=False, activation_fn=torch.nn.Identity()
        )
        opinions: list[float] = logits.tolist()
        return opinions

    def _seconds_a_hit(self, name: str) -> float:
        """The cost of a hit in an idle moment, from a batch of passages as long as most."""
        question, texts = _PROBE
        batch = (texts * BATCH)[:BATCH]
        try:
            spread = np.ptp(self._opinions(question, texts))  # also warms the model up
            times = []
            for _ in range(3):
                start = perf_counter()
                self._opinions(question, batch)
                times.append(perf_counter() - start)
        except (LookupError, RuntimeError, ValueError) as error:
            raise unusable("reranker", name, str(error)) from error
        if not spread > RESOLUTION:  # nor is NaN
            raise unusable("reranker", name, "it gives every passage the same score; its tokenizer may be missing")
        return min(times) / BATCH
