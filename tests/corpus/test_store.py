"""Upsert, versions, tombstones and listings."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from corpus import Article, ArticleStore, Change
from corpus.errors import NotFoundError


def test_new_articles_are_added_and_read_back_whole(store, articles):
    assert store.upsert(articles) == [Change.ADDED] * 3
    assert store.count() == 3
    ferry = store.get("ferry")
    given = articles[0]
    assert (ferry.version, ferry.current_version, ferry.removed_at) == (1, 1, None)
    for name in ("title", "text", "url", "source", "author", "published", "updated", "language"):
        assert getattr(ferry, name) == getattr(given, name)


def test_the_same_text_again_is_a_no_op(store, articles):
    store.upsert(articles)
    before = [store.get(a.key) for a in articles]
    assert store.upsert(articles) == [Change.UNCHANGED] * 3
    assert [store.get(a.key) for a in articles] == before


def test_changed_text_is_a_new_version_and_the_old_one_stays(store, articles):
    store.upsert(articles)
    old = store.get("ferry")
    [change] = store.upsert([replace(articles[0], text="The ferry office has closed again.")])
    assert change is Change.NEW_VERSION
    assert store.get("ferry").text == "The ferry office has closed again."
    assert store.get("ferry", 1) == replace(old, current_version=2)


def test_a_changed_title_is_a_new_version(store, articles):
    store.upsert(articles)
    assert store.upsert([replace(articles[0], title="Another")]) == [Change.NEW_VERSION]
    assert store.get("ferry", 1).title == articles[0].title


def test_changed_details_make_no_version(store, articles):
    store.upsert(articles)
    changed = replace(articles[0], published=date(2024, 3, 5), metadata={"section": "local"})
    assert store.upsert([changed]) == [Change.DETAILS]
    ferry = store.get("ferry")
    assert (ferry.version, ferry.published, ferry.metadata) == (1, date(2024, 3, 5), {"section": "local"})


def test_removal_is_a_tombstone_and_a_citation_still_resolves(store, articles):
    store.upsert(articles)
    store.remove("ferry")
    assert store.count() == 2
    assert "ferry" not in {a.article_id for a in store.current()} | {a.article_id for a in store.find()}
    assert store.get("ferry", 1).text == articles[0].text
    assert store.get("ferry").removed_at


def test_a_removed_article_comes_back(store, articles):
    store.upsert(articles)
    store.remove("ferry")
    store.remove("visa")
    back = store.upsert([articles[0], replace(articles[1], text="New words.")])
    assert back == [Change.RESTORED, Change.NEW_VERSION]
    assert store.count() == 3
    assert store.get("ferry").removed_at is None
    assert store.get("ferry").version == 1


def test_what_is_not_there_is_said(store, articles):
    store.upsert(articles)
    for call in (lambda: store.get("nobody"), lambda: store.remove("nobody"), lambda: store.get("nobody", 1)):
        with pytest.raises(NotFoundError, match="no article nobody"):
            call()
    with pytest.raises(NotFoundError, match=r"no version 7.*\n.*1 to 1"):
        store.get("ferry", 7)
    store.remove("ferry")
    with pytest.raises(NotFoundError):
        store.remove("ferry")


def test_find_lists_the_newest_first_and_the_undated_last(store, articles):
    store.upsert([*articles, Article(id="undated", title="No day", text="x")])
    assert [a.article_id for a in store.find()] == ["ferry", "visa", "court", "undated"]
    assert [a.article_id for a in store.find(limit=2, offset=1)] == ["visa", "court"]
    assert [a.article_id for a in store.find(source="The Northern Post")] == ["visa", "court"]
    assert [a.article_id for a in store.find(search="VISA")] == ["visa"]
    assert store.find(search="100%") == []
    assert [a.article_id for a in store.find(search="undated")] == ["undated"]
    assert [a.article_id for a in store.find(search="https://gazette.example/ferry")] == ["ferry"]


def test_find_ignores_case_in_every_alphabet(store):
    store.upsert([Article(id="a", title="Élection à Zürich", text="x"), Article(id="b", title="Визы", text="x")])
    assert [a.article_id for a in store.find(search="élection")] == ["a"]
    assert [a.article_id for a in store.find(search="ВИЗЫ")] == ["b"]


def test_a_time_of_publication_is_kept_as_its_day(store):
    article = Article(
        id="a", title="T", text="x", published=datetime(2024, 5, 6, 23, 30), updated=datetime(2024, 5, 7, 1)
    )
    store.upsert([article])
    assert (store.get("a").published, store.get("a").updated) == (date(2024, 5, 6), date(2024, 5, 7))
    assert store.upsert([article]) == [Change.UNCHANGED]


def test_outlets_are_counted(store, articles):
    store.upsert(articles)
    post, gazette = store.outlets()
    assert (post.name, post.articles, post.newest) == ("The Northern Post", 2, date(2024, 1, 15))
    assert (gazette.name, gazette.articles, gazette.newest) == ("Westhaven Gazette", 1, date(2024, 3, 4))


def test_an_upsert_that_fails_leaves_nothing_of_it(store, articles):
    def failing():
        yield articles[0]
        raise RuntimeError("the reader broke")

    with pytest.raises(RuntimeError, match="broke"):
        store.upsert(failing())
    assert store.count() == 0


def test_an_empty_store_answers(store):
    assert (store.count(), store.find(), list(store.current()), store.outlets()) == (0, [], [], [])
    assert store.upsert([]) == []


def test_a_store_outlives_its_process(data, articles):
    first = ArticleStore.open(data)
    first.upsert(articles)
    expected = list(first.current())
    first.close()
    second = ArticleStore.open(data)
    assert list(second.current()) == expected
    second.close()


def test_as_dict_is_ready_for_json(store, articles):
    store.upsert(articles)
    values = store.get("ferry").as_dict()
    assert (values["published"], values["updated"]) == ("2024-03-04", None)


def test_quotes_in_keys_and_text_are_only_text(store):
    text = 'Robert\'); DROP TABLE articles;-- "quoted" %_'
    store.upsert([Article(id="a'b\"c", title=text, text=text)])
    assert store.get("a'b\"c").text == text
    assert [a.title for a in store.find(search="drop table")] == [text]
