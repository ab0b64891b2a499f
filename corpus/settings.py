"""The one settings model, and where its values come from.

Strength grows from the defaults through `PASSAGE_*` environment variables and `passage.toml` to what a
command line sets.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from corpus.errors import SettingsError

ENV_PREFIX = "PASSAGE_"
CONFIG_FILE = "passage.toml"
CONFIG_VARIABLE = "PASSAGE_CONFIG"  # names another file than ./passage.toml

# Where an answer is served from or how loudly doesn't change what is answered, so it stays out of the hash.
_OPERATIONAL = {"data", "host", "port", "log_level", "chroma_url", "chroma_token", "judge_url", "judge_key"}
_OPERATIONAL |= {"ask_per_minute", "trusted_proxies"}
_OPERATIONAL |= {"llm_url", "llm_key", "llm_threads"}
_OPERATIONAL |= {"log_answers", "log_days", "oidc_issuer", "oidc_client_id", "oidc_client_secret"}


class Settings(BaseSettings):
    """Everything that can be configured. Immutable; unknown keys are refused."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True)

    data: Path = Field(Path(".passage"), description="Folder that holds the article store and the index.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="Least severe log message that is written to standard error."
    )

    max_record_mb: float = Field(
        20.0, gt=0, le=1000, description="Largest record (a line, a cell, a file) that is read, in megabytes."
    )

    embedding_model: str = Field(
        "all-MiniLM-L6-v2",
        description="The packaged all-MiniLM-L6-v2, or the path or hub name of a sentence-transformers model.",
    )
    embedding_precision: Literal["auto", "bfloat16", "float32"] = Field(
        "auto", description="Arithmetic of the model; auto takes bfloat16 where it is faster."
    )
    passage_pieces: int = Field(
        180, ge=32, le=400, description="Most word pieces of the model's tokenizer in one passage."
    )

    chroma_url: str | None = Field(
        None, description="URL of a Chroma server; without one the vectors lie in the data folder."
    )
    chroma_token: SecretStr | None = Field(None, description="Bearer token for the Chroma server.")
    chroma_collection: str = Field(
        "passages",
        pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]{1,510}[a-zA-Z0-9]$",
        description="Name of the Chroma collection; one collection serves one data folder.",
    )

    dense_k: int = Field(50, ge=1, le=1000, description="Passages taken from the dense (vector) search.")
    lexical_k: int = Field(50, ge=1, le=1000, description="Passages taken from the lexical (BM25) search.")
    dense_weight: float = Field(
        0.7, ge=0, le=1, description="Share of the dense score in the fused score; the rest is lexical."
    )
    top_k: int = Field(8, ge=1, le=200, description="Passages from which an answer is composed.")

    reranker: str | None = Field(
        None, description="Path or hub name of a sentence-transformers CrossEncoder that reranks; none by default."
    )
    reranker_ms: int = Field(
        300, ge=1, le=60_000, description="Most milliseconds that the reranker takes for a question."
    )

    nli: str | None = Field(
        None,
        description="Path or hub name of a sentence-transformers CrossEncoder for natural-language inference that "
        "has a say in written and edited sentences, too; none by default.",
    )

    max_sentences: int = Field(4, ge=1, le=10, description="Most sentences in an extractive answer.")
    # Refusal F1 on the golden tuning split at 0.4, 0.45, 0.5, 0.55: 0.81, 0.85, 0.85, 0.84; on unread written news
    # (tuning half) 0.47, 0.53, 0.58, 0.59.
    refuse_below: float = Field(
        0.5, ge=0, le=1, description="Confidence under which a question is refused rather than answered."
    )
    max_question_chars: int = Field(1000, ge=20, le=20000, description="Longest question, in characters.")

    writer: Literal["extractive", "llm"] = Field(
        "extractive",
        description="Who answers: extractive quotes; llm has the configured model write, each sentence verified.",
    )
    llm_url: str | None = Field(
        None, description="OpenAI-compatible endpoint of the language model, such as http://127.0.0.1:11434/v1."
    )
    llm_model: str | None = Field(None, description="Name that the endpoint knows the language model by.")
    llm_key: SecretStr | None = Field(None, description="API key for llm_url.")
    llm_gguf: Path | None = Field(
        None, description="A language model as a GGUF file, run in this process instead of behind llm_url."
    )
    llm_threads: int = Field(
        0, ge=0, le=1024, description="Processor threads that the GGUF model computes with; 0 for one a core."
    )
    llm_ms: int = Field(
        20_000,
        ge=1,
        le=600_000,
        description="Most milliseconds in which the model writes an answer; what isn't written by then is quoted.",
    )
    rewrite_ms: int = Field(
        2_000,
        ge=0,
        le=60_000,
        description="Most milliseconds in which the model says a follow-up in full before the search; 0 for never.",
    )

    judge_url: str = Field(
        "http://127.0.0.1:11434/v1", description="OpenAI-compatible endpoint of the model that `eval --judge` asks."
    )
    judge_key: SecretStr | None = Field(None, description="API key for judge_url.")

    host: str = Field("127.0.0.1", description="Address that the web chat listens on.")
    port: int = Field(7860, ge=1, le=65535, description="Port that the web chat listens on.")
    ask_per_minute: int = Field(
        0, ge=0, le=10_000, description="Most questions a minute from one address on the web; 0 for no limit."
    )
    trusted_proxies: str = Field(
        "",
        description=(
            "Addresses of reverse proxies, separated by commas, whose X-Forwarded-For and -Proto are believed."
        ),
    )

    log_answers: bool = Field(
        True, description="Whether questions and answers are kept, masked, for permanent links and for staff."
    )
    log_days: int = Field(
        90, ge=0, le=36500, description="Days after which answers that staff haven't judged are deleted; 0 for never."
    )

    oidc_issuer: str | None = Field(
        None, description="Address of an OpenID Connect provider through which staff may sign in; none by default."
    )
    oidc_client_id: str | None = Field(None, description="What the provider calls this installation.")
    oidc_client_secret: SecretStr | None = Field(None, description="What this installation shows the provider.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the constructor's arguments (flags over file), then the environment."""
        return init_settings, env_settings

    def fingerprint(self) -> str:
        """Twelve hexadecimal digits over every setting that can change an answer."""
        values = self.model_dump(mode="json", exclude=_OPERATIONAL)
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]

    def masked(self) -> dict[str, Any]:
        """The values in force as JSON-ready data, secrets replaced by asterisks."""
        values = self.model_dump(mode="json")
        for name in ("chroma_url", "llm_url"):
            if values[name]:
                values[name] = re.sub(r"//[^/@]*@", "//**********@", values[name])
        return values


def load_settings(config: Path | None = None, **flags: Any) -> Settings:
    """The settings in force: defaults, environment, TOML file, then `flags`; a flag of None is not given.

    Args:
        config: the TOML file to read; without it `PASSAGE_CONFIG`, else `passage.toml` if there is one.
        flags: values from the command line, by field name.

    Raises:
        SettingsError: a key is unknown, a value is unusable, or the file can't be read.
    """
    _refuse_unknown_variables()
    values = _read_toml(config) | {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error), "`passage settings` lists every key and its meaning.") from None


def _read_toml(config: Path | None) -> dict[str, Any]:
    named = config or (Path(os.environ[CONFIG_VARIABLE]) if CONFIG_VARIABLE in os.environ else None)
    path = named or Path(CONFIG_FILE)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named is None:
            return {}
        raise SettingsError(f"There is no settings file {path}.", "Check the path.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The settings file {path} can't be read: {error}.") from None


def _refuse_unknown_variables() -> None:
    known = {ENV_PREFIX + name.upper() for name in Settings.model_fields} | {CONFIG_VARIABLE}
    unknown = sorted(n for n in os.environ if n.upper().startswith(ENV_PREFIX) and n.upper() not in known)
    if unknown:
        raise SettingsError(
            f"Unknown environment variable{'s' if len(unknown) > 1 else ''}: {', '.join(unknown)}.",
            "`passage settings` lists every key; unset or correct what isn't one.",
        )


def _explain(error: ValidationError) -> str:
    parts = []
    for item in error.errors():
        name = ".".join(str(part) for part in item["loc"])
        secret = name in Settings.model_fields and "SecretStr" in str(Settings.model_fields[name].annotation)
        if item["type"] == "extra_forbidden":
            parts.append(f"Unknown setting: {name}.")
        else:
            parts.append(f"Setting {name}: {item['msg']} (given: {'**********' if secret else repr(item['input'])}).")
    return "\n".join(parts)
