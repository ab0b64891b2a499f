"""Withdraws approved answers in the background when the articles change, so that they wait for staff again."""

from __future__ import annotations

import logging

from ui.keeping import Keeping
from ui.staff.signing_off import SignedOff

EVERY_S = 30.0  # what is asked for meanwhile is held against its sources anyway
_log = logging.getLogger(__name__)


class ApprovalKeeping(Keeping):
    """Looks through what is served, now and after each change of the articles, until the context ends."""

    failed = "approved answers weren't held against the articles"

    def __init__(self, signed_off: SignedOff, every_s: float = EVERY_S) -> None:
        super().__init__(every_s)
        self._signed_off = signed_off
        self._seen = -1

    def keep(self) -> None:
        """Withdraw what no longer holds, where articles changed since the last round."""
        generation = self._signed_off.generation()
        if generation == self._seen:
            return
        withdrawn = self._signed_off.withdraw_outdated(stop=self.ended.is_set)
        self._seen = generation
        if withdrawn:
            _log.info("withdrew %d approved answers, which wait for staff again", len(withdrawn))
