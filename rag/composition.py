"""From ranked sentences to an extractive answer: quotes only, each with its citation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from corpus.text import one_line
from rag.answer import Citation, Sentence
from rag.offers import begins_with_anaphor
from rag.places import is_heading, sentence_texts
from rag.selection import Candidate
from rag.terms import stems

# A further sentence is quoted only if it is at least this share as likely as the best one to answer: below, it is
# mostly beside the question.
NEAR_BEST = 0.15
MOST_OVERLAP = 0.8  # share of its words that a sentence may have in common with one already chosen
MOST_BEFORE = 2  # sentences that are added before a pronoun; what it means is seldom further away


def choose(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """The best candidate and up to `most` - 1 others near it that say something else, best first.

    A sentence that begins with a pronoun or the like is quoted with what it refers to: the sentence before it.
    """
    chosen: list[Candidate] = []
    for candidate in candidates:
        if len(chosen) == most or (chosen and candidate.score < chosen[0].score + math.log(NEAR_BEST)):
            break
        if any(_repeats(candidate, other) for other in chosen):
            continue
        whole = with_antecedent(candidate)
        inside = next((i for i, other in enumerate(chosen) if _inside(other, whole)), None)
        if inside is None:
            chosen.append(whole)
        else:  # the sentence it refers to is quoted already: both become one quote
            chosen[inside] = replace(whole, score=chosen[inside].score)
    return chosen


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


def cite(candidate: Candidate, n: int) -> Citation:
    """The citation of a candidate's exact words."""
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
        start=start,
        end=end,
    )


def sentence_text(candidate: Candidate) -> str:
    """The candidate's words on one line."""
    return one_line(candidate.text)


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
