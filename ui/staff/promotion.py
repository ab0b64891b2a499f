"""Reviewed answers as golden cases: promoted in the console, written to a benchmark folder by `export-golden`."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from corpus.database import Database
from corpus.errors import InputError, NotFoundError
from corpus.store import ArticleStore
from eval.datasets import Query
from eval.growing import Embed, GoldenCase, Outcome, Status, clash
from rag.answer import Answer, Turn
from rag.claims import facts
from rag.question_type import AnswerType, analyse
from ui.answer_log.database import utc_now
from ui.answer_log.masking import mask
from ui.staff import audit
from ui.staff.reviews import Review, SentenceVerdict, Verdict, review_from

SPLIT: Final = "gate"  # what staff judged is held by the gate
# How the golden set calls what it reports under.
_KINDS = {
    AnswerType.NUMBER: "number",
    AnswerType.MONEY: "number",
    AnswerType.PERCENTAGE: "number",
    AnswerType.DURATION: "number",
    AnswerType.TIME: "date",
    AnswerType.PERSON: "who",
    AnswerType.PLACE: "where",
    AnswerType.CAUSE: "why",
    AnswerType.WHETHER: "yesno",
    AnswerType.DEFINITION: "definition",
}
_FIGURES = {AnswerType.NUMBER, AnswerType.MONEY, AnswerType.PERCENTAGE, AnswerType.DURATION}


@dataclass(frozen=True)
class Promoted:
    """A case made from a review, and what became of it.

    Attributes:
        outcome: `Status.ADDED` when the next export holds it, `Status.KNOWN` when it would have done so anyway.
    """

    case: GoldenCase
    outcome: Outcome


class Promotion:
    """The promoted reviews of one data folder."""

    def __init__(self, database: Database, store: ArticleStore, embed: Embed) -> None:
        """Over the answer log `database` and the articles in `store`."""
        self._database = database
        self._store = store
        self._embed = embed

    def promote(self, answer_id: str, account: str) -> Promoted:
        """Make the review in force of an answer a golden case, unless one of those promoted before asks the same.

        Raises:
            NotFoundError: there is no such answer.
            InputError: it has no review, or one that doesn't say what is right.
        """
        while True:  # until nobody promotes another between the comparison and the note of it
            done = self._promote(answer_id, account)
            if done:
                return done

    def _promote(self, answer_id: str, account: str) -> Promoted | None:
        """As `promote`; None when what it was compared with has changed meanwhile.

        Embedding so many questions takes seconds, for which no visitor's answer should have to wait.
        """
        with self._database.reading() as connection:
            review = _in_force(connection, answer_id)
            case = self._case(connection, review)
            rows = _promoted(connection)
            others = [self._case(connection, review_from(r)).query for r in rows if r["answer_id"] != answer_id]
        found = clash(case, others, self._embed)
        if found:
            return Promoted(case, found)
        with self._database.transaction() as connection:
            now = _promoted(connection)
            if _in_force(connection, answer_id) != review or [r["review_id"] for r in now] != [
                r["review_id"] for r in rows
            ]:
                return None
            added = connection.execute(
                "INSERT OR IGNORE INTO promoted (review_id, promoted_at, promoted_by) VALUES (?, ?, ?)",
                (review.review_id, utc_now(), account),
            ).rowcount
            if not added:
                return Promoted(case, Outcome(case.query.id, Status.KNOWN, case.query.id))
            audit.note(connection, account, "promote", answer_id, review=review.review_id, case=case.query.id)
        return Promoted(case, Outcome(case.query.id, Status.ADDED))

    def cases(self, since: date | None = None) -> list[GoldenCase]:
        """The promoted reviews that still stand as cases, in the order in which they were promoted.

        Args:
            since: only those promoted on this day (UTC) or later.
        """
        with self._database.reading() as connection:
            rows = _promoted(connection)
            return [
                self._case(connection, review_from(row))
                for row in rows
                if since is None or row["promoted_at"][:10] >= since.isoformat()
            ]

    def _case(self, connection: sqlite3.Connection, review: Review) -> GoldenCase:
        row = connection.execute(
            "SELECT answer, history FROM answers WHERE answer_id = ?", (review.answer_id,)
        ).fetchone()
        given = Answer.model_validate_json(row["answer"])
        history = tuple(Turn.model_validate(turn) for turn in json.loads(row["history"]))
        return golden_case(review, given, history, self._document)

    def _document(self, article_id: str, version: int | None) -> dict[str, Any]:
        article = self._store.get(article_id, version)
        values = article.as_dict()
        names = ("title", "text", "url", "source", "author", "published", "updated", "language", "metadata")
        return {"id": article_id} | {name: values[name] for name in names if values[name]}


def golden_case(
    review: Review,
    given: Answer,
    history: Sequence[Turn],
    document: Callable[[str, int | None], dict[str, Any]],
) -> GoldenCase:
    """The case that a review makes of an answer: what must be answered and from what, or that nothing must.

    Args:
        review: of the answer.
        given: the answer as it was.
        history: the turns before the question.
        document: gives a version of an article in the form of a corpus file, None for the current one.

    Raises:
        InputError: the review says that the answer is not right, but not what is.
    """
    right = review.edited or (given if review.verdict is Verdict.GOOD else None)
    refuse = review.verdict is Verdict.SHOULD_REFUSE and review.edited is None
    if right is None and not refuse and review.verdict is not Verdict.SHOULD_ANSWER:
        raise InputError(
            f"A review that calls an answer {review.verdict} says what is wrong, not what is right.",
            "Edit the answer in the review, then promote it.",
        )
    question = mask(given.question)
    turns = tuple(turn.model_copy(update={"content": mask(turn.content)}) for turn in history)
    answerable = not refuse and (right is None or not right.refused)
    cited: dict[str, int | None] = {}
    if right and answerable:
        cited = {citation.article_id: citation.version for citation in right.citations}
    near: dict[str, int | None] = {citation.article_id: citation.version for citation in given.citations}
    near |= {headline.article_id: None for headline in given.nearest}
    grades = dict.fromkeys(cited, 1) | dict.fromkeys((key for key in near if not answerable), 0)
    versions = near | cited
    query = Query(
        id=_case_id(question, turns),
        text=question,
        history=turns,
        answers=_wanted(question, right, review) if right and answerable else (),
        answerable=answerable,
        kind=_kind(question, turns, answerable, given),
        as_of=given.as_of,
        split=SPLIT,
    )
    return GoldenCase(query, tuple(document(key, versions[key]) for key in grades), grades)


def _wanted(question: str, right: Answer, review: Review) -> tuple[str, ...]:
    """What a right answer has at least one of: the figure or date asked for, or one of the sentences in full."""
    judged = review.sentences if review.edited is None else ()
    good = [
        sentence
        for i, sentence in enumerate(right.sentences)
        if i >= len(judged) or judged[i] in (None, SentenceVerdict.SUPPORTED)
    ]
    quotes = {citation.n: citation.quote for citation in right.citations}
    texts = [quotes.get(sentence.citations[0], sentence.text) for sentence in good if sentence.citations]
    texts = texts or [sentence.text for sentence in good]
    short = _short_answer(question, texts[0]) if texts else ""
    return tuple(dict.fromkeys(text for text in (short, *texts) if text))


def _short_answer(question: str, sentence: str) -> str:
    """The only figure or date of the sentence where the question asks for one; "" where that isn't plain."""
    asked = analyse(question).kind
    said = facts(sentence)
    found: list[str] = []
    if asked in _FIGURES:
        found = [quantity.text for quantity in said.quantities]
    elif asked is AnswerType.TIME:
        found = [period.text for period in said.periods]
    return found[0] if len(found) == 1 else ""


def _kind(question: str, history: Sequence[Turn], answerable: bool, given: Answer) -> str:
    if not answerable:
        return given.reason.value if given.reason and given.reason != "not_covered" else "near_miss"
    return "followup" if history else _KINDS.get(analyse(question).kind, "fact")


def _case_id(question: str, history: Sequence[Turn]) -> str:
    said = json.dumps([question, *(turn.content for turn in history)], ensure_ascii=False)
    return f"r-{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def _in_force(connection: sqlite3.Connection, answer_id: str) -> Review:
    if not connection.execute("SELECT 1 FROM answers WHERE answer_id = ?", (answer_id,)).fetchone():
        raise NotFoundError(f"There is no answer {answer_id}.", "It may have been older than what the log keeps.")
    row = connection.execute(
        "SELECT * FROM reviews WHERE answer_id = ? AND undone_at IS NULL ORDER BY review_id DESC LIMIT 1",
        (answer_id,),
    ).fetchone()
    if row is None:
        raise InputError("This answer has no review yet.", "Judge it first, then promote it.")
    return review_from(row)


def _promoted(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """The promoted reviews that are in force, in the order of their promotion, with `promoted_at`."""
    return connection.execute(
        "SELECT r.*, p.promoted_at FROM promoted p JOIN reviews r USING (review_id) WHERE r.undone_at IS NULL"
        " AND r.review_id = (SELECT max(review_id) FROM reviews WHERE answer_id = r.answer_id AND undone_at IS NULL)"
        " ORDER BY p.promoted_at, p.review_id"
    ).fetchall()
