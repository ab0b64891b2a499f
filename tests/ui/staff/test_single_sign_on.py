"""Single sign-on against a small real provider: who has an account gets in, and nobody who only says so."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey

from corpus import load_settings
from corpus.errors import SettingsError
from rag.assistant import Assistant
from ui.answer_log.log import AnswerLog
from ui.server import create_pages
from ui.staff.accounts import Role
from ui.staff.console import Console
from ui.staff.open_id import OpenIdConnect
from ui.staff.security import COOKIE
from ui.staff.signing_off import SignedOff
from ui.web.site import Site

from .conftest import PASSWORD, Browser
from .provider import CLIENT, SECRET, running


@pytest.fixture(scope="module")
def started():
    with running() as provider:
        yield provider


@pytest.fixture
def provider(started):
    """The provider as it was at its start."""
    fresh = type(started)(address=started.address, key=started.key)
    for name, value in vars(fresh).items():
        setattr(started, name, value)
    return started


@pytest.fixture
def console(data, provider):
    settings = load_settings(
        data=data, oidc_issuer=provider.address, oidc_client_id=CLIENT, oidc_client_secret=SECRET
    )
    with Assistant.open(data, settings) as assistant:
        log = AnswerLog.open(data, settings)
        opened = Console.over(assistant, log, SignedOff(assistant, log.database))
        opened.accounts.add("ria", Role.REVIEWER, None, subject="ria@example.org")
        yield opened
        log.close()


@pytest.fixture
def browser(console):
    with Browser(create_pages(Site.over(console.assistant, console.log), console)) as opened:
        yield opened


def leave(browser, next_page="/staff"):
    """Press the button; where the browser is sent."""
    return browser.get("/staff/sign-in/single", params={"next": next_page}).headers["location"]


def return_from(browser, address):
    """The console's answer to the provider's redirection."""
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}", headers={"sec-fetch-site": "cross-site"})


def is_in(console, browser):
    cookie = next((each.value for each in browser.cookies.jar if each.name == COOKIE), "")
    session = console.sessions.of(cookie)
    return session and session.account


def last_note(console):
    with console.log.database.reading() as connection:
        return tuple(
            connection.execute("SELECT account, action, detail FROM audit ORDER BY audit_id DESC").fetchone()
        )


def test_who_has_an_account_gets_in_and_where_they_wanted(console, browser, provider):
    assert "/staff/sign-in/single?next=/staff/reports" in browser.get("/staff/sign-in?next=/staff/reports").text
    address = leave(browser, "/staff/reports")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    done = return_from(browser, provider.visit(address))
    assert done.headers["location"] == "/staff/reports"
    assert is_in(console, browser) == "ria"
    assert last_note(console) == ("ria", "sign_in", '{"by": "single sign-on, e-mail"}')
    (cookie,) = (each for each in done.headers.get_list("set-cookie") if each.startswith(f"{COOKIE}="))
    assert "SameSite=lax" in cookie
    assert "HttpOnly" in cookie
    assert provider.seen[0]["code_verifier"]


def test_a_subject_counts_before_an_address(console, browser, provider):
    console.accounts.add("bo", Role.ADMIN, None, subject="user-1")
    return_from(browser, provider.visit(leave(browser)))
    assert is_in(console, browser) == "bo"


def test_an_account_named_like_the_address_is_the_ones_with_that_address(console, browser, provider):
    console.accounts.remove("ria")
    console.accounts.add("ria@example.org", Role.REVIEWER, PASSWORD)
    return_from(browser, provider.visit(leave(browser)))
    assert is_in(console, browser) == "ria@example.org"


def test_capitals_in_an_address_dont_matter(console, browser, provider):
    console.accounts.remove("ria")
    console.accounts.add("ria", Role.REVIEWER, None, subject="Ria@Example.org")
    return_from(browser, provider.visit(leave(browser)))
    assert is_in(console, browser) == "ria"


def test_an_address_may_be_given_on_request_only(console, browser, provider):
    provider.claims = {"email": None, "email_verified": None}
    provider.user_info = {"sub": "user-1", "email": "ria@example.org", "email_verified": True}
    return_from(browser, provider.visit(leave(browser)))
    assert is_in(console, browser) == "ria"


def test_an_address_about_somebody_else_doesnt_count(console, browser, provider):
    provider.claims = {"email": None, "email_verified": None}
    provider.user_info = {"sub": "user-2", "email": "ria@example.org", "email_verified": True}
    assert return_from(browser, provider.visit(leave(browser))).status_code == 503
    assert is_in(console, browser) is None


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "eve@example.org"},
        {"email_verified": False},
        {"email_verified": None},
        {"email": None, "sub": "ria"},
        {"email": "ria@example.org.evil.example"},
    ],
)
def test_nobody_gets_in_without_an_account(console, browser, provider, claims):
    provider.claims = claims
    done = return_from(browser, provider.visit(leave(browser)))
    assert done.status_code == 403
    assert "no account here is yours" in done.text
    assert is_in(console, browser) is None
    assert last_note(console)[1] == "sign_in_failed"
    assert "eve" not in str(last_note(console))


LIES = {
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "for another client": {"claims": {"aud": "another"}},
    "for several, and not ours first": {"claims": {"aud": ["another", CLIENT], "azp": "another"}},
    "for several, of nobody": {"claims": {"aud": ["another", CLIENT]}},
    "of another sign-in": {"claims": {"nonce": "another"}},
    "of no sign-in": {"claims": {"nonce": None}},
    "long over": {"claims": {"exp": int(time.time()) - 3600}},
    "without an end": {"claims": {"exp": None}},
    "of nobody": {"claims": {"sub": None}},
    "another key": {"signs_with": RSAKey.generate_key(2048, {"kid": "first"})},
    "no signature": {"header": {"alg": "none"}},
    "signed with the shared secret": {
        "header": {"alg": "HS256"}, "signs_with": OctKey.import_key(SECRET.encode().ljust(32, b" ")),
    },
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_isnt_the_providers_word_lets_nobody_in(console, browser, provider, lie):
    for name, value in LIES[lie].items():
        setattr(provider, name, value)
    done = return_from(browser, provider.visit(leave(browser)))
    assert done.status_code in {403, 503}
    assert is_in(console, browser) is None


def test_new_keys_of_the_provider_are_found(console, browser, provider):
    return_from(browser, provider.visit(leave(browser)))
    provider.key = RSAKey.generate_key(2048, {"kid": "second", "use": "sig", "alg": "RS256"})
    with Browser(browser.app) as later:
        return_from(later, provider.visit(leave(later)))
        assert is_in(console, later) == "ria"


def test_a_denial_is_said(console, browser, provider):
    provider.denies = "access_denied"
    done = return_from(browser, provider.visit(leave(browser)))
    assert done.status_code == 403
    assert "access_denied" in done.text


def test_a_return_that_this_browser_didnt_begin_lets_nobody_in(console, browser, provider):
    begun = provider.visit(leave(browser))
    with Browser(browser.app) as other:
        assert return_from(other, begun).status_code == 403  # no cookie at all
        leave(other)
        assert return_from(other, begun).status_code == 403  # another state
        assert is_in(console, other) is None
    assert return_from(browser, begun).status_code == 303
    browser.cookies.clear()
    assert return_from(browser, begun).status_code == 403  # a code counts once


def test_what_took_too_long_begins_again(console, browser, provider, monkeypatch):
    begun = provider.visit(leave(browser))
    monkeypatch.setattr("ui.staff.open_id.UNDER_WAY_S", -1)
    assert return_from(browser, begun).status_code == 403


def test_nobody_is_led_to_another_site(browser, provider):
    done = return_from(browser, provider.visit(leave(browser, "https://evil.example/")))
    assert done.headers["location"] == "/staff"


def test_a_silent_provider_leaves_the_password(console, browser, provider, monkeypatch, caplog):
    monkeypatch.setattr(console.single_sign_on, "issuer", "http://127.0.0.1:9")
    done = browser.get("/staff/sign-in/single")
    assert done.status_code == 503
    assert "The provider can’t be reached." in done.text
    assert "127.0.0.1:9" in caplog.text
    console.accounts.add("ada", Role.ADMIN, PASSWORD)
    assert browser.sign_in("ada").status_code == 303


def test_a_provider_that_calls_itself_otherwise_isnt_believed(browser, provider):
    provider.issuer = "https://another.example"
    assert browser.get("/staff/sign-in/single").status_code == 503


def test_a_provider_may_want_the_secret_in_the_form(console, browser, provider):
    provider.auth_methods = ("client_secret_post",)
    return_from(browser, provider.visit(leave(browser)))
    assert is_in(console, browser) == "ria"
    assert provider.seen[0]["client_secret"] == SECRET


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"oidc_issuer": "https://id.example"}, "together"),
        ({"oidc_client_id": "passage"}, "together"),
        ({"oidc_issuer": "http://id.example", "oidc_client_id": "p", "oidc_client_secret": "s"}, "https://"),
    ],
)
def test_half_a_configuration_is_refused(data, values, words):
    with pytest.raises(SettingsError, match=words):
        OpenIdConnect.of(load_settings(data=data, **values), "key")


def test_without_a_configuration_there_is_no_way_round(data):
    assert OpenIdConnect.of(load_settings(data=data), "key") is None
