"""Each feature of sentence selection, and the reader, off in turn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus import load_settings
from eval.ablation.selection import MEASURES, ablate_selection, variants
from eval.datasets import Benchmark
from rag.features import NAMES
from rag.selection import READING_SHARE

QUERIES = [
    {"_id": "fee", "text": "What does the permit for the ferry cost?", "metadata": {"answers": ["40 crowns"]}},
    {"_id": "none", "text": "Who won the regatta?", "metadata": {"answerable": False}},
]
TEXT = (
    "The ferry to Gull Island needs a permit from May. The port has had three ferries since 1990."
    " The permit for the ferry costs 40 crowns. Fishermen go free."
)


def test_what_is_off_is_left_out_of_the_sum() -> None:
    made = variants()
    assert list(made)[:3] == ["everything on", "without the reader", "cosine alone"]
    assert list(made)[3:] == [f"without {name}" for name in NAMES]
    parts, readings = np.eye(len(NAMES))[:2] * 3, np.array([1.0, -1.0])
    assert made["everything on"](parts, readings).tolist() == [3 + READING_SHARE, 3 - READING_SHARE]
    assert made["without the reader"](parts, readings).tolist() == [3, 3]
    assert made[f"without {NAMES[1]}"](parts, readings).tolist() == [3 + READING_SHARE, -READING_SHARE]
    assert made["cosine alone"](parts, readings).tolist() == [3, 0]


@pytest.mark.slow
def test_questions_with_known_answers_are_measured(make_folder, tmp_path: Path) -> None:
    corpus = [{"_id": "ferry", "title": "Ferry permits", "text": TEXT, "published": "2024-05-01"}]
    folder = make_folder(corpus, QUERIES, ["query-id\tcorpus-id\tscore", "fee\tferry\t1"])
    group = ablate_selection(Benchmark(folder), load_settings(), tmp_path / "cache")
    assert group is not None
    assert (group.n, dict(group.whole)) == (1, dict.fromkeys(MEASURES, 1.0))
    assert {effect.name for effect in group.effects} == set(variants()) - {"everything on"}
    losses = [effect.differences["answer in top 1"].difference for effect in group.effects]
    assert losses == sorted(losses)


@pytest.mark.slow
def test_without_known_answers_there_is_nothing_to_measure(make_folder, tmp_path: Path) -> None:
    corpus = [{"_id": "ferry", "title": "Ferry permits", "text": TEXT, "published": "2024-05-01"}]
    folder = make_folder(corpus, QUERIES[1:], ["query-id\tcorpus-id\tscore"])
    assert ablate_selection(Benchmark(folder), load_settings(), tmp_path / "cache") is None
