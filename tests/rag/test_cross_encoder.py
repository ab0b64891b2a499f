"""How the cross-encoder encodes, rounds and scores. Small networks have random weights over few words."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from corpus.errors import SettingsError
from rag.cross_encoder import (
    LEVELS,
    Batch,
    Encoded,
    Int8Linear,
    Lengths,
    Network,
    base_tokenizer,
    encode,
    int8_network,
    load_network,
    save_network,
)
from rag.places import Extract
from rag.reader import READER_WEIGHTS

LENGTHS = Lengths(total=96, text=32, headline=20, before=28)


@pytest.fixture
def small() -> Network:
    """Two layers with random weights over 200 words."""
    torch.manual_seed(1)
    network = Network(torch.randn(200, 48), LENGTHS.total, layers=2)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return network.eval()


def pairs_of(*lengths: int) -> list[Encoded]:
    draw = torch.Generator().manual_seed(2)
    return [
        Encoded(torch.randint(1, 200, (n,), generator=draw).tolist(), 5, [(i, i + 1) for i in range(n - 6)])
        for n in lengths
    ]


def test_a_sentence_is_read_below_question_headline_and_sentence_before() -> None:
    tokenizer = base_tokenizer()
    (pair,) = encode(
        tokenizer, LENGTHS, "Who runs the mill?", [Extract("Mill reopens", "It was shut.", "Tom Berg runs it.")]
    )
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
    long, short = encode(tokenizer, LENGTHS, question, extracts)
    assert len(long.ids) == LENGTHS.total
    assert tokenizer.id_to_token(long.ids[long.sentence]) == "300"
    assert len(long.offsets) == len(long.ids) - 1 - long.sentence
    read = [tokenizer.id_to_token(i) for i in short.ids[: short.sentence]]
    asked, above, led = " ".join(read).removeprefix("[CLS] ").removesuffix(" [SEP]").split(" [SEP] ")
    assert asked.split() == [str(n) for n in range(100 - LENGTHS.text, 100)]
    assert led.split() == [str(n) for n in range(300 - LENGTHS.before, 300)]
    assert 0 < len(above.split()) <= LENGTHS.headline
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
