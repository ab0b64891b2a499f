"""How much a question relies on its conversation, and what it takes over from it."""

from __future__ import annotations

import numpy as np
import pytest

from rag.answer import Turn
from rag.conversation import context_of, understand
from rag.embedding import SentenceTransformerEmbedding

ASKED = ["How many permits did the harbour office issue in 2023?"]


@pytest.mark.parametrize("question", ["and in 2022?", "why?", "what about seasonal workers?", "Who got them there?"])
def test_a_question_that_points_back_takes_over_the_one_before(question: str) -> None:
    assert "permits did the harbour office issue" in context_of(question, ASKED)


def test_a_year_replaces_the_year_asked_about_before() -> None:
    assert "2023" not in context_of("and in 2022?", ASKED)
    assert "2023" in context_of("why?", ASKED)


def test_a_chain_of_follow_ups_leads_back_to_its_beginning() -> None:
    assert "harbour office" in context_of("and women?", [*ASKED, "and in 2022?"])


def test_a_full_question_takes_over_nothing() -> None:
    assert context_of("How much does a visa for seasonal farm workers cost in Lindholm?", ASKED) == ""


def embed_with(embedding: SentenceTransformerEmbedding):
    return lambda text: np.array(embedding.get_query_embedding(text), np.float32)


@pytest.mark.slow
def test_a_new_topic_is_not_dragged_back(embedding: SentenceTransformerEmbedding) -> None:
    history = [Turn(role="user", content=ASKED[0]), Turn(role="assistant", content="It issued 1,977 permits.")]
    question = "Which court stopped the transfer of asylum seekers to Gull Island camp?"
    understood = understand(question, history, embed_with(embedding))
    assert understood.context == ""
    assert understood.queries[0].text == question
    assert understood.queries[0].weight > 0.8


@pytest.mark.slow
def test_a_follow_up_is_retrieved_with_its_conversation(embedding: SentenceTransformerEmbedding) -> None:
    history = [Turn(role="user", content=ASKED[0]), Turn(role="assistant", content="It issued 1,977 permits.")]
    understood = understand("and in 2022?", history, embed_with(embedding))
    assert [round(query.weight, 2) for query in understood.queries] == [0.5, 0.3, 0.2]
    assert np.linalg.norm(understood.vector) == pytest.approx(1, abs=1e-5)
    assert sum(query.weight for query in understood.queries) == pytest.approx(1)


@pytest.mark.slow
def test_without_a_conversation_the_question_is_all(embedding: SentenceTransformerEmbedding) -> None:
    understood = understand("and in 2022?", [], embed_with(embedding))
    assert [query.weight for query in understood.queries] == [1.0]
