"""Withdraws approved answers in the background when the articles change, so that they wait for staff again."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from corpus.errors import PassageError
from ui.staff.signing_off import SignedOff

EVERY_S = 30.0  # what is asked for meanwhile is held against its sources anyway
_log = logging.getLogger(__name__)


class ApprovalKeeping:
    """Looks through what is served, now and after each change of the articles, until the context ends."""

    def __init__(self, signed_off: SignedOff, every_s: float = EVERY_S) -> None:
        self._signed_off = signed_off
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="approval keeping", daemon=True)

    def __enter__(self) -> ApprovalKeeping:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        seen = -1
        while True:
            try:
                generation = self._signed_off.generation()
                if generation != seen:
                    withdrawn = self._signed_off.withdraw_outdated(stop=self._ended.is_set)
                    seen = generation
                    if withdrawn:
                        _log.info("withdrew %d approved answers, which wait for staff again", len(withdrawn))
            except PassageError as error:
                _log.warning("approved answers weren't held against the articles, which is tried again: %s", error)
            if self._ended.wait(self._every_s):
                return
