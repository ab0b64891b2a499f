"""From the web or a file to clean, dated, de-duplicated articles in a store."""

from corpus.articles import Article, Outlet, StoredArticle
from corpus.errors import PassageError
from corpus.ingest import IngestReport, ingest, read_pasted, read_paths
from corpus.settings import Settings, load_settings
from corpus.store import ArticleStore, Change

__all__ = [
    "Article",
    "ArticleStore",
    "Change",
    "IngestReport",
    "Outlet",
    "PassageError",
    "Settings",
    "StoredArticle",
    "ingest",
    "load_settings",
    "read_pasted",
    "read_paths",
]
