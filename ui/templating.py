"""Templates and static files, as the public's pages and the console both use them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment(package: str) -> Environment:
    """The templates of a package; what they are given is escaped, and a value that is missing is an error."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def static_url(folder: Path, prefix: str, name: str) -> str:
    """The address of the static file `name` under `prefix`, with a mark that changes when its content does."""
    return f"{prefix}/{name}?{hashlib.sha256((folder / name).read_bytes()).hexdigest()[:8]}"
