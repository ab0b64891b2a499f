"""Passages: runs of whole sentences that fit the embedding model's window, with exact offsets."""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rag.sentences import paragraphs, split_sentences

Span = tuple[int, int]
"""Character offsets of a stretch of text: of its first character, and behind its last."""
Vectors = np.ndarray
"""Embeddings: float32 of length 1, one a row."""
PieceOffsets = Callable[[str], list[Span]]
"""Character offsets of each word piece that the embedding model's tokenizer makes of a text."""

FILL = 0.9  # of a passage is planned for: sentences are no sand, and a full one would push its last out


@dataclass(frozen=True)
class Passage:
    """A part of one version of an article.

    Attributes:
        start: offset of its first character in the version's text.
        end: offset behind its last; `text[start:end]` is the passage.
        sentences: offsets of its sentences in the version's text.
    """

    start: int
    end: int
    sentences: tuple[Span, ...]


def split_passages(text: str, piece_offsets: PieceOffsets, max_pieces: int) -> list[Passage]:
    """`text` as passages of at most `max_pieces` word pieces that together hold every sentence once.

    The text is divided evenly rather than filled up, so that no short remainder is left, and a passage ends
    with a paragraph where one ends near by. A sentence longer than a passage is cut between words.
    """
    starts = [start for start, _ in piece_offsets(text)]

    def pieces(span: Span) -> int:
        return bisect.bisect_left(starts, span[1]) - bisect.bisect_left(starts, span[0])

    spans = [part for span in split_sentences(text) for part in _cut(text, span, pieces, max_pieces)]
    if not spans:
        return []
    counts = [pieces(span) for span in spans]
    rest = sum(counts)
    target = 0.0
    paragraph_ends = {end for _, end in paragraphs(text)}

    passages: list[Passage] = []
    current: list[Span] = []
    size = 0
    for i, (span, count) in enumerate(zip(spans, counts, strict=True)):
        if current and size + count > max_pieces:
            passages.append(_passage(current))
            current, size = [], 0
        if not current:  # what is left is divided evenly anew, or the last passage would pay for all others
            target = rest / math.ceil(rest / (FILL * max_pieces)) if rest > max_pieces else math.inf
        rest -= count
        current.append(span)
        size += count
        following = counts[i + 1] if i + 1 < len(counts) else 0
        near = size + following / 2 >= target
        if near or (span[1] in paragraph_ends and size >= 0.85 * target):
            passages.append(_passage(current))
            current, size = [], 0
    if current:
        passages.append(_passage(current))
    return passages


def _passage(spans: list[Span]) -> Passage:
    return Passage(spans[0][0], spans[-1][1], tuple(spans))


def _cut(text: str, span: Span, pieces: Callable[[Span], int], max_pieces: int) -> list[Span]:
    """`span` whole if it fits, else cut between words (inside one only where there is no space)."""
    start, end = span
    parts: list[Span] = []
    while pieces((start, end)) > max_pieces:
        low, high = start + 1, end  # the longest prefix that fits, by bisection
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if pieces((start, middle)) <= max_pieces else (low, middle - 1)
        space = text.rfind(" ", start + 1, low + 1)
        cut = space if space > start else low
        parts.append((start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    return [*parts, (start, end)] if start < end else parts
