"""Sessions of the staff console: who is signed in, for how long."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer

from corpus.database import Database
from corpus.errors import PassageError
from ui.answer_log.database import stamp, utc_now
from ui.staff import audit
from ui.staff.accounts import Role

# A lunch and a long meeting don't end a session, a night does (OWASP's advice for tools of this kind: idle 15 minutes
# to hours, absolute a working day).
IDLE, ABSOLUTE = timedelta(hours=4), timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written no more often


@dataclass(frozen=True)
class Session:
    """Who is signed in.

    Attributes:
        csrf: the token that every form and request of this session must carry.
    """

    account: str
    role: Role
    csrf: str


class Sessions:
    """The open sessions, in the answer log's file.

    A cookie holds a random token with a signature, the file only the token's hash: neither a forged cookie nor a
    copy of the file lets anybody in.
    """

    def __init__(self, database: Database, key: str) -> None:
        self._database = database
        self._signer = Signer(key, salt="staff session", digest_method=hashlib.sha256)
        self._entrance = Signer(key, salt="staff entrance", digest_method=hashlib.sha256)

    def start(self, account: str, former: str = "") -> str:
        """Begin a session; the value of its cookie, never used before.

        Args:
            account: whose.
            former: the cookie that the browser came with; a session under it ends.

        Raises:
            NotFoundError: the account was removed meanwhile.
        """
        token = secrets.token_urlsafe(32)
        now = utc_now()
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM sessions WHERE token_hash = ?", (self._hash_in(former),))
            connection.execute(
                "DELETE FROM sessions WHERE created_at <= ? OR seen_at <= ?", (_before(ABSOLUTE), _before(IDLE))
            )
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?)",
                (_hash(token), account, secrets.token_urlsafe(32), now, now),
            )
        return self._signer.sign(token).decode()

    def of(self, cookie: str) -> Session | None:
        """The session that a cookie belongs to; None when it is forged, or the session has ended."""
        token_hash = self._hash_in(cookie)
        if token_hash is None:
            return None
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT account, role, csrf, seen_at FROM sessions JOIN accounts ON name = account"
                " WHERE token_hash = ? AND sessions.created_at > ? AND seen_at > ?",
                (token_hash, _before(ABSOLUTE), _before(IDLE)),
            ).fetchone()
        if row is None:
            return None
        if row["seen_at"] <= _before(_SEEN_EVERY):
            # A use that can't be noted (a full disk) ends the session sooner, and mustn't end it now.
            with contextlib.suppress(PassageError), self._database.transaction() as connection:
                connection.execute("UPDATE sessions SET seen_at = ? WHERE token_hash = ?", (utc_now(), token_hash))
        return Session(row["account"], Role(row["role"]), row["csrf"])

    def end(self, cookie: str) -> None:
        """End the session under a cookie, if there is one."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "DELETE FROM sessions WHERE token_hash = ? RETURNING account", (self._hash_in(cookie),)
            ).fetchone()
            if row:
                audit.note(connection, row["account"], "sign_out", row["account"])

    def end_all(self, account: str) -> None:
        """End every session of an account."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM sessions WHERE account = ?", (account,))
            audit.note(connection, account, "sign_out", account, everywhere=True)

    def token_for(self, visit: str) -> str:
        """The CSRF token of a browser that nobody has signed in with yet, by the random value of its cookie."""
        return self._entrance.get_signature(visit).decode()

    def _hash_in(self, cookie: str) -> str | None:
        try:
            return _hash(self._signer.unsign(cookie).decode("ascii"))
        except (BadSignature, UnicodeError):
            return None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _before(span: timedelta) -> str:
    return stamp(datetime.now(UTC) - span)
