"""The audit log: what staff did, when, and to what. It only ever grows."""

from __future__ import annotations

import json
import sqlite3

from ui.answer_log.database import utc_now

COMMAND_LINE = "(command line)"  # in the place of an account; no account can have this name


def note(connection: sqlite3.Connection, account: str, action: str, subject: str, **detail: object) -> None:
    """Write that `account` did `action` to `subject`, inside the caller's transaction.

    Args:
        connection: of the answer log, in a transaction: the action and its note are kept together or not at all.
        account: whose session it was; `COMMAND_LINE`, or "" for nobody known.
        action: a verb with its object in snake case: "sign_in", "add_account".
        subject: what it was done to: an account's name, an answer's id.
        detail: what else matters, JSON-ready; never a password, never what a visitor wrote.
    """
    connection.execute(
        "INSERT INTO audit (at, account, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
        (utc_now(), account, action, subject, json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)),
    )
