"""What the public's pages are made from: the template environment, and an answer as its reader sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import nh3

from corpus.flags import Flags
from corpus.store import ArticleStore
from rag.answer import Answer, Reason, Sentence
from ui.answer_log.models import FeedbackReason, LoggedAnswer
from ui.templating import environment, static_url
from ui.web.article_cards import ArticleCard, article_cards
from ui.web.languages import LANGUAGES, Language
from ui.web.notes import note_views
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
    "a": {"href", "hreflang", "rel", "target"},
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
        articles: the same by article.
        newest: publication day of the newest source.
        flagged: the first card of each article that has a flag.
        languages: BCP 47 codes of the nearest headlines, by article.
        covered: the first and the last publication day of the articles, when the question is about another time.
        help: where to go with a case of one's own; empty for other questions.
    """

    id: str
    answer: Answer
    cards: tuple[SourceCard, ...]
    articles: tuple[ArticleCard, ...]
    newest: date | None
    flagged: tuple[SourceCard, ...]
    languages: Mapping[str, str]
    covered: tuple[date, date] | None
    help: tuple[Office, ...]

    def language(self, sentence: Sentence) -> str:
        """BCP 47 code of the language that `sentence` is in: that of the article it is quoted from."""
        return next((card.language for card in self.cards if card.n in sentence.citations), LANGUAGE)


def answer_view(answer_id: str, answer: Answer, store: ArticleStore) -> AnswerView:
    """`answer` with its source cards as the store has the articles now, and without headlines hidden since."""
    cards = tuple(source_card(citation, store) for citation in answer.citations)
    flags = Flags(store.database)
    nearest = tuple(headline for headline in answer.nearest if not flags.hides(headline.article_id))
    return AnswerView(
        id=answer_id,
        answer=answer.model_copy(update={"nearest": nearest}),
        cards=cards,
        articles=article_cards(cards),
        newest=max((c.published for c in answer.citations if c.published), default=None),
        flagged=tuple({card.article_id: card for card in reversed(cards) if card.flags}.values())[::-1],
        languages={h.article_id: store.get(h.article_id).language or LANGUAGE for h in nearest},
        covered=store.dates() if answer.reason is Reason.TIME_NOT_COVERED else None,
        help=offices(answer.question) if answer.reason is Reason.OWN_CASE else (),
    )


class Pages:
    """Renders the templates."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store
        self._environment = environment("ui.web")
        self._environment.globals.update(
            languages=LANGUAGES,
            reasons=tuple(FeedbackReason),
            asset=asset,
            about_headline=about_headline,
            article_language=LANGUAGE,
            note_views=note_views,
        )

    def page(self, template: str, language: Language, **values: Any) -> str:
        """A whole page."""
        return self._environment.get_template(template).render(language=language, t=language.text, **values)

    def sentences(self, sentences: Sequence[Sentence], language: Language) -> str:
        """What has come of an answer that is still arriving, as sanitised HTML."""
        return self._part("_sentences.html", language, sentences=sentences, id=None)

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


def asset(name: str) -> str:
    """The address of one of the public's static files."""
    return static_url(STATIC, "/static", name)
