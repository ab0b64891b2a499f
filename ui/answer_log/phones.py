"""Finds telephone numbers among the figures, years and dates that questions about the news are full of."""

from __future__ import annotations

import re

from phonenumbers import Leniency, PhoneNumberMatcher

from ui.answer_log.figures import in_figure, is_date, is_rounded

_MASK = "[telephone number]"
# A number without a country's prefix is looked for as one of these countries' would be dialled; the United States
# stand for all of North America, the others for the plans that begin with 0 and those of 9 and 10 digits.
_REGIONS = ("US", "GB", "FR", "ES", "MX", "DE", "IN", "CN")
_SAYS_PHONE = (
    r"(?:tele)?(?:phones?|fono|móvil|celular|portable|mobile|cell|fax|whatsapp|signal)|tel|téléphone|tél|text\s+me"
    r"|call(?:\s+me)?(?:\s+(?:at|on|back))?|ring\s+me|ll[aá]m[ae](?:me|nme)?|appele[zr](?:-moi)?|reach\s+me(?:\s+(?:at|on))?"
    r"|my\s+number|mi\s+número|mon\s+numéro"
)
_BEHIND_PHONE = re.compile(
    rf"(?:(?<![^\W\d_])(?:{_SAYS_PHONE})|电话|電話|手机|手機|致电)(?:\s+(?:number|no\.?|nr\.?)|号码|號碼|号|號)?[\s:：=.#-]*(?:(?:is|at|on|es|est|al|au|是)\s+)?"
    r"(?P<number>[+＋]?\(?\d(?:[ ().\u00a0/–-]{0,2}\d){6,14})(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
# Most of the world dials a 0 before the area, and no figure begins with one.
_TRUNK_ZERO = re.compile(r"(?<![\w.,:/+-])(?:\(0\d{1,4}\)|0\d)(?:[ ().\u00a0/–-]{0,2}\d){7,10}(?![\w]|[.,:/-]\d)")
_FIGURE_BEFORE = re.compile(r"(?:[$€£¥₹]|US\$|\bno\.?\s?|[№#§]\s?|\d[.,:/])$", re.IGNORECASE)
_GOES_ON = re.compile(r"[.,:/]?\d|\s?(?:%|per\s?cent|[$€£¥₹]|million|billion|milli|mil\b)", re.IGNORECASE)
_BARE_DIGITS = 10  # fewer in a row, without a 0 or + before them, are a figure as often as a number


def mask_phones(text: str) -> str:
    """`text` with telephone numbers replaced by a word."""
    text = _BEHIND_PHONE.sub(_without_number, text)
    text = _TRUNK_ZERO.sub(_without_trunk_zero, text)
    found: list[tuple[int, int]] = []
    for region in _REGIONS:
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
            # The library takes the bracket before a number along: "(020 7946 0958)".
            start = match.start + (match.raw_string[0] in "(（" and not match.raw_string.count(")"))
            if _is_phone(text, start, match.end):
                found.append((start, match.end))
    masked, at = [], 0
    for start, end in sorted(found):
        if start >= at:
            masked += [text[at:start], _MASK]
            at = end
        else:
            at = max(at, end)
    return "".join([*masked, text[at:]])


def _without_number(found: re.Match[str]) -> str:
    number = found["number"]
    if is_rounded(number) or is_date(number):
        return found[0]
    return found[0][: found.start("number") - found.start()] + _MASK


def _without_trunk_zero(found: re.Match[str]) -> str:
    return found[0] if is_date(found[0]) or in_figure(found.string, found.start(), found.end()) else _MASK


def _is_phone(text: str, start: int, end: int) -> bool:
    """Whether what fits a plan of numbers is more likely a telephone number than a figure or a date."""
    raw = text[start:end]
    if raw.startswith(("+", "＋")):
        return True
    if (
        in_figure(text, start, end)
        or is_date(raw)
        or _FIGURE_BEFORE.search(text[:start])
        or _GOES_ON.match(text, end)
    ):
        return False
    bare = raw.isdigit()
    return not bare or raw.startswith("0") or len(raw) >= _BARE_DIGITS
