"""The key that the console's cookies are signed with."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

from corpus.database import explained
from corpus.errors import StoreError

FILE_NAME = "staff.key"
_KEY = re.compile(r"[0-9a-f]{64}\s*")


def signing_key(folder: Path) -> str:
    """The data folder's key, made at random when it has none; only its owner can read the file.

    Raises:
        StoreError: the file can't be read or written, or holds no key.
    """
    path = folder / FILE_NAME
    with explained(path):
        if not path.exists():
            _make(path)
        try:
            path.chmod(0o600)  # a copy or a backup may have opened it up
            key = path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"The signing key {path} can't be read: {error}.", "Check its owner.") from None
    if not _KEY.fullmatch(key):
        raise StoreError(
            f"{path} holds no signing key.", "Delete it: a new one is made, and everybody signs in again."
        )
    return key.strip()


def _make(path: Path) -> None:
    """Write a new key in one step, so that no process ever reads half of one; whoever is first wins."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(new, path)
    finally:
        new.unlink(missing_ok=True)
