"""What the console says when something can't be done."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from corpus.errors import BusyError, ConflictError, ForbiddenError, InputError, NotFoundError, PassageError
from ui.staff.console import Console
from ui.staff.security import COOKIE, SignInNeededError

_STATUS: tuple[tuple[type[PassageError], int, str], ...] = (
    (SignInNeededError, 401, "Sign in first"),
    (ForbiddenError, 403, "That isn’t allowed"),
    (NotFoundError, 404, "There is nothing here"),
    (ConflictError, 409, "Somebody was quicker"),
    (InputError, 422, "That can’t be used"),
    (BusyError, 503, "Try again in a moment"),
)
_OTHER = (503, "That didn’t work")
_log = logging.getLogger(__name__)


def staff_trouble(console: Console, request: Request, error: Exception) -> Response:
    """An error as a page for a person, or as JSON for a script; whoever isn't signed in is led to the entrance."""
    said, status = _in_words(error)
    try:
        session = console.sessions.of(request.cookies.get(COOKIE, ""))
    except PassageError:  # the log's file itself may be what went wrong
        session = None
    if session is None and (isinstance(error, HTTPException) or isinstance(said, NotFoundError)):
        said = SignInNeededError("Nobody is signed in.")  # which pages there are is the console's own business
    code, title = next(((code, title) for kind, code, title in _STATUS if isinstance(said, kind)), _OTHER)
    if (status or code) >= 500:
        _log.warning("%s failed: %s", request.url.path, error)
    page = "text/html" in request.headers.get("accept", "")
    if isinstance(said, SignInNeededError) and page and request.method in {"GET", "HEAD"}:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse("/staff/sign-in?" + urlencode({"next": asked}), 303)
    if not page:
        return JSONResponse({"error": str(said.args[0]), "hint": said.hint}, status or code)
    return console.pages.page(
        "staff_trouble.html", session, status or code, heading=title, words=str(said.args[0]), hint=said.hint
    )


def concerns_staff(path: str) -> bool:
    """Whether a path of the site lies in the console."""
    return path == "/staff" or path.startswith("/staff/")


def _in_words(error: Exception) -> tuple[PassageError, int | None]:
    """What the framework or a defect raised, in the console's words, with the status where it has one."""
    match error:
        case PassageError():
            return error, None
        case RequestValidationError():
            return InputError("A field of this page has a value that can’t be used.", "Load the page again."), None
        case HTTPException(status_code=404):
            return NotFoundError("There is no such page in the console."), None
        case HTTPException():
            return PassageError(f"The server refused: {error.detail}."), error.status_code
        case _:
            return PassageError("Something went wrong inside Passage.", "The server’s log says what."), 500
