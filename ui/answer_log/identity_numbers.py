"""Finds the numbers by which states and banks know a person.

Some have a form that nothing else has (an A-number, a national insurance number, a card's check digit); the others
are taken for one only behind a word that says so ("passport number …").
"""

from __future__ import annotations

import re
from functools import partial

from ui.answer_log.figures import is_date, is_rounded

# USCIS writes A12345678, A-012-345-678 and A# 012 345 678 (https://www.uscis.gov/glossary "A-Number").
# "a 100 000 000" is an article with a figure, so only the capital may stand apart.
_A_NUMBER = re.compile(
    r"(?<![\w.])(?:[Aa](?:\s?[-#№]\s?)?|A\s)(?P<code>\d{3}[- ]\d{3}[- ]\d{2,3}|\d{8,9})(?!\w|[.,]\d)"
)
# The form of a receipt: a service centre or IOE, then ten digits (https://www.uscis.gov/glossary "Receipt Number").
_RECEIPT = re.compile(
    r"\b(?:EAC|WAC|LIN|SRC|NBC|MSC|IOE|YSC|TSC|VSC|CSC|NSC)[- *]?\d{2}[- ]?\d{3}[- ]?\d{5}\b", re.IGNORECASE
)
# Neither area 000, 666 nor group 00 nor serial 0000 was ever given out; areas from 900 are taxpayer numbers.
_SOCIAL_SECURITY = re.compile(r"(?<![\w.,-])(?!000|666)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-]|[.,]\d)")
# https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110
_NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.IGNORECASE
)
_CARD = re.compile(r"(?<![\w.,-])[2-6]\d{3}(?:[ -]?\d{2,6}){2,5}(?![\w-]|[.,]\d)")
_CARD_DIGITS = range(13, 20)

_SAYS_NUMBER = r"(?:\s*(?:numbers?|num\.?|nos?\.?|nr\.?|n[º°.]|número|numéro|id|#|№|号码|號碼|号|號))?"
_IS = r"(?:\s*(?:is|was|are|:|=|#|-|–|,|\(|es|est|是|为|：))*\s*"
# Digits in a row or in short groups, with letters around them; never followed by what makes them a figure or a date.
_CODE = r"(?P<code>(?!(?:19|20)\d{2}\b)(?:[A-Z]{1,3}[ -]?)?\d(?:[ -]?\d){5,10}[A-Z]{0,2})(?![\w]|[.,:/]\d)"
_PASSPORT = re.compile(
    r"(?:(?<![^\W\d_])(?:passports?|passeports?|pasaportes?|travel\s+documents?)|护照|護照)"
    + _SAYS_NUMBER
    + _IS
    + _CODE,
    re.IGNORECASE,
)
_BEHIND_ITS_NAME = {
    "social security number": re.compile(
        r"(?:(?<![^\W\d_])(?:social\s+(?:security|insurance)|seguro\s+social|sécurité\s+sociale|ssn|itin)|社会安全)"
        + _SAYS_NUMBER + _IS + _CODE,
        re.IGNORECASE,
    ),
    "identity number": re.compile(
        r"(?<![^\W\d_])(?:(?:alien|alien\s+registration|uscis(?:\s+account)?|i-?94|green\s+card|visa|case|permit|id)"
        r"\s+(?:number|no\.?|#)|a-?number|brp|nie|dni|curp|(?:id|identity)\s+card|driv(?:er|ing)\S*\s+licen[cs]e"
        r"|número\s+de\s+(?:caso|extranjero)|numéro\s+(?:d.étranger|de\s+dossier))"
        + _SAYS_NUMBER + _IS + _CODE,
        re.IGNORECASE,
    ),
}  # fmt: skip


def mask_identity_numbers(text: str) -> str:
    """`text` with these numbers replaced by what they were."""
    text = _CARD.sub(lambda found: "[card number]" if _is_card(found[0]) else found[0], text)
    text = _RECEIPT.sub("[receipt number]", text)
    text = _A_NUMBER.sub(lambda found: found[0] if is_rounded(found["code"]) else "[A-number]", text)
    text = _SOCIAL_SECURITY.sub("[social security number]", text)
    text = _NATIONAL_INSURANCE.sub("[national insurance number]", text)
    text = _PASSPORT.sub(partial(_behind, "passport number"), text)
    for what, pattern in _BEHIND_ITS_NAME.items():
        text = pattern.sub(partial(_behind, what), text)
    return text


def _behind(what: str, found: re.Match[str]) -> str:
    """The words that name the number, without the number."""
    if is_date(found["code"]) or is_rounded(found["code"]):
        return found[0]
    return f"{found[0][: found.start('code') - found.start()]}[{what}]{found[0][found.end('code') - found.start() :]}"


def _is_card(text: str) -> bool:
    """Whether the digits are as many as a card's, with its check digit (Luhn, ISO/IEC 7812-1)."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return len(digits) in _CARD_DIGITS and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
