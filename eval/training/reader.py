"""`python -m eval.training.reader DIR`: train the reader on the questions of DIR and write its weights and report.

A group is a question with candidate sentences of which some or none answer it. Candidates come from the question's
paragraph and from those nearest to it, so that they are what selection will offer. The loss is minus the log of the
share of the softmax, over the pieces of all candidates and "no answer" (log-odds 0), that falls to where the answers
begin (shared normalisation: Clark and Gardner 2018, arXiv:1710.10723).
"""

from __future__ import annotations

import itertools
import json
import math
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import torch
import typer
from rich.console import Console
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import Tensor

from corpus.errors import PassageError
from eval.training.false_premises import false_premise
from eval.training.squad import Paragraph, SquadQuestion, TrainingError, read_squad
from eval.training.training import INFORMAL, INFORMAL_IMPORTANCE
from rag.embedding import SentenceTransformerEmbedding, bfloat16_pays
from rag.linear import WEIGHTS
from rag.places import is_heading
from rag.reader import (
    READER_WEIGHTS,
    Batch,
    Encoded,
    Network,
    base_network,
    base_tokenizer,
    encode,
    load_network,
    save_network,
)
from rag.sentences import split_sentences
from rag.terms import STOP_WORDS

HELD_OUT = 0.1  # of each file, its end: never trained on, so that weights beside the reader can be fitted on it
NEAREST = 24  # sentences of other paragraphs that a question's candidates are drawn from
CANDIDATES, GROUPS, STEPS = 6, 8, 1000  # in a group; in a step; in all
AHEAD = 32  # steps whose candidates are looked up at once
TESTED = 300  # held-out questions that are measured on
# Of the groups; the rest can be answered. "removed": only sentences of other paragraphs. "beside": the answering
# sentence is taken out of its paragraph. "false": a name or number of the question is another. "altered": it is
# another in the text.
UNANSWERED = {"removed": 0.13, "beside": 0.1, "false": 0.07, "altered": 0.05}
ALTERED_BESIDE = 0.25  # of the answered groups have an altered copy of the answering sentence among their candidates
TERSE = 0.3  # of the questions are put as people type them
FIRST = 0.15  # of the sentences lose the one before, as a passage's first has none
REACH = 8  # paragraphs before and after from which another name or number is taken
RATE, WARM_UP, DECAY, CLIP = 1e-4, 0.06, 0.01, 1.0
_ASKING = re.compile(r"(?:how (?:many|much|long|old|often|far)|what|whom?|when|where|why|which|how)\b", re.I)

Precision = Literal["auto", "bfloat16", "float32"]
Asked = tuple[int, SquadQuestion]
"""The position of a paragraph, and one of its questions."""
Pair = tuple[str, str]
"""The sentence before ("" for a passage's first), and a sentence."""


@dataclass(frozen=True)
class Item:
    """A question that can be trained on.

    Attributes:
        paragraph: position of its paragraph.
        lines: its paragraph's sentences, as positions in `Questions.lines`.
        right: those of `lines` that hold the answer.
        nearest: the sentences of other paragraphs that are nearest to it and don't hold the answer.
        specific: whether no other paragraph is nearer than its own. If one is ("What did he like about it?"), the
            question leaves out what it is about, so that others may answer it as well.
    """

    question: SquadQuestion
    paragraph: int
    lines: tuple[int, ...]
    right: frozenset[int]
    nearest: tuple[int, ...]
    specific: bool


@dataclass(frozen=True)
class Group:
    """A question and its candidates.

    Attributes:
        starts: for each pair, at which characters of the sentence an answer begins; none where it doesn't answer.
    """

    question: str
    pairs: list[Pair]
    starts: list[tuple[int, ...]]


class Questions:
    """The candidates for the questions of some paragraphs.

    Attributes:
        lines: the sentences of all paragraphs, each with the one before it.
    """

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        """Embed all sentences, which takes minutes for thousands of paragraphs."""
        self.paragraphs = paragraphs
        self.lines: list[Pair] = []
        spans = [split_sentences(p.text) for p in paragraphs]
        for paragraph, found in zip(paragraphs, spans, strict=True):
            texts = [paragraph.text[start:end] for start, end in found]
            self.lines += zip(["", *texts], texts, strict=False)
        self._embedding = SentenceTransformerEmbedding()
        self._vectors = np.concatenate(self._embedding.embed_with_sentences([p.text for p in paragraphs], spans)[1])
        self._kept = np.array([not is_heading(sentence) for _, sentence in self.lines])
        self._owners = np.repeat(np.arange(len(spans)), [len(found) for found in spans])

    def items(self, asked: Sequence[Asked]) -> list[Item]:
        """Those of `asked` whose answer lies in one sentence."""
        queries = self._embedding.embed([question.text for _, question in asked])
        nearness = np.where(self._kept, queries @ self._vectors.T, -1.0)
        found = (self._item(*each, near) for each, near in zip(asked, nearness, strict=True))
        return [item for item in found if item]

    def group(self, item: Item, draw: random.Random) -> Group:
        """Candidates for `item`, drawn anew at each call."""
        kind = _kind(draw)
        swap = self._swap(item, draw) if kind in ("false", "altered") or draw.random() < ALTERED_BESIDE else None
        if (kind == "removed" and not item.specific) or (kind in ("false", "altered") and not swap):
            kind = "beside"
        beside = [] if kind == "removed" else [i for i in item.lines if i not in item.right]
        # Near ones come up more often; for a question that others answer as well, none that is near.
        near = [i for _, i in sorted((draw.random() * (8 + k), i) for k, i in enumerate(item.nearest))]
        others = [*draw.sample(beside, min(len(beside), draw.randint(2, 4))), *(near if item.specific else [])]
        if kind == "beside" and not others:
            kind = "answered"

        gold = [self._pair(i, draw) for i in draw.sample(sorted(item.right), min(2, len(item.right)))]
        altered = [new for pair in gold if swap and (new := _swapped(pair, *swap)) != pair][:1]
        right = gold if kind == "answered" else []
        wrong = gold if kind == "false" else altered if kind in ("answered", "altered") else []
        room = CANDIDATES - len(right) - len(wrong)
        pairs = [*right, *wrong, *(self._pair(i, draw) for i in others[:room])]
        starts = [tuple(_starts(sentence, item.question.answers)) for _, sentence in right]
        labelled = list(zip(pairs, [*starts, *[()] * (len(pairs) - len(right))], strict=True))
        draw.shuffle(labelled)
        question = _replace(item.question.text, *swap) if kind == "false" and swap else item.question.text
        asked = terse(question, draw) if draw.random() < TERSE else question
        return Group(asked, [pair for pair, _ in labelled], [begin for _, begin in labelled])

    def _item(self, paragraph: int, question: SquadQuestion, near: np.ndarray) -> Item | None:
        own = np.flatnonzero((self._owners == paragraph) & self._kept)
        right = frozenset(int(i) for i in own if _holds(self.lines[i][1], question.answers))
        if not right:
            return None
        elsewhere = np.where(self._owners == paragraph, -1.0, near)
        most = min(2 * NEAREST, len(near))
        top = np.argpartition(-elsewhere, most - 1)[:most]
        ordered = top[np.argsort(-elsewhere[top], kind="stable")]
        free = [int(i) for i in ordered if elsewhere[i] > -1 and not _holds(self.lines[i][1], question.answers)]
        specific = bool(near[own].max() >= elsewhere.max())
        return Item(question, paragraph, tuple(own.tolist()), right, tuple(free[:NEAREST]), specific)

    def _pair(self, line: int, draw: random.Random) -> Pair:
        before, sentence = self.lines[line]
        return ("" if draw.random() < FIRST else before), sentence

    def _swap(self, item: Item, draw: random.Random) -> tuple[str, str] | None:
        """A name or number of the question, and one that its paragraph lacks, from a neighbouring paragraph."""
        around = self.paragraphs[max(0, item.paragraph - REACH) : item.paragraph + REACH + 1]
        others = [q.text for p in around if p is not self.paragraphs[item.paragraph] for q in p.questions]
        made = false_premise(item.question.text, others, draw)
        old, new = _difference(item.question.text, made) if made else ("", "")
        lacking = new.casefold() not in self.paragraphs[item.paragraph].text.casefold()
        return (old, new) if old and new and lacking else None


def held_out(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs that the reader isn't trained on: the last tenth of each domain."""
    domains: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs:
        domains.setdefault(paragraph.domain, []).append(paragraph)
    return [p for found in domains.values() for p in found[len(found) - round(HELD_OUT * len(found)) :]]


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


def train(
    folder: Path,
    out: Path,
    steps: int = STEPS,
    seed: int = 1,
    precision: Precision = "auto",
    progress: Callable[[str], None] = lambda _: None,
    save_every: int = 0,
) -> dict[str, Any]:
    """Train and write reader.safetensors and reader.json to `out`.

    Args:
        folder: of questions in SQuAD's format.
        out: where the weights and their report go.
        steps: of `GROUPS` groups each.
        seed: decides the order of questions, their candidates and the dropout.
        precision: "float32", "bfloat16" (autocast) or "auto" for the faster.
        progress: told what is being done.
        save_every: steps after which the weights are written as they are so far; 0 for only at the end.

    Returns:
        The report.

    Raises:
        TrainingError: the folder holds no questions in SQuAD's format, or too few.
    """
    torch.manual_seed(seed)
    draw = random.Random(seed)
    paragraphs, hashes = read_squad(folder)
    unread = {p.id for p in held_out(paragraphs)}
    paragraphs = [p for p in paragraphs if p.id in unread or draw.random() < _importance(p)]
    asked = [(i, q) for i, p in enumerate(paragraphs) for q in p.questions if p.id not in unread]
    test = [(i, q) for i, p in enumerate(paragraphs) for q in p.questions if p.id in unread]
    if len(asked) < GROUPS or not test:
        raise TrainingError(f"{folder} holds too few questions to train on and to measure with.")
    progress(f"embedding {len(paragraphs)} paragraphs")
    questions = Questions(paragraphs)
    network, tokenizer = base_network(), base_tokenizer()
    autocast = precision == "bfloat16" or (precision == "auto" and bfloat16_pays())
    optimiser = _optimiser(network)
    network.train()
    losses: list[float] = []
    since = time.perf_counter()
    for step, groups in zip(range(1, steps + 1), _drawn(questions, asked, draw), strict=False):
        for part in optimiser.param_groups:
            part["lr"] = RATE * min(step / steps / WARM_UP, (1 - (step - 1) / steps) / (1 - WARM_UP))
        lost = _loss(network, tokenizer, groups, autocast)
        lost.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(lost.item())
        if step % 20 == 0:
            pace = (time.perf_counter() - since) / step
            progress(f"step {step} of {steps}, loss {_mean(losses[-100:]):.3f}, {pace:.2f} s a step")
        if step == steps or (save_every and step % save_every == 0):
            save_network(network, out / READER_WEIGHTS.name)
    progress("measuring")
    tenth = math.ceil(steps / 10)
    items = questions.items(draw.sample(test, min(TESTED, len(test))))
    report = {
        "data": hashes,
        "seed": seed,
        "steps": steps,
        "groups a step": GROUPS,
        "candidates a group": CANDIDATES,
        "unanswered groups": UNANSWERED,
        "learning rate": RATE,
        "arithmetic": "bfloat16 autocast" if autocast else "float32",
        "questions": len(asked),
        "loss": {"first": _mean(losses[:tenth]), "last": _mean(losses[-tenth:])},
        "on held-out questions": measure(load_network(out / READER_WEIGHTS.name), questions, items, seed),
    }
    (out / "reader.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def measure(network: Network, questions: Questions, items: Sequence[Item], seed: int) -> dict[str, Any]:
    """How well groups drawn for `items` are answered and refused, by domain.

    "first": of the answered groups, how many have an answer in the best sentence. "AUROC": of the best score,
    answered against unanswered groups.
    """
    draw = random.Random(seed)
    tokenizer = base_tokenizer()
    found: dict[str, list[tuple[float, bool, bool]]] = {}
    with torch.inference_mode():
        for item in items:
            group = questions.group(item, draw)
            rows = network(Batch.of(encode(tokenizer, group.question, group.pairs)))
            scores = [row.logsumexp(0).item() for row in rows]
            best = int(np.argmax(scores))
            domain = questions.paragraphs[item.paragraph].domain
            found.setdefault(domain, []).append((scores[best], any(group.starts), bool(group.starts[best])))
    return {domain: _figures(rows) for domain, rows in sorted(found.items())}


def _figures(rows: Sequence[tuple[float, bool, bool]]) -> dict[str, float]:
    scores, answered, first = (np.array(column) for column in zip(*rows, strict=True))
    both = 0 < answered.mean() < 1
    return {
        "groups": len(rows),
        "first": _mean(first[answered]),
        "AUROC": round(float(roc_auc_score(answered, scores)), 4) if both else math.nan,
        "decided rightly": _mean((scores > 0) == answered),
    }


def _drawn(questions: Questions, asked: Sequence[Asked], draw: random.Random) -> Iterator[list[Group]]:
    """`GROUPS` groups a step without end; no question comes up again before all have."""
    queue: list[Asked] = []
    items: list[Item] = []
    while True:
        while len(items) < GROUPS:
            queue = queue or draw.sample(asked, len(asked))
            items = [*questions.items(queue[: AHEAD * GROUPS]), *items]
            queue = queue[AHEAD * GROUPS :]
        yield [questions.group(items.pop(), draw) for _ in range(GROUPS)]


def _importance(paragraph: Paragraph) -> float:
    return INFORMAL_IMPORTANCE if any(name in paragraph.domain for name in INFORMAL) else 1.0


def _loss(network: Network, tokenizer: Tokenizer, groups: Sequence[Group], autocast: bool) -> Tensor:
    encoded = [encode(tokenizer, group.question, group.pairs) for group in groups]
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        rows = iter(network(Batch.of([pair for pairs in encoded for pair in pairs])))
    lost = []
    for group, pairs in zip(groups, encoded, strict=True):
        own = list(itertools.islice(rows, len(pairs)))
        none = torch.zeros(1)
        right = [r[_pieces(p, begin)] for r, p, begin in zip(own, pairs, group.starts, strict=True) if begin]
        lost.append(torch.cat([none, *own]).logsumexp(0) - torch.cat(right or [none]).logsumexp(0))
    return torch.stack(lost).mean()


def _pieces(pair: Encoded, starts: Sequence[int]) -> list[int]:
    """Positions in the sentence of the pieces that hold the characters `starts`; all pieces if they were cut off."""
    found = [k for k, (begin, end) in enumerate(pair.offsets) if any(begin <= start < end for start in starts)]
    return found or list(range(len(pair.offsets)))


def _optimiser(network: Network) -> torch.optim.Optimizer:
    """AdamW; matrices decay, the rest doesn't."""
    matrices = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() == 1]
    return torch.optim.AdamW(
        [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}], lr=RATE
    )


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


def _swapped(pair: Pair, old: str, new: str) -> Pair:
    return _replace(pair[0], old, new), _replace(pair[1], old, new)


def _replace(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def _difference(old: str, new: str) -> tuple[str, str]:
    """The words in which two texts differ, which are otherwise the same."""
    a, b = old.split(), new.split()
    first = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    last = next((i for i, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=False)) if x != y), 0)
    return " ".join(a[first : len(a) - last]).strip(" ?.,"), " ".join(b[first : len(b) - last]).strip(" ?.,")


def _mean(values: Sequence[float] | np.ndarray) -> float:
    return round(float(np.mean(values)), 4) if len(values) else math.nan


def main(
    folder: Annotated[Path, typer.Argument(help="A folder of questions in SQuAD's JSON format.")],
    out: Annotated[Path, typer.Option(help="Where the weights and their report go.")] = WEIGHTS,
    steps: Annotated[int, typer.Option(help="How many steps; one takes a second or two on two cores.")] = STEPS,
    seed: Annotated[int, typer.Option(help="Decides the order of questions, their candidates and the dropout.")] = 1,
    precision: Annotated[Precision, typer.Option(help="Arithmetic; auto takes the faster.")] = "auto",
    save_every: Annotated[int, typer.Option(help="Also write the weights every so many steps.")] = 0,
) -> None:
    """Train the reader on the questions of FOLDER."""
    console = Console(stderr=True)
    try:
        train(folder, out, steps, seed, precision, console.print, save_every)
    except PassageError as error:
        console.print(str(error))
        sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
