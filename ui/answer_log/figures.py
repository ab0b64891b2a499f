"""What questions about the news are full of and names nobody: years, dates and figures."""

from __future__ import annotations

import re

_GROUP = re.compile(r"\d+")
_YEAR = re.compile(r"(?:1[6-9]|20|21)\d{2}")
_MARK = r"[ .,'’\u00a0\u2009\u202f]"
_THOUSANDS = re.compile(rf"[1-9]\d{{0,2}}(?:{_MARK}\d{{3}})+")
_FIGURE_SO_FAR = re.compile(rf"(?<!\d)[1-9]\d{{0,2}}(?:{_MARK}\d{{3}})*{_MARK}\Z")
_LONGEST = 32  # characters of a figure


def is_date(digits: str) -> bool:
    """Whether these are years, a day or a span of them: a year with groups of at most two digits, or years alone."""
    groups = _GROUP.findall(digits)
    years = [group for group in groups if _YEAR.fullmatch(group)]
    rest = [group for group in groups if not _YEAR.fullmatch(group)]
    short = len(groups) == 3 and all(len(group) <= 2 for group in groups)  # 04.03.97
    compact = len(groups) == 1 and len(groups[0]) == 8 and bool(_YEAR.match(groups[0]))
    return short or compact or (bool(years) and all(len(group) <= 2 for group in rest))


def is_figure(digits: str) -> bool:
    """Whether these are a count or a sum: digits in threes (1,234,567; 1 234 567), or rounded to thousands."""
    return bool(_THOUSANDS.fullmatch(digits)) or is_rounded(digits)


def in_figure(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is a figure, or the end of one that begins before: the zeros of 9 000 000 000."""
    before = _FIGURE_SO_FAR.search(text, max(0, start - _LONGEST), start)
    return is_figure(text[before.start() : end] if before else text[start:end])


def is_rounded(digits: str) -> bool:
    """Whether a number ends in 000, as counts do and few others."""
    return digits.endswith("000")
