"""The embedding: unit vectors, precision, sentences in context, LlamaIndex's interface."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from corpus.errors import SettingsError
from rag.embedding import SHORT, SentenceTransformerEmbedding
from rag.fingerprint import model_fingerprint, packaged_model

pytestmark = pytest.mark.slow
TEXTS = ["A court stopped the transfer.", "Strawberries ripen in June.", "x", "word " * 600]


def test_vectors_are_of_length_one_whatever_the_length_of_the_text(embedding: SentenceTransformerEmbedding) -> None:
    vectors = embedding.embed(TEXTS)
    assert vectors.shape == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_batching_does_not_change_a_vector(embedding: SentenceTransformerEmbedding) -> None:
    together = embedding.embed(TEXTS)
    alone = np.concatenate([embedding.embed([text]) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 0.999


def test_it_agrees_with_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(packaged_model()), device="cpu").encode(TEXTS, normalize_embeddings=True)
    ours = SentenceTransformerEmbedding(precision="float32").embed(TEXTS)
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_bfloat16_stays_close_to_float32(embedding: SentenceTransformerEmbedding) -> None:
    exact = SentenceTransformerEmbedding(precision="float32").embed(TEXTS)
    quick = SentenceTransformerEmbedding(precision="bfloat16").embed(TEXTS)
    assert (exact * quick).sum(axis=1).min() > 0.999


def test_a_sentence_gets_a_vector_of_its_own(embedding: SentenceTransformerEmbedding) -> None:
    text = "The camp has no doctor. Strawberries ripen in June."
    _, (inside,) = embedding.embed_with_sentences([text], [[(0, 23), (24, len(text))]])
    question = embedding.embed(["When do strawberries ripen?"])[0]
    assert inside.shape == (2, 384)
    assert inside[1] @ question > inside[0] @ question + 0.2


def test_llama_index_gets_the_same_vectors(embedding: SentenceTransformerEmbedding) -> None:
    query = embedding.get_query_embedding("Who is the judge?")
    batch = embedding.get_text_embedding_batch(["Who is the judge?", "Another text."])
    assert len(query) == 384
    np.testing.assert_allclose(query, batch[0], atol=0.02)


def test_a_repeated_question_is_not_embedded_again(embedding: SentenceTransformerEmbedding) -> None:
    embedding.forget_queries()
    embedding.get_query_embedding("Who is the judge?")
    before = embedding.pieces_embedded
    embedding.get_query_embedding("Who is the judge?")
    assert embedding.pieces_embedded == before


def test_a_model_that_is_not_there_is_a_setting_to_correct(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be loaded"):
        SentenceTransformerEmbedding(str(tmp_path))


def test_the_fingerprint_tells_models_apart(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"one")
    first = model_fingerprint(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"two")
    assert len({first, model_fingerprint(str(tmp_path)), model_fingerprint("all-MiniLM-L6-v2")}) == 3


def test_a_short_text_takes_one_thread_and_leaves_the_others_as_they_were(
    embedding: SentenceTransformerEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, seen = torch.get_num_threads(), []
    forward = embedding._model.forward
    monkeypatch.setattr(
        embedding._model, "forward", lambda features: (seen.append(torch.get_num_threads()), forward(features))[1]
    )
    embedding.embed(["a short question"])
    embedding.embed(["word " * (SHORT + 1)])
    assert seen == [1, before]
    assert torch.get_num_threads() == before
