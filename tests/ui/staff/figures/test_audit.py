"""The audit log as administrators read it."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from corpus.database import Database
from ui.staff.audit_trail import PER_PAGE

pytestmark = pytest.mark.slow


@pytest.fixture
def admin(new_browser: Callable):
    opened = new_browser()
    assert opened.sign_in("ada").status_code == 303
    return opened


def _add(log: Database, account: str, action: str, subject: str, at: datetime | None = None) -> None:
    with log.transaction() as connection:
        connection.execute(
            'INSERT INTO audit (at, account, action, subject, detail) VALUES (?, ?, ?, ?, \'{"note": "=1+1"}\')',
            ((at or datetime.now(UTC)).isoformat(timespec="seconds"), account, action, subject),
        )


def _rows(page: str) -> list[list[str]]:
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", page)]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row[1:4]] for row in cells if row]


def test_a_reviewer_sees_neither_the_page_nor_the_link(reviewer, log: Database) -> None:
    assert reviewer.get("/staff/audit").status_code == 403
    assert reviewer.get("/staff/audit/entries.csv").status_code == 403
    assert "/staff/audit" not in reviewer.get("/staff/reports").text


def test_entries_are_filtered_by_account_action_and_period(admin, log: Database) -> None:
    day = datetime(2020, 5, 4, 23, 59, 59, tzinfo=UTC)
    _add(log, "ria", "judge", "x", day)
    _add(log, "ria", "undo", "x", day + timedelta(seconds=1))
    _add(log, "", "sign_in_failed", "zoe", day)

    def rows(query: str) -> list[list[str]]:
        return _rows(admin.get(f"/staff/audit?{query}").text)

    assert rows("until=2020-05-05") == [
        ["–", "sign in failed", "zoe"],
        ["ria", "undo", "x"],
        ["ria", "judge", "x"],
    ]
    assert rows("until=2020-05-04&account=ria") == [["ria", "judge", "x"]]
    assert rows("since=2020-05-05&until=2020-05-05") == [["ria", "undo", "x"]]
    assert rows("account=-&until=2020-06-01") == [["–", "sign in failed", "zoe"]]
    assert rows("action=undo") == [["ria", "undo", "x"]]
    assert rows("action=undo&account=ada") == []
    assert len(rows("since=nonsense")) > 3


def test_pages_of_entries_join_without_a_gap(admin, log: Database) -> None:
    for number in range(2 * PER_PAGE + 5):
        _add(log, "ria", "judge", f"answer {number}")
    seen: list[str] = []
    path = "/staff/audit?action=judge"
    while path:
        page = admin.get(path).text
        seen += [row[2] for row in _rows(page)]
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"answer {number}" for number in reversed(range(2 * PER_PAGE + 5))]


def test_csv_holds_all_chosen_entries_and_runs_nothing(admin, log: Database) -> None:
    for _ in range(PER_PAGE + 1):
        _add(log, "ria", "judge", "@x")
    body = admin.get("/staff/audit/entries.csv?action=judge").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert len(rows) == PER_PAGE + 1
    assert (rows[0]["account"], rows[0]["subject"], rows[0]["detail"]) == ("ria", "'@x", "note: =1+1")


def test_entries_cant_be_changed_or_deleted(log: Database) -> None:
    _add(log, "ria", "judge", "x")
    for change in ("UPDATE audit SET account = 'ben'", "DELETE FROM audit"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"), log.transaction() as connection:
            connection.execute(change)
