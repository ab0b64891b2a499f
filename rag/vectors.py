"""The vectors of all passages in Chroma: embedded in the data folder, or on a server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from corpus.errors import IndexMismatchError, PassageError, ServiceError, StoreError
from corpus.settings import Settings
from rag.passages import Vectors

FOLDER = "chroma"
_PAGE = 2000  # ids a request when all are listed or many are written


@dataclass(frozen=True)
class IndexIdentity:
    """What a collection is for; kept in its metadata.

    Attributes:
        store_id: the data folder's identity, so that two folders never share a collection.
        fingerprint: of the model and the passage settings.
        model: the embedding model's name, for people.
        dimension: length of a vector.
    """

    store_id: str
    fingerprint: str
    model: str
    dimension: int


class VectorIndex:
    """A Chroma collection keyed by passage id. Vectors are of length 1; similarity is their cosine."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Connect; nothing is created yet.

        Raises:
            ServiceError: the Chroma server doesn't answer.
            StoreError: the folder can't be opened.
        """
        self._name = settings.chroma_collection
        self._where = settings.chroma_url or str(folder / FOLDER)
        self._client = _connect(settings, folder)
        self._collection: Any = None

    def identity(self) -> IndexIdentity | None:
        """Whose collection this is, or None if there is none yet."""
        with self._explained():
            if self._name not in {collection.name for collection in self._client.list_collections()}:
                return None
            metadata = self._client.get_collection(self._name, embedding_function=None).metadata or {}
        try:
            return IndexIdentity(**{key: metadata[key] for key in IndexIdentity.__dataclass_fields__})
        except KeyError:
            raise IndexMismatchError(
                f"The collection {self._name!r} in {self._where} wasn't made by Passage.",
                "Set chroma_collection to another name.",
            ) from None

    def open(self, expected: IndexIdentity) -> None:
        """Open the collection, or create it.

        Raises:
            IndexMismatchError: it belongs to another data folder, model or passage size.
        """
        found = self.identity()
        if found is not None:
            check_identity(found, expected, self._name)
        with self._explained():
            self._collection = self._client.get_or_create_collection(
                self._name,
                metadata=None if found else dict(expected.__dict__),
                configuration={"hnsw": {"space": "cosine"}},
                embedding_function=None,
            )

    def drop(self) -> None:
        """Delete the collection if there is one."""
        if self.identity() is not None:
            with self._explained():
                self._client.delete_collection(self._name)
        self._collection = None

    def close(self) -> None:
        """Release the client's files and threads."""
        with contextlib.suppress(AttributeError):  # only the newest releases have it on every client
            self._client.close()

    def count(self) -> int:
        """How many vectors there are."""
        with self._explained():
            return int(self._collection.count())

    def count_if_any(self) -> int:
        """How many vectors there are; 0 without a collection. Needs no `open`."""
        if self.identity() is None:
            return 0
        with self._explained():
            return int(self._client.get_collection(self._name, embedding_function=None).count())

    def ids(self) -> set[str]:
        """The ids of all vectors."""
        found: set[str] = set()
        with self._explained():
            for offset in range(0, self._collection.count(), _PAGE):
                found.update(self._collection.get(include=[], limit=_PAGE, offset=offset)["ids"])
        return found

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Write vectors, replacing those with the same id."""
        with self._explained():
            for i in range(0, len(ids), _PAGE):
                self._collection.upsert(ids=list(ids[i : i + _PAGE]), embeddings=vectors[i : i + _PAGE])

    def delete(self, ids: Sequence[str]) -> None:
        """Delete vectors; unknown ids are ignored."""
        with self._explained():
            for i in range(0, len(ids), _PAGE):
                self._collection.delete(ids=list(ids[i : i + _PAGE]))

    def nearest(self, queries: Vectors, k: int) -> list[list[str]]:
        """For each query the ids of the `k` nearest vectors, nearest first."""
        with self._explained():
            found = self._collection.query(query_embeddings=np.asarray(queries), n_results=k, include=[])
        return [list(ids) for ids in found["ids"]]

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except PassageError:
            raise
        except (httpx.HTTPError, ConnectionError) as error:
            raise ServiceError(
                f"The Chroma server at {self._where} doesn't answer: {error}.",
                "Start it, or correct chroma_url.",
            ) from error
        except (ChromaError, OSError) as error:
            if "full" in str(error).lower() or "no space" in str(error).lower():
                raise StoreError(
                    f"The disk that holds {self._where} is full; nothing of the last step was stored.",
                    "Free some space, then run the same command again: it goes on where it stopped.",
                ) from error
            raise StoreError(
                f"The vector index in {self._where} failed: {error}", "`passage doctor` tells what is wrong."
            ) from error


def check_identity(found: IndexIdentity, expected: IndexIdentity, collection: str) -> None:
    """Refuse a collection that isn't for this data folder, model and passage size.

    Raises:
        IndexMismatchError: says which, and how to mend it.
    """
    if found.store_id != expected.store_id:
        raise IndexMismatchError(
            f"The Chroma collection {collection!r} belongs to another data folder.",
            "Set chroma_collection to another name for this one.",
        )
    if found.fingerprint != expected.fingerprint:
        raise IndexMismatchError(
            f"The index was built with the model {found.model!r} ({found.dimension} dimensions, fingerprint "
            f"{found.fingerprint}); the settings now say {expected.model!r} ({expected.dimension} dimensions, "
            f"fingerprint {expected.fingerprint}).",
            "Run `passage index --rebuild` to embed all articles anew, or restore the former settings.",
        )


def _connect(settings: Settings, folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    quiet = ChromaSettings(anonymized_telemetry=False)
    if settings.chroma_url is None:
        try:
            return chromadb.PersistentClient(str(folder / FOLDER), settings=quiet)
        except (OSError, ValueError, chromadb.errors.ChromaError) as error:
            raise StoreError(
                f"The vector index in {folder / FOLDER} can't be opened: {error}",
                "Delete that folder and run `passage doctor --repair`: it is derived from the articles.",
            ) from error
    url = urlsplit(settings.chroma_url)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ServiceError(f"chroma_url {settings.chroma_url!r} is no URL like http://127.0.0.1:8000.")
    token = settings.chroma_token
    try:
        return chromadb.HttpClient(
            host=url.hostname,
            port=url.port or (443 if url.scheme == "https" else 8000),
            ssl=url.scheme == "https",
            headers={"Authorization": f"Bearer {token.get_secret_value()}"} if token else None,
            settings=quiet,
        )
    except (ValueError, ConnectionError) as error:
        raise ServiceError(
            f"The Chroma server at {settings.chroma_url} doesn't answer: {error}",
            "Start it with `chroma run`, or correct chroma_url.",
        ) from error
