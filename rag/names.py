"""Names that mean the same thing: "ICE" and "Immigration and Customs Enforcement", "Remain in Mexico" and "MPP"."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.folding import fold_words, plain
from rag.terms import stem

TABLE = Path(__file__).parent / "names.toml"

_TOKEN = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\b\.?|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
_SHORT = 4  # letters up to which an "s" may be part of an abbreviation ("CEAS") and not make a plural
_SPELLINGS = {"programme": "program", "labour": "labor", "centre": "center", "children": "child"}


@dataclass(frozen=True)
class Name:
    """What one thing is called.

    Attributes:
        forms: all its names; the first is spelled out in full.
        country: whose it is: an ISO 3166 code, "EU", or "INT".
        source: publisher, title and address of a page that names it so.
        case: whether its one-word forms need their capitals ("ICE").
    """

    forms: tuple[str, ...]
    country: str
    source: str
    case: bool = False


@dataclass(frozen=True)
class _Token:
    """A word or figure of a text: what it is compared by, how it is written, and where it stands."""

    key: str
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class _Occurrence:
    name: Name
    form: str
    start: int
    end: int


@dataclass(frozen=True)
class _Table:
    """Names by the keys of a form's tokens; and by a form's first key how many tokens there may be, most first."""

    forms: dict[tuple[str, ...], tuple[Name, str]]
    lengths: dict[str, tuple[int, ...]]


def named(text: str) -> tuple[Name, ...]:
    """The names that occur in `text`, in order, each once; where several overlap, the first and longest.

    Hyphens, accents, capitals, plurals, possessives and the dots of abbreviations make no difference ("h1bs",
    "U.S.C.I.S.", "Dreamer's"), except that a form that is also an ordinary word needs its capitals.
    """
    return tuple(dict.fromkeys(occurrence.name for occurrence in _occurrences(text)))


def alternatives(text: str) -> tuple[str, ...]:
    """The other forms of the names in `text`, those that add a word to it."""
    present = {stem(word) for word in fold_words(text)}
    return tuple(form for name in named(text) for form in name.forms if not _stems(form) <= present)


def spelled_out(text: str) -> str:
    """`text` with the full form of each name in parentheses behind its first short one.

    An embedding model knows "Special Immigrant Juvenile Status" by its words; of "SIJS" it knows little.
    """
    text = unicodedata.normalize("NFC", text)
    found = list(_occurrences(text))
    given = {occurrence.name for occurrence in found if occurrence.form == occurrence.name.forms[0]}
    parts, last = [], 0
    for occurrence in found:
        if occurrence.name not in given:
            given.add(occurrence.name)
            parts.append(f"{text[last : occurrence.end]} ({occurrence.name.forms[0]})")
            last = occurrence.end
    return "".join([*parts, text[last:]])


def in_full(text: str) -> str:
    """`text` with the full form of each name in its place: two texts that name the same then have the same words."""
    text = unicodedata.normalize("NFC", text)
    parts, last = [], 0
    for occurrence in _occurrences(text):
        parts += [text[last : occurrence.start], occurrence.name.forms[0]]
        last = occurrence.end
    return "".join([*parts, text[last:]])


def _occurrences(text: str) -> Iterator[_Occurrence]:
    text = unicodedata.normalize("NFC", text)
    table, tokens = _table(), _tokens(text)
    at = 0
    while at < len(tokens):
        for length in table.lengths.get(tokens[at].key, ()):
            stretch = tokens[at : at + length]
            entry = table.forms.get(tuple(token.key for token in stretch))
            if entry and _fits(*entry, stretch[0].word):
                end = stretch[-1].end
                closed = entry[1].endswith(")") and text.startswith(")", end)
                yield _Occurrence(*entry, stretch[0].start, end + closed)
                at += length
                break
        else:
            at += 1


def _fits(name: Name, form: str, word: str) -> bool:
    """Whether `word`, which `form` was found at, has the capitals that it needs."""
    return not name.case or " " in form or word.startswith((form, form.upper()))


def _tokens(text: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(text):
        word = plain(match.group()).replace(".", "").removesuffix("'s")
        after_figure = text[match.start() - 1 : match.start()].isdigit()
        if word.endswith("s") and (word[:-1].isupper() or after_figure):
            word = word[:-1]  # "PRs", "h1bs"
        tokens.append(_Token(_key(word), word, match.start(), match.end()))
    return tokens


@lru_cache(maxsize=10_000)
def _key(word: str) -> str:
    """`word` in small letters, singular and in American spelling, as far as names need it."""
    key = word.lower().replace("isation", "ization")
    key = _SPELLINGS.get(key, key)
    if len(key) <= _SHORT or key.endswith(("ss", "us", "is")):
        return key
    return key[:-3] + "y" if key.endswith("ies") else key.removesuffix("s")


@lru_cache(maxsize=1)
def _table() -> _Table:
    forms: dict[tuple[str, ...], tuple[Name, str]] = {}
    for entry in tomllib.loads(TABLE.read_text(encoding="utf-8"))["name"]:
        name = Name(**{**entry, "forms": tuple(entry["forms"])})
        for form in name.forms:
            *head, last = (token.key for token in _tokens(form))
            for ending in {last, last + "s"} if len(last) < _SHORT else {last}:
                forms[(*head, ending)] = (name, form)
    lengths: dict[str, set[int]] = {}
    for keys in forms:
        lengths.setdefault(keys[0], set()).add(len(keys))
    return _Table(forms, {first: tuple(sorted(some, reverse=True)) for first, some in lengths.items()})


@lru_cache(maxsize=5_000)
def _stems(form: str) -> frozenset[str]:
    return frozenset(stem(word) for word in fold_words(form))
