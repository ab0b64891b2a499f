"""`python -m eval.training.mean OUT FILE…`: the mean of a network's weights at several points of its training.

Points on one path of training lie in one basin, and their mean reads unseen questions at least as well as each (model
soups: Wortsman et al. 2022, arXiv:2203.05482).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console

from corpus.errors import InputError, PassageError
from rag.cross_encoder import load_network, save_network


def mean_of(out: Path, files: Sequence[Path]) -> None:
    """Write the mean of the weights in `files` to `out`, and the reports that lie beside them beside it.

    Raises:
        InputError: there are fewer than two files, or their networks are of different shapes.
        SettingsError: one of them can't be read.
    """
    if len(files) < 2:
        raise InputError("A mean needs at least two files of weights.")
    networks = [load_network(file) for file in files]
    states = [network.state_dict() for network in networks]
    shapes = [{name: values.shape for name, values in state.items()} for state in states]
    if any(shape != shapes[0] for shape in shapes):
        raise InputError("The files hold networks of different shapes.")
    mean = {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}
    networks[0].load_state_dict(mean)
    reports = [file.with_suffix(".json") for file in files]
    told = [json.loads(report.read_text(encoding="utf-8")) if report.exists() else None for report in reports]
    save_network(networks[0], out)
    report = {"mean of": [{"file": file.name, "report": own} for file, own in zip(files, told, strict=True)]}
    out.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def main(
    out: Annotated[Path, typer.Argument(help="Where the mean goes, a .safetensors file.")],
    files: Annotated[list[Path], typer.Argument(help="The weights, .safetensors files.")],
) -> None:
    """Write the mean of the weights in FILES to OUT."""
    try:
        mean_of(out, files)
    except PassageError as error:
        Console(stderr=True).print(str(error))
        sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
