import numpy as np
import pytest

from rag.features import NAMES
from rag.index import Index
from rag.linear import LinearModel, Weight, load_model
from rag.retriever import HybridRetriever, WeightedQuery
from rag.selection import SELECTION_WEIGHTS, Candidate, LinearSelector, Question


def select(index: Index, question: str) -> list[Candidate]:
    vector = np.array(index.embedding.get_query_embedding(question), np.float32)
    hits = HybridRetriever(index).search([WeightedQuery(question, 1.0)])
    return LinearSelector(index.passages).select(Question(question, vector), hits)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many passengers asked for refunds?", "412"),
        ("What does a permit cost?", "18 crowns"),
        ("Who found that the camp had no doctor?", "Amara Diallo"),
        ("When do applications open?", "1 February 2024"),
        ("How long does the government have to appeal?", "21 days"),
        ("Where was the transfer of asylum seekers stopped?", "Lindholm"),
    ],
)
def test_the_sentence_that_answers_comes_first(index: Index, question: str, answer: str) -> None:
    assert answer in select(index, question)[0].text


def test_candidates_are_ranked_and_exact(index: Index) -> None:
    candidates = select(index, "How many visas did farm owners ask for?")
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
    for candidate in candidates:
        text = index.store.get(candidate.passage.article_id).text
        assert text[slice(*candidate.span)] == candidate.text
        assert candidate.features.shape == (len(NAMES),)


def test_nothing_retrieved_gives_no_candidate(index: Index) -> None:
    assert LinearSelector(index.passages).select(Question("Who?", np.zeros(384, np.float32)), []) == []


def test_the_weights_come_with_their_report() -> None:
    report = load_model(SELECTION_WEIGHTS, NAMES).report
    assert report["questions"] > 1000
    assert report["answer in top 3"] > report["by cosine alone"]["answer in top 3"]
    assert report["data"]
    assert isinstance(report["seed"], int)


def test_weights_of_other_features_are_refused(tmp_path) -> None:
    path = tmp_path / "weights.json"
    model = LinearModel(about="", intercept=0, features={"x": Weight(mean=0, scale=1, weight=1)}, report={})
    model.save(path)
    assert load_model(path, ("x",)) == model
    with pytest.raises(ValueError, match=r"other features .*y"):
        load_model(path, ("x", "y"))
