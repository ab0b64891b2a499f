"""Training the reader: the groups it learns from, and a short training on a made-up folder."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from typer.testing import Result

from eval.training import groups as drawing
from eval.training import reader as training
from eval.training.groups import Questions, terse
from eval.training.like_words import LikeWords
from eval.training.reader import held_out, main, train
from eval.training.squad import Paragraph, TrainingError, read_squad
from rag.cross_encoder import Batch, base_network, base_tokenizer, encode, load_network
from rag.places import Extract
from rag.reader import READER_LENGTHS, Reader

TOWNS = ("Ashby", "Borley", "Corfe", "Dunham", "Elmore", "Farley", "Garston", "Hexton", "Ilmer", "Jarrow")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty paragraphs with three questions each, in two files."""
    data = tmp_path_factory.mktemp("squad")
    for part, goods in (("mills", "flour"), ("mines", "tin")):
        article = {"title": part, "paragraphs": [_paragraph(town, i, part, goods) for i, town in enumerate(TOWNS)]}
        (data / f"{part}.json").write_text(json.dumps({"data": [article]}))
    return data


def _paragraph(town: str, i: int, part: str, goods: str) -> dict:
    keeper = f"Ola {'Berg Lund Dahl Holm Vik Moen Rud Lien Haug Bakke'.split()[i]}"
    context = (
        f"The {part} of {town} belong to {keeper}, who bought them from the parish. "
        f"In a good year they give {1200 + 31 * i} sacks of {goods}. "
        f"A flood shut them in {1900 + i}. Nobody has worked in the {part} of {town} since."
    )
    questions = (
        (f"Who owns the {part} of {town}?", keeper),
        (f"How many sacks of {goods} do the {part} of {town} give?", str(1200 + 31 * i)),
        (f"When did a flood shut the {part} of {town}?", str(1900 + i)),
    )
    qas = [{"question": q, "answers": [{"text": a}]} for q, a in questions]
    return {"context": context, "qas": qas}


@pytest.fixture(scope="module")
def paragraphs(folder: Path) -> list[Paragraph]:
    return read_squad(folder)[0]


@pytest.fixture(scope="module")
def questions(paragraphs: list[Paragraph]) -> Questions:
    return Questions(paragraphs, base_tokenizer(), base_network(8, 0.0).words)


@pytest.mark.slow
def test_candidates_are_of_the_paragraph_and_near_ones(questions: Questions, paragraphs: list[Paragraph]) -> None:
    items = questions.items([(0, q) for q in paragraphs[0].questions])
    assert [len(item.right) for item in items] == [1, 1, 1]
    for item in items:
        assert len(item.lines) == 4
        assert item.nearest
        assert not set(item.nearest) & set(item.lines)
        near = [questions.lines[i].sentence for i in item.nearest]
        assert not any(answer in sentence for answer in item.question.answers for sentence in near)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["answered", "removed", "beside", "false", "altered"])
def test_groups_are_as_their_kind_says(
    questions: Questions, paragraphs: list[Paragraph], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "_kind", lambda draw: kind)
    monkeypatch.setattr(drawing, "TERSE", 0.0)
    monkeypatch.setattr(drawing, "OTHER_WORD", 0.0)
    draw = random.Random(1)
    item = questions.items([(4, paragraphs[4].questions[2])])[0]
    groups = [questions.group(item, draw) for _ in range(12)]
    gold = "A flood shut them in 1904."
    own = {questions.lines[i].sentence for i in item.lines}
    for group in groups:
        assert len(group.extracts) <= drawing.CANDIDATES
        assert any(group.starts) == (kind == "answered")
        texts = [extract.sentence for extract in group.extracts]
        if kind == "altered":  # the sentence names no place: the one before it or the headline names another
            assert questions.lines[item.lines[2]] not in group.extracts
        else:
            assert (gold in texts) == (kind in ("answered", "false"))
        if kind == "answered":
            assert group.starts[texts.index(gold)] == (gold.index("1904"),)
        if kind == "removed":
            assert not own & set(texts)
        if kind == "beside":
            assert own & set(texts)
        assert (group.question == item.question.text) == (kind != "false")


@pytest.mark.slow
def test_an_altered_copy_names_something_else(questions: Questions, paragraphs: list[Paragraph]) -> None:
    draw = random.Random(2)
    item = questions.items([(2, paragraphs[2].questions[0])])[0]
    drawn = [extract.sentence for _ in range(80) for extract in questions.group(item, draw).extracts]
    found = {sentence for sentence in drawn if "belong to Ola Dahl" in sentence}
    assert "The mills of Corfe belong to Ola Dahl, who bought them from the parish." in found
    assert len(found) > 1


def test_a_false_question_may_have_another_word_of_the_same_sphere() -> None:
    asked = [
        f"What did the {who} {verb} in {year}?"
        for who in ("student", "worker", "university", "river")
        for verb in ("learn", "write")
        for year in range(1990, 1995)
    ]
    like = LikeWords(asked, base_tokenizer(), base_network(8, 0.0).words)
    found = {like.another("student", random.Random(i)) for i in range(20)}
    assert found <= {"worker", "learn"}
    assert "worker" in found
    assert like.another("steamboat", random.Random(1)) is None


def test_a_title_counts_where_the_paragraph_has_its_words(paragraphs: list[Paragraph]) -> None:
    assert {p.title for p in paragraphs if p.domain == "mills"} == {"mills"}


def test_the_end_of_each_file_is_held_out(paragraphs: list[Paragraph]) -> None:
    assert [p.id for p in held_out(paragraphs)] == ["mills:0:9", "mines:0:9"]


def test_questions_are_put_as_people_type_them() -> None:
    made = {terse("How many sacks of tin do the mines of Corfe give?", random.Random(i)) for i in range(30)}
    assert made == {
        "How many sacks of tin do the mines of Corfe give",
        "how many sacks tin mines Corfe give",
        "sacks tin mines Corfe give how many",
    }
    assert terse("Why?", random.Random(1)).lower() == "why"


@pytest.mark.slow
def test_a_short_training_learns_and_writes_what_the_reader_reads(
    folder: Path,
    news: Path,
    questions: Questions,
    paragraphs: list[Paragraph],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "GROUPS", 2)
    report = train(folder, tmp_path, steps=24, seed=3, rate=3e-4, news=news, news_share=0.25)
    assert report == json.loads((tmp_path / "reader.json").read_text())
    assert report["steps"] == 24
    assert set(report["data"]) == {"mills.json", "mines.json", "ferries.txt"}
    assert report["share of written news"] == 0.25
    assert set(report["on held-out questions"]) == {"mills", "mines", "news"}

    trained = load_network(tmp_path / "reader.safetensors")
    asked = [(i, p.questions[2]) for i, p in enumerate(paragraphs[:6])]
    groups = [questions.group(item, random.Random(5)) for item in questions.items(asked)]
    with torch.inference_mode():
        before, after = (
            training._loss(network.eval(), base_tokenizer(), groups, autocast=False)
            for network in (base_network(READER_LENGTHS.total, training.FIRST_BIAS), trained)
        )
    assert after < 0.8 * before

    question = "When did a flood shut the mills of Jarrow?"
    extract = Extract("The mills of Jarrow", "", "A flood shut them in 1909.")
    with torch.inference_mode():
        row = trained(Batch.of(encode(base_tokenizer(), READER_LENGTHS, question, [extract])))[0]
    reader = Reader("float32", tmp_path / "reader.safetensors")
    assert reader.scores(question, [extract])[0] == pytest.approx(row.exp().sum().log().item(), abs=1e-4)


@pytest.mark.slow
def test_too_few_questions_are_refused(tmp_path: Path) -> None:
    article = {"title": "", "paragraphs": [_paragraph("Ashby", 0, "mills", "flour")]}
    (tmp_path / "few.json").write_text(json.dumps({"data": [article]}))
    with pytest.raises(TrainingError, match="too few"):
        train(tmp_path, tmp_path, news=tmp_path / "none")


def test_the_command_says_what_is_wrong(run_command: Callable[..., Result], tmp_path: Path) -> None:
    result = run_command(main, tmp_path)
    assert result.exit_code == 1
    assert "holds no .json file" in " ".join(result.stderr.split())
