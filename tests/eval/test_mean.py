"""The mean of several trainings' weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from typer.testing import Result

from corpus.errors import InputError
from eval.training.mean import main, mean_of
from rag.cross_encoder import base_network, load_network, save_network


def _saved(path: Path, bias: float, length: int = 8) -> Path:
    torch.manual_seed(1)
    save_network(base_network(length, bias), path)
    return path


def test_each_weight_is_the_mean(tmp_path: Path) -> None:
    one, other = _saved(tmp_path / "one.safetensors", -1.0), _saved(tmp_path / "other.safetensors", -4.0)
    (tmp_path / "one.json").write_text('{"steps": 7}', encoding="utf-8")
    mean_of(tmp_path / "mean.safetensors", [one, other])
    made, first = load_network(tmp_path / "mean.safetensors"), load_network(one)
    assert made.starts.bias.item() == pytest.approx(-2.5)
    torch.testing.assert_close(made.layers[0].project.weight, first.layers[0].project.weight)
    assert json.loads((tmp_path / "mean.json").read_text(encoding="utf-8")) == {
        "mean of": [
            {"file": "one.safetensors", "report": {"steps": 7}},
            {"file": "other.safetensors", "report": None},
        ]
    }


def test_other_shapes_and_single_files_are_refused(tmp_path: Path, run_command: Callable[..., Result]) -> None:
    one, longer = _saved(tmp_path / "one.safetensors", 0.0), _saved(tmp_path / "longer.safetensors", 0.0, 9)
    for files in ([one], [one, longer]):
        with pytest.raises(InputError):
            mean_of(tmp_path / "mean.safetensors", files)
    result = run_command(main, tmp_path / "mean.safetensors", one, tmp_path / "missing.safetensors")
    assert result.exit_code == 1
    assert "can't be loaded" in " ".join(result.stderr.split())
    assert not (tmp_path / "mean.safetensors").exists()
