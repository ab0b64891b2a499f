"""All spellings of a word or a number meet in the lexical index."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.folding import fold_words, plain
from rag.terms import stem, words

LATIN = st.text("abcdeghimnoprstzABCDEINORST ÀÉîõüçñšžÅøłœß0123456789.,-'’/%")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("H-1B h1b H1-B h‑1b H-1B-dependent", ["h1b", "h1b", "h1b", "h1b", "h1b", "dependent"]),
        ("Bill C-12", ["bill", "c12"]),
        ("COVID-19", ["covid19", "covid", "19"]),
        ("re-entry", ["reentry", "re", "entry"]),
        ("24-year-old", ["24", "yearold", "year", "old"]),
        ("50,000 50000 50 000 50\u202f000", ["50000"] * 4),
        ("1,00,000", ["100000"]),
        ("in 2023, 117 people", ["in", "2023", "117", "people"]),
        ("fifty thousand", ["50", "fifty", "thousand", "50000"]),
        ("two hundred thousand", ["two", "hundred", "200", "thousand", "200000"]),
        ("twenty-five", ["25", "twenty", "five"]),
        ("season 2, two seasons", ["season", "2", "two", "seasons"]),
        ("1.5 million 1.5m £1.5M", ["1.5", "million", "1500000", "1500000", "1.5", "1500000", "1.5"]),
        ("0.5 million, half a million", ["0.5", "million", "500000", "half", "a", "million", "500000"]),
        ("a million", ["a", "million", "1000000"]),
        ("1.23456789m", ["1234567.89", "1.23456789"]),
        ("2022-23 2022/23 2022–2023 1999-00", ["2022", "2023"] * 3 + ["1999", "2000"]),
        ("2022-05 2022-05-01", ["2022", "05", "2022", "05", "01"]),
        ("the 1990s, 14th April", ["the", "1990", "14", "april"]),
        ("24% 24 per cent 24 percent", ["24", "percent"] * 3),
        ("Darién Zürich naïve Łódź Straße", ["darien", "zurich", "naive", "lodz", "strasse"]),
        ("US U.S. USA, the us; tell us", ["u.s.", "u.s.", "u.s.", "the", "u.s.", "tell", "us"]),
        ("Mexico–US, anti-U.S.", ["mexico", "u.s.", "anti", "u.s."]),
        ("U.S.C.I.S. U.K.", ["uscis", "uk"]),
        ("Ukraine’s O'Brien don't", ["ukraine's", "o'brien", "don't"]),
        ("the border—which", ["the", "border", "which"]),
        ("snake_case soft\u00adhyphen", ["snake", "case", "softhyphen"]),
        ("", []),
        ("—!?", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    found = fold_words(text)
    assert [token for token in found if token != "mexicous"] == tokens


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("reentry", "a bar on re-entry"),
        ("re-entry", "a bar on reentry"),
        ("antiimmigrant", "anti-immigrant feeling"),
        ("anti immigrant", "anti-immigrant feeling"),
        ("1700000 visas", "1.7 million"),
        ("sixty-six per cent", "66%"),
        ("Darien", "the Darién Gap"),
        ("us-mexico", "the border of Mexico and the United States (U.S.)"),
    ],
)
def test_question_and_passage_meet(asked: str, written: str) -> None:
    indexed = {stem(token) for token in fold_words(written)}
    assert indexed & {stem(token) for token in fold_words(asked)}


def test_plain_words_are_those_that_everything_else_reads() -> None:
    text = "Officials in the U.S. said 1,734,686 people were stopped; it wasn't clear why, Łukasz O'Neill said."
    assert set(words(text)) - {"łukasz"} <= set(fold_words(text))


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for token in fold_words(text):
        assert token
        assert token == token.lower()
        assert all(c.isalnum() or c in ".'" for c in token), token


@given(LATIN)
def test_composed_and_decomposed_accents_are_the_same(text: str) -> None:
    assert fold_words(unicodedata.normalize("NFD", text)) == fold_words(unicodedata.normalize("NFC", text))


@given(LATIN)
def test_what_is_plain_stays_so(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert fold_words(plain(text)) == fold_words(text)


@given(LATIN.filter(lambda text: "us" not in plain(text).lower()))
def test_capitals_make_no_difference(text: str) -> None:
    assert fold_words(text.upper()) == fold_words(text.lower())


@given(st.integers(1000, 10**12))
def test_a_number_is_the_same_however_it_is_grouped(number: int) -> None:
    spelt = (f"{number}", f"{number:,}", f"{number:,}".replace(",", " "), f"{number:,}".replace(",", "\u202f"))
    assert all(fold_words(text) == [str(number)] for text in spelt)


@given(st.integers(1, 999), st.integers(1, 9))
def test_a_multiple_is_the_same_in_words_and_figures(whole: int, tenth: int) -> None:
    figure = str((10 * whole + tenth) * 10**5)
    for text in (f"{whole}.{tenth} million", f"{whole}.{tenth}m", f"{whole}.{tenth}-million"):
        assert figure in fold_words(text)
