"""Who may ask now: the pace of each visitor, the bound for all, and that nobody is remembered."""

from __future__ import annotations

import asyncio

import pytest
from starlette.responses import JSONResponse

from ui.admission import PARALLEL, WAITING, WINDOW_S, Admission, Pace


def refuse(request, status, words, values):
    return JSONResponse({"words": words, **values}, status)


async def send_to(app, path="/ask", method="POST", client="203.0.113.7", query=b""):
    """The status and the headers that `app` answers with."""
    answered = {}

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            answered.update({k.decode(): v.decode() for k, v in message["headers"]}, status=message["status"])

    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "client": (client, 1),
        "query_string": query,
        "headers": [],
    }
    await app(scope, receive, send)
    return answered


async def fine(scope, receive, send):
    await JSONResponse({})(scope, receive, send)


def guarded(app=fine, per_minute=2):
    return Admission(app, Pace(per_minute), "/engine", refuse)


def test_who_asks_too_fast_is_told_when_to_come_back_and_others_go_on():
    async def ask():
        app = guarded()
        return [
            await send_to(app),
            await send_to(app, "/engine/call/ask"),
            await send_to(app),
            await send_to(app, client="203.0.113.8"),
            await send_to(app, "/articles", "GET"),
            await send_to(app, "/feedback"),
        ]

    answers = asyncio.run(ask())
    assert [a["status"] for a in answers] == [200, 200, 429, 200, 200, 200]
    assert 1 <= int(answers[2]["retry-after"]) <= WINDOW_S


def test_without_a_limit_anybody_may_ask_any_number():
    async def ask():
        app = guarded(per_minute=0)
        return [(await send_to(app))["status"] for _ in range(200)]

    assert set(asyncio.run(ask())) == {200}


def test_a_household_with_ipv6_is_one_visitor_and_names_are_taken_as_they_are():
    async def ask():
        pace = Pace(1)
        return [
            pace.seconds_to_wait(a) > 0
            for a in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "a-proxy", "a-proxy", "")
        ]

    assert asyncio.run(ask()) == [False, True, False, False, True, False]


def test_a_visitor_is_forgotten_after_a_minute_and_never_kept_by_address(monkeypatch):
    monkeypatch.setattr("ui.admission.WINDOW_S", 0.05)

    async def ask():
        pace = Pace(1)
        pace.seconds_to_wait("203.0.113.7")
        kept = repr(vars(pace))
        before = pace.known()
        while pace.known():  # the loop's own timer forgets
            await asyncio.sleep(0)
        return before, kept, pace.seconds_to_wait("203.0.113.7")

    before, kept, wait = asyncio.run(ask())
    assert before == 1
    assert "203.0.113.7" not in kept
    assert wait == 0


@pytest.mark.parametrize(
    ("path", "method", "query"),
    [
        ("/ask", "POST", b""),
        ("/articles", "GET", b"q=visa"),
        ("/articles", "GET", b"page=1&%71=visa"),
        ("/a/x/next", "GET", b""),
    ],
)
def test_what_is_more_than_can_wait_is_refused_and_the_rest_is_done(path, method, query):
    async def rush():
        gate, inside = asyncio.Event(), []

        async def slow(scope, receive, send):
            inside.append(1)
            assert len(inside) <= PARALLEL
            await gate.wait()
            inside.pop()
            await fine(scope, receive, send)

        app = guarded(slow, per_minute=0)
        tasks = [asyncio.create_task(send_to(app, path, method, query=query)) for _ in range(PARALLEL + WAITING + 7)]
        while sum(task.done() for task in tasks) < 7:
            await asyncio.sleep(0)
        gate.set()
        answers = await asyncio.gather(*tasks)
        return [a["status"] for a in answers], (await send_to(app, path, method, query=query))["status"]

    statuses, afterwards = asyncio.run(rush())
    assert sorted(statuses) == [200] * (PARALLEL + WAITING) + [503] * 7
    assert afterwards == 200


def test_a_failure_gives_the_place_back():
    async def ask():
        async def fail(scope, receive, send):
            raise OSError("disk")

        app = guarded(fail, per_minute=0)
        for _ in range(PARALLEL + WAITING + 1):
            with pytest.raises(OSError, match="disk"):
                await send_to(app)

    asyncio.run(ask())
