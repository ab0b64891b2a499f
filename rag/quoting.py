"""What a quote needs to be understood alone: what a pronoun means, the rest of a quotation, and no dateline."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.offers import begins_with_anaphor
from rag.places import is_heading, sentence_texts
from rag.selection import Candidate
from rag.terms import stem, stems

MOST_BEFORE = 2  # sentences that are added before a pronoun; what it means is seldom further away
MOST_AROUND = 2  # sentences that are added to a quotation: with more it seldom fits into what is quoted of an article
_OPENING = re.compile(r"“|(?:(?<=\s)|(?<=[(\[])|^)\"(?=\S)")
_CLOSING = re.compile(r"”|(?<=\S)\"(?=[\s.,;:!?)\]…–—]|$)")
# "The judgment concerns", "The fire killed", but not "The fire in Ashby", which says itself which one it is.
_DEFINITE = re.compile(
    r"^[\W_]*The (?P<noun>[a-z]{3,}) (?:was|were|is|are|had|has|have|would|will|could|can|may|must|did|does|also|now"
    r"|still|then|took|came|ran|began|says?|said|told|\w{3,}ed|concerns?|consists?|covers?|appl(?:y|ies)|follows?"
    r"|includes?|lasts?|runs?|expires?|costs?|allows?|lets?|gives?)\b"
)
_PRONOUN = re.compile(
    r"^[\W_]*(?:(?:and|but|so|then|also|however|still|yet|meanwhile|instead|later|by then|at (?:the|that) time"
    r"|since then|after that|before that|afterwards|in response|as a result)\b,? )?"
    r"(?:he|she|it|they|this|these|those|his|her|its|their|both)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^[\W_]*The \w+ (?:of|in|for) (?:the )?[A-Z]"
)  # "The Court of Justice", "The government of Canada"
# Nouns that point to what was told under another name: "ruled … The judgment", "CEPA said … The authority".
_TOLD_BEFORE = frozenset(
    stem(noun)
    for noun in """
    announcement authority figure judgment judgement list measure money proposal statement text total
    verdict vote
    """.split()
)
# "WASHINGTON (AP) — ", "London, 3 May (Reuters) - ", "Washington DC, United States - ", "(CNN) — "
_DATELINE = re.compile(
    r"^(?:[A-Z][\w.'’]*(?: [A-Z][\w.'’]*){0,2}(?:, (?:[A-Z][\w.'’]*|\d{1,2})(?: (?:[A-Z][\w.'’]*|\d{1,2})){0,2}){0,2}"
    r"(?: \([A-Z][\w. ]{1,20}\))?|\([A-Z]{2,5}\)) (?:—|–|--|-) (?=[\w“\"])"
)
_HAS_PLACE = re.compile(r"^[A-Z]{4,}|,|\(")  # "Rubio - the secretary" is no dateline


def begins_with_pronoun(text: str) -> bool:
    """Whether `text` begins with "he", "their" or the like, which says nothing to who doesn't know who is meant."""
    return _PRONOUN.match(text) is not None


def points_back(text: str, question: str = "") -> bool:
    """Whether only what precedes `text` says who or what it is about, to a reader who has asked `question`."""
    if begins_with_anaphor(text):
        return _NAMED.match(text) is None
    noun = _noun(text)
    return noun in _TOLD_BEFORE and noun not in stems(question)


def with_antecedent(candidate: Candidate, question: str = "") -> Candidate:
    """The candidate with the sentences before it, when it begins with a word that points back to them.

    The quote becomes longer and stays exact; a heading in between, which nothing refers to, ends the search. "The
    fire", where a sentence before tells of a fire, points back, too, unless `question` names it.
    """
    passage = candidate.passage
    spans, texts = passage.sentences, sentence_texts(passage)
    first = next((i for i, span in enumerate(spans) if span == candidate.span), 0)
    earliest = max(0, first - MOST_BEFORE)
    start = first
    while start > earliest and not is_heading(texts[start - 1]) and _needs(texts[start], texts[start - 1], question):
        start -= 1
    if start == first or begins_with_pronoun(texts[start]):
        # Nothing to point to was found: the sentence alone says as much.
        return candidate
    begin, end = spans[start][0], candidate.span[1]
    return replace(candidate, span=(begin, end), text=passage.text[begin - passage.start : end - passage.start])


def with_whole_quotation(candidate: Candidate) -> Candidate:
    """The candidate with the sentences around it that a quotation which it begins, or ends, runs through."""
    passage = candidate.passage
    begin, end = candidate.span
    text = candidate.text
    for _ in range(MOST_AROUND):
        opened = [match.start() for match in _OPENING.finditer(text)]
        closed = [match.start() for match in _CLOSING.finditer(text)]
        if opened and opened[-1] > max(closed, default=-1):
            end = next((e for s, e in passage.sentences if s >= end), end)
        if closed and closed[0] < min(opened, default=len(text)):
            begin = next((s for s, e in reversed(passage.sentences) if e <= begin), begin)
        text = passage.text[begin - passage.start : end - passage.start]
        if text.count("“") == text.count("”") and text.count('"') % 2 == 0:
            return replace(candidate, span=(begin, end), text=text)
    return candidate


def without_dateline(candidate: Candidate) -> Candidate:
    """The candidate without "LONDON (Reuters) - " before its first word: the citation names outlet and day."""
    match = _DATELINE.match(candidate.text)
    if match is None or not _HAS_PLACE.search(match.group()):
        return candidate
    begin, end = candidate.span
    return replace(candidate, span=(begin + match.end(), end), text=candidate.text[match.end() :])


def _needs(text: str, before: str, question: str) -> bool:
    if points_back(text, question):
        return True
    noun = _noun(text)
    return bool(noun) and noun in stems(before) and noun not in stems(question)


def _noun(text: str) -> str:
    match = _DEFINITE.match(text)
    return stem(match["noun"]) if match else ""
