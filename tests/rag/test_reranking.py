"""The second opinion: a real cross-encoder, tiny and untrained, built on the spot."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder
from transformers import BertModel

from corpus.errors import PassageError
from rag.reranking import BATCH, OPINION_WEIGHT, Reranker
from rag.retriever import Hit, Score

from .conftest import build_cross_encoder, passage_of

pytestmark = pytest.mark.slow

QUESTION = "How many seasonal visas will there be?"
AMPLE = 60_000  # milliseconds
TEXTS = [
    "The ferry office in Westhaven reopened on 3 March 2024.",
    "The quota for seasonal visas is 9,500.",
    "A court stopped the transfer of asylum seekers to the camp.",
    "Farm owners had asked for 12,000 visas.",
    "A permit costs 18 crowns.",
    "The camp had no doctor.",
    "Applications open on 1 February 2024.",
    "The government has 21 days to appeal.",
    "Seasonal workers came from the islands.",
    "The harvest of strawberries could not wait.",
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(build_cross_encoder(tmp_path_factory.mktemp("cross-encoder")))


@pytest.fixture
def hits() -> list[Hit]:
    return [
        Hit(
            passage_of(text, f"a{i}", f"Report {i}"),
            0.5,
            1.0,
            Score(dense=0.7 - 0.01 * i, time=0.1),
        )
        for i, text in enumerate(TEXTS)
    ]


class Clock:
    """A clock that only the model's work moves: `cost` seconds a pair."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, cost: float) -> None:
        self.now, self.cost, self.read = 0.0, cost, 0
        predict = CrossEncoder.predict

        def slow(model: CrossEncoder, pairs: list[tuple[str, str]], **options: object) -> np.ndarray:
            self.now += self.cost * len(pairs)
            self.read += len(pairs)
            return predict(model, pairs, **options)

        monkeypatch.setattr(CrossEncoder, "predict", slow)
        monkeypatch.setattr("rag.reranking.perf_counter", lambda: self.now)


def test_the_opinion_orders_the_hits_as_the_model_does(model: str, hits: list[Hit]) -> None:
    ranked = Reranker(model, AMPLE).rerank(QUESTION, hits)
    logits = CrossEncoder(model, device="cpu").predict(
        [(QUESTION, f"{h.passage.title}\n{h.passage.text}") for h in hits],
        activation_fn=torch.nn.Identity(),
        show_progress_bar=False,
    )
    expected = OPINION_WEIGHT * (logits - logits.min()) / np.ptp(logits)
    opinion = {hit.passage.article_id: hit.score.opinion for hit in ranked}
    np.testing.assert_allclose([opinion[hit.passage.article_id] for hit in hits], expected, atol=1e-4)
    assert [hit.fused for hit in ranked] == sorted((hit.fused for hit in ranked), reverse=True)
    assert [hit.passage.article_id for hit in ranked] != [hit.passage.article_id for hit in hits]
    assert all(hit.score.time == 0.1 for hit in ranked)


def test_the_budget_decides_how_many_are_read_and_the_others_stay_below(
    model: str, hits: list[Hit], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch, cost=0.05)
    reranker = Reranker(model, 300)
    clock.now = clock.read = 0
    ranked = reranker.rerank(QUESTION, hits)
    assert clock.read == 6
    assert clock.now <= 0.3 + 1e-9
    assert {hit.passage.article_id for hit in ranked[:6]} == {hit.passage.article_id for hit in hits[:6]}
    assert ranked[6:] == hits[6:]


def test_a_machine_busier_than_at_opening_overruns_by_a_batch_at_most(
    model: str, hits: list[Hit], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch, cost=0.03)
    reranker = Reranker(model, 300)
    clock.now, clock.read, clock.cost = 0.0, 0, 0.09
    reranker.rerank(QUESTION, hits)
    assert clock.read == BATCH


def test_who_waits_longer_than_the_budget_keeps_the_order(model: str, hits: list[Hit]) -> None:
    reranker = Reranker(model, AMPLE)
    reranker._budget = 0.01
    with reranker._lock:
        assert reranker.rerank(QUESTION, hits) == hits


def test_threads_get_what_one_gets(model: str, hits: list[Hit]) -> None:
    reranker = Reranker(model, AMPLE)
    alone = reranker.rerank(QUESTION, hits)
    barrier = threading.Barrier(4)

    def ask(_: int) -> list[Hit]:
        barrier.wait()
        return reranker.rerank(QUESTION, hits)

    with ThreadPoolExecutor(4) as pool:
        assert all(ranked == alone for ranked in pool.map(ask, range(4)))


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_hits_need_no_opinion(model: str, hits: list[Hit], n: int) -> None:
    assert Reranker(model, AMPLE).rerank(QUESTION, hits[:n]) == hits[:n]


def test_a_model_too_slow_for_the_budget_is_refused_at_opening(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch, cost=0.2)
    with pytest.raises(PassageError, match="reranker_ms"):
        Reranker(model, 300)


def test_a_name_that_is_not_at_hand_is_refused_and_not_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("socket.socket.connect", refuse)
    for name in ("somebody/some-reranker", str(tmp_path / "nowhere")):
        with pytest.raises(PassageError, match="can't be used"):
            Reranker(name, AMPLE)


def test_a_broken_model_is_refused_at_opening(tmp_path: Path) -> None:
    weights = build_cross_encoder(tmp_path / "cut") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    (build_cross_encoder(tmp_path / "lost") / "model.safetensors").unlink()
    (build_cross_encoder(tmp_path / "garbled") / "config.json").write_text("{")
    (tmp_path / "empty").mkdir()
    for tokenizer_file in build_cross_encoder(tmp_path / "mute").glob("*token*"):
        tokenizer_file.unlink()
    for name in ("cut", "lost", "garbled", "empty", "mute"):
        with pytest.raises(PassageError, match=name) as caught:
            Reranker(str(tmp_path / name), AMPLE)
        assert "reranker" in caught.value.hint


def test_a_model_that_does_not_rank_is_refused(tmp_path: Path) -> None:
    build_cross_encoder(tmp_path / "three-way", labels=("a", "b", "c"))
    build_cross_encoder(tmp_path / "headless", kind=BertModel)
    for name, why in (("three-way", "3 scores"), ("headless", "no trained head")):
        with pytest.raises(PassageError, match=why):
            Reranker(str(tmp_path / name), AMPLE)
