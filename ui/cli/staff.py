"""`passage staff`: who may use the staff console."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from corpus.errors import InputError
from corpus.settings import Settings
from ui.answer_log.database import open_log
from ui.cli.golden import export_golden
from ui.cli.options import Data, Json, Set, out, print_json, settings_from
from ui.staff.accounts import Accounts, Role

app = typer.Typer(
    name="staff",
    help="Say who may use the staff console. Works while `passage serve` runs.",
    no_args_is_help=True,
)
app.command("export-golden")(export_golden)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The account; capitals don't matter.")]


@app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What the account may do.")] = Role.REVIEWER,
    single_sign_on: Annotated[
        str | None,
        typer.Option(
            metavar="SUBJECT",
            help="Sign in through the OpenID Connect provider as this subject or e-mail address, without a password.",
            show_default=False,
        ),
    ] = None,
    data: Data = None,
    assignments: Set = None,
) -> None:
    """Make an account; its password is asked for twice, or read from standard input."""
    settings = settings_from(data, assignments)
    with _accounts(settings) as accounts:
        if accounts.has(name):  # before anybody thinks up a password
            raise InputError(
                f"There is already an account {name}.", "`passage staff passwd` gives it a new password."
            )
        password = None if single_sign_on else _ask_password()
        account = accounts.add(name, role, password, single_sign_on)
    out.print(f"{account.name} may sign in at /staff as {account.role}.", markup=False)


@app.command()
def remove(name: Name, data: Data = None, assignments: Set = None) -> None:
    """Remove an account and end its sessions; what it did stays in the audit log."""
    with _accounts(settings_from(data, assignments)) as accounts:
        accounts.remove(name)
    out.print(f"{name} is removed.", markup=False)


@app.command("list")
def show(data: Data = None, as_json: Json = False, assignments: Set = None) -> None:
    """Show the accounts."""
    with _accounts(settings_from(data, assignments)) as accounts:
        found = accounts.all()
    if as_json:
        print_json([{**dataclasses.asdict(account), "locked": account.locked} for account in found])
        return
    if not found:
        out.print("There is no account yet: `passage staff add NAME --role admin` makes the first.")
        return
    table = Table(box=None, header_style="bold")
    for column in ("name", "role", "signs in with", "since", ""):
        table.add_column(column, overflow="fold")
    for account in found:
        ways = (["password"] if account.has_password else []) + ([account.subject] if account.subject else [])
        locked = f"locked until {account.locked_until:%H:%M} UTC" if account.locked else ""
        row = (account.name, account.role, ", ".join(ways), account.created_at.date().isoformat(), locked)
        table.add_row(*map(Text, row))
    out.print(table)


@app.command()
def passwd(name: Name, data: Data = None, assignments: Set = None) -> None:
    """Give an account a new password; its sessions end and a lock is lifted."""
    with _accounts(settings_from(data, assignments)) as accounts:
        accounts.get(name)
        accounts.set_password(name, _ask_password())
    out.print(f"{name} has a new password; its sessions have ended.", markup=False)


@contextlib.contextmanager
def _accounts(settings: Settings) -> Iterator[Accounts]:
    """The accounts of a data folder, which another process may be serving from."""
    if not settings.data.is_dir():
        raise InputError(f"There is no data folder {settings.data}.", "Run `passage ingest` first, or give --data.")
    with contextlib.closing(open_log(settings.data)) as database:
        yield Accounts(database)


def _ask_password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt="The same again"))
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise InputError(
            "There is no password on standard input.", "Write it as one line, or run this in a terminal."
        )
    return password
