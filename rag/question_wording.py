"""What a question is compared by: what it asks for, of what, when, and with which small words that turn it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rag.asked_time import AskedTime, asked_time, says_now
from rag.claims.names import is_people
from rag.folding import plain
from rag.names import in_full
from rag.question_actors import Actor, actors_of
from rag.question_words import (
    AMOUNTS,
    ASKING,
    COPULA,
    DENIALS,
    DENYING,
    KINDS,
    LIGHT,
    MODALS,
    PAST,
    PAYING,
    PHRASES,
    POLITE,
    PRESENT,
    UNIONS,
    tokens_of,
    word_key,
)
from rag.terms import stem
from rag.time_words import times_said

_OPEN = frozenset("it he she they them him her this that these those its their his hers one ones".split())
_BACK = frozenset("other others another else same such former latter".split())  # than what?
_LIKE_PRESENT = frozenset("come become run put cut set hit let shut cost quit spread beat".split())
_OWNERS = frozenset("its their his hers theirs".split())
# One word is enough for "what is X", and where words aren't set apart.
_ENOUGH = re.compile(
    r"^\W*(?:what|who) (?:is|are|does) (?:an? )?[\w.-]+(?: mean)?\W*$|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{4}"
)
_COUNTED = re.compile(r"\bhow (?:many|much)((?: [\w'.-]+){1,2})")
_GOES_ON = re.compile(r"^\W*(?:and|but|or|also|then|what about|how about)\b")
_OF_THE_PRESENT = ("can", "must", "should", "will")
_CITIZENS = (
    re.compile(r"\b(?:citizens|nationals) of (?:the )?(?P<country>[\w.]+)"),
    re.compile(r"\b(?P<country>[\w.]+) (?:citizens|nationals)\b"),
)
_DONE = re.compile(r"\b(?:work|works|working|done|conducted)\W*$")  # "how does it work", "how is it done"


@dataclass(frozen=True)
class Wording:
    """What a question is compared by.

    Attributes:
        kind: what it asks for: "when", "quantity", "whether" …; "" when nothing says it.
        mode: "can", "must", "should", "would", "will" or "".
        tense: "past", "present" or "" where nothing tells.
        denials: what denies, sorted.
        words: keys of all else that it says.
        actors: who and where, in order.
        when: the time asked about.
        now: whether its words mean the day on which it is asked.
        counted: keys of what is to be counted, "Kigali flights" in "how many Kigali flights have left".
        order: keys of all its words as they stand.
        whole: whether it can be understood without a conversation.
    """

    kind: str
    mode: str
    tense: str
    denials: tuple[str, ...]
    words: frozenset[str]
    actors: tuple[Actor, ...]
    when: AskedTime
    now: bool
    counted: frozenset[str]
    order: tuple[str, ...]
    whole: bool


@lru_cache(maxsize=20_000)
def wording(question: str, day: date) -> Wording:
    """What `question`, asked on `day`, is compared by."""
    when = asked_time(question, day)
    text = _without_times(question, day)
    text = re.sub(r"\bUS\b", "u.s.", plain(in_full(text)))
    proper = _proper(text)
    text = POLITE.sub(" ", f"{text.lower()} ").strip()
    for pattern, replacement in PHRASES:
        text = pattern.sub(replacement, text)
    for pattern in _CITIZENS:
        text = pattern.sub(_country_alone, text)
    full, counted = text, _counted(text)
    order = tuple(word_key(token) for token in tokens_of(text))
    begins_open = _GOES_ON.match(text) is not None
    kind, rest = _kind(text)
    tense = _tense(rest if kind == "why" else text)
    text = rest
    actors = actors_of(text, proper)
    mode, text = _mode(text, kind)
    denials, text = _denials(text)
    tokens = tokens_of(text)
    words = frozenset(
        word for word in (word_key(token) for token in tokens if token not in _OPEN) if word not in LIGHT
    )
    return Wording(
        kind=kind,
        mode=mode,
        tense=tense or ("present" if mode in _OF_THE_PRESENT else ""),
        denials=denials,
        words=words,
        actors=actors,
        when=when,
        now=says_now(question) or re.search(r"\b(?:to date|up to now)\b", question.lower()) is not None,
        order=order,
        counted=counted,
        whole=not begins_open and _is_whole(text, words) and (len(words) > 1 or _ENOUGH.search(full) is not None),
    )


def _without_times(question: str, day: date) -> str:
    for said in reversed(times_said(question, day)[0]):
        question = f"{question[: said.start]} {question[said.end :]}"
    return question


def _country_alone(match: re.Match[str]) -> str:
    """ "Serbs" for "Serbian citizens" and "citizens of Serbia"; other citizens stay."""
    country = match["country"]
    return f" {country} " if is_people(word_key(country)) or country in UNIONS else match.group()


def _proper(text: str) -> frozenset[str]:
    """The lower-case words of `text` that have a capital inside a sentence."""
    if text.isupper():
        return frozenset()
    return frozenset(match.group().lower() for match in re.finditer(r"(?<=[\w,'’)] )[A-Z][^\W\d_]+", text))


def _tense(text: str) -> str:
    text = MODALS[0][1].sub("must", text)
    past, present = PAST.search(text), PRESENT.search(text)
    for have in re.finditer(r"\b(?:has|have)\b((?: [\w.]+){1,4})", text):
        if any(_is_participle(word) for word in have.group(1).split()):
            past = min((m for m in (past, have) if m), key=re.Match.start)
        else:
            present = min((m for m in (present, have) if m), key=re.Match.start)
    if past and (not present or past.start() < present.start()):
        return "past"
    return "present" if present else ""


def _is_participle(word: str) -> bool:
    return word.endswith(("ed", "en")) or word_key(word) != stem(word) or word in _LIKE_PRESENT


def _kind(text: str) -> tuple[str, str]:
    """What the question asks for, and the rest of it."""
    kind, rest = "", text
    plain_question = KINDS[-1][1].search(text) is not None and not ASKING.search(text)
    for name, pattern in KINDS:
        match = pattern.search(text)
        if match and (name == "whether" or not plain_question):
            kind = name
            rest = text if kind == "whether" else f"{text[: match.start()]} {text[match.end() :]}"
            break
    if kind == "how":
        rest = _DONE.sub(" ", rest)
    if kind in ("what", ""):
        amount = COPULA.search(text) and any(word_key(word) in AMOUNTS for word in tokens_of(rest))
        kind = "quantity" if amount or PAYING.search(text) else kind
    return kind, rest


def _counted(text: str) -> frozenset[str]:
    """The words behind "how many", up to the next function word."""
    match = _COUNTED.search(text)
    found = []
    for token in tokens_of(match.group(1)) if match else ():
        if word_key(token) in LIGHT:
            break
        found.append(word_key(token))
    return frozenset(found)


def _mode(text: str, kind: str) -> tuple[str, str]:
    if kind == "age limit":
        return "", re.sub(r"\b(?:must|have to|need to|can|may)\b", " ", text)
    found = ""
    for mode, pattern in MODALS:
        if pattern.search(text):
            found = found or mode
            text = pattern.sub(" ", text)
    return found, text


def _denials(text: str) -> tuple[tuple[str, ...], str]:
    found = ["not"] * len(DENYING.findall(text))
    text = DENYING.sub(" ", text)
    found += [DENIALS[word] for word in tokens_of(text) if word in DENIALS]
    return tuple(sorted(found)), text


def _is_whole(text: str, words: frozenset[str]) -> bool:
    """Whether the question says what it is about: something at all, and before any word that points back."""
    if not words:
        return False
    said = 0
    tokens = tokens_of(text)
    for before, token in zip(["", *tokens], tokens, strict=False):
        relative = token == "that" and before and word_key(before) not in LIGHT
        if token in _OPEN | _BACK and not relative and said < (1 if token in _OWNERS else 2):
            return False
        said += token not in _OPEN and word_key(token) not in LIGHT
    return True
