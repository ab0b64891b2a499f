"""Signing in and out: the right ones in, the others kept out, and no word about which accounts there are."""

from __future__ import annotations

import html
import json
import re
import statistics
import time

import pytest
from argon2 import PasswordHasher

from ui.staff import passwords
from ui.staff.security import COOKIE

from .conftest import PASSWORD


def audit(console):
    with console.log.database.reading() as connection:
        rows = connection.execute("SELECT account, action, subject, detail FROM audit ORDER BY audit_id")
        return [(row["account"], row["action"], row["subject"], json.loads(row["detail"])) for row in rows]


def cookie_of(browser):
    return next((cookie.value for cookie in browser.cookies.jar if cookie.name == COOKIE), None)


def words_of(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_right_password_leads_where_one_wanted_to_go(console, new_browser):
    browser = new_browser()
    led = browser.get("/staff/reports?week=3")
    page = browser.get(led.headers["location"]).text
    assert 'name="next" value="/staff/reports?week=3"' in page
    done = browser.sign_in(" RIA ", next="/staff/reports?week=3")  # as phones write names
    assert done.headers["location"] == "/staff/reports?week=3"
    assert browser.get("/staff/sign-in").status_code == 303  # already in
    assert audit(console)[-1] == ("ria", "sign_in", "ria", {"by": "password"})


def test_a_refusal_doesnt_tell_whether_the_account_exists(console, new_browser):
    console.accounts.add("sso", "reviewer", None, subject="sso@example.org")
    pages = {}
    for name, password in (("ria", "wrong"), ("nobody", "wrong"), ("sso", "wrong"), ("nobody", ""), ("ria", "")):
        browser = new_browser()
        refused = browser.sign_in(name, password)
        assert refused.status_code == 403
        assert cookie_of(browser) is None
        pages[name, password] = re.sub(r'(name="csrf" value|name="name" value)="[^"]*"', "", refused.text)
    assert len(set(pages.values())) == 1
    assert "wrong" in words_of(pages["ria", "wrong"])


def test_a_locked_account_says_no_more_than_a_wrong_password(console, new_browser):
    browser = new_browser()
    refusals = [browser.sign_in("ria", "wrong").text for _ in range(6)]
    locked = browser.sign_in("ria")
    assert locked.status_code == 403
    strip = re.compile(r'name="csrf" value="[^"]*"')
    assert strip.sub("", locked.text) == strip.sub("", refusals[0])
    assert audit(console)[-1][3] == {"because": "locked"}
    assert new_browser().sign_in("ada").status_code == 303  # nobody else is


def test_an_unknown_name_takes_as_long_as_a_wrong_password(console, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())  # at what a password costs in use
    passwords._nobodys_hash.cache_clear()
    console.accounts.set_password("ria", PASSWORD)

    def seconds(name):
        times = []
        for _ in range(7):
            started = time.perf_counter()
            assert console.accounts.sign_in(name, "a wrong password") is None
            times.append(time.perf_counter() - started)
        return statistics.median(times)

    known, unknown = seconds("ria"), seconds("nobody")
    assert 0.5 < unknown / known < 2


def test_what_was_typed_as_an_unknown_name_isnt_kept(console, new_browser):
    new_browser().sign_in("my secret password", "x")
    assert audit(console)[-1] == ("", "sign_in_failed", "", {"because": "unknown name"})


def test_the_session_is_another_after_every_sign_in(console, new_browser):
    victim = new_browser()
    attacker = new_browser()
    attacker.sign_in("ria")
    planted = cookie_of(attacker)
    victim.cookies.set(COOKIE, planted, domain="console.example", path="/staff")
    token = re.search(r'name="csrf" value="([^"]+)"', new_browser().get("/staff/sign-in").text)[1]
    assert token
    victim.get("/staff/sign-in")  # leads on: it is signed in, as the attacker
    console.sessions.end(planted)
    victim.sign_in("ada")
    assert cookie_of(victim) != planted
    assert console.sessions.of(planted) is None


def test_a_planted_cookie_never_becomes_a_session(console, new_browser):
    for planted in ("chosen-by-an-attacker", console.sessions._signer.sign("chosen-by-an-attacker").decode()):
        victim = new_browser()
        victim.cookies.set(COOKIE, planted, domain="console.example", path="/staff")
        victim.sign_in("ria")
        values = {cookie.value for cookie in victim.cookies.jar if cookie.name == COOKIE}
        assert planted not in values
        assert console.sessions.of(planted) is None


def test_signing_in_again_ends_the_session_before(console, new_browser):
    browser = new_browser()
    browser.sign_in("ria")
    first = cookie_of(browser)
    token = new_browser()
    page = token.get("/staff/sign-in")
    browser.cookies.update(token.cookies)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    done = browser.post("/staff/sign-in", data={"csrf": csrf, "name": "ada", "password": PASSWORD})
    assert done.status_code == 303
    assert console.sessions.of(first) is None
    assert console.sessions.of(cookie_of(browser)).account == "ada"


@pytest.mark.parametrize("send", [{}, {"csrf": "x"}])
def test_nobody_is_signed_in_from_another_page(console, new_browser, send):
    browser = new_browser()
    browser.get("/staff/sign-in")
    done = browser.post("/staff/sign-in", data={"name": "ria", "password": PASSWORD, **send})
    assert done.status_code == 403
    assert cookie_of(browser) is None
    without_cookie = new_browser().post(
        "/staff/sign-in", data={"name": "ria", "password": PASSWORD, "csrf": browser.token()}
    )
    assert without_cookie.status_code == 403
    assert "cookie" in words_of(without_cookie.text)
    elsewhere = browser.post(
        "/staff/sign-in",
        data={"name": "ria", "password": PASSWORD, "csrf": browser.token()},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert elsewhere.status_code == 403


def test_two_sign_in_pages_of_one_browser_both_work(new_browser):
    browser = new_browser()
    first, second = browser.token(), browser.token()
    assert first == second
    done = browser.post("/staff/sign-in", data={"csrf": first, "name": "ria", "password": PASSWORD})
    assert done.status_code == 303


def test_without_an_account_the_page_says_how_to_make_one(console, new_browser):
    said = words_of(new_browser().get("/staff/sign-in").text)
    assert "no account yet" not in said
    for name in ("ria", "ada"):
        console.accounts.remove(name)
    said = words_of(new_browser().get("/staff/sign-in").text)
    assert f"passage staff add NAME --role admin --data {console.folder}" in said


def test_signing_out_ends_this_session_only(console, new_browser):
    here, there = new_browser(), new_browser()
    for browser in (here, there):
        browser.sign_in("ria")
    done = here.post("/staff/sign-out", data={"csrf": here.token("/staff")})
    assert done.headers["location"] == "/staff/sign-in"
    assert cookie_of(here) is None
    assert here.get("/staff").status_code == 303
    assert there.get("/staff").status_code == 200
    assert audit(console)[-1] == ("ria", "sign_out", "ria", {})


def test_signing_out_everywhere_ends_all(console, new_browser):
    here, there, colleague = new_browser(), new_browser(), new_browser()
    here.sign_in("ria")
    there.sign_in("ria")
    colleague.sign_in("ada")
    here.post("/staff/sign-out", data={"csrf": here.token("/staff"), "everywhere": "yes"})
    assert there.get("/staff").status_code == 303
    assert colleague.get("/staff").status_code == 200


@pytest.mark.parametrize("change", ["remove", "passwd"])
def test_a_removed_account_and_a_changed_password_end_every_session(console, new_browser, change):
    browser = new_browser()
    browser.sign_in("ria")
    if change == "remove":
        console.accounts.remove("ria")
    else:
        console.accounts.set_password("ria", "another horse battery")
    assert browser.get("/staff").status_code == 303
    assert new_browser().sign_in("ria").status_code == 403


def test_long_and_odd_input_is_refused_quietly(new_browser):
    browser = new_browser()
    for fields in (
        {"name": "x" * 5000},
        {"password": "x" * 5000},
        {"name": "<script>alert(1)</script>"},
        {"name": "\x00"},
    ):
        refused = browser.post(
            "/staff/sign-in", data={"csrf": browser.token(), "name": "ria", "password": "x", **fields}
        )
        assert refused.status_code in {403, 422}
        assert "<script>alert" not in refused.text


def test_an_error_in_the_console_is_said_there(reviewer):
    missing = reviewer.get("/staff/nothing")
    assert missing.status_code == 404
    assert "There is no such page in the console." in missing.text
    assert 'action="/staff/sign-out"' in missing.text
    assert reviewer.get("/staff/nothing", headers={"accept": "application/json"}).json()["error"]
