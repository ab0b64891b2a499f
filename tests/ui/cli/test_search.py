"""`passage search`: hits with the parts of their scores, and filters."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def test_hits_come_best_first_with_their_parts(passage, filled) -> None:
    found = passage("search", "seasonal visa quota", "--data", filled, "--json").json
    assert found["question"] == "seasonal visa quota"
    scores = [hit["score"] for hit in found["hits"]]
    assert found["hits"][0]["article_id"] == "visa"
    assert scores == sorted(scores, reverse=True)
    for hit in found["hits"]:
        assert hit["score"] == pytest.approx(sum(hit["parts"].values()), abs=1e-3)


def test_explain_shows_each_part(passage, filled) -> None:
    printed = passage("search", "what did the ferry office say", "--explain", "--data", filled).out
    assert printed.startswith("Read as: what did the ferry office say")
    for part in ("dense", "lexical", "history", "time", "opinion", "cosine", "BM25"):
        assert part in printed
    assert "BM25" not in passage("search", "ferry", "--data", filled).out


def test_filters_leave_only_what_passes(passage, filled) -> None:
    found = passage("search", "visa quota", "--since", "2024-03-01", "--data", filled, "--json").json
    assert {hit["published"] >= "2024-03-01" for hit in found["hits"]} == {True}
    outlet = passage("search", "visa", "--outlet", "the northern post", "--data", filled, "--json").json
    assert {hit["article_id"] for hit in outlet["hits"]} == {"visa", "court"}
    assert passage("search", "visa", "--outlet", "Nobody", "--data", filled).out == "Nothing found.\n"


def test_an_answer_says_that_its_filters_leave_nothing(passage, filled) -> None:
    answer = passage("ask", "What is the visa quota?", "--outlet", "Nobody", "--data", filled, "--json").json
    assert answer["refused"]
    assert answer["reason"] == "filtered"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "soon"), "can't be read"),
        (("--since", "2024-02-01", "--until", "2024-01-01"), "before it begins"),
        (("--top", "0"), "--top"),
    ],
)
def test_bad_filters_are_explained(passage, filled, arguments, said) -> None:
    outcome = passage("search", "visa", *arguments, "--data", filled)
    assert outcome.code != 0
    assert said in outcome.err


def test_an_empty_question_is_refused(passage, filled) -> None:
    assert "empty" in passage("search", " ", "--data", filled).err
