"""The reader: how likely each candidate sentence is to answer the question, read together with it.

A cross-encoder trained by `python -m eval.training.reader`: it gives each word piece of a sentence the log-odds that
an answer begins there; "no answer here" has log-odds 0. Scores of different sentences, and of different questions,
can be compared, since they were normalised together in training (Clark and Gardner 2018, arXiv:1710.10723).

torch is imported with this module, so import it where it is used.
"""

from __future__ import annotations

from pathlib import Path

from rag.cross_encoder import CrossEncoder, Lengths
from rag.linear import WEIGHTS

READER_WEIGHTS = WEIGHTS / "reader.safetensors"
READER_LENGTHS = Lengths(total=96, text=32, headline=20, before=28)


class Reader(CrossEncoder):
    """Scores candidate sentences for a question: the log-odds that each answers it.

    0 means as likely as that none does.
    """

    def __init__(self, precision: str = "auto", weights: Path = READER_WEIGHTS) -> None:
        """Load `weights`; `precision` as `CrossEncoder` takes it."""
        super().__init__(weights, READER_LENGTHS, precision)
