"""The interface's languages: nothing is missing, and dates and numbers are written as their readers do."""

import json
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

import ui
from ui.answer_log.models import FeedbackReason
from ui.web.languages import LANGUAGES, load_language, negotiate

UI = Path(ui.__file__).parent
CATALOGUES = {code: json.loads((UI / "web/strings" / f"{code}.json").read_text("utf-8")) for code in LANGUAGES}


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def used_keys():
    """Every key that a template, a script or a module names."""
    sources = [p.read_text("utf-8") for p in [*UI.rglob("*.html"), *UI.rglob("*.js"), *UI.rglob("*.py")]]
    found = set()
    for pattern in (r'\bt\("([\w.]+)"', r'words\["([\w.]+)"\]', r'\.text\("([\w.]+)"', r'\bcount\("([\w.]+)"'):
        found |= {key for source in sources for key in re.findall(pattern, source)}
    found |= {key for source in sources for key in re.findall(r'"(trouble\.(?!html)[\w.]+)"', source)}
    found |= {f"feedback.{reason.value}" for reason in FeedbackReason}
    return found


def test_a_folder_holds_exactly_the_languages_that_are_offered():
    assert {p.stem for p in (UI / "web/strings").iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_string_is_missing_or_empty(code):
    english, other = CATALOGUES["en"], CATALOGUES[code]
    plural = {key for key in english if key.endswith(".one")} if code == "zh-Hans" else set()  # it has no plural
    assert set(other) == set(english) - plural
    assert all(text.strip() for text in other.values())
    assert {k: fields(v) for k, v in other.items()} == {k: fields(english[k]) for k in other}


def test_every_string_that_the_pages_name_is_there():
    known = set(CATALOGUES["en"])
    keys = used_keys()
    assert len(keys) > 80
    assert {
        key for key in keys if key not in known and f"{key}.other" not in known and not key.endswith(".")
    } == set()


def test_no_string_is_left_over():
    used = used_keys()
    families = ("note", "refused.")  # named by what the answer holds
    left = [key for key in CATALOGUES["en"] if key not in used and key.rpartition(".")[0] not in used]
    assert [key for key in left if not key.startswith(families)] == []


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_a_translation_is_one(code):
    english, other = CATALOGUES["en"], CATALOGUES[code]
    same = [key for key in other if other[key] == english[key]]
    assert len(same) < 12, same


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("de", "en"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de;q=0.9, fr-CA;q=0.8, en;q=0.7", "fr"),
        ("zh-CN", "zh-Hans"),
        ("zh-TW,en;q=0.5", "zh-Hans"),
        ("en;q=0.1,fr;q=0.2", "fr"),
        ("fr;q=0,en", "en"),
        ("*;q=nonsense,,;", "en"),
    ],
)
def test_the_browser_chooses(header, code):
    assert negotiate(header) == code


def test_counts_and_numbers():
    assert load_language("en").count("articles.count", 1) == "1 article"
    assert load_language("en").count("articles.count", 2225) == "2,225 articles"
    assert load_language("fr").count("articles.count", 0) == "0 article"
    assert load_language("es").count("articles.count", 1_000_000) == "1.000.000 artículos"
    assert load_language("zh-Hans").count("articles.count", 1) == "1 篇文章"


@pytest.mark.parametrize(
    ("code", "day", "age"),
    [
        ("en", date(2024, 5, 6), "today"),
        ("en", date(2024, 5, 7), "today"),  # a clock ahead of ours
        ("en", date(2024, 5, 5), "1 day ago"),
        ("en", date(2024, 1, 6), "4 months ago"),
        ("en", date(2023, 6, 1), "11 months ago"),
        ("en", date(2024, 4, 23), "13 days ago"),
        ("es", date(2024, 4, 22), "hace 2 semanas"),
        ("en", date(2022, 5, 7), "23 months ago"),  # not "2 years"
        ("fr", date(2022, 9, 6), "il y a 20 mois"),
        ("zh-Hans", date(2022, 5, 6), "2年前"),
        ("es", date(2024, 1, 6), "hace 4 meses"),
        ("fr", date(2022, 5, 6), "il y a 2 ans"),
        ("zh-Hans", date(2024, 1, 6), "4个月前"),
    ],
)
def test_ages(code, day, age):
    assert load_language(code).age(day, today=date(2024, 5, 6)) == age


def test_names_of_languages():
    assert load_language("fr").name_of("es") == "Espagnol"
    assert load_language("fr").name_of("es", inside=True) == "espagnol"
    assert load_language("zh-Hans").name_of("en") == "英语"
    assert load_language("en").name_of("not a code") == "not a code"
