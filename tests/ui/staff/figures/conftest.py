"""A log of answers with known figures, over articles that answer nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from corpus import Article
from corpus.database import Database
from rag.answer import Answer, Citation, Reason, Sentence
from ui.answer_log.log import insert_answer
from ui.staff.console import Console

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
OLD = Article(
    id="permit/2019",
    title="Harbour permits in 2019",
    text="The harbour office issued 812 day permits in 2019, clerk Jon Aas said.",
    source="Westhaven Gazette",
    published=(TODAY - timedelta(days=2000)).date(),
)
NEW = Article(
    id="ferry",
    title="<script>document.title='taken'</script> Ferry office reopens",
    text="The ferry office reopened after eleven weeks, mayor Ingrid Solberg said.",
    source="The Northern Post",
    published=(TODAY - timedelta(days=20)).date(),
)
LogAnswer = Callable[..., str]
Judge = Callable[..., None]


def cite(article: Article, n: int = 1) -> Citation:
    """The whole of an article."""
    return Citation(
        n=n,
        article_id=article.key,
        version=1,
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        quote=article.text,
        start=0,
        end=len(article.text),
    )


def log_answer(
    database: Database,
    question: str,
    at: datetime = TODAY,
    cites: tuple[Article, ...] = (OLD,),
    reason: Reason | None = None,
    confidence: float = 0.8,
    support: float = 1.0,
) -> str:
    """Log an answer that quotes `cites`, or with a `reason` a refusal; its id."""
    citations = () if reason else tuple(cite(article, n) for n, article in enumerate(cites, 1))
    answer = Answer(
        question=question,
        answer="No." if reason else " ".join(f"{c.quote} [{c.n}]" for c in citations),
        refused=reason is not None,
        reason=reason,
        sentences=tuple(Sentence(text=c.quote, citations=(c.n,), support=support) for c in citations),
        citations=citations,
        confidence=confidence,
        as_of=date(2026, 1, 1),
        model="extractive",
        settings="0" * 12,
        timings_ms={"total": 1.0},
    )
    with database.transaction() as connection:
        answer_id = f"answer{connection.execute('SELECT count(*) FROM answers').fetchone()[0]}"
        insert_answer(connection, answer_id, at.isoformat(timespec="seconds"), answer, [], {})
    return answer_id


def judge(
    database: Database,
    answer_id: str,
    verdict: str,
    reviewer: str = "ria",
    at: datetime = TODAY,
    sentences: str = "[]",
    seconds: float = 8.0,
    undone: bool = False,
) -> None:
    """Log a review."""
    moment = at.isoformat(timespec="seconds")
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO reviews (answer_id, reviewer, created_at, verdict, sentences, note, seconds, undone_at)"
            " VALUES (?, ?, ?, ?, ?, '', ?, ?)",
            (answer_id, reviewer, moment, verdict, sentences, seconds, moment if undone else None),
        )


@pytest.fixture
def log(console: Console) -> Database:
    """The console's answer log; the articles that answers quote are stored."""
    console.assistant.store.upsert([OLD, NEW])
    return console.log.database


@pytest.fixture
def answered(log: Database) -> LogAnswer:
    """Logs an answer."""
    return lambda question, **values: log_answer(log, question, **values)


@pytest.fixture
def judged(log: Database) -> Judge:
    """Logs a review."""
    return lambda answer_id, verdict, **values: judge(log, answer_id, verdict, **values)
