import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eval.training.false_premises import false_premise
from eval.training.fitting import measure_probability
from eval.training.pools import Plan
from eval.training.squad import TrainingError, read_squad
from eval.training.training import contains, train
from rag.confidence import EVIDENCE
from rag.features import NAMES
from rag.linear import load_model

TOWNS = ("Ashby", "Borley", "Corfe", "Dunham", "Elmore", "Farley", "Garston", "Hexton", "Ilmer", "Jarrow")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten paragraphs with three questions each, in two files."""
    data = tmp_path / "squad"
    data.mkdir()
    for part, towns in (("first", TOWNS[:5]), ("second", TOWNS[5:])):
        (data / f"{part}.json").write_text(json.dumps({"version": "1", "data": [_article(part, towns)]}))
    return data


def _article(title: str, towns: tuple[str, ...]) -> dict:
    return {"title": title, "paragraphs": [_paragraph(town, TOWNS.index(town)) for town in towns]}


def _paragraph(town: str, i: int) -> dict:
    context = (
        f"The mayor of {town} is Mr. Ola{town}. The town had {1200 + 31 * i} inhabitants when the mill was built. "
        f"The mill of {town} was closed in {1900 + i}, after a flood. Nobody has used it since."
    )
    questions = (
        (f"Who is the mayor of {town}?", f"Ola{town}"),
        (f"How many inhabitants did {town} have?", str(1200 + 31 * i)),
        (f"When was the mill of {town} closed?", str(1900 + i)),
    )
    qas = [
        {"id": f"{town}{j}", "question": q, "answers": [{"text": a, "answer_start": context.index(a)}]}
        for j, (q, a) in enumerate(questions)
    ]
    return {"context": context, "qas": qas}


PLANS = (Plan((1, 2), 4, 6), Plan((6, 6), 1, 20, mixed=True))


@pytest.mark.slow
def test_training_writes_weights_that_can_be_read_and_repeats_itself(folder: Path, tmp_path: Path) -> None:
    reports = train(folder, tmp_path / "out", seed=3, plans=PLANS)
    selection = load_model(tmp_path / "out" / "selection.json", NAMES)
    assert selection.report == json.loads(json.dumps(reports["selection"]))
    assert reports["selection"]["answer in top 3"] > 0.8
    assert len(reports["selection"]["data"]) == 2
    assert load_model(tmp_path / "out" / "confidence.json", EVIDENCE).report["seed"] == 3
    again = train(folder, tmp_path / "again", seed=3, plans=PLANS)
    assert again == reports
    for name in ("background.json", "selection.json", "confidence.json"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_paragraphs_are_read_with_their_answers(folder: Path) -> None:
    paragraphs, hashes = read_squad(folder)
    assert len(paragraphs) == len(TOWNS)
    assert paragraphs[0].questions[0].answers == ("OlaAshby",)
    assert set(hashes) == {"first.json", "second.json"}


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"no \.json"):
        read_squad(tmp_path)
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(TrainingError, match=r"bad\.json"):
        read_squad(tmp_path)


def test_the_command_says_what_is_wrong(run_command: Callable[..., Result], tmp_path: Path) -> None:
    from eval.training.__main__ import main

    result = run_command(main, tmp_path)
    assert result.exit_code == 1
    assert "holds no .json file" in " ".join(result.stderr.split())


def test_answers_are_found_word_for_word() -> None:
    assert contains("They paid 1,200 crowns.", ["1200 crowns"])
    assert not contains("They paid 11,200 crowns.", ["1200 crowns"])
    assert not contains("Anything.", [""])


def test_a_false_premise_changes_one_name_or_number() -> None:
    import random

    made = false_premise("When was the mill of Ashby closed?", ["Who runs the mill of Corfe?"], random.Random(1))
    assert made == "When was the mill of Corfe closed?"
    assert false_premise("why is it shut", ["Who is Corfe?"], random.Random(1)) is None


def test_probabilities_are_measured() -> None:
    import numpy as np

    figures = measure_probability(np.array([0.9, 0.8, 0.2, 0.1]), np.array([True, True, False, False]))
    assert figures["AUROC"] == 1
    assert figures["refusal recall"] == 1
    assert figures["answering precision"] == 1
