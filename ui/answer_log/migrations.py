"""The schema of the answer log's SQLite file, as a numbered list of steps that only ever grows.

Times are UTC in ISO 8601 to the second. Of who asked nothing is kept: no address, no browser, no session.
"""

from __future__ import annotations

import sqlite3

from corpus.migrations import Migration

MIGRATIONS: list[Migration] = []


def migration(step: Migration) -> Migration:
    """Append `step` to the list; its name is what the database remembers."""
    MIGRATIONS.append(step)
    return step


@migration
def m001_answers(connection: sqlite3.Connection) -> None:
    """Answers as they were given, the places they cite, and readers' feedback.

    `question`, `history` and everything else that a visitor wrote is masked. `answer` is the contract's JSON.
    `support` is the least of its sentences, `newest` the day of its newest source. `models` is JSON, the fingerprint
    of each. `question_key` is the question with what it takes over from the conversation, in one case and without
    punctuation. `group_id` joins questions that are nearly the same: the `answer_id` of the first of them, which may
    itself be gone. `review_id` is the signed-off review that was served.
    `words` is the answer's text: SQLite fills it in.
    """
    connection.execute(
        """CREATE TABLE answers (
            answer_id TEXT PRIMARY KEY, created_at TEXT NOT NULL,
            question TEXT NOT NULL, history TEXT NOT NULL, answer TEXT NOT NULL,
            refused INTEGER NOT NULL, reason TEXT, confidence REAL NOT NULL, support REAL, newest TEXT,
            conflict INTEGER NOT NULL, stale INTEGER NOT NULL,
            settings TEXT NOT NULL, models TEXT NOT NULL, total_ms REAL NOT NULL,
            question_key TEXT NOT NULL, group_id TEXT NOT NULL, review_id INTEGER,
            words TEXT NOT NULL GENERATED ALWAYS AS (json_extract(answer, '$.answer')) STORED
        )"""
    )
    # Reports and lists of sources read these indexes alone: the rows are long, and 50,000 of them take too long.
    connection.execute(
        "CREATE INDEX answers_by_time ON answers (created_at, refused, reason, review_id, group_id, answer_id)"
    )
    connection.execute("CREATE INDEX answers_by_group ON answers (group_id, created_at, refused)")
    connection.execute("CREATE INDEX answers_dated ON answers (answer_id, created_at, group_id)")
    connection.execute("CREATE INDEX answers_by_key ON answers (question_key)")
    # All that the queue reads: a question that thousands ask must not cost a page of their answers' JSON for each.
    connection.execute(
        "CREATE INDEX answers_by_variant ON answers (group_id, words, created_at, answer_id, question, refused,"
        " reason, confidence, support, conflict, stale, review_id)"
    )
    connection.execute("CREATE INDEX answers_served ON answers (review_id) WHERE review_id IS NOT NULL")
    connection.execute(
        """CREATE TABLE citations (
            answer_id TEXT NOT NULL REFERENCES answers ON DELETE CASCADE, n INTEGER NOT NULL,
            article_id TEXT NOT NULL, version INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
            source TEXT NOT NULL, published TEXT,
            PRIMARY KEY (answer_id, n)
        ) WITHOUT ROWID"""
    )
    connection.execute("CREATE INDEX citations_by_article ON citations (article_id, published)")
    connection.execute(
        """CREATE TABLE feedback (
            feedback_id INTEGER PRIMARY KEY,
            answer_id TEXT NOT NULL REFERENCES answers ON DELETE CASCADE, created_at TEXT NOT NULL,
            useful INTEGER NOT NULL, reason TEXT, comment TEXT NOT NULL
        )"""
    )
    connection.execute("CREATE INDEX feedback_by_answer ON feedback (answer_id)")


@migration
def m002_accounts(connection: sqlite3.Connection) -> None:
    """Who may use the staff console, their sessions, and what they did.

    `sessions` keep a hash of the token, so that who reads the file can't take a session over. Rows of `audit` can
    be added, never changed or deleted.
    """
    connection.execute(
        """CREATE TABLE accounts (
            name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT, subject TEXT UNIQUE, created_at TEXT NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0, locked_until TEXT
        ) WITHOUT ROWID"""
    )
    connection.execute(
        """CREATE TABLE sessions (
            token_hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
            csrf TEXT NOT NULL, created_at TEXT NOT NULL, seen_at TEXT NOT NULL
        ) WITHOUT ROWID"""
    )
    connection.execute(
        """CREATE TABLE audit (
            audit_id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, account TEXT NOT NULL,
            action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL
        )"""
    )
    for change in ("UPDATE", "DELETE"):
        connection.execute(
            f"CREATE TRIGGER audit_keeps_{change.lower()} BEFORE {change} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
        )


@migration
def m003_reviews(connection: sqlite3.Connection) -> None:
    """What staff made of answers.

    A review is never changed: judging again adds one with the former in `replaces`, undoing sets `undone_at`. The
    one in force is an answer's last that isn't undone. `sentences` is a JSON list of verdicts in order, `edited` the
    JSON of an answer in the contract's form. `seconds` is how long the answer was open, `heard` the last
    feedback on it that there was.

    A row of `signed_off` is served to the question `question`, which was asked on the day `as_of` and whose embedding
    is `vector` (32-bit floats), until it is withdrawn. `last_version` is the row of the newest version of an article
    that there was when it was approved, `generation` that of the passages up to which it was held against newer
    articles. `withdrawn_because` is a code (see `ui.staff.signing_off.Because`), `withdrawn_detail` the keys of the
    articles that it is about, separated by spaces. A row of `promoted` makes its review a golden case.
    """
    connection.execute(
        """CREATE TABLE reviews (
            review_id INTEGER PRIMARY KEY AUTOINCREMENT,
            answer_id TEXT NOT NULL REFERENCES answers, reviewer TEXT NOT NULL, created_at TEXT NOT NULL,
            verdict TEXT NOT NULL, sentences TEXT NOT NULL, note TEXT NOT NULL, edited TEXT,
            seconds REAL NOT NULL, replaces INTEGER REFERENCES reviews, undone_at TEXT,
            heard INTEGER NOT NULL DEFAULT 0
        )"""
    )
    connection.execute("CREATE INDEX reviews_by_answer ON reviews (answer_id)")
    connection.execute(
        """CREATE TABLE signed_off (
            review_id INTEGER PRIMARY KEY REFERENCES reviews,
            question TEXT NOT NULL, as_of TEXT NOT NULL, vector BLOB NOT NULL, answer TEXT NOT NULL,
            approved_at TEXT NOT NULL, approved_by TEXT NOT NULL,
            last_version INTEGER NOT NULL DEFAULT 0, generation INTEGER NOT NULL,
            withdrawn_at TEXT, withdrawn_because TEXT, withdrawn_detail TEXT NOT NULL DEFAULT ''
        )"""
    )
    connection.execute("CREATE INDEX signed_off_in_force ON signed_off (review_id) WHERE withdrawn_at IS NULL")
    connection.execute(
        """CREATE TABLE promoted (
            review_id INTEGER PRIMARY KEY REFERENCES reviews, promoted_at TEXT NOT NULL, promoted_by TEXT NOT NULL
        )"""
    )


@migration
def m004_queue(connection: sqlite3.Connection) -> None:
    """What waits for staff: a row for each group of questions, derived from everything above.

    Whatever changes a group puts it into `queue_stale`; whoever reads the queue first renews those rows. `answer_id`
    is the answer to look at, `open` whether it is to be judged, `priority` how bad it may be, `signals` the bits of
    why, `compared` whether others that ask the same were looked for. `opened` says which answer each reviewer has on
    the screen.
    """
    connection.execute(
        """CREATE TABLE queue (
            queue_id INTEGER PRIMARY KEY, group_id TEXT NOT NULL UNIQUE, answer_id TEXT NOT NULL,
            open INTEGER NOT NULL, priority REAL NOT NULL, signals INTEGER NOT NULL,
            asked INTEGER NOT NULL, unhelpful INTEGER NOT NULL, helpful INTEGER NOT NULL, comments INTEGER NOT NULL,
            first_at TEXT NOT NULL, last_at TEXT NOT NULL, refused INTEGER NOT NULL,
            verdict TEXT, reviewed_at TEXT, reviewer TEXT, compared INTEGER NOT NULL DEFAULT 0
        )"""
    )
    connection.execute("CREATE INDEX queue_worst_first ON queue (open DESC, priority DESC, queue_id DESC)")
    connection.execute("CREATE INDEX queue_not_compared ON queue (queue_id) WHERE NOT compared")
    connection.execute("CREATE INDEX queue_counts ON queue (open, signals)")
    connection.execute("CREATE INDEX queue_by_time ON queue (last_at, first_at, open, signals)")
    connection.execute(
        """CREATE TABLE queue_outlets (
            source TEXT NOT NULL, queue_id INTEGER NOT NULL REFERENCES queue ON DELETE CASCADE,
            PRIMARY KEY (source, queue_id)
        ) WITHOUT ROWID"""
    )
    connection.execute("CREATE INDEX queue_outlets_by_row ON queue_outlets (queue_id)")
    connection.execute(
        """CREATE VIRTUAL TABLE queue_fts USING fts5(
            questions, answer, tokenize = 'porter unicode61 remove_diacritics 2'
        )"""
    )
    connection.execute("CREATE TABLE queue_stale (group_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute(
        "CREATE TABLE opened (account TEXT PRIMARY KEY, answer_id TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID"
    )
    of_answer = "SELECT group_id FROM answers WHERE answer_id = NEW.answer_id"
    of_review = (
        "SELECT group_id FROM answers WHERE review_id = NEW.review_id OR answer_id ="
        " (SELECT answer_id FROM reviews WHERE review_id = NEW.review_id)"
    )
    changes = {
        "INSERT ON answers": "VALUES (NEW.group_id)",
        "UPDATE OF group_id, review_id ON answers": "VALUES (OLD.group_id), (NEW.group_id)",
        "DELETE ON answers": "VALUES (OLD.group_id)",
        "INSERT ON feedback": of_answer,
        "INSERT ON reviews": of_answer,
        "UPDATE ON reviews": of_review,
        "INSERT ON signed_off": of_review,
        "UPDATE ON signed_off": of_review,
    }
    for number, (change, groups) in enumerate(changes.items(), start=1):
        connection.execute(
            f"CREATE TRIGGER queue_goes_stale_{number} AFTER {change}"
            f" BEGIN INSERT OR IGNORE INTO queue_stale {groups}; END"
        )


@migration
def m005_forgotten_words(connection: sqlite3.Connection) -> None:
    """The queue's search forgets an answer's words with the answer; what is left of its group is sorted in again."""
    connection.execute(
        "CREATE TRIGGER queue_forgets AFTER DELETE ON answers BEGIN DELETE FROM queue_fts"
        " WHERE rowid = (SELECT queue_id FROM queue WHERE group_id = OLD.group_id); END"
    )


@migration
def m006_signed_off_embedding(connection: sqlite3.Connection) -> None:
    """`embedding` is the fingerprint of the model that made `vector`, which no other model's can be held against."""
    connection.execute("ALTER TABLE signed_off ADD COLUMN embedding TEXT NOT NULL DEFAULT ''")
