"""One form for all spellings of a word or a number: what the lexical index holds, and what it is asked for."""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache

# What Unicode doesn't decompose; dashes that join words as a hyphen does ("—" doesn't); what can't be seen.
_SPELT = {
    **{"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "AE", "œ": "oe"},
    **{"Œ": "OE", "ß": "ss", "ẞ": "SS"},
    **dict.fromkeys("‐‑‒–−", "-"),
    **dict.fromkeys("’‘ʼ", "'"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
}

_UNITS = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_CARDINALS = (
    {word: value for value, word in enumerate((*_UNITS, *_TEENS), start=1)}
    | {word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
    | {f"{ten}-{one}": 10 * i + j for i, ten in enumerate(_TENS, start=2) for j, one in enumerate(_UNITS, start=1)}
)
_ZEROS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SUFFIXES = {"k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "tn": 12}
_COUNTRY = frozenset(("usa", "u.s", "u.s.", "u.s.a", "u.s.a."))
_LONGEST_SPAN = 10  # years; "2022-05" is a month

_LETTER = r"[^\W0-9_]"
_CHUNK = re.compile(
    rf"(?:{_LETTER}\.)+{_LETTER}\b\.?"  # U.S., u.s.c.i.s.
    r"|(?:19|20)[0-9]{2}[-/][0-9]{2}\b(?![-/])"  # 2022-23
    r"|(?:[0-9]{1,3}(?:(?:,[0-9]{2,3})*,[0-9]{3}|(?: [0-9]{3})+)(?![0-9])|[0-9]+)"  # 50,000; 1,00,000; 50 000; 50
    rf"(?:\.[0-9]+)?(?:(?i:{'|'.join(_SUFFIXES)}|s|st|nd|rd|th)\b)?"  # 1.5m, 1990s, 14th
    r"|%|(?i:per cent|half an?)\b|(?i:the) us\b"
    rf"|{_LETTER}-?[0-9]+-?{_LETTER}?(?![^\W_])"  # H-1B, also in "H-1B-dependent"
    rf"|[^\W_]+(?:['-](?!{_LETTER}\.{_LETTER})[^\W_]+)*"
)


class _Plain(dict[int, str]):
    """A table for `str.translate`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        parts = letter if letter in _SPELT else unicodedata.normalize("NFKD", letter)
        self[code] = "".join(_SPELT.get(part, part) for part in parts if not unicodedata.combining(part))
        return self[code]


_PLAIN = _Plain()


def plain(text: str) -> str:
    """`text` without accents and invisible characters, with hyphens and apostrophes as they are typed."""
    return text.translate(_PLAIN)


def fold_words(text: str) -> list[str]:
    """The words and figures of `text`, in order, such that the spellings of one have a token in common.

    Tokens are lower-case and of letters, figures, "." (in "u.s." and decimal fractions) and "'"; stop words are kept.

    - A hyphenated word comes joined and in parts ("re-entry": reentry, re, entry), one of single letters and figures
      only joined ("H-1B", "h1-b": h1b), an abbreviation without its dots.
    - A number from ten on, or with a word such as "million", comes in figures, too ("50,000", "50 000" and "fifty
      thousand": 50000; "1.5m" and "1.5 million": 1500000), a span of years as both ("2022-23": 2022, 2023).
    - "US", "U.S.", "USA" and "the us" are u.s.; "%" and "per cent" are percent.
    """
    tokens: list[str] = []
    amount = ""  # in figures, of what stands right before
    for chunk in _CHUNK.findall(plain(text)):
        forms, figure = _forms(chunk)
        tokens += forms
        if amount and forms[-1] in _ZEROS:
            amount = _times(amount, _ZEROS[forms[-1]])
            tokens.append(amount)
        else:
            amount = figure
    return tokens


@lru_cache(maxsize=50_000)
def _forms(chunk: str) -> tuple[tuple[str, ...], str]:
    """The tokens of one match of `_CHUNK`, and the figure that "million" behind it would multiply, or ""."""
    word = chunk.lower()
    if chunk == "US" or word in _COUNTRY:
        return ("u.s.",), ""
    if word == "the us":
        return ("the", "u.s."), ""
    if word in ("%", "per cent"):
        return ("percent",), ""
    if word in ("a", "an"):
        return (word,), "1"
    if word.startswith("half a"):
        return tuple(word.split()), "0.5"
    if word in _CARDINALS:
        value = str(_CARDINALS[word])
        # Small figures mostly number things ("season 2") where small words count them.
        return ((value,) if len(value) > 1 else ()) + tuple(word.split("-")), value
    if word[0] in string.digits:
        return _figures(word)
    if "-" in word:
        return _compound(word.split("-")), ""
    return (word.replace(".", ""),), ""


def _figures(word: str) -> tuple[tuple[str, ...], str]:
    if "-" in word or "/" in word:
        first, last = word[:4], word[5:]
        span = (int(last) - int(first[2:])) % 100
        return (first, str(int(first) + span) if span <= _LONGEST_SPAN else last), ""
    digits = word.rstrip(string.ascii_lowercase)
    figure, suffix = digits.replace(",", "").replace(" ", ""), word[len(digits) :]
    if suffix in _SUFFIXES:
        return (_times(figure, _SUFFIXES[suffix]), figure), ""
    return (figure,), "" if suffix else figure


def _compound(parts: list[str]) -> tuple[str, ...]:
    joined = "".join(parts)
    if not any(len(part) > 1 and part.isalpha() for part in parts):
        return (joined,)
    return (joined, *("u.s." if part == "us" else part for part in parts))


def _times(figure: str, zeros: int) -> str:
    """`figure` times ten to the power of `zeros`, exactly."""
    whole, _, fraction = figure.partition(".")
    digits = (whole + fraction[:zeros].ljust(zeros, "0")).lstrip("0") or "0"
    rest = fraction[zeros:]
    return f"{digits}.{rest}" if rest else digits
