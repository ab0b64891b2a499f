"""What the corpus holds: articles, their immutable versions, and the outlets that published them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from courlan import clean_url


@dataclass(frozen=True)
class Article:
    """An article as a reader delivers it, before it is stored.

    Attributes:
        title: headline, without markup; may be empty.
        text: body as paragraphs separated by an empty line; never empty.
        id: key that the corpus file gives, if any.
        url: canonical address, if known.
        source: outlet, as it names itself.
        published: day of first publication.
        updated: day that the article itself gives for its last change.
        language: ISO 639-1 code.
        metadata: whatever else the source says, JSON-ready.
    """

    title: str
    text: str
    id: str | None = None
    url: str | None = None
    source: str = ""
    author: str = ""
    published: date | None = None
    updated: date | None = None
    language: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The article's lasting identifier: `id`, else from the canonical URL, else from source and title."""
        if self.id:
            return self.id
        if self.url:
            url = canonical_url(self.url)
            return _readable_key(_last_segment(url), url)
        title = self.title or self.text.split("\n", 1)[0][:200]
        return _readable_key(title, f"{self.source}\n{title}")

    @property
    def content_hash(self) -> str:
        """SHA-256 over title and text: a new one makes a new version."""
        return hashlib.sha256(f"{self.title}\n\n{self.text}".encode()).hexdigest()


@dataclass(frozen=True)
class StoredArticle:
    """One version of an article as the store holds it.

    Attributes:
        article_id: lasting key of the article.
        version: 1 for the first text, counting up with each changed text.
        current_version: the newest version's number; greater than `version` when the article has changed since.
        ingested_at: when this version was stored, ISO 8601, UTC.
        removed_at: when the article was removed, or None.
    """

    article_id: str
    version: int
    current_version: int
    title: str
    text: str
    url: str | None
    source: str
    author: str
    published: date | None
    updated: date | None
    language: str
    metadata: Mapping[str, Any]
    ingested_at: str
    removed_at: str | None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form, dates as YYYY-MM-DD."""
        values = dict(self.__dict__)
        for name in ("published", "updated"):
            values[name] = values[name].isoformat() if values[name] else None
        return values


@dataclass(frozen=True)
class Outlet:
    """A publisher and what the corpus holds of it: `articles` not removed, and the newest publication day."""

    name: str
    articles: int
    newest: date | None


def canonical_url(url: str) -> str:
    """The address without tracking parameters, fragment and trailing noise, so that one article has one key."""
    try:
        url = clean_url(url) or url
    except ValueError:  # it isn't a URL ("http://[draft]"), and still tells this article from others
        return url
    address, _, fragment = url.partition("#")
    return url if fragment.startswith(("/", "!")) else address  # "#/story/5" is a page of its own


def _last_segment(url: str) -> str:
    try:
        return urlsplit(url).path.rsplit("/", 1)[-1]
    except ValueError:
        return ""


def _readable_key(label: str, identity: str) -> str:
    folded = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:48].rstrip("-")
    digest = hashlib.sha256(identity.encode()).hexdigest()[:10]
    return f"{slug}-{digest}" if slug else digest
