"""A slip in a word doesn't lose the article; what is spelt right stays as it is."""

from __future__ import annotations

import pytest

from rag.spelling import correct
from rag.terms import stem

HELD = {stem(word): n for word, n in {"venezuelans": 9, "guatemalans": 4, "deported": 30, "strawberries": 2}.items()}


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("how many venezulans", f"how many {stem('venezuelans')}"),
        ("the gautemalans", f"the {stem('guatemalans')}"),
        ("strawbreries", stem("strawberries")),
        ("deprted people", f"{stem('deported')} people"),
        ("the Zzyzx office", "the Zzyzx office"),
        ("where and when?", "where and when?"),
        ("Venezuelans", "Venezuelans"),
        ("ICE", "ICE"),
        ("", ""),
    ],
)
def test_unknown_words_are_read_as_the_nearest(question: str, corrected: str) -> None:
    assert correct(question, lambda: HELD) == corrected


def test_the_vocabulary_is_not_asked_for_everyday_words() -> None:
    def never() -> dict[str, int]:
        raise AssertionError

    assert correct("how many people were there", never) == "how many people were there"


@pytest.mark.slow
def test_a_slip_does_not_lose_the_article(assistant) -> None:
    assert "Renzi" in assistant.ask("Which minister said the harvest of strawbreries could not wait?").answer


@pytest.mark.slow
def test_the_vocabulary_follows_the_index(index, articles) -> None:
    assert stem("strawberries") in index.passages.vocabulary()
    index.store.remove("visa")
    index.sync()
    assert stem("strawberries") not in index.passages.vocabulary()
