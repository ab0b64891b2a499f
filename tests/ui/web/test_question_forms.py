"""Questions made of an article's sentences."""

import pytest

from corpus import Article
from corpus.store import ArticleStore
from ui.web.question_forms import article_questions


def questions(store: ArticleStore, text: str, **values: object) -> list[str]:
    store.upsert([Article(id="a", title="", text=text, **values)])
    return list(article_questions(store.get("a")))


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "About 42,800 people crossed the Grey Strait in 2023, the port said.",
            "How many people crossed the Grey Strait in 2023?",
        ),
        ("Some 69 percent of the passengers were from Oakmere.", "What share of the passengers were from Oakmere?"),
        (
            "In 2023, Westhaven officers issued more than 1,977 permits, ten times as many as before.",
            "How many permits did Westhaven officers issue in 2023?",
        ),
        ("The Oakmere Treaty was signed on 5 December 2002.", "When was the Oakmere Treaty signed?"),
        ("On Monday the Supreme Court ruled that Oakmere must pay.", "What did the Supreme Court decide?"),
        (
            "Immigration Minister Paolo Renzi said that farms need help.",
            "What did Immigration Minister Paolo Renzi say?",
        ),
    ],
)
def test_a_sentence_becomes_the_question_that_it_answers(store, sentence, question):
    assert questions(store, sentence)[0] == question


@pytest.mark.parametrize(
    "sentence",
    [
        "About 80 of them were released in Oakmere.",
        "It was signed in Oakmere on 5 December 2002.",
        "More than 500 people were fined.",  # where? nothing in it has a name
        "About 25 or 72 percent counted Oakmere.",
        "The weather in Oakmere was fine.",
    ],
)
def test_what_says_nothing_on_its_own_is_not_asked(store, sentence):
    assert questions(store, sentence) == []


def test_topics_take_the_article_that_the_text_gives_them(store):
    asked = questions(
        store,
        "Oakmere joined the Harbour Pact. The Harbour Pact has nine members, and day permits are free.",
        metadata={"topics": ["Harbour Pact", "day permits"]},
    )
    assert asked == ["What is the latest on the Harbour Pact?", "What is the latest on day permits?"]


def test_topics_of_an_odd_source_are_left_alone(store):
    assert questions(store, "Rain.", metadata={"topics": "asylum"}) == []
