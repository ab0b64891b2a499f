"""Hybrid retrieval: dense and lexical search, both scored over their union, normalised and fused."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from rag.catalogue import Catalogue, Selected
from rag.filters import EVERYTHING, Filters
from rag.index import Index
from rag.lexical import bm25, query_terms
from rag.names import spelled_out
from rag.passage_store import StoredPassage
from rag.passages import Vectors

MATCHED = 3000  # most passages that the lexical search goes through: a millisecond for each thousand
# Up to this many passages that pass a filter are compared one by one (3 ms); of more, Chroma finds enough.
COMPARED = 16_000
MOST_FROM_CHROMA = 2000
IN_WINDOW = 10  # passages that each search adds from a time asked about
# What the beginning of an article gains: news says first what it is about. On bbc-headlines R@5 rises from 0.947 to
# 0.951, nDCG@5 on golden from 0.971 to 0.973 and on xquad-en by 0.0005, MTRAG-UN and bbc-questions stay; with 0.03
# golden falls to 0.967.
LEAD = 0.02


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
        lead: for being the beginning of its article.
        time: for the time asked about.
        opinion: of a cross-encoder.
    """

    dense: float = 0.0
    lexical: float = 0.0
    history: float = 0.0
    lead: float = 0.0
    time: float = 0.0
    opinion: float = 0.0

    @property
    def total(self) -> float:
        """The sum of all parts."""
        return self.dense + self.lexical + self.history + self.lead + self.time + self.opinion


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
        """The score in one number: in [0, 1], a little more or less with the lead and the later parts."""
        return self.score.total


class HybridRetriever(BaseRetriever):
    """LlamaIndex retriever over an `Index`; `search` gives the same hits with everything known about them."""

    def __init__(
        self, index: Index, dense_weight: float | None = None, *, names: bool = True, lead: bool = True
    ) -> None:
        """Over `index`.

        Args:
            index: what is searched.
            dense_weight: share of the dense score; by default what the settings say.
            names: whether other names of what a query names are looked for, too.
            lead: whether the beginning of an article is preferred.
        """
        super().__init__()
        self._index = index
        self._settings = index.settings
        self._dense_weight = index.settings.dense_weight if dense_weight is None else dense_weight
        self._names = names
        self._lead = LEAD if lead else 0.0
        self.catalogue = Catalogue(index.passages)

    def search(
        self,
        queries: Sequence[WeightedQuery],
        k: int | None = None,
        filters: Filters = EVERYTHING,
        windows: Sequence[Filters] = (),
    ) -> list[Hit]:
        """The best `k` passages (default `top_k`) for all `queries` together, best first.

        Scores of the queries are blended by weight; `Hit.dense` and `Hit.lexical` are the first query's own. Behind
        these come the best of those passages that only a window brought up.

        Args:
            queries: texts with weights, the question first.
            k: most hits.
            filters: what hits must pass.
            windows: each is searched by itself as well, so that of many like reports those of a time are found.
        """
        k = k or self._settings.top_k
        passages = self._index.passages
        statistics = passages.statistics()
        if not statistics.passages:
            return []
        embedded = np.array([self._embed(query.text) for query in queries], np.float32)
        terms = [query_terms(query.text, names=self._names) for query in queries]
        candidates, windowed = self._candidates(embedded, terms, k, filters, windows)
        keys, matrix, packed, begins = passages.scoring(candidates | windowed)
        if not keys:
            return []

        cosines = embedded @ matrix.T
        scores = np.array([bm25(query, packed, statistics) for query in terms])
        share = self._dense_weight
        weights = np.array([query.weight for query in queries]) / sum(query.weight for query in queries)
        dense = weights[:, None] * share * np.apply_along_axis(min_max, 1, cosines)
        lexical = weights[:, None] * (1 - share) * np.apply_along_axis(min_max, 1, scores)
        history = dense[1:].sum(axis=0) + lexical[1:].sum(axis=0)
        lead = self._lead * begins
        total = dense[0] + lexical[0] + history + lead

        order = np.argsort(-total, kind="stable")
        best = [*order[:k], *[i for i in order[k:] if keys[i] in windowed][: IN_WINDOW * len(windows)]]
        loaded = passages.load([keys[i] for i in best])
        return [
            Hit(
                loaded[keys[i]],
                float(cosines[0, i]),
                float(scores[0, i]),
                Score(float(dense[0, i]), float(lexical[0, i]), float(history[i]), float(lead[i])),
            )
            for i in best
            if keys[i] in loaded
        ]

    def _embed(self, text: str) -> list[float]:
        """The model hardly knows the field's abbreviations, so it reads what they stand for, too."""
        return self._index.embedding.get_query_embedding(spelled_out(text) if self._names else text)

    def _candidates(
        self,
        embedded: Vectors,
        terms: Sequence[Mapping[str, float]],
        k: int,
        filters: Filters,
        windows: Sequence[Filters],
    ) -> tuple[set[int], set[int]]:
        """Keys of the union of both searches over all queries, and those that only a window brings up.

        Vectors that SQLite doesn't know are ignored.
        """
        limited = filters or self._index.passages.flags.any_hidden()
        selected = self.catalogue.select(filters) if limited else None
        if selected is not None and not len(selected.keys):
            return set(), set()
        keys = self._nearest(embedded, max(k, self._settings.dense_k), selected)
        matches = [np.array(self._index.passages.match(list(query), MATCHED), np.int64) for query in terms]
        for matched in matches:
            passing = matched if selected is None else matched[selected.holds(matched)]
            keys.update(passing[: max(k, self._settings.lexical_k)].tolist())
        windowed: set[int] = set()
        for window in windows:
            inside = self.catalogue.select(window)
            if 0 < len(inside.keys) <= COMPARED:  # of a longer time, the search of everything finds enough
                windowed |= inside.nearest(embedded, IN_WINDOW)
                for matched in matches:
                    windowed.update(matched[inside.holds(matched)][:IN_WINDOW].tolist())
        return keys, windowed - keys

    def _nearest(self, embedded: Vectors, k: int, selected: Selected | None) -> set[int]:
        if selected is not None and len(selected.keys) <= COMPARED:
            return selected.nearest(embedded, k)
        wanted = k
        if selected is not None:
            wanted = min(MOST_FROM_CHROMA, math.ceil(1.5 * k / selected.share), k + selected.others)
        near = self._index.vectors.nearest(embedded, wanted)
        keys = set(self._index.passages.keys({i for ids in near for i in ids}).values())
        if selected is None:
            return keys
        found = np.array(sorted(keys), np.int64)
        passing = set(found[selected.holds(found)].tolist())
        return passing if len(passing) >= k else selected.nearest(embedded, k)

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
