"""Markdown with YAML front matter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from frontmatter import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.readers.base import Problem, ReadOptions, Record, article_from_fields
from corpus.readers.files import read_text

_FRONT_MATTER = YAMLHandler()


def read_markdown(path: Path, options: ReadOptions) -> Iterator[Record]:
    """The one article in a `.md` file: the front matter gives its fields, the body its text.

    Without a `title` in the front matter, a first heading is the headline.
    """
    source = read_text(path, options)
    if isinstance(source, Problem):
        yield source
        return
    try:
        fields, body = _split(source.strip())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        yield Problem(f"{path}{line}", "its front matter isn't valid YAML; quote values that contain a colon")
        return
    except (ValueError, RecursionError) as error:  # a day like 2024-13-45, a thousand brackets
        yield Problem(str(path), f"its front matter can't be read: {error}; quote the value")
        return
    blocks = list(_blocks(MarkdownIt("commonmark").parse(body)))
    if not fields.get("title") and blocks and blocks[0][0] == "heading":
        fields["title"] = blocks.pop(0)[1]
    fields["text"] = "\n\n".join(text for _, text in blocks)
    yield from article_from_fields(fields, str(path), options)


def _split(source: str) -> tuple[dict[Any, Any], str]:
    """Front matter and body of a document; no front matter if it doesn't begin with one."""
    if not _FRONT_MATTER.detect(source):
        return {}, source
    try:
        head, body = _FRONT_MATTER.split(source)
    except ValueError:  # no second line of dashes
        return {}, source
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(head, Loader=yaml.SafeLoader)):
        raise ValueError("it refers to itself (an alias, '*')")  # a few lines can so stand for gigabytes
    fields = _FRONT_MATTER.load(head)
    if fields is None:
        return {}, body
    return (fields, body) if isinstance(fields, dict) else ({}, source)  # a rule of dashes around prose


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
