"""A language model behind an OpenAI-compatible endpoint: Ollama, vLLM, llama.cpp's server, any hosted one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import httpx
from llama_index.core.llms import ChatMessage, ChatResponseGen
from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]
from pydantic import PrivateAttr

from corpus.errors import SettingsError

_NO_KEY = "none"  # a client that is given no key would send OPENAI_API_KEY, which is another server's


class Endpoint(OpenAILike):
    """LlamaIndex's client that lets go of the connection as soon as a reply is no longer read.

    The openai package would hold it, and keep the server writing, until the garbage collector comes by.
    """

    _client_of_ours: httpx.Client = PrivateAttr()
    _opened: threading.local = PrivateAttr(default_factory=threading.local)

    def __init__(self, model: str, url: str, key: str, seconds: float) -> None:
        """A client; nothing is sent yet. A failed request isn't repeated: a reader is better served by the quotes.

        Args:
            model: the name that the server knows it by.
            url: the endpoint, such as `http://127.0.0.1:11434/v1`.
            key: API key; "" when the server asks for none.
            seconds: how long to wait for the server's next words.

        Raises:
            SettingsError: the URL can't be used.
        """
        client = httpx.Client(timeout=seconds, event_hooks={"response": [self._remember]})
        super().__init__(
            model=model,
            api_base=_checked(url),
            api_key=key or _NO_KEY,
            is_chat_model=True,
            temperature=0.0,
            timeout=seconds,
            max_retries=0,
            http_client=client,
        )
        self._client_of_ours = client

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The reply as it comes; closing the generator closes the connection."""

        def replies() -> ChatResponseGen:
            self._opened.response = None
            try:
                yield from super(Endpoint, self).stream_chat(messages, **kwargs)
            finally:
                if self._opened.response:
                    self._opened.response.close()

        return replies()

    def close(self) -> None:
        """Close all connections."""
        self._client_of_ours.close()

    def _remember(self, response: httpx.Response) -> None:
        self._opened.response = response


def _checked(url: str) -> str:
    try:
        usable = httpx.URL(url).scheme in {"http", "https"} and bool(httpx.URL(url).host)
    except httpx.InvalidURL:
        usable = False
    if not usable:
        raise SettingsError(f"llm_url isn't an address: {url!r}.", "It looks like http://127.0.0.1:11434/v1.")
    return url
