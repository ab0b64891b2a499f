"""How much of a claim's wording is new, and the features that are weighed into a score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from rag.claims import Facts
from rag.claims.opposites import SIDES, synonyms, without_prefix
from rag.claims.tokens import total_weight, weight
from rag.claims.units import COUNTING
from rag.entailment.source import Failure, FailureKind, Source, like_any, within
from rag.word_forms import ALIAS, key, likeness

SUPPORT_FEATURES = (
    "new_share",
    "new_stretch",
    "new_in_copy",
    "substituted",
    "borne_out",
    "facts",
    "senses",
    "structure",
)
"""Of the words that neither quote nor context holds: their share of the weight, the weight of the longest stretch of
them, and their weight where the rest is copied; how many stand between two words of the quote instead of another. How
many numbers, dates and names, at most three, don't fail. How many failures, at most two, are of numbers, dates, names
and quotations; of what is denied, possible or said of how many; of who says, does or has what."""
_GROUPS = (
    {FailureKind.NUMBER, FailureKind.DATE, FailureKind.NAME, FailureKind.QUOTATION},
    {FailureKind.NEGATION, FailureKind.OPPOSITE, FailureKind.MODALITY, FailureKind.QUANTIFIER},
    {FailureKind.ATTRIBUTION, FailureKind.ROLES, FailureKind.BINDING},
)
_BANS = frozenset({"ban", "bar", "forbid", "prohibit"})
_MOST_FAILURES, _MOST_BORNE_OUT = 2, 3
_NEW = 0.5  # weight from which a word counts as new: below, it is a common one or nearly another form
_LEAST_WEIGHT = 10.0  # about two rare words: of fewer, a share says little
# Keys of words that say nothing new: of reporting and denying, whose sense is checked apart, and of the present.
_NOTHING_NEW = frozenset(
    "say tell told said accord call also announc nobodi noth none neither anybodi anyon anyth now still current "
    "formerli "
    "previous alreadi yet soon today whoever whatever however wherever whenever".split()
)


def support_features(claim: Facts, source: Source, found: Sequence[Failure]) -> np.ndarray:
    """The values of `SUPPORT_FEATURES` [8] for a claim of which `found` fails."""
    stretch = longest = total = 0.0
    for new in _novelty(claim, source):
        total += new
        stretch = stretch + new if new > _NEW else 0.0
        longest = max(longest, stretch)
    content = [token.key for token in claim.tokens if token.content]
    given = set(pairwise(token.key for token in source.quote.tokens if token.content))
    pairs = list(pairwise(content))
    copied = sum(pair in given for pair in pairs) / max(1, len(pairs))
    share = total / max(_LEAST_WEIGHT, total_weight(content))
    failed = [min(_MOST_FAILURES, sum(failure.kind in group for failure in found)) for group in _GROUPS]
    checked = len(claim.quantities) + len(claim.periods) + len(claim.names)
    borne_out = min(_MOST_BORNE_OUT, max(0, checked - failed[0]))
    return np.array([share, longest, total * copied, _substituted(claim, source), borne_out, *failed])


def _substituted(claim: Facts, source: Source) -> float:
    """How many words, at most `_MOST_FAILURES`, stand in the place of another word of the quote, which is gone.

    "Police put up 140 tents" for "Police cleared 140 tents".
    """
    quote = source.quote.tokens
    between = {(a.key, b.key): word for a, word, b in zip(quote, quote[1:], quote[2:], strict=False)}
    found = 0
    mine = claim.tokens
    for before, token, behind in zip(mine, mine[1:], mine[2:], strict=False):
        other = between.get((before.key, behind.key))
        if not other or not token.content or not other.content or within(token.start, claim.values):
            continue
        known = like_any(token.key, source.near_keys) or synonyms(token.key) & source.keys
        found += not known and not like_any(other.key, claim.content)
    return float(min(found, _MOST_FAILURES))


def _novelty(claim: Facts, source: Source) -> Iterator[float]:
    """For each content word, how much of its weight neither quote nor context holds; 0 in what is checked apart."""
    sides = {(sense.axis, sense.positive) for sense in source.quote.senses}
    for token in claim.tokens:
        if not token.content or token.key in _NOTHING_NEW or token.word in COUNTING or token.text[0].isdigit():
            continue
        known = source.near_keys
        if token.key in known or within(token.start, claim.values):
            yield 0.0
            continue
        bare = without_prefix(token.word)
        like = max((likeness(token.key, other) for other in known), default=0.0)
        if bare and like_any(key(bare), known):
            like = ALIAS  # "undecided" for "not decided"; whether it is denied is checked apart
        if synonyms(token.key) & known or sides.intersection(SIDES.get(token.key, ())):
            like = max(like, ALIAS)
        if token.key in _BANS and source.quote.negations:
            like = ALIAS  # "the ban" for "may not"
        yield weight(token.key) * (1 - like)


def new_words(claim: Facts, source: Source) -> list[str]:
    """The words of `claim` that stand neither in quote nor context, in quotation marks."""
    known = source.near_keys
    return [f"“{t.text}”" for t in claim.tokens if t.content and t.key not in known and weight(t.key) > _NEW]
