"""A language model writes the answer, and every sentence is verified before anybody sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from corpus.store import ArticleStore
from rag.answer import Citation, Decision, Sentence
from rag.composition import Composed, cite_span
from rag.llm import LanguageModel, LLMError, stream_words
from rag.offers import begins_with_anaphor
from rag.retriever import Hit
from rag.selection import Candidate, Question
from rag.stories import also_in
from rag.terms import content_words, stems
from rag.verification import Verifier, quote_exists
from rag.writing.grounding import Quote, ground
from rag.writing.parsing import SentenceParser, Written
from rag.writing.prompt import messages

SOURCES = 4  # passages that the model is given, about 250 tokens each: a small one loses itself in more
MOST_TOKENS = 300  # of a reply; three sentences have about 120
MOST_DROPPED = 6  # sentences after which a model that is only making things up is stopped
LONGEST = 600  # characters of a sentence
LEAST_WORDS = 3  # content words of a sentence: "The year before was 2021." tells nobody anything
SAME = 0.8  # share of words in common from which a sentence repeats another
_ABOUT_SOURCES = re.compile(
    r"^\W*(?:the )?(?:sources?|passages?|text|articles?) (?:is|are|do|does|say|says|state)\b", re.I
)
# "The government" may be vague, but doesn't become somebody else's when the sentence before it goes.
_WITH_ARTICLE = re.compile(r"^[\W_]*(?:\w+,?\s+)?the\b", re.IGNORECASE)


class Writer:
    """Has a language model answer from retrieved passages. Holds nothing of an answer: safe for several threads."""

    def __init__(
        self,
        model: LanguageModel,
        store: ArticleStore,
        ms: int,
        most: int,
        verifier: Verifier,
    ) -> None:
        """A writer.

        Args:
            model: what writes.
            store: where quotes are checked to exist.
            ms: time budget of an answer, in milliseconds.
            most: sentences in an answer.
            verifier: what judges each sentence.
        """
        self._model = model
        self._store = store
        self._seconds = ms / 1000
        self._most = most
        self._verifier = verifier

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._model.name

    def write(self, asked: Question, sources: Sequence[Hit], day: date, into: Composed) -> Iterator[Sentence | None]:
        """The sentences of an answer as they pass; None now and then while none does, so that a reader can stop.

        What is yielded stands in `into` with its citations. What isn't shown, and what ended the writing before its
        time, is in its trace. Nothing is raised: with nothing in `into`, the answer has to come from elsewhere.

        Args:
            asked: the question.
            sources: passages, best first.
            day: the day that the question is asked for.
            into: where the answer is put together; empty so far.
        """
        told = messages(asked.text, asked.context, [hit.passage for hit in sources], day)
        draft = _Draft(sources, self._verifier, self._store, into)
        parser = SentenceParser()
        try:
            for words in stream_words(self._model.llm, told, self._seconds, max_tokens=MOST_TOKENS):
                shown = [draft.add(written) for written in parser.feed(words)]
                yield from shown or [None]
                if len(into.sentences) >= self._most or draft.dropped >= MOST_DROPPED:
                    return
        except LLMError as error:  # what was verified stands; what had begun can't be told from a whole sentence
            into.trace.append(Decision(step="write", text="", outcome=f"broke off: {error}", score=0))
            return
        for written in parser.end():
            if len(into.sentences) < self._most:
                yield draft.add(written)


def sources_for(candidates: Sequence[Candidate], hits: Sequence[Hit]) -> list[Hit]:
    """The hits that a model answers from: those whose sentences are the likeliest answers."""
    by_id = {hit.passage.passage_id: hit for hit in hits}
    likeliest = dict.fromkeys(candidate.passage.passage_id for candidate in candidates)
    return [by_id[passage_id] for passage_id in likeliest][:SOURCES]


class _Draft:
    """An answer while it is written."""

    def __init__(self, sources: Sequence[Hit], verifier: Verifier, store: ArticleStore, into: Composed) -> None:
        self.dropped = 0
        self._sources = sources
        self._verifier = verifier
        self._store = store
        self._into = into
        self._before: tuple[Quote, ...] = ()  # what the sentence before rests on; nothing if it was dropped

    def add(self, written: Written) -> Sentence | None:
        """The sentence as it is shown, or None when it isn't."""
        outcome = self._unfit(written)
        support = 0.0
        quotes: tuple[Quote, ...] = ()
        if outcome is None:
            grounded = ground(written, [hit.passage for hit in self._sources], self._verifier)
            support, quotes = grounded.verdict.score, grounded.quotes
            outcome = self._unsupported(written, quotes) or "shown"
            if not quotes and grounded.verdict.failures:
                outcome += f" ({grounded.verdict.failures[0].kind}: {grounded.verdict.failures[0].detail})"
        self._into.trace.append(Decision(step="verify", text=written.text, outcome=outcome, score=support))
        if outcome != "shown":
            self._before = ()
            self.dropped += 1
            return None
        self._before = quotes
        numbers = tuple(dict.fromkeys(self._number(quote) for quote in quotes))
        sentence = Sentence(text=written.text, citations=numbers, support=support)
        self._into.sentences.append(sentence)
        return sentence

    def _unfit(self, written: Written) -> str | None:
        """Why a sentence can't be shown whatever the sources say."""
        if not written.whole:
            return "not a whole sentence"
        if len(written.text) > LONGEST:
            return "too long"
        if written.text.endswith("?"):
            return "a question"
        if _ABOUT_SOURCES.match(written.text):
            return "about the sources"
        if len(content_words(written.text)) < LEAST_WORDS:
            return "says too little"
        mine = stems(written.text)
        for other in (stems(sentence.text) for sentence in self._into.sentences):
            if len(mine & other) > SAME * min(len(mine), len(other)):
                return "repeats another"
        return None

    def _unsupported(self, written: Written, quotes: Sequence[Quote]) -> str | None:
        """Why a sentence can't be shown with what was found for it."""
        if not quotes:
            return "not supported"
        # "It" means what the sentence before it is about; without that sentence it would mean something else.
        articles = {quote.passage.article_id for quote in self._before}
        points_back = begins_with_anaphor(written.text) and not _WITH_ARTICLE.match(written.text)
        if points_back and not any(quote.passage.article_id in articles for quote in quotes):
            return "points back to nothing shown"
        if not all(quote_exists(_citation(quote, 1), self._store) for quote in quotes):
            return "quote not found"
        return None

    def _number(self, quote: Quote) -> int:
        """The number of the quote's citation, which is made when there is none yet."""
        for citation in self._into.citations:
            place = (citation.article_id, citation.version, citation.start, citation.end)
            if place == (quote.passage.article_id, quote.passage.version, *quote.span):
                return citation.n
        hit = next(hit for hit in self._sources if hit.passage is quote.passage)
        citation = _citation(quote, len(self._into.citations) + 1, also_in(hit, quote.text))
        self._into.citations.append(citation)
        return citation.n


def _citation(quote: Quote, n: int, also: tuple[str, ...] = ()) -> Citation:
    return cite_span(quote.passage, quote.span, n, also)
