"""Who and what place a question names, and what part each has in it: who does it, to whom, from where to where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.claims.names import is_people
from rag.question_words import ACTORS, LIGHT, POSSESSIVE, UNIONS, WORD, word_key

_DIRECTIONS = {"from": "from", "to": "to", "into": "to", "towards": "to", "by": "by", "than": "than"}
_SUBJECT_BEHIND = frozenset("do does did has have had will can could".split())
_MARKS = {
    **dict.fromkeys("in at off near within inside".split(), "in"),
    **dict.fromkeys("of with for against over on about among between under".split(), "of"),
}
_SKIPPED = frozenset("the a an its their his her".split())
_PERSON = re.compile(r"(?:[^\W\d_]{4,}(?:er|or)s|[^\W\d_]{3,}(?:ees|ists|ants|ians))")
_NOBODY = frozenset(
    "numbers orders borders papers waters others letters powers centers winters shelters errors".split()
)


@dataclass(frozen=True)
class Actor:
    """Somebody or some place in a question.

    Attributes:
        word: its key.
        mark: what the word before it makes it: "from", "to", "by", "in", "of", "do" behind "did", "'s" for an owner,
            or "".
        compared: whether it stands behind "than".
    """

    word: str
    mark: str
    compared: bool = False


def actors_of(text: str, proper: frozenset[str]) -> tuple[Actor, ...]:
    """The names, persons and bodies of `text`, and what stands behind "from", "to", "by" and "than", in order."""
    words = WORD.findall(text)
    found = []
    for i, word in enumerate(words):
        bare = POSSESSIVE.sub("", word)
        k = word_key(bare)
        before = i - 1
        while before >= 0 and words[before] in _SKIPPED:
            before -= 1
        ahead = words[before] if before >= 0 else ""
        named = bare in proper or is_people(k) or k in UNIONS
        person = k in ACTORS or (_PERSON.fullmatch(bare) is not None and bare not in _NOBODY)
        if not (named or person or (ahead in _DIRECTIONS and k not in LIGHT)):
            continue
        mark = _DIRECTIONS.get(ahead) or _MARKS.get(ahead, "")
        if ahead in _SUBJECT_BEHIND and not _is_attribute(words, i):
            mark = "do"  # "did the minister": most likely who does it
        if bare in proper and i and _goes_on(words, i, proper):
            continue  # the second word of a name
        if not mark and word != bare:
            mark = "'s"
        elif not mark and (_is_attribute(words, i) or (named and before < i - 1 and not bare.endswith("s"))):
            mark = "of"
        found.append(Actor(k, mark, "than" in words[:i]))
    return tuple(found)


def _goes_on(words: Sequence[str], i: int, proper: frozenset[str]) -> bool:
    """Whether the word at `i` goes on with a name: "Abrego Garcia", "Border and Coast Guard Agency"."""
    if words[i - 1] in proper:
        return True
    return (
        i > 1 and words[i - 1] in ("and", "of", "on", "for") and words[i - 2] in proper and words[i - 2] not in UNIONS
    )


def _is_attribute(words: Sequence[str], i: int) -> bool:
    """Whether the word at `i` only says of what kind the next is: "court judges"."""
    following = word_key(words[i + 1]) if i + 1 < len(words) else ""
    return following in ACTORS


def same_parts(a: Sequence[Actor], b: Sequence[Actor], paired: Mapping[str, str]) -> bool:
    """Whether those named in both questions do the same in both."""
    renamed = [replace(actor, word=paired.get(actor.word, actor.word)) for actor in b]
    for one in a:
        for other in renamed:
            if one.word == other.word and {one.mark, other.mark} in ({"from", "to"}, {"from", "in"}):
                return False
    in_both = {actor.word for actor in a} & {actor.word for actor in renamed}
    if len(in_both) < 2:
        return True
    where, there = _placed(a, in_both), _placed(renamed, in_both)
    if where and there and not where & there:
        return False
    first, second = _doer(a, in_both), _doer(renamed, in_both)
    if first and second and first != second:
        return False
    return _compared(a) == _compared(renamed)


def _doer(actors: Sequence[Actor], among: set[str]) -> str:
    """Who of those `among` acts: the one behind "by", else behind "did", else the first with no preposition."""
    by = [actor.word for actor in actors if actor.mark == "by" and actor.word in among]
    free = [actor.word for actor in actors if actor.mark in ("", "'s") and actor.word in among]
    subject = [actor.word for actor in actors if actor.mark == "do" and actor.word in among]
    return (by or subject or free or [""])[0]


def _placed(actors: Sequence[Actor], among: set[str]) -> set[str]:
    """Where it happens, or from where to where it goes."""
    return {actor.word for actor in actors if actor.mark in ("in", "from", "to") and actor.word in among}


def _compared(actors: Sequence[Actor]) -> frozenset[str]:
    return frozenset(actor.word for actor in actors if actor.compared)
