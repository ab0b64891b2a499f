"""Passage side by side with LlamaIndex's default pipeline."""
