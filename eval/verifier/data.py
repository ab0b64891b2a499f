"""The written claims and reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from corpus.text import one_line
from rag.verification import Evidence

FOLDER = Path(__file__).parent
PAIRS, REPORTS = FOLDER / "pairs.jsonl", FOLDER / "reports.jsonl"

Split = Literal["tune", "test"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Claim(_Row):
    """A sentence about a passage."""

    label: Literal["supported", "altered", "contradicted", "not_mentioned", "contrasted"]
    kind: str
    claim: str


class Passage(_Row):
    """A quote, where it stands, and what is claimed of it."""

    id: str
    split: Split
    title: str
    source: str
    published: date
    before: str
    quote: str
    after: str
    claims: tuple[Claim, ...]

    @property
    def evidence(self) -> Evidence:
        """The quote as a verifier gets it."""
        context = one_line(f"{self.before} {self.quote} {self.after}")
        return Evidence(self.quote, context, self.title, self.source, self.published)


class Report(_Row):
    """A sentence of an outlet."""

    source: str
    published: date
    text: str


class ReportPair(_Row):
    """Two sentences and how they stand to one another."""

    id: str
    split: Split
    label: Literal["conflict", "superseded", "corrected", "none"]
    kind: str
    reports: tuple[Report, Report]


def passages(split: Split | None = None) -> list[Passage]:
    """The passages of one half, or all."""
    rows = (Passage.model_validate_json(line) for line in _lines(PAIRS))
    return [row for row in rows if split in (None, row.split)]


def report_pairs(split: Split | None = None) -> list[ReportPair]:
    """The pairs of reports of one half, or all."""
    rows = (ReportPair.model_validate_json(line) for line in _lines(REPORTS))
    return [row for row in rows if split in (None, row.split)]


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from lines
