"""The chat in a real browser, on a desktop and on a phone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus import Article, ArticleStore, load_settings
from rag.index import Index

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESKTOP, PHONE = {"width": 1280, "height": 850}, {"width": 390, "height": 844}
HOSTILE = Article(
    id="hostile",
    title="<img src=x onerror=alert(1)> Border office moves to Oakmere",
    text=(
        "The border office moves to <b>Oakmere</b> on 2 May 2024, director Petra Holm said. <script>alert(2)</script>"
    ),
    url="javascript:alert(3)",
    source="Plain & Simple",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An indexed folder: a hostile article and two plain ones."""
    data = tmp_path_factory.mktemp("chat") / "data"
    store = ArticleStore.open(data)
    plain = [
        Article(
            id=f"permit-{year}",
            title=f"Harbour permits in {year}",
            text=f"The harbour office issued {count} day permits in {year}, clerk Jon Aas said.",
            source="Westhaven Gazette",
            url=f"https://gazette.example/{year}",
        )
        for year, count in ((2022, "1,412"), (2023, "1,977"))
    ]
    store.upsert([HOSTILE, *plain])
    index = Index(store, load_settings(data=data))
    index.sync()
    index.close()
    store.close()
    return data


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The served chat, in a process of its own as `passage serve` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PASSAGE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--data", str(folder), "--port", str(port)], env=environment
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url + "/healthz", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    opened = browser.new_page(viewport=request.param)
    opened.on("dialog", lambda dialog: pytest.fail(f"a script of an article ran: {dialog.message}"))
    foreign: list[str] = []
    opened.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else foreign.append(r.url))
    opened.goto(address)
    yield opened
    opened.close()
    assert foreign == []  # the page asks nobody else for anything


def ask(page: Page, question: str) -> None:
    page.locator("textarea").fill(question)
    page.keyboard.press("Enter")


def test_an_answer_comes_with_its_source(page: Page) -> None:
    ask(page, "How many day permits were issued in 2023?")
    answer = page.locator(".answer").last
    expect(answer).to_contain_text("1,977 day permits")
    source = page.locator(".sources li").first
    expect(source).to_contain_text("Harbour permits in 2023")
    expect(source).to_contain_text("Westhaven Gazette")
    link = source.locator("a")
    expect(link).to_have_attribute("href", "https://gazette.example/2023")
    assert "noopener" in (link.get_attribute("rel") or "")


def test_what_is_not_in_the_articles_is_refused(page: Page) -> None:
    ask(page, "What is the capital of Mongolia?")
    expect(page.locator(".answer").last).to_contain_text("rather not guess")
    expect(page.locator(".sources")).to_have_count(0)


def test_what_an_article_says_is_shown_and_never_run(page: Page) -> None:
    ask(page, "What did director Petra Holm say about the border office?")
    expect(page.locator(".answer").last).to_contain_text("moves to <b>Oakmere</b>")
    source = page.locator(".sources li").first
    expect(source).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".sources img")).to_have_count(0)
    expect(page.locator(".sources a[href^='javascript']")).to_have_count(0)


def test_the_page_offers_examples_and_says_what_it_knows(page: Page) -> None:
    expect(page.get_by_text("3 articles")).to_be_visible()
    expect(page.get_by_text("News, not legal advice.")).to_be_visible()
    page.locator("button.example").first.click()
    expect(page.locator(".answer").last).to_be_visible()


def test_the_conversation_goes_on_and_nothing_overflows(page: Page) -> None:
    ask(page, "How many day permits were issued in 2023?")
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".answer").last).to_contain_text("1,977")
    expect(page.locator(".sources")).to_have_count(1)
    ask(page, "How many day permits were issued in 2022?")
    expect(page.locator(".answer").nth(1)).to_contain_text("1,412")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_input_has_a_limit(page: Page) -> None:
    box = page.locator("textarea")
    assert box.get_attribute("maxlength") == "1000"


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} doesn't answer")
