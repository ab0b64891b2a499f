"""Sources, reports and the audit log in a real browser, from the flag to the reader's banner."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from corpus.database import Database
from rag.answer import Reason
from ui.staff.console import Console

from ..conftest import PASSWORD
from .conftest import NEW, OLD, TODAY, judge, log_answer

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PAGES = (
    "/staff/sources",
    "/staff/sources?q=a",
    f"/staff/sources/articles/{OLD.id}",
    "/staff/reports",
    "/staff/audit",
)


@pytest.fixture
def address(app: FastAPI, log: Database, console: Console) -> Iterator[str]:
    """The site in a thread of this process, with some weeks of answers."""
    console.assistant.index.sync()
    for week in range(5):
        for number in range(3 + week):
            at = TODAY - timedelta(weeks=week, minutes=number)
            refused = number % 3 == 2
            answer = log_answer(
                log,
                f"Who pays for the camp on island {number}?" if refused else f"How many permits in year {number}?",
                at=at,
                cites=(OLD, NEW)[: 1 + number % 2],
                reason=Reason.NOT_COVERED if refused else None,
                confidence=0.2 + 0.1 * number,
                support=0.9,
            )
            judge(log, answer, "good" if number % 2 else "wrong", at=at, sentences='["supported"]')
            judge(log, answer, "good", reviewer="ben", at=at, sentences='["supported"]')
    with _serving(app) as url:
        yield url


@contextlib.contextmanager
def _serving(app: FastAPI) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started:
            assert thread.is_alive(), "the server ended"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextlib.contextmanager
def _signed_in(browser: Browser, address: str, name: str, **options: object) -> Iterator[Page]:
    context = browser.new_context(base_url=address, **options)
    try:
        page = context.new_page()
        page.goto("/staff/sign-in")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(re.compile(r"/staff$"))
        yield page
    finally:
        context.close()


def test_a_retraction_reaches_the_reader_of_an_earlier_answer(browser: Browser, address: str) -> None:
    with _signed_in(browser, address, "ria") as page:
        page.goto("/staff/sources")
        page.get_by_role("link", name=OLD.title).click()
        link = page.locator("a", has_text="How many permits in year 0?").first.get_attribute("href")
        page.get_by_label("Retracted").check()
        page.get_by_role("textbox", name="Note").fill("The clerk never said so.")
        page.get_by_role("button", name="Flag", exact=True).click()
        expect(page.locator(".rows .flag").first).to_have_text("Retracted")

        assert link
        page.goto(link.replace("/staff/answers/", "/a/"))
        expect(page.locator("main [role=note]").first).to_contain_text("The clerk never said so.")
        page.goto(f"/articles/{OLD.id}")
        expect(page.locator("[role=note]")).to_contain_text(
            "This article has been retracted: The clerk never said so."
        )

        page.goto("/articles?q=permits")
        expect(page.locator("main")).not_to_contain_text(OLD.title)
        page.goto("/staff/sources")
        page.get_by_role("button", name="Take away").click()
        expect(page.locator("main")).to_contain_text("Articles are flagged on their own page")
        page.goto("/articles?q=permits")
        expect(page.locator("main")).to_contain_text(OLD.title)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_accessible_and_as_wide_as_the_screen(
    browser: Browser, address: str, scheme: str, width: int
) -> None:
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    with _signed_in(browser, address, "ada", **options) as page:
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        for path in PAGES:
            page.goto(path)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert "staff" in page.title(), "a title of an article ran as a script"
        assert troubles == []


def test_plots_say_in_words_and_in_a_table_what_they_show(browser: Browser, address: str) -> None:
    with _signed_in(browser, address, "ria") as page:
        page.goto("/staff/reports?weeks=4")
        expect(page.get_by_role("img", name="Questions a week, answered and refused.")).to_be_visible()
        expect(page.locator("figure").first.locator("rect")).to_have_count(8)
        expect(page.get_by_role("row").filter(has_text="of").nth(1)).to_be_visible()
        page.locator("summary", has_text="As a table").first.click()
        expect(page.locator("figure table").first).to_be_visible()
        expect(page.locator("main")).to_contain_text("Cohen’s kappa")
        with page.expect_download() as download:
            page.get_by_role("link", name="weeks (CSV)").click()
        assert download.value.suggested_filename == "passage-weeks.csv"
