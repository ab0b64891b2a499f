"""What a model writes, taken apart while it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.writing.parsing import SentenceParser, Written, parse


def fed(pieces: list[str]) -> list[list[Written]]:
    parser = SentenceParser()
    return [*(parser.feed(piece) for piece in pieces), parser.end()]


def flat(batches: list[list[Written]]) -> list[Written]:
    return [sentence for batch in batches for sentence in batch]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The quota rose [1].", [("The quota rose.", (1,))]),
        ("The quota rose. [1]", [("The quota rose.", (1,))]),
        ("The quota rose.[1][3] It fell [2].", [("The quota rose.", (1, 3)), ("It fell.", (2,))]),
        ("The quota rose [1, 2].", [("The quota rose.", (1, 2))]),
        ("The quota rose [2-4].", [("The quota rose.", (2, 3, 4))]),
        ("The quota rose [4-2].", [("The quota rose.", ())]),
        ("The quota rose [source 2].", [("The quota rose.", (2,))]),
        ("The quota rose【2†source】.", [("The quota rose.", (2,))]),
        ("The quota rose [1]", [("The quota rose.", (1,))]),
        ("The quota rose.\n[1]", [("The quota rose.", (1,))]),
        ("- The quota rose [1]\n- It fell [2]", [("The quota rose.", (1,)), ("It fell.", (2,))]),
        ("1. The quota **rose** [1].\n2. It fell.", [("The quota rose.", (1,)), ("It fell.", ())]),
        ("The U.S. raised it to 9.5 million [1].", [("The U.S. raised it to 9.5 million.", (1,))]),
        ("<think>It may be [3]. Or not.</think>The quota rose [1].", [("The quota rose.", (1,))]),
        ("<think>I never stop thinking. [1] Never.", []),
        ("", []),
        ("   \n\n ", []),
    ],
)
def test_sentences_and_their_sources(text, expected):
    assert [(s.text, s.sources) for s in parse(text)] == expected
    assert all(s.whole for s in parse(text))


@pytest.mark.parametrize("text", ["The quota rose to 9,5", "Here is what the sources say:", "The quota rose [1"])
def test_what_broke_off_is_not_whole(text):
    assert [s.whole for s in parse(text)] == [False]


def test_a_marker_in_two_pieces_is_never_seen_in_part():
    batches = fed(["The quota rose ", "[", "1", "2", "]", ". ", "It", " fell. ", "[2", "] ", "So ", "be ", "it."])
    assert [s.text for s in flat(batches)] == ["The quota rose.", "It fell.", "So be it."]
    assert [s.sources for s in flat(batches)] == [(12,), (2,), ()]


def test_a_sentence_leaves_as_soon_as_the_next_has_begun():
    batches = fed(["The quota", " rose [1].", " The minister", " said", " so [2]."])
    assert [s.text for s in batches[2]] == ["The quota rose."]
    assert [s.text for s in batches[-1]] == ["The minister said so."]


def test_an_abbreviation_in_two_pieces_ends_no_sentence():
    assert [s.text for s in flat(fed(["He met the U.S. ", "A", "mbassador Lee. "]))] == [
        "He met the U.S. Ambassador Lee."
    ]


BITS = [
    *("The quota", " rose", ".", " ", "\n", "[1]", "[", "2", ", 3", "]", "<think>", "</think>", "U.S.", "It", "“so”"),
    *("!", "- ", "1. ", "**", "A", "9.5", "(", ")", "】", "【4】", "?"),
]


@given(st.lists(st.sampled_from(BITS), max_size=30))
def test_how_a_text_is_cut_into_pieces_changes_nothing(bits):
    assert flat(fed(bits)) == parse("".join(bits)) == flat(fed(list("".join(bits))))
