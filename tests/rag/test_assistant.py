"""From a question to a cited answer or a refusal, as every way in gets it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime

import pytest

from corpus import Article, load_settings
from corpus.errors import BusyError, InputError
from rag import Answer, Turn
from rag.assistant import Assistant
from rag.query_engine import PassageQueryEngine
from rag.verification import Verdict, quote_exists

pytestmark = pytest.mark.slow
FACTS = [
    ("How many seasonal visas are there for 2024?", "9,500", "visa"),
    ("Who is the minister that spoke about strawberries?", "Renzi", "visa"),
    ("How much does a day permit cost?", "18 crowns", "ferry"),
    ("What did Judge Amara Diallo find about the camp?", "no doctor", "court"),
]


@pytest.mark.parametrize(("question", "words", "article"), FACTS)
def test_a_fact_is_quoted_exactly(assistant: Assistant, question: str, words: str, article: str) -> None:
    answer = assistant.ask(question)
    assert words in answer.answer
    assert not answer.refused
    for citation in answer.citations:
        text = assistant.store.get(citation.article_id, citation.version).text
        assert text[citation.start : citation.end] == citation.quote
    assert answer.citations[0].article_id == article
    for sentence in answer.sentences:
        assert all(f"[{n}]" in answer.answer for n in sentence.citations)


@pytest.mark.parametrize("question", ["What is the capital of Mongolia?", "How do I bake bread?", "asdf qwer"])
def test_what_the_articles_do_not_say_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.refused
    assert answer.reason == "other_domain"
    assert not answer.citations
    assert not answer.sentences
    assert answer.nearest
    assert "[1]" not in answer.answer


def test_the_contract_is_the_same_json_for_every_way_in(assistant: Assistant) -> None:
    values = json.loads(assistant.ask("How much does a day permit cost?", as_of="2024-05-01").model_dump_json())
    assert set(values) == {
        "question", "answer", "refused", "reason", "sentences", "citations", "notes", "nearest", "confidence",
        "as_of", "model", "settings", "reviewed_on", "trace", "timings_ms",
    }  # fmt: skip
    assert set(values["citations"][0]) == {
        "n", "article_id", "version", "title", "source", "url", "published", "quote", "also", "start", "end",
    }  # fmt: skip
    assert set(values["sentences"][0]) == {"text", "citations", "support"}
    assert values["as_of"] == "2024-05-01"
    assert values["model"] == "extractive"
    assert values["timings_ms"]["total"] > 0


def test_a_follow_up_is_understood_from_its_conversation(assistant: Assistant) -> None:
    history = [
        {"role": "user", "content": "What did the court in Lindholm decide?"},
        {"role": "assistant", "content": "It stopped the transfer of asylum seekers to the camp on Gull Island."},
    ]
    answer = assistant.ask("How many days does the government have to appeal?", history)
    assert "21 days" in answer.answer


def test_today_is_the_day_unless_another_is_given(assistant: Assistant) -> None:
    assert assistant.ask("permit").as_of == datetime.now(UTC).date()
    assert assistant.ask("permit", as_of=date(2024, 3, 5)).as_of == date(2024, 3, 5)


@pytest.mark.parametrize("question", ["", "   \n ", "x" * 1001, "​"])
def test_a_question_that_cannot_be_used_is_an_error_that_helps(assistant: Assistant, question: str) -> None:
    with pytest.raises(InputError) as error:
        assistant.ask(question)
    assert error.value.hint


@pytest.mark.parametrize("history", [[{"role": "boss", "content": "x"}], [3], [{"content": "x"}], 7])
def test_a_history_that_cannot_be_read_is_an_error(assistant: Assistant, history: object) -> None:
    with pytest.raises(InputError, match="history"):
        assistant.ask("permit", history)


def test_a_day_that_cannot_be_read_is_an_error(assistant: Assistant) -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        assistant.ask("permit", as_of="the day after")


def test_a_second_owner_is_told_who_holds_the_folder(assistant: Assistant, data) -> None:
    with pytest.raises(BusyError, match="in use by"):
        Assistant.open(data)


def test_the_folder_is_free_again_after_closing(assistant: Assistant, data) -> None:
    assistant.close()
    with Assistant.open(data) as again:
        assert not again.ask("How much does a day permit cost?").refused


def test_an_empty_folder_refuses_and_says_so(data) -> None:
    with Assistant.open(data) as empty:
        answer = empty.ask("How much does a day permit cost?")
    assert answer.refused
    assert answer.reason == "nothing_indexed"


def test_several_threads_get_the_answers_they_would_get_alone(assistant: Assistant) -> None:
    alone = {question: assistant.ask(question).answer for question, *_ in FACTS}
    found: list[tuple[str, str]] = []

    def work() -> None:
        found.extend((question, assistant.ask(question).answer) for question in alone)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(list(alone.items()) * 4)


def test_words_changed_since_are_not_quoted_from_the_new_version(assistant: Assistant, articles) -> None:
    before = assistant.ask("How much does a day permit cost?").citations[0]
    first = articles[0]
    assistant.store.upsert([Article(id=first.id, title=first.title, text="A permit now costs 25 crowns a day.")])
    assert quote_exists(before, assistant.store)  # the old version still resolves
    assistant.index.sync()
    after = assistant.ask("How much does a day permit cost?")
    assert "25 crowns" in after.answer
    assert after.citations[0].version == 2


def test_a_sentence_that_fails_verification_is_never_shown(assistant: Assistant) -> None:
    class Never:
        def verify(self, sentence: str, evidence: object) -> Verdict:
            return Verdict(False, 0.0)

    answer = PassageQueryEngine(assistant.index, verifier=Never()).answer("How much does a day permit cost?")
    assert answer.refused
    assert not answer.citations


def test_llama_index_gets_the_answer_with_its_sources(assistant: Assistant) -> None:
    response = assistant.engine.query("How much does a day permit cost?")
    assert "18 crowns" in str(response)
    assert response.source_nodes[0].node.metadata["article_id"] == "ferry"
    assert Answer.model_validate(response.metadata["answer"]).citations


def test_turns_can_be_given_as_models(assistant: Assistant) -> None:
    assert assistant.ask("permit price?", [Turn(role="user", content="ferry office")]) is not None


def test_the_threshold_of_refusing_is_a_setting(index, settings, data) -> None:
    index.close()
    with Assistant.open(data, load_settings(data=data, refuse_below=1.0)) as strict:
        assert strict.ask("How much does a day permit cost?").refused
