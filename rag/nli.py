"""Natural-language inference by a cross-encoder that a setting names: whether a quote bears out a claim.

torch is imported with this module, so import it where it is used.
"""

from __future__ import annotations

import threading

import torch

from rag.named_cross_encoder import load_cross_encoder, unusable


class NliModel:
    """A sentence-transformers cross-encoder for natural-language inference.

    It reads headline, sentence before and quote as the premise. Thread-safe: one claim at a time.
    """

    def __init__(self, name: str) -> None:
        """Load the model.

        Args:
            name: folder of a CrossEncoder of which a label is called "entailment", or the hub name of one that is in
                the local cache; nothing is downloaded.

        Raises:
            SettingsError: it is missing, broken or has no such label.
        """
        self._model = load_cross_encoder("nli", name)
        labels = {i: str(label).casefold() for i, label in self._model.config.id2label.items()}
        self._entailment = next((i for i, label in labels.items() if label.startswith("entail")), -1)
        if self._entailment < 0 or len(labels) < 2:
            raise unusable("nli", name, f"of its labels ({', '.join(labels.values())}) none is “entailment”")
        self._lock = threading.Lock()

    def entailed(self, claim: str, quote: str, headline: str = "", before: str = "") -> float:
        """The log-odds that `quote` bears out `claim`; 0 where it is as likely as not."""
        premise = " ".join(part for part in (headline, before, quote) if part)
        with self._lock:
            logits = self._model.predict(
                [(premise, claim)], show_progress_bar=False, activation_fn=torch.nn.Identity(), convert_to_tensor=True
            )[0]
        others = torch.cat([logits[: self._entailment], logits[self._entailment + 1 :]])
        return float(logits[self._entailment] - others.logsumexp(0))
