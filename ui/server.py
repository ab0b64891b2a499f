"""The web server: the chat on a FastAPI app."""

from __future__ import annotations

import socket

import gradio as gr
import uvicorn
from fastapi import FastAPI

from corpus.errors import PassageError
from rag.assistant import Assistant
from ui.chat import CSS, THEME, build_chat

PARALLEL = 4  # questions worked on at once; the model itself answers one at a time


def create_app(assistant: Assistant) -> FastAPI:
    """The web application over an opened assistant."""
    app = FastAPI(title="Passage", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def health() -> dict[str, str]:
        """Whether the server answers."""
        return {"status": "ok"}

    page = build_chat(assistant).queue(default_concurrency_limit=PARALLEL)
    return gr.mount_gradio_app(app, page, path="/", theme=THEME, css=CSS, footer_links=[])


def serve(assistant: Assistant, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        PassageError: the port is taken or the address isn't this machine's.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PassageError(
                f"Passage can't listen on {host}:{port}: {error.strerror}.", "Give another port with --port."
            ) from None
    uvicorn.run(create_app(assistant), host=host, port=port, log_level="warning")
