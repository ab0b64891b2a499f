"""Store, passages and Chroma stay in step, wherever a run is cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import Article, ArticleStore, Settings, load_settings
from corpus.errors import IndexMismatchError, SettingsError
from rag.index import Index
from rag.vectors import VectorIndex

pytestmark = pytest.mark.slow


def changed(article: Article, text: str) -> Article:
    return Article(id=article.id, title=article.title, text=text, source=article.source, published=article.published)


def in_step(index: Index) -> bool:
    return index.diagnose().healthy and index.vectors.ids() == set(index.passages.article_of())


def test_sync_indexes_everything_once(index: Index) -> None:
    assert in_step(index)
    pieces = index.embedding.pieces_embedded
    assert index.sync().articles == 0
    assert index.embedding.pieces_embedded == pieces


def test_a_new_version_replaces_the_passages_of_the_old_one(index: Index, articles: list[Article]) -> None:
    index.store.upsert([changed(articles[0], "The ferry office closed again on 9 May 2024.")])
    report = index.sync()
    assert report.articles == 1
    assert report.deleted >= 1
    assert in_step(index)
    assert {p.version for p in index.passages.load([index.passages.keys(index.vectors.ids())[i] for i in
            index.vectors.ids() if i.startswith("ferry:")]).values()} == {2}  # fmt: skip


def test_a_removed_article_leaves_the_index_and_comes_back(index: Index, articles: list[Article]) -> None:
    index.store.remove("visa")
    index.sync()
    assert in_step(index)
    assert "visa" not in index.passages.article_of().values()
    index.store.upsert(articles)
    index.sync()
    assert in_step(index)
    assert "visa" in index.passages.article_of().values()


@pytest.mark.parametrize("point", ["before vectors", "after vectors", "after passages"])
def test_a_run_cut_off_anywhere_is_completed_by_the_next(
    store: ArticleStore, settings: Settings, articles: list[Article], monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    store.upsert(articles)
    index = Index(store, settings)
    owner, name = {
        "before vectors": (VectorIndex, "upsert"),
        "after vectors": (type(index.passages), "add"),
        "after passages": (Index, "_delete_stale"),
    }[point]

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, cut_off)
        with pytest.raises(KeyboardInterrupt):
            index.sync()
    index.close()

    again = Index(store, settings)
    again.check()
    again.sync()
    assert in_step(again)
    assert set(again.passages.article_of().values()) == {"ferry", "visa", "court"}
    again.close()


def test_an_article_that_changes_while_it_is_embedded_is_indexed_in_its_new_words(
    store: ArticleStore, settings: Settings, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.upsert(articles)
    index = Index(store, settings)
    embed = Index._embed

    def meanwhile(self: Index, *rest: object) -> object:
        made = embed(self, *rest)
        store.upsert([changed(articles[0], "The ferry office closed again on 9 May 2024.")])
        return made

    with monkeypatch.context() as patch:
        patch.setattr(Index, "_embed", meanwhile)
        index.sync()
    assert index.diagnose().pending == ["ferry"]
    index.sync()
    assert in_step(index)
    index.close()


def test_doctor_finds_and_mends_what_is_missing_orphaned_and_out_of_step(index: Index) -> None:
    ids = sorted(index.vectors.ids())
    index.vectors.delete(ids[:1])
    index.vectors.upsert(["stranger:1:0-5"], index.embedding.embed(["a stranger"]))
    found = index.diagnose()
    assert (found.missing, found.orphaned) == (ids[:1], ["stranger:1:0-5"])
    index.repair()
    assert in_step(index)

    with index.store.database.transaction() as connection:
        connection.execute("DELETE FROM passages_fts WHERE rowid = (SELECT min(passage_key) FROM passages)")
    assert index.diagnose().lexical == 1
    index.repair()
    assert in_step(index)


def test_a_lost_vector_folder_is_an_error_that_names_the_mend(index: Index) -> None:
    index.vectors.delete(sorted(index.vectors.ids()))
    with pytest.raises(IndexMismatchError, match="doctor --repair"):
        index.check()


def test_other_passage_settings_ask_for_a_rebuild(index: Index, data: Path) -> None:
    other = Index(index.store, load_settings(data=data, passage_pieces=64))
    with pytest.raises(IndexMismatchError, match="index --rebuild"):
        other.sync()
    with pytest.raises(IndexMismatchError):
        other.check()
    assert "fingerprint" in other.diagnose().mismatch
    other.rebuild()
    assert in_step(other)
    other.close()


def test_passages_that_the_model_cannot_see_whole_are_refused(store: ArticleStore, data: Path) -> None:
    with pytest.raises(SettingsError, match="Lower passage_pieces"):
        _ = Index(store, load_settings(data=data, passage_pieces=400)).embedding


def test_an_older_lexical_index_is_made_anew_without_embedding(index: Index) -> None:
    with index.store.database.transaction() as connection:
        connection.execute("UPDATE facts SET value = 'older' WHERE name = 'index_terms'")
        connection.execute("UPDATE passages SET terms = x''")
        connection.execute("DELETE FROM passages_fts")
    with pytest.raises(IndexMismatchError, match="lexical index was made by another version"):
        index.check()
    embedded = index.embedding.pieces_embedded
    index.sync()
    assert index.embedding.pieces_embedded == embedded
    assert in_step(index)
    index.check()
    assert index.passages.match(["ferri"], 10)
