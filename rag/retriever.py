"""Hybrid retrieval: dense and lexical search, both scored over their union, normalised and fused."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from rag.index import Index
from rag.passage_store import StoredPassage
from rag.passages import Vectors
from rag.terms import fts_query

# Lexical scores are read down to this rank, so that dense hits get theirs too; asking FTS5 for just those rows
# costs 40 ms over 7,900 passages (it starts the match anew for each), this 9 ms. What ranks lower counts as 0.
LEXICAL_DEPTH = 1000


@dataclass(frozen=True)
class WeightedQuery:
    """One of the texts that a question is retrieved with, and its share in the score."""

    text: str
    weight: float


@dataclass(frozen=True)
class Score:
    """What a hit is ranked by, part by part.

    Attributes:
        dense: from the question's cosine, min-max normalised and weighted.
        lexical: from the question's BM25, likewise.
        history: from the texts of its conversation.
        time: for the time asked about.
        opinion: of a cross-encoder.
        diversity: what is taken off for likeness to better hits; never positive.
    """

    dense: float = 0.0
    lexical: float = 0.0
    history: float = 0.0
    time: float = 0.0
    opinion: float = 0.0
    diversity: float = 0.0

    @property
    def total(self) -> float:
        """The sum of all parts."""
        return self.dense + self.lexical + self.history + self.time + self.opinion + self.diversity


@dataclass(frozen=True)
class Hit:
    """A retrieved passage and its score.

    Attributes:
        dense: cosine between the question and the passage.
        lexical: BM25 of the passage for the question; 0 when no word matches.
        score: what hits are ranked by.
        also: near-identical passages of other articles, which this one stands for.
    """

    passage: StoredPassage
    dense: float
    lexical: float
    score: Score
    also: tuple[StoredPassage, ...] = field(default=(), repr=False)

    @property
    def fused(self) -> float:
        """The score in one number: in [0, 1] from the retriever, a little more or less with the later parts."""
        return self.score.total


class HybridRetriever(BaseRetriever):
    """LlamaIndex retriever over an `Index`; `search` gives the same hits with everything known about them."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self._index = index
        self._settings = index.settings

    def search(self, queries: Sequence[WeightedQuery], k: int | None = None) -> list[Hit]:
        """The best `k` passages (default `top_k`) for all `queries` together, best first.

        Scores of the queries are blended by weight; `Hit.dense` and `Hit.lexical` are the first query's own.
        """
        k = k or self._settings.top_k
        if not self._index.passages.count():
            return []
        embedded = np.array([self._index.embedding.get_query_embedding(q.text) for q in queries], np.float32)
        matches = [self._match(q.text) for q in queries]
        vectors = self._index.passages.vectors(self._candidates(embedded, matches, k))
        if not vectors:
            return []
        keys = sorted(vectors)  # a fixed order, so that equal scores always rank alike
        matrix = np.stack([vectors[key] for key in keys])

        cosines = embedded @ matrix.T
        bm25 = np.array([[match.get(key, 0.0) for key in keys] for match in matches])
        share = self._settings.dense_weight
        weights = np.array([query.weight for query in queries]) / sum(query.weight for query in queries)
        dense = [weight * share * min_max(scores) for weight, scores in zip(weights, cosines, strict=True)]
        lexical = [weight * (1 - share) * min_max(scores) for weight, scores in zip(weights, bm25, strict=True)]
        history = sum(dense[1:]) + sum(lexical[1:]) + np.zeros(len(keys))
        total = dense[0] + lexical[0] + history

        best = np.argsort(-total, kind="stable")[:k]
        loaded = self._index.passages.load([keys[i] for i in best])
        return [
            Hit(
                loaded[keys[i]],
                float(cosines[0, i]),
                float(bm25[0, i]),
                Score(dense=float(dense[0][i]), lexical=float(lexical[0][i]), history=float(history[i])),
            )
            for i in best
            if keys[i] in loaded
        ]

    def _match(self, text: str) -> dict[int, float]:
        expression = fts_query(text)
        return self._index.passages.match(expression, LEXICAL_DEPTH) if expression else {}

    def _candidates(self, embedded: Vectors, matches: Sequence[Mapping[int, float]], k: int) -> set[int]:
        """Keys of the union of both searches over all queries; vectors that SQLite doesn't know are ignored."""
        near = self._index.vectors.nearest(embedded, max(k, self._settings.dense_k))
        keys = set(self._index.passages.keys({i for ids in near for i in ids}).values())
        for match in matches:
            keys.update(itertools.islice(match, max(k, self._settings.lexical_k)))
        return keys

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [to_node(hit) for hit in self.search([WeightedQuery(query_bundle.query_str, 1.0)])]


def min_max(scores: np.ndarray) -> np.ndarray:
    """`scores` moved and scaled to [0, 1]; all zero when they are all equal."""
    span = scores.max() - scores.min()
    normalised: np.ndarray = (scores - scores.min()) / span if span > 0 else np.zeros_like(scores)
    return normalised


def to_node(hit: Hit) -> NodeWithScore:
    """A hit as LlamaIndex knows it; the metadata say where the passage stands and how it scored."""
    passage = hit.passage
    node = TextNode(
        id_=passage.passage_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "article_id": passage.article_id,
            "version": passage.version,
            "title": passage.title,
            "source": passage.source,
            "url": passage.url,
            "published": passage.published.isoformat() if passage.published else None,
            "start": passage.start,
            "end": passage.end,
            "dense": hit.dense,
            "lexical": hit.lexical,
            "fused": hit.fused,
        },
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.article_id)},
    )
    return NodeWithScore(node=node, score=hit.fused)
