"""Answers that a language model writes: prompted, taken apart while they come, and verified sentence by sentence."""

from rag.writing.writer import Writer, sources_for

__all__ = ["Writer", "sources_for"]
