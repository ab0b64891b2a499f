"""From articles to passages, an index, a retriever, and an answer with verified citations."""

from typing import TYPE_CHECKING, Any

from rag.answer import Answer, Citation, Turn

if TYPE_CHECKING:
    from rag.assistant import Assistant

__all__ = ["Answer", "Assistant", "Citation", "Turn"]


def __getattr__(name: str) -> Any:
    """Import the assistant, and with it LlamaIndex and Chroma, only when it is asked for."""
    if name == "Assistant":
        from rag.assistant import Assistant

        return Assistant
    raise AttributeError(name)
