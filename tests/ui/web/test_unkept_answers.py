"""Where no answers are kept, visitors get them all the same, without what needs a link."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.slow
QUESTION = "How many day permits were issued in 2023?"


@pytest.fixture(scope="module")
def address(folder, serve, tmp_path_factory) -> Iterator[str]:
    """The site of who switched the log off."""
    data = shutil.copytree(
        folder, tmp_path_factory.mktemp("off") / "data", ignore=shutil.ignore_patterns("*.lock*", "log.*")
    )
    with serve(data, "--set", "log_answers=false") as url:
        yield url


def test_without_javascript_the_answer_is_the_page_itself(address):
    with httpx.Client(
        base_url=address, headers={"accept": "text/html", "accept-language": "en"}, timeout=30
    ) as client:
        page = client.post("/ask", data={"question": QUESTION})
    assert page.status_code == 200
    assert "1,977 day permits" in page.text
    assert 'href="#s1"' in page.text
    assert 'id="s1"' in page.text


@pytest.mark.browser
def test_a_conversation_goes_on_without_links(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("response", lambda response: troubles.append(response.url) if response.status >= 400 else None)
    page.goto("/")
    for count, question in enumerate((QUESTION, "And in 2022?"), start=1):
        page.locator("#question").fill(question)
        page.keyboard.press("Enter")
        expect(page.locator(".answer")).to_have_count(count)
    expect(page.locator(".answer").last).to_contain_text("1,412")  # the follow-up was understood
    expect(page.locator("[data-do=link], [data-do=up], form.feedback")).to_have_count(0)
    expect(page.locator("[data-do=retry]")).to_have_count(2)
    page.locator("a.cite").first.click()
    assert troubles == []
    page.reload()  # what was said is still there, in the browser's own memory
    expect(page.locator(".prose").first).to_contain_text("1,977")
    context.close()
