"""The interface's languages: one catalogue of strings each, dates and numbers as their readers write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import TIMEDELTA_UNITS, format_date, format_skeleton, format_timedelta
from babel.numbers import format_decimal

from corpus.dates import elapsed

LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "zh-Hans": "简体中文"}
"""Codes (BCP 47) and what the speakers call them; the first is the default."""
DEFAULT = next(iter(LANGUAGES))
_SECONDS = dict(TIMEDELTA_UNITS)  # in each unit, as Babel counts
_STRINGS = Path(__file__).parent / "strings"


@dataclass(frozen=True)
class Language:
    """A language of the interface.

    Attributes:
        code: BCP 47, as in `lang` attributes.
        strings: the catalogue; a string that depends on a number has one entry for each plural form of the
            language, `articles.one` and `articles.other`.
    """

    code: str
    strings: Mapping[str, str]

    @property
    def locale(self) -> Locale:
        """Babel's locale."""
        return Locale.parse(self.code, sep="-")

    def text(self, key: str, **values: Any) -> str:
        """The string of `key` with `values` filled in.

        Raises:
            KeyError: the catalogue has no such string.
        """
        return self.strings[key].format(**values) if values else self.strings[key]

    def count(self, key: str, n: int) -> str:
        """The plural form of `key` that `n` takes, with the number filled in."""
        form = f"{key}.{self.locale.plural_form(n)}"
        return self.text(form if form in self.strings else f"{key}.other", n=self.number(n))

    def number(self, n: float) -> str:
        """`n` with the language's separators."""
        return format_decimal(n, locale=self.locale)

    def day(self, day: date | None, length: str = "long") -> str:
        """A date in words; `length` is "long", "medium" or "short"."""
        return format_date(day, length, locale=self.locale) if day else self.text("undated")

    def month(self, day: date) -> str:
        """The month and year of a date."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def name_of(self, code: str, inside: bool = False) -> str:
        """What this language calls the language with `code`, standing alone or `inside` a sentence."""
        try:
            name = Locale.parse(code, sep="-").get_language_name(self.locale.language)
        except (UnknownLocaleError, ValueError):
            return code
        return (name if inside else name.capitalize()) if name else code

    def note(self, kind: str) -> str:
        """The heading of a note of this kind."""
        return self.strings.get(f"note.{kind}", self.strings["note"])

    def refusal(self, reason: str) -> str:
        """Why a question isn't answered."""
        return self.strings.get(f"refused.{reason}", self.strings["refused.not_covered"])

    def age(self, day: date, today: date | None = None) -> str:
        """How long ago `day` was: "4 months ago"."""
        count, unit = elapsed(day, today or datetime.now(UTC).date())
        if not count:
            return self.text("today")
        # Babel would round 20 months to 2 years; with a threshold out of reach it words the unit that it is given.
        passed = -count * timedelta(seconds=_SECONDS[unit])
        return format_timedelta(passed, granularity=unit, threshold=1e9, add_direction=True, locale=self.locale)


@lru_cache
def load_language(code: str) -> Language:
    """The language with this code, one of `LANGUAGES`."""
    return Language(code, json.loads((_STRINGS / f"{code}.json").read_text(encoding="utf-8")))


def negotiate(accept_language: str) -> str:
    """The code of the language that a browser's `Accept-Language` header prefers among ours."""
    for wanted in _by_preference(accept_language):
        for code in LANGUAGES:
            # zh-TW and zh-HK readers read simplified characters more easily than English.
            if wanted.split("-")[0] == code.split("-")[0]:
                return code
    return DEFAULT


def _by_preference(header: str) -> list[str]:
    ranked = []
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if tag and quality > 0:
            ranked.append((-quality, tag.lower()))
    return [tag for _, tag in sorted(ranked, key=lambda pair: pair[0])]
