"""The audit log, read: who did what to what, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from corpus.database import Database

PER_PAGE = 100
_DESCRIBED = 200  # characters of a detail's value on the page


@dataclass(frozen=True)
class Entry:
    """One action; `account` is "" where nobody known did it."""

    audit_id: int
    at: datetime
    account: str
    action: str
    subject: str
    detail: Mapping[str, Any]

    @property
    def described(self) -> str:
        """The detail in one line."""
        return ", ".join(f"{key}: {_shown(value)}" for key, value in self.detail.items())


@dataclass(frozen=True)
class Chosen:
    """Which entries; None for all. `since` and `until` are days, UTC, both included."""

    account: str | None = None
    action: str | None = None
    since: date | None = None
    until: date | None = None


class AuditTrail:
    """The entries of the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self, chosen: Chosen, before: int | None = None, most: int | None = None) -> list[Entry]:
        """The newest first.

        Args:
            chosen: which.
            before: only older ones than that with this number.
            most: how many; None for all.
        """
        conditions, values = _conditions(chosen)
        if before is not None:
            conditions.append("audit_id < ?")
            values.append(before)
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT * FROM audit{_where(conditions)} ORDER BY audit_id DESC LIMIT ?",
                (*values, -1 if most is None else most),
            )
            return [
                Entry(
                    row["audit_id"],
                    datetime.fromisoformat(row["at"]),
                    row["account"],
                    row["action"],
                    row["subject"],
                    json.loads(row["detail"]),
                )
                for row in rows
            ]

    def count(self, chosen: Chosen) -> int:
        """How many there are."""
        conditions, values = _conditions(chosen)
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT count(*) FROM audit{_where(conditions)}", values).fetchone()
        return int(row[0])

    def accounts(self) -> list[str]:
        """Who did anything, by name, accounts that were removed included."""
        return self._distinct("account")

    def actions(self) -> list[str]:
        """What was ever done."""
        return self._distinct("action")

    def _distinct(self, column: str) -> list[str]:
        with self._database.reading() as connection:
            return [row[0] for row in connection.execute(f"SELECT DISTINCT {column} FROM audit ORDER BY 1")]


def _conditions(chosen: Chosen) -> tuple[list[str], list[object]]:
    every = (
        ("account = ?", chosen.account),
        ("action = ?", chosen.action),
        ("at >= ?", chosen.since and chosen.since.isoformat()),
        ("at < ?", chosen.until and (chosen.until + timedelta(days=1)).isoformat()),
    )
    given = [(condition, value) for condition, value in every if value is not None]
    return [condition for condition, _ in given], [value for _, value in given]


def _where(conditions: list[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _DESCRIBED else f"{text[: _DESCRIBED - 1]}…"
