"""What a reviewer sees of one answer: everything that a verdict needs, on one screen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from corpus.database import Database
from corpus.errors import NotFoundError
from corpus.store import ArticleStore
from rag.answer import Answer, Citation, Sentence
from rag.assistant import Assistant
from rag.sentences import split_sentences
from ui.answer_log.log import AnswerLog
from ui.answer_log.models import FeedbackReason, LoggedAnswer
from ui.staff.editing import Checked, Draft, Editor, Place
from ui.staff.queue import Item, Queue
from ui.staff.reviews import OF_ANSWER, OF_REFUSAL, Review, Reviews, SentenceVerdict, Verdict
from ui.staff.signing_off import Because
from ui.web.sources import SourceCard, source_card

CANDIDATES = 8  # passages that are offered for an edited answer, as many as an answer is composed from
MOST_OTHERS = 8  # other answers to the same question that are listed


@dataclass(frozen=True)
class Source:
    """A citation beside its sentence; without a `card` when the article is no longer in the corpus."""

    citation: Citation
    card: SourceCard | None


@dataclass(frozen=True)
class SentenceView:
    """A sentence with its sources in their surroundings."""

    sentence: Sentence
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Vote:
    """What a reader thought of an answer; `before` when the review in force had heard of it."""

    at: datetime
    useful: bool
    reason: FeedbackReason | None
    comment: str
    before: bool


@dataclass(frozen=True)
class Other:
    """Another answer that the same question got: the last one with these words."""

    answer_id: str
    question: str
    words: str
    refused: bool
    asked: int
    last_at: datetime
    verdict: Verdict | None


@dataclass(frozen=True)
class Approval:
    """That the review in force lets the answer be served; `because` and `articles` say why it no longer is."""

    because: Because | None
    articles: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """A sentence of an article that an edited answer may quote."""

    place: Place
    text: str
    used: bool


@dataclass(frozen=True)
class Offered:
    """Sentences of one article that an edited answer may quote; `cited` when the answer cites it already."""

    title: str
    source: str
    published: str
    cited: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Filled:
    """What stands in the form: what the review in force says, or what the reviewer has filled in so far.

    Attributes:
        draft: the edited answer under way; None while it isn't edited.
        looked_for: words that passages to quote were searched with.
        target: number of the sentence, from 0, that the next quote replaces; None to add it.
    """

    verdict: Verdict | None = None
    sentences: tuple[SentenceVerdict | None, ...] = ()
    note: str = ""
    draft: Draft | None = None
    looked_for: str = ""
    target: int | None = None


@dataclass(frozen=True)
class ReviewPage:
    """One answer and everything that is known of it.

    Attributes:
        heard: number of the last vote that is shown.
        golden: whether the review in force is a golden case.
        models: what retrieved and wrote, by role.
        checked: the draft's sentences, held against what they cite.
    """

    logged: LoggedAnswer
    item: Item
    sentences: tuple[SentenceView, ...]
    votes: tuple[Vote, ...]
    heard: int
    reviews: tuple[Review, ...]
    in_force: Review | None
    approval: Approval | None
    golden: bool
    others: tuple[Other, ...]
    models: Mapping[str, str]
    filled: Filled
    checked: tuple[Checked, ...] = ()
    offered: tuple[Offered, ...] = field(default=())

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What the answer as a whole may be judged."""
        return OF_REFUSAL if self.logged.answer.refused else OF_ANSWER


class ReviewPages:
    """Puts review pages together; safe to use from several threads."""

    def __init__(self, assistant: Assistant, log: AnswerLog, queue: Queue, reviews: Reviews, editor: Editor) -> None:
        self._assistant = assistant
        self._log = log
        self._queue = queue
        self._reviews = reviews
        self._editor = editor

    def of(self, answer_id: str, account: str, filled: Filled | None = None) -> ReviewPage:
        """The page of an answer for `account`, with the form as it is `filled` or as the review in force says.

        Raises:
            NotFoundError: there is no such answer.
        """
        logged = self._log.get(answer_id)
        item = self._queue.of(answer_id, account)
        if item is None:
            raise NotFoundError(f"There is no answer {answer_id}.", "It may have been removed just now.")
        reviews = tuple(self._reviews.of(answer_id))
        in_force = next((review for review in reviews if not review.undone_at), None)
        votes, heard = _votes(self._log.database, answer_id, in_force)
        filled = filled or _filled(logged.answer, in_force)
        return ReviewPage(
            logged=logged,
            item=item,
            sentences=_sentences(logged.answer, self._assistant.store),
            votes=votes,
            heard=heard,
            reviews=reviews,
            in_force=in_force,
            approval=_approval(self._log.database, in_force),
            golden=_is_golden(self._log.database, in_force),
            others=_others(self._log.database, logged),
            models=_models(self._log.database, answer_id),
            filled=filled,
            checked=tuple(self._editor.check(line) for line in filled.draft.lines) if filled.draft else (),
            offered=self._offered(logged, filled) if filled.draft else (),
        )

    def _offered(self, logged: LoggedAnswer, filled: Filled) -> tuple[Offered, ...]:
        """The cited articles whole, then what else is retrieved for the question or the words looked for."""
        answer = logged.answer
        if filled.looked_for:
            hits = self._assistant.search(filled.looked_for, as_of=answer.as_of, k=CANDIDATES).hits
        else:
            hits = self._assistant.search(answer.question, logged.history, answer.as_of, k=CANDIDATES).hits
        cited = dict.fromkeys(citation.article_id for citation in answer.citations)
        spans: dict[str, list[tuple[int, int]]] = {}
        for hit in hits:
            spans.setdefault(hit.passage.article_id, []).extend(hit.passage.sentences)
        if not filled.looked_for:
            spans = {article_id: [] for article_id in cited} | spans
        used = {place for line in filled.draft.lines for place in line.places} if filled.draft else set()
        offered = (self._article(article_id, spans[article_id], article_id in cited, used) for article_id in spans)
        return tuple(each for each in offered if each)

    def _article(
        self, article_id: str, spans: Sequence[tuple[int, int]], cited: bool, used: set[Place]
    ) -> Offered | None:
        try:
            article = self._assistant.store.get(article_id)
        except NotFoundError:
            return None
        if article.removed_at:
            return None
        wanted = split_sentences(article.text) if cited else sorted(set(spans))
        places = [Place(article_id, article.version, start, end) for start, end in wanted]
        return Offered(
            title=article.title or article_id,
            source=article.source,
            published=article.published.isoformat() if article.published else "",
            cited=cited,
            choices=tuple(Choice(place, article.text[place.start : place.end], place in used) for place in places),
        )


def _filled(answer: Answer, review: Review | None) -> Filled:
    if review is None:
        return Filled(sentences=(None,) * len(answer.sentences))
    return Filled(
        verdict=review.verdict,
        sentences=review.sentences,
        note=review.note,
        draft=Draft.of(review.edited) if review.edited else None,
    )


def _sentences(answer: Answer, store: ArticleStore) -> tuple[SentenceView, ...]:
    cited = {citation.n: citation for citation in answer.citations}

    def source(citation: Citation) -> Source:
        try:
            return Source(citation, source_card(citation, store))
        except NotFoundError:
            return Source(citation, None)

    return tuple(
        SentenceView(s, tuple(source(cited[n]) for n in s.citations if n in cited)) for s in answer.sentences
    )


def _votes(database: Database, answer_id: str, in_force: Review | None) -> tuple[tuple[Vote, ...], int]:
    """The votes on an answer, newest first, and the number of the last in the whole log."""
    with database.reading() as connection:
        heard = int(connection.execute("SELECT coalesce(max(feedback_id), 0) FROM feedback").fetchone()[0])
        reviewed = in_force.review_id if in_force else 0
        row = connection.execute("SELECT heard FROM reviews WHERE review_id = ?", (reviewed,)).fetchone()
        known = int(row["heard"]) if row else 0
        rows = connection.execute(
            "SELECT feedback_id, created_at, useful, reason, comment FROM feedback"
            " WHERE answer_id IN (SELECT a.answer_id FROM answers a JOIN answers b USING (group_id, words)"
            " WHERE b.answer_id = ?) ORDER BY feedback_id DESC LIMIT 50",
            (answer_id,),
        ).fetchall()
    return tuple(
        Vote(
            at=datetime.fromisoformat(row["created_at"]),
            useful=bool(row["useful"]),
            reason=FeedbackReason(row["reason"]) if row["reason"] else None,
            comment=row["comment"],
            before=row["feedback_id"] <= known,
        )
        for row in rows
    ), heard


def _approval(database: Database, review: Review | None) -> Approval | None:
    if review is None:
        return None
    with database.reading() as connection:
        row = connection.execute(
            "SELECT withdrawn_because, withdrawn_detail FROM signed_off WHERE review_id = ?", (review.review_id,)
        ).fetchone()
    if row is None:
        return None
    because = Because(row["withdrawn_because"]) if row["withdrawn_because"] else None
    return Approval(because, tuple(row["withdrawn_detail"].split()))


def _is_golden(database: Database, review: Review | None) -> bool:
    with database.reading() as connection:
        found = connection.execute(
            "SELECT 1 FROM promoted WHERE review_id = ?", (review.review_id if review else 0,)
        ).fetchone()
    return found is not None


def _others(database: Database, logged: LoggedAnswer) -> tuple[Other, ...]:
    with database.reading() as connection:
        rows = connection.execute(
            "SELECT max(a.created_at || a.answer_id), a.answer_id, a.question, substr(a.words, 1, 300) AS words,"
            " a.refused, count(*) AS asked, a.created_at AS last_at,"
            " (SELECT verdict FROM reviews r WHERE r.answer_id = a.answer_id AND undone_at IS NULL"
            " ORDER BY review_id DESC LIMIT 1) AS verdict"
            " FROM answers a WHERE group_id = ? AND a.words <> ? GROUP BY a.words ORDER BY last_at DESC LIMIT ?",
            (logged.group_id, logged.answer.answer, MOST_OTHERS),
        ).fetchall()
    return tuple(
        Other(
            answer_id=row["answer_id"],
            question=row["question"],
            words=row["words"],
            refused=bool(row["refused"]),
            asked=row["asked"],
            last_at=datetime.fromisoformat(row["last_at"]),
            verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        )
        for row in rows
    )


def _models(database: Database, answer_id: str) -> Mapping[str, str]:
    with database.reading() as connection:
        row = connection.execute("SELECT models FROM answers WHERE answer_id = ?", (answer_id,)).fetchone()
    models: Mapping[str, str] = json.loads(row["models"]) if row else {}
    return models
