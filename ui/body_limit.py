"""Bounds what a request may send: nobody's question or form is that long, and a server reads a body into memory."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The longest honest request is the editor's form, or a question with six turns before it: some 100 KB.
MOST_BYTES = 1_000_000


class BodyLimit:
    """Middleware under which reading more than `MOST_BYTES` of a request fails as 413."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; its body is counted as it is read, for its length needn't be told or true."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        read = 0

        async def counted() -> Message:
            nonlocal read
            if told.isdecimal() and int(told[:16]) > MOST_BYTES:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)
