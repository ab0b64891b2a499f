"""Where settings come from, what is refused, what is hidden."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from corpus import Settings, load_settings
from corpus.errors import SettingsError


def test_the_defaults_need_nothing():
    settings = load_settings()
    assert settings.data == Path(".passage")
    assert settings.chroma_url is None


def test_strength_grows_from_environment_to_file_to_flags(monkeypatch):
    monkeypatch.setenv("PASSAGE_TOP_K", "11")
    monkeypatch.setenv("PASSAGE_PORT", "8001")
    monkeypatch.setenv("PASSAGE_DENSE_K", "33")
    Path("passage.toml").write_text("port = 8002\ntop_k = 12\n")
    settings = load_settings(top_k=13)
    assert (settings.dense_k, settings.port, settings.top_k) == (33, 8002, 13)


def test_a_flag_that_is_not_given_changes_nothing():
    Path("passage.toml").write_text("top_k = 12\n")
    assert load_settings(top_k=None).top_k == 12


def test_another_file_can_be_named(tmp_path, monkeypatch):
    Path("passage.toml").write_text("top_k = 12\n")
    other = tmp_path / "other.toml"
    other.write_text("top_k = 14\n")
    assert load_settings(config=other).top_k == 14
    monkeypatch.setenv("PASSAGE_CONFIG", str(other))
    assert load_settings().top_k == 14


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"topk = 3", "Unknown setting: topk"),
        (b"[rag]\ntop_k = 3", "Unknown setting: rag"),
        (b"top_k = 'many'", "Setting top_k: .*'many'"),
        (b"top_k = 0", "Setting top_k: .*0"),
        (b"dense_weight = nan", "Setting dense_weight"),
        (b"top_k = ", "can't be read"),
        (b"\xff\xfe", "can't be read"),
        (b"log_level = 'loud'", "Setting log_level"),
    ],
)
def test_a_file_with_a_mistake_is_refused(content, said):
    Path("passage.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=said):
        load_settings()


def test_a_named_file_must_exist(tmp_path, monkeypatch):
    with pytest.raises(SettingsError, match=r"no settings file .*none\.toml"):
        load_settings(config=tmp_path / "none.toml")
    monkeypatch.setenv("PASSAGE_CONFIG", "")
    with pytest.raises(SettingsError):
        load_settings()


def test_an_unknown_variable_is_refused(monkeypatch):
    monkeypatch.setenv("PASSAGE_TOPK", "3")
    with pytest.raises(SettingsError, match=r"Unknown environment variable: PASSAGE_TOPK.*\n.*passage settings"):
        load_settings()


def test_an_unknown_flag_is_refused():
    with pytest.raises(SettingsError, match="Unknown setting: colour"):
        load_settings(colour="red")


def test_settings_cannot_be_changed(settings):
    with pytest.raises(ValidationError, match="frozen"):
        settings.top_k = 3


def test_secrets_are_masked_everywhere(monkeypatch):
    monkeypatch.setenv("PASSAGE_CHROMA_TOKEN", "open-sesame")
    settings = load_settings()
    assert settings.chroma_token.get_secret_value() == "open-sesame"
    for shown in (json.dumps(settings.masked()), repr(settings), str(settings)):
        assert "open-sesame" not in shown
    assert "****" in settings.masked()["chroma_token"]


def test_a_secret_is_not_shown_in_an_error_either():
    Path("passage.toml").write_text("chroma_token = 12345678\n")
    with pytest.raises(SettingsError, match="chroma_token") as caught:
        load_settings()
    assert "12345678" not in str(caught.value)


def test_a_password_in_an_address_is_masked():
    masked = load_settings(chroma_url="https://reader:open-sesame@chroma.example:8000/x").masked()
    assert "open-sesame" not in json.dumps(masked)
    assert masked["chroma_url"].endswith("@chroma.example:8000/x")
    assert load_settings(chroma_url="http://chroma.example").masked()["chroma_url"] == "http://chroma.example"


@pytest.mark.parametrize(
    "change",
    [
        {"data": "elsewhere"}, {"host": "0.0.0.0"}, {"port": 9000}, {"log_level": "debug"},
        {"chroma_url": "http://c.example"}, {"chroma_token": "t"},
    ],
)  # fmt: skip
def test_the_fingerprint_ignores_where_it_runs(change):
    assert load_settings(**change).fingerprint() == load_settings().fingerprint()


@pytest.mark.parametrize(
    "change", [{"top_k": 3}, {"dense_weight": 0.5}, {"embedding_model": "m"}, {"refuse_below": 0.1}]
)
def test_the_fingerprint_changes_with_what_is_answered(change):
    assert load_settings(**change).fingerprint() != load_settings().fingerprint()


def test_every_setting_is_described():
    assert [
        name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")
    ] == []
