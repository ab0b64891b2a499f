"""The quote's words in the quote's order, but for two phrases that have changed places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rag.claims import Facts, Token
from rag.claims.names import same_word
from rag.claims.tokens import total_weight
from rag.word_forms import key

_LEAST_WORDS = 4
_LEAST_SHARE = 0.8  # of the weight of a claim's words that the quote must have, so that it is a copy of its words
_BE = frozenset("is are was were be been being".split())
_BY_WITHIN = 4
_TAKING = frozenset(key(word) for word in "get receive obtain".split())


def exchanged_phrases(claim: Facts, quote: Facts) -> tuple[str, str] | None:
    """The first words of two phrases of the quote that stand in one another's place in the claim.

    "Police took the men to the camp" for "The men took police to the camp": what stands between them, at least one
    word, has kept its place. A passive ("was taken by") may exchange doer and object.
    """
    if _is_passive(claim) != _is_passive(quote) or _takes(claim) != _takes(quote):
        return None
    placed = _places(claim, quote)
    if len(placed) < _LEAST_WORDS:
        return None
    content = {t.key for t in claim.tokens if t.content}
    if total_weight({claim.tokens[i].key for i, _ in placed}) < _LEAST_SHARE * total_weight(content):
        return None
    order = sorted(at for _, at in placed)
    ranks = [order.index(at) for _, at in placed]
    blocks: list[list[int]] = [[0]]
    for i in range(1, len(ranks)):
        if ranks[i] == ranks[i - 1] + 1:
            blocks[-1].append(i)
        else:
            blocks.append([i])
    moved = [block for n, block in enumerate(blocks) if not _stays(blocks, ranks, n)]
    starts = [ranks[block[0]] for block in moved]
    if len(moved) != 3 or starts != sorted(starts, reverse=True):
        return None
    one, two = ([placed[i] for i in block] for block in (moved[0], moved[2]))
    if _same_slot(claim, one, quote, two) and _same_slot(claim, two, quote, one):
        return claim.tokens[one[0][0]].text, claim.tokens[two[0][0]].text
    return None


def _same_slot(claim: Facts, here: Sequence[tuple[int, int]], quote: Facts, there: Sequence[tuple[int, int]]) -> bool:
    """Whether a word that stands beside a phrase in the claim stands beside another phrase in the quote."""
    mine, theirs = claim.tokens, quote.tokens
    before = _key(mine, here[0][0] - 1), _key(theirs, min(at for _, at in there) - 1)
    behind = _key(mine, here[-1][0] + 1), _key(theirs, max(at for _, at in there) + 1)
    return before[0] == before[1] or behind[0] == behind[1]


def _key(every: Sequence[Token], i: int) -> str:
    """The key of a word; "" beyond the text's ends."""
    return every[i].key if 0 <= i < len(every) else ""


def _places(claim: Facts, quote: Facts) -> list[tuple[int, int]]:
    """Of each of the claim's content words that stands once in both texts, its place here and there."""
    mine = Counter(t.key for t in claim.tokens)
    found = []
    taken: set[int] = set()
    for n, token in enumerate(claim.tokens):
        if not token.content or mine[token.key] > 1:
            continue
        there = [i for i, t in enumerate(quote.tokens) if t.key == token.key]
        if not there and token.capital:  # "Colombians" for "Colombia"
            there = [i for i, t in enumerate(quote.tokens) if t.capital and same_word(t.key, token.key)]
        if len(there) == 1 and there[0] not in taken:
            taken.add(there[0])
            found.append((n, there[0]))
    return found


def _stays(blocks: list[list[int]], ranks: list[int], n: int) -> bool:
    """Whether everything before block `n` precedes it in the quote, too, and everything behind follows."""
    first, last = ranks[blocks[n][0]], ranks[blocks[n][-1]]
    before = [ranks[i] for block in blocks[:n] for i in block]
    behind = [ranks[i] for block in blocks[n + 1 :] for i in block]
    return all(rank < first for rank in before) and all(rank > last for rank in behind)


def _takes(text: Facts) -> bool:
    """Whether somebody gets something, which another text may put as somebody giving it."""
    return bool(_TAKING & text.content)


def _is_passive(text: Facts) -> bool:
    """Whether a form of "be" is followed by "by" soon."""
    every = text.tokens
    return any(
        one.word in _BE and "by" in {t.word for t in every[i + 2 : i + 2 + _BY_WITHIN]}
        for i, (one, _) in enumerate(pairwise(every))
    )
