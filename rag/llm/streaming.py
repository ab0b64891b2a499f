"""A language model's words as they come, within a time budget, from a thread of their own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Any

from llama_index.core.llms import LLM, ChatMessage

_log = logging.getLogger(__name__)

TICK_S = 0.25  # how long a reader waits at most before it may decide to stop


class LLMError(Exception):
    """A language model failed; it is never shown to a reader, who gets what can be had without one."""


class OutOfTimeError(LLMError):
    """The time budget is over."""


def stream_words(llm: LLM, messages: Sequence[ChatMessage], seconds: float, **options: Any) -> Iterator[str]:
    """What `llm` replies, in pieces as they come; "" while nothing comes, so that the reader may stop.

    The model is read in a thread, since nothing can interrupt a call that waits for a server. Closing the iterator,
    or the end of the budget, ends the reply: at the model's next word, or when the connection times out.

    Args:
        llm: the model.
        messages: what it is told.
        seconds: time budget from the first request on, waiting for other replies included.
        options: of this call, as the model's own API names them.

    Raises:
        OutOfTimeError: the budget is over before the reply.
        LLMError: the model failed.
    """
    pieces: SimpleQueue[str | Exception | None] = SimpleQueue()
    enough = threading.Event()

    def read() -> None:
        end: Exception | None = None
        try:
            replies = llm.stream_chat(messages, **options)
            for reply in replies:
                pieces.put(reply.delta or "")
                if enough.is_set():
                    break
            replies.close()  # it lets go of what it holds open
        except Exception as error:  # noqa: BLE001 - every class of model has errors of its own
            end = error
        pieces.put(end)

    deadline = time.monotonic() + seconds
    threading.Thread(target=read, name="llm", daemon=True).start()
    try:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise OutOfTimeError(f"nothing more came within {seconds:g} s")
            try:
                piece = pieces.get(timeout=min(left, TICK_S))
            except Empty:
                piece = ""
            if piece is None:
                return
            if isinstance(piece, Exception):
                # What a server says may hold the key that it refused: it goes no further than the debug log.
                _log.debug("The language model failed.", exc_info=piece)
                status = getattr(piece, "status_code", None)
                raise LLMError(" ".join(filter(None, [type(piece).__name__, status and str(status)]))) from None
            yield piece
    finally:
        enough.set()
