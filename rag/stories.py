"""Many articles, few stories: what several outlets print nearly word for word becomes one hit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from rag.places import sentence_texts
from rag.retriever import Hit
from rag.terms import words

# Share of their words in common (Jaccard) from which two sentences are one and the same, edited or contradicted.
# 0.5, 0.6 and 0.7 group alike; the lowest finds most contradictions.
SAME_SENTENCE = 0.5
# Of a copy's characters, what may be in sentences of its own without a figure: a credit, a remark. Where each of the
# golden cases' articles has four copies, the first five hits tell 2.3 stories with 0.1, 2.5 with 0.2 and with 0.3;
# without grouping 1.3.
OWN_SHARE = 0.2

_DATELINE = re.compile(  # "NEW YORK, 3 March (Agency) — "
    r"[^\W\d_a-z]{2}(?:[^\W\d_a-z]|[ .'’-])*(?:,(?: (?:[^\W\d]+\.?|\d{1,2})){1,3})?(?: \([^)]{1,40}\))? [-–—]{1,2} "
)
_HOUSE_STYLE = [
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"\b[Cc]an['’]t\b|\bcannot\b", "can not"),
        (r"\b[Ww]on['’]t\b", "will not"),
        (r"n['’]t\b", " not"),
        (r"%|\bpercent\b", " per cent"),
        (r"(?<=\d)m\b", " million"),
        (r"(?<=\d)bn\b", " billion"),
        (r"\$", " dollar "),
        (r"£", " pound "),
        (r"€", " euro "),
        (r"\bUnited Kingdom\b", "UK"),
        (r"\bUnited States\b", "US"),
        (r"\bEuropean Union\b", "EU"),
    )
]
_NUMERALS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
}
_QUANTITIES = frozenset(
    "thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion "
    "billions dozen dozens half third quarter double".split()
)
# An editor may put these in or take them out.
_EMPTY = frozenset(
    "a an the that which who whom it he she they and also is are was were be been being has have had "
    "said say says told tell tells added adds".split()
)
# Without one of these a sentence says something else.
_TURNS = frozenset(
    "not no never none neither nor without can could may might must shall should will would only nearly almost "
    "allegedly alleged reportedly".split()
)


@dataclass(frozen=True, eq=False)
class _Wording:
    """What a sentence is compared by: its words, house style and empty ones aside, and which of them weigh most."""

    sequence: tuple[str, ...]
    words: frozenset[str]
    figures: frozenset[str]
    turns: tuple[str, ...]


@dataclass(eq=False)
class _Printed:
    """A hit with its place in the ranking, its sentences, and the copies that it stands for."""

    rank: int
    hit: Hit
    sentences: tuple[str, ...]
    copies: list[_Printed] = field(default_factory=list)

    @property
    def group(self) -> list[_Printed]:
        """It and its copies, best first."""
        return sorted((self, *self.copies), key=lambda printed: printed.rank)


def group_copies(hits: Sequence[Hit]) -> list[Hit]:
    """The best `k` of `hits`, each standing for its copies, which are in its `also`.

    A hit is a copy when hits of other articles hold its sentences, as they stand or with words left out, and it gives
    no figure of its own; a sentence that says another thing, be it one figure or name, makes it a report of its own.
    Sentences are compared rather than passages, because a paragraph less moves the limits of all passages after it;
    only hits with a sentence in common are compared at all. The article with the most sentences stands for the
    others, since a shortened one can't; where the texts are the same, the one that fits the time asked about best,
    and then the newest. It gets the best score among its copies.

    Passages of one article are never each other's copies. There is no further penalty for likeness: maximal marginal
    relevance (Carbonell and Goldstein 1998) on top found no more answers, pushed differing reports down, and brought
    up no second view before it cost relevance.

    Args:
        hits: best first.
    """
    by_article: dict[str, list[_Printed]] = defaultdict(list)
    for rank, hit in enumerate(hits):
        by_article[hit.passage.article_id].append(_Printed(rank, hit, tuple(sentence_texts(hit.passage))))
    fullest_first = sorted(by_article.values(), key=lambda article: -sum(len(p.sentences) for p in article))

    originals: list[_Printed] = []
    holding: dict[str, list[_Printed]] = defaultdict(list)
    for article in fullest_first:
        new: list[_Printed] = []
        for printed in article:
            original = _original(printed, {p for sentence in printed.sentences for p in holding.get(sentence, ())})
            (original.copies if original else new).append(printed)
        for printed in new:
            for sentence in printed.sentences:
                holding[sentence].append(printed)
        originals += new
    originals.sort(key=lambda original: original.group[0].rank)
    return [_represent(original) for original in originals]


def articles_of(hit: Hit) -> tuple[str, ...]:
    """Keys of all articles that `hit` stands for, its own first."""
    return tuple(dict.fromkeys(passage.article_id for passage in (hit.passage, *hit.also)))


def also_in(hit: Hit, quote: str) -> tuple[str, ...]:
    """The other outlets that print the sentence `quote` of `hit`: a copy may lack a sentence of the original."""
    quoted = _wording(quote)
    outlets = (
        passage.source
        for passage in hit.also
        if any(_says(_wording(sentence), quoted) for sentence in sentence_texts(passage))
    )
    return tuple(outlet for outlet in dict.fromkeys(outlets) if outlet != hit.passage.source)


def _original(printed: _Printed, others: Iterable[_Printed]) -> _Printed | None:
    """The best-ranked of `others` that hold sentences of `printed`, if `printed` is a copy of them."""
    holders: dict[str, _Printed] = {}
    for other in sorted(others, key=lambda other: other.rank):
        for sentence in other.sentences:
            holders.setdefault(sentence, other)
    found = [holders[sentence] for sentence in printed.sentences if sentence in holders]
    if not found:
        return None
    edited = [sentence for sentence in printed.sentences if sentence not in holders]
    theirs = {_wording(s): holders[s] for s in holders if s not in printed.sentences} if edited else {}
    own = 0
    for sentence in edited:
        wording = _wording(sentence)
        likest = max(theirs, key=lambda other: _jaccard(wording, other), default=None)
        if likest and _jaccard(wording, likest) >= SAME_SENTENCE:
            if not _says(likest, wording):
                return None
            found.append(theirs[likest])
        elif wording.figures:
            return None
        else:
            own += len(sentence)
    if own > OWN_SHARE * sum(map(len, printed.sentences)):
        return None
    return min(found, key=lambda holder: holder.rank)


def _represent(original: _Printed) -> Hit:
    """The hit that stands for a group: the original, or the best of those that hold all that it does."""
    group = original.group
    same = [
        printed
        for printed in group
        if printed is original
        or (len(printed.sentences) >= len(original.sentences) and _original(original, [printed]))
    ]
    chosen = max(same, key=lambda p: (p.hit.score.time, p.hit.passage.published or date.min, -p.rank)).hit
    also = tuple(
        printed.hit.passage for printed in group if printed.hit.passage.article_id != chosen.passage.article_id
    )
    return replace(chosen, score=group[0].hit.score, also=also)


def _says(sentence: _Wording, quoted: _Wording) -> bool:
    """Whether `sentence` says what `quoted` does: one is the other with words left out, and no figure is missing."""
    shorter, longer = sorted((sentence.sequence, quoted.sequence), key=len)
    rest = iter(longer)
    return (
        sentence.turns == quoted.turns
        and quoted.figures <= sentence.figures
        and _jaccard(sentence, quoted) >= SAME_SENTENCE
        and all(word in rest for word in shorter)
    )


def _jaccard(a: _Wording, b: _Wording) -> float:
    common = len(a.words & b.words)
    return common / (len(a.words) + len(b.words) - common or 1)


@lru_cache(maxsize=8192)
def _wording(sentence: str) -> _Wording:
    dateline = _DATELINE.match(sentence)
    text = sentence[dateline.end() :] if dateline else sentence
    for pattern, spelling in _HOUSE_STYLE:
        text = pattern.sub(spelling, text)
    sequence = tuple(_NUMERALS.get(word, word) for word in words(text) if word not in _EMPTY)
    figures = frozenset(word for word in sequence if word[0].isdigit() or word in _QUANTITIES)
    turns = tuple(word for word in sequence if word in _TURNS)
    return _Wording(sequence, frozenset(sequence), figures, turns)
