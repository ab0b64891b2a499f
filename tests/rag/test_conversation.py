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


def test_few_but_telling_words_stand_alone() -> None:
    assert context_of("Why is Panama annoyed with Colombia?", ASKED) == ""


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
    question, in_full, answer = understood.queries
    assert question.text == "and in 2022?"
    assert in_full.text == "How many permits did the harbour office issue in ? and in 2022?"
    assert answer.text == "It issued 1,977 permits."
    assert 0.3 < question.weight < 0.5  # it says next to nothing by itself
    assert in_full.weight > answer.weight > 0.2
    assert np.linalg.norm(understood.vector) == pytest.approx(1, abs=1e-5)
    assert sum(query.weight for query in understood.queries) == pytest.approx(1)


@pytest.mark.slow
def test_without_a_conversation_the_question_is_all(embedding: SentenceTransformerEmbedding) -> None:
    understood = understand("and in 2022?", [], embed_with(embedding))
    assert [query.weight for query in understood.queries] == [1.0]


STRANGERS = [
    Turn(role="user", content="Which baker in Lindholm makes the best rye bread?"),
    Turn(role="assistant", content="Hanne Birk's bakery won the prize for rye bread four times."),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    [
        "Why is Panama annoyed with Colombia?",
        "How come the statistics office had to raise its numbers for net migration?",
        "Which Huguenot family built one of the first arms factories?",
    ],
)
def test_a_conversation_about_something_else_counts_for_nothing(
    embedding: SentenceTransformerEmbedding, question: str
) -> None:
    understood = understand(question, STRANGERS, embed_with(embedding))
    assert understood.context == ""
    assert understood.queries[0].weight > 0.9


@pytest.mark.slow
@pytest.mark.parametrize(
    "question", ["hmm when was it last used before this?", "so how quickly did it go through?", "who said that?"]
)
def test_a_question_that_says_little_relies_on_any_conversation(
    embedding: SentenceTransformerEmbedding, question: str
) -> None:
    understood = understand(question, STRANGERS, embed_with(embedding))
    assert STRANGERS[0].content in understood.context
    assert understood.queries[0].weight < 0.6


@pytest.mark.slow
def test_how_much_a_question_says_depends_on_the_corpus(embedding: SentenceTransformerEmbedding) -> None:
    question, embed = "Which bakery do inspectors blame?", embed_with(embedding)
    rare = understand(question, STRANGERS, embed, lambda text: 20.0)
    common = understand(question, STRANGERS, embed, lambda text: 4.0)
    assert rare.queries[0].weight > common.queries[0].weight
