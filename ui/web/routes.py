"""The public's pages over HTTP."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from corpus.flags import Flags
from rag.sentences import paragraphs
from ui.answer_log.models import MAX_COMMENT, Feedback, FeedbackReason, LoggedAnswer
from ui.web import export
from ui.web.corpus_facts import Headline
from ui.web.languages import LANGUAGES, Language, load_language, negotiate
from ui.web.pages import answer_view
from ui.web.plots import HEIGHT, WIDTH, articles_over_time
from ui.web.site import Site
from ui.web.sources import LANGUAGE, safe_link, told

PER_PAGE = 30
SEARCHED = 60  # passages from which a search lists the articles
LAST_VERSION = 10**9  # of an article; far more than there will be, and within SQLite's integers
_COOKIE = "language"
_YEAR_S = 365 * 24 * 3600
# Strings that the chat's script shows.
_SCRIPT_STRINGS = ("chat.", "trouble.")


class FeedbackForm(BaseModel):
    """What a reader sends about an answer."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=64)
    useful: bool
    reason: FeedbackReason | None = None
    comment: str = Field("", max_length=MAX_COMMENT)


def language_of(request: Request) -> Language:
    """The language that the visitor chose, else the one that the browser prefers."""
    chosen = request.cookies.get(_COOKIE, "")
    return load_language(chosen if chosen in LANGUAGES else negotiate(request.headers.get("accept-language", "")))


def base_of(request: Request) -> str:
    """The site's address without a final slash."""
    return str(request.base_url).rstrip("/")


def _page_before(request: Request) -> str:
    """Where on this site the visitor came from; the first page where that was elsewhere or isn't told."""
    try:
        before = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # "http://["
        return "/"
    if before.netloc != request.url.netloc:
        return "/"
    return f"/{before.path.lstrip('/')}{'?' + before.query if before.query else ''}"


def public_routes(site: Site) -> APIRouter:
    """Every page that the public sees."""
    router = APIRouter()
    router.include_router(_chat_routes(site))
    router.include_router(_answer_routes(site))
    router.include_router(_article_routes(site))
    return router


def _page(site: Site, request: Request, template: str, section: str = "", **values: object) -> HTMLResponse:
    language = language_of(request)
    html = site.pages.page(template, language, base=base_of(request), section=section, **values)
    return HTMLResponse(html, headers={"Vary": "Accept-Language, Cookie", "Cache-Control": "private, no-cache"})


def _answer_page(site: Site, request: Request, logged: LoggedAnswer) -> HTMLResponse:
    view = answer_view(logged.id, logged.answer, site.assistant.store)
    return _page(site, request, "answer.html", view=view, answered_on=logged.created_at.date())


def _chat_routes(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    def chat(request: Request) -> HTMLResponse:
        """The conversation."""
        language = language_of(request)
        strings = {key: words for key, words in language.strings.items() if key.startswith(_SCRIPT_STRINGS)}
        settings = {
            "interface": language.code,
            "limit": site.max_chars,
            "articles": LANGUAGE,
            "strings": strings | {"trouble.too_long": language.text("trouble.too_long", limit=site.max_chars)},
        }
        examples = site.suggestions.examples()
        return _page(site, request, "chat.html", facts=site.survey.facts(), examples=examples, settings=settings)

    @router.post("/ask")
    def ask(request: Request, question: Annotated[str, Form()] = "") -> Response:
        """The answer without JavaScript: its permanent page."""
        trouble = site.trouble_with(question)
        if trouble:
            language = language_of(request)
            words = language.text(trouble, **({"limit": site.max_chars} if trouble == "trouble.too_long" else {}))
            page = _page(site, request, "trouble.html", heading=language.text("trouble.heading"), words=words)
            page.status_code = 422
            return page
        logged = site.record(site.ask(question, [], {}))
        if not logged.id:
            return _answer_page(site, request, logged)
        return RedirectResponse(f"/a/{logged.id}", status_code=303)

    @router.get("/language")
    def choose_language(request: Request, to: str = "") -> Response:
        """Remember the language of the interface and return to the page that asked."""
        response = RedirectResponse(_page_before(request), 303)
        if to in LANGUAGES:
            response.set_cookie(_COOKIE, to, max_age=_YEAR_S, samesite="lax")
        return response

    @router.post("/feedback")
    def feedback(form: FeedbackForm) -> JSONResponse:
        """Keep what a reader thought of an answer."""
        site.log.feedback(form.id, Feedback(form.useful, form.reason, form.comment))
        return JSONResponse({"status": "ok"})

    return router


def _answer_routes(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/a/{answer_id}.txt")
    def text(request: Request, answer_id: str) -> PlainTextResponse:
        """An answer to take away, as text."""
        link = f"{base_of(request)}/a/{answer_id}"
        view = answer_view(answer_id, site.log.get(answer_id).answer, site.assistant.store)
        return PlainTextResponse(export.as_text(view.answer, language_of(request), link, view.flagged))

    @router.get("/a/{answer_id}.md")
    def markdown(request: Request, answer_id: str) -> Response:
        """An answer to take away, as Markdown."""
        link = f"{base_of(request)}/a/{answer_id}"
        view = answer_view(answer_id, site.log.get(answer_id).answer, site.assistant.store)
        words = export.as_markdown(view.answer, language_of(request), link, view.flagged)
        return Response(words, media_type="text/markdown; charset=utf-8")

    @router.get("/a/{answer_id}/part")
    def part(request: Request, answer_id: str) -> JSONResponse:
        """An answer as the conversation shows it, with its sources as they are now."""
        logged = site.log.get(answer_id)
        html = site.pages.answer(logged, language_of(request))
        return JSONResponse({"kind": "answer", "id": logged.id, "html": html, "reply": logged.answer.answer})

    @router.get("/a/{answer_id}/next")
    def following(answer_id: str) -> JSONResponse:
        """Questions that lead on from an answer."""
        answer = site.log.get(answer_id).answer
        return JSONResponse([] if answer.refused else site.suggestions.following(answer))

    @router.get("/a/{answer_id}")
    def shared(request: Request, answer_id: str) -> HTMLResponse:
        """The permanent page of an answer: what was said then, and whether its sources have changed since."""
        return _answer_page(site, request, site.log.get(answer_id))

    return router


def _article_routes(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/articles")
    def articles(
        request: Request,
        q: Annotated[str, Query(max_length=5000)] = "",
        outlet: str = "",
        topic: str = "",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:
        """What the corpus holds, or the articles that a search or a choice finds."""
        facts = site.survey.facts()
        found = [
            h
            for h in (_search(site, q.strip()[: site.max_chars]) if q.strip() else facts.headlines)
            if (not outlet or h.outlet == outlet) and (not topic or topic in h.topics)
        ]

        def address(number: int) -> str:
            values = {"q": q, "outlet": outlet, "topic": topic, "page": number if number > 1 else ""}
            return "/articles?" + urlencode({k: v for k, v in values.items() if v})

        return _page(
            site,
            request,
            "articles.html",
            section="articles",
            facts=facts,
            plot=articles_over_time(facts.months),
            width=WIDTH,
            height=HEIGHT,
            q=q,
            max_chars=site.max_chars,
            chosen=", ".join(v for v in (q.strip(), outlet, topic) if v),
            headlines=found[PER_PAGE * (page - 1) : PER_PAGE * page],
            newer=address(page - 1) if page > 1 else None,
            older=address(page + 1) if len(found) > PER_PAGE * page else None,
        )

    @router.get("/articles/{article_id:path}")
    def article(
        request: Request,
        article_id: str,
        version: Annotated[int | None, Query(ge=1, le=LAST_VERSION)] = None,
        start: int = 0,
        end: int = 0,
    ) -> HTMLResponse:
        """An article to read, any version of it; `start` and `end` mark a quote."""
        stored = site.assistant.store.get(article_id, version)
        flags = told(Flags(site.assistant.store.database).of([article_id]).get(article_id, ()))
        return _page(
            site,
            request,
            "article.html",
            section="articles",
            article=stored,
            lang=stored.language or LANGUAGE,
            paragraphs=marked_paragraphs(stored.text, start, end),
            link=safe_link(stored.url),
            flags=flags,
            hidden=any(flag.kind.hides for flag in flags),
            questions=site.suggestions.about(stored),
        )

    return router


def _search(site: Site, words: str) -> list[Headline]:
    """The articles that a search finds, best first."""
    known = {headline.article_id: headline for headline in site.survey.facts().headlines}
    hits = site.assistant.search(words, k=SEARCHED).hits
    ids = dict.fromkeys(hit.passage.article_id for hit in hits)
    return [known[i] for i in ids if i in known]


def marked_paragraphs(text: str, start: int, end: int) -> list[list[tuple[str, str]]]:
    """`text` as paragraphs of (words, mark); the mark is "first", "more" or "", from `start` to `end`."""
    found = []
    mark = "first"
    for begin, stop in paragraphs(text):
        low, high = min(max(begin, start), stop), max(min(stop, end), begin)
        if low >= high:
            found.append([(text[begin:stop], "")])
            continue
        found.append([(text[begin:low], ""), (text[low:high], mark), (text[high:stop], "")])
        mark = "more"
    return found
