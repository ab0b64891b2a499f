"""Embedding with sentence-transformers, as a LlamaIndex `BaseEmbedding`."""

from __future__ import annotations

import logging
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from corpus.errors import SettingsError
from rag.fingerprint import DEFAULT_MODEL, has_bfloat16, packaged_model
from rag.names import spelled_out
from rag.passages import Span, Vectors

# Word pieces a batch, padding included. On two AVX2 cores 1,500 to 3,000 embed 10-25 % more a second than
# batches of 32 or 64 passages: the activations stay in the cache.
BATCH_PIECES = 2048
QUERY_CACHE = 512
# Word pieces up to which one thread embeds: a question of 14 takes two threads 7.6 ms at best and one 8.3, but where
# the processor is shared two wait for each other: 24 to 35 ms (95th percentile 177) and 11 to 12 ms (31) in one run.
SHORT = 64
WORTH_IT = 1.3  # times as fast: less is lost again outside the matrix products, and would make the choice waver
_log = logging.getLogger(__name__)


class SentenceTransformerEmbedding(BaseEmbedding):
    """A sentence-transformers model that embeds texts and, in the same pass, the sentences in them.

    Thread-safe: one forward pass at a time.
    """

    precision: str = "float32"

    _model: Any = PrivateAttr()
    _tokenizer: Any = PrivateAttr()
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _pieces: int = PrivateAttr(default=0)
    _cached: Callable[[str], tuple[float, ...]] = PrivateAttr()

    def __init__(self, model: str = DEFAULT_MODEL, precision: str = "auto", **options: Any) -> None:
        """Load `model`, which is the packaged default, a folder or a name on a hub.

        Args:
            model: see `Settings.embedding_model`.
            precision: "float32", "bfloat16", or "auto" for bfloat16 where the processor is faster with it.
            options: fields of `BaseEmbedding`.

        Raises:
            SettingsError: the model can't be loaded.
        """
        if precision == "auto":
            precision = "bfloat16" if bfloat16_pays() else "float32"
        super().__init__(**{"model_name": model, "precision": precision, **options})
        self._model, self._tokenizer = _load(model, precision)
        self.forget_queries()

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex serialises."""
        return "SentenceTransformerEmbedding"

    @property
    def pieces_embedded(self) -> int:
        """Word pieces that have gone through the model since it was loaded, padding not counted."""
        return self._pieces

    def forget_queries(self) -> None:
        """Empty the query cache, so that each question's embedding is timed."""
        self._cached = lru_cache(QUERY_CACHE)(self._embed_query)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    @property
    def window(self) -> int:
        """Most word pieces of a text that are embedded, the two special ones included."""
        return int(self._model.max_seq_length)

    def piece_offsets(self, text: str) -> list[Span]:
        """Character offsets of every word piece of `text`, special ones left out."""
        with self._lock:
            self._tokenizer.no_truncation()
            return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of `texts`, shape [len(texts), dimension]."""
        return self.embed_with_sentences(texts, [()] * len(texts), progress)[0]

    def embed_with_sentences(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None = None,
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors of `texts`, and for each text those of the sentences in it.

        A sentence's vector is the mean of its word pieces' vectors in the context of the text ("late
        chunking", Günther et al. 2024, arXiv:2409.04701), so it costs no pass of its own.

        Args:
            texts: what is embedded.
            sentences: for each text, character offsets of its sentences.
            progress: called with the number of texts done since the last call.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        in_sentences: list[Vectors] = [np.zeros((len(s), self.dimension), dtype=np.float32) for s in sentences]
        with self._lock:
            self._tokenizer.enable_truncation(self.window)
            encodings = self._tokenizer.encode_batch(list(texts))
            lengths = [len(encoding) for encoding in encodings]
            for batch in _batches(lengths):
                with one_thread() if sum(lengths) <= SHORT else nullcontext():
                    whole, pieces = self._forward([encodings[i] for i in batch])
                vectors[batch] = whole
                self._pieces += sum(len(encodings[i]) for i in batch)
                for row, i in enumerate(batch):
                    if sentences[i]:
                        in_sentences[i] = _pool(pieces[row], encodings[i].offsets, sentences[i])
                if progress:
                    progress(len(batch))
        return vectors, in_sentences

    def _forward(self, encodings: list[Any]) -> tuple[Vectors, np.ndarray]:
        """Unit vectors of whole texts [n, dimension] and the pieces' vectors [n, longest, dimension]."""
        import torch

        longest = max(len(encoding) for encoding in encodings)
        ids = torch.zeros((len(encodings), longest), dtype=torch.long)
        mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
        padding = self._model.tokenizer.pad_token_id or 0
        ids.fill_(padding)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding)] = torch.tensor(encoding.ids)
            mask[row, : len(encoding)] = 1
        features = {"input_ids": ids, "attention_mask": mask}
        if "token_type_ids" in self._model.tokenizer.model_input_names:
            features["token_type_ids"] = types
        with torch.inference_mode():
            output = self._model.forward(features)
        whole = output["sentence_embedding"].float().numpy()
        return _unit(whole), output["token_embeddings"].float().numpy()

    def _embed_query(self, query: str) -> tuple[float, ...]:
        return tuple(self.embed([query])[0].tolist())

    def _get_query_embedding(self, query: str) -> list[float]:
        return list(self._cached(query))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        vector: list[float] = self.embed([text])[0].tolist()
        return vector

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embed(texts).tolist()
        return vectors


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch's operations take one thread meanwhile; the setting is the process's, so others' do, too."""
    import torch

    usual = _usual_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(usual)


@lru_cache(1)
def _usual_threads() -> int:
    """What is gone back to: asked for once, or else two that overlap would leave it at one."""
    import torch

    return torch.get_num_threads()


@lru_cache(1)
def bfloat16_pays() -> bool:
    """Whether this processor has bfloat16 and is faster with it than with float32, measured in some 50 ms.

    Having it isn't enough: with AMX it is 3.3 times as fast, a virtual machine that offered AVX512-BF16 without AMX
    took 1.8 times as long.
    """
    import torch

    if not has_bfloat16():
        return False
    seconds = {}
    with torch.inference_mode():
        for kind in (torch.float32, torch.bfloat16):
            layer, rows = torch.nn.Linear(384, 1536).to(kind), torch.ones(512, 384, dtype=kind)
            layer(rows)
            times = []
            for _ in range(7):
                start = time.perf_counter()
                layer(rows)
                times.append(time.perf_counter() - start)
            seconds[kind] = statistics.median(times)
    return seconds[torch.float32] > WORTH_IT * seconds[torch.bfloat16]


@lru_cache(2)
def shared_embedding(model: str, precision: str) -> SentenceTransformerEmbedding:
    """The model as this process holds it: loaded once, however many data folders are opened.

    Raises:
        SettingsError: the model can't be loaded.
    """
    return SentenceTransformerEmbedding(model, precision)


def question_vector(model: BaseEmbedding, question: str) -> Vectors:
    """The embedding of a question as retrieval takes it, its names in full: float32 [dimension]."""
    return np.array(model.get_query_embedding(spelled_out(question)), np.float32)


def _load(name: str, precision: str) -> tuple[Any, Any]:
    """The model and a tokenizer of its own (truncation is a state, so it isn't shared)."""
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    local = name == DEFAULT_MODEL or Path(name).is_dir()
    path = str(packaged_model()) if name == DEFAULT_MODEL else name
    try:
        model = SentenceTransformer(path, device="cpu", local_files_only=local)
    except (OSError, ValueError, RuntimeError) as error:
        raise SettingsError(
            f"The embedding model {name!r} can't be loaded: {str(error).splitlines()[0]}",
            "Set embedding_model to the folder of a sentence-transformers model, or leave it out for the default.",
        ) from error
    model.eval()
    if precision == "bfloat16":
        model.to(torch.bfloat16)
    _log.info("embedding model %s loaded, %s", name, precision)
    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_padding()  # some models' files ask for a fixed length
    return model, tokenizer


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Positions of texts in batches of like length, longest first, so that memory peaks at once."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        longest = lengths[batch[0]] if batch else lengths[i]
        if batch and (len(batch) + 1) * longest > BATCH_PIECES:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _pool(pieces: np.ndarray, offsets: Sequence[Span], sentences: Sequence[Span]) -> Vectors:
    """Unit means of the pieces [length, dimension] inside each sentence; zero where none was in the window."""
    starts = np.array([start for start, _ in offsets])
    real = np.array([end > start for start, end in offsets])
    rows = []
    for start, end in sentences:
        inside = np.flatnonzero(real & (starts >= start) & (starts < end))
        rows.append(pieces[inside].mean(axis=0) if len(inside) else np.zeros(pieces.shape[1], np.float32))
    return _unit(np.stack(rows))


def _unit(vectors: np.ndarray) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
