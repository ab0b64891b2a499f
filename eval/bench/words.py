"""What synthetic news is made of: words by frequency, sentence patterns, names of outlets, people and places."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

VOCABULARY = 40_000  # words of running text, the most frequent first
SURNAMES = 20_000
_ONSETS = "b br c ch d f g h k l m n p r s sh t tr v w".split()
_VOWELS = "a a e e i i o o u ai ea ou".split()
_CODAS = ["", "", "", "", "", "l", "m", "n", "r", "s", "nd"]

TERMS = """
    migrants border asylum immigration visa refugees government country police court ministry agency policy minister
    president crossings deportation workers applications permits detention law citizens residents seekers parliament
    visas citizenship passport quota shelter families children smugglers camp judge ruling appeal removal flights
    boats channel status protection humanitarian sponsors employers students residence undocumented enforcement
    backlog hearing parole resettlement naturalisation integration remittances trafficking raids custody coast
    guard agreement treaty convention corridor return relocation entry exit checkpoint biometric fee cap lottery
    green card sanctuary caravan desert island ferry airport consulate embassy interpreter lawyer caseworker
    guardianship reunification dependants overstayers statelessness repatriation readmission expulsion amnesty
    regularisation moratorium legislation amendment injunction precedent tribunal ombudsman inspectorate
""".split()

PLACES = """
    Ashmouth Belvane Corrin Dunmore Eastlake Farrow Glenhaven Harwick Ilvane Jorvale Kestrel Lindmoor Marston
    Norvale Oakhurst Penrose Quillan Ravenport Silvermere Thornby Ulverton Vantry Westhollow Yarrow
""".split()
FIRST_NAMES = """
    Ada Amir Bea Carlos Dina Emeka Farah Goran Hana Idris Jana Kofi Lena Mateo Nadia Omar Petra Quentin Rosa Samir
    Tara Umar Vera Wen Xenia Yusuf Zora
""".split()
OUTLETS = [
    f"{place} {kind}" for kind, place in product(("Gazette", "Post", "Courier", "Tribune", "Wire"), PLACES[:8])
]  # the first ones publish the most


@dataclass(frozen=True)
class Language:
    """What tells one language's articles from another's.

    Attributes:
        code: ISO 639-1.
        share: of all articles.
        frequent: its function words, the most frequent first; every language has as many.
        patterns: of sentences; `run` stands for a run of words.
    """

    code: str
    share: float
    frequent: tuple[str, ...]
    patterns: tuple[str, ...]


LANGUAGES = (
    Language(
        "en",
        0.8,
        tuple(
            """the of to and in a for that on with as is by from at it was are have has an be this were which their
            not been its or but who more had they will after than said would about up one over when also other
            could into""".split()
        ),
        (
            "{name} said on {date} that {run}.",
            "About {number} people {run} in {place}, {run}.",
            "{run}, according to {name} of {place}.",
            "In {year}, {run}.",
            "The {run} of {place} cost ${number}, {run}.",
            "Since {date}, {run}.",
            "{run}.",
            "“{run},” {name} told reporters.",
        ),
    ),
    Language(
        "es",
        0.1,
        tuple(
            """de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí
            porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno
            les ni contra otros ese""".split()
        ),
        (
            "{name} dijo en {year} que {run}.",
            "Unas {number} personas {run} en {place}, {run}.",
            "{run}, según {name}.",
            "{run}.",
        ),
    ),
    Language(
        "fr",
        0.05,
        tuple(
            """de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son
            mais comme ou si leur y dont aux même ces elle été fait deux sans être tout nous bien entre après
            cette""".split()
        ),
        (
            "{name} a déclaré en {year} que {run}.",
            "Environ {number} personnes {run} à {place}, {run}.",
            "{run}, selon {name}.",
            "{run}.",
        ),
    ),
    Language(
        "de",
        0.05,
        tuple(
            """der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus
            er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber
            vor""".split()
        ),
        (
            "{name} sagte {year}, dass {run}.",
            "Rund {number} Menschen {run} in {place}, {run}.",
            "{run}, so {name}.",
            "{run}.",
        ),
    ),
)
FUNCTION_WORDS = min(len(language.frequent) for language in LANGUAGES)


@lru_cache(maxsize=1)
def vocabulary() -> tuple[dict[str, list[str]], list[str]]:
    """The words of each language by falling frequency (code to `VOCABULARY` words), and `SURNAMES` surnames.

    Function words come first, then the field's terms, then made-up words, which all languages share.
    """
    made_up = _made_up()
    rest = [*TERMS, *(next(made_up) for _ in range(VOCABULARY - FUNCTION_WORDS - len(TERMS)))]
    words = {language.code: [*language.frequent[:FUNCTION_WORDS], *rest] for language in LANGUAGES}
    return words, [next(made_up).capitalize() for _ in range(SURNAMES)]


def _made_up() -> Iterator[str]:
    """Pronounceable words of two to four syllables, each once, the same in every run."""
    chance = random.Random(7)
    known = set(TERMS).union(*(language.frequent for language in LANGUAGES))
    while True:
        syllables = chance.choices((2, 3, 4), (5, 3, 1))[0]
        word = "".join(map(chance.choice, (_ONSETS, _VOWELS, _CODAS) * syllables))
        if word not in known:
            known.add(word)
            yield word
