"""Thirty visitors at once: `python tests/ui/web/load.py ADDRESS [--visitors 30] [--seconds 120] [--pause 1]`.

Each visitor asks about headlines, no two questions alike, waits for the whole answer, pauses, and asks again; every
other question follows up the one before.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import random
import re
import time
from dataclasses import dataclass, field

import httpx
import numpy as np

ENGINE = "/gradio/gradio_api/call/ask"


@dataclass
class Measured:
    """Seconds to the first words and to the whole answer, and what went wrong."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """One line a figure."""
        lines = [f"answers {len(self.whole)}, errors {len(self.errors)}"]
        for name, seconds in (("first words", self.first), ("whole answer", self.whole)):
            if seconds:
                p50, p95 = np.percentile(seconds, [50, 95])
                lines.append(
                    f"{name}: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, most {max(seconds) * 1000:.0f} ms"
                )
        return "\n".join(lines + self.errors[:5])


async def visit(client: httpx.AsyncClient, questions: list[str], until: float, pause: float, seen: Measured) -> None:
    """One visitor, from arriving to `until`."""
    chance = random.Random()
    history: list[dict[str, str]] = []
    await asyncio.sleep(chance.uniform(0, pause))
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            question = f"{chance.choice(questions)} {chance.randint(1, 10**6)}"  # a cache would flatter
            event = await ask(client, question, history, began, seen)
        except httpx.HTTPError as error:
            event = {"kind": repr(error)}
        if event["kind"] == "answer":
            seen.whole.append(time.monotonic() - began)
            turns = [{"role": "user", "content": question}, {"role": "assistant", "content": event["reply"]}]
            history = [] if history else turns
        else:
            seen.errors.append(str(event))
        await asyncio.sleep(chance.uniform(0, 2 * pause))


async def ask(
    client: httpx.AsyncClient, question: str, history: list[dict[str, str]], began: float, seen: Measured
) -> dict[str, str]:
    """Ask as the page does; the last event."""
    joined = await client.post(ENGINE, json={"data": [question, history, {}]})
    joined.raise_for_status()
    event = {"kind": "nothing came"}
    async with client.stream("GET", f"{ENGINE}/{joined.json()['event_id']}") as stream:
        name = ""
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: ") and name == "generating":
                if event["kind"] == "nothing came":
                    seen.first.append(time.monotonic() - began)
                event = json.loads(line[6:])[0]
            elif line.startswith("data: ") and name == "error":
                return {"kind": line}
    return event


async def main(address: str, visitors: int, seconds: float, pause: float) -> None:
    """Run the visit and print what was measured."""
    limits = httpx.Limits(max_connections=2 * visitors)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        page = (await client.get("/articles")).text
        questions = [html.unescape(q) for q in re.findall(r'<a href="/articles/[^>]*>(.*?)</a>', page)]
        seen = Measured()
        until = time.monotonic() + seconds
        await asyncio.gather(*(visit(client, questions, until, pause, seen) for _ in range(visitors)))
    print(f"{visitors} visitors, {seconds:.0f} s, pause {pause} s\n{seen.summary()}")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=1)
    given = parser.parse_args()
    asyncio.run(main(given.address, given.visitors, given.seconds, given.pause))
