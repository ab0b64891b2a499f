"""The web server: the public's pages and Gradio's engine on one FastAPI app."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import InputError, NotFoundError, PassageError
from rag.assistant import Assistant
from ui.chat import build_chat
from ui.web.answer_log import SQLiteAnswerLog
from ui.web.pages import STATIC
from ui.web.routes import base_of, language_of, public_routes
from ui.web.site import Site

ENGINE = "/gradio"
_FOREVER = "public, max-age=31536000, immutable"  # a static file's address changes with its content
# Nothing runs or loads that this server didn't send as a file of its own, whatever an article may hold.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_NO_FILES = 1  # byte: Gradio takes uploads from anybody, and nothing here reads one
_ROBOTS = "User-agent: *\nDisallow: /a/\n"  # an answer is for those who have its link
_log = logging.getLogger(__name__)


def create_app(site: Site) -> FastAPI:
    """The web application."""
    app = FastAPI(title="Passage", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(_Headers)
    _handle_errors(app, site)

    @app.get("/healthz")
    def health() -> dict[str, str]:
        """Whether the server answers."""
        return {"status": "ok"}

    @app.get("/robots.txt")
    def robots() -> PlainTextResponse:
        """What crawlers may read."""
        return PlainTextResponse(_ROBOTS)

    @app.get(ENGINE)
    @app.get(f"{ENGINE}/")
    def engine() -> RedirectResponse:
        """The engine has no page of its own."""
        return RedirectResponse("/")

    app.include_router(public_routes(site))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return gr.mount_gradio_app(app, build_chat(site), path=ENGINE, max_file_size=_NO_FILES)


def serve(assistant: Assistant, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until interrupted; answers are kept in the assistant's data folder.

    Args:
        assistant: what answers.
        host: address to listen on.
        port: port to listen on.
        ready: called when everything is warm, just before the server listens.

    Raises:
        PassageError: the port is taken or the address isn't this machine's.
        StoreError: the answer log can't be used.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PassageError(
                f"Passage can't listen on {host}:{port}: {error.strerror}.", "Give another port with --port."
            ) from None
    with contextlib.closing(SQLiteAnswerLog(assistant.index.settings.data)) as log:
        site = Site.over(assistant, log)
        site.warm_up()
        ready()
        uvicorn.run(create_app(site), host=host, port=port, log_level="warning")


class _Headers:
    """Adds the security headers to every response, and lets browsers keep static files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                if scope["path"].startswith("/static/") and scope.get("query_string"):
                    headers["Cache-Control"] = _FOREVER
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _handle_errors(app: FastAPI, site: Site) -> None:
    """Show every error as a page in the visitor's language, or as JSON to a script."""

    def trouble(request: Request, status: int, heading: str, words: str) -> Response:
        language = language_of(request)
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": language.text(words)}, status)
        page = site.pages.page(
            "trouble.html",
            language,
            base=base_of(request),
            section="",
            heading=language.text(heading),
            words=language.text(words),
        )
        return Response(page, status, media_type="text/html")

    def not_found(request: Request) -> Response:
        return trouble(request, 404, "trouble.not_found", "trouble.not_found.words")

    def failed(request: Request, status: int) -> Response:
        return trouble(request, status, "trouble.heading", "trouble.failed")

    @app.exception_handler(PassageError)
    def on_passage_error(request: Request, error: PassageError) -> Response:
        if isinstance(error, NotFoundError):
            return not_found(request)
        if not isinstance(error, InputError):
            _log.warning("%s failed: %s", request.url.path, error)
        return failed(request, 422 if isinstance(error, InputError) else 503)

    @app.exception_handler(RequestValidationError)
    def on_invalid(request: Request, error: RequestValidationError) -> Response:
        return failed(request, 422)

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        return not_found(request) if error.status_code == 404 else failed(request, error.status_code)

    @app.exception_handler(Exception)
    def on_defect(request: Request, error: Exception) -> Response:
        return failed(request, 500)  # uvicorn logs it
