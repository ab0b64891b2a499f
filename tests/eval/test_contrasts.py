"""Contrasts: how they are read, checked and halved."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.verifier.contrasts import KINDS, contrasts

TEXT = """= f-00 | 2
~ A ticket costs 180 crowns, up from 150. | number
+ It costs 200 crowns.
- It costs 180 crowns.

= f-01 | 2,3
~ A ticket costs 201 crowns, up from 151. Captain Ola Berg of Borley said he had missed the storms. | topic
+ Berg missed the gulls.
- Berg missed the storms.
"""


def _in(folder: Path, text: str) -> Path:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_contrast_is_two_passages_with_the_same_claims(news: Path, tmp_path: Path) -> None:
    one, other, *_ = contrasts(folder=_in(tmp_path, TEXT), news=news)
    assert one.quote == "A ticket costs 200 crowns, up from 150."
    assert other.quote == "A ticket costs 180 crowns, up from 150."
    for passage, true, false in ((one, "200", "180"), (other, "180", "200")):
        assert passage.title == "Ferry at Ashby sails again"
        assert passage.evidence.before == "The ferry at Ashby sails again after 3 months."
        assert [(c.label, c.kind, c.claim) for c in passage.claims] == [
            ("supported", "number", f"It costs {true} crowns."),
            ("contrasted", "number", f"It costs {false} crowns."),
        ]


def test_a_quote_may_have_two_sentences_and_articles_are_halved(news: Path, tmp_path: Path) -> None:
    folder = _in(tmp_path, TEXT)
    tune, test = contrasts("tune", folder, news), contrasts("test", folder, news)
    assert {p.id for p in tune} == {"news-ferries:f-00"}
    assert {p.id for p in test} == {"news-ferries:f-01"}
    assert test[0].quote.endswith("up from 151. Captain Ola Berg of Borley said he had missed the gulls.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("+ It costs 200 crowns.\n", "line 1: a file is made of"),
        ("= f-00\n", "line 1: a quote is"),
        ("= g-00 | 1\n", "line 1: there is no article g-00"),
        ("= f-00 | 4\n", "line 1: the article has 3 sentences"),
        ("= f-00 | 2\n- It costs 180 crowns.\n", "line 2: a file is made of"),
        ("= f-00 | 2\n~ It costs 180 crowns.\n", "line 2: a rewriting is"),
        ("= f-00 | 2\n~ It costs 180 crowns. | price\n", "line 2: a rewriting is"),
        ("= f-00 | 2\n~ It costs 180. | number\n- It's 180.\n", "line 3: a contrast goes on with “+”"),
        ("= f-00 | 2\n~ It costs 180. | number\n+ It's 200.\n= f-00 | 1\n", "line 4: a contrast goes on with “-”"),
        ("= f-00 | 2\n~ It costs 180. | number\n+ It's 200.\n", "ends within a contrast"),
    ],
)
def test_what_is_wrong_is_named(news: Path, tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        contrasts(folder=_in(tmp_path, text), news=news)


def test_every_claim_is_once_true_and_once_false() -> None:
    halves = [contrasts("tune"), contrasts("test")]
    assert not {p.id for p in halves[0]} & {p.id for p in halves[1]}
    for half in halves:
        assert {claim.kind for passage in half for claim in passage.claims} == KINDS
        true, false = (
            Counter((p.id, c.claim) for p in half for c in p.claims if c.label == label)
            for label in ("supported", "contrasted")
        )
        assert true == false
