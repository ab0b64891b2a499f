"""`passage status`, `doctor`, `settings` and `articles`."""

from __future__ import annotations

import pytest

from corpus import ArticleStore, load_settings
from rag.index import Index


def test_an_empty_folder_has_a_status(passage, data) -> None:
    status = passage("status", "--data", data, "--json")
    assert status.code == 0
    assert [status.json[name] for name in ("articles", "passages", "vectors")] == [0, 0, 0]


@pytest.mark.slow
def test_status_counts_articles_passages_and_vectors(passage, filled) -> None:
    status = passage("status", "--data", filled, "--json").json
    assert status["articles"] == 3
    assert status["passages"] == status["vectors"] >= 3
    assert status["newest"] == "2024-03-04"
    assert "3 articles" in passage("status", "--data", filled).out


@pytest.mark.slow
def test_doctor_finds_what_is_missing_and_mends_it(passage, filled) -> None:
    assert passage("doctor", "--data", filled).code == 0
    store = ArticleStore.open(filled)
    index = Index(store, load_settings(data=filled))
    index.vectors.delete(sorted(index.vectors.ids())[:1])
    index.close()
    store.close()
    found = passage("doctor", "--data", filled)
    assert found.code == 1
    assert "missing: 1 passage" in found.out
    refused = passage("ask", "How much does a permit cost?", "--data", filled)
    assert refused.code == 1
    assert "doctor --repair" in refused.err
    assert passage("doctor", "--repair", "--data", filled).code == 0
    assert passage("doctor", "--data", filled, "--json").json["healthy"] is True


@pytest.mark.slow
def test_other_passage_settings_are_refused_with_the_mend(passage, filled) -> None:
    done = passage("ask", "How much does a permit cost?", "--data", filled, "--set", "passage_pieces=64")
    assert done.code == 1
    assert "index --rebuild" in done.err


def test_settings_come_from_variable_file_and_flag_in_growing_strength(passage, data, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PASSAGE_TOP_K", "3")
    monkeypatch.setenv("PASSAGE_PORT", "9001")
    monkeypatch.setenv("PASSAGE_CHROMA_TOKEN", "sesame")
    (tmp_path / "passage.toml").write_text("top_k = 4\ndense_k = 40\n")
    values = passage("settings", "--json", "--set", "dense_k=41").json
    assert (values["port"], values["top_k"], values["dense_k"]) == (9001, 4, 41)
    shown = passage("settings")
    assert "sesame" not in shown.out + str(values)
    assert "top_k" in shown.out


@pytest.mark.parametrize(("name", "value"), [("PASSAGE_TYPO", "1"), ("PASSAGE_TOP_K", "none")])
def test_a_variable_that_is_unknown_or_unusable_is_named(passage, monkeypatch, name, value) -> None:
    monkeypatch.setenv(name, value)
    done = passage("settings")
    assert done.code == 1
    assert name.removeprefix("PASSAGE_").lower() in done.err.lower()


def test_articles_are_listed_shown_and_removed(passage, corpus_file, data) -> None:
    passage("ingest", corpus_file, "--no-index", "--data", data)
    listed = passage("articles", "list", "--data", data, "--json").json
    assert [article["article_id"] for article in listed] == ["ferry", "visa", "court"]
    assert "text" not in listed[0]
    assert "1 of 3" in passage("articles", "list", "--search", "QUOTA", "--data", data).out
    assert "18 crowns" in passage("articles", "show", "ferry", "--data", data).out
    assert passage("articles", "remove", "ferry", "--data", data).code == 0
    assert passage("articles", "show", "ferry", "--data", data, "--json").json["removed_at"]
    for command in (["show", "unknown"], ["remove", "ferry"], ["show", "visa", "--version", "9"]):
        done = passage("articles", *command, "--data", data)
        assert done.code == 1
        assert done.err


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["ask"], ["articles", "list", "--limit", "0"], ["serve", "--port"]]
)
def test_wrong_usage_ends_with_2(passage, arguments) -> None:
    assert passage(*arguments).code == 2


def test_help_names_every_command(passage) -> None:
    text = passage("--help").out
    assert all(
        name in text for name in ("ingest", "index", "ask", "articles", "status", "doctor", "settings", "serve")
    )


def test_a_folder_that_is_a_file_is_said(passage, tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    for command in (["status"], ["articles", "list"], ["doctor"]):
        done = passage(*command, "--data", tmp_path / "file")
        assert done.code == 1
        assert "file" in done.err
