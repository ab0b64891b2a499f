"""From ranked sentences to an extractive answer: quotes only, each with its citation."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.text import one_line
from rag.answer import Citation, Sentence
from rag.selection import Candidate
from rag.terms import stems

# A further sentence is quoted only if it comes this close to the best one's score; below, it is mostly beside
# the question.
NEAR_BEST = 0.7
MOST_OVERLAP = 0.8  # share of its words that a sentence may have in common with one already chosen


def choose(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """The best candidate and up to `most` - 1 others near it that say something else, best first."""
    chosen: list[Candidate] = []
    for candidate in candidates:
        if len(chosen) == most or (chosen and candidate.score < NEAR_BEST * chosen[0].score):
            break
        if not any(_repeats(candidate.text, other.text) for other in chosen):
            chosen.append(candidate)
    return chosen


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


def _repeats(text: str, other: str) -> bool:
    mine, theirs = stems(text), stems(other)
    return len(mine & theirs) > MOST_OVERLAP * min(len(mine), len(theirs))
