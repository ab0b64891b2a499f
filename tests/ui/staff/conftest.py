"""The console over a data folder without articles, in this process, and a browser to ask it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from corpus import load_settings
from rag.assistant import Assistant
from ui.answer_log.log import AnswerLog
from ui.server import create_pages
from ui.staff import passwords
from ui.staff.accounts import Role
from ui.staff.console import Console
from ui.staff.signing_off import SignedOff
from ui.web.site import Site

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2 hashes at the least cost: tests sign in a hundred times."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    passwords._nobodys_hash.cache_clear()


class Browser(TestClient):
    """Asks as a browser does: wants pages, keeps cookies; doesn't follow, so that a test sees where it is led."""

    def __init__(self, app: FastAPI, base_url: str = "http://console.example") -> None:
        super().__init__(app, base_url=base_url, follow_redirects=False, headers={"accept": "text/html"})

    def token(self, path: str = "/staff/sign-in") -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrf" (?:content|value)="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        """Fill the sign-in page in."""
        token = self.token()
        return self.post("/staff/sign-in", data={"csrf": token, "name": name, "password": password, **fields})


@pytest.fixture
def console(data: Path) -> Iterator[Console]:
    """A console with a reviewer and an administrator."""
    settings = load_settings(data=data)
    with Assistant.open(data, settings) as assistant:
        log = AnswerLog.open(data, settings)
        opened = Console.over(assistant, log, SignedOff(assistant, log.database))
        opened.accounts.add("ria", Role.REVIEWER, PASSWORD)
        opened.accounts.add("ada", Role.ADMIN, PASSWORD)
        yield opened
        log.close()


@pytest.fixture
def app(console: Console) -> FastAPI:
    """The whole site but Gradio's engine, which leaves event loops open that a test can't close."""
    return create_pages(Site.over(console.assistant, console.log), console)


@pytest.fixture
def new_browser(app: FastAPI) -> Iterator[Callable[..., Browser]]:
    """Opens a browser without cookies."""
    opened = []

    def make(**options: str) -> Browser:
        opened.append(Browser(app, **options))
        return opened[-1]

    yield make
    for browser in opened:
        browser.close()


@pytest.fixture
def reviewer(new_browser: Callable[..., Browser]) -> Browser:
    """A browser in which the reviewer is signed in."""
    opened = new_browser()
    assert opened.sign_in("ria").status_code == 303
    return opened
