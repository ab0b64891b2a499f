"""Words of opposite sense, and words that say much the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rag.claims.neighbours import AUXILIARIES
from rag.claims.tokens import tokens
from rag.word_forms import key


@dataclass(frozen=True, slots=True)
class Sense:
    """A word with an opposite.

    Attributes:
        axis: what the two are opposites in.
        positive: which of the two it is, negation in front of it not counted.
        key: of the word.
        start: character offset.
        text: the word.
    """

    axis: str
    positive: bool
    key: str
    start: int
    text: str


# An axis a line: words that mean one thing | words that can't be true with them. The words of one side are near
# enough to one another that a paraphrase may put one for the other.
_OPPOSITES = """
consent: accept approve agree allow grant authorise authorize admit endorse adopt let permit
    | reject refuse deny block ban forbid prohibit bar veto dismiss decline
begin: begin start open launch resume restart reopen introduce establish continue
    | end stop close halt cease abolish scrap suspend cancel terminate shut expire pause finish
repeal: enact adopt pass introduce keep maintain retain | repeal abolish scrap withdraw revoke abandon
up: rise increase grow raise climb jump surge soar higher up double more larger gain highest peak bigger growth triple
    accelerate expand
    | fall drop decline decrease cut reduce lower fewer less down shrink halve smaller lowest plunge plummet reduction
    dip slide
length: extend lengthen prolong longer | shorten curtail shorter
win: win won keep retain gain | lose lost forfeit
success: pass succeed manage | fail flunk
stance: support welcome praise favour favor applaud back endorse
    | oppose criticise criticize condemn protest attack denounce against reject
truth: confirm admit acknowledge concede accept | deny dispute reject contest
order: before earlier | after later
lasting: permanent indefinite | temporary provisional
rank: first | last
reach: include cover | exclude exempt omit
burden: impose introduce | lift waive remove
staff: hire recruit employ appoint | sack fire dismiss
trade: buy purchase | sell
compass: north northern northward northwards | south southern southward southwards
size: large big huge largest biggest greatest | small little tiny smallest
level: high | low
width: long | short
age: new young | old
time: early | late
strength: strong | weak
strengthen: strengthen tighten toughen | weaken loosen relax ease soften
speed: fast quick rapid quicker faster accelerate | slow slower delay
obey: obey comply follow respect honour uphold | disobey defy flout violate breach ignore break
verdict: guilty convict | innocent acquit clear
ruling: uphold upheld affirm | overturn quash reverse annul
cost: expensive costly dear | cheap free
north: north northern | south southern
east: east eastern | west western
bounds: minimum least | maximum most
attendance: attend | boycott miss
cause: because since | although despite though
custody: detain arrest hold jail imprison | release free
stay: stay remain live | leave depart flee
return: return | stay remain
quality: improve better | worsen deteriorate worse
ease: easy easier simple simpler | hard harder difficult complicated
duty: mandatory compulsory obligatory | voluntary optional
trade: buy import | sell export
fill: full crowded | empty
safe: safe secure | dangerous
known: public open | secret
same: same similar identical equal | different
gender: man men male boy father husband | woman women female girl mother wife
adult: adult | child minor
wealth: rich wealthy | poor
join: join enter | quit leave
protect: protect save rescue | endanger harm
build: build erect construct | demolish destroy dismantle
enough: enough sufficient plenty | lack shortage insufficient scarce
rural: rural village | urban city
unity: unanimous | divided split
spend: spend | save
peace: peaceful calm | violent
deal: agree | disagree
"""
# Words that say much the same in news, besides those of one side above and the aliases of `rag.word_forms`.
_SYNONYMS = """
receive get obtain collect | give issue provide grant offer hand supply | need require want | show reveal demonstrate
prove indicate | happen occur | ask request appeal seek apply | help aid assist support | send dispatch deploy
transfer |
take seize confiscate | make produce create | buy purchase | use apply employ | live reside dwell | tell inform
notify |
look search | big large | start begin | find discover | about roughly | reach arrive land dock come enter cross |
set leave depart go | stop halt block prevent | deport expel remove return send | detain arrest hold | free release |
injure hurt wound | kill die drown perish | save rescue | boat ship vessel dinghy | coach bus | house home dwelling
accommodation shelter bed hostel | job work employment position post vacancy | worker employee staff labour labor |
boss
employer manager | pay wage salary earnings | money fund cash payment | fee cost price charge | fine penalty | law act
legislation bill statute | rule regulation measure | plan scheme programme program project | deal agreement accord
pact
treaty memorandum | talk negotiation | vote ballot poll | majority most | parliament mp lawmaker legislator |
government
cabinet administration | ministry department office | minister secretary | court judge tribunal bench | ruling
judgment
judgement decision verdict rule | appeal challenge | sue lawsuit case | lawyer attorney counsel | police officer |
border
frontier | migrant immigrant newcomer | refugee asylum | application request claim file bid | applicant claimant
seeker |
permit licence license authorisation authorization visa card | holder hold | citizen national | citizenship
nationality naturalisation naturalization | child kid minor | person people individual man human | family relative |
student pupil learner | teacher instructor lecturer leader | school college | course class lesson | town city
municipality
place | village hamlet | region area province district | camp centre center facility site | hospital clinic | fence
wire
barrier wall | additional more further another extra | only just | about around roughly approximately | whole entire |
every each all | often frequently | soon shortly | now currently today | quick fast rapid | late delay | wait pending
queue | open reopen | close shut | double twice twofold | half halve | part section | share proportion percentage |
number
total count figure amount | year annual | month monthly | week weekly | day daily | cut reduce lower | back return |
criticise criticize complain protest | accuse allege blame | reject refuse deny | escape flee | throw hurl | carry
transport
take board aboard | run operate manage | say state declare | call describe name term | fear worry | unclear undecided
|
likely probably | possible may | allow let permit can able | must require oblige have need duty | ban bar prohibit
forbid
block | intend plan mean aim want | promise pledge vow | expect anticipate forecast | estimate reckon | attribute
credit |
decide choose rule | approve adopt agree pass consent accept | withdraw revoke cancel | abolish scrap end repeal |
extend
prolong renew lengthen | expire end lapse run | valid last | fail lack | free exempt | qualify eligible | register
enrol
enroll sign join record | check inspect examine control | inspector auditor | hide conceal | promise guarantee | build
erect | destroy damage | attack assault beat | steal rob theft | drug narcotic | smuggler trafficker middleman | crime
offence offense | suspect accused | punish jail prosecute | alone unaccompanied | poor low | rich wealthy | foreign
overseas abroad alien | domestic home | price cost | trip journey travel | flight plane aircraft | road street | sea
ocean |
river stream | language tongue | test exam examination | complaint grievance | vanish disappear | protest
demonstration
demonstrate rally march | proposal propose | continue go keep maintain carry still | remain stay keep | empty vacant
unused
| short shortage | site place location | letter mail | company firm business employer line | union | group
organisation
organization association | found hold rule | understand understood | paper document | fall drop decline | rise grow
climb
increase | compare against | wish want | doctor physician medic | tourist visitor traveller traveler | farmer grower |
recruit hire | recruiter agency agent | punish penalise penalize | gain benefit | wife husband spouse partner |
marriage
marry wed | chair head lead director chief boss | mayor | coastguard navy patrol | drown sink capsize | lorry truck |
ferry
boat | bribe corruption | deposit | enforce apply implement carry | unacceptable incomprehensible | temporary limited
|
repair fix maintenance | move shift transfer relocate | section part | spread distribute | reply answer respond
response |
headquarters office | meet gather | watch monitor | medal prize award | born native | violate breach break | late end
|
early begin start | dispute contest disagree | idle unused | train training | neglect ignore | foot walk | offer
propose |
buoy barrier | introduce bring launch start | lift remove end | overturn reverse quash | detain custody arrest jail |
split divide group | measure step move | warn advise | return come back
stay | away absent | search seek look | stick stuck strand trap | room space | prefer rather | bus coach | clear
remove empty
evict | conclusion decision result | different disagree differ | conclude decide | appear seem | surprise astonish |
lounge
hall room | volunteer | concern affect relate about involve
"""
_PHRASES = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), axis, positive)
    for pattern, axis, positive in (
        (r"(?:turn|vot)(?:e?d|s|ing)? (?:\w+ )?down|shot down|ruled? out|voted against", "consent", False),
        (r"signed off|waved? through|voted for|gave (?:the )?green light", "consent", True),
        (r"called off|wound up|phased? out|ran out|given up|gave up|does away with|did away with", "begin", False),
        (r"went live|came into force|took effect|set up|carr(?:y|ied) on|go(?:es)? on|went on", "begin", True),
        (r"str(?:ike|ikes|uck|iking) down|threw out|thrown out", "ruling", False),
    )
)
_THAN = re.compile(r"(?: \w+){0,4} than\b")
# Directions only in comparisons: "11 per cent fewer", "more than in May".
_COMPARED = frozenset({"more", "less", "fewer"})
_MEASURED = frozenset("percent cent times third quarter tenth fifth much many far".split())
_NOUNS = frozenset(
    "department departments employment employer employers employee employees agreement agreements".split()
)
# "un-" and "non-" turn nearly every word that has them, the others only these: "income" isn't the opposite of "come".
_PREFIX = re.compile(
    r"^(?:un|non)(?=[a-z]{4})|^(?:il|im|in|ir)(?=(?:legal|regular|possible|correct|valid|eligible|sufficient|admissible"
    r"|complete|humane|dependent|secure|stable|adequate|accurate|tolerable|effective|capable|visible|proper|probable"
    r"|moral|partial|literate|relevant|responsible|replaceable|reversible|formal|active|convenient|flexible)(?:ly)?$)"
    r"|^dis(?=(?:agree|approve|allow|appear|continue|connect|honest|like|respect|satisf|advantage|abled|obey|qualif|trust))"
)


def _sides() -> dict[str, tuple[tuple[str, bool], ...]]:
    found: dict[str, dict[tuple[str, bool], None]] = {}
    for line in re.sub(r"\n\s+", " ", _OPPOSITES).strip().splitlines():
        axis, words = line.split(":")
        for positive, side in zip((True, False), words.split("|"), strict=True):
            for word in side.split():
                found.setdefault(key(word), {})[axis, positive] = None
    return {k: tuple(sides) for k, sides in found.items()}


def _groups() -> dict[str, frozenset[str]]:
    entries = [frozenset(key(w) for w in entry.split()) for entry in _SYNONYMS.replace("\n", " ").split("|")]
    found: dict[str, frozenset[str]] = {}
    for entry in entries:
        for k in entry:
            found[k] = found.get(k, frozenset()) | entry
    return found


SIDES: Mapping[str, tuple[tuple[str, bool], ...]] = _sides()
"""By key: the axes on which a word has an opposite, and whether it stands on the positive side."""
_SYNONYMS_OF = _groups()


def synonyms(k: str) -> frozenset[str]:
    """The keys of words that may say the same as the word of key `k`, itself included; empty for most."""
    return _SYNONYMS_OF.get(k, frozenset())


def without_prefix(word: str) -> str:
    """ "documented" for "undocumented"; "" for a word without a negative prefix."""
    return _PREFIX.sub("", word) if _PREFIX.match(word) else ""


@lru_cache(maxsize=20_000)
def senses(text: str) -> tuple[Sense, ...]:
    """The words of `text` that have an opposite, in order."""
    found = [
        Sense(axis, positive, match.group().lower(), match.start(), match.group())
        for pattern, axis, positive in _PHRASES
        for match in pattern.finditer(text)
    ]
    before = ""
    for token in tokens(text):
        measured = token.word in _COMPARED and before not in _MEASURED and not _THAN.match(text, token.end)
        noun = token.word in _NOUNS or (token.word == "end" and before in ("the", "year"))
        noun = noun or (token.word == "left" and before in AUXILIARIES)  # "212 are left"
        if not noun and not measured:
            for axis, positive in SIDES.get(token.key, ()):
                found.append(Sense(axis, positive, token.key, token.start, token.text))
        before = token.word
    return tuple(found)
