"""The queue and the review screen over HTTP."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from corpus.errors import ConflictError, InputError, NotFoundError
from eval.growing import Status
from rag.verification import fact_verifier
from ui.staff.accounts import Role
from ui.staff.console import Console
from ui.staff.editing import Editor, EditRefusedError
from ui.staff.queue import Cursor, Queue
from ui.staff.queue_filter import Filter
from ui.staff.review_form import ReviewForm, edited, judgement, read_form
from ui.staff.review_page import Filled, ReviewPages
from ui.staff.reviews import JudgedMeanwhileError, Review, Reviews
from ui.staff.security import SignedIn
from ui.staff.sessions import Session
from ui.staff.wording import WORDING

HOME = "/staff"


async def _form(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_form)]


def queue_routes(console: Console) -> APIRouter:
    """The list of what waits, one answer with its verdict, and what can be done there."""
    editor = Editor(console.assistant.store, fact_verifier(console.assistant.index.settings))
    queue = Queue(console.log.database)
    reviews = Reviews(console.log.database, editor, console.signed_off)
    pages = ReviewPages(console.assistant, console.log, queue, reviews, editor)
    router = APIRouter()

    def screen(
        request: Request,
        session: Session,
        answer_id: str,
        filled: Filled | None = None,
        form: ReviewForm | None = None,
        status: int = 200,
        **said: object,
    ) -> Response:
        """The review screen; with `form`, as it was filled in when something else was pressed or went wrong."""
        chosen = Filter.of(request.query_params)
        page = pages.of(answer_id, session.account, filled)
        return console.pages.page(
            "staff_review.html",
            session,
            status,
            section="queue",
            page=page,
            chosen=chosen,
            left=queue.left(chosen),
            cursor=(form.cursor if form else None) or page.item.cursor,
            seen=form.seen if form else page.in_force and page.in_force.review_id,
            opened=form.opened if form else time.time(),
            may_undo=page.in_force and (page.in_force.reviewer == session.account or session.role is Role.ADMIN),
            promoted=next((status for status in Status if status == request.query_params.get("golden")), None),
            w=WORDING,
            **{"trouble": None, "problems": {}, "meanwhile": None, "done": _done(reviews, request)} | said,
        )

    @router.get("")
    def listed(request: Request, session: SignedIn, page: Annotated[int, Query(ge=1)] = 1) -> Response:
        """What waits, worst first."""
        chosen = Filter.of(request.query_params)
        return console.pages.page(
            "staff_queue.html",
            session,
            section="queue",
            page=queue.page(chosen, page, session.account),
            chosen=chosen,
            outlets=queue.outlets(),
            logging=console.settings.log_answers,
            done=_done(reviews, request),
            w=WORDING,
        )

    @router.get("/next")
    def following(request: Request, session: SignedIn, after: str = "") -> Response:
        """Lead to the answer behind a place in the queue."""
        return _next(queue, Filter.of(request.query_params), Cursor.parse(after), session)

    @router.get("/answers/{answer_id}")
    def one(request: Request, session: SignedIn, answer_id: str) -> Response:
        """One answer, to be judged."""
        response = screen(request, session, answer_id)
        queue.open(answer_id, session.account)
        return response

    @router.post("/answers/{answer_id}/edit")
    def edit(request: Request, session: SignedIn, answer_id: str, sent: Sent) -> Response:
        """The same screen after a press of one of the editor's buttons; nothing is saved."""
        answer = console.log.get(answer_id).answer
        form = read_form(sent, answer)
        try:
            filled = edited(form.filled, str(sent.get("do") or "check"), answer, editor)
        except (InputError, NotFoundError) as error:
            return screen(request, session, answer_id, form.filled, form, 422, trouble=error)
        return screen(request, session, answer_id, filled, form)

    @router.post("/answers/{answer_id}/review")
    def judge(request: Request, session: SignedIn, answer_id: str, sent: Sent) -> Response:
        """Save a review and lead to the next answer."""
        answer = console.log.get(answer_id).answer
        form = read_form(sent, answer)
        filled = form.filled
        try:
            review = reviews.judge(
                answer_id,
                session.account,
                judgement(filled, answer, editor),
                seen=form.seen,
                heard=form.heard,
                seconds=form.seconds,
            )
        except EditRefusedError as error:
            return screen(request, session, answer_id, filled, form, 422, trouble=error, problems=error.problems)
        except JudgedMeanwhileError as error:
            newer = replace(form, seen=error.review.review_id if error.review else None)
            return screen(request, session, answer_id, filled, newer, 409, meanwhile=error)
        except InputError as error:
            return screen(request, session, answer_id, filled, form, 422, trouble=error)
        chosen = Filter.of(request.query_params)
        return _next(queue, chosen, form.cursor, session, done=review.review_id)

    @router.post("/reviews/{review_id}/undo")
    def undo(request: Request, session: SignedIn, review_id: Annotated[int, Path(ge=1, le=10**15)]) -> Response:
        """Take a review back and lead to its answer again."""
        answer_id = reviews.get(review_id).answer_id
        try:
            reviews.undo(review_id, session.account, admin=session.role is Role.ADMIN)
        except ConflictError as error:
            return screen(request, session, answer_id, status=409, trouble=error)
        return RedirectResponse(_address(answer_id, Filter.of(request.query_params)), 303)

    @router.post("/answers/{answer_id}/again")
    def again(request: Request, session: SignedIn, answer_id: str) -> Response:
        """Ask the question once more, of the articles as they are now, and lead to that answer."""
        logged = console.log.get(answer_id)
        if not console.settings.log_answers:
            raise InputError("The answer log is switched off, so there is nothing to look at.", "Set log_answers.")
        answer = console.assistant.ask(logged.answer.question, logged.history)
        if answer.answer == logged.answer.answer:
            said = InputError("Asked again just now, the answer is the same.", "Nothing was added to the log.")
            return screen(request, session, answer_id, trouble=said)
        fresh = console.log.record(answer, logged.history)
        return RedirectResponse(_address(fresh, Filter.of(request.query_params)), 303)

    return router


def _next(queue: Queue, chosen: Filter, after: Cursor | None, session: Session, done: int | None = None) -> Response:
    """To the next answer, or where nothing is left to the list."""
    item = queue.next(chosen, after, session.account)
    if item:
        return RedirectResponse(_address(item.answer_id, chosen, done=done), 303)
    return RedirectResponse(HOME + chosen.query(done=done), 303)


def _address(answer_id: str, chosen: Filter, **others: object) -> str:
    return f"{HOME}/answers/{quote(answer_id)}{chosen.query(**others)}"


def _done(reviews: Reviews, request: Request) -> Review | None:
    """The review that was saved a moment ago, to say so and to offer its undoing."""
    number = request.query_params.get("done", "")
    try:
        review = reviews.get(int(number)) if number.isdecimal() and len(number) < 16 else None
    except NotFoundError:
        return None
    return review if review and not review.undone_at else None
