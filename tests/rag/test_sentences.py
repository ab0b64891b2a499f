"""Sentence boundaries: abbreviations don't split, offsets are exact."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. Senate voted. It failed.", ["The U.S. Senate voted.", "It failed."]),
        ("It opened on Jan. 3 in Reno. Few came.", ["It opened on Jan. 3 in Reno.", "Few came."]),
        ("He moved to the U.S. The visa came later.", ["He moved to the U.S.", "The visa came later."]),
        ("Sen. Ruiz met Dr. Lee at 5 p.m. on Friday.", ["Sen. Ruiz met Dr. Lee at 5 p.m. on Friday."]),
        ("Fees rose 4.5 per cent. They had been $1.2bn.", ["Fees rose 4.5 per cent.", "They had been $1.2bn."]),
        ("“We wait.” She left.", ["“We wait.”", "She left."]),
        ('He asked: "Why?" Nobody knew.', ['He asked: "Why?"', "Nobody knew."]),
        ("See No. 5 of Art. 8. The rest stands.", ["See No. 5 of Art. 8.", "The rest stands."]),
        ("George W. Bush spoke. J. Doe left.", ["George W. Bush spoke.", "J. Doe left."]),
        ("Why now\n\nThe vote is near.", ["Why now", "The vote is near."]),
        ("会议结束了。他们回家。", ["会议结束了。", "他们回家。"]),
        ("¿Cuándo? Mañana.", ["¿Cuándo?", "Mañana."]),
        ("", []),
    ],
)
def test_splits_where_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet=st.sampled_from("ab AZ.!?\n\"'0é,U.S."), max_size=300))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_spans_are_ordered_and_hold_every_visible_character(text: str) -> None:
    spans = split_sentences(text)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    outside = list(text)
    for start, end in spans:
        assert text[start:end] == text[start:end].strip()
        outside[start:end] = " " * (end - start)
    assert not "".join(outside).strip()
