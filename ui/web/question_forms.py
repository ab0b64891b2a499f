"""Questions that an article's sentences answer by their form: counts, days, decisions, words said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.articles import StoredArticle
from rag.sentences import split_sentences

MAX_WORDS = 16

_AMOUNT = (
    r"(?:(?:about|around|some|nearly|almost|more than|fewer than|at least|over|just over|only|a record) )?"
    r"\d[\d.,]*(?: million| billion)?"
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_WHEN = re.compile(rf"^(?P<when>(?:In|By|During) (?:{_MONTH} )?(?:19|20)\d\d), ")
_SUBJECT = (
    r"(?P<subject>(?!In |By |On |At |From |People |One |Two |Three |Four |Five )"
    r"(?:[Tt]he |[Aa]n? )?[\w.'’/-]+(?: [\w.'’/-]+){0,6}?)"
)
_COUNTED_FIRST = re.compile(rf"^{_AMOUNT} (?P<share>(?:per cent|percent) of )?(?P<rest>[a-zA-Z].+)$", re.I)
_VERBS = {
    "admitted": "admit", "approved": "approve", "arrested": "arrest", "caught": "catch", "counted": "count",
    "deported": "deport", "detected": "detect", "expelled": "expel", "granted": "grant", "intercepted": "intercept",
    "issued": "issue", "lodged": "lodge", "received": "receive", "recorded": "record", "registered": "register",
    "rejected": "reject", "removed": "remove", "rescued": "rescue", "resettled": "resettle", "returned": "return",
}  # fmt: skip
_COUNTED_OBJECT = re.compile(rf"^{_SUBJECT} (?P<verb>{'|'.join(_VERBS)}) {_AMOUNT} (?P<things>[a-zA-Z].+)$")
_PASSIVE = re.compile(
    rf"^{_SUBJECT} (?P<be>was|were) (?P<done>\w+(?:ed|en|un))\b(?P<rest>(?: \w+){{0,3}}?)"
    rf" (?:on|in) (?:\d{{1,2}} )?{_MONTH}\b"
)
_DECIDED = re.compile(
    r"\b(?P<court>(?:[Tt]he |[Aa] )(?:[A-Z][\w'’]+ ){0,3}(?:Court|Parliament|Congress|Senate|Council))"
    r" (?:\w+ly )?(?:ruled|decided|found|held|agreed|voted|adopted)\b"
)
_SPOKE = re.compile(
    r"\b(?P<name>(?:[A-Z][\w'’-]+ ){0,3}?(?:Minister|Secretary|President|Judge|Justice|Commissioner|Mayor|Governor)"
    r"(?: [A-Z][\w'’-]+){1,3}) (?:said|told|announced|warned)\b"
)
# Counted things: a plural among the first words, and no "or 72 per cent" or "times as many".
_PLURAL = re.compile(r"(?!or\b|and\b|has\b|times\b|days\b|years\b)(?:[\w'-]+ ){0,3}?(?:people|children|[\w-]+s)\b")
_AUXILIARY = re.compile(r"\b(?:had|has|have|was|were|is|are|been|be|not)$")
_YEAR_INSIDE = re.compile(r" in (?:fiscal year )?(?:19|20)\d\d\b")
_CLAUSE = re.compile(r",(?!\d)|;|:| – | — | \(| who | which | because | but | while | compared | according ")
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|such|both|former|latter|there|then|same)\b",
    re.I,
)
_NAME = re.compile(r"\b[A-Z]")


def article_questions(article: StoredArticle) -> Iterator[str]:
    """Questions about `article`, the most particular first, each once; whether they can be answered isn't known."""
    sentences = [article.text[start:end].rstrip(".") for start, end in split_sentences(article.text)]
    seen: set[str] = set()
    for form in (_counted, _dated, _decided, _spoke):
        for sentence in sentences:
            question = form(sentence, article)
            if question and question not in seen and _stands_alone(question):
                seen.add(question)
                yield question
    for topic in topics(article):
        yield f"What is the latest on {_with_article(topic, article.text)}?"
    if article.title:
        yield about_headline(article.title)


def about_headline(title: str) -> str:
    """The question that asks what an article reports."""
    return f"What is reported under “{title}”?"


def topics(article: StoredArticle) -> tuple[str, ...]:
    """What the article's source says that it is about."""
    given = article.metadata.get("topics") or ()
    return tuple(str(topic) for topic in given) if isinstance(given, list | tuple) else ()


def _counted(sentence: str, article: StoredArticle) -> str | None:
    when = _WHEN.match(sentence)
    period = f" {when['when'][0].lower()}{when['when'][1:]}" if when else ""
    sentence = sentence[when.end() :] if when else sentence
    if first := _COUNTED_FIRST.match(sentence):
        rest = _clause(first["rest"])
        if first["share"] or _PLURAL.match(rest):
            return f"{'What share of' if first['share'] else 'How many'} {rest}{period}?"
    if found := _COUNTED_OBJECT.match(sentence):
        things, when_inside = _without_year(_clause(found["things"]))
        if _PLURAL.match(things) and not re.search(r"\d", things) and not _AUXILIARY.search(found["subject"]):
            subject, verb = _inside(found["subject"]), _VERBS[found["verb"]]
            return f"How many {things} did {subject} {verb}{when_inside or period}?"
    return None


def _dated(sentence: str, article: StoredArticle) -> str | None:
    found = _PASSIVE.match(sentence)
    return f"When {found['be']} {_inside(found['subject'])} {found['done']}{found['rest']}?" if found else None


def _decided(sentence: str, article: StoredArticle) -> str | None:
    found = _DECIDED.search(sentence)
    return f"What did {_inside(found['court'])} decide{_on_topic(article)}?" if found else None


def _spoke(sentence: str, article: StoredArticle) -> str | None:
    found = _SPOKE.search(sentence)
    return f"What did {found['name']} say{_on_topic(article)}?" if found else None


def _stands_alone(question: str) -> bool:
    """Whether a reader without the article knows what is meant."""
    after_opening = " ".join(question.split()[2:])
    return (
        len(question.split()) <= MAX_WORDS
        and _NAME.search(after_opening) is not None
        and not _POINTS_BACK.search(question)
    )


def _on_topic(article: StoredArticle) -> str:
    about = topics(article)
    return f" about {_with_article(about[0], article.text)}" if about else ""


def _with_article(topic: str, text: str) -> str:
    """`topic` with "the" where the article's own text says so more often than not."""
    every, with_article = text.count(topic), text.count(f"the {topic}") + text.count(f"The {topic}")
    return f"the {topic}" if 2 * with_article > every else topic


def _clause(words: str) -> str:
    return _CLAUSE.split(words)[0].strip()


def _without_year(things: str) -> tuple[str, str]:
    """ "claims in 2023" as ("claims", " in 2023")."""
    found = _YEAR_INSIDE.search(things)
    return (things[: found.start()] + things[found.end() :], found[0]) if found else (things, "")


def _inside(subject: str) -> str:
    """A sentence's subject as it stands inside one."""
    first, _, rest = subject.partition(" ")
    return f"{first.lower()} {rest}" if first in ("The", "A", "An") else subject
