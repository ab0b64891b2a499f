"""A GGUF file as a language model in this process, through llama.cpp (xllamacpp)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from llama_index.core.llms import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
)
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from pydantic import PrivateAttr

from corpus.errors import SettingsError

_MAGIC = b"GGUF"
_CONTEXT = 4096  # tokens: the sources of an answer are about 1,500, what is written at most 512
_CLOSE_S = 10.0  # how long closing waits for what still computes; a token takes milliseconds, a prompt seconds
_SILENT = -1  # llama.cpp's verbosity
_SEED = 1


class GGUFError(RuntimeError):
    """llama.cpp refused a request."""


class GGUF(CustomLLM):
    """A model from a file. One text at a time is computed, others wait; safe to use from several threads.

    The model's own chat template puts the messages together. Decoding is greedy unless a call says otherwise, so that
    the same question gets the same answer.
    """

    model_name: str
    max_tokens: int = 512
    _server: Any = PrivateAttr()
    _running: set[threading.Thread] = PrivateAttr(default_factory=set)
    _closing: threading.Event = PrivateAttr(default_factory=threading.Event)
    _starting: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, path: Path, threads: int = 0, **values: Any) -> None:
        """Load the model.

        Args:
            path: the file.
            threads: that compute; 0 for one a core.
            values: other fields of LlamaIndex's model.

        Raises:
            SettingsError: the file isn't a model that can be used, or xllamacpp isn't installed.
        """
        super().__init__(model_name=path.stem, **values)
        self._server = _load(path, threads)
        try:
            for _ in self._deltas([ChatMessage(role="user", content="Hello")], max_tokens=1):
                pass  # an unused server can't be ended, and a model without a chat template shows here
        except GGUFError as error:
            raise SettingsError(f"The model in {path} can't be used: {error}.") from None

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex wants to know."""
        return LLMMetadata(
            context_window=_CONTEXT, num_output=self.max_tokens, is_chat_model=True, model_name=self.model_name
        )

    def close(self) -> None:
        """End what is being written and free the model. llama.cpp must not be computing when the process ends."""
        with self._starting:
            self._closing.set()
            running = list(self._running)
        for thread in running:
            thread.join(_CLOSE_S)
        if not self._running:
            self._server = None

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The whole reply."""
        return _reply("".join(self._deltas(messages, **kwargs)))

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The reply as it is written; closing the generator ends the writing."""

        def replies() -> ChatResponseGen:
            text = ""
            for delta in self._deltas(messages, **kwargs):
                text += delta
                yield _reply(text, delta)

        return replies()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """The whole reply to a prompt, which becomes a user's message."""
        return CompletionResponse(text="".join(self._deltas([ChatMessage(role="user", content=prompt)], **kwargs)))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """As `stream_chat`."""

        def replies() -> CompletionResponseGen:
            text = ""
            for delta in self._deltas([ChatMessage(role="user", content=prompt)], **kwargs):
                text += delta
                yield CompletionResponse(text=text, delta=delta)

        return replies()

    def _deltas(self, messages: Sequence[ChatMessage], **kwargs: Any) -> Iterator[str]:
        """What llama.cpp writes, as it comes; it calls back from a thread that this generator reads from.

        Raises:
            GGUFError: llama.cpp refused, or the model was closed.
        """
        request = {
            "messages": [{"role": message.role.value, "content": message.content or ""} for message in messages],
            "stream": True,
            "temperature": 0.0,
            "seed": _SEED,
            "max_tokens": self.max_tokens,
        } | kwargs
        chunks: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        enough = threading.Event()

        def take(chunk: dict[str, Any]) -> bool:
            chunks.put(chunk)
            return enough.is_set() or self._closing.is_set()

        def compute() -> None:
            try:
                self._server.handle_chat_completions(request, take)
            finally:
                with self._starting:
                    self._running.discard(threading.current_thread())
                chunks.put(None)

        thread = threading.Thread(target=compute, name="gguf", daemon=True)
        with self._starting:
            if self._closing.is_set():
                raise GGUFError("the model is closed")
            thread.start()
            self._running.add(thread)
        try:
            while (chunk := chunks.get()) is not None:
                if "error" in chunk:
                    raise GGUFError(str(chunk["error"].get("message", chunk["error"])))
                for choice in chunk["choices"]:
                    if words := choice["delta"].get("content"):
                        yield words
        finally:
            enough.set()


def _reply(text: str, delta: str | None = None) -> ChatResponse:
    return ChatResponse(message=ChatMessage(role="assistant", content=text), delta=delta)


def _load(path: Path, threads: int) -> Any:
    try:
        import xllamacpp
    except ImportError:
        raise SettingsError(
            "llm_gguf needs the package xllamacpp, which isn't installed.", "Install it: pip install 'passage[gguf]'."
        ) from None
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise SettingsError(f"The model {path} can't be read: {error.strerror}.", "Check llm_gguf.") from None
    if magic != _MAGIC:
        raise SettingsError(f"{path} isn't a GGUF file.", "Set llm_gguf to one.")
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = _CONTEXT
    params.n_parallel = 1
    params.verbosity = _SILENT
    # It also listens on a port of this machine, which nobody else is to use.
    params.api_keys = [secrets.token_urlsafe()]
    if threads:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    try:
        return xllamacpp.Server(params)
    except RuntimeError:
        raise SettingsError(
            f"The model in {path} can't be loaded.", "It may be damaged, or newer than the installed xllamacpp."
        ) from None
