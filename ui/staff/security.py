"""Who may reach what under /staff: the dependencies of every route there.

The router that holds the console's pages demands a session and, for whatever changes something, a CSRF token; a route
can't forget to. Cookies are signed, and hold nothing but a random token that the answer log knows by its hash.
"""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, Request

from corpus.errors import ForbiddenError, PassageError
from ui.staff.accounts import Role
from ui.staff.console import Console
from ui.staff.sessions import Session

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
COOKIE = "passage_staff"
_SAFE = {"GET", "HEAD", "OPTIONS"}


class SignInNeededError(PassageError):
    """Nobody is signed in: sign in."""


def console_of(request: Request) -> Console:
    """The console of this application."""
    console = request.app.state.console
    assert isinstance(console, Console)
    return console


def signed_in(request: Request) -> Session:
    """Whose session this request belongs to.

    Raises:
        SignInNeededError: nobody's, or it has ended.
    """
    session = console_of(request).sessions.of(request.cookies.get(COOKIE, ""))
    if session is None:
        raise SignInNeededError("Nobody is signed in.", "Sign in at /staff/sign-in.")
    return session


SignedIn = Annotated[Session, Depends(signed_in)]


async def csrf(request: Request, session: SignedIn) -> None:
    """Let a request that changes something pass only with the session's token, in a form field or a header.

    Raises:
        ForbiddenError: it has none, or another's.
    """
    if request.method not in _SAFE:
        await check_csrf(request, session.csrf)


async def check_csrf(request: Request, expected: str) -> None:
    """Hold a request against the token that its page was given.

    Raises:
        ForbiddenError: it comes from another site, or brings no token or another one.
    """
    given = request.headers.get(CSRF_HEADER, "")
    if not given and "form" in request.headers.get("content-type", ""):
        given = str((await request.form()).get(CSRF_FIELD, ""))
    same_site = request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    if not same_site or not secrets.compare_digest(given.encode(), expected.encode()):
        raise ForbiddenError("This page is too old, or the request came from elsewhere.", "Load the page again.")


def admin(session: SignedIn) -> Session:
    """Let only administrators pass.

    Raises:
        ForbiddenError: the account has another role.
    """
    if session.role is not Role.ADMIN:
        raise ForbiddenError("Only an administrator may see this.", "Ask one.")
    return session


AdminOnly = Annotated[Session, Depends(admin)]
