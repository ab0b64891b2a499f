"""Finds the words of a source that a written sentence rests on, and has them verified."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rag.passage_store import StoredPassage
from rag.passages import Span
from rag.places import is_heading, sentence_texts
from rag.terms import content_words, stem
from rag.verification import Evidence, Verdict, Verifier
from rag.writing.parsing import Written

TRIED = 5  # stretches of one source that are held against a sentence; the supporting one is nearly always the first
LONGEST = 2  # sentences in one quote; the words of more support nearly anything when they are mixed anew
# Least calibrated support of a sentence that a model wrote; a part of one sentence of a source, all in its own words,
# may have less. Of what passes a verifier at even odds a fifth is wrong when SmolLM2 writes (7 of the first 32
# sentences on the golden set, with 0.50 to 0.87), because it makes so much up.
ENOUGH, ENOUGH_IN_ITS_WORDS = 0.9, 0.85
BEFORE = 2  # sentences before a quote that may say who "he" is; what stands further away may be about another
# A sentence that talks to a language model is somebody's trick, and nothing that anything may rest on.
_TO_A_MODEL = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|guidelines)\b"
    r"|\b(?:system prompt|language model|as an ai|you are an? (?:ai|assistant|chatbot))\b|<\|\w+\|>|\[/?INST\]"
    r"|\byou (?:must|should|will|have to) (?:now )?(?:write|say|answer|reply|respond|tell|output)\b"
    r"|\btell the (?:reader|user)s?\b",
    re.IGNORECASE,
)
# What a further sentence must add to the share of words found before it is quoted, too.
_LONGER = 0.1


@dataclass(frozen=True)
class Quote:
    """A stretch of a source: `span` is its place in the article version's text."""

    passage: StoredPassage
    span: Span

    @property
    def text(self) -> str:
        """Its exact words."""
        return self.passage.text[self.span[0] - self.passage.start : self.span[1] - self.passage.start]

    def holds(self, text: str) -> bool:
        """Whether it is a single sentence that has every content word of `text`."""
        return self.span in self.passage.sentences and _stems(text) <= _stems(self.text)

    @property
    def evidence(self) -> Evidence:
        """It as the verifier takes it; what it refers to may stand in the sentences just before it."""
        passage = self.passage
        texts = zip(passage.sentences, sentence_texts(passage), strict=True)
        before = [text for (_, end), text in texts if end <= self.span[0] and not _TO_A_MODEL.search(text)]
        context = "\n".join([*before[-BEFORE:], self.text])
        return Evidence(self.text, context, passage.title, passage.source, passage.published)


@dataclass(frozen=True)
class Grounded:
    """A written sentence with its verdict and the quotes that it was given on; none when nothing supports it."""

    verdict: Verdict
    quotes: tuple[Quote, ...]


def ground(written: Written, sources: Sequence[StoredPassage], verifier: Verifier) -> Grounded:
    """The quotes that support a sentence, or the verdict of what comes nearest.

    Each source that it names counts if it supports the sentence alone; else all that it names, taken together; else,
    since small models miscount, the first other one that does. `sources` are numbered from 1.
    """
    named = [sources[n - 1] for n in written.sources if 0 < n <= len(sources)]
    alone = [_best(written.text, [source], verifier) for source in named]
    supporting = [each for each in alone if each.quotes]
    if supporting:
        quotes = tuple(quote for each in supporting for quote in each.quotes)
        return Grounded(max((each.verdict for each in supporting), key=lambda v: v.score), quotes)
    if len(named) > 1:
        together = [next(_stretches(written.text, [source])) for source in named]
        verdict = verifier.verify(written.text, [quote.evidence for quote in together])
        if verdict.supported and verdict.score >= ENOUGH:
            return Grounded(verdict, tuple(together))
    other = _best(written.text, [source for source in sources if source not in named], verifier)
    return other if other.quotes or not alone else max(alone, key=lambda each: each.verdict.score)


def _best(text: str, sources: Sequence[StoredPassage], verifier: Verifier) -> Grounded:
    """The first stretch that supports `text`, nearest first, or the best verdict among those tried."""
    nearest = verifier.verify(text, [])
    for quote in islice(_stretches(text, sources), TRIED):
        verdict = verifier.verify(text, [quote.evidence])
        if verdict.supported and verdict.score >= (ENOUGH_IN_ITS_WORDS if quote.holds(text) else ENOUGH):
            return Grounded(verdict, (quote,))
        nearest = max(nearest, verdict, key=lambda v: v.score)
    return Grounded(nearest, ())


def _stretches(text: str, sources: Sequence[StoredPassage]) -> Iterator[Quote]:
    """Runs of sentences of `sources`, those with most of the words of `text` in fewest sentences first."""
    wanted = _stems(text)
    found: list[tuple[float, Quote]] = []
    for source in sources:
        stems = [_stems(sentence) for sentence in sentence_texts(source)]
        unfit = [is_heading(s) or _TO_A_MODEL.search(s) is not None for s in sentence_texts(source)]
        for first in range(len(stems)):
            for last in range(first, min(first + LONGEST, len(stems))):
                if unfit[last]:
                    break
                held = len(wanted & set().union(*stems[first : last + 1])) / max(1, len(wanted))
                span = (source.sentences[first][0], source.sentences[last][1])
                found.append((held - _LONGER * (last - first), Quote(source, span)))
    found.sort(key=lambda each: -each[0])
    return (quote for _, quote in found)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}
