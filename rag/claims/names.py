"""Names in a sentence: people, peoples, places and bodies; and when two of them mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rag.claims.tokens import Token, tokens
from rag.term_weights import background
from rag.terms import STOP_WORDS
from rag.word_forms import PEOPLE, key, likeness


class NameKind(StrEnum):
    """What a name stands for, as far as the words around it tell."""

    PERSON = "person"
    PEOPLE = "people"  # Afghans, Danish
    PLACE = "place"
    BODY = "body"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name.

    Attributes:
        keys: of its words, titles and "of" left out.
        kind: what it stands for.
        rank: the office that stands before it ("minister"), else "".
        start: character offset.
        end: offset behind it.
        text: its words.
    """

    keys: tuple[str, ...]
    kind: NameKind
    rank: str
    start: int
    end: int
    text: str


# Country, then its people, where `rag.word_forms` doesn't have them.
_PEOPLES = """
denmark danish dane danes | sweden swedish swede swedes | norway norwegian norwegians | finland finnish finn finns |
netherlands dutch holland | switzerland swiss | belgium belgian belgians | austria austrian austrians | portugal
portuguese | hungary hungarian hungarians | slovakia slovak slovaks | slovenia slovenian slovene slovenes | croatia
croatian croats | serbia serbian serbs | bosnia bosnian bosnians | latvia latvian latvians | lithuania lithuanian |
estonia estonian estonians | belarus belarusian belarusians | moldova moldovan | georgia georgian georgians | armenia
armenian | azerbaijan azerbaijani | kazakhstan kazakh | lebanon lebanese | jordan jordanian | israel israeli israelis
|
palestine palestinian palestinians | saudi saudis | kuwait kuwaiti kuwaitis | qatar qatari qataris | oman omani |
philippines filipino filipinos filipina filipinas |
yemen yemeni yemenis | libya libyan libyans | algeria algerian algerians | morocco moroccan moroccans | ethiopia
ethiopian ethiopians | uganda ugandan ugandans | ghana ghanaian ghanaians | senegal senegalese | gambia gambian
gambians | mali malian malians | guinea guinean guineans | cameroon cameroonian | congo congolese | angola angolan |
zimbabwe zimbabwean zimbabweans | mozambique mozambican | brazil brazilian brazilians | argentina argentine
argentinian | chile chilean chileans | peru peruvian peruvians | ecuador ecuadorian ecuadorians ecuadorean | bolivia
bolivian | jamaica jamaican jamaicans | dominican dominicans | salvador salvadoran salvadorans salvadorian |
bangladesh
bangladeshi bangladeshis | nepal nepali nepalese nepalis | lanka lankan lankans | indonesia indonesian indonesians |
malaysia malaysian malaysians | thailand thai thais | myanmar burmese burma | cambodia cambodian | korea korean
koreans | taiwan taiwanese | mongolia mongolian | zealand zealander | cyprus cypriot cypriots | malta maltese | kosovo
kosovar | albania albanian albanians | niger nigerien nigeriens | chad chadian | mauritania mauritanian | ivory
ivorian
"""
# Short and long names of bodies and unions, beyond what initials tell.
_SAME = (
    ("united states", "u.s.", "america", "usa"),
    ("united kingdom", "u.k.", "uk", "britain", "great britain"),
    ("european union", "eu", "e.u.", "bloc"),
    ("united nations", "un", "u.n."),
    ("unhcr", "un refugee agency", "united nations refugee agency", "united nations high commissioner for refugees"),
    ("iom", "international organization for migration", "international organisation for migration"),
    ("frontex", "european border agency", "eu border agency"),
)
_RANKS = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady minister president premier chancellor senator governor "
    "mayor "
    "judge justice justices captain director secretary commissioner spokesman spokeswoman spokesperson king queen "
    "prince princess pope bishop sheikh general colonel sergeant officer ombudsman attorney adviser advisor "
    "representative rep sen gov chair chairman chairwoman chief head leader lawyer economist author coach "
    "boxer".split()
)
_TITLES = _RANKS | frozenset(
    "prime vice deputy interior foreign home affairs labour labor state social security immigration integration "
    "migration rights assistant acting former".split()
)
_BODY_WORDS = frozenset(
    "office ministry court agency commission council department parliament committee party union service network "
    "university institute association federation church police army cabinet senate congress house board bureau "
    "authority foundation forum cross organization organisation nations circuit care company group society".split()
)
_NOT_NAMES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday i mr mrs ms dr two three four five six seven eight nine ten eleven "
    "twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
    "eighty ninety hundred hundreds thousands dozens many most some few several all both each every other another "
    "more fewer".split()
)
_LIGHT_JOINS = frozenset({"of", "the", "for", "and"})
_JOINS = frozenset("of the for and de la del da dos di von van al el bin".split())
_PLACE_BEFORE = frozenset("in at near from off across to into outside around via towards toward through".split())
_SPEECH = frozenset(
    "said says told argued warned added called announced wrote promised denied conceded hopes".split()
)
_COMMON_ENDS = (
    "s", "ly", "ing", "ed", "tion", "ment", "ness", "ity", "ous", "ful", "ive", "al", "ent", "ant", "er", "est",
    "ary", "body", "one",
)  # fmt: skip
_ACRONYM = re.compile(r"\b((?:[A-Z][\w'’-]+)(?: (?:of|for|the|and|[A-Z][\w'’-]+|[a-z]+)){0,7}) \(([A-Z]{2,7})s?\)")
_BEGINS = re.compile(r"[.!?:;]['\"”’)]*\s+['\"“‘(]*$|[“\"‘]$|\n")
_ABBREVIATED = frozenset("mr mrs ms dr st prof gen sen gov rep col capt no".split())


def _table(entries: str) -> dict[str, frozenset[str]]:
    groups = [frozenset(key(w) for w in entry.split()) for entry in entries.replace("\n", " ").split("|")]
    return {k: group for group in groups for k in group}


_PEOPLE_OF = _table(_PEOPLES)
_SAME_AS = {
    form: frozenset(tuple(key(t.word) for t in tokens(other)) for other in group)
    for group in _SAME
    for name in group
    for form in (tuple(key(t.word) for t in tokens(name)),)
}


@lru_cache(maxsize=20_000)
def names(text: str) -> tuple[Name, ...]:
    """The proper names of `text` in order, each as long as it is written."""
    every = tokens(text)
    found: list[Name] = []
    run: list[int] = []
    for i in range(len(every)):
        if run and _continues(every, run, i):
            run.append(i)
            continue
        if run:
            found.extend(_names_of(text, every, run))
            run = []
        if _is_name(every, i):
            run = [i]
    if run:
        found.extend(_names_of(text, every, run))
    return tuple(found)


def _is_name(every: Sequence[Token], i: int) -> bool:
    """Whether a name begins at token `i`: a capital that no sentence's beginning explains."""
    token = every[i]
    if not token.capital or token.word in _NOT_NAMES or (len(token.text) == 1 and token.word != "u.s."):
        return False
    inside = i and (not _BEGINS.search(token.gap) or every[i - 1].word in _ABBREVIATED)
    if inside:
        return token.word not in STOP_WORDS
    if token.word in STOP_WORDS:
        return False
    following = every[i + 1] if i + 1 < len(every) else None
    if is_people(token.key) or token.text.isupper() or token.word.endswith("'s"):
        return True
    if following and following.capital and following.gap in (" ", "-") and following.word not in _NOT_NAMES:
        return True
    return not (token.word in _TITLES or _is_common(token.word))


@lru_cache(maxsize=20_000)
def _is_common(word: str) -> bool:
    """Whether `word`, which begins a sentence, looks like an everyday word rather than a name."""
    known = background()
    if key(word) in known or word.endswith(_COMMON_ENDS):
        return True
    return any(key(word[:n]) in known and key(word[n:]) in known for n in range(3, len(word) - 2))  # "turnout"


def _continues(every: Sequence[Token], run: Sequence[int], i: int) -> bool:
    """Whether token `i` belongs to the name whose tokens are `run`."""
    token, last = every[i], every[run[-1]]
    if token.gap not in (" ", "-") or last.text.endswith(("'s", "’s")):
        return False
    if token.capital or token.gap == "-":  # "Hsu Ya-ting"
        return token.word not in _NOT_NAMES
    after = every[i + 1] if i + 1 < len(every) else None
    body = any(every[j].word in _BODY_WORDS for j in run) or token.word in ("de", "la", "del", "da", "von", "van")
    return (
        token.word in _JOINS
        and body
        and token.word != "and"
        and after is not None
        and (after.capital or (after.word in _JOINS and i + 2 < len(every) and every[i + 2].capital))
    )


def _names_of(text: str, every: Sequence[Token], run: Sequence[int]) -> list[Name]:
    """The names at tokens `run`, title and people in front apart: "Danish Interior Minister Marta Quelhas"."""
    of = [every[i] for i in run]
    before = every[run[0] - 1].word if run[0] and every[run[0]].gap == " " else ""
    after = every[run[-1] + 1] if run[-1] + 1 < len(every) else None
    office = next((n for n in range(len(of) - 1, 0, -1) if of[n].word in _RANKS), 0)
    if office and not any(t.word in _TITLES or is_people(t.key) for t in of[:office]):
        # "CBP Commissioner Chris Magnus": whose office it is, is a name of its own
        return [*_names_of(text, every, run[:office]), *_names_of(text, every, run[office:])]
    titles = 0
    if not any(t.word in _BODY_WORDS for t in of):
        while titles < len(of) and (of[titles].word in _TITLES or is_people(of[titles].key)):
            titles += 1
    ranks = [t.word for t in of[:titles] if t.word in _RANKS] or [before] * (before in _RANKS)
    if titles and not ranks and not all(t.word in _TITLES for t in of[:titles]):
        titles = 0  # "French Guiana"
    front = [_name(text, [t], NameKind.PEOPLE, "") for t in of[:titles] if is_people(t.key)]
    rest = of[titles:]
    if not rest:
        return front
    kind = NameKind.PERSON if ranks else _kind(rest, before, after)
    return [*front, _name(text, rest, kind, ranks[-1] if ranks else "")]


def _name(text: str, of: Sequence[Token], kind: NameKind, rank: str) -> Name:
    keys = tuple(t.key for t in of if t.word not in _LIGHT_JOINS)
    return Name(keys, kind, rank, of[0].start, of[-1].end, text[of[0].start : of[-1].end])


def _kind(of: Sequence[Token], before: str, after: Token | None) -> NameKind:
    if len(of) == 1 and is_people(of[0].key):
        return NameKind.PLACE if of[0].word.removesuffix("'s") in _COUNTRIES else NameKind.PEOPLE
    if any(t.word in _BODY_WORDS for t in of) or (len(of[0].text) > 2 and of[0].text.isupper()):
        return NameKind.BODY
    if before in _PLACE_BEFORE and len(of) <= 2:
        return NameKind.PLACE
    told = after is None or after.word in _SPEECH or after.gap.startswith(",") or after.word == "who"
    return NameKind.PERSON if len(of) >= 2 and told else NameKind.OTHER


# The countries of `rag.word_forms` and of the table above.
_COUNTRIES = frozenset(
    """afghanistan u.s. america usa australia uk u.k. britain canada china colombia cuba czechia egypt eritrea europe
    france germany greece guatemala haiti honduras india iran iraq ireland italy japan kenya mexico nicaragua nigeria
    pakistan panama philippines poland romania bulgaria russia rwanda somalia spain sudan syria tunisia turkey ukraine
    venezuela vietnam""".split()
) | frozenset(entry.split()[0] for entry in _PEOPLES.replace("\n", " ").split("|"))
_COUNTRY_KEYS = frozenset(key(country) for country in _COUNTRIES)


@lru_cache(maxsize=20_000)
def is_people(k: str) -> bool:
    """Whether the key is that of a country or of its people."""
    return k in _PEOPLE_OF or k in _COUNTRY_KEYS or any(likeness(k, country) == PEOPLE for country in _COUNTRY_KEYS)


def same_word(a: str, b: str) -> bool:
    """Whether two keys of names mean the same country, people or body."""
    return a == b or b in _PEOPLE_OF.get(a, ()) or likeness(a, b) == PEOPLE


def stands_in(name: Name, keys: frozenset[str], acronyms: frozenset[tuple[str, ...]] = frozenset()) -> bool:
    """Whether every word of `name`, or another name of the same, is among `keys`.

    Args:
        name: what is looked for.
        keys: of the words of the text in which it should stand.
        acronyms: as `acronyms` gives them for the text: (short, *long).
    """
    if all(any(same_word(k, other) for other in keys) for k in name.keys):
        return True
    for short, *long in acronyms:
        forms = ((short,), tuple(long))
        if name.keys in forms and any(all(k in keys for k in form) for form in forms):
            return True
        # "the UN refugee agency" in part: every word of the name is in the long form.
        if short in keys and all(k in long for k in name.keys):
            return True
    same = _SAME_AS.get(name.keys, frozenset())
    if len(name.keys) == 1 and is_people(name.keys[0]):  # "British" for "United Kingdom"
        same = same.union(*(_SAME_AS[k] for k in _SAME_AS if len(k) == 1 and same_word(k[0], name.keys[0])))
    return any(all(k in keys for k in form) for form in same)


def acronyms(text: str, found: Iterable[Name]) -> frozenset[tuple[str, ...]]:
    """(short, *long) keys of the acronyms of `text`: explained in brackets, or the initials of one of its names."""
    known = {
        (key(match[2].lower()), *(t.key for t in tokens(match[1]) if t.word not in _JOINS))
        for match in _ACRONYM.finditer(text)
    }
    for name in found:
        if len(name.keys) > 1:
            words = [t.word for t in tokens(name.text) if t.word not in ("of", "the", "for", "and")]
            known.add((key("".join(w[0] for w in words)), *name.keys))
    return frozenset(known)
