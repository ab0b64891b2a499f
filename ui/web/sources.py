"""Source cards: what a reader needs to check a citation, and what staff say about its article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote, urlsplit

from corpus.flags import Flag, FlagKind, Flags
from corpus.store import ArticleStore
from rag.answer import Citation

SURROUNDINGS = 280  # characters shown before and after the quote: about two sentences
LANGUAGE = "en"  # of articles that don't name theirs: what the packaged embedding model reads
_FRAGMENT_WORDS = 5  # a longer text fragment breaks on the first difference in typography
_SENTENCE_START = re.compile(r"(?<=[.!?…]\s)\S|(?<=\n)\S")


@dataclass(frozen=True)
class SourceCard:
    """A citation with the state of its article.

    Attributes:
        link: the original, opening at the quote; None where there is no safe address.
        text: the article's words, of which `text[start:end]` is the quote.
        before: the article's words up to the quote, starting with a sentence where one starts near.
        after: the article's words that follow the quote.
        language: BCP 47 code of the article's words.
        changed: the article has a newer version than the one quoted.
        removed: the article was taken out of the corpus.
        flags: what readers are told of the article's flags.
        also: other outlets that printed the same report.
    """

    n: int
    article_id: str
    version: int
    headline: str
    outlet: str
    published: date | None
    link: str | None
    text: str
    before: str
    quote: str
    after: str
    start: int
    end: int
    language: str
    changed: bool
    removed: bool
    flags: tuple[Flag, ...]
    also: tuple[str, ...]


def source_card(citation: Citation, store: ArticleStore) -> SourceCard:
    """The card of `citation`.

    Raises:
        NotFoundError: the store doesn't know the article.
    """
    article = store.get(citation.article_id, citation.version)
    before, after = surroundings(article.text, citation.start, citation.end)
    return SourceCard(
        n=citation.n,
        article_id=citation.article_id,
        version=citation.version,
        headline=citation.title or citation.article_id,
        outlet=citation.source,
        published=citation.published,
        link=text_fragment(citation.url, citation.quote),
        text=article.text,
        before=before,
        quote=citation.quote,
        after=after,
        start=citation.start,
        end=citation.end,
        language=article.language or LANGUAGE,
        changed=article.version < article.current_version,
        removed=article.removed_at is not None,
        flags=told(Flags(store.database).of([citation.article_id]).get(citation.article_id, ())),
        also=citation.also,
    )


def told(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """What readers are told: retractions and corrections with their notes, else, without why, what is hidden."""
    by_kind = {flag.kind: flag for flag in flags}
    if FlagKind.HIDDEN in by_kind:
        by_kind[FlagKind.HIDDEN] = replace(by_kind[FlagKind.HIDDEN], note="")
    if FlagKind.RETRACTED in by_kind:
        by_kind.pop(FlagKind.HIDDEN, None)
    return tuple(by_kind[kind] for kind in reversed(FlagKind) if kind in by_kind)


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """The words of `text` around `text[start:end]`, cut between sentences where possible, else between words."""
    low = max(0, start - SURROUNDINGS)
    before = text[low:start]
    if low:
        sentence = _SENTENCE_START.search(before)
        cut = sentence.start() if sentence else before.find(" ") + 1
        before = "… " + before[cut:]
    high = min(len(text), end + SURROUNDINGS)
    after = text[end:high]
    if high < len(text):
        ends = [match.start() for match in _SENTENCE_START.finditer(after)]
        after = after[: ends[-1] if ends else after.rfind(" ") + 1].rstrip() + " …"
    return before, after


def safe_link(url: str | None) -> str | None:
    """`url` if it leads to a web page, else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def text_fragment(url: str | None, words: str) -> str | None:
    """`url` extended so that browsers scroll to `words` and highlight them.

    See https://wicg.github.io/scroll-to-text-fragment/: the first and last words of a long text name it.
    """
    link = safe_link(url)
    if link is None:
        return None
    split = words.split()
    if len(split) <= 2 * _FRAGMENT_WORDS:
        target = _encoded(split)
    else:
        target = f"{_encoded(split[:_FRAGMENT_WORDS])},{_encoded(split[-_FRAGMENT_WORDS:])}"
    return f"{link}{'' if '#' in link else '#'}:~:text={target}"


def _encoded(words: list[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")  # a bare "-" or "," has a meaning of its own
