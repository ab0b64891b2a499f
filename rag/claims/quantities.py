"""Numbers in a sentence: value, hedge, unit and what is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rag.claims.neighbours import word_at
from rag.claims.quantity import Quantity
from rag.claims.ranges import joined
from rag.claims.tokens import Token, tokens
from rag.claims.units import (
    CURRENCIES,
    DOLLARS,
    HEDGES,
    MAGNITUDES,
    MEASURES,
    MULTIPLES,
    ORDINALS,
    PARTS,
    SMALL,
    SYMBOLS,
    TENS,
    TIME_UNITS,
    UNITS,
    VAGUE,
    Hedge,
)

_SPAN_LEADS = frozenset({"within", "after", "in", "for"})
_MOST_FIGURES = 20  # what is longer is a serial number
_LONGEST_HEDGE = 4
_MOVES = frozenset("went go goes gone going rose rise risen rises climbed moved grew shot jumped".split())
_BEHIND = {"or more": Hedge.OVER, "or so": Hedge.ABOUT, "or less": Hedge.UNDER, "or fewer": Hedge.UNDER}
_SHARE_OF = re.compile(r"\b(?P<n>[\w,.]+) (?:(?:[^\W\d]+ ){0,2}in|out of|of every) (?:every )?(?P<of>[\w,.]+)\b")
_EVERY = frozenset({"every", "each"})
_CLOCK = re.compile(r"\s?(?:[ap]\.?m\b\.?|o['’]clock)|[:.]\d\d\s?(?:[ap]\.?m\b\.?)?", re.I)
_AGED = re.compile(r"[- ]years?[- ]olds?\b|-year-olds?\b")
_DIGITS = re.compile(r"\d")
# A figure behind these is a name: "Title 42", "subclass 851", "No. 5".
_LABELS = frozenset(
    "title section article subclass no nos number route chapter directive regulation form page line flight case "
    "order proposition covid part protocol schedule clause paragraph".split()
)
_NOT_ORDINAL = frozenset({"country", "countries", "nation", "nations", "party", "parties"})
_NOUNS = 4  # words behind a number among which the counted thing stands
_ENDS_NOUNS = frozenset(
    "in on at to from for with by than and or but who which that while when after before until since during is are "
    "was were has have had will would may can could did as because if within into over under between against "
    "about per a an the this each every it them".split()
)
_NO_NOUNS = frozenset({"of", "the", "cent", "old", "per", *MAGNITUDES})
_PER = frozenset({"a", "an", "per", "every", "each"})
_OF_A_MILLION = [["of", "a", magnitude] for magnitude in ("million", "billion")]  # behind "three quarters"
_PER_JOINS = _PER | {"and", "for"}


@lru_cache(maxsize=20_000)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of `text` that are no part of a date or a name, in order."""
    every = tokens(text)
    found: list[Quantity] = []
    i = 0
    while i < len(every):
        read = _read(text, every, i)
        if read is None:
            i += 1
            continue
        quantity, i = read
        found.append(quantity)
    return tuple(joined(text, found))


def _read(text: str, every: Sequence[Token], i: int) -> tuple[Quantity, int] | None:
    """The quantity that begins at token `i`, and the token behind it."""
    for reader in (_times, _share, _ordinal, _number):
        if read := reader(text, every, i):
            return read
    return None


def _times(text: str, every: Sequence[Token], i: int) -> tuple[Quantity, int] | None:
    """ "twice", "doubled", "half as much", "three times"."""
    word, after = every[i].word, word_at(every, i + 1)
    if word in MULTIPLES:
        return _quantity(text, every, i, i + 1, MULTIPLES[word], 1.0, "times"), i + 1
    if word == "half" and after == "as":
        return _quantity(text, every, i, i + 1, 0.5, 0.1, "times"), i + 1
    n = SMALL.get(word)
    if n is None and word.isdigit():
        n = int(word)
    if n and after == "times" and (word_at(every, i + 2) in ("as", "more", "the", "higher", "larger") or n > 1):
        return _quantity(text, every, i, i + 2, float(n), 1.0, "times"), i + 2
    return None


def _share(text: str, every: Sequence[Token], i: int) -> tuple[Quantity, int] | None:
    """ "a third", "two thirds", "half", "one in five", "every sixth"."""
    word = every[i].word
    if word in _EVERY and ORDINALS.get(word_at(every, i + 1), 1) > 1:
        return _quantity(text, every, i, i + 2, 100 / ORDINALS[every[i + 1].word], 1.0, "%"), i + 2
    if word == "half":
        j = i + 1
        if word_at(every, j) in ("a", "an") and word_at(every, j + 1) in MAGNITUDES:
            value = MAGNITUDES[every[j + 1].word] / 2
            return _quantity(text, every, i, j + 2, value, value / 5, ""), j + 2
        if word_at(every, j) in ("a", "an"):
            return None
        return _quantity(text, every, i, j, 50.0, 5.0, "%"), j
    count: float | None = 1.0 if word in ("a", "an") else float(SMALL.get(word, 0)) or None
    part = word_at(every, i + 1)
    if count and part in PARTS and [word_at(every, i + k) for k in (2, 3, 4)] in _OF_A_MILLION:
        factor = MAGNITUDES[every[i + 4].word] / PARTS[part]
        return _quantity(text, every, i, i + 5, count * factor, factor / 5, ""), i + 5
    if count and part in PARTS and word_at(every, i + 2) not in _NOT_ORDINAL:
        return _quantity(text, every, i, i + 2, 100 * count / PARTS[part], 1.0, "%"), i + 2
    count = _plain(word)
    match = _SHARE_OF.match(text, every[i].start) if count else None
    if match and count and "," not in text[match.start() : match.end()].replace(match["n"], ""):
        whole = _plain(match["of"].lower())
        if whole and whole > count and (match["of"].isdigit() or whole >= 2):
            j = next(k for k in range(i, len(every)) if every[k].end >= match.end())
            of_count = "out of" in match.group() or " in " in match.group() or "of every" in match.group()
            if of_count and whole <= 20:
                value = 100 * count / whole
                return _quantity(text, every, i, j + 1, value, 1.0, "%"), j + 1
    return None


def _ordinal(text: str, every: Sequence[Token], i: int) -> tuple[Quantity, int] | None:
    word = every[i].word
    if word not in ORDINALS or (not every[i].content and word not in ORDINALS):
        return None
    if (
        word_at(every, i + 1) in _NOT_ORDINAL
        or _of_a_year(every, i + 1)
        or (word == "second" and i + 1 == len(every))
    ):
        return None
    return _quantity(text, every, i, i + 1, float(ORDINALS[word]), 1.0, "ordinal"), i + 1


def _number(text: str, every: Sequence[Token], i: int) -> tuple[Quantity, int] | None:
    token = every[i]
    if token.word == "fortnight":
        return _quantity(text, every, i, i + 1, 2.0, 1.0, "week"), i + 1
    if token.word in VAGUE:
        value = VAGUE[token.word]
        vague = _quantity(text, every, i, i + 1, value, value, "")
        return replace(vague, hedge=Hedge.ABOUT, high=value * 40), i + 1
    if _DIGITS.match(token.word):
        return _digits(text, every, i)
    lead = word_at(every, i - 1) if i else ""
    if token.word in ("a", "an") and lead in _SPAN_LEADS and MEASURES.get(word_at(every, i + 1)) in TIME_UNITS:
        return _quantity(text, every, i, i + 1, 1.0, 1.0, MEASURES[word_at(every, i + 1)]), i + 1
    if token.word in ("a", "an") and word_at(every, i + 1) in ("dozen", "hundred", "thousand", "million", "billion"):
        value, step, j = _with_magnitude(every, i + 1, 1.0, 1.0)
        return _quantity(text, every, i, j, value, step, _measure(every, j)), j
    if token.word not in SMALL or (token.word == "one" and not _counts_one(every, i)):
        return None
    value, j = float(SMALL[token.word]), i + 1
    if token.word in TENS and 0 < UNITS.get(word_at(every, j), 0) < 10 and every[j].gap in ("-", " "):
        value, j = value + UNITS[every[j].word], j + 1
    value, step, j = _with_magnitude(every, j, value, 1.0)
    return _quantity(text, every, i, j, value, step, _measure(every, j)), j


def _digits(text: str, every: Sequence[Token], i: int) -> tuple[Quantity, int] | None:
    token = every[i]
    value = _plain(token.word) if len(token.word) <= _MOST_FIGURES else None
    before = every[i - 1] if i else None
    if value is None or (
        before and before.word in _LABELS and not _DIGITS.search(token.gap) and "," not in token.gap
    ):
        return None
    if text[token.end : token.end + 1].isalpha() and word_at(every, i + 1) not in MAGNITUDES:
        return None  # "12th" or "5G"
    if token.gap == "-" and before and before.capital and not _DIGITS.match(before.word):
        return None  # "H-1", "COVID-19"
    if "." in token.word and _CLOCK.match(text, token.end):
        value = int(token.word.split(".")[0]) + float(token.word.split(".")[1]) / 60  # "9.30 a.m."
    if clock := _CLOCK.match(text, token.end):
        hours = value % 12 + (12 if "p" in clock.group().lower() else 0) if "m" in clock.group().lower() else value
        minutes = re.match(r"[:.](\d\d)", clock.group())
        if minutes and not float(minutes[1]) < 60:
            return None
        j = i + 1
        while j < len(every) and every[j].start < clock.end():
            j += 1
        exact = hours + (int(minutes[1]) / 60 if minutes else 0)
        return _quantity(text, every, i, j, exact, 1.0, "clock"), j
    digits = token.word.replace(",", "")
    decimals = len(digits.split(".")[1]) if "." in digits else 0
    zeros = len(digits) - len(digits.rstrip("0")) if not decimals else 0
    step = 10.0**-decimals if decimals else 10.0 ** min(zeros, len(digits) - 1)
    value, step, j = _with_magnitude(every, i + 1, value, step)
    return _quantity(text, every, i, j, value, step, _symbol(every, i) or _measure(every, j)), j


def _with_magnitude(every: Sequence[Token], j: int, value: float, step: float) -> tuple[float, float, int]:
    """Value and step with the magnitude words at `j` and what is added to them ("two hundred and five")."""
    while word_at(every, j) in MAGNITUDES and not (len(every[j].word) == 1 and every[j].gap):
        factor = MAGNITUDES[every[j].word]
        value, step, j = value * factor, step * factor, j + 1
        added = j + (word_at(every, j) == "and")
        if factor >= 100 and word_at(every, added) in SMALL and added > j:
            value, step, j = value + SMALL[every[added].word], 1.0, added + 1
    return value, step, j


def _quantity(text: str, every: Sequence[Token], i: int, j: int, value: float, step: float, unit: str) -> Quantity:
    """The quantity at tokens `i` to `j`, with hedge, nouns and role from the words around."""
    end = every[j - 1].end
    if text[end : end + 1] == "%":
        unit, end = "%", end + 1
    if _AGED.match(text, end):
        unit = "age"
    hedge, first = _hedge(every, i)
    hedge = _BEHIND.get(f"{word_at(every, j)} {word_at(every, j + 1)}", hedge)
    behind = word_at(every, first - 1) if first else ""
    if hedge is Hedge.OVER and every[i - 1].word == "over" and unit in TIME_UNITS:
        hedge = Hedge.EXACT  # "over five years" is how long, not at least
    start = every[i].start - bool(_symbol(every, i))
    return Quantity(
        value=value,
        high=value,
        step=step,
        hedge=hedge,
        unit=unit,
        nouns=_nouns(every, j),
        role=behind if behind in ("from", "to") else "",
        per=_per(every, j),
        start=every[first].start if first < i else start,
        end=end,
        text=text[start:end],
    )


def _hedge(every: Sequence[Token], i: int) -> tuple[Hedge, int]:
    """The hedge before token `i`, and the token at which it begins."""
    for length in range(min(_LONGEST_HEDGE, i), 0, -1):
        phrase = " ".join(token.word for token in every[i - length : i])
        for hedge, phrases in HEDGES:
            if phrase in phrases and not (phrase == "up to" and word_at(every, i - length - 1) in _MOVES):
                return hedge, i - length
    return Hedge.EXACT, i


def _nouns(every: Sequence[Token], j: int) -> tuple[str, ...]:
    found: list[str] = []
    for token in every[j : j + _NOUNS + 2]:
        apart = token.gap.strip(" -'’\"“”%") or token.word[0].isdigit()
        if apart or len(found) == _NOUNS or (token.word in _ENDS_NOUNS and (found or token.word != "the")):
            break
        if token.word not in _NO_NOUNS and token.word not in MEASURES and token.word not in CURRENCIES:
            found.append(token.key)
    return tuple(found)


def _per(every: Sequence[Token], j: int) -> frozenset[str]:
    """ "month" for "1.19 million won a month", "person" and "night" for "21 euros per person and night"."""
    found: set[str] = set()
    for k in range(j, min(j + 7, len(every) - 1)):
        token, after = every[k], every[k + 1]
        if token.gap.strip(" -%") or (token.word in _ENDS_NOUNS and token.word not in _PER_JOINS):
            break
        joins = token.word == "and" and bool(found)
        counted = token.word in ("per", "every", "each") or joins or every[k - 1].word in CURRENCIES
        if (token.word in _PER or joins) and after.gap == " " and after.word != "cent":
            if after.word in ("further", "additional", "extra", "single", "day's") and k + 2 < len(every):
                after = every[k + 2]
            measure = "day" if after.word == "night" else MEASURES.get(after.word, "")
            if measure or counted:
                found.add(measure or after.key)
    return frozenset(found)


def _measure(every: Sequence[Token], j: int) -> str:
    """The unit that the words behind a number give it; "" for a count."""
    word = word_at(every, j)
    if word == "per" and word_at(every, j + 1) == "cent":
        return "%"
    for k in (j, j + 1):  # "10 more days", "100 Kuwaiti dinars"
        word = word_at(every, k)
        if word in CURRENCIES:
            return CURRENCIES[word]
        if word in MEASURES and (k == j or every[j].word in ("more", "full", "further", "working", "other", "extra")):
            return MEASURES[word]
    return ""


def _symbol(every: Sequence[Token], i: int) -> str:
    """The currency whose sign stands before token `i`; "" for none."""
    gap = every[i].gap.rstrip()
    if gap[-1:] not in SYMBOLS:
        return ""
    return DOLLARS.get(word_at(every, i - 1), "USD") if gap == "$" else SYMBOLS[gap[-1]]


def _plain(word: str) -> float | None:
    if word in SMALL:
        return float(SMALL[word])
    try:
        return float(word.replace(",", ""))
    except ValueError:
        return None


def _counts_one(every: Sequence[Token], i: int) -> bool:
    """Whether "one" at token `i` is a number: "one hundred", "one of 15", but not "no one" or "the first one"."""
    after = word_at(every, i + 1)
    return after in MAGNITUDES or after in MEASURES or (word_at(every, i - 1) == "to" if i else False)


def _of_a_year(every: Sequence[Token], i: int) -> bool:
    """Whether the ordinal or part before token `i` is a time of the year: "first quarter", "first three months"."""
    words = [word_at(every, k) for k in range(i, i + 3)]
    return (
        (words[0] in ("quarter", "half") and words[1] in ("of", "")) or "months" in words[:2] or words[1] == "months"
    )
