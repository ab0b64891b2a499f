"""Who did what to whom: the same words, with doers and objects exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.claims import Facts, Name, NameKind, Token
from rag.claims.names import same_word
from rag.claims.neighbours import word_at
from rag.claims.tokens import clause_at, total_weight
from rag.claims.units import SMALL
from rag.terms import stem

_BE = frozenset("is are was were be been being get gets got".split())
_BEFORE_VERB = frozenset(
    "to will would may might can could must should shall not n't has have had did does do who which that he she it "
    "they".split()
)
_BEFORE_NOUN = frozenset("the a an this these those his her its their our of in for by with no".split())
_PREPOSITIONS = frozenset(
    "in on at to from for with by under over after before since until between among during against into about as "
    "when while that which who if because although than through without within near and but".split()
)
# Forms that look like an irregular past.
_IRREGULAR_NOUNS = frozenset(
    "people children child men women man woman person persons lives wives feet teeth mice geese halves half arrival "
    "arrivals denial refusal approval loss losses dead death deaths speech speeches sale sales flight flights choice "
    "choices cost costs marriage wedding receipt success comparison length height strength width depth youth heat "
    "poverty truth best better worse worst life wife foot".split()
)
_OBJECTS = frozenset("him her them it his their its".split())
_PLURALS = frozenset("people men women children police".split())
_SAYING = frozenset("say sai tell told explain argu warn add insist".split())
_UNITS = frozenset("day days week weeks month months year years hour hours earlier later ago".split())
_TOWARDS, _AWAY = frozenset({"to", "into", "towards", "toward"}), frozenset({"from"})
_BY_WITHIN = 4  # words behind a participle among which its "by" stands


@dataclass(frozen=True, slots=True)
class Frame:
    """A verb and the words before and behind it in its clause, as if it were active.

    Attributes:
        verb: its key.
        doers: keys of the phrase right before it.
        others: keys of the content words behind it.
        names: keys of the doers that are proper names.
        ahead: keys of all content words before it in its clause; if passive, of the doers.
        plural: whether the doers are several; None where nothing tells.
        points_back: whether a pronoun stands among what is behind the verb.
        text: the verb.
    """

    verb: str
    doers: frozenset[str]
    others: frozenset[str]
    names: frozenset[str]
    ahead: frozenset[str]
    plural: bool | None
    points_back: bool
    text: str


@lru_cache(maxsize=2_000)
def frames(text: Facts) -> tuple[Frame, ...]:
    """The verbs of `text` with what stands around them; dates and figures are left out."""
    return tuple(_frames(text))


def _frames(text: Facts) -> Iterator[Frame]:
    every = text.tokens
    dated = [(p.start, p.end) for p in text.periods]
    apart = [any(start <= t.start < end for start, end in dated) or t.text[0].isdigit() for t in every]
    named = {i for n in text.names for i, t in enumerate(every) if n.start <= t.start < n.end}
    for i, token in enumerate(every):
        spoken = token.key in _SAYING and "," in token.gap  # "…, said Ann Lee"
        if i in named or spoken or not is_verb(every, i):
            continue
        start, end = clause_at(text.text, token.start)
        right = [j for j in range(i + 1, len(every)) if every[j].end <= end and every[j].content and not apart[j]]
        left = [j for j in range(i) if every[j].start >= start and every[j].content and not apart[j]]
        doers = [j for j in _phrase_before(every, i, start, named) if not apart[j] and every[j].word not in _UNITS]
        by = next((j for j in range(i + 1, min(i + _BY_WITHIN, len(every) - 1)) if every[j].word == "by"), None)
        if by is not None and (apart[by + 1] or every[by + 1].word in SMALL):
            by = None  # "by two years"
        ahead = left
        passive = by is not None and token.word.endswith(("ed", "n", "t", "d"))
        if passive or any(t.word in _BE for t in every[max(0, i - 2) : i]):
            doers = [] if by is None else _phrase_behind(every, by, end, apart)
            right = left + [j for j in right if j not in doers]
            ahead = doers
        nearest = max((j for j in doers if j < i), default=None)
        yield Frame(
            verb=token.key,
            doers=_keys(every, doers),
            others=_keys(every, right),
            names=_keys(every, [j for j in doers if j in named]),
            ahead=_keys(every, ahead),
            plural=None if nearest is None else _is_plural(every[nearest]),
            points_back=any(every[j].word in _OBJECTS for j in range(i + 1, len(every)) if every[j].end <= end),
            text=token.text,
        )


def _phrase_before(every: Sequence[Token], i: int, start: int, named: set[int]) -> list[int]:
    """The content words of the phrase right before the verb at `i`, back to a preposition, a comma or the beginning.

    A comma right before the verb closes an apposition ("Luis Barrera, temporarily blocked").
    """
    found: list[int] = []
    for j in range(i - 1, -1, -1):
        comma = every[j + 1].gap.strip(" -'’")
        if every[j].start < start or (comma and (found or j < i - 2)):
            break
        if every[j].word in _PREPOSITIONS and j not in named:
            break
        if every[j].content:
            found.append(j)
    return found


def _phrase_behind(every: Sequence[Token], by: int, end: int, apart: Sequence[bool]) -> list[int]:
    """The content words behind "by", up to a comma or the like."""
    found: list[int] = []
    for j in range(by + 1, len(every)):
        if every[j].end > end or (every[j].gap.strip(" -'’") and j > by + 1):
            break
        if every[j].content and not apart[j]:
            found.append(j)
    return found


def _keys(every: Sequence[Token], of: Sequence[int]) -> frozenset[str]:
    return frozenset(every[j].key for j in of)


def _is_plural(token: Token) -> bool:
    return (token.word.endswith("s") and not token.word.endswith(("ss", "us", "is", "'s"))) or token.word in _PLURALS


def is_verb(every: Sequence[Token], i: int) -> bool:
    """Whether the token at `i` is a verb, as far as its form and the word before it tell."""
    token = every[i]
    before = every[i - 1].word if i else ""
    if not token.content or token.capital or token.gap.endswith("-") or not token.word.isalpha():
        return False
    return before not in _BEFORE_NOUN and (before in _BEFORE_VERB or is_past(token))


def is_past(token: Token) -> bool:
    """Whether a word is a form like "opened", "gave" or "sent"."""
    regular = token.word.endswith("ed") and token.key != token.word  # unlike "need"
    return regular or (token.key != stem(token.word) and token.word not in _IRREGULAR_NOUNS)


def exchanged(claim: Facts, source: Facts) -> str:
    """The verb whose doer and object the claim exchanges, or whose doer it replaces by another; "" for none."""
    given: dict[str, list[Frame]] = {}
    for frame in frames(source):
        given.setdefault(frame.verb, []).append(frame)
    everywhere = frozenset(t.key for t in source.tokens)
    mine = frames(claim)
    for stated in mine:
        rivals = given.get(stated.verb)
        if rivals is None:
            continue
        agreed = max(total_weight(stated.doers & frame.ahead) for frame in rivals)
        if any(_crossing(stated, frame) > agreed for frame in rivals):
            return stated.text
        if not agreed and all(
            _other_doer(stated, frame, everywhere) or _traded(stated, frame, mine, given) for frame in rivals
        ):
            return stated.text
    return ""


def _crossing(stated: Frame, given: Frame) -> float:
    """The weight of what has changed sides of the verb, if both sides have."""
    forward = {k for k in stated.doers - stated.others if k in given.others - given.ahead}
    backward = {k for k in stated.others - stated.doers if k in given.doers - given.others}
    if (
        given.points_back
        and stated.doers
        and given.doers
        and not stated.doers & given.ahead
        and given.doers <= backward
    ):
        return total_weight(backward)  # "she paid for the hospital's", where the hospital paid for hers
    return total_weight(forward | backward) if forward and backward else 0.0


def _other_doer(stated: Frame, given: Frame, everywhere: frozenset[str]) -> bool:
    """Whether another name, of which the source says something else, takes the place of the doer.

    A single office may be the named person's; several can't be.
    """
    if not stated.names or not given.doers or given.doers & (stated.doers | stated.others):
        return False
    if not given.names and (given.plural is None or given.plural == stated.plural):
        return False
    return stated.names <= everywhere and not stated.names & (given.ahead | given.others)


def _traded(stated: Frame, given: Frame, mine: Sequence[Frame], sources: Mapping[str, Sequence[Frame]]) -> bool:
    """Whether the source's doer does something else in the claim that it doesn't do in the source."""
    if not stated.doers or not given.doers or stated.doers & given.ahead:
        return False
    return any(
        given.doers <= (other.doers or other.others)
        and other.verb in sources
        and not any(given.doers & (frame.ahead or frame.others) for frame in sources[other.verb])
        for other in mine
        if other is not stated
    )


def turned(claim: Facts, source: Facts) -> str:
    """The name that the claim goes "to" and the source comes "from", or the other way round; "" for none."""
    for name in claim.names:
        here = _direction(claim, name) if name.kind is NameKind.PLACE else ""
        there = {
            _direction(source, other)
            for other in source.names
            if other.kind is NameKind.PLACE and any(same_word(a, b) for a in name.keys for b in other.keys)
        } - {""}
        if here and there and here not in there:
            return name.text
    return ""


def _direction(text: Facts, name: Name) -> str:
    """ "to" or "from" where such a word leads a name."""
    i = next((n for n, t in enumerate(text.tokens) if t.start >= name.start), 0)
    i -= word_at(text.tokens, i - 1) == "the"
    before = word_at(text.tokens, i - 1)
    return "to" if before in _TOWARDS else "from" if before in _AWAY else ""
