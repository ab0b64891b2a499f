"""Takes out of an article what isn't reporting: credits, repeated captions, teasers, page furniture.

Cleaning is conservative. A rule works on whole lines only, and each asks for a mark that reporting doesn't
carry (a credit sign, a label with a colon, the same words twice); a rule that could eat reporting isn't here.
Running it again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.text import normalise

MAX_FURNITURE_CHARS = 200  # a longer line is a paragraph of somebody's writing, whatever it begins with
MAX_CAPTION_CHARS = 400
MIN_REPEATED_CHARS = 25  # shorter lines ("Background", "Yes") may well stand twice in one article

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")

# "Cover photo: Collage: IMAGO", "Photo by Jane Doe/Reuters", "Image credit: AFP".
_CREDIT_LABEL = re.compile(
    r"^(?:(?:cover|header|title|file|featured|main|lead)\s+)?(?:photos?|image|picture|pic|photograph|collage|"
    r"illustration|graphic|video|foto|titelfoto|imagen|crédito)s?\s*"
    r"(?::|\bcredits?\s*:|\bcourtesy(?: of)?\b|\bby\b\s*:?|\bvia\b)\s*\S",
    re.I,
)
_AGENCIES = r"\b(?:AP(?: Photo)?|AFP|Reuters|Getty(?: Images)?|EPA|IMAGO|Shutterstock|Alamy|dpa)\b"
# "(c)" alone is also the third letter of a list, as laws have it.
_CREDIT_SIGN = re.compile(rf"(?:©|\(c\)\s+(?=\d{{4}}\b|{_AGENCIES}))\s*\S")
_AGENCY_CREDIT = re.compile(rf"(?:\[|\()[^()\[\]]*{_AGENCIES}[^()\[\]]*(?:\]|\))$")
# What tells a picture's credit from the sign-off of a report: "[Jane Doe/Reuters]", "(Reuters)".
_PICTURE_CREDIT = re.compile(r"/|\b(?:photos?|images|via|file|imago|shutterstock|alamy)\b", re.I)
_REPORTING_CREDIT = re.compile(r"\b(?:report|writ|edit)(?:ing|ten|ed)\b", re.I)

_SHARING = "share|tweet|e-?mail|print|save|pin|whatsapp|facebook|twitter|linkedin|x|telegram|copy link"
# Whole lines of page furniture. Each is anchored at both ends, so a paragraph that starts alike stays.
_FURNITURE = re.compile(
    "|".join(
        f"(?:{pattern})"
        for pattern in (
            r"(?:read|see|watch|listen|learn|find out|discover)\s+(?:more|also|next|now|on)\s*:.*",
            r"(?:also|further|related|recommended|suggested)\s+(?:read(?:ing)?|on|stor(?:y|ies)|articles?|news|"
            r"content|coverage|topics?|links?|posts?|videos?)\s*(?::.*)?",
            r"more\s+(?:on|about|from)\b[^.!?]{0,80}:",
            r"(?:read more|read also|also read|see also|more stories|more news|most read|trending(?: now)?|"
            r"you (?:may|might) (?:also )?(?:like|be interested in)|don't miss|editors?['’]s? picks?|"
            r"what to read next|story continues(?: below)?(?: advertisement)?|article continues below|"
            r"continue reading|skip to (?:main )?content|back to top|advertisements?|sponsored(?: content)?|"
            r"paid post)\s*[:.>»→]*",
            r"(?:please\s+)?(?:follow|like|find|join)\s+us\s+on\b.*\b(?:facebook|twitter|x|instagram|linkedin|"
            r"youtube|whatsapp|telegram|tiktok|threads|bluesky|mastodon|signal|reddit|social media)\b.*",
            rf"(?:{_SHARING}|link copied)(?:\s*(?:[|,/·•]\s*)?"
            rf"(?:{_SHARING}|this|article|story|on|via|to|link))*\s*[!.]?",
            r"(?:sign up|subscribe|register)\b.{0,60}\b(?:newsletters?|inbox|e-?mails?|alerts|updates|podcast)"
            r"\b.{0,60}",
            r"(?:click|tap)\s+here\s+(?:to|for)\b.*",
            r"(?:this (?:web)?site|we|our (?:web)?site|our partners|we and our partners)\s+uses?\s+"
            r"(?:\w+\s+){0,3}cookies\b.*",
            r"(?:accept|reject|manage|allow)\s+(?:all\s+)?(?:cookies?|consent|preferences)"
            r"(?:\s+(?:cookies?|preferences|settings))?",
            r"by (?:continuing to (?:use|browse)|using) (?:this|our) (?:web)?site\b.*",
            r"(?:all rights reserved|copyright\s+(?:©|\(c\)|\d{4})).*",
            r"this (?:material|article) may not be (?:published|reproduced|republished)\b.*",
        )
    ),
    re.I,
)

# A heading that ends an article and whose list of headlines follows it.
_TRAILER_HEADING = re.compile(
    r"^(?:more\s+(?:on|about|from)\b[^.!?]{0,80}:?|(?:related|recommended)\s+(?:stories|articles|news|topics|links|"
    r"content|coverage)\s*:?|read (?:more|also)\s*:?|see also\s*:?|most read\s*:?|more stories\s*:?)$",
    re.I,
)


def clean(text: str) -> str:
    """`text` normalised and without what isn't reporting; paragraphs and sub-headings are kept."""
    text = normalise(text)
    lines = text.split("\n")
    dropped, again = False, True
    while again:  # what a rule drops may have stood between two lines that another rule would know
        again = False
        for rule in RULES:
            if drop := rule(lines):
                dropped = again = True
                # A dropped line leaves its place empty, so its neighbours never become one paragraph.
                lines = ["" if i in drop else line for i, line in enumerate(lines)]
    return normalise("\n".join(lines)) if dropped else text


def _credits(lines: list[str]) -> set[int]:
    """Lines that are a credit or a caption with one, and the same caption without its credit beside it."""
    drop = set()
    for i, line in enumerate(lines):
        caption = _caption_before_credit(line)
        if caption is None:
            continue
        drop.add(i)
        if len(caption) >= MIN_REPEATED_CHARS:
            drop.update(j for j in _neighbours(lines, i) if lines[j] == caption)
    return drop


def _caption_before_credit(line: str) -> str | None:
    """What stands before the credit if `line` is a credit or a caption with a credit at its end, else None."""
    if not line or len(line) > MAX_CAPTION_CHARS:
        return None
    if len(line) <= MAX_FURNITURE_CHARS and _CREDIT_LABEL.match(line) and not _SENTENCE_END.search(line):
        return ""
    sign = _CREDIT_SIGN.search(line)
    if sign and not _SENTENCE_END.search(line[sign.start() :]):
        return line[: sign.start()].strip()
    agency = _AGENCY_CREDIT.search(line) if line[-1] in "])" else None
    if agency is None:
        return None
    caption, credit = line[: agency.start()].strip(), agency.group()
    if caption and (not _PICTURE_CREDIT.search(credit) or _REPORTING_CREDIT.search(credit)):
        return None
    return caption


def _neighbours(lines: list[str], i: int) -> list[int]:
    """The nearest lines before and after `i` that aren't empty."""
    before = next((j for j in range(i - 1, -1, -1) if lines[j]), None)
    after = next((j for j in range(i + 1, len(lines)) if lines[j]), None)
    return [j for j in (before, after) if j is not None]


def _teasers(lines: list[str]) -> set[int]:
    """A headline of another story, followed by the same headline behind its topic: the link's text twice.

    "X and Y trade insults" / "Donald Trump X and Y trade insults". Both go; reporting never repeats a line
    with a topic before it. A line with a full stop is no headline (lists of names can look like this).
    """
    drop: set[int] = set()
    for i, line in enumerate(lines):
        if len(line) < MIN_REPEATED_CHARS or line.endswith("."):
            continue
        for j in _neighbours(lines, i):
            prefix = lines[j][: -len(line)].strip() if lines[j].endswith(line) else ""
            if prefix and len(prefix.split()) <= 4 and not _SENTENCE_END.search(prefix) and prefix[0].isupper():
                drop.update((i, j))
    return drop


def _repeated(lines: list[str]) -> set[int]:
    """The second of two equal neighbouring lines."""
    drop: set[int] = set()
    last = ""
    for i, line in enumerate(lines):
        if line and line == last and len(line) >= MIN_REPEATED_CHARS:
            drop.add(i)
        elif line:
            last = line
    return drop


def _furniture(lines: list[str]) -> set[int]:
    """Lines that are wholly an invitation, a cookie notice or a label of the page."""
    return {i for i, line in enumerate(lines) if 0 < len(line) <= MAX_FURNITURE_CHARS and _FURNITURE.fullmatch(line)}


def _trailer(lines: list[str]) -> set[int]:
    """A closing "More on …" heading with the headlines after it, if nothing after it is a sentence."""
    first = next((i for i, line in enumerate(lines) if line), 0)
    start = len(lines)
    for i in range(len(lines) - 1, first, -1):
        if _TRAILER_HEADING.match(lines[i]):
            start = i
        if len(lines[i].split()) > 20 or _SENTENCE_END.search(lines[i]):
            break
    return {i for i in range(start, len(lines)) if lines[i]}


# Credits go before repeats, so that both copies of a caption are known as one.
RULES: list[Callable[[list[str]], set[int]]] = [_credits, _teasers, _repeated, _furniture, _trailer]
