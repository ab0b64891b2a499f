"""The reader: how it encodes, rounds and scores. Small networks have random weights over few words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from corpus.errors import SettingsError
from rag.places import Extract
from rag.reader import (
    BEFORE,
    HEADLINE,
    LENGTH,
    LEVELS,
    NOTHING_READ,
    QUESTION,
    READER_WEIGHTS,
    Batch,
    Encoded,
    Int8Linear,
    Network,
    Reader,
    base_tokenizer,
    encode,
    int8_network,
    int8_pays,
    load_network,
    save_network,
)

HEAD = "Orrin Falls loses its footbridge"
BRIDGE = (
    Extract(HEAD, "", "The footbridge at Orrin Falls was closed on 9 May 2023 after two planks gave way."),
    Extract(
        HEAD,
        "The footbridge at Orrin Falls was closed on 9 May 2023 after two planks gave way.",
        "Repairs will cost 64,000 crowns, the parish said.",
    ),
    Extract(
        HEAD,
        "Repairs will cost 64,000 crowns, the parish said.",
        "Hikers now cross by the ford, which is dangerous after rain, warned ranger Tove Lindqvist.",
    ),
    Extract("Choir to sing again", "", "The town's choir has sung in the chapel every Christmas for a century."),
)


@pytest.fixture(scope="module", params=["float32", "auto"])
def reader(request: pytest.FixtureRequest) -> Reader:
    """The reader that comes with the project, in either arithmetic."""
    return Reader(request.param)


@pytest.fixture
def small() -> Network:
    """Two layers with random weights over 200 words."""
    torch.manual_seed(1)
    network = Network(torch.randn(200, 48), layers=2)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return network.eval()


def pairs_of(*lengths: int) -> list[Encoded]:
    draw = torch.Generator().manual_seed(2)
    return [
        Encoded(torch.randint(1, 200, (n,), generator=draw).tolist(), 5, [(i, i + 1) for i in range(n - 6)])
        for n in lengths
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("When was the bridge at Orrin Falls closed?", 0),
        ("How much will the repairs cost?", 1),
        ("Who warned that the ford is dangerous?", 2),
        ("orrin falls footbridge closed when", 0),
    ],
)
def test_the_sentence_that_answers_is_likelier_than_no_answer(reader: Reader, question: str, best: int) -> None:
    scores = reader.scores(question, BRIDGE)
    assert scores.argmax() == best
    assert scores[best] > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    [
        "How many people sing in the parish council of Veldhoven?",
        "Who built the lighthouse?",
        "What did the minister say about visas?",
    ],
)
def test_what_no_sentence_answers_is_likelier_unanswered(reader: Reader, question: str) -> None:
    assert reader.scores(question, BRIDGE).max() < 0


@pytest.mark.slow
def test_a_score_does_not_depend_on_the_other_candidates(reader: Reader) -> None:
    together = reader.scores("How much will the repairs cost?", BRIDGE)
    alone = [reader.scores("How much will the repairs cost?", [pair])[0] for pair in BRIDGE]
    assert together == pytest.approx(alone, abs=0.02)
    assert (reader.scores("How much will the repairs cost?", BRIDGE) == together).all()


@pytest.mark.slow
def test_whole_numbers_score_nearly_as_float32_does() -> None:
    exact, rounded = Reader("float32"), Reader("auto")
    for question in ("When was the bridge closed?", "How much will the repairs cost?", "Who sang?"):
        assert rounded.scores(question, BRIDGE) == pytest.approx(exact.scores(question, BRIDGE), abs=0.5)
    assert exact.precision == "float32"
    assert rounded.precision == ("int8" if int8_pays() else "float32")


@pytest.mark.slow
def test_threads_get_what_one_gets(reader: Reader) -> None:
    questions = [f"Who crossed the ford in {year}?" for year in range(2010, 2018)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda q: reader.scores(q, BRIDGE), questions))
    for question, scores in zip(questions, found, strict=True):
        assert (scores == reader.scores(question, BRIDGE)).all()


@pytest.mark.slow
def test_nothing_to_read_scores_lowest(reader: Reader) -> None:
    assert reader.scores("Who?", []).shape == (0,)
    assert reader.scores("Who?", [Extract("", "", "")]) == pytest.approx([NOTHING_READ])
    assert np.isfinite(reader.scores("", [Extract("", "", "Ola runs the mill.")])).all()


@pytest.mark.slow
def test_the_weights_come_with_their_report() -> None:
    import json

    report = json.loads(READER_WEIGHTS.with_suffix(".json").read_text())
    assert len(report["data"]) == 3
    assert isinstance(report["seed"], int)
    assert all(figures["AUROC"] > 0.5 for figures in report["on held-out questions"].values())


def test_a_sentence_is_read_below_question_headline_and_sentence_before() -> None:
    tokenizer = base_tokenizer()
    (pair,) = encode(tokenizer, "Who runs the mill?", [Extract("Mill reopens", "It was shut.", "Tom Berg runs it.")])
    tokens = [tokenizer.id_to_token(i) for i in pair.ids]
    text = "[CLS] who runs the mill ? [SEP] mill re ##open ##s [SEP] it was shut . [SEP] tom berg runs it . [SEP]"
    assert " ".join(tokens) == text
    assert tokens[pair.sentence] == "tom"
    assert [("Tom Berg runs it."[a:b]) for a, b in pair.offsets] == ["Tom", "Berg", "runs", "it", "."]


def test_long_texts_are_cut_where_they_matter_least() -> None:
    tokenizer = base_tokenizer()
    before = " ".join(f"{n}" for n in range(100, 300))
    sentence = " ".join(f"{n}" for n in range(300, 500))
    headline = " ".join(f"{n}" for n in range(200, 300))
    question = " ".join(f"{n}" for n in range(10, 100))
    extracts = [Extract(headline, before, sentence), Extract(headline, before, "Ola runs it.")]
    long, short = encode(tokenizer, question, extracts)
    assert len(long.ids) == LENGTH
    assert tokenizer.id_to_token(long.ids[long.sentence]) == "300"
    assert len(long.offsets) == len(long.ids) - 1 - long.sentence
    read = [tokenizer.id_to_token(i) for i in short.ids[: short.sentence]]
    asked, above, led = " ".join(read).removeprefix("[CLS] ").removesuffix(" [SEP]").split(" [SEP] ")
    assert asked.split() == [str(n) for n in range(100 - QUESTION, 100)]
    assert led.split() == [str(n) for n in range(300 - BEFORE, 300)]
    assert 0 < len(above.split()) <= HEADLINE
    assert above.split() == [str(n) for n in range(200, 200 + len(above.split()))]


def test_pairs_in_one_batch_do_not_see_each_other(small: Network) -> None:
    pairs = pairs_of(9, 30, 17)
    with torch.inference_mode():
        together = small(Batch.of(pairs))
        alone = [small(Batch.of([pair]))[0] for pair in pairs]
    assert [len(row) for row in together] == [3, 24, 11]
    for a, b in zip(together, alone, strict=True):
        torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-5)


def test_rounding_errs_by_half_a_step_and_only_once(small: Network, tmp_path: Path) -> None:
    path = tmp_path / "reader.safetensors"
    save_network(small, path)
    first = load_file(path)
    name = "layers.1.narrow"
    assert first[f"{name}.weight"].dtype == torch.int8
    assert first[f"{name}.weight"].abs().max() == LEVELS
    restored = first[f"{name}.weight"] * first[f"{name}.scale"][:, None]
    error = (restored - small.get_submodule(name).weight).abs()
    assert (error <= first[f"{name}.scale"][:, None] * 0.5001).all()
    again = Int8Linear(_linear(restored, small.get_submodule(name).bias))
    assert (again.weight == first[f"{name}.weight"]).all()


def test_whole_number_products_are_near(small: Network) -> None:
    linear = small.layers[0].widen
    rows = torch.randn(21, 48) * 3
    with torch.inference_mode():
        error = (Int8Linear(linear)(rows) - linear(rows)).norm() / linear(rows).norm()
    assert 0 < error < 0.03
    with torch.inference_mode():
        exact = [row.logsumexp(0).item() for row in small(Batch.of(pairs_of(20, 25)))]
        near = [row.logsumexp(0).item() for row in int8_network(small)(Batch.of(pairs_of(20, 25)))]
    assert near == pytest.approx(exact, rel=0.1)
    assert not any(isinstance(part, torch.nn.Linear) for part in small.layers.modules())


@pytest.mark.slow
def test_weights_that_do_not_fit_are_explained(tmp_path: Path) -> None:
    path = tmp_path / "reader.safetensors"
    with pytest.raises(SettingsError, match=r"reader\.safetensors can't be loaded"):
        load_network(path)
    path.write_bytes(b"no weights")
    with pytest.raises(SettingsError, match="can't be loaded"):
        load_network(path)
    save_file(load_file(READER_WEIGHTS), path, {"base": "of another model"})
    with pytest.raises(SettingsError, match="another release"):
        load_network(path)


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> torch.nn.Linear:
    linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
    linear.weight.data, linear.bias.data = weight, bias
    return linear
