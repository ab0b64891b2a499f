"""Language models, none by default: any OpenAI-compatible endpoint, or a GGUF file in this process."""

from rag.llm.opening import LanguageModel, open_llm
from rag.llm.streaming import LLMError, OutOfTimeError, stream_words

__all__ = ["LLMError", "LanguageModel", "OutOfTimeError", "open_llm", "stream_words"]
