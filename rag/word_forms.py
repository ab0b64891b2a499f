"""One key for the forms of a word, "fell" and "fall"; and how alike two keys are, "Chinese" and "China"."""

from __future__ import annotations

from functools import lru_cache

from rag.terms import stem

# Base form, then the forms that Porter's algorithm doesn't bring to it. Verbs of news and of everyday questions.
_FORMS = """
arise arose arisen | awake awoke awoken | bear bore borne born | beat beaten | become became | begin began begun |
bend bent | bind bound | bite bit bitten | bleed bled | blow blew blown | break broke broken | breed bred | bring
brought | broadcast broadcasted | build built | burn burnt | buy bought | catch caught | choose chose chosen | cling
clung | come came | creep crept | deal dealt | die dead death dying | dig dug | do did done | draw drew drawn |
dream dreamt | drink drank drunk | drive drove driven | eat ate eaten | fall fell fallen | feed fed | feel felt |
fight fought | find found | flee fled | fly flew flown flight | forbid forbade forbidden | forget forgot forgotten |
forgive forgave forgiven | freeze froze frozen | get got gotten | give gave given | go went gone | grow grew grown |
hang hung | hear heard | hide hid hidden | hold held | keep kept | kneel knelt | know knew known | lay laid | lead
led | learn learnt | leave left | lend lent | lie lay lain | light lit | lose lost loss | make made | mean meant |
meet met | mistake mistook mistaken | overcome overcame | oversee oversaw overseen | overtake overtook overtaken |
overthrow overthrew overthrown | pay paid | prove proven | ride rode ridden | ring rang rung | rise rose risen | run
ran | say said | see saw seen | seek sought | sell sold sale | send sent | sew sewn | shake shook shaken | shoot
shot | show shown | shrink shrank shrunk | sing sang sung | sink sank sunk | sit sat | sleep slept | slide slid |
speak spoke spoken speech | spend spent | spin spun | spring sprang sprung | stand stood | steal stole stolen |
stick stuck | sting stung | strike struck stricken | strive strove striven | swear swore sworn | sweep swept | swim
swam swum | swing swung | take took taken | teach taught | tear tore torn | tell told | think thought | throw threw
thrown | understand understood | undergo underwent undergone | undertake undertook undertaken | wake woke woken |
wear wore worn | weave wove woven | win won | wind wound | withdraw withdrew withdrawn withdrawal | withhold
withheld | withstand withstood | write wrote written | child children | man men | woman women | foot feet | tooth
teeth | goose geese | mouse mice | person people | life lives | wife wives | half halves | arrive arrival | deny
denial | refuse refusal | approve approval | marry marriage wed wedding | bad worse worst | good better best |
choose choice | succeed success | receive receipt | compare comparison | long length | high height | strong strength
| wide width | deep depth | young youth | hot heat | poor poverty | true truth
"""

# Country, then what its people and things are called: news says "Mexican nationals" for people from Mexico.
_DEMONYMS = """
afghanistan afghan afghans | albania albanian albanians | u.s. america american americans usa u.s.a | australia
australian australians | uk u.k. britain british briton britons | canada canadian canadians | china chinese |
colombia colombian colombians | cuba cuban cubans | czech czechs czechia | egypt egyptian egyptians | eritrea
eritrean eritreans | europe european europeans | france french | germany german germans | greece greek greeks |
guatemala guatemalan guatemalans | haiti haitian haitians | honduras honduran hondurans | india indian indians |
iran iranian iranians | iraq iraqi iraqis | ireland irish | italy italian italians | japan japanese | kenya kenyan
kenyans | mexico mexican mexicans | nicaragua nicaraguan nicaraguans | nigeria nigerian nigerians | pakistan
pakistani pakistanis | panama panamanian | philippines filipino filipinos philippine | poland polish pole poles |
romania romanian romanians | bulgaria bulgarian bulgarians | russia russian russians | rwanda rwandan | somalia
somali somalis | spain spanish spaniard spaniards | sudan sudanese | syria syrian syrians | tunisia tunisian
tunisians | turkey turkish turks | ukraine ukrainian ukrainians | venezuela venezuelan venezuelans | vietnam
vietnamese
"""
# What a report uses for one another: a capital for its government, and the near-synonyms of politics and migration.
_ALIASES = """
u.s. washington | china beijing | uk england london | russia moscow kremlin | france paris | germany berlin |
ukraine kyiv | eu europe brussels | japan tokyo | canada ottawa | australia canberra |
relation tie tension | break fall collapse rift | cause trigger provoke spark prompt |
deport expel remove repatriate | migrant immigrant | law bill act |
boss chief head leader | halt stop suspend end | resume restart reopen | ban prohibit outlaw | child kid |
quota cap limit ceiling |
increase rise grow raise | decrease drop decline cut reduce | talk negotiation discussion dialogue | kill die |
confirm acknowledge | refuse reject deny | cost price fee charge | job work employment | jail prison sentence
"""


def _groups(text: str) -> list[list[str]]:
    return [entry.split() for entry in text.replace("\n", " ").split("|")]


_BASE = {form: forms[0] for forms in reversed(_groups(_FORMS)) for form in forms[1:]}
# What shares this many first letters and this share of the longer word is most likely of one family ("deport",
# "deportee"); a shorter common beginning ("relate", "relax") only sometimes is.
_SAME_FAMILY, _FAMILY_SHARE, _PERHAPS_FAMILY = 5, 0.7, 4
FAMILY, PERHAPS, ALIAS = 0.8, 0.4, 0.8
PEOPLE = 0.7  # "Mexican" for "Mexico": often the same, but "Mexicans" aren't found wherever the border with Mexico is


@lru_cache(maxsize=50_000)
def key(word: str) -> str:
    """The stem of a lower-case word's base form: the same for all forms of a word."""
    return stem(_BASE.get(word, word))


def spellings(word: str) -> tuple[str, ...]:
    """The stems that the lexical index may hold for `word`: its own and its base form's."""
    return tuple(dict.fromkeys((stem(word), key(word))))


_ALIAS_OF = {key(name): frozenset(key(n) for n in names) for names in _groups(_ALIASES) for name in names}
"""By key; a word belongs to one group."""
_PEOPLE_OF = {key(name): frozenset(key(n) for n in names) for names in _groups(_DEMONYMS) for name in names}


def aliases(term: str) -> frozenset[str]:
    """The keys of other names that a report uses for what `term` names, itself included; empty for most words."""
    return _ALIAS_OF.get(term, frozenset()) | _PEOPLE_OF.get(term, frozenset())


@lru_cache(maxsize=200_000)
def likeness(a: str, b: str) -> float:
    """How alike two keys are, in [0, 1]: 1 when equal, less for a common beginning or another name of the same."""
    if a == b:
        return 1.0
    if b in _ALIAS_OF.get(a, ()):
        return ALIAS
    if b in _PEOPLE_OF.get(a, ()):
        return PEOPLE
    longer = max(len(a), len(b))
    common = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        common += 1
    if common < _PERHAPS_FAMILY or common < _FAMILY_SHARE * longer - 1:
        return 0.0
    return FAMILY if common >= _SAME_FAMILY and common >= _FAMILY_SHARE * longer else PERHAPS
