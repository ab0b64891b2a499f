"""Everything that the public's pages are served from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.text import one_line
from rag.answer import Answer
from rag.assistant import Assistant
from rag.filters import Filters
from ui.web.answer_log import AnswerLog, LoggedAnswer
from ui.web.corpus_facts import CorpusSurvey
from ui.web.pages import Pages
from ui.web.suggestions import Suggestions


@dataclass(frozen=True)
class Site:
    """The opened assistant with what the pages need beside it."""

    assistant: Assistant
    log: AnswerLog
    survey: CorpusSurvey
    suggestions: Suggestions
    pages: Pages

    @classmethod
    def over(cls, assistant: Assistant, log: AnswerLog) -> Site:
        """The site over an opened assistant; answers are kept in `log`."""
        return cls(assistant, log, CorpusSurvey(assistant.store), Suggestions(assistant), Pages(assistant.store))

    def warm_up(self) -> None:
        """Find out what the first page says, so that the first visitor needn't wait for it."""
        self.survey.facts()
        self.suggestions.examples()

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
        """The answer with the filters that a visitor chose.

        Raises:
            InputError: a day can't be read, or the period ends before it begins.
        """
        filters = Filters.of(
            since=options.get("since"),
            until=options.get("until"),
            outlets=[options["outlet"]] if options.get("outlet") else [],
            languages=[options["language"]] if options.get("language") else [],
        )
        return self.assistant.ask(question, history, options.get("as_of") or None, filters=filters)

    def record(self, answer: Answer) -> LoggedAnswer:
        """Log `answer`."""
        return self.log.get(self.log.record(answer))
