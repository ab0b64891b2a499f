"""The entrance to the console, and the way out."""

from __future__ import annotations

import logging
import secrets
import shlex
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from corpus.errors import ForbiddenError, PassageError, ServiceError
from ui.staff.accounts import Account
from ui.staff.console import Console
from ui.staff.open_id import UNDER_WAY_S, OpenIdConnect, SingleSignOnError
from ui.staff.passwords import MAX_CHARS
from ui.staff.security import COOKIE, SignedIn, check_csrf, console_of

HOME, ENTRANCE = "/staff", "/staff/sign-in"
_PATH = "/staff"  # the only part of the site that the cookies are sent to
_VISIT = "passage_entrance"
_UNDER_WAY = "passage_single_sign_on"
# One sentence for every case, so that nobody learns which accounts there are.
_REFUSED = "That didn’t work. The name or the password is wrong, or the account is locked for a while."
_UNKNOWN = "You are signed in there, but no account here is yours. An administrator can add it."
_log = logging.getLogger(__name__)


def entrance_routes(console: Console) -> APIRouter:
    """What is open to everybody: the sign-in page, and single sign-on where the settings name a provider."""
    router = APIRouter()

    @router.get("/sign-in")
    def entrance(request: Request, next: str = HOME) -> Response:
        """The sign-in page."""
        if console.sessions.of(request.cookies.get(COOKIE, "")):
            return RedirectResponse(_inside(next), 303)
        return _entrance(console, request, next)

    @router.post("/sign-in", dependencies=[Depends(_own_page)])
    def sign_in(
        request: Request,
        name: Annotated[str, Form(max_length=64)] = "",
        password: Annotated[str, Form(max_length=MAX_CHARS)] = "",
        next: Annotated[str, Form()] = HOME,
    ) -> Response:
        """Let somebody in with a name and a password."""
        account = console.accounts.sign_in(name, password)
        if account is None:
            return _entrance(console, request, next, name=name, failed=_REFUSED, status=403)
        return _let_in(console, request, account, next)

    if console.single_sign_on:
        router.include_router(_single_sign_on_routes(console, console.single_sign_on))
    return router


def session_routes(console: Console) -> APIRouter:
    """What whoever is signed in needs: a way out."""
    router = APIRouter()

    @router.post("/sign-out")
    def sign_out(request: Request, session: SignedIn, everywhere: Annotated[str, Form()] = "") -> Response:
        """End this session, or all of the account."""
        if everywhere:
            console.sessions.end_all(session.account)
        else:
            console.sessions.end(request.cookies.get(COOKIE, ""))
        response = RedirectResponse(ENTRANCE, 303)
        response.delete_cookie(COOKIE, path=_PATH)
        return response

    return router


def _single_sign_on_routes(console: Console, provider: OpenIdConnect) -> APIRouter:
    router = APIRouter(prefix="/sign-in/single")

    def back(request: Request) -> str:
        return f"{str(request.base_url).rstrip('/')}{ENTRANCE}/single/back"

    @router.get("")
    def leave(request: Request, next: str = HOME) -> Response:
        """Send the browser to the provider."""
        try:
            address, cookie = provider.begin(back(request), _inside(next))
        except ServiceError as error:
            return refused(request, error, next)
        response = RedirectResponse(address, 303)
        # Lax: the provider's site sends the browser back, and a strict cookie would stay behind.
        response.set_cookie(
            _UNDER_WAY,
            cookie,
            max_age=UNDER_WAY_S,
            path=ENTRANCE,
            httponly=True,
            samesite="lax",
            secure=_secure(request),
        )
        return response

    @router.get("/back")
    def arrive(request: Request) -> Response:
        """Let in whom the provider vouches for, if there is an account for them."""
        try:
            identity = provider.finish(request.cookies.get(_UNDER_WAY, ""), str(request.url), back(request))
        except (SingleSignOnError, ServiceError) as error:
            return refused(request, error, HOME)
        account = console.accounts.of_provider(identity.subject, identity.email)
        if account is None:
            return refused(request, SingleSignOnError(_UNKNOWN), identity.next)
        return _let_in(console, request, account, identity.next)

    def refused(request: Request, error: PassageError, next: str) -> Response:
        _log.warning("single sign-on failed: %s", error)
        status = 503 if isinstance(error, ServiceError) else 403
        words = "The provider can’t be reached." if isinstance(error, ServiceError) else str(error.args[0])
        response = _entrance(console, request, next, failed=words, status=status)
        response.delete_cookie(_UNDER_WAY, path=ENTRANCE)
        return response

    return router


async def _own_page(request: Request) -> None:
    """Let a sign-in pass only from the page that this browser was given: nobody signs others in as themselves."""
    visit = request.cookies.get(_VISIT, "")
    if not visit:
        raise ForbiddenError(
            "This browser didn't send the sign-in page's cookie.",
            "Allow cookies for this site and load the page again.",
        )
    await check_csrf(request, console_of(request).sessions.token_for(visit))


def _entrance(
    console: Console, request: Request, next: str, name: str = "", failed: str = "", status: int = 200
) -> HTMLResponse:
    visit = request.cookies.get(_VISIT) or secrets.token_urlsafe(24)
    response = console.pages.page(
        "staff_sign_in.html",
        None,
        status,
        csrf=console.sessions.token_for(visit),
        next=_inside(next),
        name=name,
        failed=failed,
        any_account=console.accounts.any(),
        command=f"passage staff add NAME --role admin --data {shlex.quote(str(console.folder))}",
        single_sign_on=console.single_sign_on and console.single_sign_on.name,
    )
    response.set_cookie(_VISIT, visit, path=ENTRANCE, httponly=True, samesite="strict", secure=_secure(request))
    return response


def _let_in(console: Console, request: Request, account: Account, next: str) -> Response:
    """A new session under a new token, whatever cookie the browser came with."""
    response = RedirectResponse(_inside(next), 303)
    response.set_cookie(
        COOKIE,
        console.sessions.start(account.name, former=request.cookies.get(COOKIE, "")),
        path=_PATH,
        httponly=True,
        # A strict cookie isn't sent with a visit that another site led to, as a provider's does.
        samesite="lax" if console.single_sign_on else "strict",
        secure=_secure(request),
    )
    for cookie in (_VISIT, _UNDER_WAY):
        response.delete_cookie(cookie, path=ENTRANCE)
    return response


def _inside(address: str) -> str:
    """`address` if it is a page of the console, else the console's first page: nobody is led to another site."""
    try:
        parts = urlsplit(address)
    except ValueError:  # "//["
        return HOME
    plain = (
        not (parts.scheme or parts.netloc) and address.isprintable() and "\\" not in address and ".." not in address
    )
    inside = parts.path == HOME or parts.path.startswith(f"{HOME}/")
    return address if plain and inside and not parts.path.startswith(ENTRANCE) else HOME


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
