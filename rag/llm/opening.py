"""Which language model the settings name, opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from llama_index.core.llms import LLM

from corpus.errors import SettingsError
from corpus.settings import Settings


@dataclass(frozen=True)
class LanguageModel:
    """An opened language model.

    Attributes:
        llm: LlamaIndex's interface to it.
        name: what answers that it wrote call it.
        close: ends what runs for it.
    """

    llm: LLM
    name: str
    close: Callable[[], None]


def open_llm(settings: Settings) -> LanguageModel | None:
    """The language model that `settings` configure; None without one. A GGUF file is loaded, no endpoint is asked.

    Raises:
        SettingsError: the settings contradict each other, a package is missing, or the file isn't a usable model.
    """
    if settings.llm_url and settings.llm_gguf:
        raise SettingsError("Both llm_url and llm_gguf are set.", "Set the one that is to be used.")
    if settings.llm_gguf:
        return _gguf(settings.llm_gguf, settings.llm_threads)
    if settings.llm_url:
        return _endpoint(settings, settings.llm_url)
    if settings.writer == "llm":
        raise SettingsError(
            "writer is llm, but no language model is configured.",
            "Set llm_url and llm_model, or llm_gguf; or set writer to extractive.",
        )
    return None


def _gguf(path: Path, threads: int) -> LanguageModel:
    from rag.llm.gguf import GGUF  # nothing native is loaded without need

    llm = GGUF(path, threads)
    return LanguageModel(llm, path.stem, llm.close)


def _endpoint(settings: Settings, url: str) -> LanguageModel:
    from rag.llm.endpoint import Endpoint  # openai takes a while to import

    if not settings.llm_model:
        raise SettingsError("llm_url is set, but llm_model isn't.", "Set it to the name that the server knows.")
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    llm = Endpoint(settings.llm_model, url, key, max(settings.llm_ms, settings.rewrite_ms) / 1000)
    return LanguageModel(llm, settings.llm_model, llm.close)
