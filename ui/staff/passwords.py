"""Passwords: which are good enough, and their hashes."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from corpus.errors import BusyError, InputError

MIN_CHARS = 12
MAX_CHARS = 1024  # longer ones only make hashing slow
MIN_DIFFERENT = 5  # characters: "aaaaaaaaaaaa" is long and no secret
# argon2-cffi's defaults are RFC 9106's second choice: 64 MiB and some 50 ms for each. Two at a time, so that a
# flood of guesses can't take the machine's memory.
_hasher = PasswordHasher()
_turn = threading.BoundedSemaphore(2)
# Sign-ins that may wait for their turn; each holds one of the server's threads, which the public's pages need too.
_WAITING = 8
_queue = threading.BoundedSemaphore(_WAITING)


def check_strength(password: str, name: str) -> None:
    """Refuse a password that is easily guessed.

    Raises:
        InputError: it is too short, too long, too uniform, or the account's name.
    """
    if len(password) < MIN_CHARS:
        raise InputError(f"The password has {len(password)} characters; at least {MIN_CHARS} are needed.")
    if len(password) > MAX_CHARS:
        raise InputError(f"The password has {len(password)} characters; at most {MAX_CHARS} are read.")
    # What is left of "anna-anna-anna" without the name is no password.
    rest = password.casefold().replace(name.casefold(), "")
    if len(rest) < MIN_CHARS // 2 or len(set(password.casefold())) < MIN_DIFFERENT:
        raise InputError(
            "The password is little more than the account's name or one character repeated.",
            "Take several words that don't belong together.",
        )


def hashed(password: str) -> str:
    """The argon2id hash of `password`, with its salt and costs."""
    with _turn:
        return _hasher.hash(password)


def matches(password: str, hash_: str | None) -> bool:
    """Whether `password` made `hash_`; it takes as long when there is none.

    Raises:
        BusyError: too many passwords are being checked.
    """
    if len(password) > MAX_CHARS:
        password, hash_ = "", None
    if not _queue.acquire(blocking=False):
        raise BusyError("Too many people are signing in at this moment.", "Try again in some seconds.")
    try:
        return _verified(password, hash_)
    finally:
        _queue.release()


def outdated(hash_: str) -> bool:
    """Whether `hash_` was made with other costs than today's."""
    return _hasher.check_needs_rehash(hash_)


def _verified(password: str, hash_: str | None) -> bool:
    nobodys = _nobodys_hash()  # asked for in either case, so that the first time costs the same too
    try:
        with _turn:
            _hasher.verify(hash_ or nobodys, password)
    except (VerificationError, InvalidHashError):
        return False
    return hash_ is not None


@cache
def _nobodys_hash() -> str:
    """Of a random password that nobody knows, at the same costs as everybody's."""
    return hashed(secrets.token_urlsafe(32))
