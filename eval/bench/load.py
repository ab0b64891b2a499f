"""Many visitors at once on a served chat: how long they wait, and what goes wrong.

Each visitor asks about headlines, no two questions alike, waits for the whole answer, pauses, and asks again; every
other question follows up the one before.
"""

from __future__ import annotations

import asyncio
import html
import json
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np

from corpus.errors import ServiceError

ENGINE = "/gradio/gradio_api/call/ask"
TIMEOUT_S = 60.0


@dataclass
class Load:
    """What visitors met.

    Attributes:
        first: seconds to the first words of each answer.
        whole: seconds to each whole answer.
        busy: how many were told at once to come back later.
        errors: what went wrong, in words.
    """

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    busy: int = 0
    errors: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """One line a figure, the errors last."""
        found = [f"answers {len(self.whole)}, told to come back {self.busy}, errors {len(self.errors)}"]
        for name, seconds in (("first words", self.first), ("whole answer", self.whole)):
            if seconds:
                p50, p95 = (1000 * value for value in np.percentile(seconds, [50, 95]))
                found.append(f"{name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {1000 * max(seconds):.0f} ms")
        return found + self.errors[:5]


def visit(address: str, visitors: int, seconds: float, pause: float) -> Load:
    """Let `visitors` ask for `seconds`, pausing for `pause` seconds on average; with 0 seconds each asks once.

    Raises:
        ServiceError: nobody answers at `address`.
    """
    try:
        return asyncio.run(_visit(address, visitors, seconds, pause))
    except httpx.ConnectError:
        raise ServiceError(f"Nobody answers at {address}.", "Start it with `passage serve`.") from None


async def _visit(address: str, visitors: int, seconds: float, pause: float) -> Load:
    limits = httpx.Limits(max_connections=2 * visitors, max_keepalive_connections=2 * visitors)
    async with httpx.AsyncClient(base_url=address, timeout=TIMEOUT_S, limits=limits) as client:
        page = (await client.get("/articles")).text
        questions = [html.unescape(q) for q in re.findall(r'<a href="/articles/[^>]*>(.*?)</a>', page)]
        load = Load()
        until = time.monotonic() + seconds
        await asyncio.gather(*(_visitor(client, questions, until, pause, load) for _ in range(visitors)))
    return load


async def _visitor(
    client: httpx.AsyncClient, questions: Sequence[str], until: float, pause: float, load: Load
) -> None:
    """One visitor, from arriving to `until`."""
    chance = random.Random()
    history: list[dict[str, str]] = []
    once = until <= time.monotonic()
    await asyncio.sleep(0 if once else chance.uniform(0, pause))
    while once or time.monotonic() < until:
        question = f"{chance.choice(questions)} {chance.randint(1, 10**6)}"  # a cache would flatter
        reply = await _ask(client, question, history, load)
        turns = [{"role": "user", "content": question}, {"role": "assistant", "content": reply}]
        history = turns if reply and not history else []
        if once:
            return
        await asyncio.sleep(chance.uniform(0, 2 * pause))


async def _ask(client: httpx.AsyncClient, question: str, history: list[dict[str, str]], load: Load) -> str:
    """Ask as the page does; what was answered, "" when nothing was."""
    began = time.monotonic()
    event: dict[str, Any] = {"kind": "nothing came"}
    words_came = False
    try:
        joined = await client.post(ENGINE, json={"data": [question, history, {}]})
        if joined.status_code in (429, 503):
            load.busy += 1
            return ""
        joined.raise_for_status()
        async with client.stream("GET", f"{ENGINE}/{joined.json()['event_id']}") as stream:
            name = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: ") and name == "generating":
                    event = json.loads(line[6:])[0]
                    if event["kind"] in ("words", "answer") and not words_came:
                        words_came = True
                        load.first.append(time.monotonic() - began)
                elif line.startswith("data: ") and name == "error":
                    event = {"kind": line}
    except httpx.HTTPError as error:
        event = {"kind": repr(error)}
    if event["kind"] != "answer":
        load.errors.append(str(event)[:200])
        return ""
    load.whole.append(time.monotonic() - began)
    return str(event["reply"])
