"""Why a question is refused, and in which words: each reason helps the reader in another way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.answer import Headline, Reason
from rag.asked_time import AskedTime, covered
from rag.brackets import long_date
from rag.passage_store import StoredPassage
from rag.retrieval import Retrieved
from rag.retriever import Hit

NEAREST = 3  # headlines offered
# Greatest cosine of any passage below which a question is about something else than the articles. On the golden set
# it is 0.12 to 0.43 for other subjects, 0.42 to 0.86 for near misses and false premises.
OTHER_DOMAIN = 0.42
SURE = 0.6  # confidence with which a question is answered that is so far from all passages
# A question with one of these words is about immigration, however far from everything in the articles.
_OWN_DOMAIN = re.compile(
    r"\b(?:(?:im|em)?migra\w+|inmigra\w+|refugees?|refugiad\w+|asylum|asilo|visas?|visados?|deport\w*|borders?"
    r"|frontera|citizenship|naturali[sz]\w+|passports?|green cards?|(?:work|study|residence) permits?|schengen|h-?1b"
    r"|frontex|unhcr|people smugglers?|undocumented|daca|dreamers|tps|uscis|cbp|ukvi|title 42|travel ban"
    r"|remain in mexico|(?:indefinite )?leave to remain|stateless\w*|resettle\w*|detention cent(?:er|re)s?"
    r"|ice (?:raid|agent|officer|arrest|detain|detention|custody)\w*)\b",
    re.IGNORECASE,
)
_PRESUPPOSES = re.compile(
    r"^\W*(when|why|since when|how come|on what grounds)\b.{0,20}\b(did|was|were|has|have|had|does|do|is|are)\b"
    r"|^\W*(since|now that|given that|because|as)\b[^,?]{8,},",
    re.IGNORECASE,
)


def is_other_subject(retrieved: Retrieved) -> bool:
    """Whether the question is about something else than what was found, which is at least one passage."""
    # A question that goes on with a conversation may say too little alone to be near anything.
    far = max(hit.dense for hit in retrieved.hits) < OTHER_DOMAIN
    return far and not retrieved.asked.context and not _OWN_DOMAIN.search(retrieved.asked.text)


def why_not(retrieved: Retrieved, dates: tuple[date, date] | None) -> Reason:
    """Why what was found, at least one passage, doesn't answer the question.

    Args:
        retrieved: the question and its passages.
        dates: the first and the last publication day of all articles.
    """
    if dates and not covered(retrieved.when, *dates):
        return Reason.TIME_NOT_COVERED
    if is_other_subject(retrieved):
        return Reason.OTHER_DOMAIN
    # What a follow-up takes for granted, its conversation has said.
    presupposes = not retrieved.asked.context and _PRESUPPOSES.search(retrieved.asked.text)
    return Reason.FALSE_PREMISE if presupposes else Reason.NOT_COVERED


def nearest(hits: Sequence[Hit]) -> list[Headline]:
    """The articles of the best hits that have a headline, each once."""
    found: dict[str, Headline] = {}
    for passage in (hit.passage for hit in hits):
        if passage.title and len(found) < NEAREST:
            found.setdefault(passage.article_id, _headline(passage))
    return list(found.values())


def words(reason: Reason, when: AskedTime, dates: tuple[date, date] | None, headlines: Sequence[Headline]) -> str:
    """What a refusal says: what was looked for, and what helps."""
    text = {
        Reason.NOTHING_INDEXED: "I can't answer yet: there are no articles in the index.",
        Reason.FILTERED: "No article passes the filters that are set. Widen the period or take a filter away.",
        Reason.OTHER_DOMAIN: (
            "I found nothing about that: immigration news is all I know. Ask about a rule, a figure, a court case or "
            "an event that was in the news."
        ),
        Reason.TIME_NOT_COVERED: (
            f"I have nothing about {when.words or 'that time'}{_span(dates)}. Ask about a time in between."
        ),
        Reason.FALSE_PREMISE: (
            "I found no report of what the question takes for granted: it may not have happened, or the articles I "
            "have don't cover it."
        ),
        Reason.UNDERSPECIFIED: "I can't tell which subject you mean. Name the rule, the place or the people.",
        Reason.NOT_COVERED: "I found nothing in the articles I have that answers this, so I'd rather not guess.",
        Reason.OWN_CASE: (
            "I only know what the news reports, so I can't say what will happen in your own case or what you should "
            "do. A lawyer, an accredited adviser or the immigration authority can."
        ),
    }[reason]
    if reason is Reason.OTHER_DOMAIN or not headlines:
        return text
    titles = "; ".join(f"“{headline.title}”" for headline in headlines)
    lead = "It may be about one of these" if reason is Reason.UNDERSPECIFIED else "The nearest headlines are"
    return f"{text} {lead}: {titles}."


def _headline(passage: StoredPassage) -> Headline:
    return Headline(
        article_id=passage.article_id, title=passage.title, source=passage.source, published=passage.published
    )


def _span(dates: tuple[date, date] | None) -> str:
    return f": my articles run from {long_date(dates[0])} to {long_date(dates[1])}" if dates else ""
