"""Number words, units, currencies and hedges."""

from __future__ import annotations

from enum import StrEnum


class Hedge(StrEnum):
    """How exactly a number is meant."""

    EXACT = "exact"
    ABOUT = "about"
    NEARLY = "nearly"
    OVER = "over"  # more than, at least
    UNDER = "under"  # less than, up to


UNITS = dict(zip(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split(), range(20), strict=True,
))  # fmt: skip
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
SMALL = {**UNITS, **TENS}
"""Number words below a hundred."""
MAGNITUDES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0, "score": 20.0,
    "m": 1e6, "mn": 1e6, "bn": 1e9, "k": 1e3, "lakh": 1e5, "crore": 1e7,
}  # fmt: skip
VAGUE = {"dozens": 24.0, "scores": 40.0, "hundreds": 200.0, "thousands": 2e3, "millions": 2e6, "billions": 2e9}
ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    form: n for word, n in ORDINALS.items() if n > 2 for form in (word, word + "s")
}
MULTIPLES = {
    "twice": 2.0, "double": 2.0, "doubled": 2.0, "doubling": 2.0, "doubles": 2.0, "twofold": 2.0, "treble": 3.0,
    "trebled": 3.0, "triple": 3.0, "tripled": 3.0, "thrice": 3.0, "threefold": 3.0, "quadrupled": 4.0,
    "quadruple": 4.0, "fourfold": 4.0, "tenfold": 10.0, "halve": 0.5, "halved": 0.5, "halving": 0.5,
}  # fmt: skip
SYMBOLS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR"}
DOLLARS = {"a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "nz": "NZD", "hk": "HKD", "r": "BRL", "s": "SGD"}
CURRENCIES = {
    "dollar": "USD", "dollars": "USD", "usd": "USD", "bucks": "USD", "pound": "GBP", "pounds": "GBP", "gbp": "GBP",
    "sterling": "GBP", "euro": "EUR", "euros": "EUR", "eur": "EUR", "pence": "GBp", "cents": "cent", "yen": "JPY",
    "yuan": "CNY", "rupees": "INR", "rupee": "INR", "pesos": "MXN", "peso": "MXN", "francs": "CHF", "franc": "CHF",
    "crowns": "crown", "crown": "crown", "kronor": "crown", "kroner": "crown", "krona": "crown", "won": "KRW",
    "dinars": "dinar", "dinar": "dinar", "lira": "TRY", "liras": "TRY", "zloty": "PLN", "zlotys": "PLN",
    "rand": "ZAR", "reais": "BRL", "shillings": "shilling", "naira": "NGN", "rubles": "RUB", "roubles": "RUB",
}  # fmt: skip
MEASURES = {
    **dict.fromkeys(("percent", "pc", "percentage"), "%"),
    **{w: w.removesuffix("s") for w in (
        "second seconds minute minutes hour hours day days week weeks month months year years decade decades "
        "mile miles tonne tonnes ton tons hectare hectares acre acres degree degrees vote votes"
    ).split()},
    "centuries": "century", "century": "century", "hrs": "hour", "yrs": "year", "km": "kilometre",
    "kilometres": "kilometre", "kilometers": "kilometre", "kilometre": "kilometre", "kilometer": "kilometre",
    "metres": "metre", "meters": "metre", "metre": "metre", "meter": "metre", "centimetres": "centimetre",
    "kg": "kilogram", "kilograms": "kilogram", "kilos": "kilogram", "foot": "foot", "feet": "foot",
}  # fmt: skip
TIME_UNITS = frozenset({"minute", "hour", "day", "week", "month", "year", "decade"})
HEDGES: tuple[tuple[Hedge, frozenset[str]], ...] = tuple(
    (hedge, frozenset(phrases.split("|")))
    for hedge, phrases in (
        (
            Hedge.UNDER,
            "less than|fewer than|under|below|up to|at most|no more than|not more than|as many as|as much as"
            "|a maximum of|maximum of|maximum wage of|lower than|at the most|no longer than|not exceeding|within",
        ),
        (
            Hedge.OVER,
            "more than|over|above|at least|no fewer than|no less than|not less than|not fewer than|upwards of"
            "|exceeding|in excess of|just over|well over|a minimum of|minimum of|minimum wage of|a little over"
            "|slightly more than|slightly over|longer than|higher than|beyond|just above|not just|a minimum wage "
            "of|passed|exceeded"
            "|topped|surpassed",
        ),
        (
            Hedge.NEARLY,
            "nearly|almost|close to|just under|just short of|slightly fewer than|slightly less than|slightly under"
            "|just below|a little under|not quite|well-nigh|barely|approaching|a little less than",
        ),
        (Hedge.ABOUT, "about|around|some|roughly|approximately|circa|an estimated|estimated|or so|near|approx"),
    )
)
COUNTING = frozenset(
    {"per", "cent", *MEASURES, *CURRENCIES, *MAGNITUDES, *(w for _, ps in HEDGES for p in ps for w in p.split())}
)
"""Words that units and hedges are made of."""
