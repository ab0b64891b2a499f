"""The conversation as Gradio serves it: queued, streamed, and stopped when the reader leaves.

The page is our own, on Gradio's engine: its queue, its limits, its stream of events and its clients.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr

from corpus.errors import InputError, PassageError
from ui.web.languages import DEFAULT, LANGUAGES, Language, load_language
from ui.web.site import Site

PARALLEL = 4  # questions worked on at once; the model itself answers one at a time
WAITING = 200  # questions in the queue; who comes later is told to try again rather than left waiting
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
        `{"kind": "words", "html"}` as sentences come; last `{"kind": "answer", "id", "html", "reply"}`, where
        `reply` is what the next question's history has, or `{"kind": "trouble", "words", "again"}`, where `again`
        says whether the same question may succeed later.
    """
    language = load_language(options["interface"] if options.get("interface") in LANGUAGES else DEFAULT)
    trouble = site.trouble_with(question)
    if trouble:
        yield _trouble(language, trouble, again=False, limit=language.number(site.max_chars))
        return
    try:
        answer = site.ask(question, history, options)
        for shown in range(1, len(answer.sentences) + 1):
            yield {"kind": "words", "html": site.pages.sentences(answer, shown, language)}
        logged = site.record(answer)
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


def _trouble(language: Language, key: str, again: bool, **values: str) -> dict[str, Any]:
    return {"kind": "trouble", "words": language.text(key, **values), "again": again}
