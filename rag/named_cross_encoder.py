"""sentence-transformers cross-encoders that a setting names. Nothing is downloaded."""

from __future__ import annotations

import pickle
from typing import Any

from corpus.errors import SettingsError


def load_cross_encoder(setting: str, name: str) -> Any:
    """The CrossEncoder in the folder `name`, or of that hub name in the local cache.

    Raises:
        SettingsError: it is missing or broken, or an embedding model without a trained head.
    """
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        model = CrossEncoder(name, device="cpu", local_files_only=True)
    except (
        ImportError,
        LookupError,
        OSError,
        RuntimeError,
        SafetensorError,
        ValueError,
        pickle.UnpicklingError,
    ) as error:
        raise unusable(setting, name, str(error)) from error
    if all(kind.endswith("Model") for kind in model.config.architectures or ()):
        raise unusable(setting, name, "it has no trained head; an embedding model is no cross-encoder")
    return model


def unusable(setting: str, name: str, why: str) -> SettingsError:
    """The error for a model that can't be used; of `why` its first line is told."""
    first_line = why.strip().splitlines()[0] if why.strip() else "no reason was given"
    return SettingsError(
        f"The {setting} {name!r} can't be used: {first_line}",
        f"Set {setting} to the folder of a sentence-transformers CrossEncoder, or leave it out.",
    )
