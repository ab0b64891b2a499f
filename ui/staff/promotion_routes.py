"""Promoting a reviewed answer over HTTP."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from rag.embedding import question_vector
from rag.passages import Vectors
from ui.staff.console import Console
from ui.staff.promotion import Promotion
from ui.staff.security import SignedIn


def promotion_routes(console: Console) -> APIRouter:
    """The one route that makes an answer's review a golden case."""

    def embed(question: str) -> Vectors:
        return question_vector(console.assistant.index.embedding, question)  # loaded when it is needed

    promotion = Promotion(console.log.database, console.assistant.store, embed)
    router = APIRouter()

    @router.post("/answers/{answer_id}/promote")
    def promote(request: Request, answer_id: str, session: SignedIn) -> Response:
        """Make the review of an answer a golden case; says what stands against it, a browser on the answer's page."""
        done = promotion.promote(answer_id, session.account)
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"/staff/answers/{quote(answer_id)}?golden={done.outcome.status}", 303)
        problems = [done.outcome.advice] if done.outcome.advice else []
        query = done.case.query.model_dump(mode="json")
        return JSONResponse({"case": query, "status": done.outcome.status, "problems": problems})

    return router
