"""The conversation as Gradio serves it: queued, streamed, and stopped when the reader leaves.

The page is our own, on Gradio's engine: its queue, its limits, its stream of events and its clients.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Generator, Iterator
from typing import Any

import gradio as gr

from corpus.errors import InputError, PassageError
from rag.answer import Answer, Sentence
from ui.admission import PARALLEL, WAITING
from ui.web.languages import DEFAULT, LANGUAGES, Language, load_language
from ui.web.site import Site

SIGN_S = 0.5  # how often the engine hears from an answer on its way: only then does it notice who has left
_log = logging.getLogger(__name__)


def build_chat(site: Site) -> gr.Blocks:
    """Gradio's engine with one endpoint, `ask`."""

    def ask(question: str, history: list | None = None, options: dict | None = None) -> Iterator[dict]:
        """Answer a question about immigration news, sentence by sentence.

        Args:
            question: what a person asks.
            history: earlier turns, oldest first: {"role": "user" or "assistant", "content": "…"}.
            options: "since", "until" and "as_of" (YYYY-MM-DD), "outlet", "language" of the articles, "interface"
                (language of the labels).
        """
        yield from respond(site, question, history or [], options or {})

    with gr.Blocks(title="Passage", analytics_enabled=False, mode="server") as engine:
        gr.api(ask, api_name="ask", concurrency_limit=PARALLEL)
    return engine.queue(max_size=WAITING)


def respond(
    site: Site, question: str, history: list[dict[str, Any]], options: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """What a visitor sees of an answer as it arrives.

    Yields:
        `{"kind": "words", "html"}` as sentences come, `{"kind": "waiting"}` while none does; last `{"kind": "answer",
        "id", "html", "reply"}`, where `reply` is what the next question's history has, or `{"kind": "trouble",
        "words", "again"}`, where `again` says whether the same question may succeed later.
    """
    language = load_language(options["interface"] if options.get("interface") in LANGUAGES else DEFAULT)
    trouble = site.trouble_with(question)
    if trouble:
        yield _trouble(language, trouble, again=False, limit=language.number(site.max_chars))
        return
    try:
        with contextlib.closing(site.stream(question, history, options)) as pieces:
            answer = yield from _as_it_comes(pieces, site, language)
        logged = site.record(answer, history)
        html = site.pages.answer(logged, language)
    except InputError:
        yield _trouble(language, "trouble.dates", again=False)
    except PassageError as error:
        _log.warning("a question failed: %s", error)
        yield _trouble(language, "trouble.failed", again=True)
    except Exception:  # noqa: BLE001 - the web's outermost edge: a reader must not see a traceback
        _log.exception("a question failed")
        yield _trouble(language, "trouble.failed", again=True)
    else:
        yield {"kind": "answer", "id": logged.id, "html": html, "reply": answer.answer}


def _as_it_comes(
    pieces: Iterator[Sentence | Answer | None], site: Site, language: Language
) -> Generator[dict[str, Any], None, Answer]:
    """Yields what is to be shown of an answer while it is put together; returns the answer."""
    shown: list[Sentence] = []
    last = time.monotonic()
    for piece in pieces:
        if isinstance(piece, Answer):
            return piece
        if piece is not None:
            shown.append(piece)
            yield {"kind": "words", "html": site.pages.sentences(shown, language)}
        elif time.monotonic() - last >= SIGN_S:
            yield {"kind": "waiting"}
        else:
            continue
        last = time.monotonic()
    raise RuntimeError("the stream had no answer")


def _trouble(language: Language, key: str, again: bool, **values: str) -> dict[str, Any]:
    return {"kind": "trouble", "words": language.text(key, **values), "again": again}
