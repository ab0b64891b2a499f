"""The citations of one article share a card, in which every quote is marked word for word."""

import pytest

from corpus import Article
from ui.web.article_cards import article_cards
from ui.web.sources import source_card

TEXT = " ".join(f"Sentence {i} of the report says something." for i in range(80))


@pytest.fixture
def card(store, make_citation):
    for article_id in ("long", "other"):
        store.upsert([Article(id=article_id, title="A report", text=TEXT)])

    def make(n, sentence, article_id="long", also=()):
        quote = f"Sentence {sentence} of the report says something."
        start = TEXT.index(quote)
        return source_card(
            make_citation(
                n=n, article_id=article_id, quote=quote, start=start, end=start + len(quote), also=tuple(also)
            ),
            store,
        )

    return make


def marked(group):
    return {words.n: words.text for excerpt in group.excerpts for words in excerpt if words.n}


def test_quotes_near_one_another_share_their_surroundings(card):
    cards = [card(1, 43), card(2, 40), card(3, 44)]
    (group,) = article_cards(cards)
    assert group.numbers == (1, 2, 3)
    assert marked(group) == {each.n: each.quote for each in cards}
    (excerpt,) = group.excerpts
    joined = "".join(words.text for words in excerpt).removeprefix("… ").removesuffix(" …")
    assert joined in TEXT


def test_quotes_far_apart_have_excerpts_of_their_own_in_the_articles_order(card):
    (group,) = article_cards([card(1, 70), card(2, 5)])
    assert [[words.n for words in excerpt if words.n] for excerpt in group.excerpts] == [[2], [1]]


def test_a_quote_inside_another_is_still_marked_whole(card, store, make_citation):
    whole = card(1, 10)
    inner = source_card(
        make_citation(n=2, article_id="long", quote="the report", start=whole.start + 15, end=whole.start + 25),
        store,
    )
    (group,) = article_cards([whole, inner])
    assert marked(group) == {1: whole.quote, 2: inner.quote}
    assert inner.quote == TEXT[inner.start : inner.end]


def test_articles_stand_in_the_order_of_their_first_citation(card):
    groups = article_cards([card(1, 3, "other", ["The Post"]), card(2, 3), card(3, 9, "other", ["The Post", "Wire"])])
    assert [group.numbers for group in groups] == [(1, 3), (2,)]
    assert groups[0].also == ("The Post", "Wire")
    assert groups[0].first.n == 1
