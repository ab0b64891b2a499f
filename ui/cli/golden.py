"""`passage staff export-golden`."""

from __future__ import annotations

import contextlib
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import InputError
from corpus.store import ArticleStore
from ui.answer_log.database import open_log
from ui.cli.options import Data, Set, err, out, plural, settings_from


def export_golden(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A benchmark folder; made where there is none.")],
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only what was promoted on this day (UTC) or later."),
    ] = None,
    data: Data = None,
    assignments: Set = None,
) -> int:
    """Add the promoted reviews to a golden set, so that the gate holds them from then on.

    Lines are only added, the same each time, so the change reads as a diff. Exit code: 0, or 1 when a case
    contradicts what the folder holds.
    """
    # Both load the model's libraries.
    from eval.growing import Status, add_cases
    from rag.embedding import question_vector, shared_embedding
    from ui.staff.promotion import Promotion

    settings = settings_from(data, assignments)
    if not settings.data.is_dir():
        raise InputError(f"There is no data folder {settings.data}.", "Run `passage ingest` first, or give --data.")
    embed = partial(question_vector, shared_embedding(settings.embedding_model, settings.embedding_precision))
    with (
        contextlib.closing(open_log(settings.data)) as database,
        contextlib.closing(ArticleStore.open(settings.data)) as store,
    ):
        cases = Promotion(database, store, embed).cases(since.date() if since else None)
    outcomes = add_cases(folder, cases, embed)
    added = sum(outcome.status is Status.ADDED for outcome in outcomes)
    out.print(f"{plural(added, 'case')} added to {folder}, of {plural(len(cases), 'promoted review')}.", markup=False)
    for outcome in outcomes:
        if outcome.advice:
            err.print(f"{outcome.case_id} ({outcome.status}): {outcome.advice}", markup=False)
    return int(any(o.status in (Status.CONTRADICTION, Status.OTHER_DOCUMENT) for o in outcomes))
