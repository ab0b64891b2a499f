"""Linear models whose weights lie in a small readable file, with the report of their training."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

WEIGHTS = Path(__file__).parent / "weights"


class Weight(BaseModel):
    """What one feature counts: `weight` * (value - `mean`) / `scale`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mean: float
    scale: float = Field(gt=0)
    weight: float


class LinearModel(BaseModel):
    """A weighted sum of standardised features.

    Attributes:
        about: what the sum means.
        intercept: added to the sum.
        features: by name, in the order of the values that it is given.
        report: how it was trained and how well it does; data hashes, seed, numbers of cases, measures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    intercept: float
    features: dict[str, Weight]
    report: dict[str, Any]

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """The sum for each of `rows` [n, features], whose columns stand in the order of `features`."""
        values = np.array([[f.mean, f.scale, f.weight] for f in self.features.values()])
        mean, scale, weight = values.T
        scores: np.ndarray = (rows - mean) / scale @ weight + self.intercept
        return scores

    def save(self, path: Path) -> None:
        """Write it as JSON, one feature a line."""
        rest = self.model_dump(mode="json", exclude={"features"})
        lines = [f"    {json.dumps(name)}: {json.dumps(f.model_dump())}" for name, f in self.features.items()]
        head = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value, indent=1)}" for name, value in rest.items())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{\n" + head + ',\n  "features": {\n' + ",\n".join(lines) + "\n  }\n}\n", encoding="utf-8")


@lru_cache(maxsize=8)
def load_model(path: Path, names: Sequence[str]) -> LinearModel:
    """The model in `path`.

    Raises:
        ValueError: it was trained on other features than `names`, so its weights mean nothing here.
    """
    model = LinearModel.model_validate_json(path.read_bytes())
    if tuple(model.features) != tuple(names):
        different = sorted(set(model.features) ^ set(names)) or "their order"
        raise ValueError(f"{path.name} was trained on other features ({different}); run `python -m eval.training`.")
    return model
