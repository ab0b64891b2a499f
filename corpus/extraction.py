"""From a web page to an article: title, date, author, outlet, language, canonical address and the text."""

from __future__ import annotations

import logging
import re
import warnings
from dataclasses import dataclass

from corpus.text import one_line

MIN_TEXT_CHARS = 80  # less is a headline or a cookie notice, not an article

_TABLE_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")  # trafilatura gives tables as Markdown


@dataclass(frozen=True)
class Extraction:
    """What a page says of itself; empty where it doesn't. `text` has a paragraph a block."""

    title: str
    text: str
    url: str | None
    source: str
    author: str
    published: str
    language: str


def extract(html: str | bytes, url: str | None = None) -> Extraction | None:
    """The article in a page by trafilatura, or None when the page has none.

    Args:
        html: the page; bytes are decoded by what the page declares.
        url: where it came from, used when the page names no canonical address.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its downloader misses a proxy library that nothing here needs
        import trafilatura  # slow to import
    from lxml.html import HtmlElement

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without an article is no error of ours

    tree: HtmlElement | None = trafilatura.load_html(html)
    if tree is None:
        return None
    language = (tree.get("lang") or tree.get("xml:lang") or "").split("-")[0].lower()
    document = trafilatura.bare_extraction(
        tree,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        favor_precision=True,
        # Only a day that the page states: the extensive search takes any year in the text for one.
        date_extraction_params={"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"},
    )
    if document is None:
        return None
    found = document if isinstance(document, dict) else document.as_dict()
    title = one_line(found.get("title") or "")
    lines = [line for line in (found.get("text") or "").split("\n") if not _TABLE_RULE.fullmatch(line)]
    text = _without_title("\n\n".join(lines), title)
    if len(text) < MIN_TEXT_CHARS:
        return None
    return Extraction(
        title=title,
        text=text,
        url=found.get("url") or url,
        source=one_line(found.get("sitename") or ""),
        author=one_line(found.get("author") or ""),
        published=found.get("date") or "",
        language=found.get("language") or (language if re.fullmatch("[a-z]{2}", language) else ""),
    )


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.partition("\n\n")
    return rest if title and one_line(first) == title else text
