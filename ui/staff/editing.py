"""Edited answers: sentences dropped, moved, quoted anew or reworded, each held against what it cites again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.errors import InputError, NotFoundError
from corpus.flags import Flags
from corpus.store import ArticleStore
from corpus.text import one_line
from rag.answer import Answer, Citation, Decision, Note, Sentence
from rag.asked_time import asked_time
from rag.brackets import clarify
from rag.composition import cite_words, with_markers
from rag.notes import stale
from rag.verification import FactVerifier, VerbatimVerifier, Verdict, Verifier, evidence_of, quote_exists
from ui.web.sources import surroundings

MOST_SENTENCES = 10  # as many as an extractive answer can be set to have
MAX_CHARS = 1500  # of one sentence; a long quoted one has about 500
MODEL = "staff"  # what wrote an answer in which a sentence was reworded
_PLACE = re.compile(r"([0-9]{1,9}):([0-9]{1,9})-([0-9]{1,9}):(.+)", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """Words of an article that a sentence cites, by their character offsets in that version's text."""

    article_id: str
    version: int
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.version}:{self.start}-{self.end}:{self.article_id}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """The place that `str()` of it names.

        Raises:
            InputError: it names none.
        """
        found = _PLACE.fullmatch(text)
        if not found:
            raise InputError(f"{text!r} names no place in an article.", "Choose the sentence from the list again.")
        version, start, end = (int(found[i]) for i in (1, 2, 3))
        return cls(found[4], version, start, end)


@dataclass(frozen=True)
class Line:
    """A sentence of a draft and what it cites."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Draft:
    """An answer that is being edited."""

    lines: tuple[Line, ...]

    @classmethod
    def of(cls, answer: Answer) -> Draft:
        """The sentences of `answer` as they stand."""
        places = {c.n: Place(c.article_id, c.version, c.start, c.end) for c in answer.citations}
        return cls(tuple(Line(s.text, tuple(places[n] for n in s.citations)) for s in answer.sentences))

    def without(self, i: int) -> Draft:
        """Without the sentence at `i`."""
        return Draft(self.lines[:i] + self.lines[i + 1 :])

    def moved(self, i: int, by: int) -> Draft:
        """With the sentence at `i` that much further down; at the ends it stays."""
        lines = list(self.lines)
        lines.insert(max(0, min(i + by, len(lines) - 1)), lines.pop(i))
        return Draft(tuple(lines))

    def with_line(self, line: Line, i: int | None = None) -> Draft:
        """With `line` instead of the sentence at `i`, or at the end."""
        if i is None:
            return Draft((*self.lines, line))
        return Draft((*self.lines[:i], line, *self.lines[i + 1 :]))


@dataclass(frozen=True)
class Checked:
    """What became of a sentence: `problems` says why it can't be shown; `support` is the verifier's score."""

    line: Line
    support: float
    problems: tuple[str, ...]


class EditRefusedError(InputError):
    """An edited answer says something that its sources don't.

    Attributes:
        problems: what is wrong, by the number of the sentence, from 0; -1 for the answer as a whole.
    """

    def __init__(self, problems: dict[int, tuple[str, ...]]) -> None:
        self.problems = problems
        said = "; ".join(
            f"sentence {i + 1}: {', '.join(each)}" if i >= 0 else ", ".join(each) for i, each in problems.items()
        )
        super().__init__(
            f"The edited answer wasn't saved: {said}.",
            "Correct, replace or drop what isn't borne out by its sources.",
        )


class Editor:
    """Makes answers of drafts; nothing comes out of it that isn't quoted exactly and verified."""

    def __init__(self, store: ArticleStore, facts: Verifier | None = None) -> None:
        """For answers from `store`; `facts` judges sentences in other words than their sources'."""
        self._store, self._flags = store, Flags(store.database)
        self._verbatim, self._facts = VerbatimVerifier(), facts or FactVerifier()

    def quoted(self, place: Place) -> Line:
        """The words at `place` as a sentence of an answer.

        Raises:
            InputError: the article has no words there.
            NotFoundError: there is no such article or version.
        """
        article = self._store.get(place.article_id, place.version)
        words = article.text[place.start : place.end]
        if not words.strip() or place.end > len(article.text):
            raise InputError("The article has no words at that place.", "Choose the sentence from the list again.")
        return Line(clarify(one_line(words), article.published), (place,))

    def up_to_date(self, line: Line) -> Line:
        """`line` citing the articles' present versions, wherever those still have the same words."""
        return replace(line, places=tuple(self._present(place) for place in line.places))

    def check(self, line: Line) -> Checked:
        """Hold a sentence against what it cites."""
        text = one_line(line.text)
        if not text:
            return Checked(line, 0.0, ("it has no words",))
        if len(text) > MAX_CHARS:
            return Checked(line, 0.0, (f"it has {len(text)} characters, at most {MAX_CHARS} are shown",))
        if not line.places:
            return Checked(line, 0.0, ("it cites nothing",))
        wrong = [problem for place in line.places if (problem := self._problem(place))]
        if wrong:
            return Checked(line, 0.0, tuple(wrong))
        verdict = self._verdict(text, [self._citation(place, 1) for place in line.places])
        return Checked(line, round(verdict.score, 4), tuple(failure.detail for failure in verdict.failures))

    def compose(self, answer: Answer, draft: Draft) -> Answer | None:
        """`answer` with the sentences of `draft`; None when they are its own.

        Raises:
            EditRefusedError: a sentence isn't borne out by what it cites, or there is none.
        """
        if draft == Draft.of(answer):
            return None
        lines = [replace(self.up_to_date(line), text=one_line(line.text)) for line in draft.lines]
        checked = [self.check(line) for line in lines]
        problems = {i: each.problems for i, each in enumerate(checked) if each.problems}
        problems |= {i: ("it is there already",) for i, line in enumerate(lines) if line in lines[:i]}
        if not lines:
            problems = {-1: ("it has no sentence left; to take the answer back, choose “should have refused”",)}
        if len(lines) > MOST_SENTENCES:
            problems |= {-1: (f"it has {len(lines)} sentences, at most {MOST_SENTENCES} are shown",)}
        if problems:
            raise EditRefusedError(problems)
        citations = self._numbered(answer, lines)
        numbers = {_place(citation): citation.n for citation in citations}
        sentences = tuple(
            Sentence(text=each.line.text, citations=tuple(numbers[p] for p in each.line.places), support=each.support)
            for each in checked
        )
        quoted = all(
            line.text == self.quoted(line.places[0]).text or line in Draft.of(answer).lines for line in lines
        )
        return answer.model_copy(
            update={
                "answer": with_markers(sentences),
                "refused": False,
                "reason": None,
                "sentences": sentences,
                "citations": citations,
                "notes": self._notes(answer, citations),
                "nearest": (),
                "model": answer.model if quoted else MODEL,
                "trace": tuple(
                    Decision(step="verify", text=s.text, outcome="shown", score=s.support) for s in sentences
                ),
            }
        )

    def check_answer(self, edited: Answer) -> None:
        """Make sure of an edited answer, whoever composed it.

        Raises:
            EditRefusedError: a sentence isn't borne out by what it cites, or there is none.
        """
        problems = {i: each for i, line in enumerate(Draft.of(edited).lines) if (each := self.check(line).problems)}
        if not edited.sentences:
            problems = {-1: ("it has no sentence",)}
        if any(not quote_exists(citation, self._store) for citation in edited.citations):
            problems |= {-1: ("a quote isn't in its article",)}
        if problems:
            raise EditRefusedError(problems)

    def _verdict(self, text: str, citations: Sequence[Citation]) -> Verdict:
        evidence = [evidence_of(c, self._context(c)) for c in citations]
        verdict = self._verbatim.verify(text, evidence)
        return verdict if verdict.supported else self._facts.verify(text, evidence)

    def _context(self, citation: Citation) -> str:
        article = self._store.get(citation.article_id, citation.version)
        before, after = surroundings(article.text, citation.start, citation.end)
        return f"{before}{citation.quote}{after}"

    def _problem(self, place: Place) -> str | None:
        """Why nothing may be quoted from `place`."""
        try:
            article = self._store.get(place.article_id, place.version)
        except NotFoundError:
            return "the article it cites isn't in the corpus"
        if article.removed_at:
            return f"“{article.title}” was taken out of the corpus"
        if self._flags.hides(place.article_id):  # what rests on it would be withdrawn at once
            return f"“{article.title}” or its outlet is hidden or retracted"
        if article.version < article.current_version:
            return f"“{article.title}” has changed, and its present version doesn't have these words"
        if not 0 <= place.start < place.end <= len(article.text):
            return "the article has no words at that place"
        return None

    def _present(self, place: Place) -> Place:
        try:
            old, new = self._store.get(place.article_id, place.version), self._store.get(place.article_id)
        except NotFoundError:
            return place
        words = old.text[place.start : place.end]
        at = [match.start() for match in re.finditer(re.escape(words), new.text)] if words else []
        if old.version == new.version or not at:
            return place
        start = min(at, key=lambda each: abs(each - place.start))
        return Place(place.article_id, new.version, start, start + len(words))

    def _numbered(self, answer: Answer, lines: Sequence[Line]) -> tuple[Citation, ...]:
        also = {_place(citation): citation.also for citation in answer.citations}
        places = dict.fromkeys(place for line in lines for place in line.places)
        return tuple(self._citation(place, n, also.get(place, ())) for n, place in enumerate(places, start=1))

    def _citation(self, place: Place, n: int, also: tuple[str, ...] = ()) -> Citation:
        article = self._store.get(place.article_id, place.version)
        return cite_words(article, article.text[place.start : place.end], (place.start, place.end), n, also)

    def _notes(self, answer: Answer, citations: Sequence[Citation]) -> tuple[Note, ...]:
        """The notes that still hold: what was said about the sources, if they are all cited still, and their age."""
        kept = {c.article_id for c in answer.citations} <= {c.article_id for c in citations}
        others = [note for note in answer.notes if note.kind != "stale" and kept]
        return (*others, *stale(citations, asked_time(answer.question, answer.as_of)))


def _place(citation: Citation) -> Place:
    return Place(citation.article_id, citation.version, citation.start, citation.end)
