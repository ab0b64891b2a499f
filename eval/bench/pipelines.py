"""The two pipelines under comparison, each run in a process of its own so that memory can be told apart."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from eval.bench.memory import peak_mb
from eval.datasets import Benchmark, Query
from eval.retrieval import Ranking
from rag.fingerprint import packaged_model

DEPTH = 10  # documents ranked; several passages of one document count once
PASSAGES = 50  # passages asked for, so that ten documents are among them
ASKED = 200  # questions answered at most


@dataclass(frozen=True)
class Outcome:
    """What one pipeline did on one benchmark.

    Attributes:
        index_s: seconds for the whole corpus, reading and storing included, loading the model not.
        articles: in the corpus.
        pieces: word pieces that went through the model while indexing, cut-off ones not counted.
        rankings: documents found for each query.
        retrieve_ms: for each query, warm.
        ask_ms: for each query, warm; empty when the pipeline answers only with a language model.
        second_s: seconds for indexing the same corpus again, or None where that isn't offered.
        peak_mb: most memory that the process held.
    """

    index_s: float
    articles: int
    pieces: int
    rankings: dict[str, Ranking]
    retrieve_ms: list[float]
    ask_ms: list[float]
    second_s: float | None
    peak_mb: float


def run_passage(folder: Path, limit: int | None) -> Outcome:
    """Passage as a user runs it: ingest into a data folder, then retrieve and ask with the history."""
    from corpus import ArticleStore, ingest, load_settings, read_paths
    from corpus.readers import ReadOptions
    from eval.run import rank_articles
    from rag.assistant import Assistant
    from rag.index import Index

    benchmark = Benchmark(folder)
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(data=data)
        store = ArticleStore.open(Path(data))
        index = Index(store, settings)
        index.embedding.get_query_embedding("warm")

        def load() -> float:
            start = time.perf_counter()
            ingest(read_paths([benchmark.corpus], ReadOptions()), store)
            index.sync()
            return time.perf_counter() - start

        index_s, second_s = load(), load()
        pieces = index.embedding.pieces_embedded
        peak = peak_mb()
        index.close()
        store.close()
        with Assistant.open(data, settings) as assistant:
            longest = settings.max_question_chars

            def search(query: Query) -> list[tuple[str, float]]:
                assistant.index.embedding.forget_queries()
                found = assistant.search(query.text[:longest], query.history, query.as_of, k=PASSAGES)
                return list(rank_articles(found.hits).items())

            def ask(query: Query) -> None:
                assistant.index.embedding.forget_queries()
                assistant.ask(query.text[:longest], query.history, query.as_of)

            assistant.warm_up()
            rankings, retrieve_ms = _rank(benchmark, search, limit)
            ask_ms = [_timed(partial(ask, query))[1] for query in benchmark.queries[:limit][:ASKED]]
        articles = len(benchmark.document_ids)
    return Outcome(index_s, articles, pieces, rankings, retrieve_ms, ask_ms, second_s, peak)


def run_llama_index(folder: Path, limit: int | None) -> Outcome:
    """LlamaIndex as its starter tutorial shows it, with the same model; of a conversation the last turn."""
    import json

    from llama_index.core import Document, Settings, VectorStoreIndex
    from llama_index.core.schema import MetadataMode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    benchmark = Benchmark(folder)
    model = HuggingFaceEmbedding(model_name=str(packaged_model()), device="cpu")
    Settings.embed_model, Settings.llm = model, None  # retrieval only: no language model is at hand
    model.get_query_embedding("warm")

    start = time.perf_counter()
    documents = []
    with benchmark.corpus.open(encoding="utf-8") as file:
        for values in map(json.loads, file):
            text = "\n".join(filter(None, [values.get("title"), values["text"]]))
            documents.append(Document(text=text, doc_id=values["_id"]))
    index = VectorStoreIndex.from_documents(documents)
    index_s = time.perf_counter() - start
    peak = peak_mb()

    tokenizer = model._model.tokenizer
    window = model.max_length
    texts = [node.get_content(MetadataMode.EMBED) for node in index.docstore.docs.values()]
    pieces = sum(min(len(ids), window) for ids in tokenizer(texts, truncation=False, verbose=False)["input_ids"])
    retriever = index.as_retriever(similarity_top_k=PASSAGES)

    def search(query: Query) -> list[tuple[str, float]]:
        return [(node.node.ref_doc_id or "", node.score or 0.0) for node in retriever.retrieve(query.text)]

    rankings, retrieve_ms = _rank(benchmark, search, limit)
    return Outcome(index_s, len(documents), pieces, rankings, retrieve_ms, [], None, peak)


PIPELINES: dict[str, Callable[[Path, int | None], Outcome]] = {
    "LlamaIndex": run_llama_index,
    "Passage": run_passage,
}


def _rank(
    benchmark: Benchmark, search: Callable[[Query], list[tuple[str, float]]], limit: int | None
) -> tuple[dict[str, Ranking], list[float]]:
    rankings: dict[str, Ranking] = {}
    times = []
    for query in benchmark.queries[:limit]:
        found, elapsed = _timed(partial(search, query))
        best: dict[str, float] = {}
        for document, score in found:
            best.setdefault(document, score)
        rankings[query.id] = list(best.items())[:DEPTH]
        times.append(elapsed)
    return rankings, times


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    result = call()
    return result, (time.perf_counter() - start) * 1000
