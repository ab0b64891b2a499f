"""Who says what: verbs of saying and the words that they relay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.claims.tokens import clause_at


@dataclass(frozen=True, slots=True)
class Attribution:
    """A verb of saying.

    Attributes:
        firm: whether it vouches for what is said ("confirmed", "announced", "figures show") or only relays it.
        scope: offsets (start, end) of what is said.
        start: character offset.
        text: the word.
    """

    firm: bool
    scope: tuple[int, int]
    start: int
    text: str


_RELAYS = re.compile(
    r"\b(?:say|says|said|saying|told|tells|tell|argu(?:e|es|ed|ing)(?! for)|warn(?:s|ed|ing)?|believ(?:e|es|ed)"
    r"|claim(?:s|ed) (?:that|to|he|she|it|they|the)"
    r"|alleg(?:e|es|ed|edly|ing)|accus(?:e|es|ed|ing)|complain(?:s|ed)?|maintain(?:s|ed)|(?<=[\w,] )estimat(?:e|es"
    r"|ed)|reckon(?:s|ed)?|explain(?:s|ed)?|insist(?:s|ed)?"
    r"|suggest(?:s|ed)?|think|thinks|thought|fear(?:s|ed)?(?= that|[.,;]|$)|predict(?:s|ed)?|attribut(?:e|es|ed)"
    r"|credit(?:s|ed)"
    r"|describ(?:e|es|ed)|call(?:s|ed)(?= (?:it|him|her|them|the \w+|[A-Z]\w+['’]s \w+) [“\"']?\w+)|den(?:y|ies|ied)"
    r"|reportedly"
    r"|apparently|supposedly|testif(?:y|ied)|write|writes|wrote"
    r"|urg(?:e|es|ed)|blam(?:e|es|ed)|doubt(?:s|ed|ful)?|suspicion that|suspect(?:s|ed)?|charged (?:\w+ ){1,9}with"
    r"|criticis(?:e|es|ed)|criticiz(?:e|es|ed)|according to|in the (?:view|opinion|eyes|words) of"
    r"|(?<=['’]s )(?:view|opinion)(?=,))\b",
    re.IGNORECASE,
)
_VOUCHES = re.compile(
    r"\b(?:announc(?:e|es|ed)|confirm(?:s|ed)?|show(?:s|ed|n)?|f(?:ind|inds|ound)(?= that\b|[.;]|$)|reveal(?:s|ed)?"
    r"|rul(?:e|es|ed)"
    r"|held|not(?:e|es|ed)|reported|(?<!denied )reports that|conced(?:e|es|ed)|admit(?:s|ted)?|acknowledg(?:e|es"
    r"|ed)|decid(?:e|es|ed)"
    r"|count(?:s|ed)?|record(?:s|ed)?|(?:report|study|survey|ranking|figures|data|statistics|census"
    r"|audit)\b[^.;,]{0,40}? (?:says?|said)"
    r"|[Aa]ccording to (?:the |its |their |official |new |a )*(?:[\w-]+ ){0,3}"
    r"(?:figures?|data|statistics|report|study|count|census|release|survey|[A-Z]{3,}|[\w ]{3,40}\([A-Z]{3,}\)"
    r"|(?:[\w-]+ )?(?:ministry|department|office|agency|police|service|bureau|institute|[Ff]rontex|UNHCR|IOM)))\b"
)
# Where another statement of the sentence begins, and what follows "said" without being what is said.
_PART = re.compile(
    r",\s+(?=(?:and(?! that)|but|although|though|while|whereas|because|after|which|who|where|when|until|unless"
    r"|of which|of whom)\b)",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:on|in|at|to) (?:\w+day|reporters|parliament|\d+ \w+(?: \d{4})?|[A-Z]\w+ \d+(?:, \d{4})?|[A-Z]\w+"
    r"|the \w+)\b"
)
_CLOSED = re.compile(r",[\"”’]|[\"”’],")
_INSERTED = re.compile(r"(?: [\w'’-]+){1,10}, (?=\w)")
_OPENS = re.compile(r"\bIn [\w ,.-]+['’]s $")  # "In Ann Lee's opinion,"
_INVERTED = re.compile(r",[\"”’]? $")  # "…, said Ann Lee"
_RELATIVE = re.compile(r"[\s,]*(?:which|who|whose)\b")
_COMMA_OR_QUOTE = re.compile(r"[,\"“”]")
_SAYS_LITTLE = 3  # words


@lru_cache(maxsize=20_000)
def attributions(text: str) -> tuple[Attribution, ...]:
    """The verbs of saying of `text` in order."""
    firm = [match.span() for match in _VOUCHES.finditer(text)]
    relays = [m.span() for m in _RELAYS.finditer(text) if not any(a <= m.start() < b for a, b in firm)]
    cues = [(span, True) for span in firm] + [(span, False) for span in relays]
    return tuple(
        Attribution(vouches, _scope(text, *span), span[0], text[slice(*span)]) for span, vouches in sorted(cues)
    )


def _scope(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of what the verb of saying at `start` to `end` relays.

    It is what follows up to the next ", but", ", which" or the like; where hardly anything follows, what precedes.
    """
    first, last = clause_at(text, start)
    cuts = [first, *(m.start() for m in _PART.finditer(text, first, last)), last]
    begin = max(cut for cut in cuts if cut <= start)
    finish = min(cut for cut in cuts if cut >= end)
    if text[start:end].lower().startswith(("according to", "in the", "view", "opinion")):
        comma = text.find(",", end, finish)
        if not _OPENS.sub("", text[begin:start]).strip(" ,") and comma >= 0:
            return comma, finish
        return begin, start
    if text[start:end].lower().endswith("ly"):  # "allegedly"
        return begin, finish
    if text[start:end].lower().startswith(("call", "describ")):
        comma = text.find(",", end, finish)
        return end, comma if comma >= 0 else finish
    if inserted := _INSERTED.match(text, end, finish):  # "Since May, says Ann Lee, rents have risen"
        return inserted.end(), finish
    if not _COMMA_OR_QUOTE.search(text, begin, start) and text[end:finish].strip(" .,"):
        return end, finish  # "The Red Cross said nobody slept outdoors"
    relative = _RELATIVE.match(text, begin, start)  # "The Red Cross, which runs it, said"
    if relative and text[end:finish].strip(" .,"):
        return end, finish
    inverted = _INVERTED.search(text, begin, start) and " that " not in text[end:finish]
    if not inverted and len(_SPOKEN.sub("", text[end:finish]).split()) > _SAYS_LITTLE:
        return end, finish
    closed = [m.start() for m in _CLOSED.finditer(text, begin, start)]
    comma = closed[-1] if closed else text.rfind(",", begin, start)
    return begin, comma if comma > begin else start
