"""One card for each article that an answer quotes, with all of its quotes marked in their surroundings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ui.web.sources import SourceCard


@dataclass(frozen=True)
class Words:
    """A stretch of an article: the quote of citation `n`, or with 0 what stands around it."""

    text: str
    n: int


@dataclass(frozen=True)
class ArticleCard:
    """The citations of one version of an article.

    Attributes:
        cards: of the citations, by number; at least one.
        excerpts: parts of the article, in its order; the texts of each, joined, are the article's words.
    """

    cards: tuple[SourceCard, ...]
    excerpts: tuple[tuple[Words, ...], ...]

    @property
    def first(self) -> SourceCard:
        """The card of the first citation, for what they have in common."""
        return self.cards[0]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the citations."""
        return tuple(card.n for card in self.cards)

    @property
    def also(self) -> tuple[str, ...]:
        """Other outlets that printed what is quoted."""
        return tuple(dict.fromkeys(outlet for card in self.cards for outlet in card.also))


def article_cards(cards: Iterable[SourceCard]) -> tuple[ArticleCard, ...]:
    """`cards` put together by article and version, in the order in which they are first cited."""
    groups: dict[tuple[str, int], list[SourceCard]] = {}
    for card in cards:
        groups.setdefault((card.article_id, card.version), []).append(card)
    return tuple(ArticleCard(tuple(group), _excerpts(group)) for group in groups.values())


def _excerpts(cards: Sequence[SourceCard]) -> tuple[tuple[Words, ...], ...]:
    """The quotes in their surroundings; those whose surroundings meet share an excerpt."""
    found: list[list[Words]] = []
    last: SourceCard | None = None
    for card in sorted(cards, key=lambda card: (card.start, card.n)):
        gap = card.start - last.end if last else -1
        if last and 0 <= gap <= len(last.after) + len(card.before):
            found[-1][-1] = Words(card.text[last.end : card.start], 0)
        else:
            found.append([Words(card.before, 0)])
        found[-1] += [Words(card.quote, card.n), Words(card.after, 0)]
        last = card
    return tuple(tuple(words for words in excerpt if words.text) for excerpt in found)
