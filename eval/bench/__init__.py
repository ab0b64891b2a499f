"""Benchmarks of speed: Passage side by side with LlamaIndex's default, and search over corpora of any size."""
