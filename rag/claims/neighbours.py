"""The words around a word that matter to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.claims.tokens import Token

_FILLERS = frozenset(
    "yet still also even already ever longer soon simply quite really so too been be being far enough only just more "
    "any anybody anyone anything somebody someone always often again able".split()
)
_NOT_ADVERBS = frozenset("apply rely supply early family fly reply july italy only comply assembly".split())
AUXILIARIES = frozenset(
    "is are was were be been being has have had do does did will would can could may might must should shall".split()
)
_ENDS_REACH = frozenset("but while although whereas because though unless if who which that when since".split())


def ahead(every: Sequence[Token], i: int) -> Iterator[tuple[int, Token]]:
    """The weighty words behind token `i` up to the end of its clause, with their positions."""
    for j in range(i + 1, len(every)):
        token = every[j]
        if token.gap.strip(" -'’\"“”") or (token.word in _ENDS_REACH and j > i + 1):
            return
        if weighty(token):
            yield j, token


def behind(every: Sequence[Token], i: int) -> Iterator[Token]:
    """The weighty words before token `i` in its clause, the nearest first."""
    for j in range(i - 1, -1, -1):
        if every[j + 1].gap.strip(" -'’"):
            return
        if weighty(every[j]):
            yield every[j]


def weighty(token: Token) -> bool:
    """Whether a word carries meaning: no function word, auxiliary, filler or adverb."""
    adverb = token.word.endswith("ly") and token.word not in _NOT_ADVERBS
    light = adverb or token.word in _FILLERS or token.word in AUXILIARIES
    return (token.content or token.word == "let") and not light


def word_at(every: Sequence[Token], i: int) -> str:
    """The word of token `i`; "" beyond the ends."""
    return every[i].word if 0 <= i < len(every) else ""


def last_before(every: Sequence[Token], offset: int) -> int:
    """The position of the last token that begins before a character offset; 0 if none does."""
    return max((n for n, token in enumerate(every) if token.start < offset), default=0)
