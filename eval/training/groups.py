"""Groups of candidate sentences that the reader is trained on: a question with what answers it and what doesn't."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer
from torch import Tensor

from eval.training.false_premises import false_premise
from eval.training.like_words import LikeWords, content
from eval.training.squad import Paragraph, SquadQuestion
from rag.embedding import SentenceTransformerEmbedding
from rag.places import Extract, is_heading
from rag.sentences import split_sentences
from rag.terms import STOP_WORDS, words
from rag.word_forms import key

NEAREST = 24  # sentences of other paragraphs that a question's candidates are drawn from
CANDIDATES = 6  # in a group
BESIDE, BESIDE_NEWS = (2, 4), (3, 5)  # least and most of them from the question's own paragraph
# Of the groups; the rest can be answered. "removed": only sentences of other paragraphs. "beside": the answering
# sentence is taken out of its paragraph. "false": a name, number or other word of the question is another. "altered":
# it is another in the text.
UNANSWERED = {"removed": 0.1, "beside": 0.1, "false": 0.13, "altered": 0.07}
ALTERED_BESIDE = 0.25  # of the answered groups have an altered copy of the answering sentence among their candidates
TERSE = 0.3  # of the questions are put as people type them
FIRST = 0.15  # of the sentences lose the one before, as a passage's first has none
UNTITLED = 0.2  # of the groups have no headlines
# Of the others, where no headline is known: they have the article's title, if any, else the first sentence.
TITLED = 0.5
OTHER_WORD = 0.35  # of the questions to be made false are so by a word that is no name and no number
REACH = 8  # paragraphs before and after from which another name or number is taken
_ASKING = re.compile(r"(?:how (?:many|much|long|old|often|far)|what|whom?|when|where|why|which|how)\b", re.I)

Asked = tuple[int, SquadQuestion]
"""The position of a paragraph, and one of its questions."""


@dataclass(frozen=True)
class Item:
    """A question that can be trained on.

    Attributes:
        paragraph: position of its paragraph.
        lines: its paragraph's sentences, as positions in `Questions.lines`.
        right: those of `lines` that answer it.
        tempting: those of `lines` that seem to answer it, if none does.
        nearest: the sentences of other paragraphs that are nearest to it and don't hold the answer.
        specific: whether no other paragraph is nearer than its own. If one is ("What did he like about it?"), the
            question leaves out what it is about, so that others may answer it as well.
    """

    question: SquadQuestion
    paragraph: int
    lines: tuple[int, ...]
    right: frozenset[int]
    tempting: tuple[int, ...]
    nearest: tuple[int, ...]
    specific: bool


@dataclass(frozen=True)
class Group:
    """A question and its candidates.

    Attributes:
        starts: for each extract, at which characters of the sentence an answer begins; none where it doesn't answer.
    """

    question: str
    extracts: list[Extract]
    starts: list[tuple[int, ...]]


class Questions:
    """The candidates for the questions of some paragraphs.

    Attributes:
        lines: the sentences of all paragraphs, each with the one before it and the paragraph's first for a headline.
    """

    def __init__(self, paragraphs: Sequence[Paragraph], tokenizer: Tokenizer, words: Tensor) -> None:
        """Embed all sentences, which takes minutes for thousands of paragraphs.

        Args:
            paragraphs: with their questions.
            tokenizer: of the words below.
            words: embeddings that tell which words are alike, [pieces, width].
        """
        self.paragraphs = paragraphs
        self.lines: list[Extract] = []
        self._begins: list[int] = []
        spans = [split_sentences(p.text) for p in paragraphs]
        for paragraph, found in zip(paragraphs, spans, strict=True):
            texts = [paragraph.text[start:end] for start, end in found]
            self.lines += [Extract(texts[0], *pair) for pair in zip(["", *texts], texts, strict=False)]
            self._begins += [start for start, _ in found]
        self._embedding = SentenceTransformerEmbedding()
        self._vectors = np.concatenate(self._embedding.embed_with_sentences([p.text for p in paragraphs], spans)[1])
        self._kept = np.array([not is_heading(sentence) for _, _, sentence in self.lines])
        self._like_words = LikeWords((q.text for p in paragraphs for q in p.questions), tokenizer, words)
        self._owners = np.repeat(np.arange(len(spans)), [len(found) for found in spans])

    def items(self, asked: Sequence[Asked]) -> list[Item]:
        """Those of `asked` whose answer lies in one sentence, and those that their paragraph doesn't answer."""
        queries = self._embedding.embed([question.text for _, question in asked])
        nearness = np.where(self._kept, queries @ self._vectors.T, -1.0)
        found = (self._item(*each, near) for each, near in zip(asked, nearness, strict=True))
        return [item for item in found if item]

    def group(self, item: Item, draw: random.Random) -> Group:
        """Candidates for `item`, drawn anew at each call."""
        kind = _kind(draw) if item.right else "unanswered"
        swap = None
        if kind in ("false", "altered") or (item.right and draw.random() < ALTERED_BESIDE):
            swap = self._swap(item, draw)
        if (kind == "removed" and not item.specific) or (kind in ("false", "altered") and not swap):
            kind = "beside"
        told = item.right | set(item.tempting)
        beside = [] if kind == "removed" else [i for i in item.lines if i not in told]
        # Near ones come up more often; for a question that others answer as well, none that is near.
        near = [i for _, i in sorted((draw.random() * (8 + k), i) for k, i in enumerate(item.nearest))]
        own = draw.randint(*(BESIDE_NEWS if item.question.at else BESIDE))
        others = [*draw.sample(beside, min(len(beside), own)), *(near if item.specific else [])]
        if kind == "beside" and not others:
            kind = "answered"

        untitled, titled = draw.random() < UNTITLED, draw.random() < TITLED
        lines = draw.sample(sorted(item.right), min(2, len(item.right)))
        gold = [self._extract(line, untitled, titled, draw) for line in lines]
        altered = [new for each in gold if swap and (new := _swapped(each, *swap)) != each][:1]
        tempting = [self._extract(line, untitled, titled, draw) for line in item.tempting]
        right = gold if kind == "answered" else []
        wrong = {"false": gold, "answered": altered, "altered": altered, "unanswered": tempting}.get(kind, [])
        room = CANDIDATES - len(right) - len(wrong)
        extracts = [*right, *wrong, *(self._extract(i, untitled, titled, draw) for i in others[:room])]
        starts = [tuple(_starts(each.sentence, item.question.answers)) or (len(each.sentence),) for each in right]
        labelled = list(zip(extracts, [*starts, *[()] * (len(extracts) - len(right))], strict=True))
        draw.shuffle(labelled)
        question = _replace(item.question.text, *swap) if kind == "false" and swap else item.question.text
        asked = terse(question, draw) if not item.question.at and draw.random() < TERSE else question
        return Group(asked, [extract for extract, _ in labelled], [begin for _, begin in labelled])

    def _item(self, paragraph: int, question: SquadQuestion, near: np.ndarray) -> Item | None:
        own = np.flatnonzero((self._owners == paragraph) & self._kept)
        marked = frozenset(int(i) for i in own if self._begins[i] in question.at)
        right = marked or frozenset(int(i) for i in own if _holds(self.lines[i].sentence, question.answers))
        tempting: tuple[int, ...] = ()
        if question.at and not question.answers:
            right, tempting = frozenset(), tuple(sorted(marked))
        elif not right:
            return None
        elsewhere = np.where(self._owners == paragraph, -1.0, near)
        most = min(2 * NEAREST, len(near))
        top = np.argpartition(-elsewhere, most - 1)[:most]
        ordered = top[np.argsort(-elsewhere[top], kind="stable")]
        free = [int(i) for i in ordered if elsewhere[i] > -1 and self._is_free(int(i), paragraph, question)]
        specific = bool(near[own].max() >= elsewhere.max())
        return Item(question, paragraph, tuple(own.tolist()), right, tempting, tuple(free[:NEAREST]), specific)

    def _is_free(self, line: int, paragraph: int, question: SquadQuestion) -> bool:
        """Whether a sentence of another paragraph doesn't answer `question`.

        Where no answer is known, none of the file's other articles counts as free: it may tell the same story.
        """
        if question.answers:
            return not _holds(self.lines[line].sentence, question.answers)
        return self.paragraphs[self._owners[line]].domain != self.paragraphs[paragraph].domain

    def _extract(self, line: int, untitled: bool, titled: bool, draw: random.Random) -> Extract:
        """The line as it may stand in news: first in its passage or not, below a headline or none."""
        extract = self.lines[line]
        paragraph = self.paragraphs[self._owners[line]]
        headline = paragraph.headline or (titled and paragraph.title) or extract.headline
        before = "" if draw.random() < FIRST else extract.before
        return Extract("" if untitled else headline, before, extract.sentence)

    def _swap(self, item: Item, draw: random.Random) -> tuple[str, str] | None:
        """A name, number or other word of the question, and one that its paragraph lacks and other questions have."""
        if draw.random() < OTHER_WORD:
            return self._other_word(item, draw)
        around = self.paragraphs[max(0, item.paragraph - REACH) : item.paragraph + REACH + 1]
        others = [q.text for p in around if p is not self.paragraphs[item.paragraph] for q in p.questions]
        made = false_premise(item.question.text, others, draw)
        old, new = _difference(item.question.text, made) if made else ("", "")
        lacking = new.casefold() not in self.paragraphs[item.paragraph].text.casefold()
        return (old, new) if old and new and lacking else self._other_word(item, draw)

    def _other_word(self, item: Item, draw: random.Random) -> tuple[str, str] | None:
        """A word that the question shares with what answers it, and a like one that its paragraph lacks."""
        told = {key(word) for line in item.right for text in self.lines[line] for word in words(text)}
        shared = [word for word in content(item.question.text) if key(word) in told]
        if not shared:
            return None
        old = draw.choice(shared)
        new = self._like_words.another(old, draw)
        held = {key(word) for word in words(self.paragraphs[item.paragraph].text)}
        return (old, new) if new and key(new) not in held else None


def terse(question: str, draw: random.Random) -> str:
    """`question` as typed into a search box: no mark, function words dropped, the asking word at either end."""
    kept = question.rstrip(" ?")
    if draw.random() < 0.3:
        return kept
    asking = _ASKING.match(kept)
    rest = kept[asking.end() :] if asking else kept
    words = [word for word in rest.split() if word.lower() not in STOP_WORDS]
    if not words:
        return kept
    front = asking[0].lower() if asking else ""
    return " ".join([front, *words] if draw.random() < 0.6 else [*words, front]).strip()


def _kind(draw: random.Random) -> str:
    kinds = {**UNANSWERED, "answered": 1 - sum(UNANSWERED.values())}
    return draw.choices(list(kinds), list(kinds.values()))[0]


def _starts(text: str, answers: Sequence[str]) -> Iterator[int]:
    """Where in `text` one of `answers` begins, as whole words."""
    lower = text.lower()
    for answer in answers:
        if answer and answer.lower() in lower:
            for match in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.I):
                yield match.start()


def _holds(text: str, answers: Sequence[str]) -> bool:
    return next(_starts(text, answers), None) is not None


def _swapped(extract: Extract, old: str, new: str) -> Extract:
    return Extract(*(_replace(text, old, new) for text in extract))


def _replace(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def _difference(old: str, new: str) -> tuple[str, str]:
    """The words in which two texts differ, which are otherwise the same."""
    a, b = old.split(), new.split()
    first = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    last = next((i for i, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=False)) if x != y), 0)
    return " ".join(a[first : len(a) - last]).strip(" ?.,"), " ".join(b[first : len(b) - last]).strip(" ?.,")
