"""Pictures of every state of the public's pages: `python tests/ui/web/screenshots.py ADDRESS FOLDER`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

SIZES = {"desktop": {"width": 1280, "height": 850}, "phone": {"width": 390, "height": 844}}
ANSWERED = "How many people crossed the Darién Gap in 2023?"
FOLLOW_UP = "And in 2024?"
REFUSED = "What is the capital of Mongolia?"
OWN_CASE = "Will I be deported from the United States if my visa ran out?"


def main(address: str, folder: Path) -> None:
    """Take every picture at both widths, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        for size in SIZES:
            for scheme in ("light", "dark"):
                take(browser, address, folder, size, scheme)
        browser.close()


def take(browser: Browser, address: str, folder: Path, size: str, scheme: str) -> None:
    """Walk through the states of one width and colour scheme."""
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, locale="en-GB")
    page = context.new_page()

    def shot(name: str, full: bool = False) -> None:
        page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", animations="disabled", full_page=full)

    page.goto(address)
    shot("first-visit")
    ask(page, ANSWERED)
    expect(page.locator(".next .example").first).to_be_visible(timeout=20_000)
    shot("answer")
    page.locator("a.cite").first.click()
    shot("source")
    page.keyboard.press("Escape")
    ask(page, FOLLOW_UP)
    shot("follow-up")
    page.locator(".answer [data-do=down]").last.click()
    shot("feedback")
    ask(page, REFUSED)
    shot("refusal")
    ask(page, OWN_CASE)
    shot("own-case")
    page.locator(".filters summary").click()
    shot("filters")
    shared = page.locator(".answer").first.get_attribute("data-id")
    for name, path in {"shared": f"/a/{shared}", "articles": "/articles", "missing": "/nothing"}.items():
        page.goto(address + path)
        shot(name, full=name == "articles")
    page.goto(address + "/articles")
    page.locator(".headlines a").first.click()
    shot("article")
    context.close()


def ask(page: Page, question: str) -> None:
    """Ask and wait for the answer."""
    answers = page.locator(".answer").count()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(answers + 1, timeout=20_000)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
