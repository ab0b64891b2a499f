"""A slip in a word doesn't lose the article; what is spelt right stays as it is."""

from __future__ import annotations

import pytest

from rag.spelling import Vocabulary, correct, most_written
from rag.terms import stem

WRITTEN = {
    stem(word.lower()): word for word in ("Venezuelans", "Guatemalans", "deported", "strawberries", "September")
}
HELD = Vocabulary(dict.fromkeys(WRITTEN, 5) | {"migrat": 9, "1,234": 3}, lambda term: WRITTEN.get(term, ""))


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("how many venezulans", "how many Venezuelans"),
        ("the gautemalans", "the Guatemalans"),
        ("in septembr", "in September"),
        ("strawbreries", "strawberries"),
        ("deprted people", "deported people"),
        ("eported people", "deported people"),
        ("edported people", "deported people"),
        ("teported people", "deported people"),
        ("xdeported people", "deported people"),
        ("the Zzyzx office", "the Zzyzx office"),
        ("migratzz", "migratzz"),  # near a stem that no passage turns out to hold
        ("where and when?", "where and when?"),
        ("Venezuelans", "Venezuelans"),
        ("ICE", "ICE"),
        ("the 100k fee", "the 100,000 fee"),
        ("$100K or 1.5k", "$100,000 or 1.5k"),
        ("", ""),
    ],
)
def test_unknown_words_are_read_as_the_nearest_as_it_is_written(question: str, corrected: str) -> None:
    assert correct(question, lambda: HELD) == corrected


def test_of_several_near_words_the_most_frequent_is_meant() -> None:
    held = Vocabulary({"mayorka": 9, "mayorki": 2, "nayork": 99}, str)
    assert correct("mayorkz", lambda: held) == "mayorka"


def test_the_vocabulary_is_not_asked_for_everyday_words() -> None:
    def never() -> Vocabulary:
        raise AssertionError

    assert correct("how many people were there", never) == "how many people were there"


def test_a_word_is_written_as_most_passages_write_it() -> None:
    texts = ["Deportations rose. The deportations of May: no deportations", "The deportation of a re-entry ban"]
    assert most_written(stem("deportation"), texts) == "deportations"
    assert most_written(stem("reentry"), texts) == "re-entry"
    assert most_written("ferri", texts) == ""


@pytest.mark.slow
def test_a_slip_does_not_lose_the_article(assistant) -> None:
    assert "Renzi" in assistant.ask("Which minister said the harvest of strawbreries could not wait?").answer


@pytest.mark.slow
def test_what_is_shown_is_a_word_of_the_articles(assistant) -> None:
    assert "strawberries" in assistant.search("Who spoke about strawbreries?").asked.text


@pytest.mark.slow
def test_the_vocabulary_follows_the_index(index, articles) -> None:
    assert stem("strawberries") in index.passages.vocabulary()
    index.store.remove("visa")
    index.sync()
    assert stem("strawberries") not in index.passages.vocabulary()
