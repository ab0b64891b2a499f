"""A reviewer's day in a real browser: by keyboard, beside a colleague, without the script, safe from what is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from rag.answer import Answer, Citation, Reason, Sentence, Turn
from rag.sentences import split_sentences
from ui.answer_log.models import Feedback, FeedbackReason

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "correct horse battery"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOST_MS, MOST_KEYS = 300, 6
SERVER_MS = """() => {
  const [visit] = performance.getEntriesByType("navigation");
  return visit.responseStart - visit.requestStart;
}"""


@pytest.fixture
def log(site):
    """The served log, emptied."""
    with site.log.database.transaction() as connection:
        for table in ("signed_off", "reviews", "answers", "opened"):
            connection.execute(f"DELETE FROM {table}")
    return site.log


@pytest.fixture
def make(site):
    """An answer that quotes the sentences of given numbers of an article."""
    articles = {article.article_id: article for article in site.articles}

    def answer(
        question: str, article_id: str = "permits", numbers: tuple[int, ...] = (1,), **values: object
    ) -> Answer:
        article = articles[article_id]
        spans = [split_sentences(article.text)[number] for number in numbers]
        citations = tuple(
            Citation(
                n=n, article_id=article_id, version=1, title=article.title, source=article.source, url=article.url,
                published=article.published, quote=article.text[start:end], start=start, end=end,
            )
            for n, (start, end) in enumerate(spans, start=1)
        )  # fmt: skip
        known = {
            "question": question, "answer": " ".join(f"{c.quote} [{c.n}]" for c in citations), "refused": False,
            "sentences": tuple(Sentence(text=c.quote, citations=(c.n,), support=1.0) for c in citations),
            "citations": citations, "confidence": 0.9, "as_of": "2024-06-01", "model": "extractive",
            "settings": "0" * 12, "timings_ms": {"total": 31.0},
        }  # fmt: skip
        return Answer.model_validate(known | values)

    return answer


@pytest.fixture
def visit(browser: Browser, site) -> Iterator[object]:
    """Signs a reviewer in, in a browser of their own."""
    contexts = []

    def sign_in(name: str = "ana", address: str = site.address, **options: object) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "base_url": address, "reduced_motion": "reduce"} | options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        page.on("pageerror", lambda error: pytest.fail(f"the console's script failed: {error}"))
        page.goto("/staff")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Queue")).to_be_attached()
        return page

    yield sign_in
    for context in contexts:
        context.close()


def press(page: Page, *keys: str) -> int:
    expect(page.locator(".keyhint")).to_be_visible()  # shown by the script that listens to keys
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}}).response
    assert found["passes"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found["violations"] for node in v["nodes"]]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def question(page: Page):
    return page.get_by_role("heading", level=1)


def done(page: Page):
    return page.locator(".done")


def verdict_of(log, answer_id: str):
    with log.database.reading() as connection:
        row = connection.execute(
            "SELECT verdict, sentences, note, edited, reviewer FROM reviews WHERE answer_id = ? AND undone_at IS NULL"
            " ORDER BY review_id DESC",
            (answer_id,),
        ).fetchone()
    return row and dict(row)


def test_with_fifty_thousand_answers_one_is_judged_with_few_keys_and_no_waiting(visit, busy_site):
    page = visit(address=busy_site.address)
    waits = [page.evaluate(SERVER_MS)]
    press(page, "Enter")
    for number in range(6):
        expect(page.locator("#review")).to_be_visible()
        waits.append(page.evaluate(SERVER_MS))
        here = page.url
        if number % 2 or not page.locator(".finding").count():
            pressed = press(page, "g", "Enter")
        else:  # the second thoughts: the first sentence isn't supported, so all of it is wrong
            others = page.locator(".finding").count() - 1
            pressed = press(page, "3", *["1"] * others, "2", "Enter")
        assert pressed <= MOST_KEYS
        page.wait_for_url(lambda url, here=here: url.split("?")[0] != here.split("?")[0])
    expect(done(page)).to_contain_text("Saved:")
    for address in (
        "/staff?state=all&page=40",
        "/staff?words=permits&votes=none",
        "/staff?signal=stale&outlet=The+Northern+Post",
    ):
        page.goto(address)
        expect(page.locator(".item").first).to_be_visible()
        waits.append(page.evaluate(SERVER_MS))
    assert max(waits) < MOST_MS, waits
    with busy_site.log.database.reading() as connection:
        rows = connection.execute(
            "SELECT verdict, seconds FROM reviews WHERE reviewer = 'ana' AND created_at >= date()"
        )
        assert len([row for row in rows if row["seconds"] < 60]) >= 6


def test_each_key_does_what_the_list_says(visit, log, make):
    ids = [log.record(make(f"Question {n}?", numbers=(1, 2), confidence=0.9 - n / 100)) for n in range(3)]
    page = visit()
    press(page, "j", "j", "k", "Enter")  # the list: the second, back to the first
    expect(question(page)).to_have_text("Question 2?")
    expect(page.locator(".finding").first).to_have_class(re.compile("current"))
    press(page, "2", "j", "k", "3")
    expect(page.get_by_role("radio", name="Partly").first).to_be_checked()
    expect(page.get_by_role("radio", name="Not").nth(1)).to_be_checked()
    press(page, "a")
    expect(page.get_by_role("radio", name="Supported").first).to_be_checked()
    press(page, "c")
    page.keyboard.type("jkq: typed, not pressed")
    press(page, "Escape", "Enter")
    expect(page.locator("#hint")).to_contain_text("Choose a verdict")
    press(page, "i", "Enter")
    expect(question(page)).to_have_text("Question 1?")
    assert verdict_of(log, ids[2])["verdict"] == "incomplete"
    assert verdict_of(log, ids[2])["note"] == "jkq: typed, not pressed"
    press(page, "u")
    expect(question(page)).to_have_text("Question 2?")
    assert verdict_of(log, ids[2]) is None
    press(page, "n")
    expect(question(page)).to_have_text("Question 1?")
    press(page, "t")
    expect(page.get_by_text("Nothing was considered.")).to_be_visible()
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.get_by_label("Single keys work").uncheck()
    press(page, "Escape", "q")
    expect(question(page)).to_have_text("Question 1?")
    press(page, "?")
    page.get_by_label("Single keys work").check()
    press(page, "Escape", "q")
    expect(page.get_by_role("heading", name="Queue")).to_be_attached()
    press(page, "/")
    expect(page.get_by_label("Words")).to_be_focused()


def test_one_screen_shows_all_that_a_verdict_needs(visit, log, make):
    history = [Turn(role="user", content="What is new in Westhaven?"), Turn(role="assistant", content="A lot.")]
    answer_id = log.record(make("How many day permits?"), history)
    log.feedback(answer_id, Feedback(False, FeedbackReason.OUTDATED, "That was last year."))
    log.record(make("How many day permits?", "ferry", (0,)), history)
    page = visit()
    page.goto(f"/staff/answers/{answer_id}")
    source = page.locator(".source")
    expect(source.locator("mark")).to_have_text(
        "The harbour office issued 1,977 day permits in 2023, clerk Jon Aas said."
    )
    expect(source).to_contain_text("The town of Westhaven has one harbour office.")
    expect(source).to_contain_text("Most went to seasonal workers from the islands.")
    expect(source).to_contain_text("Westhaven Gazette · 20 Dec 2023")
    expect(page.get_by_text("What is new in Westhaven?")).to_be_visible()
    about = page.get_by_role("complementary", name="About this answer")
    expect(about).to_contain_text("Not useful: outdated")
    expect(about).to_contain_text("That was last year.")
    expect(about).to_contain_text("Other answers to this question")
    expect(about).to_contain_text("0.90")
    page.get_by_text("How it was made").click()
    expect(about.get_by_text("0" * 12)).to_be_visible()


def test_two_reviewers_never_overwrite_each_other_unseen(visit, log, make):
    answer_id = log.record(make("How many day permits?"))
    ana, ben = visit("ana"), visit("ben")
    ana.goto(f"/staff/answers/{answer_id}")
    ben.goto(f"/staff/answers/{answer_id}")
    expect(ben.get_by_text("ana has this answer open, too.")).to_be_visible()
    press(ana, "g", "Enter")
    expect(done(ana)).to_contain_text("Saved: Good")
    press(ben, "1", "w", "c")
    ben.keyboard.type("Another year was asked about.")
    with ben.expect_response(lambda response: response.request.method == "POST") as sent:
        ben.get_by_role("button", name="Save, next").click()
    assert sent.value.status == 409
    expect(ben.get_by_role("alert")).to_contain_text("ana judged this answer while you had it open.")
    expect(ben.get_by_role("alert")).to_contain_text("Good")
    expect(ben.get_by_label("Note")).to_have_value("Another year was asked about.")
    assert verdict_of(log, answer_id)["reviewer"] == "ana"
    ben.get_by_role("button", name="Save mine over it").click()
    expect(done(ben)).to_contain_text("Saved: Wrong")
    assert verdict_of(log, answer_id)["reviewer"] == "ben"


def test_an_answer_is_edited_by_quoting_and_what_isnt_borne_out_is_refused(visit, log, make):
    answer_id = log.record(make("How many day permits?", numbers=(1, 2)))
    page = visit()
    press(page, "Enter")
    expect(page.locator("#review")).to_be_visible()
    press(page, "e")
    lines = page.locator("#editor textarea")
    expect(lines).to_have_count(2)
    page.get_by_role("button", name="Drop sentence 1").click()
    expect(lines).to_have_count(1)
    page.get_by_role("button", name="Quote: The harbour office issued").click()
    expect(lines).to_have_count(2)
    page.get_by_role("button", name="Move sentence 2 up").click()
    expect(lines.first).to_have_value(re.compile("^The harbour office issued 1,977"))
    page.get_by_label("Quote a sentence").select_option("instead of sentence 2")
    page.get_by_label("from articles about").fill("ferry refunds")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Quote: Mayor Ingrid Solberg").click()
    expect(lines.nth(1)).to_have_value(re.compile("^Mayor Ingrid Solberg"))
    lines.first.fill("The harbour office issued 2,400 day permits in 2023.")
    press(page, "Escape", "w", "Enter")
    expect(page.get_by_role("alert").first).to_contain_text("2,400")
    assert verdict_of(log, answer_id) is None
    page.locator("#editor textarea").first.fill(
        "The harbour office issued 1,977 day permits in 2023, clerk Jon Aas said."
    )
    page.get_by_role("button", name="Check the wording").click()
    expect(page.locator(".check .for")).to_have_count(2)
    page.get_by_role("button", name="Save, next").click()
    expect(done(page)).to_contain_text("Saved: Wrong, edited")
    edited = Answer.model_validate_json(verdict_of(log, answer_id)["edited"])
    assert [citation.article_id for citation in edited.citations] == ["permits", "ferry"]


def test_everything_works_without_the_script(visit, log, make):
    ids = [log.record(make(f"Question {n}?", numbers=(1, 2), confidence=0.9 - n / 100)) for n in range(2)]
    page = visit(java_script_enabled=False)
    page.get_by_role("link", name="Question 1?").click()
    page.get_by_role("button", name="Save, next").click()
    expect(page.get_by_role("alert")).to_contain_text("No verdict was chosen")
    page.locator("label", has_text="Incomplete").click()
    page.get_by_role("button", name="Edit the answer").click()
    expect(page.get_by_role("radio", name="Incomplete")).to_be_checked()
    page.get_by_role("button", name="Drop sentence 2").click()
    page.get_by_role("button", name="Save, next").click()
    expect(question(page)).to_have_text("Question 0?")
    assert verdict_of(log, ids[1])["edited"]
    done(page).get_by_role("button", name="Undo").click()
    expect(question(page)).to_have_text("Question 1?")
    assert verdict_of(log, ids[1]) is None


def test_what_visitors_articles_and_colleagues_write_is_shown_and_never_run(visit, log, make):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    history = [Turn(role="user", content=evil), Turn(role="assistant", content=evil)]
    answer_id = log.record(make(f"{evil} How many?", "hostile", (0,)), history)
    log.feedback(answer_id, Feedback(False, None, evil))
    refusal = {"refused": True, "reason": Reason.NOT_COVERED, "sentences": (), "citations": (), "answer": evil}
    log.record(make(f"{evil} Refused?", **refusal))
    page = visit()
    expect(page.locator(".item").first).to_contain_text(evil)
    page.goto(f"/staff/answers/{answer_id}")
    expect(question(page)).to_contain_text(evil)
    expect(page.locator(".conversation")).to_contain_text(evil)
    expect(page.locator(".votes")).to_contain_text(evil)
    expect(page.locator(".source mark")).to_contain_text("<b>Oakmere</b>")
    expect(page.locator(".source")).to_contain_text("<img src=x onerror=alert(1)>")
    press(page, "e")
    expect(page.locator("#editor .offered").first).to_contain_text("<script>alert(2)</script>")
    press(page, "Escape", "g", "c")
    page.keyboard.type(evil)
    page.get_by_role("button", name="Save, next").click()
    expect(done(page)).to_be_visible()
    page.goto(f"/staff/answers/{answer_id}")
    expect(page.get_by_role("note").filter(has_text=evil)).to_be_visible()
    expect(page.locator("main script, main img")).to_have_count(0)
    expect(page.locator("a[href^='javascript']")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_screen_has_a_violation(visit, log, make, scheme, width):
    page = visit(viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = {"empty": violations(page)}
    judged = log.record(make("How many day permits?", numbers=(1, 2)), [Turn(role="user", content="Permits?")])
    log.feedback(judged, Feedback(False, FeedbackReason.WRONG, "No."))
    log.record(make("Refused?", refused=True, reason=Reason.NOT_COVERED, sentences=(), citations=(), answer="No."))
    log.record(make("Moved?", "hostile", (0,)))
    page.goto("/staff?state=all&words=permits")
    found["filtered"] = violations(page)
    page.goto("/staff?words=nowhere")
    found["nothing matches"] = violations(page)
    page.goto("/staff")
    found["list"] = violations(page)
    page.goto(f"/staff/answers/{judged}")
    page.locator(".trace summary").first.click()
    found["review"] = violations(page)
    press(page, "1", "2", "w", "e")
    expect(page.locator("#editor textarea")).to_have_count(2)
    page.locator("#editor textarea").first.fill("There were 5,000 permits.")
    page.get_by_role("button", name="Check the wording").click()
    expect(page.locator(".line.wrong")).to_have_count(1)
    found["editing"] = violations(page)
    page.get_by_role("button", name="Don’t edit").click()
    expect(page.locator("#editor")).to_be_hidden()
    page.get_by_role("button", name="Save, next").click()
    expect(done(page)).to_be_visible()
    found["saved"] = violations(page)
    page.goto(f"/staff/answers/{judged}")
    found["judged"] = violations(page)
    press(page, "?")
    found["keys"] = violations(page)
    assert {state: each for state, each in found.items() if each} == {}


def test_nothing_scrolls_sideways_on_a_small_phone(visit, log, make):
    long = "Donaudampfschifffahrtsgesellschaft" * 6
    answer_id = log.record(make(f"{long}?", numbers=(0, 1, 2)), [Turn(role="user", content=long)])
    log.feedback(answer_id, Feedback(False, FeedbackReason.WRONG, long))
    page = visit(viewport={"width": 320, "height": 700})
    assert not scrolls_sideways(page)
    page.goto("/staff?words=permits")
    assert not scrolls_sideways(page)
    page.goto(f"/staff/answers/{answer_id}")
    for summary in page.locator(".trace summary").all():
        summary.click()
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Edit the answer").click()
    expect(page.locator("#editor textarea")).to_have_count(3)
    assert not scrolls_sideways(page)


def test_an_empty_console_says_what_will_come(visit, log):
    page = visit()
    expect(page.get_by_role("heading", name="Nothing to check yet")).to_be_visible()
    page.goto("/staff?state=judged")
    expect(page.get_by_role("heading", name="Nothing to check yet")).to_be_visible()
    page.goto("/staff/next")
    expect(page).to_have_url(re.compile("/staff$"))
    page.goto("/staff/answers/none")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_the_question_is_asked_again_of_the_articles_as_they_are(visit, log, make):
    log.record(make("When did the ferry office in Westhaven reopen?"))
    page = visit()
    press(page, "Enter")
    page.get_by_role("button", name="Ask again now").click()
    expect(page.locator(".finding .sentence").first).to_contain_text("reopened on 3 March 2024")
    expect(page.get_by_role("complementary", name="About this answer")).to_contain_text("Other answers")
    page.get_by_role("button", name="Ask again now").click()
    expect(page.get_by_role("alert")).to_contain_text("the answer is the same")
