"""The console's templates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse

from corpus.store import ArticleStore
from ui.staff.accounts import Role
from ui.staff.sessions import Session
from ui.templating import environment, static_url
from ui.web.pages import asset as public_asset

STATIC = Path(__file__).parent / "static"
STATIC_URL = "/static/staff"


@dataclass(frozen=True)
class Section:
    """A part of the console, as the header links to it; `role` is who alone may open it, if not everybody."""

    key: str
    path: str
    name: str
    role: Role | None = None


SECTIONS = (
    Section("queue", "/staff", "Queue"),
    Section("sources", "/staff/sources", "Sources"),
    Section("reports", "/staff/reports", "Reports"),
    Section("audit", "/staff/audit", "Audit", Role.ADMIN),
)


class StaffPages:
    """Renders the templates; what a visitor, an article or a colleague wrote is escaped."""

    def __init__(self, store: ArticleStore) -> None:
        self.store = store
        self.environment = environment("ui.staff")
        self.environment.globals.update(sections=SECTIONS, asset=asset, public_asset=public_asset)

    def page(self, template: str, session: Session | None, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page; `section` among the values says which link of the header it stands under."""
        values = {"section": "", "session": session} | values
        return HTMLResponse(self.environment.get_template(template).render(values), status)


def asset(name: str) -> str:
    """The address of one of the console's static files."""
    return static_url(STATIC, STATIC_URL, name)
