"""PDF documents with a text layer."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.readers.base import Problem, ReadOptions, Record, article_from_fields
from corpus.readers.files import read_bytes
from corpus.readers.plain import split_title

if TYPE_CHECKING:
    import pypdf


def read_pdf(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The one article in a `.pdf` file."""
    import pypdf
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it warns of is in the text or in our problem
    data = read_bytes(path, options)
    if isinstance(data, Problem):
        yield data
        return
    try:
        document = pypdf.PdfReader(io.BytesIO(data))
        if document.is_encrypted and not document.decrypt(""):
            yield Problem(str(path), "the PDF is protected by a password; save it without one")
            return
        pages = [page.extract_text() for page in document.pages]
        title, author, published = _facts(document)
    except DependencyError:
        yield Problem(str(path), "the PDF is encrypted; save it without protection")
        return
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  damaged files trip its parser in every way there is
        yield Problem(str(path), f"the PDF is damaged: {error or type(error).__name__}")
        return
    text = "\n\n".join(_reflow(page) for page in pages)
    if not text.strip():
        yield Problem(str(path), "the PDF has no text layer (scanned pages?); run text recognition on it first")
        return
    if not title:
        title, text = split_title(text)
    fields = {"title": title, "text": text, "author": author, "published": published}
    yield from article_from_fields(fields, str(path), options)


def _facts(document: pypdf.PdfReader) -> tuple[str, str, date | None]:
    """Title, author and day of making as the document gives them; a day that can't be read is none."""
    facts = document.metadata
    if not facts:
        return "", "", None
    try:
        made = facts.creation_date
    except ValueError:
        made = None
    return str(facts.title or ""), str(facts.author or ""), made.date() if made else None


def _reflow(page: str) -> str:
    """A page's lines joined into paragraphs: a line that ends a sentence and falls short ends a paragraph."""
    lines = [line.strip() for line in page.split("\n")]
    width = max((len(line) for line in lines), default=0)
    out: list[str] = []
    for line in lines:
        out.append(line)
        ends = (
            not line
            or (len(line) < 0.75 * width and re.search(r"[.!?…:][\"'”’)\]]*$", line))
            or len(line) < 0.4 * width
        )
        out.append("\n\n" if ends else " ")
    return re.sub(r"(\w)- (?=[a-z])", r"\1", "".join(out))
