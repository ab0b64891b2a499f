"""axe finds no violation of WCAG 2.2 level A or AA on any page, light or dark, wide or narrow."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUESTION = "How many day permits were issued in 2023?"


def violations(page: Page) -> list[str]:
    page.evaluate("() => Promise.all(document.getAnimations().map(animation => animation.finished))")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}}).response
    assert found["passes"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found["violations"] for node in v["nodes"]]


def ask(page: Page, question: str) -> None:
    count = page.locator(".answer").count()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(count + 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_has_a_violation(browser: Browser, address: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", base_url=address
    )
    page = context.new_page()
    found: dict[str, list[str]] = {}
    page.goto("/")
    found["first visit"] = violations(page)
    ask(page, QUESTION)
    expect(page.locator(".next")).to_be_visible()
    found["answer"] = violations(page)
    page.locator("a.cite").first.click()
    found["source"] = violations(page)
    page.keyboard.press("Escape")
    page.locator("[data-do=down]").first.click()
    page.locator(".filters summary").click()
    found["feedback and filters"] = violations(page)
    page.locator(".filters summary").click()
    ask(page, "What is the capital of Mongolia?")
    ask(page, "Will I be deported from the US?")
    ask(page, "How many harbour permits were issued in 1950?")
    page.locator("#send").click()  # nothing typed
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # a button half behind the box would count as small
    found["refusals and trouble"] = violations(page)
    shared = page.locator(".answer").first.get_attribute("data-id")
    for path in (f"/a/{shared}", "/articles", "/articles?q=permits", "/articles/permit/2023?start=0&end=20", "/none"):
        page.goto(path)
        found[path.replace(str(shared), "id")] = violations(page)
    context.close()
    assert {state: each for state, each in found.items() if each} == {}


def test_axe_can_find_something(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src='x.png'><p style='color:#eee;background:#fff'>Pale</p></body></html>")
    assert {line.split(":")[0] for line in violations(page)} >= {"image-alt", "color-contrast", "html-has-lang"}
    page.close()
