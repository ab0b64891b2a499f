"""The public's journeys in a real browser, on a desktop and on a phone, by what a person sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# The clipboard's text once it holds what is looked for.
COPIED = """async (wanted) => {
  for (;;) {
    const text = await navigator.clipboard.readText();
    if (text.includes(wanted)) return text;
    await new Promise(requestAnimationFrame);
  }
}"""
STREAM = "**/gradio_api/call/ask/*"
QUESTION = "How many day permits were issued in 2023?"
REPORTED = "The harbour office issued 1,977 day permits in 2023, clerk Jon Aas said."
HOSTILE = "What did director Petra Holm say about the border office?"


@pytest.fixture(params=SIZES)
def context(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        viewport=SIZES[request.param], locale="en-GB", base_url=address, has_touch=request.param == "phone"
    )
    foreign: list[str] = []
    opened.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else foreign.append(r.url))
    yield opened
    opened.close()
    assert foreign == []  # the page asks nobody else for anything


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    opened.on("dialog", lambda dialog: pytest.fail(f"a script of an article ran: {dialog.message}"))
    defects: list[str] = []
    opened.on("pageerror", lambda error: defects.append(str(error)))
    opened.goto("/")
    yield opened
    assert defects == []


def is_phone(page: Page) -> bool:
    return page.viewport_size == SIZES["phone"]


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox", name="Your question").fill(question)
    page.keyboard.press("Enter")


def answers(page: Page):
    return page.get_by_role("article", name="Answer", exact=True)


def source(page: Page):
    """The source card, where this width shows it."""
    return page.get_by_role("dialog" if is_phone(page) else "complementary").get_by_role("article")


def test_a_citation_opens_the_passage_with_the_quoted_words_marked(page):
    ask(page, QUESTION)
    expect(answers(page)).to_contain_text(REPORTED)
    expect(answers(page)).to_contain_text("Newest source: Dec 20, 2023")
    expect(page.get_by_role("status")).to_contain_text("1,977 day permits")  # what a screen reader is told
    page.get_by_role("link", name="Source 1", exact=True).click()
    card = source(page).first
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    expect(card.locator("mark")).to_have_text(REPORTED)
    expect(card).to_contain_text("The town of Westhaven has one harbour office.")
    expect(card).to_contain_text("Most went to seasonal workers from the islands.")
    expect(card).to_contain_text("Westhaven Gazette")
    expect(card).to_contain_text(re.compile(r"\d+ (months|years?) ago"))
    original = card.get_by_role("link", name="Original article")
    expect(original).to_have_attribute("href", re.compile(r"^https://gazette\.example/2023#:~:text=The%20harbour"))
    expect(original).to_have_attribute("rel", "noopener noreferrer")
    if is_phone(page):
        page.get_by_role("button", name="Close").click()
        expect(card).to_be_hidden()
        page.get_by_role("link", name="Source 1", exact=True).tap()  # a finger does what a mouse does
        expect(card.locator("mark")).to_have_text(REPORTED)


def test_a_source_opens_and_closes_by_keyboard(page):
    ask(page, QUESTION)
    reference = page.get_by_role("link", name="Source 1", exact=True)
    reference.focus()
    page.keyboard.press("Enter")
    expect(source(page).first).to_be_focused()
    page.keyboard.press("Escape")
    expect(reference).to_be_focused()


def test_several_quotes_of_one_article_share_a_card_and_each_is_marked(page):
    ask(page, "How many day permits were issued, and who got most of them?")
    expect(answers(page)).to_be_visible()
    for reference in answers(page).locator(".prose a.cite").all():
        n = reference.inner_text()
        sentence = answers(page).locator(".sentence", has=page.locator(f'a.cite[data-n="{n}"]'))
        reference.click()
        chosen = page.get_by_role("dialog" if is_phone(page) else "complementary").locator("mark.chosen")
        expect(chosen).to_have_count(1)
        expect(chosen).to_be_in_viewport()
        assert sentence.inner_text().strip() == chosen.inner_text() + n
        page.keyboard.press("Escape")


def test_a_follow_up_goes_on_and_the_source_reads_on(page):
    ask(page, QUESTION)
    expect(answers(page)).to_have_count(1)
    ask(page, "And in 2022?")
    expect(answers(page).nth(1)).to_contain_text("1,412")
    page.get_by_role("link", name="Source 1", exact=True).last.click()
    source(page).first.get_by_role("link", name="Read here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour permits in 2022")
    expect(page.locator("mark")).to_be_in_viewport()


def test_a_suggestion_leads_on(page):
    ask(page, QUESTION)
    expect(page.get_by_text("You could ask next")).to_be_visible()
    page.locator(".next").get_by_role("button").first.click()
    expect(answers(page)).to_have_count(2)
    expect(answers(page).nth(1).locator("a.cite").first).to_be_visible()


def test_a_first_visit_offers_questions_that_are_answered(page):
    expect(page.get_by_text("4 articles · 3 outlets · newest of April 2, 2024")).to_be_visible()
    expect(page.get_by_text("News, not legal advice.")).to_be_visible()
    page.locator("#welcome .example").first.click()
    expect(answers(page).locator("a.cite").first).to_be_visible()
    expect(page.locator("#welcome")).to_be_hidden()


def test_a_refusal_helps_on(page):
    ask(page, "How many harbour permits were issued in 1950?")
    expect(answers(page).locator(".refusal")).to_be_visible()
    expect(answers(page)).to_contain_text("name the country")
    page.get_by_role("button", name=re.compile("Harbour permits in 2023")).click()
    expect(answers(page).nth(1)).to_contain_text("1,977")


def test_a_case_of_ones_own_leads_to_official_help(page):
    ask(page, "Will I be deported from Canada if my permit runs out?")
    link = answers(page).get_by_role("link", name="Immigration, Refugees and Citizenship Canada")
    expect(link).to_have_attribute("href", re.compile(r"^https://www\.canada\.ca/"))


def test_filters_narrow_the_answer_and_can_be_cleared(page):
    page.get_by_text("Filters").click()
    page.get_by_label("Outlet").select_option("El Faro de Puerto Gris")
    expect(page.locator("#filtered")).to_have_text("1")
    ask(page, QUESTION)
    expect(answers(page)).not_to_contain_text("1,977")
    page.get_by_role("button", name="Clear").click()
    ask(page, QUESTION)
    expect(answers(page).nth(1)).to_contain_text("1,977")
    page.get_by_label("From").fill("2024-01-01")
    page.get_by_label("To", exact=True).fill("2023-01-01")
    ask(page, QUESTION)
    expect(page.get_by_role("alert").filter(has_text="The period ends before it begins")).to_be_visible()


def test_an_as_of_day_counts_the_age_of_sources_from_it_and_is_named(page):
    page.get_by_text("Filters").click()
    page.get_by_label("As of").fill("2024-01-10")
    ask(page, "How many harbour permits were issued in 1950?")
    expect(answers(page)).to_contain_text("as of January 10, 2024")
    ask(page, QUESTION)
    page.goto(f"/a/{answers(page).nth(1).get_attribute('data-id')}")
    expect(page.get_by_text("Answered as of January 10, 2024.")).to_be_visible()


def test_a_time_without_articles_is_told_with_the_time_that_there_is(page):
    ask(page, "How many harbour permits were issued in 1950?")
    expect(answers(page).get_by_role("note")).to_contain_text("published from December 20, 2022 to April 2, 2024")
    page.get_by_label("Language", exact=True).select_option("es")
    expect(page.locator(".answer").get_by_role("note")).to_contain_text(
        "se publicaron entre el 20 de diciembre de 2022 y el 2 de abril de 2024"
    )


def test_what_is_quoted_in_another_language_says_so(page):
    ask(page, "¿Cuándo reabrió la oficina del transbordador de Puerto Gris?")
    expect(answers(page)).to_contain_text("reabrió el 3 de marzo de 2024")
    expect(answers(page).locator(".prose")).to_have_attribute("lang", "es")
    assert answers(page).evaluate("e => e.closest('[lang]').lang") == "en"
    page.goto("/articles")
    expect(page.get_by_role("link", name="Refugios del norte")).to_have_attribute("lang", "es")


def test_the_language_is_switched_and_the_conversation_kept(page):
    ask(page, QUESTION)
    expect(answers(page)).to_contain_text("Newest source:")
    page.get_by_label("Language", exact=True).select_option("fr")
    expect(page.get_by_role("article", name="Réponse")).to_contain_text("Source la plus récente")
    expect(page.get_by_role("article", name="Réponse")).to_contain_text("1,977")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_an_answer_is_shared_and_opened_in_a_fresh_browser(page, browser, address):
    ask(page, QUESTION)
    with page.expect_popup() as opening:
        answers(page).get_by_role("link", name="Open to share or print").click()
    link = opening.value.url
    fresh = browser.new_page(viewport=page.viewport_size, locale="es-ES")
    fresh.goto(link)
    expect(fresh.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(fresh.get_by_text("Las fuentes no han cambiado desde entonces.")).to_be_visible()
    fresh.get_by_role("link", name="Fuente 1").click()
    expect(fresh.locator("mark#s1")).to_have_text(REPORTED)
    expect(fresh.locator("#s1")).to_be_in_viewport()
    fresh.close()


def test_an_answer_prints_with_its_sources_and_without_buttons(page):
    ask(page, QUESTION)
    link = answers(page).get_attribute("data-id")
    page.goto(f"/a/{link}")
    page.emulate_media(media="print")
    expect(page.locator("mark#s1")).to_be_visible()
    expect(page.get_by_role("button", name="Print or save as PDF")).to_be_hidden()
    expect(page.locator("header.site")).to_be_hidden()
    printed = " ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf())).pages)
    assert REPORTED in " ".join(printed.split())
    assert "https://gazette.example/2023" in printed
    assert "Ask this again" not in printed


def test_a_question_is_edited_and_sent_again(page):
    ask(page, QUESTION)
    expect(answers(page)).to_contain_text("1,977")
    page.get_by_role("button", name="Edit question").click()
    box = page.get_by_role("textbox", name="Your question")
    expect(box).to_have_value(QUESTION)
    box.fill(QUESTION.replace("2023", "2022"))
    page.keyboard.press("Enter")
    expect(answers(page)).to_contain_text("1,412")
    expect(answers(page)).to_have_count(1)


def test_a_question_is_asked_again_and_its_answer_replaced(page):
    ask(page, QUESTION)
    expect(answers(page)).to_contain_text("1,977")
    first = answers(page).get_attribute("data-id")
    answers(page).get_by_role("button", name="Ask again").click()
    expect(page.locator(f'.answer:not([data-id="{first}"])')).to_contain_text("1,977")
    expect(answers(page)).to_have_count(1)
    answers(page).get_by_role("button", name="Useful", exact=True).click()
    expect(answers(page).get_by_text("Thank you")).to_be_visible()
    expect(answers(page).get_by_role("button", name="Useful", exact=True)).to_have_attribute("aria-pressed", "true")


def test_a_question_written_from_right_to_left_reads_from_right_to_left(page):
    ask(page, "متى أعيد فتح مكتب العبارة؟")
    expect(answers(page)).to_be_visible()
    words = page.locator(".question .words")
    assert words.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.locator("html").evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_answers_are_copied_and_judged(page, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    answer = answers(page)
    answer.get_by_role("button", name="Copy link").click()
    expect(answer.get_by_text("Copied")).to_be_visible()
    assert "/a/" in page.evaluate("() => navigator.clipboard.readText()")
    answer.get_by_role("button", name="Copy with sources").click()
    copied = page.evaluate(COPIED, "[1]")
    assert REPORTED in copied
    assert "[1] Harbour permits in 2023" in copied
    answer.get_by_role("button", name="Copy as Markdown").click()
    assert "1. [Harbour permits in 2023 · Westhaven Gazette" in page.evaluate(COPIED, "1. [")
    answer.get_by_role("button", name="Not useful").click()
    answer.get_by_label("Outdated").check()
    answer.get_by_role("button", name="Send feedback").click()
    expect(answer.get_by_text("Thank you")).to_be_visible()
    expect(answer.get_by_role("button", name="Not useful")).to_have_attribute("aria-pressed", "true")


def test_the_conversation_survives_a_reload_and_stays_in_this_browser(page, browser, address):
    ask(page, QUESTION)
    expect(answers(page)).to_contain_text("1,977")
    page.reload()
    expect(answers(page)).to_contain_text("1,977")
    page.get_by_role("button", name="New").click()
    expect(page.get_by_role("heading", name="What do you want to know?")).to_be_visible()
    earlier = page.get_by_role("region", name="Earlier in this browser")
    expect(earlier.get_by_role("button", name=QUESTION)).to_be_visible()
    stranger = browser.new_page()
    stranger.goto(address)
    expect(stranger.get_by_text("Earlier in this browser")).to_be_hidden()
    stranger.close()
    earlier.get_by_role("button", name="Delete all").click()
    expect(earlier).to_be_hidden()


def test_two_tabs_keep_their_own_conversations(page, context):
    ask(page, QUESTION)
    expect(answers(page)).to_have_count(1)
    other = context.new_page()
    other.goto("/")
    expect(other.get_by_role("heading", name="What do you want to know?")).to_be_visible()
    ask(other, HOSTILE)
    expect(answers(other)).to_contain_text("Oakmere")
    page.reload()
    expect(answers(page)).to_contain_text("1,977")
    assert page.evaluate("JSON.parse(localStorage['passage.conversations']).length") == 2


def test_what_an_article_says_is_shown_and_never_run(page):
    ask(page, HOSTILE)
    expect(answers(page)).to_contain_text("moves to <b>Oakmere</b>")
    page.get_by_role("link", name="Source 1", exact=True).click()
    expect(source(page).first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(source(page).first.get_by_role("link", name="Original article")).to_have_count(0)
    expect(page.locator("#turns img, #turns script, aside img")).to_have_count(0)
    expect(page.locator("a[href^='javascript']")).to_have_count(0)


@pytest.mark.parametrize(
    "question",
    [
        "<img src=x onerror=alert(4)>",
        "متى أعيد فتح المكتب؟ \u202eabc",
        "word" * 200,
        "🛂🛃❓",
        "'; DROP TABLE answers; --",
    ],
)
def test_odd_questions_are_shown_as_they_are_and_break_nothing(page, question):
    ask(page, question)
    expect(answers(page)).to_be_visible()
    expect(page.locator(".question .words")).to_contain_text(question[:20])
    expect(page.locator("#turns img")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_nothing_and_too_much_are_said_and_what_was_typed_is_kept(page):
    trouble = page.locator("#trouble")
    ask(page, "   ")
    expect(trouble).to_have_text("Type a question first.")
    ask(page, "a pasted article " * 600)
    expect(trouble).to_contain_text("at most 1000 characters")
    assert len(page.get_by_role("textbox", name="Your question").input_value()) == 17 * 600
    expect(answers(page)).to_have_count(0)


def test_a_lost_connection_is_said_and_the_question_can_be_retried(page):
    ask(page, QUESTION)
    expect(answers(page)).to_have_count(1)
    page.context.set_offline(True)
    ask(page, "And in 2022?")
    lost = page.get_by_role("alert").filter(has_text="The connection was lost.")
    expect(lost).to_be_visible()
    expect(answers(page)).to_have_count(1)
    page.context.set_offline(False)
    lost.get_by_role("button", name="Ask again").click()
    expect(answers(page).nth(1)).to_contain_text("1,412")


def test_a_stream_that_breaks_off_is_not_taken_for_an_answer(page):
    half = 'event: generating\ndata: [{"kind": "words", "html": "The harbour office"}]\n\n'
    page.route(STREAM, lambda route: route.fulfill(body=half, content_type="text/event-stream"))
    ask(page, QUESTION)
    expect(page.get_by_role("alert").filter(has_text="The connection was lost.")).to_be_visible()
    expect(page.get_by_text("The harbour office", exact=True)).to_be_visible()
    expect(answers(page)).to_have_count(0)


def test_a_slow_answer_can_be_stopped(page):
    held: list[Route] = []
    page.route(STREAM, lambda route: held.append(route))
    ask(page, QUESTION)
    expect(page.get_by_text("Looking through the articles").last).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("alert").filter(has_text="Stopped.")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    for route in held:
        route.abort()


@pytest.mark.parametrize("path", ["/", "/articles", "/articles/hostile", "shared"])
def test_nothing_scrolls_sideways_on_the_narrowest_screen(browser, address, path):
    page = browser.new_page(viewport={"width": 320, "height": 640}, base_url=address)
    page.goto("/" if path == "shared" else path)
    if path in ("/", "shared"):
        ask(page, HOSTILE)  # its headline is long
        expect(answers(page)).to_be_visible()
        page.get_by_text("Filters").click()
    if path == "shared":
        page.goto(f"/a/{answers(page).get_attribute('data-id')}")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


def test_without_javascript_a_question_is_answered(browser, address):
    context = browser.new_context(java_script_enabled=False, base_url=address, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    page.locator("textarea").fill(QUESTION)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(page.locator("mark#s1")).to_have_text(REPORTED)
    context.close()
