"""Promoting a reviewed answer over HTTP."""

from __future__ import annotations

from urllib.parse import quote

import numpy as np
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from eval.growing import Embed
from rag.assistant import Assistant
from rag.names import spelled_out
from rag.passages import Vectors
from ui.staff.console import Console
from ui.staff.promotion import Promotion
from ui.staff.security import SignedIn


def promotion_routes(console: Console) -> APIRouter:
    """The one route that makes an answer's review a golden case."""
    promotion = Promotion(console.log.database, console.assistant.store, question_embedding(console.assistant))
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


def question_embedding(assistant: Assistant) -> Embed:
    """Embeds a question as retrieval does."""

    def embed(text: str) -> Vectors:
        return np.array(assistant.index.embedding.get_query_embedding(spelled_out(text)), np.float32)

    return embed
