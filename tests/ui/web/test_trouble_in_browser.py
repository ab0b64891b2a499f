"""What a visitor sees in a real browser when something fails: a rush, a broken index, a changed corpus."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
QUESTION = "How many day permits were issued in 2023?"
QUOTE = "The harbour office issued 1,977 day permits in 2023, clerk Jon Aas said."


def ask(page: Page, question: str) -> None:
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")


def trouble(page: Page):
    return page.locator(".note.trouble")


def test_who_asks_too_fast_is_told_in_their_language_and_keeps_the_conversation(browser, serve, own_folder):
    with serve(own_folder, "--set", "ask_per_minute=1") as address:
        page = browser.new_page(viewport=SIZES["phone"], locale="es-ES")
        page.goto(address)
        ask(page, QUESTION)
        expect(page.locator(".answer")).to_contain_text("1,977")
        ask(page, "And in 2022?")
        expect(trouble(page)).to_contain_text(re.compile(r"Son muchas preguntas seguidas\. .* dentro de \d+ s\."))
        expect(trouble(page).get_by_role("button", name="Preguntar de nuevo")).to_be_visible()
        expect(page.locator(".answer")).to_contain_text("1,977")
        without_script = page.request.post(
            f"{address}/ask", form={"question": QUESTION}, headers={"accept": "text/html", "accept-language": "fr"}
        )
        assert without_script.status == 429
        assert int(without_script.headers["retry-after"]) <= 60
        assert "Cela fait beaucoup de questions d’affilée." in without_script.text()
        page.close()


def test_behind_a_proxy_that_is_named_each_visitor_has_a_pace_of_their_own(browser, serve, own_folder):
    with serve(own_folder, "--set", "ask_per_minute=1", "--set", "trusted_proxies=127.0.0.1") as address:
        page = browser.new_page()

        def status(visitor):
            sent = page.request.post(
                f"{address}/ask", form={"question": QUESTION}, headers={"x-forwarded-for": visitor}, max_redirects=0
            )
            return sent.status

        assert [status(v) for v in ("203.0.113.7", "203.0.113.8", "203.0.113.7")] == [303, 303, 429]
        page.close()


def test_a_stranger_cant_pretend_to_be_somebody_else(browser, serve, own_folder):
    with serve(own_folder, "--set", "ask_per_minute=1") as address:
        page = browser.new_page()
        statuses = [
            page.request.post(
                f"{address}/ask", form={"question": QUESTION}, headers={"x-forwarded-for": visitor}, max_redirects=0
            ).status
            for visitor in ("203.0.113.7", "203.0.113.8")
        ]
        assert statuses == [303, 429]
        page.close()


def test_a_full_queue_is_said_in_the_visitors_language(browser, address):
    page = browser.new_page(locale="fr-FR")
    page.goto(address)
    page.route(
        "**/gradio_api/call/ask", lambda route: route.fulfill(status=503, json={"detail": "Queue is full."})
    )  # as Gradio answers
    ask(page, QUESTION)
    expect(trouble(page)).to_contain_text("Énormément de personnes posent des questions en ce moment.")
    page.unroute_all()
    trouble(page).get_by_role("button").click()
    expect(page.locator(".answer")).to_contain_text("1,977")
    page.close()


def test_an_index_that_fails_is_said_and_the_question_answered_once_it_works_again(browser, serve, own_folder):
    database = own_folder / "passage.sqlite"
    with serve(own_folder) as address:
        for viewport in SIZES.values():
            page = browser.new_page(viewport=viewport, locale="en-GB")
            page.goto(address)
            ask(page, QUESTION)
            expect(page.locator(".answer")).to_contain_text("1,977")
            change(database, "ALTER TABLE versions RENAME TO versions_away")
            ask(page, "And in 2022?")
            expect(trouble(page)).to_contain_text("Something went wrong here")
            expect(page.locator(".answer")).to_have_count(1)
            change(database, "ALTER TABLE versions_away RENAME TO versions")
            trouble(page).get_by_role("button", name="Ask again").click()
            expect(page.locator(".answer").nth(1)).to_contain_text("1,412")
            expect(page.locator(".question .words").nth(1)).to_have_text("And in 2022?")
            page.close()


def test_an_answer_that_fails_halfway_is_no_answer(browser, address):
    page = browser.new_page(locale="en-GB")
    page.goto(address)
    events = [
        {"kind": "words", "html": "The harbour office"},
        {"kind": "trouble", "words": "Something went wrong here.", "again": True},
    ]
    body = "".join(f"event: generating\ndata: {json.dumps([event])}\n\n" for event in events)
    page.route(
        "**/gradio_api/call/ask/*", lambda route: route.fulfill(body=body, content_type="text/event-stream")
    )  # as the engine streams it
    ask(page, QUESTION)
    expect(trouble(page)).to_contain_text("Something went wrong here.")
    expect(page.get_by_text("The harbour office", exact=True)).to_have_count(0)
    expect(page.locator(".answer")).to_have_count(0)
    page.unroute_all()
    page.close()


def test_a_permanent_link_says_that_its_source_has_changed_or_gone_since(browser, serve, own_folder, tmp_path):
    with serve(own_folder) as address:
        page = browser.new_page()
        page.goto(address)
        ask(page, QUESTION)
        link = f"/a/{page.locator('.answer').get_attribute('data-id')}"
        page.close()
    changed = {
        "_id": "permit/2023",
        "title": "Harbour permits in 2023",
        "text": "The harbour office issued 1,980 day permits in 2023, clerk Jon Aas said.",
        "source": "Westhaven Gazette",
        "published": "2023-12-20",
        "url": "https://gazette.example/2023",
    }
    file = tmp_path / "changed.jsonl"
    file.write_text(json.dumps(changed), encoding="utf-8")
    passage("ingest", file, "--data", own_folder)
    with serve(own_folder) as address:
        for viewport in SIZES.values():
            page = browser.new_page(viewport=viewport, locale="en-GB")
            page.goto(address + link)
            expect(page.get_by_text("A source has changed since this answer was given.")).to_be_visible()
            expect(page.locator("#s1")).to_have_text(QUOTE)
            page.get_by_role("link", name="Read here").click()
            expect(page.get_by_text("You are reading an earlier version of this article.")).to_be_visible()
            expect(page.locator("#quote")).to_have_text(QUOTE)
            page.get_by_role("link", name="Read the current one").click()
            expect(page.locator(".body")).to_contain_text("1,980")
            page.close()
    passage("articles", "remove", "permit/2023", "--data", own_folder)
    with serve(own_folder) as address:
        page = browser.new_page(viewport=SIZES["phone"], locale="zh-CN")
        page.goto(address + link)
        expect(page.get_by_text("该文章在被引用后已撤下。")).to_be_visible()
        expect(page.locator("#s1")).to_have_text(QUOTE)
        page.close()


def change(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute(statement)


def passage(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "ui.cli", *map(str, arguments)], check=True, capture_output=True)
