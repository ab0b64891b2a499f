"""Questions to offer: drawn from the articles themselves, and offered only when Passage answers them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from threading import Lock

from corpus.articles import StoredArticle
from corpus.flags import Flags
from rag.answer import Answer
from rag.assistant import Assistant
from ui.web.question_forms import article_questions, topics

EXAMPLES = 6
NEXT = 3
READ_AHEAD = 6  # times as many articles are looked at as examples are wanted
TRIES = 4  # candidates of one article that are asked
PER_FORM = 2  # examples that begin alike: six times "How many" would look like all that can be asked
_OPENING_WORDS = 2
_NAME = re.compile(r"(?:[A-Z][\w'’-]+ )+[A-Z][\w'’-]+")


class Suggestions:
    """Questions that the corpus answers. Safe to use from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._flags = Flags(assistant.store.database)
        self._examples: tuple[object, list[str]] | None = None
        self._answered: dict[tuple[str, str, int], bool] = {}
        self._lock = Lock()

    def examples(self) -> list[str]:
        """Up to six questions about the newest articles, each about another topic where topics are known."""
        newest = self._assistant.store.find(hidden=False, limit=READ_AHEAD * EXAMPLES)
        state = tuple((article.article_id, article.version) for article in newest)
        if self._examples is None or self._examples[0] != state:
            self._examples = (state, self._choose(newest))
        return self._examples[1]

    def following(self, answer: Answer) -> list[str]:
        """Up to three questions that lead on from `answer`: one from each of its sources and the articles near it."""
        ids = [citation.article_id for citation in answer.citations]
        ids += [hit.passage.article_id for hit in self._assistant.search(answer.question).hits]
        found: list[str] = []
        for article_id in dict.fromkeys(ids):
            if len(found) == NEXT:
                break
            article = self._assistant.store.get(article_id)
            question = self._first(article, article_questions(article), [answer.question, *found])
            if question:
                found.append(question)
        return found

    def about(self, article: StoredArticle) -> list[str]:
        """Up to three questions that `article` answers."""
        found: list[str] = []
        while len(found) < NEXT and (question := self._first(article, article_questions(article), found)):
            found.append(question)
        return found

    def _choose(self, newest: list[StoredArticle]) -> list[str]:
        chosen: list[str] = []
        for spread in (True, False):  # rather alike than fewer
            seen: set[str] = set()
            for article in newest:
                about = set(topics(article))
                if len(chosen) == EXAMPLES:
                    return chosen
                if spread and about & seen:
                    continue
                wanted = (q for q in article_questions(article) if not (spread and _common(q, chosen)))
                question = self._first(article, wanted, chosen)
                if question:
                    chosen.append(question)
                    seen |= about
        return chosen

    def _first(self, article: StoredArticle, questions: Iterator[str], taken: list[str]) -> str | None:
        """The first of `questions` that isn't taken and is answered from `article`, unless that is hidden."""
        if self._flags.hides(article.article_id):
            return None
        known = {question.casefold() for question in taken}
        new = (question for question in questions if question.casefold() not in known)
        return next((q for _, q in zip(range(TRIES), new, strict=False) if self._answers(q, article)), None)

    def _answers(self, question: str, article: StoredArticle) -> bool:
        if len(question) > self._assistant.index.settings.max_question_chars:
            return False
        key = (question, article.article_id, article.version)
        with self._lock:  # thirty visitors wait for one computation rather than make thirty
            if key not in self._answered:
                answer = self._assistant.ask(question, quoted=True)
                self._answered[key] = any(c.article_id == article.article_id for c in answer.citations)
            return self._answered[key]


def _common(question: str, chosen: Iterable[str]) -> bool:
    """Whether `question` would make the choice monotonous: it opens like others, or is about the same name."""
    opening = question.split()[:_OPENING_WORDS]
    names = set(_NAME.findall(question))
    alike = 0
    for other in chosen:
        if names & set(_NAME.findall(other)):
            return True
        alike += other.split()[:_OPENING_WORDS] == opening
    return alike >= PER_FORM
