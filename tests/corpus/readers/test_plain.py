"""Plain text, and where its headline ends."""

import pytest

from corpus.readers.plain import split_title

BODY = "The ferry office reopened on Monday."


@pytest.mark.parametrize(
    "first", ["Ferry office reopens", "Will the ferry sail?", "“Not on my pier”", "Ferry office reopens – at last"]
)
def test_a_first_line_that_stands_alone_is_the_headline(first):
    title, body = split_title(f"\ufeff\n{first}\r\n\r\n{BODY}\r\n")
    assert title == first
    assert body.strip() == BODY


@pytest.mark.parametrize(
    "text",
    [
        f"It began on Monday.\n\n{BODY}",
        f"Ferry office\n{BODY}",
        "Ferry office reopens",
        f"{'word ' * 60}\n\n{BODY}",
        f"What we know:\n\n{BODY}",
        "",
    ],
)
def test_a_text_that_starts_with_a_paragraph_has_no_headline(text):
    assert split_title(text) == ("", text)


def test_a_file_is_one_article(read):
    [article] = read("a.txt", f"Ferry office reopens\n\n{BODY}\n\nPhoto: Nils Berg\n", source="Gazette")
    assert (article.title, article.text, article.source) == ("Ferry office reopens", BODY, "Gazette")


def test_one_long_line_is_an_article(read):
    [article] = read("a.txt", "word " * 200_000)
    assert len(article.text) == 999_999
