"""Staff flag articles and outlets, and see what was answered from them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from corpus.database import Database
from corpus.flags import FlagKind, Flags, Scope
from ui.staff.audit_trail import AuditTrail, Chosen
from ui.staff.console import Console
from ui.staff.sources import Sources

from .conftest import NEW, OLD, TODAY, LogAnswer

pytestmark = pytest.mark.slow
HALF_A_YEAR = timedelta(days=180)
FLAG, UNFLAG = "/staff/sources/flag", "/staff/sources/unflag"
PAGE = f"/staff/sources/articles/{OLD.id}"


@pytest.fixture
def sources(console: Console, log: Database) -> Sources:
    return Sources(console.assistant.store, log)


@pytest.fixture
def flags(console: Console) -> Flags:
    return Flags(console.assistant.store.database)


@pytest.fixture
def admin(new_browser: Callable):
    opened = new_browser()
    assert opened.sign_in("ada").status_code == 303
    return opened


def _flag(browser, kind="corrected", note="It was 821.", subject=OLD.id, scope="article", path=FLAG, **more):
    fields = {"csrf": browser.token(PAGE), "scope": scope, "subject": subject, "kind": kind, "note": note}
    return browser.post(path, data=fields | more)


def test_old_articles_are_listed_by_how_many_answers_rest_on_them(answered: LogAnswer, sources: Sources) -> None:
    answered("How many?", cites=(OLD, NEW))
    answered("How many in 2019?", cites=(OLD, OLD), at=TODAY - timedelta(days=3))
    answered("When did the ferry office reopen?", cites=(NEW,))

    [use] = sources.stale(HALF_A_YEAR)
    assert (use.article.article_id, use.answers, use.last_at, use.age) == (OLD.id, 2, TODAY, timedelta(days=2000))
    assert [use.answers for use in sources.stale(timedelta(days=10))] == [2, 2]
    assert sources.stale(timedelta(days=3000)) == []


def test_hidden_and_removed_articles_are_no_longer_stale_sources(
    answered: LogAnswer, sources: Sources, console: Console
) -> None:
    answered("How many?", cites=(OLD, NEW))
    sources.flag("ada", Scope.ARTICLE, OLD.id, FlagKind.CORRECTED, "It was 821.")
    assert [flag.kind for use in sources.stale(HALF_A_YEAR) for flag in use.flags] == ["corrected"]
    sources.flag("ada", Scope.OUTLET, OLD.source, FlagKind.HIDDEN, "")
    assert sources.stale(HALF_A_YEAR) == []
    console.assistant.store.remove(NEW.id)
    assert sources.stale(timedelta(days=10)) == []


def test_same_questions_are_one_row_with_the_last_answer(answered: LogAnswer, sources: Sources) -> None:
    answered("How many permits?", at=TODAY - timedelta(days=2))
    last = answered("how many permits", at=TODAY)
    other = answered("Who said so?", cites=(OLD, OLD), at=TODAY - timedelta(days=1))
    answered("When?", cites=(NEW,))

    total, rows = sources.affected(OLD.id)
    assert total == 3
    assert [(row.answer_id, row.question, row.answers) for row in rows] == [
        (last, "how many permits", 2),
        (other, "Who said so?", 1),
    ]
    assert sources.affected("nowhere") == (0, [])


def test_a_reviewer_flags_an_article_and_takes_the_flag_away(reviewer, answered, flags: Flags, log: Database) -> None:
    question = answered("How many permits?")
    done = _flag(reviewer)
    assert (done.status_code, done.headers["location"]) == (303, PAGE)
    page = reviewer.get(PAGE).text
    assert "It was 821." in page
    assert f"/staff/answers/{question}" in page

    assert _flag(reviewer, path=UNFLAG).status_code == 303
    assert flags.all() == []
    noted = [e for e in AuditTrail(log).entries(Chosen(account="ria")) if "flag" in e.action]
    assert [(e.action, e.subject, dict(e.detail)) for e in noted] == [
        ("unflag", OLD.id, {"scope": "article", "kind": "corrected"}),
        ("flag", OLD.id, {"scope": "article", "kind": "corrected", "note": "It was 821."}),
    ]


def test_what_cant_be_noted_isnt_done(sources: Sources, flags: Flags, log: Database) -> None:
    sources.flag("ada", Scope.ARTICLE, NEW.id, FlagKind.HIDDEN, "")
    before = flags.all()
    with log.transaction() as connection:
        connection.execute("ALTER TABLE audit RENAME TO away")
    with pytest.raises(sqlite3.OperationalError):
        sources.flag("ada", Scope.ARTICLE, OLD.id, FlagKind.HIDDEN, "")
    with pytest.raises(sqlite3.OperationalError):
        sources.unflag("ada", Scope.ARTICLE, NEW.id, FlagKind.HIDDEN)
    assert flags.all() == before


def test_what_was_typed_stays_when_a_flag_cant_be_set(reviewer, log: Database, flags: Flags) -> None:
    refused = _flag(reviewer, kind="retracted", note=" ")
    assert refused.status_code == 422
    assert "A retracted article needs a note." in refused.text
    assert re.search(r'value="retracted" required checked', refused.text)
    too_long = _flag(reviewer, note="word " * 200)
    assert "at most 500 are kept" in too_long.text
    assert "word word" in too_long.text
    assert flags.all() == []
    assert AuditTrail(log).count(Chosen(action="flag")) == 0


def test_only_an_administrator_hides_an_outlet(reviewer, admin, log: Database, flags: Flags) -> None:
    assert "Hide a whole outlet" not in reviewer.get("/staff/sources").text
    outlet = {"scope": "outlet", "subject": OLD.source, "kind": "hidden", "note": "Reprints."}
    assert _flag(reviewer, **outlet).status_code == 403
    assert flags.all() == []

    assert "Hide a whole outlet" in admin.get("/staff/sources").text
    assert _flag(admin, **outlet).headers["location"] == "/staff/sources#flags"
    assert flags.hides(OLD.id)
    assert "Hidden with its outlet" in reviewer.get(PAGE).text
    assert _flag(reviewer, **outlet, path=UNFLAG).status_code == 403
    assert _flag(admin, **outlet, path=UNFLAG).status_code == 303
    assert not flags.hides(OLD.id)


@pytest.mark.parametrize("path", [FLAG, UNFLAG])
def test_nothing_changes_without_a_session_or_its_token(path, new_browser, reviewer, log, flags: Flags) -> None:
    fields = {"scope": "article", "subject": OLD.id, "kind": "hidden", "note": ""}
    flags.set(Scope.ARTICLE, NEW.id, FlagKind.HIDDEN, "", "ada")
    before = flags.all()
    token = reviewer.token(PAGE)
    assert new_browser().post(path, data=fields | {"csrf": token}).status_code == 401
    assert reviewer.post(path, data=fields).status_code == 403
    assert reviewer.post(path, data=fields | {"csrf": "x" + token[1:]}).status_code == 403
    elsewhere = reviewer.post(path, data=fields | {"csrf": token}, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    assert flags.all() == before


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"subject": "nowhere"}, 404),
        ({"kind": "praised"}, 422),
        ({"scope": "planet"}, 422),
        ({"subject": "nowhere", "path": UNFLAG}, 404),
    ],
)
def test_nonsense_is_refused_politely(reviewer, log, flags: Flags, fields, status) -> None:
    answer = _flag(reviewer, **fields)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert flags.all() == []


def test_articles_are_found_by_title_key_and_outlet(reviewer, log: Database) -> None:
    def found(query: str) -> list[str]:
        section = reviewer.get(f"/staff/sources?{query}").text.split('id="found"')[1].split("</section>")[0]
        return re.findall(r'href="/staff/sources/articles/([^"]+)"', section)

    assert found("q=HARBOUR") == [OLD.id]
    assert found("q=permit/2019") == [OLD.id]
    assert found("outlet=The+Northern+Post") == [NEW.id]
    assert found("q=harbour&outlet=The+Northern+Post") == []
    assert 'id="found"' not in reviewer.get("/staff/sources").text


def test_a_script_in_a_title_or_a_note_is_text(reviewer, log: Database) -> None:
    _flag(reviewer, subject=NEW.id, note="<script>alert(1)</script>")
    for path in ("/staff/sources?q=ferry", f"/staff/sources/articles/{NEW.id}"):
        page = reviewer.get(path).text
        assert "<script>" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "&lt;script&gt;document" in page
