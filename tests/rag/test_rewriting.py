"""A model says a follow-up in full; what is slow, fails, or says something else is left out."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from corpus import load_settings
from rag.answer import Turn
from rag.assistant import Assistant
from rag.conversation import REWRITE, understand, with_rewrite
from rag.retrieval import Retrieval
from rag.rewriting import checked

HISTORY = [
    Turn(role="user", content="What did the court in Lindholm stop?"),
    Turn(role="assistant", content="A court in Lindholm stopped the transfer of asylum seekers to Gull Island. [1]"),
]
FOLLOW_UP = "And how long does it have to appeal?"
IN_FULL = "How long does the court in Lindholm have to appeal?"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (IN_FULL, IN_FULL),
        (f"Rewritten: {IN_FULL}\nReader: no", IN_FULL),
        (f'  "{IN_FULL}"', IN_FULL),
        (f"{IN_FULL} The court in Lindholm has 21 days.", IN_FULL),
        ("", ""),
        ("The government has 21 days.", ""),  # an answer
        (FOLLOW_UP, ""),  # adds nothing
        ("How many ferries did Westhaven buy in Norway for appeal?", ""),  # of another conversation
        ("What is the transfer of asylum seekers to Gull Island?", ""),  # nothing of what was asked is left
        ("How long " + "the court in Lindholm " * 40 + "have to appeal?", ""),
    ],
)  # fmt: skip
def test_a_rewrite_has_the_question_and_the_conversation_and_nothing_else(said, expected):
    assert checked(said, FOLLOW_UP, HISTORY) == expected


def test_it_takes_its_share_of_the_blend():
    alone = understand("q", (), lambda _: np.ones(1, np.float32))
    blended = with_rewrite(alone, IN_FULL)
    assert [(query.text, query.weight) for query in blended.queries] == [("q", 1 - REWRITE), (IN_FULL, REWRITE)]
    assert with_rewrite(alone, "") is alone


@pytest.fixture
def open_with(index, data, model_server) -> Iterator:
    index.close()
    opened: list[Assistant] = []

    def start(script, **settings):
        server = model_server(script)
        values = server.settings | {"writer": "extractive", "rewrite_ms": 60_000} | settings
        opened.append(Assistant.open(data, load_settings(data=data, **values)))
        return opened[-1], server

    yield start
    for assistant in opened:
        assistant.close()


@pytest.mark.slow
class TestInRetrieval:
    """Through the real retriever, the model behind HTTP."""

    def scores(self, retrieve: Assistant | Retrieval, history=HISTORY, question=FOLLOW_UP) -> list[float]:
        search = retrieve.search if isinstance(retrieve, Assistant) else retrieve
        return [hit.fused for hit in search(question, history, date(2024, 6, 1)).hits]

    def test_a_follow_up_is_retrieved_with_its_rewrite(self, open_with):
        assistant, server = open_with(lambda _: [IN_FULL])
        assert self.scores(assistant) != self.scores(Retrieval(assistant.index))
        assert "What did the court in Lindholm stop?" in server.prompt(0)

    def test_a_question_that_stands_alone_asks_no_model(self, open_with):
        assistant, server = open_with(lambda _: [IN_FULL])
        self.scores(assistant, history=())
        self.scores(assistant, question="How many seasonal visas does the Ministry of Labour grant in 2024?")
        assert server.requests == []

    def test_it_can_be_turned_off(self, open_with):
        assistant, server = open_with(lambda _: [IN_FULL], rewrite_ms=0)
        self.scores(assistant)
        assert server.requests == []

    @pytest.mark.parametrize("said", [[500], [""], ["It has 21 days."], [b"data: {garbage\n\n"], ["word " * 2000]])
    def test_trouble_leaves_it_out(self, open_with, said):
        assistant, server = open_with(lambda _: said)
        assert self.scores(assistant) == self.scores(Retrieval(assistant.index))
        assert len(server.requests) == 1

    def test_a_slow_model_costs_its_budget(self, open_with):
        def script(_):
            yield "How long "
            server.over.wait()

        assistant, server = open_with(script, rewrite_ms=200)
        answer = assistant.ask(FOLLOW_UP, HISTORY, "2024-06-01")
        assert answer.timings_ms["retrieve"] < 10_000
        assert answer.model == "extractive"
