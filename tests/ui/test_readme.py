"""What the README shows is what happens: its commands run, and its answer is the one that is printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from corpus import Settings

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_commands_of_the_readme_run_and_print_what_it_shows(passage, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "note.txt").write_text("Ferry office reopens\n\nThe office in Westhaven reopened today.")
    (tmp_path / "eval").symlink_to(ROOT / "eval")
    assert passage("ingest", "--demo").code == 0
    ran = 0
    for block in BLOCKS:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            program, *arguments = shlex.split(command)
            assert program == "passage"
            done = passage(*arguments)
            assert done.code == 0, done.err
            assert flat(shown) in flat(done.out)
            ran += 1
    assert ran >= 5


def test_the_first_screen_has_the_two_commands_and_an_answer() -> None:
    first = README[:1600]
    assert "make run" in first
    assert "$ passage ask" in first
    assert "37,000" in first


def test_every_setting_has_a_meaning_and_every_command_is_in_the_readme(passage) -> None:
    assert all(field.description for field in Settings.model_fields.values())
    listed = re.findall(r"^│ (\w+)", passage("--help").out, re.MULTILINE)
    commands = {name for name in listed if name not in ("Options", "Commands")}
    assert {"ingest", "ask", "serve", "eval"} <= commands
    assert all(f"passage {name}" in README for name in commands)
