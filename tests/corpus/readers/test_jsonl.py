"""JSON lines."""

import json
from datetime import date

import pytest

from corpus.readers import Problem


def _line(**values):
    return json.dumps({"text": "The council met.", **values}) + "\n"


def test_every_field_of_the_layout_is_read(read):
    [article] = read(
        "a.jsonl",
        _line(
            id="x-1",
            title="Council  meets",
            url="https://x.example/1",
            source="Gazette",
            author=["A. Lee", "B. Moe"],
            published="2024-05-06",
            updated="2024-05-07T10:00:00Z",
            language="en-US",
            metadata={"section": "local"},
            topics=["permits"],
        ),
    )
    assert (article.id, article.title, article.url, article.source) == (
        "x-1",
        "Council meets",
        "https://x.example/1",
        "Gazette",
    )
    assert (article.author, article.language) == ("A. Lee, B. Moe", "en")
    assert (article.published, article.updated) == (date(2024, 5, 6), date(2024, 5, 7))
    assert article.metadata == {"section": "local", "topics": ["permits"]}


def test_the_names_of_other_corpora_are_known(read):
    [article] = read(
        "a.jsonl", '{"_id": 7, "headline": "H", "body": "The council met.", "Publish-Date": "2024-05-06"}'
    )
    assert (article.id, article.title, article.published) == ("7", "H", date(2024, 5, 6))


def test_the_given_source_fills_a_gap_and_overrides_nothing(read):
    first, second = read("a.jsonl", _line(id="1") + _line(id="2", source="Gazette"), source="Post")
    assert (first.source, second.source) == ("Post", "Gazette")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "isn't valid JSON"),
        ("[1, 2]", "must hold a JSON object"),
        ("null", "must hold a JSON object"),
        ('{"title": "x"}', "has no text"),
        ('{"text": ""}', "is empty"),
        ('{"text": null}', "is empty"),
        ('{"text": 5}', "is int, not a string"),
        ('{"text": ["a"]}', "is list, not a string"),
        ('{"text": "Advertisement"}', "nothing of its text is reporting"),
        ('{"text": "It met.", "id": ' + "9" * 5000 + "}", "too many digits"),
        ('{"text": "It met.", "y": ' + "[" * 900 + "]" * 900 + "}", "nested too deeply"),
        ('{"text": "It met.", "title": ' + "[" * 900 + "]" * 900 + "}", "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_bad_line_is_reported_with_its_place_and_the_rest_goes_on(read, line, reason):
    first, problem, last = read("a.jsonl", _line(id="1") + line + "\n" + _line(id="3"))
    assert (first.id, last.id) == ("1", "3")
    assert problem.skipped
    assert problem.place.endswith("a.jsonl:2")
    assert reason in problem.reason


def test_empty_lines_are_no_records(read):
    records = read("a.jsonl", "\n\n" + _line(id="1") + "  \n" + _line(id="2").strip())
    assert [r.id for r in records] == ["1", "2"]


@pytest.mark.parametrize("content", ["", "\n\n  \n"])
def test_a_file_without_records_is_empty(read, content):
    [problem] = read("a.jsonl", content)
    assert "empty" in problem.reason


def test_a_line_over_the_limit_is_passed_over(read):
    first, problem, last = read("a.jsonl", _line(id="1") + "x" * 5000 + "\n" + _line(id="3"), max_bytes=1000)
    assert (first.id, last.id) == ("1", "3")
    assert "more than the 0.001 MB" in problem.reason
    assert problem.place.endswith(":2")


def test_half_characters_and_odd_numbers_can_be_stored(read, store):
    records = read(
        "a.jsonl",
        '{"id": "\\ud800", "title": "\\udfff", "text": "half \\ud83d here", "x": NaN,'
        ' "y": [Infinity, "\\ud83d"], "\\ud83d": 1}',
    )
    store.upsert(records)
    [article] = store.find()
    assert article.text == "half \ufffd here"
    assert article.metadata == {"x": None, "y": [None, "\ufffd"], "\ufffd": 1}
    assert "NaN" not in json.dumps(article.as_dict())


def test_metadata_that_is_no_object_is_kept(read):
    [article] = read("a.jsonl", _line(metadata="section: local"))
    assert article.metadata == {"metadata": "section: local"}


def test_an_unusable_date_is_a_remark_and_the_article_is_read(read):
    remark, article = read("a.jsonl", _line(id="1", published="soon"))
    assert isinstance(remark, Problem)
    assert not remark.skipped
    assert "without its published day" in remark.reason
    assert article.published is None
