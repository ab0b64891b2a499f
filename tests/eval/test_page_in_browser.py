"""The report's page in a real browser, on a desktop and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from eval import statistics
from eval.comparison import compare
from eval.gate import Finding
from eval.render.page import page as render

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESKTOP, PHONE = {"width": 1280, "height": 850}, {"width": 390, "height": 844}
LONG = "unbroken" * 20


@pytest.fixture
def file(tmp_path: Path, monkeypatch, make_question, make_answer, make_report) -> Path:
    """A page of six questions, one of them hostile and one with words that don't break, against a baseline."""
    monkeypatch.setattr(statistics, "SAMPLES", 100)

    def report(score: float):
        return make_report(
            [
                make_question("q1", {"answer contained": 1.0, "decided rightly": 1.0, "nDCG@10": 1.0}, kind="number",
                              text="How many permits were issued?", answerable=True, wanted=("1,977",),
                              answer=make_answer("1,977 permits were issued.", url="https://post.example/permits",
                                                 title="Permits in Westhaven", quote="1,977 permits"), ask_ms=30.0),
                make_question("q2", {"answer contained": score, "decided rightly": 1.0, "nDCG@10": score}, kind="who",
                              text="Who is the harbour clerk?", answerable=True, wanted=("Jon Aas",),
                              answer=make_answer("The clerk went home."), ask_ms=50.0),
                make_question("q3", {"decided rightly": 1.0}, kind="hopeless", text="What is the capital?",
                              answerable=False, answer=make_answer("I found nothing.", refused=True, confidence=0.1),
                              ask_ms=20.0),
                make_question("q4", {}, kind="who",
                              text="<img src=x onerror=alert(1)></details><script>alert(2)</script>",
                              answer=make_answer("<script>alert(3)</script>", url="javascript:alert(4)",
                                                 title="<b>Bold</b>"), ask_ms=10.0),
                make_question(LONG, {}, kind="number", text=f"Why {LONG}?", relevant=(LONG,), ranking=(LONG,) * 5,
                              answer=make_answer(LONG, title=LONG, quote=LONG), ask_ms=10.0),
                make_question("q6", {}, text="Too long?", error=f"The question {LONG} is too long."),
            ],
            benchmark=LONG,
        )  # fmt: skip

    path = tmp_path / "report.html"
    findings = [Finding("nDCG@10", False, f"nDCG@10 {LONG}"), Finding("R@5", True, "R@5 holds")]
    path.write_text(render(report(0.0), findings, compare(report(1.0), report(0.0))), encoding="utf-8")
    return path


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(browser: Browser, file: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    opened = browser.new_page(viewport=request.param)
    opened.on("dialog", lambda dialog: pytest.fail(f"a script of an article ran: {dialog.message}"))
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("request", lambda sent: None if sent.url == file.as_uri() else troubles.append(sent.url))
    opened.goto(file.as_uri())
    yield opened
    opened.close()
    assert troubles == []  # no error, and nobody is asked for anything


def overflows(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_nothing_overflows(page: Page) -> None:
    assert not overflows(page)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert not overflows(page)
    for plot in page.locator("figure svg").all():
        box = plot.bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["x"] + box["width"] <= page.viewport_size["width"]


def test_the_gate_and_the_figures_are_seen(page: Page) -> None:
    expect(page.get_by_role("heading", name="The gate falls short")).to_be_visible()
    expect(page.locator(".gate .fails")).to_contain_text("nDCG@10")
    expect(page.get_by_role("cell", name="answer contained", exact=True).first).to_be_visible()
    assert page.locator("figure svg").count() == 4


def test_a_case_opens(page: Page) -> None:
    case = page.locator(".case").first
    expect(case.locator(".sources")).to_be_hidden()
    case.locator("summary").click()
    expect(case.locator(".inside")).to_contain_text("1,977 permits were issued. [1]")
    expect(case.locator(".sources li")).to_contain_text("Permits in Westhaven, The Post")
    expect(case.locator(".sources a")).to_have_attribute("href", "https://post.example/permits")
    expect(case.locator(".sources a")).to_have_attribute("rel", "noopener noreferrer")
    expect(case.locator(".inside")).to_contain_text("any of: 1,977")
    case.locator("summary").click()
    expect(case.locator(".sources")).to_be_hidden()


def shown(page: Page) -> list[str]:
    return [text[:12] for text in page.locator(".case:visible .q").all_inner_texts()]


def test_questions_are_found_by_text(page: Page) -> None:
    box = page.get_by_role("searchbox", name="Find in questions and answers")
    box.fill("CLERK harbour")
    expect(page.get_by_role("status")).to_have_text("1 shown")
    assert shown(page) == ["Who is the h"]
    box.fill("1,977 permits were")  # in the answer, which is folded
    expect(page.get_by_role("status")).to_have_text("1 shown")
    assert shown(page) == ["How many per"]
    box.fill("nowhere to be found")
    expect(page.get_by_role("status")).to_have_text("0 shown")
    assert shown(page) == []
    box.fill("")
    expect(page.get_by_role("status")).to_have_text("6 shown")
    assert len(shown(page)) == 6


def test_questions_are_chosen_by_verdict_kind_and_loss(page: Page) -> None:
    verdict = page.get_by_role("combobox", name="Verdict")
    assert verdict.locator("option").all_inner_texts() == [
        "every verdict", "answer missing", "failed", "not judged", "refused rightly", "right",
    ]  # fmt: skip
    verdict.select_option("refused rightly")
    expect(page.get_by_role("status")).to_have_text("1 shown")
    assert shown(page) == ["What is the "]
    verdict.select_option("")
    page.get_by_role("combobox", name="Kind").select_option("who")
    expect(page.get_by_role("status")).to_have_text("2 shown")
    page.get_by_role("checkbox", name="got worse").check()
    expect(page.get_by_role("status")).to_have_text("1 shown")
    assert shown(page) == ["Who is the h"]
    page.locator(".case:visible summary").click()
    expect(page.locator(".case:visible .inside")).to_contain_text("Before (answer contained lost 1.00)")


def test_what_an_article_says_is_shown_and_never_run(page: Page) -> None:
    case = page.locator(".case").nth(3)
    case.locator("summary").click()
    expect(case.locator(".q")).to_contain_text("<img src=x onerror=alert(1)></details><script>")
    expect(case.locator(".sources")).to_contain_text("<b>Bold</b>")
    expect(case.locator("a, img, script, b >> text=Bold")).to_have_count(0)
