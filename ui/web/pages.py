"""What the public's pages are made from: the template environment, and an answer as its reader sees it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import nh3
from jinja2 import Environment, PackageLoader, StrictUndefined

from corpus.store import ArticleStore
from rag.answer import Answer, Reason
from ui.web.answer_log import FeedbackReason, LoggedAnswer
from ui.web.languages import LANGUAGES, Language
from ui.web.official_help import Office, offices
from ui.web.question_forms import about_headline
from ui.web.sources import LANGUAGE, SourceCard, source_card

STATIC = Path(__file__).parent / "static"
# Our templates escape whatever an article says; this lets nothing else through, should one ever forget to.
_TAGS = set(
    "a article bdi blockquote button cite dd details div dl dt fieldset footer form h2 h3 input label legend li mark"
    " ol p q section span strong summary sup textarea time ul".split()
)
_ATTRIBUTES = {
    "*": {"class", "dir", "hidden", "id", "lang", "role", "tabindex", "title"},
    "a": {"href", "rel", "target"},
    "button": {"type", "value"},
    "input": {"type", "name", "value", "checked"},
    "label": {"for"},
    "textarea": {"name", "rows", "maxlength"},
    "time": {"datetime"},
}


@dataclass(frozen=True)
class AnswerView:
    """A logged answer with what its reader needs beside it.

    Attributes:
        id: of the permanent link.
        newest: publication day of the newest source.
        help: where to go with a case of one's own; empty for other questions.
    """

    id: str
    answer: Answer
    cards: tuple[SourceCard, ...]
    newest: date | None
    help: tuple[Office, ...]


def answer_view(answer_id: str, answer: Answer, store: ArticleStore) -> AnswerView:
    """`answer` with its source cards as the store has the articles now."""
    return AnswerView(
        id=answer_id,
        answer=answer,
        cards=tuple(source_card(citation, store) for citation in answer.citations),
        newest=max((c.published for c in answer.citations if c.published), default=None),
        help=offices(answer.question) if answer.reason is Reason.OWN_CASE else (),
    )


class Pages:
    """Renders the templates."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store
        self._environment = Environment(
            loader=PackageLoader("ui.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            languages=LANGUAGES,
            reasons=tuple(FeedbackReason),
            asset=_asset,
            about_headline=about_headline,
            article_language=LANGUAGE,
        )

    def page(self, template: str, language: Language, **values: Any) -> str:
        """A whole page."""
        return self._environment.get_template(template).render(language=language, t=language.text, **values)

    def sentences(self, answer: Answer, shown: int, language: Language) -> str:
        """The first `shown` sentences of an answer that is still arriving, as sanitised HTML."""
        return self._part("_sentences.html", language, answer=answer, sentences=answer.sentences[:shown], id=None)

    def answer(self, logged: LoggedAnswer, language: Language) -> str:
        """An answer with its signals, sources and actions, as sanitised HTML for the conversation."""
        return self._part("_answer.html", language, view=answer_view(logged.id, logged.answer, self._store))

    def _part(self, template: str, language: Language, **values: Any) -> str:
        return nh3.clean(
            self.page(template, language, **values),
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            generic_attribute_prefixes={"aria-", "data-"},
            url_schemes={"http", "https"},
            link_rel=None,
        )


@cache
def _asset(name: str) -> str:
    """The address of a static file, with a mark that changes when its content does."""
    return f"/static/{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]}"
