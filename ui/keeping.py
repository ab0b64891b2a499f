"""Work that is done again and again in the background while serving."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import ClassVar, Self

from corpus.errors import PassageError

_log = logging.getLogger(__name__)


class Keeping(ABC):
    """Calls `keep` now and then every `every_s` seconds, in a thread, until the context ends.

    Attributes:
        failed: what wasn't done when `keep` raises a `PassageError`, for the log; the next round tries again.
    """

    failed: ClassVar[str]

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)

    @abstractmethod
    def keep(self) -> None:
        """One round; it ends early once `ended` is set."""

    @property
    def ended(self) -> threading.Event:
        """Set when the context ends."""
        return self._ended

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                self.keep()
            except PassageError as error:
                _log.warning("%s, which is tried again later: %s", self.failed, error)
            if self._ended.wait(self._every_s):
                return
