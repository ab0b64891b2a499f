"""The console's pages about sources: search, flags, and which old articles answers rest on."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import RedirectResponse

from corpus.errors import ForbiddenError, InputError
from corpus.flags import MAX_NOTE, FlagKind, Scope
from rag.notes import STALE
from ui.staff.accounts import Role
from ui.staff.console import Console
from ui.staff.security import SignedIn
from ui.staff.sessions import Session
from ui.staff.sources import Sources
from ui.staff.wording import WORDING

PREFIX = "/staff/sources"
PER_PAGE = 30
MOST_FLAGS = 200
AGES = {90: "3 months", STALE.days: "6 months", 365: "a year", 730: "2 years"}
"""Days, and how they are called, from which on an article may be shown as old."""


def sources_routes(console: Console) -> APIRouter:
    """Search, flags, and what rests on old articles."""
    router = APIRouter(prefix="/sources")
    store = console.assistant.store
    sources = Sources(store, console.log.database)

    def list_page(
        session: Session,
        q: str = "",
        outlet: str = "",
        older: int = STALE.days,
        page: int = 1,
        problem: InputError | None = None,
        note: str = "",
    ) -> Response:
        flags = sources.flags.all()
        q, searched = q.strip(), bool(q.strip() or outlet)
        found = (
            store.find(search=q, source=outlet, limit=PER_PAGE + 1, offset=PER_PAGE * (page - 1)) if searched else []
        )

        def address(number: int) -> str:
            chosen = {"q": q, "outlet": outlet, "page": str(number) if number > 1 else ""}
            return f"{PREFIX}?" + urlencode({key: value for key, value in chosen.items() if value})

        return console.pages.page(
            "staff_sources.html",
            session,
            422 if problem else 200,
            section="sources",
            q=q,
            outlet=outlet,
            searched=searched,
            found=found[:PER_PAGE],
            found_flags=sources.flags.of(article.article_id for article in found),
            newer=address(page - 1) if page > 1 else None,
            further=address(page + 1) if len(found) > PER_PAGE else None,
            flags=flags,
            titles={f.subject: store.get(f.subject).title for f in flags[:MOST_FLAGS] if f.scope is Scope.ARTICLE},
            most=MOST_FLAGS,
            outlets=[known.name for known in store.outlets() if known.name],
            stale=sources.stale(timedelta(days=older if older in AGES else STALE.days)),
            older=older if older in AGES else STALE.days,
            ages=AGES,
            may_hide_outlets=session.role is Role.ADMIN,
            max_note=MAX_NOTE,
            problem=problem,
            note=note,
            w=WORDING,
        )

    @router.get("")
    def listed(
        session: SignedIn,
        q: Annotated[str, Query(max_length=500)] = "",
        outlet: Annotated[str, Query(max_length=500)] = "",
        older: int = STALE.days,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> Response:
        """Articles found by their titles, every flag, and old articles by how much they are used."""
        return list_page(session, q, outlet, older, page)

    def article_page(
        session: Session,
        article_id: str,
        problem: InputError | None = None,
        kind: FlagKind | None = None,
        note: str = "",
    ) -> Response:
        article = store.get(article_id)
        answers, affected = sources.affected(article_id)
        return console.pages.page(
            "staff_source.html",
            session,
            422 if problem else 200,
            section="sources",
            article=article,
            flags=sources.flags.of([article_id]).get(article_id, ()),
            kinds=tuple(FlagKind),
            answers=answers,
            affected=affected,
            may_hide_outlets=session.role is Role.ADMIN,
            max_note=MAX_NOTE,
            problem=problem,
            kind=kind,
            note=note,
            w=WORDING,
        )

    @router.get("/articles/{article_id:path}")
    def one(session: SignedIn, article_id: str) -> Response:
        """An article: its flags, and what was answered from it."""
        return article_page(session, article_id)

    @router.post("/flag")
    def flag(
        session: SignedIn,
        scope: Annotated[Scope, Form()],
        subject: Annotated[str, Form(max_length=2000)],
        kind: Annotated[FlagKind, Form()],
        note: Annotated[str, Form(max_length=5000)] = "",
    ) -> Response:
        """Put a flag on an article or, for an administrator, on an outlet."""
        _check_role(session, scope)
        try:
            sources.flag(session.account, scope, subject, kind, note)
        except InputError as problem:
            if scope is Scope.ARTICLE:
                return article_page(session, subject, problem, kind, note)
            return list_page(session, problem=problem, note=note)
        return _back(scope, subject)

    @router.post("/unflag")
    def unflag(
        session: SignedIn,
        scope: Annotated[Scope, Form()],
        subject: Annotated[str, Form(max_length=2000)],
        kind: Annotated[FlagKind, Form()],
        to: Annotated[str, Form()] = "",
    ) -> Response:
        """Take a flag away."""
        _check_role(session, scope)
        sources.unflag(session.account, scope, subject, kind)
        return _back(Scope.OUTLET if to == "list" else scope, subject)

    return router


def _check_role(session: Session, scope: Scope) -> None:
    if scope is Scope.OUTLET and session.role is not Role.ADMIN:
        raise ForbiddenError("Only an administrator may hide an outlet or show it again.", "Ask one.")


def _back(scope: Scope, subject: str) -> RedirectResponse:
    where = f"{PREFIX}/articles/{quote(subject)}" if scope is Scope.ARTICLE else f"{PREFIX}#flags"
    return RedirectResponse(where, 303)
