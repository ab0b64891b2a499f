"""The public's chat, in Gradio."""

from __future__ import annotations

import html
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import gradio as gr

from corpus.errors import PassageError
from rag.answer import Answer, Citation, Turn
from rag.assistant import Assistant

TITLE = "Passage"
INTRODUCTION = "Ask about immigration news. Every sentence of an answer shows the passage it came from."
DISCLAIMER = "News, not legal advice."
FAILED = "Something went wrong here, and it isn't your question's fault. Please try again in a moment."
EXAMPLES = 5
# Asked at the start; those that the corpus answers are offered.
EXAMPLE_QUESTIONS = (
    "How many people crossed the English Channel in small boats in 2022?",
    "When did Title 42 end?",
    "How many Chinese nationals were caught crossing the Mexico-US border in 2023?",
    "How many people crossed the Darién Gap in 2023?",
    "What did the UK Supreme Court decide about the Rwanda plan?",
    "What is Canada's cap on study permits?",
    "When did the EU Entry/Exit System start?",
)

THEME = gr.themes.Base(
    primary_hue="teal",
    neutral_hue="stone",
    # Names of installed fonts only: a web font would be fetched from a third party.
    font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
    font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
)
CSS = """
footer { display: none !important; }
.gradio-container { max-width: 56rem !important; margin: 0 auto !important; }
.answer { line-height: 1.6; }
.answer a.cite { text-decoration: none; font-weight: 600; padding: 0 .15em; }
.sources { margin: .75rem 0 0; padding: 0; list-style: none; }
.sources li { border-left: 3px solid var(--color-accent); margin: .6rem 0; padding: .1rem 0 .1rem .8rem; }
.sources .about { font-size: .9em; }
.sources .about b { font-weight: 600; }
.sources blockquote { margin: .3rem 0 0; border: 0; padding: 0; color: inherit; opacity: .85; }
.sources mark { background: transparent; color: inherit; font-style: italic; }
"""
_SOURCES = '<ul class="sources">'
_log = logging.getLogger(__name__)


def build_chat(assistant: Assistant) -> gr.Blocks:
    """The chat page over an opened assistant."""

    def respond(message: str, history: list[dict[str, Any]]) -> Iterator[str]:
        try:
            answer = assistant.ask(message, turns(history))
        except PassageError as error:
            yield f'<div class="answer">{html.escape(str(error))}</div>'
            return
        except Exception:  # noqa: BLE001 - the web's outermost edge: a reader must not see a traceback
            _log.exception("a question failed")
            yield f'<div class="answer">{FAILED}</div>'
            return
        yield from stream(answer)

    limit = assistant.index.settings.max_question_chars
    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        gr.Markdown(f"# {TITLE}\n{INTRODUCTION} *{DISCLAIMER}*")
        gr.ChatInterface(
            respond,
            chatbot=gr.Chatbot(
                show_label=False,
                latex_delimiters=[],
                height="max(20rem, calc(100dvh - 16.5rem))",
                placeholder=_placeholder(assistant),
                buttons=["copy"],
            ),
            textbox=gr.Textbox(
                placeholder="Ask a question",
                max_length=limit,
                max_lines=4,
                show_label=False,
                autofocus=True,
                submit_btn=True,
                stop_btn=True,
            ),
            examples=examples(assistant),
            cache_examples=False,
            api_name="ask",
        )
    return page


def examples(assistant: Assistant) -> list[str]:
    """Questions that this corpus answers, topped up with what its newest headlines report."""
    answered = [q for q in EXAMPLE_QUESTIONS if not assistant.ask(q).refused][:EXAMPLES]
    newest = (article.title for article in assistant.store.find(limit=4 * EXAMPLES) if article.title)
    for title in newest:
        if len(answered) >= EXAMPLES:
            break
        question = f"What is reported under “{title}”?"
        if len(question) <= assistant.index.settings.max_question_chars and not assistant.ask(question).refused:
            answered.append(question)
    return answered


def turns(history: Sequence[Mapping[str, Any]]) -> list[Turn]:
    """The conversation in Gradio's messages, without the sources shown under the answers."""
    found = []
    for message in history:
        content = message.get("content")
        parts = content if isinstance(content, list) else [content]
        text = "\n".join(p if isinstance(p, str) else str(p.get("text", "")) for p in parts if p)
        if message.get("role") in ("user", "assistant") and text:
            found.append(Turn(role=message["role"], content=plain(text)))
    return found


def plain(message: str) -> str:
    """The words of a rendered answer."""
    import nh3

    return html.unescape(nh3.clean(message.split(_SOURCES)[0], tags=set())).strip()


def stream(answer: Answer) -> Iterator[str]:
    """The rendered answer, growing a sentence at a time, then its sources."""
    if answer.refused:
        yield f'<div class="answer">{html.escape(answer.answer)}</div>'
        return
    parts: list[str] = []
    for sentence in answer.sentences:
        markers = "".join(f"<sup>[{n}]</sup>" for n in sentence.citations)
        parts.append(f"{html.escape(sentence.text)}{markers}")
        yield f'<div class="answer">{" ".join(parts)}</div>'
    sources = "".join(_source(citation) for citation in answer.citations)
    yield f'<div class="answer">{" ".join(parts)}</div>{_SOURCES}{sources}</ul>'


def _source(citation: Citation) -> str:
    title = html.escape(citation.title or citation.article_id)
    url = citation.url or ""
    if urlsplit(url).scheme in ("http", "https"):
        title = f'<a href="{html.escape(url)}" target="_blank" rel="noopener noreferrer">{title}</a>'
    published = f"{citation.published.day} {citation.published:%B %Y}" if citation.published else "undated"
    facts = " · ".join(html.escape(fact) for fact in (citation.source, published) if fact)
    quote = html.escape(" ".join(citation.quote.split()))
    return (
        f'<li><span class="about">[{citation.n}] <b>{title}</b> · {facts}</span>'
        f"<blockquote><mark>“{quote}”</mark></blockquote></li>"
    )


def _placeholder(assistant: Assistant) -> str:
    outlets = assistant.store.outlets()
    newest = max((outlet.newest for outlet in outlets if outlet.newest), default=None)
    count = assistant.store.count()
    facts = f"{count:,} article{'' if count == 1 else 's'}"
    if newest:
        facts += f", the newest of {newest.day} {newest:%B %Y}"
    return f"<p>{facts}</p>"
