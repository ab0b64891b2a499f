"""Sentence boundaries in news text, as exact character offsets."""

from __future__ import annotations

import re

# After these a full stop doesn't end a sentence.
_TITLES = (
    "Mr Mrs Ms Mx Dr Prof Rev Fr Hon Gov Sen Rep Reps Sens Pres Gen Lt Col Maj Capt Cpl Sgt Cmdr Adm Supt Insp "
    "St Ste Mt Ft Messrs Atty Det Amb Sec Sgt"
)
_NAMES = "Jr Sr Bros vs v al approx dept est misc"
_MONTHS = "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thurs Fri Sat Sun"
# After these only a figure goes on ("No. 5", "Art. 8", "pp. 3"): before a word the sentence is over.
_BEFORE_FIGURE = "No Nos no nos Art Sec Fig Vol Ch p pp para paras c ca cl reg"
# These may close a sentence too; only what follows tells.
_EITHER_WAY = "Inc Corp Co Ltd LLC plc Bros etc a.m p.m Ave Blvd Rd e.g i.e U.S U.K U.N E.U U.S.A D.C L.A N.Y Ph.D"

_NEVER_ENDS = frozenset(f"{_TITLES} {_NAMES} {_MONTHS}".split())
_FIGURE_FOLLOWS = frozenset(_BEFORE_FIGURE.split())
_MAY_END = frozenset(_EITHER_WAY.split())

# A word that starts a sentence far more often than it follows an abbreviation in mid-sentence.
_STARTERS = frozenset(
    "The A An It He She They We I You This That These Those There Here In On At By For From With After Before "
    "When While If As But And Or So Yet However Meanwhile Since Under About Some Many Most Both His Her Their "
    "Its Our My What Who Why How Where Which No Not Now Then Also Although Because Despite During Until Last "
    "Officials Police".split()
)

_BOUNDARY = re.compile(
    r"""
    (?P<stop>[.!?…]+)(?P<close>["'”’»)\]]*)(?P<gap>\s+)(?=(?P<next>["'“‘«(\[¿¡]*[^\W_]|[-–—•"“‘«(\[]))
    | (?P<wide>[。！？]+[”’」』）]*)\s*(?=\S)
    """,
    re.X,
)
_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n\S(?:.*\S)?)*", re.M)
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«]+$")
_NEXT_WORD = re.compile(r"[\"'“‘«(\[]*([^\W_][\w’']*)")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Offsets (start, end) of the sentences of `text`, in order; `text[start:end]` has no outer space.

    Paragraphs (separated by an empty line) always end a sentence, so a sub-heading is one by itself.
    """
    spans = []
    for paragraph in paragraphs(text):
        spans.extend(_split_paragraph(text, *paragraph))
    return spans


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Offsets (start, end) of the paragraphs of `text`, without outer space."""
    return [match.span() for match in _PARAGRAPH.finditer(text)]


def _split_paragraph(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    begin = start
    for match in _BOUNDARY.finditer(text, start, end):
        if match["wide"]:
            cut = match.end("wide")
        elif _ends_sentence(text, begin, match):
            cut = match.end("close")
        else:
            continue
        spans.append((begin, cut))
        begin = match.end()
    if begin < end:
        spans.append((begin, end))
    return spans


def _ends_sentence(text: str, begin: int, match: re.Match[str]) -> bool:
    following = _NEXT_WORD.match(text, match.end())
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    if match["stop"] != "." or match["close"]:
        return True
    last = _LAST_WORD.search(text, begin, match.start())
    abbreviation = last[0] if last else ""
    if abbreviation in _NEVER_ENDS:
        return False
    if abbreviation in _FIGURE_FOLLOWS:
        return not word[:1].isdigit()
    if abbreviation in _MAY_END or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", abbreviation):
        return word in _STARTERS
    if re.fullmatch(r"[A-Z]", abbreviation):  # an initial: "George W. Bush"; but "plan B. The"
        return word in _STARTERS
    return True
