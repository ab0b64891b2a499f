"""An answer as text or Markdown, to take away with its sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.answer import Answer, Citation
from ui.web.languages import Language
from ui.web.notes import as_words, note_views
from ui.web.sources import SourceCard, safe_link

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_text(answer: Answer, language: Language, link: str, flagged: Sequence[SourceCard] = ()) -> str:
    """The answer, its sources and its permanent link in plain text; `flagged` are the cards of flagged articles."""
    sources = [f"[{c.n}] {_facts(c, language, str)}{_address(c)}" for c in answer.citations]
    body = language.refusal(answer.reason) if answer.reason else answer.answer
    notes = [_told(flagged, language, str), _notes(answer, language, str)]
    return _joined(answer, language, [body, *notes, "\n".join(sources)], link)


def as_markdown(answer: Answer, language: Language, link: str, flagged: Sequence[SourceCard] = ()) -> str:
    """The same in Markdown; what an article says can't become markup."""

    def source(citation: Citation) -> str:
        facts = _facts(citation, language, _escaped)
        address = safe_link(citation.url)
        title = f"[{facts}](<{address.replace('>', '%3E')}>)" if address else facts
        return f"{citation.n}. {title}\n   > {_escaped(' '.join(citation.quote.split()))}"

    body = " ".join(
        f"{_escaped(sentence.text)}{''.join(f' [{n}]' for n in sentence.citations)}" for sentence in answer.sentences
    )
    body = language.refusal(answer.reason) if answer.reason else body
    notes = [_told(flagged, language, _escaped), _notes(answer, language, _escaped)]
    return _joined(answer, language, [body, *notes, "\n".join(source(c) for c in answer.citations)], link)


def _joined(answer: Answer, language: Language, parts: list[str], link: str) -> str:
    as_of = language.text("export.as_of", day=language.day(answer.as_of))
    if answer.reviewed_on:
        parts = [*parts, f"{language.text('reviewed')} {language.day(answer.reviewed_on)}"]
    parts = [*parts, f"{as_of} {language.text('disclaimer')}\n{link}"]
    return "\n\n".join(part for part in parts if part)


def _told(flagged: Sequence[SourceCard], language: Language, escape: Callable[[str], str]) -> str:
    return "\n".join(
        f"[{card.n}] {language.text(f'note.flag.{flag.kind}')} {escape(flag.note)}".rstrip()
        for card in flagged
        for flag in card.flags
    )


def _notes(answer: Answer, language: Language, escape: Callable[[str], str]) -> str:
    return "\n".join(escape(as_words(note, language)) for note in note_views(answer, language))


def _facts(citation: Citation, language: Language, escape: Callable[[str], str]) -> str:
    facts = (citation.title or citation.article_id, citation.source, language.day(citation.published))
    return " · ".join(escape(fact) for fact in facts if fact)


def _address(citation: Citation) -> str:
    address = safe_link(citation.url)
    return f"\n    {address}" if address else ""


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
