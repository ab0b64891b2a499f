"""Everything under /staff."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from ui.staff.console import Console
from ui.staff.promotion_routes import promotion_routes
from ui.staff.queue_routes import queue_routes
from ui.staff.reports_routes import reports_routes
from ui.staff.security import csrf, signed_in
from ui.staff.sign_in import entrance_routes, session_routes
from ui.staff.sources_routes import sources_routes

PREFIX = "/staff"


def staff_routes(console: Console) -> APIRouter:
    """The console's pages, and the entrance to them.

    Only the entrance is open. Whatever the inner router holds needs a session, and a CSRF token to change anything.
    """
    inner = APIRouter(dependencies=[Depends(signed_in), Depends(csrf)])
    inner.include_router(session_routes(console), prefix=PREFIX)
    inner.include_router(queue_routes(console), prefix=PREFIX)
    inner.include_router(promotion_routes(console), prefix=PREFIX)
    inner.include_router(sources_routes(console), prefix=PREFIX)
    inner.include_router(reports_routes(console), prefix=PREFIX)
    outer = APIRouter()
    outer.include_router(entrance_routes(console), prefix=PREFIX)
    outer.include_router(inner)
    return outer
