"""From ranked sentences to an extractive answer: quotes only, each with its citation."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.articles import StoredArticle
from corpus.text import one_line
from rag.answer import Citation, Decision, Note, Sentence
from rag.answer_form import AnswerForm, answer_form, sides
from rag.brackets import CUT, clarify, long_date
from rag.offers import offer
from rag.passage_store import StoredPassage
from rag.passages import Span
from rag.question_type import AnswerType, analyse
from rag.quoting import begins_with_pronoun, with_antecedent, with_whole_quotation, without_dateline
from rag.selection import Candidate
from rag.terms import stems

# A further sentence is quoted only if it is at least this share as likely as the best one to answer: below, it is
# mostly beside the question.
NEAR_BEST = 0.02
# So is one of a newer article that is this nearly as likely, where it is asked whether something is so: what the best
# one says may have ended since.
NEAR_BEST_NEWER = 0.008
NEAR_BEST_AHEAD = 0.1  # and of one that comes before the best
SAME_SUBJECT = 0.5  # of its best sentence's share of the question's words, for an article's first to tell the event
MOST_OVERLAP = 0.7  # share of its words that a sentence may have in common with one already chosen
MOST_OVERLAP_SAME_FIGURES = 0.5  # of its content words, when its figures stand there already, too
# Of an article's sentences that are this nearly as likely to answer as its best, the earliest comes first: it names
# who and what the others take as known. Of 126 golden questions the first sentence then answers 0.587, else 0.571.
AS_GOOD = 0.7
MOST_WORDS = 75  # quoted from one article
_CLAUSE_END = re.compile(r"[;,:–—](?=\s)")
_PRESENT = re.compile(r"^\W*(?:is|are|do|does|can|has|have|may|must|will|should)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass
class Composed:
    """An answer while it is put together, whoever writes it."""

    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    trace: list[Decision] = field(default_factory=list)


def choose(question: str, candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """The sentences to quote, in the order in which they are shown.

    The best candidate and up to `most` - 1 others near it that say something else, article by article, those of one
    article as it has them behind the best; for a comparison the best of each side, for a timeline one of each
    article, oldest first. A sentence that begins with a pronoun or the like is quoted with what it refers to, a
    quotation whole; from no article more than `MOST_WORDS` words.
    """
    form = answer_form(question)
    if form is AnswerForm.TIMELINE:
        return _in_time(question, candidates, most)
    if form is AnswerForm.COMPARISON and (pair := _of_each_side(question, candidates)):
        return _by_article(_take(question, [*pair, *_near(candidates)], most))
    near = _near(candidates)
    if form is AnswerForm.DIRECT:
        if analyse(question).kind is AnswerType.WHETHER and not _YEAR.search(question):
            near = _with_newer(question, near, candidates)
        near = _of_the_year(question, near)
    return _by_article(_take(question, near, most))


def _in_time(question: str, candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """One event of each article, or what the only article tells, oldest first.

    What happened stands in an article's first sentence; what follows is often background, told long after. So the
    first one is taken where it has the question's words as much as the article's best.
    """
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        best.setdefault(candidate.passage.article_id, candidate)
    events = [_lede(candidate, candidates) for candidate in _near(best.values())]
    chosen = _take(question, events if len(events) > 1 else _near(candidates), most)
    return sorted(chosen, key=lambda c: (c.passage.published or date.max, c.passage.article_id, c.span))


def _lede(best: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """The earliest candidate of the article of `best` if it is as much about the question, else `best`."""
    article = [c for c in candidates if c.passage.article_id == best.passage.article_id]
    first = min(article, key=lambda c: c.span)
    opens = first.passage.start == 0 and not first.before
    return first if opens and first.coverage >= best.coverage * SAME_SUBJECT else best


def _of_the_year(question: str, near: Sequence[Candidate]) -> list[Candidate]:
    """Without what tells of other years alone, when the best tells of the year that `question` names."""
    asked = set(_YEAR.findall(question))
    if not near or not asked & set(_YEAR.findall(near[0].text)):
        return list(near)
    return [c for c in near if not (years := set(_YEAR.findall(c.text))) or years & asked]


def _by_article(chosen: Sequence[Candidate]) -> list[Candidate]:
    """Article by article in the order of their best; in each as it has them, but behind a best that is clearly so."""
    articles = {c.passage.article_id: c for c in reversed(chosen)}
    order = {article: i for i, article in enumerate(dict.fromkeys(c.passage.article_id for c in chosen))}

    def place(candidate: Candidate) -> tuple[int, bool, Span]:
        article = candidate.passage.article_id
        behind = candidate.score < articles[article].score + math.log(AS_GOOD)
        return order[article], behind, candidate.span

    return sorted(chosen, key=place)


def _near(candidates: Iterable[Candidate], share: float = NEAR_BEST) -> list[Candidate]:
    """The best first, and those at least `share` times as likely as it."""
    ranked = sorted(candidates, key=lambda c: -c.score)
    return [c for c in ranked if c.score >= ranked[0].score + math.log(share)]


def _with_newer(question: str, near: Sequence[Candidate], candidates: Iterable[Candidate]) -> list[Candidate]:
    """`near` with the best of each newer article behind the best of all.

    Where it is asked how things are, those that are about as likely come before it, newest first.
    """
    if not near or not (day := near[0].passage.published):
        return list(near)
    newer: dict[str, Candidate] = {}
    for candidate in _near(candidates, NEAR_BEST_NEWER):
        if candidate.passage.published and candidate.passage.published > day:
            newer.setdefault(candidate.passage.article_id, candidate)
    present = _PRESENT.search(question) is not None
    ahead = [c for c in newer.values() if present and c.score >= near[0].score + math.log(NEAR_BEST_AHEAD)]
    ahead.sort(key=lambda c: c.passage.published or day, reverse=True)
    ordered = [*ahead, near[0], *newer.values(), *near[1:]]
    return list({(c.passage.passage_id, c.span): c for c in ordered}.values())


def _of_each_side(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidate that names both things compared, else the best of each; none if one isn't named anywhere."""
    compared = sides(question)
    if not compared:
        return []
    near = _near(candidates)
    named = [[c for c in near if offer(c.text).keys & side] for side in compared]
    both = [c for c in named[0] if c in named[1]]
    if both and both[0].score >= max(side[0].score for side in named):
        return both[:1]
    return [side[0] for side in named] if all(named) else []


def _take(question: str, candidates: Iterable[Candidate], most: int) -> list[Candidate]:
    """Up to `most` of `candidates`, in order, as they are to be quoted."""
    chosen: list[Candidate] = []
    for candidate in candidates:
        if len(chosen) == most:
            break
        if any(_repeats(candidate, other) for other in chosen):
            continue
        article_id = candidate.passage.article_id
        # The fee that the question names is the best sentence's; in another article "the fee" may be another one.
        known = question if not chosen or article_id == chosen[0].passage.article_id else ""
        whole = _quotable(candidate, known, [o for o in chosen if o.passage.article_id == article_id])
        if whole is None:
            continue
        if chosen and begins_with_pronoun(whole.text):
            continue  # who "they" are is not in reach: as a further sentence it would only puzzle
        inside = next((i for i, other in enumerate(chosen) if _inside(other, whole)), None)
        if inside is None:
            chosen.append(whole)
        else:  # the sentence it refers to is quoted already: both become one quote
            chosen[inside] = replace(whole, score=chosen[inside].score)
    return chosen


def _quotable(candidate: Candidate, question: str, others: Sequence[Candidate]) -> Candidate | None:
    """The candidate with what makes it clear, or alone, or cut short: whichever first fits beside `others`."""
    antecedent = with_antecedent(candidate, question)
    for wanted in (with_whole_quotation(antecedent), antecedent, candidate):
        beside = sum(len(other.text.split()) for other in others if not _inside(other, wanted))
        if beside + len(wanted.text.split()) <= MOST_WORDS:
            return without_dateline(wanted)
    return None if others else without_dateline(_cut(candidate))


def _cut(candidate: Candidate) -> Candidate:
    """The beginning of an overlong sentence, up to the end of a clause."""
    most = next(m.end() for i, m in enumerate(re.finditer(r"\S+", candidate.text), start=1) if i == MOST_WORDS)
    ends = [match.start() for match in _CLAUSE_END.finditer(candidate.text, 0, most)]
    length = ends[-1] if ends and ends[-1] > most / 2 else most
    start = candidate.span[0]
    return replace(candidate, span=(start, start + length), text=candidate.text[:length])


def cite(candidate: Candidate, n: int, also: tuple[str, ...] = ()) -> Citation:
    """The citation of a candidate's exact words, which the outlets `also` printed, too."""
    return cite_span(candidate.passage, candidate.span, n, also)


def cite_span(passage: StoredPassage, span: Span, n: int, also: tuple[str, ...] = ()) -> Citation:
    """The citation of a stretch of a passage, which the outlets `also` printed, too.

    Args:
        passage: where it stands.
        span: its character offsets in the article version's text.
        n: its number in the answer.
        also: other outlets.
    """
    start, end = span
    return cite_words(passage, passage.text[start - passage.start : end - passage.start], span, n, also)


def cite_words(
    where: StoredPassage | StoredArticle, quote: str, span: Span, n: int, also: tuple[str, ...] = ()
) -> Citation:
    """The citation of `quote`, which stands at `span` in the text of the article version that `where` is of."""
    start, end = span
    return Citation(
        n=n,
        article_id=where.article_id,
        version=where.version,
        title=where.title,
        source=where.source,
        url=where.url,
        published=where.published,
        quote=quote,
        also=also,
        start=start,
        end=end,
    )


def sentence_text(candidate: Candidate, question: str) -> str:
    """The candidate's words on one line, relative dates made clear; in a timeline, what has no year with its day.

    What stands in brackets, and the dots after a sentence that was cut short, are ours.
    """
    published = candidate.passage.published
    text = clarify(one_line(candidate.text), published)
    if not any(end == candidate.span[1] for _, end in candidate.passage.sentences):
        text += CUT
    if published and answer_form(question) is AnswerForm.TIMELINE and not _YEAR.search(text):
        text = f"[{long_date(published)}] {text}"
    return text


def with_markers(sentences: Sequence[Sentence]) -> str:
    """The sentences in one text, each followed by its [n] markers."""
    return " ".join(f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in sentences)


def _repeats(candidate: Candidate, other: Candidate) -> bool:
    """Whether the candidate stands in what is quoted already or says hardly anything else."""
    if _inside(candidate, other):
        return True
    mine, theirs = stems(candidate.text), stems(other.text)
    if len(mine & theirs) > MOST_OVERLAP * min(len(mine), len(theirs)):
        return True
    figures, content = _figures(candidate.text), offer(candidate.text).content
    same = len(content & offer(other.text).content) > MOST_OVERLAP_SAME_FIGURES * len(content)
    return bool(figures) and figures <= _figures(other.text) and same


def _figures(text: str) -> set[str]:
    """The numbers in digits, without years."""
    return {figure for figure in offer(text).figures if figure[0].isdigit() and not _YEAR.fullmatch(figure)}


def _inside(candidate: Candidate, other: Candidate) -> bool:
    """Whether the candidate's words are part of the other's."""
    same = candidate.passage.passage_id == other.passage.passage_id
    return same and other.span[0] <= candidate.span[0] and candidate.span[1] <= other.span[1]
