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
from ui.admission import Admission, Pace
from ui.answer_log.housekeeping import Housekeeping
from ui.answer_log.log import AnswerLog
from ui.body_limit import BodyLimit
from ui.chat import build_chat
from ui.staff.approval_keeping import ApprovalKeeping
from ui.staff.console import Console
from ui.staff.pages import STATIC as STAFF_STATIC
from ui.staff.pages import STATIC_URL as STAFF_STATIC_URL
from ui.staff.queue_groups import QueueKeeping
from ui.staff.routes import staff_routes
from ui.staff.security import HEADERS as STAFF_HEADERS
from ui.staff.trouble import concerns_staff, staff_trouble
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
# Longer than clients and proxies keep an idle connection: who closes first must not be us, for a request may be under
# way. At uvicorn's 5 s, which is httpx's own, one request in 2,000 of the load test met a closed connection.
_KEEP_ALIVE_S = 75
_log = logging.getLogger(__name__)


def create_app(site: Site, console: Console) -> FastAPI:
    """The web application: the pages with Gradio's engine."""
    return gr.mount_gradio_app(create_pages(site, console), build_chat(site), path=ENGINE, max_file_size=_NO_FILES)


def create_pages(site: Site, console: Console) -> FastAPI:
    """Everything but Gradio's engine."""
    app = FastAPI(title="Passage", docs_url=None, redoc_url=None, openapi_url=None)

    def refuse(request: Request, status: int, words: str, values: dict[str, str]) -> Response:
        return _trouble(site, request, status, words, **values)

    pace = Pace(site.assistant.index.settings.ask_per_minute)
    app.add_middleware(BodyLimit)
    app.add_middleware(Admission, pace=pace, engine=ENGINE, refuse=refuse)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(_Headers)
    app.state.console = console
    _handle_errors(app, site, console)

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
    app.include_router(staff_routes(console))
    app.mount(STAFF_STATIC_URL, StaticFiles(directory=STAFF_STATIC), name="staff static")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


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
    settings = assistant.index.settings
    with (
        contextlib.closing(AnswerLog.open(settings.data, settings)) as log,
        Housekeeping(log),
        QueueKeeping(log.database),
    ):
        site = Site.over(assistant, log)
        console = Console.over(assistant, log, site.signed_off)
        site.warm_up()
        ready()
        proxies = settings.trusted_proxies
        with ApprovalKeeping(site.signed_off):
            uvicorn.run(
                create_app(site, console),
                host=host,
                port=port,
                log_level="warning",
                timeout_keep_alive=_KEEP_ALIVE_S,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=proxies,
            )


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
                if message["status"] < 400 and scope["path"].startswith("/static/") and scope.get("query_string"):
                    headers["Cache-Control"] = _FOREVER
                if concerns_staff(scope["path"]):
                    headers.update(STAFF_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _trouble(
    site: Site, request: Request, status: int, words: str, heading: str = "trouble.heading", **values: str
) -> Response:
    """What went wrong, as a page in the visitor's language, or as JSON to a script."""
    language = language_of(request)
    text = language.text(words, **values)
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": text}, status)
    page = site.pages.page(
        "trouble.html", language, base=base_of(request), section="", heading=language.text(heading), words=text
    )
    return Response(page, status, media_type="text/html")


def _handle_errors(app: FastAPI, site: Site, console: Console) -> None:
    """Show every error in the visitor's language, and those under /staff in the console."""

    def not_found(request: Request) -> Response:
        return _trouble(site, request, 404, "trouble.not_found.words", "trouble.not_found")

    def failed(request: Request, status: int) -> Response:
        return _trouble(site, request, status, "trouble.failed")

    @app.exception_handler(PassageError)
    def on_passage_error(request: Request, error: PassageError) -> Response:
        if concerns_staff(request.url.path):
            return staff_trouble(console, request, error)
        if isinstance(error, NotFoundError):
            return not_found(request)
        if not isinstance(error, InputError):
            _log.warning("%s failed: %s", request.url.path, error)
        return failed(request, 422 if isinstance(error, InputError) else 503)

    @app.exception_handler(RequestValidationError)
    def on_invalid(request: Request, error: RequestValidationError) -> Response:
        if concerns_staff(request.url.path):
            return staff_trouble(console, request, error)
        return failed(request, 422)

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        if concerns_staff(request.url.path):
            return staff_trouble(console, request, error)
        return not_found(request) if error.status_code == 404 else failed(request, error.status_code)

    @app.exception_handler(Exception)
    def on_defect(request: Request, error: Exception) -> Response:
        staff = concerns_staff(request.url.path)
        response = staff_trouble(console, request, error) if staff else failed(request, 500)  # uvicorn logs it
        # Sent from outside the middleware, which adds these to every other response.
        response.headers.update(_HEADERS | STAFF_HEADERS if staff else _HEADERS)
        return response
