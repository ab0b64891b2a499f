"""Normalisation of article text."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text import normalise, one_line

_SAMPLES = st.text(
    st.sampled_from("ab é\u0301\u0308\u200b\u00ad\ufeff\n\r\t\u2028\u2029\x0b\x85\x00\ud800\u00a0\u202e")
)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("cafe\u0301", "café"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\u202eright\u202c to left", "right to left"),
        ("e\u200b\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("one\u2029two", "one\n\ntwo"),
        ("wide\u00a0 \t space", "wide space"),
        ("  a  \n\n\n\n  b  ", "a\n\nb"),
        ("bell\x07 nul\x00", "bell nul"),
        ("half \ud83d character", "half \ufffd character"),
        (" \n\t ", ""),
        ("", ""),
    ],
)
def test_normalise(given_text, expected):
    assert normalise(given_text) == expected


@given(st.text() | _SAMPLES)
@settings(deadline=None, derandomize=True)
def test_normalising_is_idempotent_and_gives_storable_nfc(text):
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
    assert not re.search(r"\r|\t|\n{3}|  |[\x00-\x08\u200b\ufeff\u00ad]|^\s|\s$", once) or once == ""


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1)))
@settings(deadline=None, derandomize=True)
def test_no_word_is_lost(words):
    kept = normalise(" \u200b\r\n".join(words))
    assert kept.split() == [unicodedata.normalize("NFC", word) for word in words]


@given(st.text() | _SAMPLES)
@settings(deadline=None, derandomize=True)
def test_one_line_is_one_line(text):
    line = one_line(text)
    assert "\n" not in line
    assert one_line(line) == line


def test_one_line_joins_a_broken_headline():
    assert one_line(" Ferry\n  opens\u00a0again ") == "Ferry opens again"
