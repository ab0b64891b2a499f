import numpy as np
import pytest

from rag.confidence import CONFIDENCE_WEIGHTS, EVIDENCE, confidence
from rag.index import Index
from rag.linear import load_model
from rag.retriever import HybridRetriever, WeightedQuery
from rag.selection import LinearSelector, Question


def certainty(index: Index, question: str) -> float:
    asked = Question(question, np.array(index.embedding.get_query_embedding(question), np.float32))
    hits = HybridRetriever(index).search([WeightedQuery(question, 1.0)])
    return confidence(asked, LinearSelector(index.passages).select(asked, hits))


@pytest.mark.parametrize(
    "question",
    [
        "How many passengers asked for refunds?",
        "When did the ferry office in Westhaven reopen?",
        "Who found that the camp on Gull Island had no doctor?",
        "How many visas had farm owners asked for?",
    ],
)
def test_what_the_articles_say_is_answered(index: Index, question: str) -> None:
    assert certainty(index, question) >= 0.5


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Mongolia?",
        "How long do I boil an egg?",
        "Who won the world cup in 1998?",
        "When was the telephone invented?",
    ],
)
def test_what_they_have_nothing_about_is_refused(index: Index, question: str) -> None:
    assert certainty(index, question) < 0.3


def test_nothing_found_is_no_answer() -> None:
    assert confidence(Question("Who?", np.zeros(384, np.float32)), []) == 0


def test_the_weights_come_with_their_report() -> None:
    report = load_model(CONFIDENCE_WEIGHTS, EVIDENCE).report
    assert report["edited prose"]["AUROC"] > 0.9
    assert report["calibration error"] < 0.1
    assert report["data"]
