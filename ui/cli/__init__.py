"""The command `passage`."""

from __future__ import annotations

import errno
import logging
import os
import sys

import typer
from typer.exceptions import TyperException

from corpus.errors import PassageError
from ui.cli import articles, ask, evaluate, ingest, search, serve, staff, state
from ui.cli.options import err

app = typer.Typer(
    name="passage",
    help="Answers questions about immigration news, and shows for every sentence the passage it came from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(ingest.ingest)
app.command()(ingest.index)
app.command()(ask.ask)
app.command()(search.search)
app.add_typer(articles.app)
app.add_typer(staff.app)
app.command()(state.status)
app.command()(state.doctor)
app.command()(state.settings)
app.command()(serve.serve)
app.command("eval")(evaluate.evaluate)
app.command("eval compare")(evaluate.compare)
app.command("eval import")(evaluate.import_benchmark)

DONE, FAILED, USAGE = 0, 1, 2
CTRL_C = 130  # what typer returns for it
GROUPS = {"articles", "staff"}
# `passage eval FOLDER` and `passage eval compare …` are one command to its user and several to typer.
EVAL_COMMANDS = {"compare", "import"}


def main() -> None:
    """Run the command line; the one place where errors become sentences and an exit code."""
    # Nothing that Passage is built from may phone anybody.
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run `passage` with `arguments`; its exit code."""
    # For `eval` 1 means that a gate falls short, so a run that failed has to say something else.
    failed = USAGE if arguments[:1] == ["eval"] else FAILED
    try:
        code = _call(arguments)
    except PassageError as error:
        _say(str(error.args[0]), error.hint)
        return failed
    except OSError as error:
        if error.errno == errno.ENOSPC:
            _say("The disk is full.", "Free some space, then run the same command again.")
        elif isinstance(error, BrokenPipeError):
            sys.stderr.close()  # the reader of our output has gone; there is nobody to tell
        else:
            _say(f"{error.filename or 'A file'}: {error.strerror or error}.")
        return failed
    except Exception as error:  # the outermost edge: a user must not see a traceback
        logging.getLogger(__name__).debug("unexpected error", exc_info=True)
        _say(
            f"Something went wrong inside Passage: {type(error).__name__}: {error}",
            "This is a defect; please report it with the output of the same command with --set log_level=debug.",
        )
        return failed
    if code == CTRL_C:
        _say("Interrupted. What was done is kept; the same command goes on from there.")
        return failed
    return code


def _call(arguments: list[str]) -> int:
    if arguments[:1] == ["eval"] and arguments[1:2] and arguments[1] in EVAL_COMMANDS:
        arguments = [" ".join(arguments[:2]), *arguments[2:]]
    try:
        result = app(arguments, prog_name="passage", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        return CTRL_C
    except TyperException as error:
        if not arguments or arguments[-1] in GROUPS:
            typer.echo(error.format_message())  # a command that needs another one: its help
        else:
            _say(error.format_message(), "`passage --help` lists the commands; --help after one explains it.")
        return USAGE
    return result if isinstance(result, int) else DONE


def _say(message: str, hint: str = "") -> None:
    err.print(message, style="red", markup=False)
    if hint:
        err.print(hint, markup=False)
