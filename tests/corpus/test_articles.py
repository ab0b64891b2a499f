"""The key that follows an article through its life."""

import pytest

from corpus.articles import Article, canonical_url


def test_a_given_id_is_the_key():
    assert Article(id="a-1", url="https://x.example/b", title="T", text="x").key == "a-1"


def test_without_an_id_the_address_is_the_key_whatever_tracking_it_carries():
    plain = Article(title="T", text="x", url="https://x.example/news/ferry-opens")
    tracked = Article(title="Other", text="y", url="https://x.example/news/ferry-opens?utm_source=mail#top")
    assert plain.key == tracked.key
    assert plain.key.startswith("ferry-opens-")
    assert plain.key != Article(title="T", text="x", url="https://y.example/news/ferry-opens").key


def test_without_an_address_source_and_title_are_the_key():
    first = Article(title="Ferry opens", text="one", source="Gazette")
    assert first.key == Article(title="Ferry opens", text="two", source="Gazette").key
    assert first.key != Article(title="Ferry opens", text="one", source="Post").key
    assert first.key != Article(title="Ferry closes", text="one", source="Gazette").key


def test_without_a_title_the_first_line_is_the_key():
    assert Article(title="", text="First line.\n\nSecond.").key == Article(title="", text="First line.\n\nNew.").key
    assert Article(title="", text="First line.").key != Article(title="", text="Another line.").key


def test_a_title_in_another_script_has_a_key():
    keys = {Article(title=title, text="x").key for title in ("移民局公布新规定", "Новые правила", "قواعد جديدة")}
    assert len(keys) == 3
    assert all(keys)


@pytest.mark.parametrize(
    "url", ["http://[draft]", "http://[bad", "not a url", "//", "javascript:alert(1)", "http://a:b/"]
)
def test_what_is_no_url_still_gives_a_key(url):
    article = Article(title="T", text="x", url=url)
    assert article.key == Article(title="Other", text="y", url=url).key
    assert canonical_url(url)


def test_the_hash_changes_with_title_and_text_only():
    article = Article(title="T", text="x", source="Gazette")
    assert article.content_hash == Article(title="T", text="x", source="Post").content_hash
    assert article.content_hash != Article(title="T2", text="x").content_hash
    assert article.content_hash != Article(title="T", text="x2").content_hash
