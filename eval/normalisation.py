"""Texts made comparable: case, punctuation, number formats and number words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
_SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "billion": 10**9,
    "bn": 10**9,
}
_GLUED = {"k": "thousand", "m": "million", "b": "billion"}  # "5 m" with a space may be metres

_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ABBREVIATED = re.compile(r"(?<=\d)[kmb]\b")
_PERCENT = re.compile(r"%|(?<![^\W\d_])per\s*cent\b")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")


def normalise_answer(text: str) -> str:
    """`text` as a row of words and plain numbers, one space apart; doing it again changes nothing.

    "Nearly 1.5 million", "nearly 1,500,000" and "nearly one and a half million" differ only in the last: halves
    and other fractions in words are left as they are.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = _PERCENT.sub(" percent ", _GROUPED.sub("", folded))
    folded = _ABBREVIATED.sub(lambda match: f" {_GLUED[match[0]]}", folded)
    return " ".join(_numbers(_TOKEN.findall(folded)))


def contains(text: str, wanted: str) -> bool:
    """Whether `wanted` stands in `text` as whole words, both normalised; an empty `wanted` never does."""
    needle = normalise_answer(wanted)
    return bool(needle) and f" {needle} " in f" {normalise_answer(text)} "


def _numbers(tokens: Sequence[str]) -> list[str]:
    """`tokens` with each number, in figures or words and with its scale, replaced by its figure."""
    out: list[str] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        value, used = (Decimal(token), 1) if token[0].isdecimal() else _read_words(tokens[i:])
        figure = str(value) if used and not token[0].isdecimal() else token
        i += used or 1
        while used and i < len(tokens) and tokens[i] in _SCALES:
            value *= _SCALES[tokens[i]]
            figure = f"{value.normalize():f}"
            i += 1
        out.append(figure)
    return out


def _read_words(tokens: Sequence[str]) -> tuple[Decimal, int]:
    """The number that `tokens` begin with, in words, and how many of them it takes; (0, 0) if there is none."""
    total, used, last = 0, 0, 0
    while True:
        start = used + (used > 0 and tokens[used : used + 1] == ["and"])
        value, taken = _below_thousand(tokens[start:])
        behind = tokens[start + taken : start + taken + 1]
        scale = _SCALES.get(behind[0], 1) if behind else 1
        if not taken or (used and max(value, scale) >= last):
            break  # "one thousand and two thousand": two numbers
        total, used, last = total + value * scale, start + taken + (scale > 1), scale
        if scale == 1:
            break
    return Decimal(total), used


def _below_thousand(tokens: Sequence[str]) -> tuple[int, int]:
    value, used = _below_hundred(tokens)
    if not used or tokens[used : used + 1] != ["hundred"]:
        return value, used
    value, used = value * 100, used + 1
    start = used + (tokens[used : used + 1] == ["and"])
    rest, taken = _below_hundred(tokens[start:])
    if taken and tokens[start + taken : start + taken + 1] != ["hundred"]:  # else "one hundred and two hundred"
        value, used = value + rest, start + taken
    return value, used


def _below_hundred(tokens: Sequence[str]) -> tuple[int, int]:
    first, second = (_VALUES.get(token, -1) for token in [*tokens[:2], "", ""][:2])
    if first >= 20 and 0 < second < 10:
        return first + second, 2
    return (first, 1) if first >= 0 else (0, 0)
