"""An answer as the assistant gives it, about nothing that exists, and a log for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus import Settings
from rag.answer import Answer, Citation, Reason, Sentence
from ui.answer_log.log import AnswerLog

QUOTE = "The harbour office (tel. 020 7946 0958) issued 1,977 day permits in 2023."


@pytest.fixture
def make_answer() -> Callable[..., Answer]:
    """An answer with one citation, or with `refused` a refusal."""

    def make(refused: bool = False, **values: object) -> Answer:
        citation = Citation(
            n=1, article_id="permit/2023", version=2, title="Harbour permits", source="Westhaven Gazette", url=None,
            published=date(2023, 12, 20), quote=QUOTE, start=40, end=40 + len(QUOTE),
        )  # fmt: skip
        known = {
            "question": "How many day permits?", "answer": "No." if refused else f"{QUOTE} [1]", "refused": refused,
            "reason": Reason.NOT_COVERED if refused else None,
            "sentences": () if refused else (Sentence(text=QUOTE, citations=(1,), support=0.8),),
            "citations": () if refused else (citation,), "confidence": 0.9, "as_of": date(2024, 6, 1),
            "model": "extractive", "settings": "0" * 12, "timings_ms": {"total": 12.5},
        }  # fmt: skip
        return Answer.model_validate(known | values)

    return make


@pytest.fixture
def log(data: Path, settings: Settings) -> Iterator[AnswerLog]:
    """An open, empty log."""
    opened = AnswerLog.open(data, settings)
    yield opened
    opened.close()
