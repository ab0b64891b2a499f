"""The data folder has one owner at a time.

Chroma's embedded client isn't safe for two processes on one folder, so whoever opens the index takes this lock.
The lock is the operating system's: it goes when its holder dies, however it dies.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from corpus.errors import BusyError, StoreError

LOCK_FILE = "owner.lock"
OWNER_FILE = "owner.json"


class FolderLock:
    """Exclusive ownership of a data folder, by this process, until `release`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / LOCK_FILE, timeout=0)

    def acquire(self) -> FolderLock:
        """Take ownership.

        Raises:
            BusyError: another process, which the message names, owns the folder.
            StoreError: the folder can't be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._name_owner()
        except Timeout:
            owner = read_owner(self._folder)
            raise BusyError(
                f"The data folder {self._folder} is in use by {describe_owner(owner)}.",
                "Wait until it is done or end it, or run a Chroma server and set chroma_url to share the index.",
            ) from None
        except OSError as error:
            self._lock.release()
            raise StoreError(
                f"The data folder {self._folder} can't be written: {error.strerror}.",
                "Check its permissions, or give another folder with --data.",
            ) from None
        return self

    def release(self) -> None:
        """Give ownership up; doing it twice is harmless."""
        if self._lock.is_locked:
            (self._folder / OWNER_FILE).unlink(missing_ok=True)
            self._lock.release()

    def _name_owner(self) -> None:
        owner = {
            "pid": os.getpid(),
            "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        (self._folder / OWNER_FILE).write_text(json.dumps(owner), encoding="utf-8")

    def __enter__(self) -> FolderLock:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def read_owner(folder: Path) -> dict[str, Any]:
    """What the owner wrote about itself: `pid`, `command`, `since`; empty when it can't be read."""
    try:
        owner = json.loads((folder / OWNER_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return owner if isinstance(owner, dict) else {}


def describe_owner(owner: dict[str, Any]) -> str:
    """A phrase that names the owner."""
    if not owner:
        return "another process"
    return f"`{owner.get('command')}` (process {owner.get('pid')}, since {owner.get('since')})"
