"""How well questions that ask the same are told from those that nearly do.

`test.jsonl` holds pairs that were written before the rules that are measured with them; `tune.jsonl` those that the
rules were made with. A line has `a`, `b`, `same`, `kind` (in what a near miss differs) and, where the days differ on
which they are asked, `as_of`.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from eval.growing import Embed
from rag.same_question import same_question

FOLDER = Path(__file__).parent
DAY = date(2025, 3, 15)  # on which the questions of a pair without `as_of` are asked
_Z = 1.96  # of the normal distribution, for 95 %


@dataclass(frozen=True)
class Pair:
    """Two questions, whether they ask the same, and else in what they differ."""

    a: str
    b: str
    same: bool
    kind: str
    days: tuple[date, date] = (DAY, DAY)


@dataclass
class Measured:
    """What was told of some pairs.

    Attributes:
        right: paraphrases that were taken for the same.
        missed: paraphrases that weren't.
        false: near misses that were taken for the same.
        told: near misses that were told apart, by kind.
    """

    right: int = 0
    missed: list[Pair] = field(default_factory=list)
    false: list[Pair] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def near_misses(self) -> int:
        """How many there were."""
        return sum(self.told.values()) + len(self.false)

    @property
    def precision(self) -> float:
        """Share of those taken for the same that are."""
        return self.right / max(self.right + len(self.false), 1)

    @property
    def recall(self) -> float:
        """Share of the paraphrases that were taken for the same."""
        return self.right / max(self.right + len(self.missed), 1)


def read_pairs(name: str) -> list[Pair]:
    """The pairs of the half `name`, "tune" or "test"."""
    pairs = []
    for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        first, second = (date.fromisoformat(day) for day in values.get("as_of", (DAY.isoformat(),) * 2))
        pairs.append(Pair(values["a"], values["b"], values["same"], values["kind"], (first, second)))
    return pairs


def measure(pairs: Sequence[Pair], embed: Embed) -> Measured:
    """What `same_question` says of `pairs`."""
    found = Measured()
    for pair in pairs:
        cosine = float(np.dot(embed(pair.a), embed(pair.b)))
        if same_question(pair.a, pair.b, *pair.days, cosine):
            if pair.same:
                found.right += 1
            else:
                found.false.append(pair)
        elif pair.same:
            found.missed.append(pair)
        else:
            found.told[pair.kind] += 1
    return found


def interval(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson 1927)."""
    if not trials:
        return 0.0, 1.0
    share, z2 = successes / trials, _Z**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
