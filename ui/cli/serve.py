"""`passage serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.errors import InputError
from ui.cli.options import Data, Set, out, settings_from


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", show_default="7860")] = None,
    data: Data = None,
    assignments: Set = None,
) -> None:
    """Serve the chat and the public's pages."""
    settings = settings_from(data, assignments, host=host, port=port)
    out.print("Loading the model …")
    from rag.assistant import Assistant
    from ui.server import serve as run_server

    with Assistant.open(settings.data, settings) as assistant:
        if not assistant.index.passages.count():
            raise InputError(
                f"The data folder {settings.data} has no indexed articles.",
                "Run `passage ingest --demo`, or `passage ingest` with files of your own.",
            )
        assistant.warm_up()

        def ready() -> None:
            out.print(f"Passage is at http://{settings.host}:{settings.port} (Ctrl-C ends it)")

        run_server(assistant, settings.host, settings.port, ready)
