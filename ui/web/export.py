"""An answer as text or Markdown, to take away with its sources."""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.answer import Answer, Citation
from ui.web.languages import Language
from ui.web.sources import safe_link

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_text(answer: Answer, language: Language, link: str) -> str:
    """The answer, its sources and its permanent link in plain text."""
    sources = [f"[{c.n}] {_facts(c, language, str)}{_address(c)}" for c in answer.citations]
    return _joined(answer, language, sources, answer.answer, link)


def as_markdown(answer: Answer, language: Language, link: str) -> str:
    """The answer, its sources and its permanent link in Markdown; what an article says can't become markup."""

    def source(citation: Citation) -> str:
        facts = _facts(citation, language, _escaped)
        address = safe_link(citation.url)
        title = f"[{facts}](<{address.replace('>', '%3E')}>)" if address else facts
        return f"{citation.n}. {title}\n   > {_escaped(' '.join(citation.quote.split()))}"

    body = " ".join(
        f"{_escaped(sentence.text)}{''.join(f' [{n}]' for n in sentence.citations)}" for sentence in answer.sentences
    )
    return _joined(answer, language, [source(c) for c in answer.citations], body or _escaped(answer.answer), link)


def _joined(answer: Answer, language: Language, sources: list[str], body: str, link: str) -> str:
    as_of = language.text("export.as_of", day=language.day(answer.as_of))
    parts = [body, "\n".join(sources), f"{as_of} {language.text('disclaimer')}\n{link}"]
    return "\n\n".join(part for part in parts if part)


def _facts(citation: Citation, language: Language, escape: Callable[[str], str]) -> str:
    facts = (citation.title or citation.article_id, citation.source, language.day(citation.published))
    return " · ".join(escape(fact) for fact in facts if fact)


def _address(citation: Citation) -> str:
    address = safe_link(citation.url)
    return f"\n    {address}" if address else ""


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
