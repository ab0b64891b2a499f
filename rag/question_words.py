"""The words of questions: those that only ask, those that say how and of what, and those that mean the same.

The tables are strict: a pair of words stands here only where the same answer fits both. So "migrant" and "refugee",
"reject" and "end", "boat" and "person" never do, near as they are in meaning.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.word_forms import key

_ENDING = re.compile(r"(?:s|ed|ing)$")
_OF_PERSONS = ("er", "or", "ee")
_VERBS = frozenset({"agree", "disagree", "guarantee"})
Rule = tuple[re.Pattern[str], str]


def _rules(lines: str) -> tuple[Rule, ...]:
    """`pattern => replacement`, one a line; "_" in a replacement is a space."""
    pairs = (line.split(" =>") for line in lines.strip().splitlines())
    return tuple(
        (re.compile(pattern.strip()), replacement.strip().replace("_", " ")) for pattern, replacement in pairs
    )


@lru_cache(maxsize=50_000)
def word_key(word: str) -> str:
    """The key of a lower-case word; words for persons stay apart: "widower" from "widow", "officer" from "office"."""
    short = key(word)
    bare = _ENDING.sub("", word)
    if bare.endswith(_OF_PERSONS) and not short.endswith(_OF_PERSONS) and bare not in _VERBS:
        return bare
    return short


def _keys(text: str) -> frozenset[str]:
    return frozenset(word_key(word) for word in text.split())


WORD = re.compile(r"\d+(?:\.\d+)?|u\.s\.|[^\W\d_]+\d+[^\W\d_]*|[^\W\d_]+(?:'[^\W\d_]+)*")
POSSESSIVE = re.compile(r"'s?(?=\W|$)")
_NUMERALS = {
    word: str(value)
    for value, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"twice": "2 times", "fifteen": "15", "twenty": "20", "thirty": "30", "hundred": "100"}
_PRONOUN_ONE = re.compile(
    r"^\W*one\b(?= (?:is|are|was|were|has|will|can)\b)|\b(?:which|the|this|that) one\b(?! of\b)"
)
UNIONS = frozenset({"u.s.", "uk", "eu"})

# What people put before and behind a question.
POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|dear \w+|good (?:morning|evening|afternoon)|ok|okay|so|well|sorry|excuse me"
    r"|quick question"
    r"|thanks|thank you|please)(?: there| all)?\b[\s,.!:–-]*)+"
    r"|\b(?:(?:can|could|would|will) (?:you|anyone|someone|somebody) (?:please )?(?:please |kindly )?"
    r"(?:tell|explain|say|let)(?: to)?(?: me| us)?(?: know)?|please tell me|tell me|let me know"
    r"|do you (?:happen to )?know"
    r"|does (?:anyone|anybody) know|i (?:was|am|'m) (?:just )?wondering|i wonder|i(?: would|'d"
    r"| want to)? (?:like to )?"
    r"(?:know|ask|find out)|i(?:'m| am) (?:looking for|trying to find out)|any idea|please explain"
    r"|explain)\b(?: about)?"
    r"[\s,:]*(?=(?:if|whether|who|what|when|where|why|how|which|the|about|in|is|are|a|an)\b)"
    r"|\b(?:please|exactly|actually|really|precisely|basically|thanks|thank you|thx|cheers)\b"
)

# In order, on lower-case text. What comes out are words of the tables below.
PHRASES = _rules(r"""
^\W*define\b => what is
\bfree of charge\b => free
\bin charge of\b => head of
\b(?:ask|asks|asked|asking) for asylum\b => apply for asylum
\bit (?=(?:il)?(?:legal|lawful|allowed|possible|permitted|necessary|required|mandatory|take|takes|cost|costs)\b) =>
\b(?:has|have)((?: [\w.]+){0,3}) got\b => does \1
\bnet migration\b => netmigration
\bstands? for\b => mean
\bshares? (?:a |its |their )?border with\b => border
\bwhat (?:happens|would happen|will happen) if\b => what are the consequences of
\b((?:law)?suits?)((?: \w+){0,4}?) against\b => \1\2 over
what['’]?s\b => what is
who['’]?s\b => who is
when['’]?s\b => when is
where['’]?s\b => where is
how['’]?s\b => how is
\bcan['’]?t\b|\bcannot\b => can not
\bwon['’]t\b => will not
n['’]t\b => _not
['’]ll\b => _will
['’]ve\b => _have
\b(\w+)['’]re\b => \1 are
(?<=\w)['’]d\b => _had
\$\s?([\d.,]+(?: (?:million|billion))?) => \1 dollar
£\s?([\d.,]+(?: (?:million|billion))?) => \1 pound
€\s?([\d.,]+(?: (?:million|billion))?) => \1 euro
(?<=\d),(?=\d{3}\b) =>
%|\bper ?cent\b => _percent
\b(?:the )?(?:united states(?: of america)?|u\.s\.a?\.?|usa|america)(?=\W|$) => u.s.
\b(?:the )?(?:united kingdom|great britain|britain|u\.k\.)(?=\W|$) => uk
\bthe (?=(?:uk|eu|u\.s\.)(?:\W|$)) =>
\bbritish\b|\bbritons?\b => uk
\b(?:the )?(?:european union|e\.u\.)(?=\W|$) => eu
\bbrexit\b => brexit
\b([a-z]{1,4})-(\d+)-?([a-z]?)\b => \1\2\3
\be-(?=[a-z]) => e
\bcenter(s?)\b => centre\1
\bprogram(s?)\b => programme\1
\bcoastguard => coast guard
\bschengen (?:area|zone)\b => schengen
\bfamily members?\b => relatives
\b(?:what is )?(?:the )?maximum stay\b => how long can you stay
\bwho (?:can|may) (?:get|claim|receive|obtain)\b => who is qualified for
\bwho (?:is|are) (?:eligible|entitled)(?: for| to)?\b|\bwho qualif(?:y|ies) for\b => who is qualified for
\bmoney\b =>
\b(?:com(?:e|es|ing)|came|enter(?:s|ed)?|go(?:es)?|went) into (?:force|effect)\b => start
\b(?:take|takes|took|taking|taken) effect\b|\bstart(?:s|ed)? (?:to apply|applying)\b => start
\b(?:take|takes|took|taken|taking) place\b => happen
\b(?:let|lets) in\b => admit
\b(?:go|goes|went|going|gone) up\b => rise
\b(?:go|goes|went|going|gone) down\b => fall
\bput(?:s|ting)? forward\b => propose
\bcarr(?:y|ied|ies) out\b => conduct
\bset(?:s|ting)? up\b => establish
\b(?:shut|shuts|shutting|close[sd]?|closing) down\b|\bshut(?:s|ting)?\b => close
\b(?:hand|hands|handed|give|gives|gave|given) out\b => issue
\b(?:send|sends|sent|sending) back\b => sendback
\b(?:turn|turns|turned) up\b|\b(?:show|shows|showed) up\b => appear
\b(?:step|steps|stepped) down\b => resign
\bstruck down\b|\bstrike down\b => overturn
\bon board\b => aboard
\b(?:file|files|filed|bring|brought|lodge[sd]?) (?:a |an |the )?(?:law)?suits?\b => sue
\b(?:law)?suits?((?: \w+){0,3}) (?:filed|brought|lodged)\b => sue\1
\bgo(?:es)? missing\b|\bwent missing\b => disappear
\basylum[- ]seek(?:er|ing \w+)(s?)(?:['’]s?)? => asylumseeker\1
\bgreen card holders?\b|\b(?:lawful |legal )?permanent residents?\b => permanentresident
\bpermanent residen(?:ce|cy)\b => permanentresidence
\bvoting\b => vote
\b(?:become|becomes|became|becoming) (?:an? )?((?:[\w.]+ )?)citizens?\b => get \1 citizenship
\b(?:naturalis|naturaliz)(?:ation|e|ed|ing)\b => citizenship
\b(?:each|every|per|a|every single) (?:calendar )?year\b|\byearly\b|\bannual(?:ly)?\b => yearly
\b(?:each|every|per|a) month\b => monthly
\b(?:each|every|per|a) week\b => weekly
\b(?:each|every|per|a) day\b => daily
\b(?:each|every|per|a) night\b => nightly
\b(?:so far|to date|up to now|until now|at the moment|at present|right now|presently|currently|nowadays)\b => now
\bin total\b|\baltogether\b|\boverall\b|\btotal (?=number) =>
\bthe (?:right|permission) to\b => allowed to
\bwhat(?: is|'s) new (?:in|about|with|on)\b => what changed
\bdeadline\b => deadline
\bnot (?:have|need) to\b => exempt from
\bexempt from (?:take|taking)\b|\bexempted from\b => exempt from
\bhow come\b => why
\bmore than(?= \d)|\bover(?= \d)|\babove(?= \d) => morethan
\bless than(?= \d)|\bfewer than(?= \d)|\bbelow(?= \d)|\bunder(?= \d) => lessthan
""")

# In order: the first that matches decides; what it matched is taken out of the question, but for what is in brackets.
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("why", r"\bwhy\b|\b(?:for )?(?:what|which) (?:is |are |was |were )?(?:the )?(?:main )?(?:reason|cause)s?\b"
                r"(?: (?:for|of|that|why))?|\b(?:what|which) (?:factors? )?(?:caused|causes|triggered"
                r"|led to|made|makes)\b"
                r"|\bthe (?:reason|cause)s (?:for|of)\b"),
        ("age limit", r"\bhow old (?:must|do(?:es)? (?=.*\b(?:have|need) to\b)|should)|\b(?:at "
                      r"|from )?what age (?:can|may|must)\b"
                      r"|\b(?:what is (?:the )?)?(?:minimum|lowest|youngest) age\b"),
        ("age", r"\bhow old\b|\bwhat (?:is the )?(?:average )?age\b"),
        ("times", r"\bhow (?:often|many times|frequently)\b"),
        ("share", r"\b(?:what|which)(?: is| was| are| were)?(?: the)? (?:percentage|percent|share"
                  r"|proportion|fraction)"
                  r"(?: of)?\b|\bhow (?:large|big|great|high) (?:is |was )?(?:an? |the )?(?:share"
                  r"|proportion|percentage)(?: of)?\b"
                  r"|\b(?:percentage|share|proportion) of\b"),
        ("wait", r"\bhow (?:long|much time) (?:do|does|did|will|would|must|is|are|has|have)\b(?=.*\b(?:take"
                 r"|wait|last until)\b)"
                 r"(?: it)?(?: take)?|\bhow (?:fast|quickly|soon)\b|\b(?:what is (?:the )?)?(?:average "
                 r"|usual |typical )?"
                 r"(?:wait(?:ing)?|processing) (?:time|period)s?\b"),
        ("duration", r"\b(?:for )?how long\b|\bhow much time\b|\bmaximum (?=stay\b)|\bduration of\b"),
        ("quantity", r"\bhow (?:many|much)\b(?: is| are| was| were)?|\b(?:what|which)(?: is| was| are"
                     r"| were)?(?: the)? "
                     r"(?:total |overall |exact )?(?:number|count|amount|size|level|population"
                     r"|quantity) of\b|\bnumber of\b"
                     r"|\bpopulation of\b"),
        ("size", r"\bhow (?:high|big|large|great|expensive|low|small) (?=(?:is|are|was|were|will)\b)"),
        ("when", r"\b(?:(?:on|in|by|at|from|since|during) )?(?:what|which) (?:date|day|year|month|time|week)\b"
                 r"|\b(?:from |since )?when\b|\bwhat is (?=(?:the )?deadline\b)"),
        ("where", r"\bwhere (?:can|do) (?:you|i|we|one|people)\b|\bwhere\b|\b(?:in|at|to|from|near"
                  r"|on) (?:what|which) (?:place|location|country|countries|city|town)\b"
                  r"|\b(?:what|which) (?:place|location)s?\b|\b(?:what|which) countr(?:y|ies)(?= (?:do|does"
                  r"|did)\b.*\b(?:from|go)\b)"),
        ("name", r"\bwhat (?:is|was) the name of\b|\bwhat (?:is|was|are) (?=.* (?:called|named)\b)"),
        ("who", r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|people|individual|compan(?:y|ies)|firms?"
                r"|organi[sz]ations?"
                r"|agenc(?:y|ies))\b"),
        ("how", r"\bhow (?:can|do|does|could|should|would) (?:you|i|we|one|people|someone|anyone)\b|\bhow\b"
                r"|\bwhat is the (?:way|process|procedure) (?:to|for|of)\b|\bwhat do you (?:have"
                r"|need) to do (?:to|for)\b"),
        ("what", r"\bwhat\b|\bwhich\b"),
        ("whether", r"^\W*(?:[^,?]{1,60}, )?(?:is|are|was|were|do|does|did|can|could|has|have|had|will"
                    r"|would|should|may|might|must|if"
                    r"|whether|am)\b|\b(?:if|whether) (?=\w+ (?:is|are|do|does|can|may|have|has|will|get)\b)"),
    )
)  # fmt: skip
ASKING = re.compile(r"\b(?:who|whom|whose|what|when|where|why|how|which)\b")
# A question of the first kind may be put as one of the second, where all else agrees.
SAME_KIND = frozenset(
    frozenset(pair)
    for pair in (
        ("what", "who"),
        ("who", "name"),
        ("what", "name"),
        ("size", "what"),
        ("size", "quantity"),
        ("", "what"),
        ("", "quantity"),
        ("", "share"),
    )
)
# "What is the …" of one of these asks how much it is.
AMOUNTS = _keys(
    "cost fee price charge salary wage income fine budget surcharge threshold cap limit quota ceiling rate backlog "
    "spending netmigration number total population size level capacity amount"
)
# "What does it …" asks how much.
PAYING = re.compile(
    r"^\W*what\b.*\b(?:cost|costs|charge|charges|pay|pays|paid|earn|earns|spend|spends|receive|receives)\b"
)
COPULA = re.compile(r"^\W*(?:what|which)? ?(?:is|was|are|were|will be)\b|^(?!\W*(?:what|which)\b)")

MODALS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (mode, re.compile(rf"\b(?:{pattern})\b"))
    for mode, pattern in (
        ("must", r"must|(?:have|has|had|having|need|needs|needed|required|obliged|forced|necessary"
                 r"|mandatory)(?= (?:for [\w ]+? )?to\b)"),
        ("should", r"should|ought to|supposed to"),
        ("can", r"(?:un)?able to|(?:allowed|permitted|entitled|eligible|free|possible|legal"
                r"|lawful)(?= (?:for [\w ]+? )?to\b)"
                r"|legally|can|could|may"),
        ("would", r"would|might"),
        ("will", r"will|shall|(?:is|are|be) (?=[\w ]*\bgoing to\b)|going to|(?:is|are) (?:due|set|about) to"
                 r"|due to (?=be )"),
    )
)  # fmt: skip
DENIALS = {
    **dict.fromkeys(("not", "never", "no", "none", "nobody", "nothing", "neither", "nor"), "not"),
    "without": "without",
}
DENYING = re.compile(
    r"\b(?:unable to|fail(?:s|ed)? to|refus(?:e|es|ed) to|declin(?:e|es|ed) to|no longer|not any ?more)\b"
)
PAST = re.compile(r"\b(?:did|was|were|had|been)\b")
PRESENT = re.compile(r"\b(?:do|does|is|are|am)\b")

# Words that a question may have or lack.
LIGHT = _keys(
    """a an the this that these those of for in on at to by with about as into onto from during over off near around
    toward towards across regarding concerning and or you i we one they them their theirs he she it its his her
    your my our me us who whom whose which what is are was were be been being am do does did done have has had
    there here will shall any ever already just so also too now today currently people person persons individual
    individuals someone anyone anybody somebody those live lives living be become belong exist happen happened
    happening occur occurred conduct if whether then than between available case"""
) - {"than"}
# Light only behind some kinds of question: "how long does it take to get a green card", "the time for a green card".
LIGHT_WHEN = {
    "wait": _keys("get obtain receive take wait time period process decide"),
    "quantity": _keys("cost fee price charge number total amount size get there level"),
    "share": _keys("percent share"),
    "size": _keys("size big large"),
    "why": _keys("reason cause"),
    "when": _keys("date day year time able"),
    "where": _keys("place country"),
    "name": _keys("name call"),
    "age limit": _keys("old age minimum have need be can"),
    "times": _keys("time"),
    "what": _keys("mean"),
}
# Words that may stand for one another in a question. One word may be in several groups.
_GROUPS = """
cost fee price charge | die died death deaths dead perish | head lead leader run boss chief director manage | large
big | begin start commence | end finish terminate | rise increase grow | fall decrease drop decline | child kid
minor | receive get obtain | give grant issue award | grant approve approval | approve pass adopt | buy purchase |
help assist assistance | job work employment | reject refuse refusal deny denial rejection | deport expel expulsion
removal | sendback return | detain hold detention | detention custody | ask request | file lodge submit make | claim
application | wait await pending | find finding discover | respond response reply react reaction | decide decision
rule ruling judgment judgement verdict | criticise criticize criticism | result outcome | punish punishment penalty
sanction | rule regulation | law act statute | plan scheme programme policy | deal agreement accord | country nation
| boat vessel | lawyer attorney solicitor | centre facility | place location | place seat slot spot | family
relative | cap limit quota ceiling | limit maximum | valid validity | extend extension prolong | renew renewal |
expire expiry expiration | flee leave | depart leave departure | arrive arrival come reach | enter come entry |
cross crossing | abolish scrap | suspend pause halt | resume restart | tighten toughen | ease relax loosen | build
construct construction | fund funding finance | spend spending expenditure | pay payment | salary wage | test exam |
sue sued lawsuit | rescue save | crash accident | strike walkout | protest demonstration | resign quit resignation |
inquiry investigation probe | migrant immigrant | illegal undocumented irregular unauthorised unauthorized | foreign
overseas abroad | reunite reunification reunion | housing accommodation accommodate house | border frontier |
company firm | annual yearly | day daily | need require requirement | requirement condition criterion criteria |
eligible qualify | kind type sort | name call | condemn denounce | support back | propose suggest proposal |
announce announcement | say tell comment statement | promise pledge vow | plan intend | consider regard | legal
lawful | stay remain | move relocate | kid young | disappear vanish | sign signature | evacuate evacuation | admit
accept take | student pupil | get grant | introduce launch | include list | contain include | document paper |
belong member | parolee parole | question interview | attack assault | site camp | size big | win get | relocate
transfer
"""
# Words with a common beginning that mean different things.
UNLIKE = frozenset(
    frozenset(_keys(pair))
    for pair in ("minister ministry", "police policy", "employer employee", "nation nationality", "refugee refuge",
                 "migrant migration", "student study", "criminal crime", "parliament party", "immigrate emigrate")
)  # fmt: skip


def _numbered(groups: str) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for number, entry in enumerate(groups.replace("\n", " ").split("|")):
        for word in entry.split():
            found[word_key(word)] = found.get(word_key(word), frozenset()) | {number}
    return found


GROUPS = _numbered(_GROUPS)
"""By key: the groups of words that may stand for one another. One word may be in several."""

# People and bodies that do things to one another: who does it to whom must agree.
ACTORS = _keys(
    """asylumseeker refugee migrant immigrant emigrant permanentresident citizen resident worker employer employee
    student child parent mother father spouse wife husband sibling family relative sponsor smuggler trafficker
    guard officer police agent soldier judge court tribunal board minister ministry government parliament
    congress senate president mayor governor union party company landlord tenant lawyer doctor teacher detainee
    prisoner victim suspect witness uncle aunt nephew niece cousin brother sister grandmother grandfather
    neighbour army navy coastguard state council agency charity activist protester farmer nurse carer investor
    diplomat visitor tourist host applicant claimant national local man woman boy girl journalist senator
    republican democrat"""
)


def tokens_of(text: str) -> list[str]:
    """The words of lower-case `text` in order, small numbers in figures, possessives bare."""
    found = []
    for word in WORD.findall(POSSESSIVE.sub("", _PRONOUN_ONE.sub("ones", text))):
        found += _NUMERALS.get(word, word).split()
    return [word for word in found if word not in ("'", "")]
