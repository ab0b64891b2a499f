"""Questions asked of pools of paragraphs, through the index and the retriever that answer real ones."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.articles import Article
from corpus.settings import load_settings
from corpus.store import ArticleStore
from eval.training.embeddings import RememberingEmbedding
from eval.training.false_premises import false_premise
from eval.training.squad import Paragraph
from rag.index import Index
from rag.retriever import Hit, HybridRetriever, WeightedQuery
from rag.selection import Question
from rag.term_weights import question_stems

QuestionAnswers = tuple[str, tuple[str, ...]]
"""A question and the right wordings of its answer; none when it can't be answered."""


@dataclass(frozen=True)
class Plan:
    """Pools of one size.

    Attributes:
        size: least and most paragraphs in a pool.
        pools: how many pools; each is of one domain, in turn, or of all of them when `mixed`.
        questions: most answerable questions, and most unanswerable ones, asked of a pool.
    """

    size: tuple[int, int]
    pools: int
    questions: int
    mixed: bool = False


# From one article to thousands, because what people index differs as much.
PLANS = (
    Plan((1, 5), 120, 6),
    Plan((50, 50), 18, 50),
    Plan((500, 500), 3, 500),
    Plan((2000, 2000), 1, 1500, mixed=True),
)
INDEXED_PER_DOMAIN = 900  # embedding takes the time: some 30 paragraphs a second on two cores
FOREIGN_SHARE = 0.25  # of the unanswerable questions: from another domain, so that nothing in the pool is near
FALSE_SHARE = 0.15  # of them: about another name or number than the paragraph's, which is in the pool


@dataclass(frozen=True)
class Retrieved:
    """A question put to a pool, and what the retriever found.

    Attributes:
        answers: the right wordings; empty when the pool's paragraphs don't answer the question.
        frequencies: in how many of the pool's passages each of the question's terms occurs.
        passages: how many passages the pool has.
    """

    question: Question
    hits: tuple[Hit, ...]
    answers: tuple[str, ...]
    frequencies: Mapping[str, int]
    passages: int
    domain: str


def ask_pools(
    paragraphs: Sequence[Paragraph],
    plans: Iterable[Plan] = PLANS,
    seed: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Retrieved]:
    """Ask questions of pools drawn from `paragraphs`; half of them can be answered from their pool.

    The others are about paragraphs that are left out (their neighbours from the same article may be in), from
    another domain, or made false.
    """
    draw = random.Random(seed)
    embedding = RememberingEmbedding()
    domains: dict[str, list[Paragraph]] = {}
    for paragraph in draw.sample(paragraphs, len(paragraphs)):
        domains.setdefault(paragraph.domain, []).append(paragraph)
    names = sorted(domains)
    for plan in plans:
        for i in range(plan.pools):
            chosen = names if plan.mixed else [names[i % len(names)]]
            source = [p for name in chosen for p in _indexed(domains[name])]
            pool = draw.sample(source, min(draw.randint(*plan.size), len(source)))
            if progress:
                progress(f"{len(pool)} paragraphs, {' and '.join(chosen)}")
            domain = "mixed" if plan.mixed else chosen[0]
            yield from ask_pool(pool, _asked(pool, domains, chosen, plan.questions, draw), embedding, domain)


def ask_pool(
    pool: Sequence[Paragraph],
    asked: Sequence[QuestionAnswers],
    embedding: RememberingEmbedding,
    domain: str,
) -> Iterator[Retrieved]:
    """Index `pool` in a folder of its own and retrieve for each (question, answers)."""
    embedding.remember_questions([question for question, _ in asked])
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(data=Path(folder))
        store = ArticleStore.open(Path(folder))
        index = Index(store, settings)
        index.embedding = embedding
        try:
            store.upsert(Article(id=p.id, title="", text=p.text) for p in pool)
            index.sync()
            retriever = HybridRetriever(index)
            known = index.passages.statistics()
            for question, answers in asked:
                yield Retrieved(
                    question=Question(question, np.array(embedding.get_query_embedding(question), np.float32)),
                    hits=tuple(retriever.search([WeightedQuery(question, 1.0)])),
                    answers=answers,
                    frequencies={s: known.frequencies.get(s, 0) for s in question_stems(question)},
                    passages=known.passages,
                    domain=domain,
                )
        finally:
            index.close()
            store.close()


def _indexed(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Those of a domain that pools are drawn from; a third at least is in none."""
    return paragraphs[: min(INDEXED_PER_DOMAIN, max(1, len(paragraphs) * 2 // 3))]


def _asked(
    pool: list[Paragraph], domains: dict[str, list[Paragraph]], chosen: list[str], most: int, draw: random.Random
) -> list[QuestionAnswers]:
    """Up to `most` questions that `pool` answers, and as many that it doesn't."""
    held = {p.id for p in pool}
    groups = {p.group for p in pool}
    left_out = {name: [p for p in found if p.id not in held] for name, found in domains.items()}
    near = [p for name in chosen for p in left_out[name]]
    far = [p for name, found in left_out.items() if name not in chosen for p in found]
    others = [q.text for p in near[:500] for q in p.questions]
    answerable = _draw(pool, most, draw)
    foreign = round(most * FOREIGN_SHARE) if far else 0
    false = [false_premise(text, others, draw) for text, _ in draw.sample(answerable, len(answerable))]
    made = [text for text in false if text][: round(most * FALSE_SHARE)]
    rest = (most - foreign - len(made)) // 2
    unanswerable = [
        *_draw(near, rest, draw),
        *_draw([p for p in near if p.group in groups], rest, draw),
        *_draw(far, foreign, draw),
    ]
    return [*answerable, *((text, ()) for text, _ in unanswerable), *((text, ()) for text in made)]


def _draw(paragraphs: Sequence[Paragraph], most: int, draw: random.Random) -> list[QuestionAnswers]:
    every = [(q.text, q.answers) for p in paragraphs for q in p.questions]
    return draw.sample(every, min(most, len(every)))
