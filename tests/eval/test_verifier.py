"""The written claims and reports, and what is measured on them."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from eval.verifier.data import Claim, Passage, Report, ReportPair, passages, report_pairs
from eval.verifier.fitting import fit
from eval.verifier.measures import (
    Compared,
    Judged,
    Rate,
    auroc,
    auroc_interval,
    calibration_error,
    compare,
    false_alarms,
    judge,
    named_rightly,
    noted,
    rates,
    strictly_caught,
)
from eval.verifier.tables import differing, verdicts
from rag.differences import Difference, Reported
from rag.verification import VERIFICATION_WEIGHTS, FactVerifier, VerbatimVerifier, Verdict

DAY = date(2024, 5, 6)


def judged(passage: str, label: str, kind: str, score: float) -> Judged:
    claim = Claim.model_validate({"label": label, "kind": kind, "claim": "It rose."})
    whole = Passage(
        id=passage,
        split="test",
        title="",
        source="",
        published=DAY,
        before="",
        quote="It rose.",
        after="",
        claims=(claim,),
    )
    return Judged(whole, claim, Verdict(score >= 0.5, score))


ROWS = [
    judged("a", "supported", "verbatim", 0.9),
    judged("a", "altered", "number", 0.2),
    judged("b", "supported", "paraphrase", 0.4),
    judged("b", "altered", "date", 0.6),
    judged("b", "altered", "roles", 0.1),
]


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    assert auroc(ROWS) == pytest.approx(5 / 6)
    low, high = auroc_interval(ROWS)
    assert 0.5 <= low <= auroc(ROWS) <= high <= 1


def test_rates_count_right_verdicts_by_kind() -> None:
    found = rates(ROWS)
    assert found["supported", ""] == Rate(1, 2)
    assert found["altered", ""] == Rate(2, 3)
    assert found["altered", "date"] == Rate(0, 1)
    assert strictly_caught(ROWS) == Rate(1, 2)
    assert calibration_error(ROWS) == pytest.approx((0.1 + 0.2 + 0.6 + 0.6 + 0.1) / 5)


def test_the_interval_is_wilsons() -> None:
    low, high = Rate(8, 10).interval
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert Rate(0, 10).interval[0] == 0
    assert Rate(0, 0).share != Rate(0, 0).share  # not a number


def test_differing_reports_are_counted_both_ways() -> None:
    def pair(label: str, found: str) -> Compared:
        report = Report(source="A", published=DAY, text="It rose.")
        row = ReportPair.model_validate(
            {"id": "r", "split": "test", "label": label, "kind": "number", "reports": (report, report)}
        )
        reported = Reported("It rose.", "A", DAY)
        kind = {"conflict": "conflict", "superseded": "superseded"}.get(found)
        difference = Difference(kind, reported, reported, "number", ("1", "2")) if kind else None  # type: ignore[arg-type]
        return Compared(row, difference)

    rows = [
        pair("conflict", "conflict"),
        pair("superseded", "conflict"),
        pair("conflict", "none"),
        pair("none", "none"),
        pair("none", "conflict"),
    ]
    assert (noted(rows), named_rightly(rows), false_alarms(rows)) == (Rate(2, 3), Rate(1, 2), Rate(1, 2))


def test_the_halves_share_no_passage_and_no_text() -> None:
    tune, test = passages("tune"), passages("test")
    assert len(tune) + len(test) == len(passages())
    assert not {p.quote for p in tune} & {p.quote for p in test}
    assert not {c.claim for p in tune for c in p.claims} & {c.claim for p in test for c in p.claims}
    assert sum(len(p.claims) for p in test) >= 200
    assert len(report_pairs("test")) >= 60
    ids = [p.id for p in passages()]
    assert len(ids) == len(set(ids))


def test_verbatim_claims_stand_in_their_quote() -> None:
    for passage in passages():
        for claim in passage.claims:
            if claim.kind == "verbatim":
                assert VerbatimVerifier().verify(claim.claim, [passage.evidence]).supported


def test_the_verifier_keeps_what_it_reaches_on_what_was_set_aside() -> None:
    found = judge(FactVerifier(), passages("test"))
    by_kind = rates(found)
    assert auroc(found) >= 0.86
    assert strictly_caught(found).share >= 0.95
    assert by_kind["supported", ""].share >= 0.77
    reports = compare(report_pairs("test"))
    assert noted(reports).share >= 0.90
    assert false_alarms(reports).share <= 0.05
    titles = [table.title for table in (*verdicts("claims", found), *differing(reports))]
    assert titles == ["claims", "claims, by kind", "differing reports", "differing reports, by kind"]


@pytest.mark.slow
def test_fitting_again_gives_the_weights_that_are_shipped(tmp_path: Path) -> None:
    path = tmp_path / "verification.json"
    fit().save(path)
    assert path.read_text(encoding="utf-8") == VERIFICATION_WEIGHTS.read_text(encoding="utf-8")


def test_the_command_prints_and_writes_the_tables(tmp_path: Path) -> None:
    out = tmp_path / "tables" / "verifier.md"
    done = subprocess.run(
        [sys.executable, "-m", "eval.verifier", "--out", str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "true claims that pass" in done.stdout
    assert "| false alarms |" in out.read_text(encoding="utf-8")
