"""What all tests share: an isolated folder and environment, and the real model, loaded once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

os.environ.update(ANONYMIZED_TELEMETRY="False", GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1")

from corpus import Article, ArticleStore, Settings, load_settings


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder and no settings of the developer's own."""
    for name in [name for name in os.environ if name.upper().startswith("PASSAGE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where a test's data folder goes; not created yet."""
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[ArticleStore]:
    """An open, empty store."""
    opened = ArticleStore.open(data)
    yield opened
    opened.close()


@pytest.fixture
def settings(data: Path) -> Settings:
    """The defaults, on the test's data folder."""
    return load_settings(data=data)


@pytest.fixture
def articles() -> list[Article]:
    """Three short articles about unlike things, written for the tests."""
    return [
        Article(
            id="ferry",
            title="Harbour town reopens its ferry office",
            text=(
                "The ferry office in Westhaven reopened on 3 March 2024 after a closure of eleven weeks.\n\n"
                "Mayor Ingrid Solberg said 412 passengers had asked for refunds while it was shut. "
                "The office now issues day permits to seasonal workers from the islands.\n\n"
                "A permit costs 18 crowns and is valid for 24 hours."
            ),
            source="Westhaven Gazette",
            url="https://gazette.example/ferry",
            published=_day(2024, 3, 4),
        ),
        Article(
            id="visa",
            title="Ministry raises the seasonal visa quota",
            text=(
                "The Ministry of Labour raised the quota for seasonal visas to 9,500 for 2024, from 7,000.\n\n"
                "Farm owners had asked for 12,000 visas. Minister Paolo Renzi said on 14 January 2024 that the "
                "harvest of strawberries could not wait for a longer debate.\n\n"
                "Applications open on 1 February 2024 and are decided within 30 days."
            ),
            source="The Northern Post",
            published=_day(2024, 1, 15),
        ),
        Article(
            id="court",
            title="Court stops transfers to the island camp",
            text=(
                "A court in Lindholm stopped the transfer of asylum seekers to the camp on Gull Island on Monday.\n\n"
                "Judge Amara Diallo found that the camp had no doctor for its 230 residents. "
                "The government has 21 days to appeal."
            ),
            source="The Northern Post",
            published=_day(2023, 11, 7),
        ),
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Not for the whole session: it keeps an event loop running, which other tests can't share."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield opened
        opened.close()


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, day)
