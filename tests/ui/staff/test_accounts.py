"""Accounts: names, passwords, locks, and what is noted about them."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from corpus.errors import BusyError, InputError, NotFoundError
from ui.answer_log.database import open_log
from ui.staff import audit, passwords
from ui.staff.accounts import FREE_FAILURES, LOCK_S, LONGEST_LOCK_S, NOTED_A_MINUTE, Accounts, Role

PASSWORD = "correct horse battery"


@pytest.fixture
def database(data):
    opened = open_log(data)
    yield opened
    opened.close()


@pytest.fixture
def accounts(database):
    return Accounts(database)


def seconds_locked(accounts, name="ria"):
    until = accounts.get(name).locked_until
    return None if until is None else (until - datetime.now(UTC)).total_seconds()


def pass_time(database, seconds):
    """As if so many seconds had gone by."""
    with database.transaction() as connection:
        until = connection.execute("SELECT locked_until FROM accounts").fetchone()[0]
        earlier = (datetime.fromisoformat(until) - timedelta(seconds=seconds)).isoformat(timespec="seconds")
        connection.execute("UPDATE accounts SET locked_until = ?", (earlier,))


def test_a_password_is_kept_as_an_argon2_hash(accounts, database):
    accounts.add("ria", Role.REVIEWER, PASSWORD)
    with database.reading() as connection:
        kept = connection.execute("SELECT password FROM accounts").fetchone()[0]
    assert kept.startswith("$argon2id$")
    assert accounts.sign_in("ria", PASSWORD).role is Role.REVIEWER
    assert accounts.sign_in("ria", PASSWORD + " ") is None


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("ria", "short", "at least 12"),
        ("ria", "x" * 2000, "at most 1024"),
        ("ria", "aaaaaaaaaaaaaaaa", "little more than"),
        ("margarethe.koenig", "Margarethe.Koenig", "little more than"),
        ("ria", "ria ria ria ria", "little more than"),
        ("", PASSWORD, "can't be an account's name"),
        ("two words", PASSWORD, "can't be an account's name"),
        ("(command line)", PASSWORD, "can't be an account's name"),
        ("x" * 65, PASSWORD, "can't be an account's name"),
    ],
)
def test_weak_passwords_and_odd_names_are_refused(accounts, name, password, words):
    with pytest.raises(InputError, match=words):
        accounts.add(name, Role.REVIEWER, password)
    assert not accounts.any()


def test_a_name_is_taken_once_whatever_its_capitals(accounts):
    accounts.add("Ria@Example.org", Role.REVIEWER, PASSWORD)
    with pytest.raises(InputError, match="already an account"):
        accounts.add("ria@example.ORG", Role.ADMIN, PASSWORD)
    assert accounts.get("RIA@example.org").name == "ria@example.org"


def test_an_account_without_any_way_in_is_refused(accounts):
    with pytest.raises(InputError, match="no way to sign in"):
        accounts.add("ria", Role.REVIEWER, None)
    accounts.add("ria", Role.REVIEWER, None, subject="sub-1")
    with pytest.raises(InputError, match="already signs in as ria"):
        accounts.add("bo", Role.REVIEWER, None, subject="sub-1")
    assert accounts.sign_in("ria", "") is None


def test_failures_lock_for_longer_and_longer(accounts, database):
    accounts.add("ria", Role.REVIEWER, PASSWORD)
    for _ in range(FREE_FAILURES - 1):
        accounts.sign_in("ria", "wrong")
        assert seconds_locked(accounts) is None
    expected = LOCK_S
    for _ in range(9):
        accounts.sign_in("ria", "wrong")
        assert expected - 5 < seconds_locked(accounts) <= expected
        assert accounts.sign_in("ria", PASSWORD) is None  # not even the right one
        pass_time(database, expected + 1)
        expected = min(expected * 2, LONGEST_LOCK_S)
    assert accounts.sign_in("ria", PASSWORD).name == "ria"
    assert accounts.get("ria").failures == 0
    accounts.sign_in("ria", "wrong")
    assert seconds_locked(accounts) is None  # it begins anew


def test_guesses_at_the_same_time_are_all_counted(accounts):
    accounts.add("ria", Role.REVIEWER, PASSWORD)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: accounts.sign_in("ria", "wrong"), range(8)))
    assert accounts.get("ria").locked
    assert accounts.get("ria").failures >= FREE_FAILURES


def test_a_password_changed_during_a_sign_in_counts(accounts, monkeypatch):
    accounts.add("ria", Role.REVIEWER, PASSWORD)
    real = passwords.matches

    def slowly(password, hash_):
        right = real(password, hash_)
        accounts.set_password("ria", "another horse battery")
        return right

    monkeypatch.setattr(passwords, "matches", slowly)
    assert accounts.sign_in("ria", PASSWORD) is None


def test_a_new_password_lifts_a_lock(accounts):
    accounts.add("ria", Role.REVIEWER, PASSWORD)
    for _ in range(FREE_FAILURES):
        accounts.sign_in("ria", "wrong")
    accounts.set_password("ria", "another horse battery")
    assert accounts.sign_in("ria", "another horse battery")


def test_a_hash_with_old_costs_is_renewed(accounts, database, monkeypatch):
    def kept():
        with database.reading() as connection:
            return connection.execute("SELECT password FROM accounts").fetchone()[0]

    accounts.add("ria", Role.REVIEWER, PASSWORD)
    former = kept()
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=2048))
    assert accounts.sign_in("ria", PASSWORD)
    assert kept() != former
    assert "t=2" in kept()
    assert accounts.sign_in("ria", PASSWORD)


def test_what_isnt_there_cant_be_changed(accounts):
    for act in (accounts.remove, accounts.get, lambda name: accounts.set_password(name, PASSWORD)):
        with pytest.raises(NotFoundError, match="no account"):
            act("ria")


def test_every_change_is_noted_and_the_notes_only_grow(accounts, database):
    accounts.add("ria", Role.REVIEWER, PASSWORD)
    accounts.sign_in("ria", "a wrong password")
    accounts.sign_in("ria", PASSWORD)
    accounts.set_password("ria", "another horse battery")
    accounts.remove("ria", by="ada")
    with database.reading() as connection:
        rows = connection.execute("SELECT account, action, subject FROM audit ORDER BY audit_id").fetchall()
        assert [tuple(row) for row in rows] == [
            (audit.COMMAND_LINE, "add_account", "ria"),
            ("", "sign_in_failed", "ria"),
            ("ria", "sign_in", "ria"),
            (audit.COMMAND_LINE, "change_password", "ria"),
            ("ada", "remove_account", "ria"),
        ]
        everything = str([tuple(row) for row in connection.execute("SELECT * FROM audit")])
    assert "horse" not in everything
    assert "wrong password" in everything  # why, not what
    assert "a wrong password" not in everything
    for change in ("DELETE FROM audit", "UPDATE audit SET account = 'bo'"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"), database.transaction() as connection:
            connection.execute(change)


def test_a_flood_of_failures_doesnt_fill_the_audit_log(accounts, database):
    for _ in range(NOTED_A_MINUTE + 20):
        accounts.sign_in("nobody", "wrong")
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM audit").fetchone()[0] == NOTED_A_MINUTE


def test_a_crowd_at_the_entrance_doesnt_hold_every_thread(accounts, monkeypatch):
    accounts.add("ria", Role.REVIEWER, PASSWORD)
    inside, leave = threading.Semaphore(0), threading.Event()

    def slowly(*_):
        inside.release()
        return leave.wait(10)

    monkeypatch.setattr(passwords, "_verified", slowly)
    with ThreadPoolExecutor(passwords._WAITING) as pool:
        crowd = [pool.submit(accounts.sign_in, "ria", PASSWORD) for _ in range(passwords._WAITING)]
        for _ in crowd:
            assert inside.acquire(timeout=10)
        with pytest.raises(BusyError, match="Too many"):
            accounts.sign_in("ria", PASSWORD)
        leave.set()
        assert all(each.result() for each in crowd)
    assert accounts.sign_in("ria", PASSWORD)


def test_a_note_is_kept_with_its_action_or_not_at_all(database):
    with contextlib.suppress(ZeroDivisionError), database.transaction() as connection:
        audit.note(connection, "ada", "hide_article", "visa", because="retracted")
        raise ZeroDivisionError
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM audit").fetchone()[0] == 0
