"""The reader that comes with the project: what it makes of sentences that answer and that don't."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.cross_encoder import NOTHING_READ, int8_pays
from rag.places import Extract
from rag.reader import READER_WEIGHTS, Reader

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
    points = json.loads(READER_WEIGHTS.with_suffix(".json").read_text())["mean of"]
    assert len(points) == 3
    for report in (point["report"] for point in points if point["report"]):
        assert len(report["data"]) >= 3
        assert isinstance(report["seed"], int)
        assert all(figures["AUROC"] > 0.5 for figures in report["on held-out questions"].values())
