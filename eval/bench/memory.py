"""How much memory this process holds and has held."""

from __future__ import annotations

import contextlib
import re
import resource
from pathlib import Path

import psutil


def resident_mb() -> float:
    """Megabytes held now."""
    return float(psutil.Process().memory_info().rss / 2**20)


def peak_mb() -> float:
    """The most megabytes held so far.

    Linux's own figure where there is one: `getrusage` counts what the parent held when it started this process.
    """
    with contextlib.suppress(OSError):
        if most := re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text()):
            return int(most[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
