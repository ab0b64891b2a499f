"""Source cards: surroundings, links, and what happened to an article since."""

import pytest

from corpus import Article
from ui.web.sources import safe_link, source_card, surroundings, text_fragment

TEXT = " ".join(f"This is sentence number {i} of a long report." for i in range(60))


def test_the_surroundings_are_whole_sentences_that_join_the_quote_exactly():
    start = TEXT.index("This is sentence number 30")
    end = TEXT.index("This is sentence number 31")
    before, after = surroundings(TEXT, start, end)
    assert before.startswith("… This is sentence number 2")
    assert after.endswith("of a long report. …")
    joined = before.removeprefix("… ") + TEXT[start:end] + after.removesuffix(" …")
    assert joined in TEXT
    assert 200 < len(joined) < 800


def test_at_the_edges_nothing_is_left_out_or_hinted_at():
    assert surroundings("One. Two.", 0, 9) == ("", "")
    assert surroundings("One. Two. Three.", 5, 9) == ("One. ", " Three.")


def test_words_without_sentences_are_cut_between_words():
    text = "word " * 400
    before, after = surroundings(text, 1000, 1004)
    assert before.startswith("… word")
    assert after.endswith("word …")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://post.example/a", "https://post.example/a"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//post.example/a", None),
        ("https://", None),
        ("http://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url, link):
    assert safe_link(url) == link


def test_a_link_opens_at_the_quote():
    assert text_fragment("https://post.example/a", "one-way, she said") == (
        "https://post.example/a#:~:text=one%2Dway%2C%20she%20said"
    )
    assert text_fragment("https://post.example/a#x", "a b") == "https://post.example/a#x:~:text=a%20b"
    long = " ".join("abcdefghijkl")
    assert text_fragment("https://post.example/a", long).endswith("#:~:text=a%20b%20c%20d%20e,h%20i%20j%20k%20l")
    assert text_fragment("javascript:x", "a") is None


def test_a_card_tells_what_happened_since(store, make_citation):
    article = Article(
        id="permit/2023", title="Permits", text="The harbour office issued 1,977 day permits.", url="ftp://x"
    )
    store.upsert([article])
    quoted = make_citation(quote=article.text[4:18], start=4, end=18, url=article.url)
    card = source_card(quoted, store)
    assert (card.before, card.quote, card.after) == ("The ", "harbour office", " issued 1,977 day permits.")
    assert not card.changed
    assert not card.removed
    assert card.link is None
    assert source_card(make_citation(also=("The Post",)), store).also == ("The Post",)
    store.upsert([Article(id="permit/2023", title="Permits", text="The harbour office issued 1,980 day permits.")])
    assert source_card(quoted, store).changed
    assert "1,977" in source_card(quoted, store).after  # still the words that were quoted
    store.remove("permit/2023")
    assert source_card(quoted, store).removed
