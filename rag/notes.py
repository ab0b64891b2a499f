"""What a reader should know beside an answer: how old it is, and which of its sources were corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from corpus.dates import elapsed
from corpus.flags import FlagKind, Flags
from rag.answer import Citation, Note
from rag.asked_time import AskedTime
from rag.brackets import long_date

FLAGGED = "flagged"  # the key of a note on a correction that staff entered
STALE = timedelta(days=180)  # after half a year a rule or a figure in the news has often changed


def stale(citations: Sequence[Citation], when: AskedTime) -> list[Note]:
    """A note that says how old the newest source is, when it is old and the question isn't about the past."""
    newest = max((c.published for c in citations if c.published), default=None)
    if newest is None or when.spans or when.as_of - newest < STALE:
        return []
    text = f"The newest report quoted here is from {long_date(newest)}, {age(newest, when.as_of)} old."
    count, unit = elapsed(newest, when.as_of)
    values = {"published": newest.isoformat(), "count": str(count), "unit": unit}
    return [Note(kind="stale", text=f"{text} Things may have changed since.", key="stale", values=values)]


def corrections(citations: Sequence[Citation], flags: Flags) -> list[Note]:
    """A note for each article quoted that staff flagged as corrected."""
    flagged = flags.of(citation.article_id for citation in citations)
    first = {citation.article_id: citation for citation in reversed(citations)}
    return [
        Note(
            kind="corrected",
            text=f"{first[article_id].source or 'The outlet'} corrected the article quoted as "
            f"[{first[article_id].n}]: {flag.note}",
            key=FLAGGED,
            values={"article_id": article_id, "outlet": first[article_id].source, "note": flag.note},
        )
        for article_id in dict.fromkeys(citation.article_id for citation in citations)
        for flag in flagged.get(article_id, ())
        if flag.kind is FlagKind.CORRECTED
    ]


def age(published: date, today: date) -> str:
    """How long ago `published` was: "3 days", "4 months", "2 years"."""
    count, unit = elapsed(published, today)
    return f"{count} {unit}{'' if count == 1 else 's'}"
