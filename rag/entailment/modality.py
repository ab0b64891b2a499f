"""Does a claim make something as real, as allowed and as required as the quote does?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.claims import Facts, Modality, Mode, Token
from rag.claims.opposites import SIDES, synonyms
from rag.entailment.roles import is_past
from rag.entailment.source import Failure, FailureKind, Source, Span, within
from rag.word_forms import aliases

_LETS = re.compile(r"let|allow|permit", re.IGNORECASE)
_WISHES = re.compile(r"\b(?:wants?|wanted|demands?|demanded|hopes?|hoped|wish(?:es)?)\b")
_ALREADY = re.compile(r"\balready\b", re.IGNORECASE)
_MAYBE = ("may", "could", "might")
_NOUN_FOLLOWS = ("the", "a", "an", "of", "their", "its", "to")  # behind these it is no statement
_PERFECT = frozenset({"has", "have", "had", "was", "were", "did"})
_REALITY = [Mode.FACT, Mode.WILL, Mode.PLANNED, Mode.POSSIBLE]
_DUTIES = frozenset({Mode.ALLOWED, Mode.REQUIRED})
# How real the claim may make what the quote makes so real.
_AS_REAL = {
    Mode.FACT: {Mode.FACT},
    Mode.WILL: {Mode.WILL, Mode.PLANNED, Mode.FACT},
    Mode.PLANNED: {Mode.PLANNED},
    Mode.POSSIBLE: {Mode.POSSIBLE},
}
_Reading = tuple[Mode, Mode | None]  # how real, and whether allowed or required


def modality(claim: Facts, source: Source) -> Iterator[Failure]:
    """The first verb that the claim makes more real, or otherwise allowed or required, than the quote does."""
    cues = [cue for cue in (*claim.modalities, *source.quote.modalities) if not _LETS.match(cue.text)]
    about = source.about(claim)
    for head in sorted({h for cue in cues for h in cue.heads}):
        if not any(_governs(cue, head, claim) for cue in cues):
            continue
        here = next((t for t in claim.tokens if may_replace(t.key, head)), None)
        there = [t for t in source.quote.tokens if may_replace(t.key, head)]
        told = next((t for span in about for t in there if within(t.start, [span])), None)
        governed = any(head in cue.heads for cue in claim.modalities)
        if here is None or told is None or (_is_noun(here, claim) and not governed):
            continue
        span = next(span for span in about if within(told.start, [span]))
        if failure := _less_real(head, here, told, claim, source.quote, span):
            yield failure
            return


def _less_real(head: str, here: Token, told: Token, claim: Facts, quote: Facts, span: Span) -> Failure | None:
    """What is wrong with how the claim says the verb `head`, at `here`, that the quote says at `told` in `span`."""
    reported = any(within(a.start, [span]) for a in quote.attributions)
    stated = _readings(claim, head, (0, len(claim.text)), reported=True)
    given = _readings(quote, head, span, reported)
    past = _past(here, claim) or _ALREADY.search(claim.text) is not None, _past(told, quote)
    maybe = any(head in cue.heads and cue.text.lower() in _MAYBE for cue in claim.modalities)
    if any(_as_real(s, g, past, maybe) for s in stated for g in given):
        return None
    if _WISHES.search(claim.text) and (Mode.FACT, None) in given:
        return None
    unlike = 1 if any(_real_enough(s[0], g[0], past) for s in stated for g in given) else 0
    said = {mode for cue in claim.modalities for mode in cue.modes}
    source_said = {mode for cue in quote.modalities if within(cue.start, [span]) for mode in _meant(cue, reported)}
    if {g[unlike] for g in given} & said or {s[unlike] for s in stated} & source_said:
        return None  # one of the two says so of another word
    detail = f"“{here.text}” is {_list(stated)} here and {_list(given)} in the quote"
    return Failure(FailureKind.MODALITY, detail, contradicted=True)


def _readings(text: Facts, verb: str, span: Span, reported: bool) -> frozenset[_Reading]:
    """What a text may mean by a verb: how real it is, and whether it is allowed or required."""
    found: set[_Reading] = {(Mode.FACT, None)}
    for cue in text.modalities:
        if not (span[0] <= cue.start < span[1] and any(may_replace(verb, h) for h in cue.heads)):
            continue
        if cue.text.lower() == "would" and any(cue.heads & n.heads for n in text.negations):
            continue  # "would not say": didn't
        modes = _meant(cue, reported)
        found = {
            (max(real, mode, key=_REALITY.index), duty) if mode not in _DUTIES else (real, mode)
            for real, duty in found
            for mode in modes
        }
    return frozenset(found)


def _meant(cue: Modality, reported: bool) -> frozenset[Mode]:
    """What a cue may mean: "would" is "will" only in what somebody said."""
    return cue.modes - {Mode.WILL} if cue.text.lower() == "would" and not reported else cue.modes


def _governs(cue: Modality, head: str, claim: Facts) -> bool:
    """Whether the claim has all that the cue governs, so that it speaks of the same."""
    if head not in cue.heads or not cue.whole:
        return head in cue.heads
    return all(any(may_replace(t.key, h) for t in claim.tokens) for h in cue.heads)


def _as_real(stated: _Reading, given: _Reading, past: tuple[bool, bool], maybe: bool) -> bool:
    (real, duty), (source_real, source_duty) = stated, given
    if source_duty is Mode.ALLOWED and duty is None and real is Mode.WILL is not source_real:
        return False  # "will apply" for "may apply"
    if source_duty is Mode.ALLOWED and duty is None and real is Mode.FACT is source_real and not past[1]:
        return False  # "imposed" or "imposes" for "may impose"
    if maybe and duty is Mode.ALLOWED and source_duty is None:
        return False  # "may be fined" for "is fined"
    return _real_enough(real, source_real, past) and (duty is source_duty or None in (duty, source_duty))


def _real_enough(stated: Mode, given: Mode, past: tuple[bool, bool]) -> bool:
    """Whether the claim makes it no more real than the quote.

    Args:
        stated: how real it is in the claim.
        given: how real it is in the quote.
        past: whether claim and quote put it into the past.
    """
    if stated is Mode.FACT and given is Mode.WILL:
        return not past[0]  # "the centre is closed in May" for "will be closed"
    if stated is Mode.WILL and given is Mode.FACT:
        return not past[1]
    return stated in _AS_REAL[given]


def may_replace(a: str, b: str) -> bool:
    """Whether two verbs may be put for one another."""
    return a == b or b in aliases(a) or b in synonyms(a) or bool(set(SIDES.get(a, ())) & set(SIDES.get(b, ())))


def _list(readings: frozenset[_Reading]) -> str:
    return " or ".join(sorted(" ".join(mode.value for mode in reading if mode) for reading in readings))


def _is_noun(token: Token, claim: Facts) -> bool:
    i = claim.tokens.index(token)
    return i > 0 and claim.tokens[i - 1].word in _NOUN_FOLLOWS


def _past(token: Token, claim: Facts) -> bool:
    """Whether the claim puts a verb, or the verb just before an object, into the past."""
    i = claim.tokens.index(token)
    before = claim.tokens[max(0, i - 3) : i]
    if {t.word for t in before} & _PERFECT:
        return True
    return any(is_past(t) for t in (*before[-2:], token))
