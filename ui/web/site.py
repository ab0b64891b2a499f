"""Everything that the public's pages are served from."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from corpus.dates import check_day
from corpus.errors import BusyError, PassageError, StoreError
from corpus.text import one_line
from rag.answer import Answer, Sentence
from rag.assistant import Assistant, History, check_history, check_question
from rag.filters import Filters
from ui.answer_log.log import AnswerLog
from ui.answer_log.models import LoggedAnswer
from ui.staff.signing_off import SignedOff
from ui.web.corpus_facts import CorpusSurvey
from ui.web.pages import Pages
from ui.web.suggestions import Suggestions

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Site:
    """The opened assistant with what the pages need beside it."""

    assistant: Assistant
    log: AnswerLog
    survey: CorpusSurvey
    suggestions: Suggestions
    pages: Pages
    signed_off: SignedOff

    @classmethod
    def over(cls, assistant: Assistant, log: AnswerLog) -> Site:
        """The site over an opened assistant; answers are kept in `log`."""
        return cls(
            assistant,
            log,
            CorpusSurvey(assistant.store),
            Suggestions(assistant),
            Pages(assistant.store),
            SignedOff(assistant, log.database),
        )

    def warm_up(self) -> None:
        """Find out what the first page says, so that the first visitor needn't wait for it."""
        self.survey.facts()
        self.suggestions.examples()
        self.signed_off.warm_up()

    @property
    def max_chars(self) -> int:
        """Longest question, in characters."""
        return self.assistant.index.settings.max_question_chars

    def trouble_with(self, question: str) -> str | None:
        """Why `question` can't be asked, as the key of a string; None when it can."""
        text = one_line(question)
        if not text:
            return "trouble.empty"
        return "trouble.too_long" if len(text) > self.max_chars else None

    def ask(self, question: str, history: list[dict[str, Any]], options: dict[str, Any]) -> Answer:
        """The answer with the filters that a visitor chose; what staff approved for the same question comes first.

        Raises:
            InputError: a day can't be read, or the period ends before it begins.
        """
        approved = self._approved(question, history, options)
        if approved:
            return approved
        return self.assistant.ask(question, history, options.get("as_of") or None, filters=_filters(options))

    def stream(
        self, question: str, history: list[dict[str, Any]], options: dict[str, Any]
    ) -> Generator[Sentence | Answer | None]:
        """As `ask`, piece by piece: sentences, None while there is nothing new, last the answer; to be closed.

        Raises:
            InputError: as `ask`.
        """
        approved = self._approved(question, history, options)
        if approved:
            yield from approved.sentences
            yield approved
            return
        yield from self.assistant.stream(question, history, options.get("as_of") or None, filters=_filters(options))

    def record(self, answer: Answer, history: History = (), review_id: int | None = None) -> LoggedAnswer:
        """`answer` as it was kept; when it can't be, without an id: the visitor gets it all the same."""
        answer_id = ""
        try:
            if self.log.settings.log_answers:
                answer_id = self.log.record(answer, check_history(history), review_id or answer.review_id)
        except (PassageError, sqlite3.Error, OSError) as error:
            _log.warning("an answer wasn't kept and has no permanent link: %s", error)
        return LoggedAnswer(answer_id, datetime.now(UTC), answer, review_id=review_id or answer.review_id)

    def _approved(self, question: str, history: list[dict[str, Any]], options: dict[str, Any]) -> Answer | None:
        """What staff approved for the same question, asked today and of all articles.

        A visitor needn't wait for staff's file, nor lose an answer by it.
        """
        question = check_question(question, self.assistant.index.settings)
        today = datetime.now(UTC).date()
        if check_day(options.get("as_of") or None) not in (None, today):
            return None
        try:
            served = self.signed_off.serving(question, check_history(history), _filters(options), today)
        except (StoreError, BusyError, sqlite3.Error) as error:
            _log.warning("approved answers can't be looked up: %s", error)
            return None
        return served.answer if served else None


def _filters(options: dict[str, Any]) -> Filters:
    return Filters.of(
        since=options.get("since"),
        until=options.get("until"),
        outlets=[options["outlet"]] if options.get("outlet") else [],
        languages=[options["language"]] if options.get("language") else [],
    )
