"""An NLI model that a setting names: what it makes of claims, and its say in a verdict."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from sentence_transformers import CrossEncoder

from corpus import Settings
from corpus.errors import SettingsError
from rag.nli import NliModel
from rag.verification import Evidence, fact_verifier

from .conftest import build_cross_encoder

pytestmark = pytest.mark.slow

HEADLINE, BEFORE = "Ferry fares rise", "The island council met on Tuesday."
QUOTE = "It raised the fare for cars from 18 to 24 crowns, while pedestrians go on paying nothing."
LABELS = ("contradiction", "entailment", "neutral")


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(build_cross_encoder(tmp_path_factory.mktemp("nli"), labels=LABELS))


def test_a_named_model_gives_the_log_odds_of_its_entailment(named: str) -> None:
    premise = f"{HEADLINE} {BEFORE} {QUOTE}"
    softmax = CrossEncoder(named, device="cpu").predict(
        [(premise, "Cars cost more.")], apply_softmax=True, convert_to_tensor=True, show_progress_bar=False
    )
    wanted = torch.logit(softmax[0, 1].double()).item()
    assert NliModel(named).entailed("Cars cost more.", QUOTE, HEADLINE, BEFORE) == pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize(("odds", "supported"), [(2.0, True), (-2.0, False)])
def test_the_model_that_is_set_has_a_say(
    named: str, monkeypatch: pytest.MonkeyPatch, odds: float, supported: bool
) -> None:
    asked = []
    monkeypatch.setattr(NliModel, "entailed", lambda self, *said: asked.append(said) or odds)
    verifier = fact_verifier(Settings(nli=named))
    evidence = [Evidence(QUOTE, f"{BEFORE} {QUOTE}", HEADLINE)]
    claim = "The fare for cars was raised from 18 to 24 crowns."
    verdict = verifier.verify(claim, evidence)
    assert asked == [(claim, QUOTE, HEADLINE, BEFORE)]
    assert verdict.supported is supported
    assert verdict.score < 1 / (1 + math.exp(-odds)) + 1e-9
    assert bool(verdict.failures) is not supported


def test_exact_words_and_what_fails_anyway_need_no_opinion(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NliModel, "entailed", lambda self, *said: pytest.fail("asked"))
    verifier = fact_verifier(Settings(nli=named))
    evidence = [Evidence(QUOTE, f"{BEFORE} {QUOTE}", HEADLINE)]
    assert verifier.verify(QUOTE, evidence).score == 1
    assert not verifier.verify("The fare for cars was raised from 18 to 42 crowns.", evidence).supported


def test_quotes_that_bear_it_out_together_are_read_together(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NliModel, "entailed", lambda self, claim, quote, *rest: 3.0 if "\n" in quote else -3.0)
    evidence = [Evidence("The fee rose to 200 euros."), Evidence("The wait fell to two weeks.")]
    sentence = "The fee rose to 200 euros and the wait fell to two weeks."
    assert fact_verifier(Settings(nli=named)).verify(sentence, evidence).supported


def test_a_model_that_does_not_judge_claims_is_refused(tmp_path: Path) -> None:
    build_cross_encoder(tmp_path / "ranker")
    build_cross_encoder(tmp_path / "colours", labels=("red", "green", "blue"))
    for name, why in (("ranker", "entailment"), ("colours", "red, green, blue"), ("nowhere", "can't be used")):
        with pytest.raises(SettingsError, match=why) as caught:
            fact_verifier(Settings(nli=str(tmp_path / name)))
        assert "Set nli to" in caught.value.hint
