"""A thing is found by any of its names, and nothing else is."""

from __future__ import annotations

import re
import tomllib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.folding import fold_words
from rag.names import TABLE, alternatives, named, spelled_out
from rag.terms import stem

ENTRIES = tomllib.loads(TABLE.read_text(encoding="utf-8"))["name"]
SOURCE = re.compile(r"[^,:;]+.*, https?://[\w./?=&()_%+-]+")


def full(text: str) -> list[str]:
    """The full forms of the names in `text`."""
    return [name.forms[0] for name in named(text)]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["forms"][0])
def test_an_entry_is_complete_and_in_canonical_spelling(entry: dict) -> None:
    assert set(entry) <= {"forms", "country", "case", "source"}
    assert len(entry["forms"]) >= 2
    assert re.fullmatch(r"[A-Z]{2}|INT", entry["country"])
    assert entry.get("case", True) is True
    for source in entry["source"].split("; "):
        assert SOURCE.fullmatch(source), source
    for form in entry["forms"]:
        assert form == unicodedata.normalize("NFC", " ".join(form.split()))
        assert not re.search(r"[‘’“”‐‑–—]|\b[A-Z]\.[A-Z]\.[A-Z]", form), "plain punctuation, no dots in abbreviations"
        assert not form.lower().startswith("the "), "no article"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["forms"][0])
def test_every_form_finds_its_entry_and_no_other(entry: dict) -> None:
    for form in entry["forms"]:
        assert [name.forms for name in named(form)] == [tuple(entry["forms"])]
        assert [name.forms for name in named(f"is {form}'s end near?")] == [tuple(entry["forms"])]


def test_there_are_names_from_everywhere() -> None:
    assert len(ENTRIES) >= 120
    assert {"US", "GB", "EU", "CA", "AU", "MX", "PA", "INT"} <= {entry["country"] for entry in ENTRIES}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["forms"][0])
def test_no_form_is_only_a_spelling_of_another(entry: dict) -> None:
    spelt = [tuple(stem(word) for word in fold_words(form)) for form in entry["forms"]]
    assert len(set(spelt)) == len(spelt)
    assert alternatives(entry["forms"][1]), "the full form adds something to the next"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("H1B H-1B h1-b h 1 b H-1Bs h1bs H‑1B's", "H-1B specialty occupation visa"),
        ("U.S.C.I.S. uscis USCIS's", "Citizenship and Immigration Services"),
        ("Dreamers DREAMERS Dreamer's Dreamers’", "unauthorized childhood arrivals"),
        ("remain-in-mexico quedate en mexico QUÉDATE EN MÉXICO", "Migrant Protection Protocols"),
        ("BN(O) BNO BNOs", "British National (Overseas)"),
        ("International Organisation for Migration", "International Organization for Migration"),
        ("certificates of sponsorship", "certificate of sponsorship"),
        ("unaccompanied children, UACs and unaccompanied minors", "unaccompanied child"),
        ("the labor market impact assessment", "Labour Market Impact Assessment"),
        ("S.B. 4, SB4 and SB-4", "Senate Bill 4"),
        (
            "Zeige mir Bundesamt fu\u0308r Migration und Flu\u0308chtlinge",
            "Federal Office for Migration and Refugees",
        ),
    ],
)
def test_spellings_of_a_form(text: str, found: str) -> None:
    assert full(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "the ice is melting",
        "my cat opts out; ins and outs",
        "esta es la palabra",
        "dreamers dream",
        "a number of people in a room",
        "mac and cheese in a pal's art studio",
        "bias, eros and add-ons",
        "Ina Orr told the CEA, una dama",
        "",
    ],
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert named(text) == ()
    assert alternatives(text) == ()
    assert spelled_out(text) == text


def test_the_longest_name_is_taken() -> None:
    assert full("the Immigration and Nationality Act of 1965") == ["Immigration and Nationality Act of 1965"]
    assert full("an ICE detainer") == ["immigration detainer"]
    assert full("green card holders") == ["lawful permanent resident"]


def test_names_are_found_in_order_and_once() -> None:
    assert full("ICE and CBP, then ICE") == ["Immigration and Customs Enforcement", "Customs and Border Protection"]


def test_alternatives_are_what_a_text_doesnt_say() -> None:
    assert "Migrant Protection Protocols" in alternatives("when did MPP end")
    assert "MPP" in alternatives("when did the Migrant Protection Protocols end")
    assert "MPP" not in alternatives("the Migrant Protection Protocols (MPP)")
    assert "Remain in Mexico" in alternatives("the Migrant Protection Protocols (MPP)")
    assert "H-1B" in alternatives("h 1 b lottery"), "as it is written and indexed"
    assert "H-1B" not in alternatives("h1b lottery")


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("What is SIJS?", "What is SIJS (Special Immigrant Juvenile Status)?"),
        ("ICE's jails", "ICE's (Immigration and Customs Enforcement) jails"),
        ("MPP and mpp", "MPP (Migrant Protection Protocols) and mpp"),
        ("the Migrant Protection Protocols, or MPP", "the Migrant Protection Protocols, or MPP"),
        ("287(g) in Texas", "287(g) (section 287(g) of the Immigration and Nationality Act) in Texas"),
        ("a BNO visa", "a BNO (British National (Overseas)) visa"),
        ("nothing to explain", "nothing to explain"),
    ],
)
def test_short_forms_are_spelled_out_once(text: str, spelt: str) -> None:
    assert spelled_out(text) == spelt


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert alternatives(text) == alternatives(unicodedata.normalize("NFD", text))
    if not named(text):
        assert spelled_out(text) == unicodedata.normalize("NFC", text)
