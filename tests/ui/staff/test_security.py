"""Every route under /staff, whoever adds it: nobody without a session, nothing without a token, no page to keep."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime

import pytest
from fastapi import Depends
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from itsdangerous import Signer

from corpus.errors import StoreError
from ui.body_limit import MOST_BYTES
from ui.staff.accounts import Role
from ui.staff.security import COOKIE, admin
from ui.staff.sessions import ABSOLUTE, IDLE

OPEN = {"/staff/sign-in"}
SAFE = {"GET", "HEAD", "OPTIONS"}


def routes(app):
    """(method, path, route) of everything under /staff, with something for each parameter."""
    found = []
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        if path == "/staff" or path.startswith("/staff/"):
            address = re.sub(r"{[^}]*}", "1", path)
            found += [(method, address, route) for method in sorted(route.methods or ())]
    return found


def inner(app):
    return [(method, path) for method, path, _ in routes(app) if path not in OPEN]


def calls(dependant):
    for each in dependant.dependencies:
        yield each.call
        yield from calls(each)


def is_refused(response, method):
    """Whether a browser without a session is led away, or told so, and nothing else."""
    assert response.headers["cache-control"] == "no-store"
    if method in {"GET", "HEAD"}:
        return response.status_code == 303 and response.headers["location"].startswith("/staff/sign-in?next=%2Fstaff")
    return response.status_code == 401


def cookie_of(browser):
    return next(cookie.value for cookie in browser.cookies.jar if cookie.name == COOKIE)


def stranger(new_browser, value):
    """A browser with this in its session cookie."""
    browser = new_browser()
    browser.cookies.set(COOKIE, value, domain="console.example", path="/staff")
    return browser


def test_there_is_something_to_guard(app):
    assert len(inner(app)) >= 2
    assert {"/staff", "/staff/sign-out"} <= {path for _, path in inner(app)}


def test_nothing_answers_without_a_session(app, new_browser):
    browser = new_browser()
    for method, path in inner(app):
        assert is_refused(browser.request(method, path), method), (method, path)
        scripted = browser.request(method, path, headers={"accept": "application/json"})
        assert scripted.status_code == 401, (method, path)


def test_nobody_learns_which_pages_there_are(new_browser):
    for path in ("/staff/nothing", "/staff/answers/1/nothing"):
        assert is_refused(new_browser().get(path), "GET")


def test_nothing_answers_to_a_forged_cookie(app, console, new_browser, reviewer):
    good = cookie_of(reviewer)
    token, _, signature = good.rpartition(".")
    unsigned = base64.urlsafe_b64encode(b"x" * 32).decode().rstrip("=")
    forged = {
        "another token": f"{unsigned}.{signature}",
        "no signature": token,
        "an empty signature": f"{token}.",
        "another key": Signer("0" * 64, salt="staff session").sign(token).decode(),
        "the right key for something else": console.sessions._entrance.sign(token).decode(),
        "a signed token of nobody": console.sessions._signer.sign(unsigned).decode(),
        "nothing": "",
        "an account's name": "ada",
        "half of it": good[: len(good) // 2],
        "a token's hash": console.sessions._signer.sign(console.sessions._hash_in(good)).decode(),
    }
    for what, value in forged.items():
        browser = stranger(new_browser, value)
        for method, path in inner(app):
            assert is_refused(browser.request(method, path), method), (what, method, path)
    assert reviewer.get("/staff").status_code != 303


@pytest.mark.parametrize(("column", "span"), [("created_at", ABSOLUTE), ("seen_at", IDLE)])
def test_nothing_answers_to_a_session_that_has_ended(app, console, reviewer, column, span):
    past = (datetime.now(UTC) - span).isoformat(timespec="seconds")
    with console.log.database.transaction() as connection:
        connection.execute(f"UPDATE sessions SET {column} = ?", (past,))
    for method, path in inner(app):
        assert is_refused(reviewer.request(method, path), method), (method, path)


def test_another_browsers_cookie_ends_with_its_session(app, reviewer, new_browser):
    thief = stranger(new_browser, cookie_of(reviewer))
    reviewer.post("/staff/sign-out", data={"csrf": reviewer.token("/staff")})
    for method, path in inner(app):
        assert is_refused(thief.request(method, path), method), (method, path)


def test_nothing_changes_without_the_sessions_token(app, console, reviewer, new_browser):
    other = new_browser()
    other.sign_in("ada")
    wrong = {
        "none": {},
        "an empty one": {"data": {"csrf": ""}},
        "another's": {"data": {"csrf": other.token("/staff")}},
        "the entrance's": {"data": {"csrf": new_browser().token()}},
        "another's, in the header": {"headers": {"x-csrf-token": other.token("/staff")}},
        "one in the address": {"params": {"csrf": reviewer.token("/staff")}},
        "one as JSON": {"json": {"csrf": reviewer.token("/staff")}},
        "the right one from another site": {
            "data": {"csrf": reviewer.token("/staff")}, "headers": {"sec-fetch-site": "cross-site"},
        },
    }  # fmt: skip
    posts = [(method, path) for method, path in inner(app) if method not in SAFE]
    assert posts
    for what, options in wrong.items():
        for method, path in posts:
            assert reviewer.request(method, path, **options).status_code == 403, (what, method, path)
    assert console.sessions.of(cookie_of(reviewer))  # nor was it signed out


def test_a_token_is_taken_from_the_header_too(reviewer):
    assert reviewer.post("/staff/sign-out", headers={"x-csrf-token": reviewer.token("/staff")}).status_code == 303
    assert is_refused(reviewer.get("/staff"), "GET")


def test_only_an_administrator_reaches_what_is_theirs(app, console, reviewer, new_browser):
    app.add_api_route("/staff/for-a-test", lambda: "seen", dependencies=[Depends(admin)], methods=["GET", "POST"])
    boss = new_browser()
    boss.sign_in("ada")
    token, own = reviewer.token("/staff"), boss.token("/staff")
    theirs = [(method, path) for method, path, route in routes(app) if admin in calls(route.dependant)]
    assert ("GET", "/staff/for-a-test") in theirs
    for method, path in theirs:
        assert reviewer.request(method, path, headers={"x-csrf-token": token}).status_code == 403, (method, path)
        assert boss.request(method, path, headers={"x-csrf-token": own}).status_code not in {401, 403}, (method, path)


def test_a_changed_role_counts_at_once(console, new_browser):
    boss = new_browser()
    boss.sign_in("ada")
    assert console.sessions.of(cookie_of(boss)).role is Role.ADMIN
    with console.log.database.transaction() as connection:
        connection.execute("UPDATE accounts SET role = 'reviewer' WHERE name = 'ada'")
    assert console.sessions.of(cookie_of(boss)).role is Role.REVIEWER


def test_no_page_is_kept_framed_or_listed(app, reviewer):
    for method, path, _ in routes(app):
        if method == "GET":
            headers = reviewer.get(path).headers
            assert headers["cache-control"] == "no-store", path
            assert "frame-ancestors 'none'" in headers["content-security-policy"], path
            assert "unsafe" not in headers["content-security-policy"], path
            assert headers["x-robots-tag"] == "noindex", path


def test_no_page_needs_what_the_policy_forbids(app, reviewer, new_browser):
    for browser in (reviewer, new_browser()):
        for method, path, _ in routes(app):
            page = browser.get(path).text if method == "GET" else ""
            assert not re.search(r"<\w+[^>]*?\s(?:style|on\w+)=\"", re.sub(r'"[^"]*"', '""', page)), path
            assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page), path


def test_the_cookies_go_nowhere_else(reviewer, new_browser):
    def cookies(browser):
        token = browser.token()
        return browser.post(
            "/staff/sign-in", data={"csrf": token, "name": "ria", "password": "correct horse battery"}
        )

    for scheme, secure in (("http", False), ("https", True)):
        (cookie,) = (
            each
            for each in cookies(new_browser(base_url=f"{scheme}://console.example")).headers.get_list("set-cookie")
            if each.startswith(f"{COOKIE}=")
        )
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=strict", "path=/staff"} <= attributes
        assert ("secure" in attributes) is secure
        assert not [part for part in attributes if part.startswith(("domain", "expires", "max-age"))]


def test_the_public_site_knows_nothing_of_a_session(app, reviewer):
    for path in ("/", "/articles", "/a/nothing", "/healthz", "/robots.txt"):
        response = reviewer.get(path)
        assert "set-cookie" not in response.headers
        assert "ria" not in re.findall(r"\bria\b", response.text)


def test_nobody_is_led_to_another_site(new_browser):
    for address in (
        "https://evil.example/", "//evil.example/staff", "/\\evil.example", "javascript:alert(1)", "/articles",
        "/staff\\..\\..", "/staff/../articles", "/staffx", "", "\n/staff", "/staff/sign-in", "http:/staff",
        "//[", "http://[/staff",
    ):  # fmt: skip
        led = new_browser().sign_in("ria", next=address)
        assert led.headers["location"] == "/staff", address
    assert new_browser().sign_in("ria", next="/staff/reports?week=3").headers["location"] == "/staff/reports?week=3"


@pytest.mark.parametrize(
    "path",
    ["/staff?until=9999-12-31", "/staff?since=9999-12-31", "/staff/audit?until=9999-12-31", "/staff?words=_"],
)
def test_odd_values_in_an_address_break_no_page(new_browser, path):
    browser = new_browser()
    browser.sign_in("ada")
    assert browser.get(path).status_code == 200


def test_a_number_beyond_the_logs_is_refused(reviewer):
    done = reviewer.post(f"/staff/reviews/{10**30}/undo", data={"csrf": reviewer.token("/staff")})
    assert done.status_code == 422


@pytest.mark.parametrize("path", ["/staff", "/articles"])
def test_a_defects_page_carries_the_headers_too(app, console, monkeypatch, path):
    def broken(*arguments, **values):
        raise RuntimeError("a defect")

    monkeypatch.setattr("ui.staff.queue_routes.Queue.page", broken)
    monkeypatch.setattr("ui.web.corpus_facts.CorpusSurvey.facts", broken)
    with TestClient(app, raise_server_exceptions=False, headers={"accept": "text/html"}) as browser:
        session = console.sessions.start("ria")
        done = browser.get(path, headers={"cookie": f"{COOKIE}={session}"})
    assert done.status_code == 500
    assert "a defect" not in done.text
    assert "default-src 'self'" in done.headers["content-security-policy"]
    assert (done.headers.get("cache-control") == "no-store") is (path == "/staff")


def test_a_log_that_cant_be_read_is_said_in_the_console(app, console, monkeypatch):
    def unreadable(cookie):
        raise StoreError("The store can't be read.")

    monkeypatch.setattr("ui.staff.sessions.Sessions.of", lambda self, cookie: unreadable(cookie))
    with TestClient(app, raise_server_exceptions=False, headers={"accept": "text/html"}) as browser:
        done = browser.get("/staff")
    assert done.status_code == 503
    assert "can&#39;t be read" in done.text


@pytest.mark.parametrize("path", ["/ask", "/feedback", "/staff/sign-in"])
@pytest.mark.parametrize("told", [True, False])
def test_a_body_beyond_reason_is_refused(new_browser, path, told):
    browser = new_browser()
    browser.get("/staff/sign-in")
    content = b"x" * (MOST_BYTES + 1) if told else (b"x" * 100_000 for _ in range(MOST_BYTES // 100_000 + 1))
    kind = "application/json" if path == "/feedback" else "application/x-www-form-urlencoded"
    done = browser.post(path, content=content, headers={"content-type": kind})
    assert done.status_code == 413
    assert done.headers["content-security-policy"]
