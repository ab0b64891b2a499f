"""The console's reports, on the page and as CSV and JSON, and the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from ui.staff import plots
from ui.staff.audit_trail import PER_PAGE, AuditTrail, Chosen
from ui.staff.calibration import FEW
from ui.staff.console import Console
from ui.staff.queue_filter import chosen_day
from ui.staff.reports import Report, report, today
from ui.staff.reviews import Verdict
from ui.staff.security import AdminOnly, SignedIn
from ui.staff.tables import csv_response
from ui.staff.wording import WORDING

PERIODS = {4: "4 weeks", 13: "a quarter", 26: "half a year", 52: "a year"}
"""Weeks, the present one included, and how they are called."""
DEFAULT = 13
_AUDIT = "/staff/audit"


def reports_routes(console: Console) -> APIRouter:
    """Weekly figures, and what staff did."""
    router = APIRouter()
    router.include_router(_figures(console), prefix="/reports")
    router.include_router(_audit(console), prefix="/audit")
    return router


def _figures(console: Console) -> APIRouter:
    router = APIRouter()

    def made(weeks: int) -> Report:
        weeks = weeks if weeks in PERIODS else DEFAULT
        return report(console.log.database, today() - timedelta(weeks=weeks - 1), today())

    @router.get("")
    def page(session: SignedIn, weeks: int = DEFAULT) -> Response:
        """The weeks up to now, as plots and tables."""
        found = made(weeks)
        mondays = [week.monday for week in found.weeks]
        good = [week.verdicts.get(Verdict.GOOD, 0) for week in found.weeks]
        return console.pages.page(
            "staff_reports.html",
            session,
            section="reports",
            report=found,
            weeks=len(found.weeks),
            periods=PERIODS,
            shown_reasons=sorted({reason for week in found.weeks for reason in week.refusals}),
            shown_verdicts=[v for v in Verdict if any(v in week.verdicts for week in found.weeks)],
            plots=plots,
            asked=plots.columns(
                mondays, [[w.questions - w.refused for w in found.weeks], [w.refused for w in found.weeks]]
            ),
            votes=plots.columns(mondays, [[w.helpful for w in found.weeks], [w.unhelpful for w in found.weeks]]),
            verdicts=plots.columns(mondays, [good, [w.reviews - n for w, n in zip(found.weeks, good, strict=True)]]),
            times=plots.columns(mondays, [[w.seconds or 0 for w in found.weeks]]),
            few=FEW,
            days_kept=console.settings.log_days,
            w=WORDING,
        )

    @router.get("/report.json")
    def as_json(session: SignedIn, weeks: int = DEFAULT) -> Response:
        """Everything on the page."""
        return JSONResponse(
            made(weeks).as_dict(), headers={"Content-Disposition": 'attachment; filename="passage-report.json"'}
        )

    @router.get("/weeks.csv")
    def weekly(session: SignedIn, weeks: int = DEFAULT) -> Response:
        """A row for each week."""
        found = made(weeks).weeks
        reasons = sorted({reason for week in found for reason in week.refusals})
        header = ["week", "questions", "refused", *(f"refused_{reason}" for reason in reasons), "signed_off_served"]
        header += ["helpful", "unhelpful", "reviews", *(f"verdict_{verdict}" for verdict in Verdict)]
        header += ["judged_twice", "agreed", "median_seconds"]
        rows = (
            [week.monday.isoformat(), week.questions, week.refused]
            + [week.refusals.get(reason, 0) for reason in reasons]
            + [week.served, week.helpful, week.unhelpful, week.reviews]
            + [week.verdicts.get(verdict, 0) for verdict in Verdict]
            + [week.judged_twice, week.agreed, week.seconds]
            for week in found
        )
        return csv_response("passage-weeks.csv", header, rows)

    @router.get("/questions.csv")
    def questions(session: SignedIn, weeks: int = DEFAULT) -> Response:
        """What the articles can't answer, most asked first."""
        return csv_response(
            "passage-unanswered.csv",
            ["question", "asked", "last_asked", "reason", "answer_id"],
            (
                [gap.question, gap.asked, gap.last_at.isoformat(), gap.reason, gap.answer_id]
                for gap in made(weeks).gaps
            ),
        )

    return router


def _audit(console: Console) -> APIRouter:
    router = APIRouter()
    trail = AuditTrail(console.log.database)

    @router.get("")
    def page(
        request: Request, session: AdminOnly, before: Annotated[int | None, Query(ge=1, le=2**62)] = None
    ) -> Response:
        """What staff did, the newest first."""
        chosen = _chosen(request.query_params)
        found = trail.entries(chosen, before, PER_PAGE + 1)
        query = _query(chosen)
        return console.pages.page(
            "staff_audit.html",
            session,
            section="audit",
            chosen=chosen,
            entries=found[:PER_PAGE],
            count=trail.count(chosen),
            accounts=trail.accounts(),
            actions=trail.actions(),
            first=f"{_AUDIT}?{query}" if before else None,
            older=f"{_AUDIT}?{_query(chosen, before=found[PER_PAGE - 1].audit_id)}" if found[PER_PAGE:] else None,
            download=f"{_AUDIT}/entries.csv?{query}",
        )

    @router.get("/entries.csv")
    def as_csv(request: Request, session: AdminOnly) -> Response:
        """All chosen entries."""
        return csv_response(
            "passage-audit.csv",
            ["number", "at", "account", "action", "subject", "detail"],
            (
                [entry.audit_id, entry.at.isoformat(), entry.account, entry.action, entry.subject, entry.described]
                for entry in trail.entries(_chosen(request.query_params))
            ),
        )

    return router


def _chosen(query: Mapping[str, str]) -> Chosen:
    """What an address chooses; what can't be read isn't chosen. Account "-" is nobody known."""
    account = query.get("account") or None
    return Chosen(
        account="" if account == "-" else account,
        action=query.get("action") or None,
        since=chosen_day(query.get("since", "")),
        until=chosen_day(query.get("until", "")),
    )


def _query(chosen: Chosen, **more: object) -> str:
    values = asdict(chosen) | {"account": "-" if chosen.account == "" else chosen.account} | more
    return urlencode({key: value for key, value in values.items() if value})
