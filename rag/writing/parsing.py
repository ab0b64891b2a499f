"""Takes what a model writes apart while it comes: whole sentences and the sources that each one names.

Only a finished sentence leaves, with its markers taken out, so half a marker or half a sentence is never shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.text import one_line
from rag.sentences import split_sentences

_MARKER = r"(?:\[\s*(?:sources?\s*)?\d+(?:\s*[,;&–-]\s*(?:sources?\s*)?\d+)*\s*\]|【\d+[^】\n]{0,20}】)"
_MARKERS = re.compile(rf"\s*{_MARKER}", re.IGNORECASE)
_ENDS_WITH_MARKER = re.compile(rf"{_MARKER}\s*$", re.IGNORECASE)
# "Title 42 ended. [1]", also with the marker on the next line: it belongs to the sentence before it.
_ON_NEXT_LINE = re.compile(rf"\s*\n\s*(?={_MARKER})", re.IGNORECASE)
_BEHIND_STOP = re.compile(rf"([.!?…]+[\"'”’)]*)((?:\s*{_MARKER})+)", re.IGNORECASE)
_UNSETTLED = re.compile(r"(?:[\[【][^\]】\n]{0,40}|\S+)?\s*$")  # what may still become a marker or another word
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL | re.IGNORECASE)
_FIGURE = re.compile(r"\d+")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_MOST_IN_RANGE = 10
_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_MARKDOWN = re.compile(r"\*\*|__|`|^\s*#+\s+", re.MULTILINE)
_ENDS = re.compile(r"[.!?…。！？][\"'”’)\]]*$")


@dataclass(frozen=True)
class Written:
    """A finished sentence of a model.

    Attributes:
        text: on one line, without markers.
        sources: the numbers in its markers, in order, each once; they may be of no source.
        whole: whether it came to an end, by a full stop or a marker: a heading or what broke off isn't whole.
    """

    text: str
    sources: tuple[int, ...]
    whole: bool = True


class SentenceParser:
    """Collects pieces of text and gives sentences back as soon as they are finished."""

    def __init__(self) -> None:
        self._text = ""
        self._given = 0

    def feed(self, piece: str) -> list[Written]:
        """The sentences that `piece` finishes. The last one waits: a marker may follow its full stop."""
        self._text += piece
        if not any(c.isspace() for c in piece):
            return []
        return self._new(parse(_UNSETTLED.sub("", self._text))[:-1])

    def end(self) -> list[Written]:
        """What is left when the model has stopped."""
        return self._new(parse(self._text))

    def _new(self, sentences: list[Written]) -> list[Written]:
        new = sentences[self._given :]
        self._given += len(new)
        return new


def parse(text: str) -> list[Written]:
    """The sentences of a model's whole reply, without what it thought aloud, Markdown and list marks."""
    plain = _MARKDOWN.sub("", _THOUGHT.sub("", text))
    lines = _BEHIND_STOP.sub(r"\2\1", _ON_NEXT_LINE.sub(" ", plain)).split("\n")
    items = [_LIST_ITEM.sub("", line) for line in lines]
    return [_written(item[start:end]) for item in items for start, end in split_sentences(item)]


def _written(sentence: str) -> Written:
    text = one_line(_MARKERS.sub("", sentence))
    ended, marked = _ENDS.search(text) is not None, _ENDS_WITH_MARKER.search(sentence) is not None
    numbers = dict.fromkeys(n for marker in _MARKERS.findall(sentence) for n in _numbers(marker))
    return Written(f"{text}." if marked and text and not ended else text, tuple(numbers), ended or marked)


def _numbers(marker: str) -> list[int]:
    spread = _RANGE.sub(lambda m: " ".join(str(int(m[1]) + i) for i in range(_length(m))), marker)
    return [int(figure) for figure in _FIGURE.findall(spread)]


def _length(of: re.Match[str]) -> int:
    return max(0, min(int(of[2]) - int(of[1]) + 1, _MOST_IN_RANGE))
