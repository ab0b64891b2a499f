"""Answers as rows of the log's file, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from rag.answer import Answer, Turn
from ui.answer_log.grouping import question_key
from ui.answer_log.models import LoggedAnswer


def logged_answer(row: sqlite3.Row) -> LoggedAnswer:
    """A row of `answers` as the answer that it holds."""
    return LoggedAnswer(
        id=row["answer_id"],
        created_at=datetime.fromisoformat(row["created_at"]),
        answer=Answer.model_validate_json(row["answer"]),
        history=tuple(Turn.model_validate(turn) for turn in json.loads(row["history"])),
        group_id=row["group_id"],
        review_id=row["review_id"],
    )


def insert_answer(
    connection: sqlite3.Connection,
    answer_id: str,
    created_at: str,
    answer: Answer,
    history: Sequence[Turn],
    models: dict[str, str],
    review_id: int | None = None,
) -> None:
    """Write a masked answer with its citations, in the group of those that asked the same."""
    key = question_key(answer.question, [turn.content for turn in history if turn.role == "user"])
    group = connection.execute("SELECT group_id FROM answers WHERE question_key = ? LIMIT 1", (key,)).fetchone()
    kinds = {note.kind for note in answer.notes}
    newest = max((c.published for c in answer.citations if c.published), default=None)
    values = {
        "answer_id": answer_id,
        "created_at": created_at,
        "question": answer.question,
        "history": json.dumps([turn.model_dump() for turn in history], ensure_ascii=False),
        "answer": answer.model_dump_json(),
        "refused": answer.refused,
        "reason": answer.reason,
        "confidence": answer.confidence,
        "support": min((sentence.support for sentence in answer.sentences), default=None),
        "newest": newest and newest.isoformat(),
        "conflict": "conflict" in kinds,
        "stale": "stale" in kinds,
        "settings": answer.settings,
        "models": json.dumps(models, sort_keys=True),
        "total_ms": answer.timings_ms.get("total", 0.0),
        "question_key": key,
        "group_id": group["group_id"] if group else answer_id,
        "review_id": review_id,
    }
    names = ", ".join(values)
    connection.execute(
        f"INSERT INTO answers ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values())
    )
    connection.executemany(
        "INSERT INTO citations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (answer_id, c.n, c.article_id, c.version, c.start, c.end, c.source, c.published and str(c.published))
            for c in answer.citations
        ],
    )
