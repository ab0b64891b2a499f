"""Markdown with YAML front matter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import frontmatter
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.readers.base import Problem, ReadOptions, Record, article_from_fields
from corpus.readers.files import read_text


def read_markdown(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The one article in a `.md` file: the front matter gives its fields, the body its text.

    Without a `title` in the front matter, a first heading is the headline.
    """
    source = read_text(path, options)
    if isinstance(source, Problem):
        yield source
        return
    try:
        fields, body = frontmatter.parse(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        yield Problem(f"{path}{line}", "its front matter isn't valid YAML; quote values that contain a colon")
        return
    blocks = list(_blocks(MarkdownIt("commonmark").parse(body)))
    if not fields.get("title") and blocks and blocks[0][0] == "heading":
        fields["title"] = blocks.pop(0)[1]
    fields["text"] = "\n\n".join(text for _, text in blocks)
    yield from article_from_fields(fields, str(path), options)


def _blocks(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Each block's kind ("heading", "paragraph", "code") and its words without markup."""
    kind = "paragraph"
    for token in tokens:
        if token.type == "heading_open":
            kind = "heading"
        elif token.type == "inline":
            yield kind, "".join(_words(token.children or []))
            kind = "paragraph"
        elif token.type in ("fence", "code_block"):
            yield "code", token.content


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            yield token.content
        elif token.type == "softbreak":
            yield " "
        elif token.type == "hardbreak":
            yield "\n"
        # An image's text describes a picture, and inline HTML is markup: neither is reporting.
