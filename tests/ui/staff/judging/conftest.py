"""Answers made up for the queue's tests: single ones to measure, and a log of very many to be quick with."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from corpus import Article, ArticleStore, load_settings
from corpus.articles import StoredArticle
from corpus.database import Database
from rag.answer import Answer, Citation, Decision, Headline, Note, Reason, Sentence, Turn
from rag.assistant import Assistant
from rag.sentences import split_sentences
from ui.answer_log.database import utc_now
from ui.answer_log.log import AnswerLog
from ui.answer_log.rows import insert_answer
from ui.staff.accounts import Accounts, Role
from ui.staff.queue_upkeep import refresh

SUBJECTS = "harbour permits|seasonal visas|ferry refunds|island transfers|border offices|day passes".split("|")
PLACES = "Westhaven|Oakmere|Lindholm|Puerto Gris|Gull Island|Northgate|Salt Bay|Ravensholm".split("|")
ASKED = (
    "How many {subject} were given out in {place} in {year}?",
    "What did the ministry say about {subject} in {place} in {year}?",
    "When do the {subject} of {place} run out after {year}?",
    "Why were {subject} stopped in {place} in {year}, and who decided it?",
)
REVIEWERS, PASSWORD = ("ana", "ben"), "correct horse battery"
HOSTILE = Article(
    id="hostile",
    title="<img src=x onerror=alert(1)> Border office moves to Oakmere",
    text=(
        "The border office moves to <b>Oakmere</b> on 2 May 2024, director Petra Holm said. "
        "<script>alert(2)</script>\n\n"
        "Staff were told in March. The old office in Lindholm closes in April."
    ),
    url="javascript:alert(3)",
    source='Plain & Simple "><script>alert(4)</script>',
    published=date(2024, 4, 2),
)
PERMITS = Article(
    id="permits",
    title="Harbour permits in 2023",
    text=(
        "The town of Westhaven has one harbour office.\n\n"
        "The harbour office issued 1,977 day permits in 2023, clerk Jon Aas said. "
        "Most went to seasonal workers from the islands.\n\nThe office closes in winter. A permit costs 18 crowns."
    ),
    source="Westhaven Gazette",
    url="https://gazette.example/permits",
    published=date(2023, 12, 20),
)
FERRY = Article(
    id="ferry",
    title="Ferry office reopens",
    text=(
        "The ferry office in Westhaven reopened on 3 March 2024 after eleven weeks. "
        "Mayor Ingrid Solberg said 412 passengers had asked for refunds."
    ),
    source="The Northern Post",
    published=date(2024, 3, 4),
)
TOWN = [HOSTILE, PERMITS, FERRY]
REFUSED = 0.2  # of the answers
SAME = 0.4  # of the questions were asked before
POPULAR = 0.25  # of those are one and the same


@pytest.fixture
def log(data: Path) -> Iterator[AnswerLog]:
    """An empty answer log."""
    opened = AnswerLog.open(data, load_settings(data=data))
    yield opened
    opened.close()


@pytest.fixture
def make_answer(articles: list[Article]) -> Callable[..., Answer]:
    """An answer that quotes the first sentence of one of the tests' articles, by its id, or more of them."""
    by_id = {article.id: article for article in articles}

    def make(question: str = "When did the ferry office reopen?", *article_ids: str, **values: object) -> Answer:
        citations = []
        for n, article_id in enumerate(article_ids or ("ferry",), start=1):
            article = by_id[article_id]
            start, end = split_sentences(article.text)[0]
            citations.append(
                Citation(
                    n=n, article_id=article_id, version=1, title=article.title, source=article.source,
                    url=article.url, published=article.published, quote=article.text[start:end], start=start, end=end,
                )
            )  # fmt: skip
        known = {
            "question": question, "answer": " ".join(f"{c.quote} [{c.n}]" for c in citations), "refused": False,
            "sentences": tuple(Sentence(text=c.quote, citations=(c.n,), support=1.0) for c in citations),
            "citations": tuple(citations), "confidence": 0.9, "as_of": date(2024, 6, 1), "model": "extractive",
            "settings": "0" * 12, "timings_ms": {"total": 31.0},
        }  # fmt: skip
        if values.get("refused"):
            known |= {"answer": "No article says.", "sentences": (), "citations": (), "reason": Reason.NOT_COVERED}
        return Answer.model_validate(known | values)

    return make


@dataclass(frozen=True)
class Served:
    """The console, in a process of its own as `passage serve` starts it, and its data folder's answer log."""

    address: str
    log: AnswerLog
    articles: tuple[StoredArticle, ...]


@contextmanager
def serving(folder: Path, serve: Callable[..., AbstractContextManager[str]]) -> Iterator[Served]:
    """Serve a folder of `prepare` to the reviewers ana and ben."""
    settings = load_settings(data=folder)
    with closing(ArticleStore.open(folder)) as store:
        stored = tuple(store.current())
    log = AnswerLog.open(folder, settings)
    for name in REVIEWERS:
        Accounts(log.database).add(name, Role.REVIEWER, PASSWORD)
    with closing(log), serve(folder) as address:
        yield Served(address, log, stored)


def prepare(folder: Path, count: int = 0) -> Path:
    """A data folder with a small corpus, some of it hostile, and a log of `count` made-up answers."""
    settings = load_settings(data=folder)
    with Assistant.open(folder, settings) as assistant, closing(AnswerLog.open(folder, settings)) as log:
        assistant.store.upsert(TOWN)
        assistant.index.sync()
        if count:
            fill_log(log.database, list(assistant.store.current()), count)
            refresh(log.database)
            with log.database.transaction() as connection:  # as after some minutes of serving
                connection.execute("UPDATE queue SET compared = 1")
    return folder


@pytest.fixture(scope="session")
def busy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with 50,000 logged answers."""
    return prepare(tmp_path_factory.mktemp("busy") / "data", 50_000)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve) -> Iterator[Served]:
    """The console over a small corpus."""
    with serving(prepare(tmp_path_factory.mktemp("site") / "data"), serve) as served:
        yield served


@pytest.fixture(scope="module")
def busy_site(busy_folder: Path, serve) -> Iterator[Served]:
    """The console with 50,000 logged answers."""
    with serving(busy_folder, serve) as served:
        yield served


@pytest.fixture
def assistant(data: Path, articles: list[Article]) -> Iterator[Assistant]:
    """An assistant over the tests' articles."""
    settings = load_settings(data=data)
    with Assistant.open(data, settings) as opened:
        opened.store.upsert(articles)
        opened.index.sync()
        yield opened


@pytest.fixture
def stored(store: ArticleStore, articles: list[Article]) -> ArticleStore:
    """The store with the tests' articles, not indexed."""
    store.upsert(articles)
    return store


def fill_log(database: Database, articles: Sequence[StoredArticle], count: int, seed: int = 1) -> None:
    """Log `count` answers that quote `articles`, one every two minutes until now; some are voted on and judged."""
    chance = random.Random(seed)
    quotes = [
        partial(_citation, article, start, end)
        for article in articles
        for start, end in split_sentences(article.text)
    ]
    asked: list[tuple[Answer, list[Turn]]] = []
    with database.transaction() as connection:
        for number in range(count):
            if asked and chance.random() < SAME:
                answer, history = asked[0] if chance.random() < POPULAR else chance.choice(asked)
            else:
                answer, history = _answer(chance, quotes, number), _history(chance)
                asked.append((answer, history))
            moment = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=120 * (count - number))
            insert_answer(
                connection, f"made-up-{number:09}", moment.isoformat(), answer, history, {"answer": "extractive"}
            )
            if chance.random() < 0.1:
                connection.execute(
                    "INSERT INTO feedback (answer_id, created_at, useful, reason, comment) VALUES (?, ?, ?, ?, ?)",
                    (
                        f"made-up-{number:09}",
                        moment.isoformat(),
                        chance.random() < 0.6,
                        "wrong",
                        chance.choice(("", "No.")),
                    ),
                )
            if chance.random() < 0.05:
                connection.execute(
                    "INSERT INTO reviews (answer_id, reviewer, created_at, verdict, sentences, note, seconds, heard)"
                    " VALUES (?, ?, ?, ?, ?, '', 8, ?)",
                    (
                        f"made-up-{number:09}",
                        chance.choice(("ana", "ben")),
                        utc_now(),
                        "good" if answer.refused else chance.choice(("good", "wrong", "outdated")),
                        "[]" if answer.refused else "[" + ", ".join(['"supported"'] * len(answer.sentences)) + "]",
                        number,
                    ),
                )


def _answer(chance: random.Random, quotes: Sequence[partial[Citation]], number: int) -> Answer:
    question = chance.choice(ASKED).format(
        subject=chance.choice(SUBJECTS), place=chance.choice(PLACES), year=1900 + number % 4000
    )
    refused = chance.random() < REFUSED
    citations = () if refused else tuple(q(n=n) for n, q in enumerate(chance.sample(quotes, chance.randint(1, 3)), 1))
    near = Headline(article_id="ferry", title="Harbour town", source="Westhaven Gazette", published=date(2024, 3, 4))
    return Answer(
        question=question,
        answer="The articles don't say." if refused else " ".join(f"{c.quote} [{c.n}]" for c in citations),
        refused=refused,
        reason=chance.choice((Reason.NOT_COVERED, Reason.OTHER_DOMAIN, Reason.OWN_CASE)) if refused else None,
        sentences=tuple(Sentence(text=c.quote, citations=(c.n,), support=1.0) for c in citations),
        citations=citations,
        notes=() if refused or chance.random() < 0.8 else (Note(kind="stale", text="The newest report is old."),),
        nearest=(near,) if refused else (),
        confidence=round(chance.uniform(0, 0.55) if refused else chance.uniform(0.55, 1), 4),
        as_of=date(2026, 3, 1),
        model="extractive",
        settings="0" * 12,
        trace=tuple(
            Decision(step="verify", text=chance.choice(quotes)(n=1).quote, outcome="shown", score=1.0)
            for _ in range(6)
        ),
        timings_ms={"retrieve": 9.0, "select": 20.0, "total": 31.0},
    )


def _history(chance: random.Random) -> list[Turn]:
    if chance.random() < 0.8:
        return []
    return [
        Turn(role="user", content=f"What is new in {chance.choice(PLACES)}?"),
        Turn(role="assistant", content="The office reopened on 3 March 2024. [1]"),
    ]


def _citation(article: StoredArticle, start: int, end: int, n: int) -> Citation:
    return Citation(
        n=n,
        article_id=article.article_id,
        version=article.version,
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        quote=article.text[start:end],
        start=start,
        end=end,
    )
