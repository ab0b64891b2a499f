"""The queue: what waits for staff, worst first, filtered, counted and paged."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from corpus.database import Database
from ui.answer_log.database import stamp
from ui.staff.queue_filter import Filter, State, where_clause
from ui.staff.queue_upkeep import Signal, refresh
from ui.staff.reviews import Verdict

PER_PAGE = 50
REFRESH_S = 0.08  # of a screen's 300 ms; after a quiet week the rest follows with the next screens
OPENED_FOR = timedelta(minutes=3)  # an answer that a colleague opened is passed over for so long


@dataclass(frozen=True)
class Item:
    """A group of near-identical questions, by the answer to look at.

    Attributes:
        asked: how often.
        opened_by: the colleagues who have it on the screen.
    """

    queue_id: int
    answer_id: str
    question: str
    words: str
    open: bool
    priority: float
    signals: Signal
    asked: int
    unhelpful: int
    helpful: int
    comments: int
    last_at: datetime
    refused: bool
    reason: str | None
    confidence: float
    support: float | None
    verdict: Verdict | None
    reviewer: str | None
    reviewed_at: datetime | None
    opened_by: tuple[str, ...] = ()

    @property
    def cursor(self) -> Cursor:
        """Where it stands."""
        return Cursor(self.priority, self.queue_id, self.reviewed_at.isoformat() if self.reviewed_at else "")


@dataclass(frozen=True)
class Cursor:
    """A place in the queue, among what waits and among what is judged."""

    priority: float
    queue_id: int
    reviewed_at: str = ""

    def __str__(self) -> str:
        return f"{self.priority!r}:{self.queue_id}:{self.reviewed_at}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """The cursor that `str()` of it names; None for anything else."""
        found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,17})?):([0-9]{1,15}):([0-9T:+-]{0,25})", text)
        return cls(float(found[1]), int(found[2]), found[3]) if found else None


@dataclass(frozen=True)
class Counts:
    """How many groups there are under a filter, its state and its signal aside."""

    states: dict[State, int]
    signals: dict[Signal, int]


@dataclass(frozen=True)
class Page:
    """A page of the queue; `renewing` groups changed lately and aren't sorted in yet."""

    items: tuple[Item, ...]
    number: int
    total: int
    counts: Counts
    renewing: int

    @property
    def pages(self) -> int:
        """How many pages there are; one when there is nothing."""
        return max(1, -(-self.total // PER_PAGE))


_COLUMNS = """q.queue_id, q.answer_id, a.question, substr(a.words, 1, 400) AS words, q.open, q.priority, q.signals,
    q.asked, q.unhelpful, q.helpful, q.comments, q.last_at, q.refused, a.reason, a.confidence, a.support,
    q.verdict, q.reviewer, q.reviewed_at"""
_ORDERS: dict[State, str] = {
    "open": "q.priority DESC, q.queue_id DESC",
    "judged": "q.reviewed_at DESC, q.queue_id DESC",
    "all": "q.open DESC, q.priority DESC, q.queue_id DESC",
}


class Queue:
    """The queue of one answer log; safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def refresh(self, budget_s: float = REFRESH_S) -> int:
        """Sort in what changed, for about so many seconds; how many groups are left."""
        return refresh(self._database, budget_s)

    def page(self, chosen: Filter, number: int = 1, account: str = "") -> Page:
        """A page of what is `chosen`, as `account` sees it; the last one where there are fewer."""
        renewing = self.refresh()
        with self._database.reading() as connection:
            counts = _counts(connection, chosen)
            total = counts.signals[chosen.signal] if chosen.signal else counts.states[chosen.state]
            number = max(1, min(number, -(-total // PER_PAGE)))
            where = where_clause(chosen)
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM (SELECT * FROM queue q{where}"
                f" ORDER BY {_ORDERS[chosen.state]} LIMIT ? OFFSET ?) q"
                f" JOIN answers a USING (answer_id) ORDER BY {_ORDERS[chosen.state]}",
                (*where.values, PER_PAGE, PER_PAGE * (number - 1)),
            ).fetchall()
            opened = _opened(connection, account)
        items = tuple(_item(row, opened.get(row["answer_id"], ())) for row in rows)
        return Page(items, number, total, counts, renewing)

    def of(self, answer_id: str, account: str = "") -> Item | None:
        """The group that an answer belongs to, shown by that answer; None when the log doesn't have it."""
        self.refresh()
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS.replace('q.answer_id', 'a.answer_id')} FROM answers a"
                " JOIN queue q USING (group_id) WHERE a.answer_id = ?",
                (answer_id,),
            ).fetchone()
            opened = _opened(connection, account)
        return _item(row, opened.get(answer_id, ())) if row else None

    def next(self, chosen: Filter, after: Cursor | None, account: str = "") -> Item | None:
        """The next group behind a place in the queue; behind the last, the first again.

        A group to judge, or where judged ones are chosen another of those. What a colleague has on the screen is
        passed over. None when nothing else is left.
        """
        self.refresh()
        state: State = "judged" if chosen.state == "judged" else "open"
        with self._database.reading() as connection:
            opened = _opened(connection, account)
            for start in (after, None) if after else (None,):
                where = where_clause(replace(chosen, state=state))
                if start and state == "judged":
                    where.add("(q.reviewed_at, q.queue_id) < (?, ?)", start.reviewed_at, start.queue_id)
                elif start:
                    where.add("(q.priority, q.queue_id) < (?, ?)", start.priority, start.queue_id)
                elif after:
                    where.add("q.queue_id <> ?", after.queue_id)
                if opened:
                    where.add(f"q.answer_id NOT IN ({', '.join('?' * len(opened))})", *opened)
                row = connection.execute(
                    f"SELECT {_COLUMNS} FROM queue q JOIN answers a USING (answer_id){where}"
                    f" ORDER BY {_ORDERS[state]} LIMIT 1",
                    where.values,
                ).fetchone()
                if row:
                    return _item(row)
        return None

    def left(self, chosen: Filter) -> int:
        """How many groups under the filter are still to be judged."""
        with self._database.reading() as connection:
            where = where_clause(replace(chosen, state="open"))
            return int(connection.execute(f"SELECT count(*) FROM queue q{where}", where.values).fetchone()[0])

    def outlets(self) -> list[str]:
        """The outlets that the listed answers cite, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(
                # Jumps from one name to the next: a list of tens of thousands of citations has few names.
                "WITH RECURSIVE names (source) AS (SELECT min(source) FROM queue_outlets UNION ALL"
                " SELECT (SELECT min(source) FROM queue_outlets o WHERE o.source > names.source) FROM names"
                " WHERE names.source IS NOT NULL) SELECT source FROM names WHERE source IS NOT NULL"
            )
            return [row["source"] for row in rows]

    def open(self, answer_id: str, account: str) -> None:
        """Note that `account` has the answer on the screen, for colleagues to know."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO opened VALUES (?, ?, ?)", (account, answer_id, stamp(_now())))


def _counts(connection: sqlite3.Connection, chosen: Filter) -> Counts:
    where = where_clause(replace(chosen, state="all", signal=None))
    rows = connection.execute(
        f"SELECT q.open, q.signals, count(*) AS n FROM queue q{where} GROUP BY q.open, q.signals", where.values
    ).fetchall()
    states: dict[State, int] = {"open": 0, "judged": 0, "all": 0}
    by_signal = dict.fromkeys(Signal, 0)
    for row in rows:
        state: State = "open" if row["open"] else "judged"
        found = Signal(row["signals"])
        if chosen.signal is None or chosen.signal in found:
            states[state] += row["n"]
            states["all"] += row["n"]
        if chosen.state in ("all", state):
            for signal in found:
                by_signal[signal] += row["n"]
    return Counts(states, by_signal)


def _opened(connection: sqlite3.Connection, account: str) -> dict[str, tuple[str, ...]]:
    """What colleagues of `account` have on the screen: who, by answer."""
    rows: Iterable[sqlite3.Row] = connection.execute(
        "SELECT account, answer_id FROM opened WHERE account <> ? AND at > ?", (account, stamp(_now() - OPENED_FOR))
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row["answer_id"]] = (*found.get(row["answer_id"], ()), row["account"])
    return found


def _item(row: sqlite3.Row, opened_by: tuple[str, ...] = ()) -> Item:
    values = dict(row)
    return Item(
        **values
        | {
            "open": bool(values["open"]),
            "refused": bool(values["refused"]),
            "signals": Signal(values["signals"]),
            "last_at": datetime.fromisoformat(values["last_at"]),
            "verdict": Verdict(values["verdict"]) if values["verdict"] else None,
            "reviewed_at": datetime.fromisoformat(values["reviewed_at"]) if values["reviewed_at"] else None,
            "opened_by": opened_by,
        }
    )


def _now() -> datetime:
    return datetime.now(UTC)
