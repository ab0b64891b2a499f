"""From ranked sentences to an extractive answer: quotes only, each with its citation."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from corpus.text import one_line
from rag.answer import Citation, Sentence
from rag.answer_form import AnswerForm, answer_form, sides
from rag.brackets import CUT, clarify, long_date
from rag.offers import begins_with_anaphor, offer
from rag.places import is_heading, sentence_texts
from rag.selection import Candidate
from rag.terms import stems

# A further sentence is quoted only if it is at least this share as likely as the best one to answer: below, it is
# mostly beside the question. Events of a timeline, and the other side of a comparison, need not be as near.
NEAR_BEST, NEAR_BEST_EVENT, NEAR_BEST_SIDE = 0.15, 0.05, 0.02
MOST_OVERLAP = 0.8  # share of its words that a sentence may have in common with one already chosen
MOST_BEFORE = 2  # sentences that are added before a pronoun; what it means is seldom further away
MOST_WORDS = 75  # quoted from one article
_CLAUSE_END = re.compile(r"[;,:–—](?=\s)")
_OPENS, _CLOSES = "“", "”"


def choose(question: str, candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """The sentences to quote, in the order in which they are shown.

    The best candidate and up to `most` - 1 others near it that say something else, best first; for a comparison the
    best of each side, for a timeline one of each article, oldest first. A sentence that begins with a pronoun or the
    like is quoted with what it refers to, a quotation whole; from no article more than `MOST_WORDS` words.
    """
    form = answer_form(question)
    if form is AnswerForm.TIMELINE:
        events = _near({c.passage.article_id: c for c in reversed(candidates)}.values(), NEAR_BEST_EVENT)
        chosen = _take(events, most + 1)
        return sorted(chosen, key=lambda c: c.passage.published or date.max)
    if form is AnswerForm.COMPARISON and (pair := _of_each_side(question, candidates)):
        return _take([*pair, *_near(candidates, NEAR_BEST)], most)
    return _take(_near(candidates, NEAR_BEST), most + (form is AnswerForm.LIST))


def _near(candidates: Iterable[Candidate], share: float) -> list[Candidate]:
    """The best first, and those at least `share` as likely as it."""
    ranked = sorted(candidates, key=lambda c: -c.score)
    return [c for c in ranked if c.score >= ranked[0].score + math.log(share)]


def _of_each_side(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidate that names both things compared, else the best of each; none if one isn't named anywhere."""
    compared = sides(question)
    if not compared:
        return []
    near = _near(candidates, NEAR_BEST_SIDE)
    named = [[c for c in near if offer(c.text).keys & side] for side in compared]
    both = [c for c in named[0] if c in named[1]]
    if both and both[0].score >= max(side[0].score for side in named):
        return both[:1]
    return [side[0] for side in named] if all(named) else []


def _take(candidates: Iterable[Candidate], most: int) -> list[Candidate]:
    """Up to `most` of `candidates`, in order, as they are to be quoted."""
    chosen: list[Candidate] = []
    for candidate in candidates:
        if len(chosen) == most:
            break
        if any(_repeats(candidate, other) for other in chosen):
            continue
        article_id = candidate.passage.article_id
        quoted = sum(len(other.text.split()) for other in chosen if other.passage.article_id == article_id)
        whole = _quotable(candidate, MOST_WORDS - quoted)
        if whole is None:
            continue
        inside = next((i for i, other in enumerate(chosen) if _inside(other, whole)), None)
        if inside is None:
            chosen.append(whole)
        else:  # the sentence it refers to is quoted already: both become one quote
            chosen[inside] = replace(whole, score=chosen[inside].score)
    return chosen


def _quotable(candidate: Candidate, words: int) -> Candidate | None:
    """The candidate with what makes it clear, or alone, or cut short: whichever first fits into `words`."""
    antecedent = with_antecedent(candidate)
    for wanted in (with_whole_quotation(antecedent), antecedent, candidate):
        if len(wanted.text.split()) <= words:
            return wanted
    return _cut(candidate) if words == MOST_WORDS else None


def _cut(candidate: Candidate) -> Candidate:
    """The beginning of an overlong sentence, up to the end of a clause."""
    most = next(m.end() for i, m in enumerate(re.finditer(r"\S+", candidate.text), start=1) if i == MOST_WORDS)
    ends = [match.start() for match in _CLAUSE_END.finditer(candidate.text, 0, most)]
    length = ends[-1] if ends and ends[-1] > most / 2 else most
    start = candidate.span[0]
    return replace(candidate, span=(start, start + length), text=candidate.text[:length])


def with_whole_quotation(candidate: Candidate) -> Candidate:
    """The candidate with the neighbouring sentence in which a quotation that it begins ends, or the other way."""
    passage = candidate.passage
    begin, end = candidate.span
    if candidate.text.rfind(_OPENS) > candidate.text.rfind(_CLOSES):
        end = next((e for s, e in passage.sentences if s >= end), end)
    first_close, first_open = candidate.text.find(_CLOSES), candidate.text.find(_OPENS)
    if first_close >= 0 and (first_open < 0 or first_close < first_open):
        begin = next((s for s, e in reversed(passage.sentences) if e <= begin), begin)
    text = passage.text[begin - passage.start : end - passage.start]
    closed = text.count(_OPENS) == text.count(_CLOSES)
    return replace(candidate, span=(begin, end), text=text) if closed else candidate


def with_antecedent(candidate: Candidate) -> Candidate:
    """The candidate with the sentences before it, when it begins with a word that points back to them.

    The quote becomes longer and stays exact; a heading in between, which nothing refers to, ends the search.
    """
    passage = candidate.passage
    spans, texts = passage.sentences, sentence_texts(passage)
    first = next((i for i, span in enumerate(spans) if span == candidate.span), 0)
    earliest = max(0, first - MOST_BEFORE)
    start = first
    while start > earliest and begins_with_anaphor(texts[start]) and not is_heading(texts[start - 1]):
        start -= 1
    if start == first or begins_with_anaphor(texts[start]):
        # Nothing to point to was found: the sentence alone says as much.
        return candidate
    begin, end = spans[start][0], candidate.span[1]
    return replace(candidate, span=(begin, end), text=passage.text[begin - passage.start : end - passage.start])


def cite(candidate: Candidate, n: int, also: tuple[str, ...] = ()) -> Citation:
    """The citation of a candidate's exact words, which the outlets `also` printed, too."""
    passage = candidate.passage
    start, end = candidate.span
    return Citation(
        n=n,
        article_id=passage.article_id,
        version=passage.version,
        title=passage.title,
        source=passage.source,
        url=passage.url,
        published=passage.published,
        quote=candidate.text,
        also=also,
        start=start,
        end=end,
    )


def sentence_text(candidate: Candidate, question: str) -> str:
    """The candidate's words on one line, relative dates made clear; an event of a timeline with its day before it.

    What stands in brackets, and the dots after a sentence that was cut short, are ours.
    """
    published = candidate.passage.published
    text = clarify(one_line(candidate.text), published)
    if not any(end == candidate.span[1] for _, end in candidate.passage.sentences):
        text += CUT
    if published and answer_form(question) is AnswerForm.TIMELINE:
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
    return len(mine & theirs) > MOST_OVERLAP * min(len(mine), len(theirs))


def _inside(candidate: Candidate, other: Candidate) -> bool:
    """Whether the candidate's words are part of the other's."""
    same = candidate.passage.passage_id == other.passage.passage_id
    return same and other.span[0] <= candidate.span[0] and candidate.span[1] <= other.span[1]
