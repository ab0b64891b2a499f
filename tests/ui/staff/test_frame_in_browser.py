"""The entrance and the console's frame in Chromium: by keyboard, on a phone, for everybody."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ui.staff.accounts import Role
from ui.staff.console import Console

from .conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LONG_NAME = "margarethe.koenig-oberhauser@immigration-desk.example.org"


@pytest.fixture
def served(app: FastAPI) -> Iterator[str]:
    """The site on a port of its own; whoever connects before it listens waits."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(
    params=[(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")], ids=lambda each: f"{each[0]} {each[1]}"
)
def context(request: pytest.FixtureRequest, browser: Browser, served: str) -> Iterator[BrowserContext]:
    width, scheme = request.param
    opened = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, base_url=served, reduced_motion="reduce"
    )
    yield opened
    opened.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}}).response
    assert found["passes"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found["violations"] for node in v["nodes"]]


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_in_by_keyboard_and_out_again(context: BrowserContext, console: Console) -> None:
    console.accounts.add(LONG_NAME, Role.ADMIN, PASSWORD)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
    found = {}

    page.goto("/staff/nothing?x=1")
    expect(page.get_by_label("Name")).to_be_focused()
    found["entrance"] = violations(page)
    page.keyboard.type(LONG_NAME)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("didn’t work")
    found["refused"] = violations(page)
    assert fits(page)

    expect(page.get_by_label("Password")).to_be_focused()  # the name is still there
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/nothing?x=1")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    found["frame"] = violations(page)
    assert fits(page)

    menu = page.locator("details.account")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    found["menu"] = violations(page)
    page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="Sign out", exact=True)).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.mouse.click(5, 700)
    expect(menu.get_by_role("button", name="Sign out", exact=True)).to_be_hidden()
    menu.locator("summary").click()
    menu.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/staff/sign-in")
    page.go_back()  # no page of the console lies in the browser's cache
    expect(page.get_by_label("Password")).to_be_visible()
    assert troubles == []
    assert {state: each for state, each in found.items() if each} == {}


def test_without_an_account_the_entrance_says_what_to_do(context: BrowserContext, console: Console) -> None:
    for account in console.accounts.all():
        console.accounts.remove(account.name)
    page = context.new_page()
    page.goto("/staff")
    expect(page.get_by_role("note")).to_contain_text("passage staff add NAME --role admin")
    assert fits(page)
    assert violations(page) == []


def test_the_cookie_is_out_of_scripts_reach(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/staff/sign-in")
    page.get_by_label("Name").fill("ria")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("details.account")).to_be_visible()
    assert page.evaluate("document.cookie") == ""
    (cookie,) = (each for each in context.cookies() if each["name"] == "passage_staff")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/staff")
