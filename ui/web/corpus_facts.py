"""What the corpus holds, as the public sees it: months, outlets, topics, languages, headlines."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date

from corpus.flags import Flags
from corpus.store import ArticleStore
from ui.web.question_forms import topics
from ui.web.sources import LANGUAGE

_FRESH_S = 300.0  # articles may arrive while the chat is served, from another process
_TOPICS = 30


@dataclass(frozen=True)
class Headline:
    """An article in a list; `language` is the BCP 47 code of its words."""

    article_id: str
    title: str
    outlet: str
    published: date | None
    topics: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class CorpusFacts:
    """A summary of all articles that are neither removed nor hidden.

    Attributes:
        headlines: newest first.
        months: (first day of the month, articles), without gaps, oldest first.
        outlets: (name, articles), most first; so are `topics` and `languages`.
    """

    headlines: tuple[Headline, ...]
    months: tuple[tuple[date, int], ...]
    outlets: tuple[tuple[str, int], ...]
    topics: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]

    @property
    def newest(self) -> date | None:
        """The newest publication day."""
        return next((headline.published for headline in self.headlines if headline.published), None)


class CorpusSurvey:
    """The facts, read again when they are some minutes old or a flag changes. Safe to use from several threads."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store
        self._facts: CorpusFacts | None = None
        self._flags = Flags(store.database)
        self._read_at = 0.0
        self._read_with = 0  # generation of the flags
        self._lock = threading.Lock()

    def facts(self) -> CorpusFacts:
        """The facts as they were at most five minutes ago, by the flags of now."""
        with self._lock:
            flags = self._flags.generation()
            old = time.monotonic() - self._read_at > _FRESH_S
            if self._facts is None or old or flags != self._read_with:
                self._facts = survey(self._store)
                self._read_at, self._read_with = time.monotonic(), flags
            return self._facts


def survey(store: ArticleStore) -> CorpusFacts:
    """Read every article of `store` once."""
    headlines: list[Headline] = []
    months: Counter[date] = Counter()
    outlets: Counter[str] = Counter()
    subjects: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for article in store.current(hidden=False):
        about = topics(article)
        headlines.append(
            Headline(
                article.article_id,
                article.title or article.article_id,
                article.source,
                article.published,
                about,
                article.language or LANGUAGE,
            )
        )
        if article.published:
            months[article.published.replace(day=1)] += 1
        if article.source:
            outlets[article.source] += 1
        subjects.update(about)
        languages[article.language or LANGUAGE] += 1
    headlines.sort(key=lambda h: (h.published or date.min, h.article_id), reverse=True)
    return CorpusFacts(
        headlines=tuple(headlines),
        months=_without_gaps(months),
        outlets=tuple(outlets.most_common()),
        topics=tuple(subjects.most_common(_TOPICS)),
        languages=tuple(languages.most_common()),
    )


def _without_gaps(months: Counter[date]) -> tuple[tuple[date, int], ...]:
    if not months:
        return ()
    found = []
    month, last = min(months), max(months)
    while month <= last:
        found.append((month, months[month]))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return tuple(found)
