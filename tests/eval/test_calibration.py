"""Fitting the confidence: on held-out questions and on a tuning split, with a report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eval.training import calibration as fitting
from eval.training.calibration import calibrate, main
from eval.training.pools import Plan
from eval.training.squad import TrainingError
from rag.confidence import CALIBRATION
from rag.linear import load_model

TOWNS = "Ashby Borley Corfe Dunham Elmore Farley Garston Hexton Ilmer Jarrow Kelby Lorton".split()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve paragraphs with two questions each."""
    data = tmp_path / "squad"
    data.mkdir()
    article = {"title": "mills", "paragraphs": [_paragraph(town, 1900 + i) for i, town in enumerate(TOWNS)]}
    (data / "mills.json").write_text(json.dumps({"data": [article]}))
    return data


def _paragraph(town: str, year: int) -> dict:
    asked = ((f"Who is the mayor of {town}?", f"Ola Berg{town}"), (f"When was the mill of {town} closed?", str(year)))
    return {
        "context": f"The mayor of {town} is Ola Berg{town}. The mill of {town} was closed in {year}, after a flood.",
        "qas": [{"question": question, "answers": [{"text": answer}]} for question, answer in asked],
    }


@pytest.fixture
def benchmark(make_folder: Callable[..., Path]) -> Path:
    """Two tuning questions, one that can be answered, and one of the other split."""
    known = {"split": "tune", "as_of": "2024-06-01"}
    return make_folder(
        [{"_id": "ferry", "title": "Ferry office", "text": "The ferry office reopened on 3 March 2024."}],
        [
            {"_id": "q1", "text": "When did the ferry office reopen?", "metadata": known | {"answerable": True}},
            {"_id": "q2", "text": "How much is a ferry ticket?", "metadata": known | {"answerable": False}},
            {"_id": "q3", "text": "Who runs it?", "metadata": {"split": "gate", "answerable": False}},
        ],
        ["q1\tferry\t1"],
    )


@pytest.mark.slow
def test_what_was_fitted_can_be_read_and_says_what_on(
    folder: Path, benchmark: Path, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "held_out", lambda paragraphs: list(paragraphs))
    monkeypatch.setattr(fitting, "PLANS", (Plan((5, 5), 2, 8),))
    monkeypatch.setattr(fitting, "default_cache", lambda: tmp_path / "cache")
    report = calibrate(folder, tmp_path / "out", benchmark, seed=2, news=news)
    model = load_model(tmp_path / "out" / "calibration.json", CALIBRATION)
    assert model.report == json.loads(json.dumps(report))
    assert report["tuning split"]["questions"] == 2
    assert report["written news"]["questions"] == 2
    assert set(report["data"]) == {"mills.json", "ferries.txt"}
    assert report["held-out questions"]["AUROC"] > 0.6
    assert all(feature.weight > 0 for feature in model.features.values()), "both speak for an answer"


@pytest.mark.slow
def test_one_kind_of_question_is_not_enough(
    folder: Path, make_folder: Callable[..., Path], news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "held_out", lambda paragraphs: list(paragraphs))
    monkeypatch.setattr(fitting, "PLANS", (Plan((5, 5), 1, 4),))
    monkeypatch.setattr(fitting, "default_cache", lambda: tmp_path / "cache")
    with pytest.raises(TrainingError, match="tuning split hold only one kind"):
        calibrate(folder, tmp_path / "out", make_folder(), news=news)
    assert not (tmp_path / "out").exists()


def test_the_command_says_what_is_wrong(run_command: Callable[..., Result], tmp_path: Path) -> None:
    result = run_command(main, tmp_path)
    assert result.exit_code == 1
    assert "holds no .json file" in " ".join(result.stderr.split())
