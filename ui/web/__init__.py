"""The public's pages: chat, permanent links, the corpus."""
