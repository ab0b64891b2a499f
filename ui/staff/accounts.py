"""Who may use the staff console."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from corpus.database import Database
from corpus.errors import InputError, NotFoundError
from ui.answer_log.database import stamp, utc_now
from ui.staff import audit, passwords

# After this many wrong passwords in a row an account is locked for a minute, then for two, four … at most an hour:
# a guesser gets some thirty tries a day, and whoever only forgot is back soon.
FREE_FAILURES = 5
LOCK_S, LONGEST_LOCK_S = 60, 3600
NOTED_A_MINUTE = 30  # failed sign-ins: the audit log never shrinks, and anybody can add to these
_NAME = re.compile(r"[\w](?:[\w.+@-]{0,62}[\w])?")
_COLUMNS = "name, role, password IS NOT NULL AS has_password, subject, created_at, failures, locked_until"


class Role(StrEnum):
    """What an account may do."""

    REVIEWER = "reviewer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Account:
    """Somebody who may use the console.

    Attributes:
        has_password: whether it can sign in with one.
        subject: the subject or e-mail address that an OpenID Connect provider knows it by.
        created_at: UTC.
        failures: wrong passwords in a row.
        locked_until: UTC; it may lie in the past.
    """

    name: str
    role: Role
    has_password: bool
    subject: str | None
    created_at: datetime
    failures: int
    locked_until: datetime | None

    @property
    def locked(self) -> bool:
        """Whether it can't sign in with its password now."""
        return self.locked_until is not None and self.locked_until > datetime.now(UTC)


class Accounts:
    """The accounts in the answer log's file; safe to use while another process serves from it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: deque[float] = deque(maxlen=NOTED_A_MINUTE)
        self._noting = threading.Lock()

    def add(
        self, name: str, role: Role, password: str | None, subject: str | None = None, by: str = audit.COMMAND_LINE
    ) -> Account:
        """Make an account.

        Args:
            name: letters, digits and .+-_@, up to 64; capitals don't distinguish names.
            role: what it may do.
            password: None for one that signs in by OpenID Connect only.
            subject: what the provider knows it by.
            by: the account that makes it.

        Raises:
            InputError: the name is taken or can't be one, the password is weak, or there is no way to sign in.
        """
        name = name.strip().casefold()
        if not _NAME.fullmatch(name):
            raise InputError(
                f"{name!r} can't be an account's name.",
                "A name has letters, digits and . + - _ @ between them, at most 64 characters.",
            )
        if password is None and not subject:
            raise InputError(
                f"The account {name} would have no way to sign in.",
                "Give it a password or a --single-sign-on subject.",
            )
        if password is not None:
            passwords.check_strength(password, name)
        secret = None if password is None else passwords.hashed(password)
        with self._database.transaction() as connection:
            if self.has(name):
                raise InputError(
                    f"There is already an account {name}.", "Take another name, or remove that one first."
                )
            taken = (
                subject and connection.execute("SELECT name FROM accounts WHERE subject = ?", (subject,)).fetchone()
            )
            if taken:
                raise InputError(f"{subject} already signs in as {taken['name']}.")
            connection.execute(
                "INSERT INTO accounts (name, role, password, subject, created_at) VALUES (?, ?, ?, ?, ?)",
                (name, role, secret, subject, utc_now()),
            )
            audit.note(connection, by, "add_account", name, role=role)
        return self.get(name)

    def remove(self, name: str, by: str = audit.COMMAND_LINE) -> None:
        """Remove an account; its sessions end with it, and what it did stays in the audit log.

        Raises:
            NotFoundError: there is none.
        """
        account = self.get(name)
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM accounts WHERE name = ?", (account.name,))
            audit.note(connection, by, "remove_account", account.name, role=account.role)

    def set_password(self, name: str, password: str, by: str = audit.COMMAND_LINE) -> None:
        """Give an account another password; its sessions end, and a lock is lifted.

        Raises:
            NotFoundError: there is no such account.
            InputError: the password is weak.
        """
        account = self.get(name)
        passwords.check_strength(password, account.name)
        secret = passwords.hashed(password)
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE accounts SET password = ?, failures = 0, locked_until = NULL WHERE name = ?",
                (secret, account.name),
            )
            connection.execute("DELETE FROM sessions WHERE account = ?", (account.name,))
            audit.note(connection, by, "change_password", account.name)

    def get(self, name: str) -> Account:
        """The account with this name.

        Raises:
            NotFoundError: there is none.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM accounts WHERE name = ?", (name.strip().casefold(),)
            ).fetchone()
        if row is None:
            raise NotFoundError(f"There is no account {name}.", "`passage staff list` shows the accounts.")
        return _account(row)

    def has(self, name: str) -> bool:
        """Whether there is an account with this name."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT 1 FROM accounts WHERE name = ?", (name.strip().casefold(),))
            return found.fetchone() is not None

    def all(self) -> list[Account]:
        """Every account by name."""
        with self._database.reading() as connection:
            return [_account(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM accounts ORDER BY name")]

    def any(self) -> bool:
        """Whether there is an account at all."""
        with self._database.reading() as connection:
            return connection.execute("SELECT 1 FROM accounts LIMIT 1").fetchone() is not None

    def sign_in(self, name: str, password: str) -> Account | None:
        """The account, when the password is its own and it isn't locked; the attempt is noted either way.

        A name that doesn't exist, one without a password and a locked one all cost the time of a wrong password.
        """
        name = name.strip().casefold()
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT {_COLUMNS}, password FROM accounts WHERE name = ?", (name,)).fetchone()
        account = _account(row) if row else None
        secret = row["password"] if row else None
        right = passwords.matches(password, secret)
        with self._database.transaction() as connection:
            if account is None:  # what was typed isn't kept: people type passwords there
                self._note_failure(connection, "", because="unknown name")
                return None
            # Read again: another guess may have locked it, or a colleague changed it, while this one was checked.
            now = connection.execute(f"SELECT {_COLUMNS}, password FROM accounts WHERE name = ?", (name,)).fetchone()
            if now is None or now["password"] != secret:
                self._note_failure(connection, name, because="changed meanwhile")
                return None
            account = _account(now)
            if account.locked:
                self._note_failure(connection, name, because="locked")
                return None
            if not right:
                failures = account.failures + 1
                connection.execute(
                    "UPDATE accounts SET failures = ?, locked_until = ? WHERE name = ?",
                    (failures, _locked_until(failures), name),
                )
                self._note_failure(connection, name, because="wrong password", failures=failures)
                return None
            connection.execute("UPDATE accounts SET failures = 0, locked_until = NULL WHERE name = ?", (name,))
            if secret and passwords.outdated(secret):
                connection.execute(
                    "UPDATE accounts SET password = ? WHERE name = ?", (passwords.hashed(password), name)
                )
            audit.note(connection, name, "sign_in", name, by="password")
        return account

    def of_provider(self, subject: str, email: str | None) -> Account | None:
        """The account that an OpenID Connect provider's user has, noting the sign-in.

        Args:
            subject: what the provider calls the user for ever.
            email: the user's address, if the provider has verified it.
        """
        known = [(subject, "subject")] + ([(email.casefold(), "e-mail")] if email else [])
        with self._database.transaction() as connection:
            for value, by in known:
                same = "casefold(coalesce(subject, '')) = ?1 OR name = ?1" if by == "e-mail" else "subject = ?1"
                row = connection.execute(f"SELECT {_COLUMNS} FROM accounts WHERE {same}", (value,)).fetchone()
                if row:
                    audit.note(connection, row["name"], "sign_in", row["name"], by=f"single sign-on, {by}")
                    return _account(row)
            self._note_failure(connection, "", because="no account for this single sign-on")
        return None

    def _note_failure(self, connection: sqlite3.Connection, name: str, **detail: object) -> None:
        """Note a failed sign-in, unless there are so many that somebody is filling the disk with them."""
        now = time.monotonic()
        with self._noting:
            if len(self._noted) == NOTED_A_MINUTE and now - self._noted[0] < 60:
                return
            self._noted.append(now)
        audit.note(connection, "", "sign_in_failed", name, **detail)


def _locked_until(failures: int) -> str | None:
    if failures < FREE_FAILURES:
        return None
    seconds = min(LOCK_S * 2 ** min(failures - FREE_FAILURES, 20), LONGEST_LOCK_S)
    return stamp(datetime.now(UTC) + timedelta(seconds=seconds))


def _account(row: sqlite3.Row) -> Account:
    return Account(
        name=row["name"],
        role=Role(row["role"]),
        has_password=bool(row["has_password"]),
        subject=row["subject"],
        created_at=datetime.fromisoformat(row["created_at"]),
        failures=row["failures"],
        locked_until=datetime.fromisoformat(row["locked_until"]) if row["locked_until"] else None,
    )
