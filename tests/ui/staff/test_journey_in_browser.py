"""The whole loop in a real browser: asked, voted down, judged, edited, served, withdrawn, and held by the gate."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus import Article

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "correct horse battery"
QUESTION = "How many day permits were issued in 2023?"
PARAPHRASE = "What number of day permits was issued in 2023?"
NEAR_MISS = "How many day permits were issued in 2022?"
COUNTED = "The harbour office issued 1,977 day permits in 2023, clerk Jon Aas said."
MOST_WENT = "Most went to seasonal workers from the islands."
PERMITS = [
    Article(
        id=f"permits-{year}",
        title=f"Harbour permits in {year}",
        text=(
            "The town of Westhaven has one harbour office.\n\n"
            f"The harbour office issued {count} day permits in {year}, clerk Jon Aas said. {MOST_WENT}\n\n"
            "The office closes in winter."
        ),
        source="Westhaven Gazette",
        url=f"https://gazette.example/{year}",
        published=date(year, 12, 20),
    )
    for year, count in ((2022, "1,412"), (2023, "1,977"))
]


def written(path: Path, articles: list[Article]) -> Path:
    names = ("id", "title", "text", "source", "url")
    rows = ({n: getattr(a, n) for n in names} | {"published": str(a.published)} for a in articles)
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def opened(browser: Browser, address: str) -> Page:
    """A fresh browser of somebody who was never here."""
    page = browser.new_context(base_url=address, locale="en-GB", reduced_motion="reduce").new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def ask(page: Page, question: str):
    """Ask on the public site; the answer that comes."""
    page.goto("/")
    page.get_by_role("textbox", name="Your question").fill(question)
    page.keyboard.press("Enter")
    answer = page.get_by_role("article", name="Answer", exact=True)
    expect(answer).to_have_count(1)
    expect(answer.locator(".actions")).to_be_visible()
    return answer


def sign_in(page: Page) -> None:
    page.goto("/staff")
    page.get_by_label("Name").fill("ria")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Queue")).to_be_attached()


@pytest.fixture
def data(passage, tmp_path, monkeypatch) -> Path:
    """An indexed data folder with a reviewer."""
    folder = tmp_path / "data"
    assert passage("ingest", written(tmp_path / "articles.jsonl", PERMITS), "--data", folder).code == 0
    password = tmp_path / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    with password.open(encoding="utf-8") as typed, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", typed)
        assert passage("staff", "add", "ria", "--data", folder).code == 0
    return folder


def test_a_verdict_mends_the_answer_and_becomes_a_case_of_the_gate(browser, passage, data, tmp_path, serve):
    with serve(data) as address:
        visitor = opened(browser, address)
        answer = ask(visitor, QUESTION)
        expect(answer).to_contain_text("1,977")
        answer.get_by_role("button", name="Not useful").click()
        answer.get_by_role("button", name="Send feedback").click()
        expect(answer.get_by_text("Thank you")).to_be_visible()

        staff = opened(browser, address)
        sign_in(staff)
        expect(staff.locator(".item").first).to_contain_text("Voted down")
        expect(staff.locator(".keyhint")).to_be_visible()  # shown by the script that listens to keys
        staff.keyboard.press("Enter")
        expect(staff.get_by_role("heading", level=1)).to_have_text(QUESTION)
        staff.keyboard.press("i")
        staff.keyboard.press("e")
        lines = staff.locator("#editor textarea")
        expect(lines.first).to_be_visible()
        for _ in range(lines.count()):  # whatever was answered: exactly these two sentences are right
            before = lines.count()
            staff.get_by_role("button", name="Drop sentence 1").click()
            expect(lines).to_have_count(before - 1)
        cited = staff.locator("#editor .offered").filter(has_text="Harbour permits in 2023")
        cited.get_by_role("button", name=f"Quote: {COUNTED[:40]}").click()
        expect(lines).to_have_count(1)
        cited.get_by_role("button", name=f"Quote: {MOST_WENT[:40]}").click()
        expect(lines).to_have_count(2)
        staff.get_by_role("button", name="Save, next").click()
        expect(staff.locator(".done")).to_contain_text("Incomplete, edited")
        staff.locator(".done").get_by_role("button", name="Make it a golden case").click()
        expect(staff.get_by_role("status").filter(has_text="golden case")).to_be_visible()
        expect(staff.get_by_text("Served to whoever asks the same.")).to_be_visible()

        second = ask(opened(browser, address), PARAPHRASE)
        expect(second).to_contain_text(re.compile(r"Reviewed by staff on \w"))
        expect(second).to_contain_text(COUNTED)
        expect(second).to_contain_text(MOST_WENT)
        near = ask(opened(browser, address), NEAR_MISS)
        expect(near).to_contain_text("1,412")
        expect(near).not_to_contain_text("Reviewed by staff")

        golden = tmp_path / "golden"
        exported = passage("staff", "export-golden", golden, "--data", data)
        assert exported.code == 0, exported.err
        assert "1 case added" in exported.out
        again = {path: path.read_bytes() for path in golden.rglob("*") if path.is_file()}
        assert passage("staff", "export-golden", golden, "--data", data).code == 0
        assert {path: path.read_bytes() for path in golden.rglob("*") if path.is_file()} == again

    scored = passage("eval", golden, "--split", "gate", "--cache", tmp_path / "cache", "--json")
    assert scored.code == 0, scored.err
    (query,) = [json.loads(line) for line in (golden / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    assert query["text"] == QUESTION
    metrics = {name: metric["overall"] for name, metric in scored.json["metrics"].items()}
    assert metrics["answer contained"] == metrics["gold cited"] == metrics["quote fidelity"] == {"value": 1.0, "n": 1}

    changed = replace(PERMITS[1], text=PERMITS[1].text.replace("1,977", "2,016"))
    assert passage("ingest", written(tmp_path / "changed.jsonl", [changed]), "--data", data).code == 0
    with serve(data) as address:
        third = ask(opened(browser, address), PARAPHRASE)
        expect(third).to_contain_text("2,016")
        expect(third).not_to_contain_text("Reviewed by staff")
        staff = opened(browser, address)
        sign_in(staff)
        expect(staff.locator(".item").first).to_contain_text("Sign-off withdrawn")
        staff.goto("/staff?signal=withdrawn")
        expect(staff.locator(".item")).to_have_count(1)
