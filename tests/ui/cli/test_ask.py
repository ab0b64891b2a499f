"""`passage ask`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_an_answer_is_printed_with_its_sources(passage, filled) -> None:
    done = passage("ask", "How much does a day permit cost?", "--data", filled)
    assert done.code == 0
    assert "18 crowns" in done.out
    assert "[1] Harbour town reopens its ferry office · Westhaven Gazette · 2024-03-04" in done.out


def test_the_quote_is_what_the_article_says_there(passage, filled) -> None:
    answer = passage("ask", "--data", filled, "--json", "How much does a day permit cost?").json
    citation = answer["citations"][0]
    article = passage("articles", "show", citation["article_id"], "--data", filled, "--json").json
    assert article["version"] == citation["version"]
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert "18 crowns" in citation["quote"]


def test_a_refusal_is_an_answer_too(passage, filled) -> None:
    done = passage("ask", "What is the capital of Mongolia?", "--data", filled, "--json")
    assert done.code == 0
    assert done.json["refused"] is True
    assert done.json["citations"] == []


def test_history_and_day_are_read(passage, filled, tmp_path) -> None:
    turns = [{"role": "user", "content": "What did the court in Lindholm stop?"}]
    path = tmp_path / "history.json"
    path.write_text(json.dumps(turns))
    done = passage(
        "ask", "Which judge was it?", "--history", path, "--as-of", "2024-05-01", "--data", filled, "--json"
    )
    assert done.json["as_of"] == "2024-05-01"


def test_a_models_sentences_are_printed_as_they_pass(passage, filled, model_server) -> None:
    server = model_server(
        lambda _: ["A permit costs 18 crowns [1]. It is valid ", "for 24 hours [1]. It is blue [1]."]
    )
    chosen = [part for pair in server.settings.items() for part in ("--set", "{}={}".format(*pair))]
    done = passage("ask", "How much does a day permit cost?", "--data", filled, *chosen, "--set", "llm_ms=60000")
    first, *_ = done.out.splitlines()
    assert first == "A permit costs 18 crowns. [1] It is valid for 24 hours. [1]"
    assert "[1] Harbour town reopens its ferry office" in done.out
    as_json = passage(
        "ask", "How much does a day permit cost?", "--data", filled, *chosen, "--set", "llm_ms=60000", "--json"
    )
    assert as_json.json["model"] == "scripted"
    assert as_json.json["answer"] == first


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["", "--as-of", "2024-01-01"], "empty"),
        (["q", "--as-of", "someday"], "YYYY-MM-DD"),
        (["q", "--history", "missing.json"], "can't be read"),
        (["q", "--history", "broken.json"], "valid JSON"),
        (["q", "--history", "object.json"], "list"),
        (["x" * 2000], "2000 characters"),
        (["q", "--set", "nonsense=1"], "Unknown setting: nonsense"),
        (["q", "--set", "top_k"], "KEY=VALUE"),
        (["q", "--set", "top_k=many"], "top_k"),
    ],
)
def test_what_cannot_be_used_is_an_error_that_helps(passage, data, arguments, words) -> None:
    Path("broken.json").write_text("[")
    Path("object.json").write_text("{}")
    done = passage("ask", *arguments, "--data", data)
    assert done.code == 1
    assert words in done.err


def test_a_folder_without_articles_refuses_and_says_so(passage, data) -> None:
    assert "no articles" in passage("ask", "anything at all", "--data", data).out
