"""Pictures of every state of the public's pages: `python tests/ui/web/screenshots.py FOLDER`.

The demo corpus is served with some articles written for the states that it lacks; one of those changes and one goes
before the last pictures.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

HERE = Path(__file__).parent
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
ANSWERED = "How many people crossed the Darién Gap in 2023?"
FOLLOW_UP = "And in 2024?"
QUOTA = "What is Skerrow's quota for seasonal visas?"
COURT = "What did the court in Lindholm decide about Gull Island?"
STATES = {
    "conflict": "How many beds does the harbour shelter in Westhaven have?",
    "corrected": "How much does a day permit cost in Skerrow?",
    "also-in": COURT,
    "other-language": "¿Cuántas personas atenderá la oficina de Puerto Gris?",
    "stale": "How many people can get Canadian study permits?",
    "refusal": "What is the capital of Mongolia?",
    "not-covered": "How many bridges does Skerrow have?",
    "time-not-covered": "How many small boats crossed the Channel in 1987?",
    "own-case": "Will I be deported from the United States if my visa ran out?",
}
SLOWED = "--set", "ask_per_minute=1"


def main(folder: Path) -> None:
    """Take every picture at both widths, light and dark, in English and Chinese."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        data = Path(temporary) / "data"
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        passage("ingest", "--demo", HERE / "states.jsonl", "--data", data)
        with served(data) as address:
            for name, context in views(browser):
                walk(context, address, folder, name)
            links = {"changed": answer(browser, address, QUOTA), "withdrawn": answer(browser, address, COURT)}
        passage("ingest", HERE / "states-later.jsonl", "--data", data)
        passage("articles", "remove", "court/wire", "--data", data)
        with served(data, *SLOWED) as address:
            for name, context in views(browser):
                for state, path in links.items():
                    page = context.new_page()
                    page.goto(address + path)
                    shot(page, folder, f"{state}-{name}")
            too_fast(browser, address, folder)
        browser.close()


def views(browser: Browser) -> Iterator[tuple[str, BrowserContext]]:
    """Every width in every scheme and language, with the name that its pictures end in."""
    for size, viewport in SIZES.items():
        for scheme, locale in (("light", "en-GB"), ("dark", "en-GB"), ("light", "zh-CN")):
            context = browser.new_context(
                viewport=viewport, color_scheme=scheme, locale=locale, has_touch=size == "phone"
            )
            yield f"{size}-{'zh' if locale == 'zh-CN' else scheme}", context
            context.close()


def walk(context: BrowserContext, address: str, folder: Path, view: str) -> None:
    """Walk through the states of one width, colour scheme and language."""
    page = context.new_page()
    page.goto(address)
    shot(page, folder, f"first-visit-{view}")
    ask(page, ANSWERED)
    expect(page.locator(".next .example").first).to_be_visible(timeout=20_000)
    shot(page, folder, f"answer-{view}")
    page.locator("a.cite").first.click()
    shot(page, folder, f"source-{view}")
    page.keyboard.press("Escape")
    ask(page, FOLLOW_UP)
    shot(page, folder, f"follow-up-{view}")
    page.locator(".answer [data-do=down]").last.click()
    shot(page, folder, f"feedback-{view}")
    shared = page.locator(".answer").first.get_attribute("data-id")
    page.locator("#new").click()
    shot(page, folder, f"returning-{view}")
    page.locator(".filters summary").click()
    shot(page, folder, f"filters-{view}")
    page.locator(".filters summary").click()
    page.keyboard.press("Tab")
    page.locator("#send").click()
    shot(page, folder, f"nothing-typed-{view}")
    for state, question in STATES.items():
        page.evaluate("sessionStorage.clear()")
        page.goto(address)
        ask(page, question)
        page.wait_for_load_state("networkidle")
        if state == "also-in":
            page.locator("a.cite").first.click()
        shot(page, folder, f"{state}-{view}")
    context.set_offline(True)
    ask(page, FOLLOW_UP, fails=True)
    shot(page, folder, f"offline-{view}")
    context.set_offline(False)
    pages = {"shared": f"/a/{shared}", "articles": "/articles", "missing": "/nothing", "search": "/articles?q=asylum"}
    for name, path in pages.items():
        page.goto(address + path)
        shot(page, folder, f"{name}-{view}", full=name == "articles")
    page.locator(".headlines a").first.click()
    shot(page, folder, f"article-{view}")


def too_fast(browser: Browser, address: str, folder: Path) -> None:
    """What a visitor sees who asks faster than the setting allows."""
    page = browser.new_page(viewport=SIZES["phone"], locale="es-ES")
    page.goto(address)
    ask(page, ANSWERED)
    ask(page, FOLLOW_UP, fails=True)
    shot(page, folder, "too-fast-phone-light")
    page.close()


def shot(page: Page, folder: Path, name: str, full: bool = False) -> None:
    """Take a picture."""
    page.evaluate("document.fonts.ready")
    page.screenshot(path=folder / f"{name}.png", animations="disabled", full_page=full)


def ask(page: Page, question: str, fails: bool = False) -> None:
    """Ask and wait for the answer, or for what is said instead."""
    shown = page.locator(".note.trouble" if fails else ".answer")
    count = shown.count()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    expect(shown).to_have_count(count + 1, timeout=20_000)


def answer(browser: Browser, address: str, question: str) -> str:
    """The path of the permanent link of an answer."""
    page = browser.new_page()
    page.goto(address)
    ask(page, question)
    found = page.locator(".answer").get_attribute("data-id")
    page.close()
    return f"/a/{found}"


def passage(*arguments: object) -> None:
    """Run a command of Passage."""
    subprocess.run([sys.executable, "-m", "ui.cli", *map(str, arguments)], check=True)


@contextmanager
def served(data: Path, *arguments: str) -> Iterator[str]:
    """The address of the site served from `data`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PASSAGE_")}
    command = [sys.executable, "-m", "ui.cli", "serve", "--data", str(data), "--port", str(port), *arguments]
    process = subprocess.Popen(command, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        while True:
            if process.poll() is not None:
                raise SystemExit("the server ended")
            try:
                with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                    break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
