"""The signing key is the folder's own and nobody else's to read; a session's row gives nobody a cookie."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus.errors import StoreError
from ui.answer_log.database import open_log
from ui.staff.accounts import Accounts, Role
from ui.staff.keys import FILE_NAME, signing_key
from ui.staff.sessions import Sessions


@pytest.fixture
def database(data):
    opened = open_log(data)
    Accounts(opened).add("ria", Role.REVIEWER, None, subject="sub")
    yield opened
    opened.close()


def test_the_key_is_random_kept_and_its_owners(tmp_path):
    key = signing_key(tmp_path)
    assert signing_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    other = tmp_path / "other"
    other.mkdir()
    assert signing_key(other) != key
    assert [file.name for file in other.iterdir()] == [FILE_NAME]


def test_a_key_that_a_copy_opened_up_is_closed_again(tmp_path):
    signing_key(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o644)
    signing_key(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_all_who_start_at_once_have_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: signing_key(tmp_path), range(40)))) == 1


@pytest.mark.parametrize("content", [b"", b"short", b"g" * 64, b"\xff" * 64])
def test_a_file_without_a_key_is_said(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(StoreError, match=FILE_NAME):
        signing_key(tmp_path)


def test_a_session_outlives_a_restart_and_not_a_new_key(database):
    cookie = Sessions(database, "a" * 64).start("ria")
    assert Sessions(database, "a" * 64).of(cookie).account == "ria"
    assert Sessions(database, "b" * 64).of(cookie) is None


def test_the_file_holds_no_token(database, data):
    sessions = Sessions(database, "a" * 64)
    cookie = sessions.start("ria")
    token = cookie.split(".")[0].encode()
    database.close()
    assert not [file for file in data.iterdir() if token in file.read_bytes()]


def test_every_session_has_tokens_of_its_own(database):
    sessions = Sessions(database, "a" * 64)
    cookies = {sessions.start("ria") for _ in range(20)}
    assert len(cookies) == 20
    assert len({sessions.of(cookie).csrf for cookie in cookies}) == 20


def test_ended_sessions_are_cleared_away(database):
    sessions = Sessions(database, "a" * 64)
    sessions.start("ria")
    with database.transaction() as connection:
        connection.execute("UPDATE sessions SET seen_at = '2020-01-01T00:00:00+00:00'")
    sessions.start("ria")
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone()[0] == 1
