"""Texts made comparable: case, punctuation, number formats and number words."""

from __future__ import annotations

import re
import unicodedata

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ABBREVIATED = {"k": "thousand", "m": "million", "mn": "million", "mln": "million", "bn": "billion", "b": "billion"}
_VALUES = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}

_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")
_SCALED = re.compile(r"\b(\d+(?:\.\d+)?)\s*(k|m|mn|mln|bn|b|thousand|million|billion)\b")
_PERCENT = re.compile(r"(?<=\d)\s*(?:%|per\s?cent\b|percent\b)")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")


def normalise_answer(text: str) -> str:
    """`text` as a row of words and plain numbers, one space apart.

    "Nearly 1.5 million", "nearly 1,500,000" and "nearly one and a half million" differ only in the last: halves
    and other fractions in words are left as they are.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = _PERCENT.sub(" percent ", _GROUPED.sub("", folded))
    folded = _SCALED.sub(_scale, folded)
    return " ".join(_numbers(_TOKEN.findall(folded)))


def contains(text: str, wanted: str) -> bool:
    """Whether `wanted` stands in `text` as whole words, both normalised; an empty `wanted` never does."""
    needle = normalise_answer(wanted)
    return bool(needle) and f" {needle} " in f" {normalise_answer(text)} "


def _scale(match: re.Match[str]) -> str:
    scale = _SCALES[_ABBREVIATED.get(match[2], match[2])]
    value = round(float(match[1]) * scale, 6)
    return str(int(value)) if value == int(value) else str(value)


def _numbers(tokens: list[str]) -> list[str]:
    """`tokens` with each run of number words replaced by its figure."""
    out: list[str] = []
    i = 0
    while i < len(tokens):
        value, used = _read_number(tokens[i:])
        out.append(str(value) if used else tokens[i])
        i += used or 1
    return out


def _read_number(tokens: list[str]) -> tuple[int, int]:
    """The number that `tokens` begin with, in words, and how many of them it takes; (0, 0) if there is none."""
    total, current, used = 0, 0, 0
    for i, token in enumerate(tokens):
        if token in _VALUES:
            value = _VALUES[token]
            joins = not used or current % 100 == 0 or (current % 100 >= 20 and current % 10 == 0 and value < 10)
            if not joins:
                break  # "two ten": two numbers
            current += value
        elif token in _SCALES and used:
            if _SCALES[token] == 100:
                current = max(current, 1) * 100
            else:
                total, current = total + max(current, 1) * _SCALES[token], 0
        elif token == "and" and used and current % 100 == 0 and i + 1 < len(tokens) and tokens[i + 1] in _VALUES:
            continue
        else:
            break
        used = i + 1
    return total + current, used
