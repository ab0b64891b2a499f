"""One owner of a data folder at a time, across real processes."""

import json
import os
import subprocess
import sys

import pytest

from corpus.errors import BusyError, StoreError
from corpus.folder import OWNER_FILE, FolderLock, describe_owner, read_owner

_HOLD = """
import sys
from pathlib import Path
from corpus.folder import FolderLock
lock = FolderLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(data):
    """Another process that owns the folder until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def test_a_second_process_is_told_who_holds_the_folder(holder, data):
    with pytest.raises(BusyError) as caught:
        FolderLock(data).acquire()
    assert f"process {holder.pid}" in str(caught.value)
    assert str(data) in str(caught.value)
    assert caught.value.hint


def test_a_killed_owners_lock_is_taken_over(holder, data):
    holder.kill()
    holder.wait()
    assert read_owner(data)["pid"] == holder.pid  # its note is still there
    with FolderLock(data):
        assert read_owner(data)["pid"] == os.getpid()


def test_an_owner_that_ends_gives_the_folder_up(holder, data):
    holder.stdin.close()
    holder.wait()
    with FolderLock(data):
        assert read_owner(data)["pid"] == os.getpid()


def test_release_leaves_no_note_and_can_be_repeated(data):
    lock = FolderLock(data).acquire()
    lock.release()
    lock.release()
    assert read_owner(data) == {}
    FolderLock(data).acquire().release()


def test_the_same_process_cannot_own_it_twice(data):
    with FolderLock(data), pytest.raises(BusyError, match=f"process {os.getpid()}"):
        FolderLock(data).acquire()


@pytest.mark.parametrize("note", [None, "", "[]", "{", "\x00"])
def test_an_owner_without_a_readable_note_is_another_process(data, note):
    lock = FolderLock(data).acquire()
    (data / OWNER_FILE).unlink()
    if note is not None:
        (data / OWNER_FILE).write_text(note)
    with pytest.raises(BusyError, match="in use by another process"):
        FolderLock(data).acquire()
    lock.release()


def test_a_folder_that_cannot_be_written_is_explained(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreError, match="can't be written"):
        FolderLock(tmp_path / "data").acquire()


def test_when_the_owners_note_cannot_be_written_the_lock_is_not_kept(data):
    (data / OWNER_FILE).mkdir(parents=True)
    with pytest.raises(StoreError, match="can't be written"):
        FolderLock(data).acquire()
    (data / OWNER_FILE).rmdir()
    FolderLock(data).acquire().release()


def test_the_note_names_command_and_time(data):
    with FolderLock(data):
        owner = json.loads((data / OWNER_FILE).read_text())
    assert set(owner) == {"pid", "command", "since"}
    assert describe_owner(owner).startswith(f"`{owner['command']}` (process {os.getpid()}, since 20")
