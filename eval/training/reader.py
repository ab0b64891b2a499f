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
import sys
import time
from collections.abc import Callable, Iterator, Sequence
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
from eval.training.groups import CANDIDATES, UNANSWERED, Asked, Group, Item, Questions
from eval.training.news import NEWS, read_news
from eval.training.optimiser import CLIP, optimiser_for, rate_at
from eval.training.squad import Paragraph, TrainingError, read_squad
from eval.training.training import importance
from rag.cross_encoder import (
    Batch,
    Encoded,
    Network,
    base_network,
    base_tokenizer,
    encode,
    load_network,
    save_network,
)
from rag.embedding import bfloat16_pays
from rag.linear import WEIGHTS
from rag.reader import READER_LENGTHS, READER_WEIGHTS

HELD_OUT = 0.1  # of each file, its end: never trained on, so that weights beside the reader can be fitted on it
GROUPS, STEPS = 8, 1000  # in a step; in all
NEWS_SHARE = 0.5  # of the groups are about written news
AHEAD = 32  # steps whose candidates are looked up at once
FIRST_BIAS = -4.0  # log-odds of a piece before training: the sum over some 100 of a group is near “no answer”
TESTED = 300  # held-out questions of either kind that are measured on
RATE = 1e-4

Precision = Literal["auto", "bfloat16", "float32"]


def held_out(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs that the reader isn't trained on: the last tenth of each domain."""
    domains: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs:
        domains.setdefault(paragraph.domain, []).append(paragraph)
    return [p for found in domains.values() for p in found[len(found) - round(HELD_OUT * len(found)) :]]


def train(
    folder: Path,
    out: Path,
    steps: int = STEPS,
    seed: int = 1,
    precision: Precision = "auto",
    progress: Callable[[str], None] = lambda _: None,
    save_every: int = 0,
    start: Path | None = None,
    rate: float = RATE,
    news: Path = NEWS,
    news_share: float = NEWS_SHARE,
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
        start: weights of an earlier training to go on from; by default the packaged model as it is.
        rate: the greatest learning rate.
        news: a folder of written news.
        news_share: of the groups, how many are about it.

    Returns:
        The report.

    Raises:
        TrainingError: the folder holds no questions in SQuAD's format, or too few; or `news` isn't in order.
    """
    torch.manual_seed(seed)
    draw = random.Random(seed)
    paragraphs, hashes = read_squad(folder)
    written, written_hashes = read_news(news)
    paragraphs, hashes = [*paragraphs, *written], hashes | written_hashes
    unread = {p.id for p in held_out(paragraphs)}
    paragraphs = [p for p in paragraphs if p.id in unread or draw.random() < importance(p.domain)]
    asked = [(i, q) for i, p in enumerate(paragraphs) for q in p.questions if p.id not in unread]
    test = [(i, q) for i, p in enumerate(paragraphs) for q in p.questions if p.id in unread]
    if len(asked) < GROUPS or not test:
        raise TrainingError(f"{folder} holds too few questions to train on and to measure with.")
    progress(f"embedding {len(paragraphs)} paragraphs")
    network = load_network(start) if start else base_network(READER_LENGTHS.total, FIRST_BIAS)
    tokenizer = base_tokenizer()
    questions = Questions(paragraphs, tokenizer, network.words)
    autocast = precision == "bfloat16" or (precision == "auto" and bfloat16_pays())
    optimiser = optimiser_for(network, rate)
    network.train()
    losses: list[float] = []
    share = news_share if written else 0.0
    since = time.perf_counter()
    for step, groups in zip(range(1, steps + 1), _drawn(questions, asked, share, draw), strict=False):
        for part in optimiser.param_groups:
            part["lr"] = rate_at(step, steps, rate)
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
    parts = ([each for each in test if bool(paragraphs[each[0]].headline) == news] for news in (False, True))
    items = [item for part in parts for item in questions.items(draw.sample(part, min(TESTED, len(part))))]
    report = {
        "data": hashes,
        "seed": seed,
        "steps": steps,
        "groups a step": GROUPS,
        "candidates a group": CANDIDATES,
        "unanswered groups": UNANSWERED,
        "share of written news": share,
        "learning rate": rate,
        "arithmetic": "bfloat16 autocast" if autocast else "float32",
        "questions": len(asked),
        "loss": {"first": _mean(losses[:tenth]), "last": _mean(losses[-tenth:])},
        "on held-out questions": measure(load_network(out / READER_WEIGHTS.name), questions, items, seed),
    }
    if start and (before := start.with_suffix(".json")).exists():
        report["went on from"] = json.loads(before.read_text(encoding="utf-8"))
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
            rows = network(Batch.of(encode(tokenizer, READER_LENGTHS, group.question, group.extracts)))
            scores = [row.logsumexp(0).item() for row in rows]
            best = int(np.argmax(scores))
            paragraph = questions.paragraphs[item.paragraph]
            domain = "news" if paragraph.headline else paragraph.domain
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


def _drawn(
    questions: Questions, asked: Sequence[Asked], news_share: float, draw: random.Random
) -> Iterator[list[Group]]:
    """`GROUPS` groups a step without end."""
    written = [each for each in asked if questions.paragraphs[each[0]].headline]
    others = [each for each in asked if not questions.paragraphs[each[0]].headline]
    news, rest = _items(questions, written, draw), _items(questions, others, draw)
    while True:
        yield [questions.group(next(news if draw.random() < news_share else rest), draw) for _ in range(GROUPS)]


def _items(questions: Questions, asked: Sequence[Asked], draw: random.Random) -> Iterator[Item]:
    """What can be trained on of `asked`, without end; none comes up again before all have."""
    while True:
        queue = draw.sample(asked, len(asked))
        for i in range(0, len(queue), AHEAD * GROUPS):
            yield from questions.items(queue[i : i + AHEAD * GROUPS])


def _loss(network: Network, tokenizer: Tokenizer, groups: Sequence[Group], autocast: bool) -> Tensor:
    encoded = [encode(tokenizer, READER_LENGTHS, group.question, group.extracts) for group in groups]
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


def _mean(values: Sequence[float] | np.ndarray) -> float:
    return round(float(np.mean(values)), 4) if len(values) else math.nan


def main(
    folder: Annotated[Path, typer.Argument(help="A folder of questions in SQuAD's JSON format.")],
    out: Annotated[Path, typer.Option(help="Where the weights and their report go.")] = WEIGHTS,
    steps: Annotated[int, typer.Option(help="How many steps; one takes a second or two on two cores.")] = STEPS,
    seed: Annotated[int, typer.Option(help="Decides the order of questions, their candidates and the dropout.")] = 1,
    precision: Annotated[Precision, typer.Option(help="Arithmetic; auto takes the faster.")] = "auto",
    rate: Annotated[float, typer.Option(help="The greatest learning rate.")] = RATE,
    start: Annotated[Path | None, typer.Option(help="Go on from these weights.")] = None,
    save_every: Annotated[int, typer.Option(help="Also write the weights every so many steps.")] = 0,
) -> None:
    """Train the reader on the questions of FOLDER."""
    console = Console(stderr=True)
    try:
        train(folder, out, steps, seed, precision, console.print, save_every, start, rate)
    except PassageError as error:
        console.print(str(error))
        sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
