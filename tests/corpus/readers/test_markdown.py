"""Markdown with YAML front matter."""

from datetime import date

import pytest

from corpus.readers import Problem

BODY = "The **council** met [on Monday](https://x.example) and\ntalked.\n\n## A pause\n\n- 412 workers\n- 18 boats\n"


def test_front_matter_and_body(read):
    [article] = read(
        "a.md",
        f"---\nid: x\ntitle: 'Council: it meets'\npublished: 2024-05-06\noutlet: Gazette\nsources:\n  - url: https://s.example\n---\n{BODY}",
    )
    assert (article.id, article.title, article.source) == ("x", "Council: it meets", "Gazette")
    assert article.published == date(2024, 5, 6)
    assert article.text == "The council met on Monday and talked.\n\nA pause\n\n412 workers\n\n18 boats"
    assert article.metadata == {"sources": [{"url": "https://s.example"}]}


def test_a_first_heading_is_the_headline(read):
    [article] = read("a.md", f"# Council meets\n\n{BODY}")
    assert article.title == "Council meets"
    assert not article.text.startswith("Council meets")


def test_pictures_and_markup_are_no_reporting(read):
    [article] = read("a.md", "The council ![a cat](cat.jpg)met <b>late</b>.\n\n<!-- note -->\n")
    assert article.text == "The council met late."


def test_a_rule_of_dashes_is_no_front_matter(read):
    [article] = read("a.md", "---\nThe council met.\n---\nThe council slept.\n")
    assert (article.title, article.text) == ("The council met.", "The council slept.")
    [article] = read("b.md", "First part.\n\n---\n\nSecond part.\n\n---\n\nThird part.\n")
    assert article.text == "First part.\n\nSecond part.\n\nThird part."


@pytest.mark.parametrize(
    "content", ["---\n---\nThe council met.", "---\ntitle:\n---\nThe council met.", "The council met."]
)
def test_empty_front_matter_is_none(read, content):
    [article] = read("a.md", content)
    assert (article.title, article.text) == ("", "The council met.")


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: a: b", "isn't valid YAML"),
        ("title: [a", "isn't valid YAML"),
        ("published: 2024-13-45", "can't be read"),
        ("id: " + "9" * 5000, "can't be read"),
        ("a: &a [*a]", "alias"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "alias"),
        ("title: !!python/object:os.system x", "isn't valid YAML"),
        ("x: " + "[" * 900 + "]" * 900, "nested too deeply"),
    ],
)
def test_front_matter_that_cannot_be_read_is_said(read, front, reason):
    [problem] = read("a.md", f"---\n{front}\n---\nThe council met.\n")
    assert isinstance(problem, Problem)
    assert reason in problem.reason


def test_keys_of_other_types_are_no_trouble(read):
    [article] = read("a.md", "---\n2024: x\ntrue: y\n2024-05-06: z\n---\nThe council met.\n")
    assert article.metadata == {"2024": "x", "True": "y", "2024-05-06": "z"}


@pytest.mark.parametrize("content", ['{\n"title": x\n}\nThe council met.', "+++\ntitle = x y\n+++\nThe council met."])
def test_other_front_matter_is_read_as_text(read, content):
    [article] = read("a.md", content)
    assert "The council met." in article.text


@pytest.mark.parametrize("content", ["---\ntitle: x\n---\n", "![cat](cat.jpg)", ">" * 3000])
def test_a_document_without_words_is_said(read, content):
    [problem] = read("a.md", content)
    assert "is empty" in problem.reason
