"""Who may ask now: a pace for each visitor and a bound for all, so that a rush gets words instead of a collapse.

Of a visitor nothing is kept but a salted hash of the address, in memory, for a minute.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import math
import secrets
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

WINDOW_S = 60.0
PARALLEL = 4  # questions worked on at once; the model itself answers one at a time
WAITING = 100  # questions that wait, about five seconds of work on two cores; thirty visitors at once are far below
_IPV6_VISITOR = 64  # bits: a household gets a whole /64

Refuse = Callable[[Request, int, str, dict[str, str]], Response]
"""Answers a request with a status and the words of a string's key, filled with values."""


class Pace:
    """How many questions each visitor asked within the last minute; for one event loop."""

    def __init__(self, per_minute: int) -> None:
        """Admit `per_minute` questions of one visitor a minute; 0 admits any number."""
        self._per_minute = per_minute
        self._salt = secrets.token_bytes(16)
        self._asked: dict[bytes, deque[float]] = {}

    def seconds_to_wait(self, address: str) -> float:
        """0 when a visitor at `address` may ask now, which is counted; else how long to wait."""
        if not self._per_minute:
            return 0.0
        loop = asyncio.get_running_loop()
        visitor = self._visitor(address)
        asked = self._asked.setdefault(visitor, deque())
        if len(asked) >= self._per_minute:
            return WINDOW_S - (loop.time() - asked[0])
        asked.append(loop.time())
        loop.call_later(WINDOW_S, self._forget, visitor)
        return 0.0

    def known(self) -> int:
        """How many visitors asked within the last minute."""
        return len(self._asked)

    def _forget(self, visitor: bytes) -> None:
        self._asked[visitor].popleft()
        if not self._asked[visitor]:
            del self._asked[visitor]

    def _visitor(self, address: str) -> bytes:
        try:
            host = ipaddress.ip_address(address)
        except ValueError:  # a proxy may pass on a name of its own
            pass
        else:
            if host.version == 6:
                address = str(ipaddress.ip_network((host, _IPV6_VISITOR), strict=False))
        return hashlib.blake2b(address.encode(), key=self._salt, digest_size=16).digest()


class Admission:
    """Middleware that answers 429 to who asks too fast, and 503 when too many questions wait already."""

    def __init__(self, app: ASGIApp, pace: Pace, engine: str, refuse: Refuse) -> None:
        """Guard `app`.

        Args:
            app: what is guarded.
            pace: of each visitor.
            engine: path of Gradio's engine, which has a queue of its own.
            refuse: makes the response to who isn't admitted.
        """
        self._app = app
        self._pace = pace
        self._engine = engine
        self._refuse = refuse
        self._turn = asyncio.Semaphore(PARALLEL)
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, posted = scope["path"], scope["method"] == "POST"
        if posted and (path == "/ask" or path.startswith(f"{self._engine}/")):
            wait = self._pace.seconds_to_wait(scope["client"][0] if scope.get("client") else "")
            if wait:
                seconds = str(math.ceil(wait))
                response = self._refuse(Request(scope), 429, "trouble.too_fast", {"seconds": seconds})
                response.headers["Retry-After"] = seconds
                await response(scope, receive, send)
                return
        if _is_work(path, posted, scope.get("query_string", b"")):
            await self._in_turn(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Work on a few requests at once, let some wait, and refuse the rest."""
        if self._inside >= PARALLEL + WAITING:
            response = self._refuse(Request(scope), 503, "trouble.busy", {})
            response.headers["Retry-After"] = "5"
            await response(scope, receive, send)
            return
        self._inside += 1
        try:
            async with self._turn:
                await self._app(scope, receive, send)
        finally:
            self._inside -= 1


def _is_work(path: str, posted: bool, query: bytes) -> bool:
    """Whether a request outside the engine makes the model work: a question, a search, or what to ask next."""
    if posted:
        return path == "/ask"
    if path == "/articles":
        return "q" in dict(parse_qsl(query.decode("latin-1")))
    return path.startswith("/a/") and path.endswith("/next")
