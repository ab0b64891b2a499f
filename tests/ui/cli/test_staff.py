"""`passage staff`: accounts from a terminal or a pipe, while the server runs or not."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys

import pytest

from corpus.folder import FolderLock

PASSWORD = "correct horse battery"


@pytest.fixture
def typed(monkeypatch):
    """Puts a line on standard input."""

    def put(line):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{line}\n"))

    return put


def test_an_account_is_made_listed_changed_and_removed(passage, data, typed):
    data.mkdir()
    assert "no account yet" in passage("staff", "list", "--data", data).out
    typed(PASSWORD)
    done = passage("staff", "add", "Ria", "--role", "admin", "--data", data)
    assert done.code == 0
    assert done.out == "ria may sign in at /staff as admin.\n"
    (listed,) = passage("staff", "list", "--json", "--data", data).json
    assert (listed["name"], listed["role"], listed["has_password"], listed["locked"]) == ("ria", "admin", True, False)
    assert "argon2" not in str(listed)
    assert "ria" in passage("staff", "list", "--data", data).out
    typed("another horse battery")
    assert "sessions have ended" in passage("staff", "passwd", "RIA", "--data", data).out
    assert passage("staff", "remove", "ria", "--data", data).code == 0
    assert passage("staff", "list", "--json", "--data", data).json == []


def test_a_single_sign_on_account_needs_no_password(passage, data):
    data.mkdir()
    done = passage("staff", "add", "bo", "--single-sign-on", "bo@example.org", "--data", data)
    assert done.code == 0
    assert "bo@example.org" in passage("staff", "list", "--data", data).out


@pytest.mark.parametrize(
    ("arguments", "line", "words"),
    [
        (("add", "ria"), "short", "at least 12"),
        (("add", "ria"), "", "no password on standard input"),
        (("add", "two words"), PASSWORD, "can't be an account's name"),
        (("passwd", "nobody"), PASSWORD, "no account nobody"),
        (("remove", "nobody"), "", "no account nobody"),
    ],
)
def test_what_cant_be_done_is_said(passage, data, typed, arguments, line, words):
    data.mkdir()
    typed(line)
    done = passage("staff", *arguments, "--data", data)
    assert done.code == 1
    assert words in done.err


def test_a_name_that_is_taken_is_said_before_a_password_is_asked_for(passage, data, typed):
    data.mkdir()
    typed(PASSWORD)
    passage("staff", "add", "ria", "--data", data)
    typed("")
    assert "already an account" in passage("staff", "add", "ria", "--data", data).err


def test_no_folder_is_made_by_mistake(passage, data, typed):
    typed(PASSWORD)
    done = passage("staff", "add", "ria", "--data", data)
    assert done.code == 1
    assert "no data folder" in done.err
    assert not data.exists()


def test_a_wrong_role_or_no_command_is_wrong_usage(passage, data):
    assert passage("staff", "add", "ria", "--role", "king", "--data", data).code == 2
    assert passage("staff").code == 2


def test_it_works_while_another_process_serves_from_the_folder(passage, data, typed):
    with FolderLock(data):
        typed(PASSWORD)
        assert passage("staff", "add", "ria", "--data", data).code == 0
        assert len(passage("staff", "list", "--json", "--data", data).json) == 1


@pytest.mark.slow
def test_in_a_terminal_the_password_is_asked_for_twice_and_not_shown(data):
    data.mkdir()
    said, code = at_a_terminal(data, [PASSWORD, "mistyped", PASSWORD, PASSWORD])
    assert code == 0
    assert PASSWORD not in said
    assert "mistyped" not in said
    assert "The same again" in said
    assert "ria may sign in" in said


def at_a_terminal(data, lines):
    """What `passage staff add ria` shows a person who types these lines, each when asked."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ui.cli", "staff", "add", "ria", "--data", str(data)]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True, start_new_session=True
    )
    os.close(theirs)
    said = ""
    waiting = list(lines)
    answered = 0
    try:
        while True:
            try:
                read = os.read(ours, 4096).decode()
            except OSError:  # the other side is closed: it ended
                break
            if not read:
                break
            said += read
            asked = said.count("Password: ") + said.count("The same again: ")
            while answered < asked and waiting:
                os.write(ours, f"{waiting.pop(0)}\n".encode())
                answered += 1
    finally:
        os.close(ours)
    return said, process.wait(timeout=60)
