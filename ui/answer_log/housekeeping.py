"""What is forgotten, and when: answers after `log_days`, at the start and every day while serving."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from corpus.database import Database
from ui.answer_log.database import stamp
from ui.answer_log.log import AnswerLog
from ui.keeping import Keeping

EVERY_S = 24 * 3600.0
_BATCH = 500  # answers deleted in a transaction: visitors' answers are written in between
_MERGED_PAGES = 500  # of the search index in a transaction, for the same reason
_log = logging.getLogger(__name__)


def forget(database: Database, days: int, now: datetime | None = None) -> int:
    """Delete what is older than `days`; how many answers that were. 0 days: nothing is ever deleted.

    An answer that staff have judged stays, for its review, its sign-off and what was learnt from it rest on it. It
    stays without what readers wrote about it: only their votes and reasons are kept.

    Raises:
        StoreError: the log can't be written.
    """
    if not days:
        return 0
    before = stamp((now or datetime.now(UTC)) - timedelta(days=days))
    deleted = 0
    while True:
        with database.transaction() as connection:
            count = connection.execute(
                "DELETE FROM answers WHERE answer_id IN (SELECT answer_id FROM answers WHERE created_at < ?"
                " AND NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.answer_id = answers.answer_id) LIMIT ?)",
                (before, _BATCH),
            ).rowcount
        deleted += count
        if count < _BATCH:
            break
    with database.transaction() as connection:
        connection.execute("UPDATE feedback SET comment = '' WHERE created_at < ? AND comment != ''", (before,))
    if deleted:
        _forget_terms(database)
    with database.reading() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # nor do the words stay in the -wal file
    return deleted


def _forget_terms(database: Database) -> None:
    """Take deleted words out of the full-text index, which only marks them until its segments are merged.

    https://www.sqlite.org/fts5.html#the_merge_command: a negative number begins the merging of all segments.
    """
    pages = -_MERGED_PAGES
    while True:
        with database.transaction() as connection:
            before = connection.total_changes
            connection.execute("INSERT INTO queue_fts (queue_fts, rank) VALUES ('merge', ?)", (pages,))
            if connection.total_changes - before < 2:
                return
        pages = _MERGED_PAGES


class Housekeeping(Keeping):
    """Forgets what is due, now and every day, until the context ends."""

    failed = "old answers weren't deleted"

    def __init__(self, log: AnswerLog, every_s: float = EVERY_S) -> None:
        super().__init__(every_s)
        self._log = log

    def keep(self) -> None:
        """Delete what is older than `log_days`."""
        deleted = forget(self._log.database, self._log.settings.log_days)
        if deleted:
            _log.info("deleted %d answers older than %d days", deleted, self._log.settings.log_days)
