"""A small corpus written for these tests, some of it hostile, behind the real assistant and the real server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest

from corpus import Article, ArticleStore, load_settings
from rag.answer import Answer, Citation, Headline, Reason, Sentence
from rag.assistant import Assistant
from rag.index import Index

HOSTILE = Article(
    id="hostile",
    title="<img src=x onerror=alert(1)> Border office moves to Oakmere",
    text=(
        "The border office moves to <b>Oakmere</b> on 2 May 2024, director Petra Holm said. <script>alert(2)</script>"
    ),
    url="javascript:alert(3)",
    source="Plain & Simple",
    published=date(2024, 4, 2),
)
PERMITS = [
    Article(
        id=f"permit/{year}",
        title=f"Harbour permits in {year}",
        text=(
            "The town of Westhaven has one harbour office.\n\n"
            f"The harbour office issued {count} day permits in {year}, clerk Jon Aas said. "
            "Most went to seasonal workers from the islands.\n\nThe office closes in winter."
        ),
        source="Westhaven Gazette",
        url=f"https://gazette.example/{year}",
        published=date(year, 12, 20),
        metadata={"topics": ["day permits", f"Harbour Law of {year}"]},
    )
    for year, count in ((2022, "1,412"), (2023, "1,977"))
]
FERRY = Article(
    id="ferry",
    title="Refugios del norte: la oficina del transbordador",
    text="La oficina del transbordador de Puerto Gris reabrió el 3 de marzo de 2024 tras once semanas de cierre.",
    source="El Faro de Puerto Gris",
    language="es",
    published=date(2024, 3, 4),
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The indexed corpus."""
    data = tmp_path_factory.mktemp("web") / "data"
    store = ArticleStore.open(data)
    store.upsert([HOSTILE, *PERMITS, FERRY])
    index = Index(store, load_settings(data=data))
    index.sync()
    index.close()
    store.close()
    return data


@pytest.fixture(scope="module")
def assistant(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant in this process, on a copy: a data folder has one owner."""
    data = shutil.copytree(folder, tmp_path_factory.mktemp("copy") / "data", ignore=shutil.ignore_patterns("*.lock*"))
    with Assistant.open(data, load_settings(data=data)) as opened:
        yield opened


@pytest.fixture(scope="session")
def address(folder: Path, serve: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """The served site, in a process of its own as `passage serve` starts it."""
    with serve(folder) as url:
        yield url


@pytest.fixture
def own_folder(folder: Path, tmp_path: Path) -> Path:
    """A copy of the indexed corpus that a test may change."""
    return shutil.copytree(folder, tmp_path / "own", ignore=shutil.ignore_patterns("*.lock*"))


@pytest.fixture
def make_citation() -> Callable[..., Citation]:
    """A citation of the permits of 2023 with other values where given."""

    def make(**values: object) -> Citation:
        article = PERMITS[1]
        start = article.text.index("The harbour office issued")
        end = article.text.index(" Most went")
        known = {
            "n": 1, "article_id": article.id, "version": 1, "title": article.title, "source": article.source,
            "url": article.url, "published": article.published, "quote": article.text[start:end], "start": start,
            "end": end,
        }  # fmt: skip
        return Citation.model_validate(known | values)

    return make


@pytest.fixture
def make_answer(make_citation: Callable[..., Citation]) -> Callable[..., Answer]:
    """An answer with one citation, or with `refused` a refusal."""

    def make(refused: bool = False, **values: object) -> Answer:
        citation = make_citation()
        known = {
            "question": "How many day permits?", "answer": f"{citation.quote} [1]", "refused": refused,
            "sentences": (Sentence(text=citation.quote, citations=(1,), support=1.0),), "citations": (citation,),
            "confidence": 0.9, "as_of": date(2024, 6, 1), "model": "extractive", "settings": "0" * 12,
            "timings_ms": {"total": 1.0},
        }  # fmt: skip
        if refused:
            near = Headline(article_id="ferry", title=FERRY.title, source=FERRY.source, published=FERRY.published)
            known |= {
                "answer": "No.",
                "sentences": (),
                "citations": (),
                "reason": Reason.NOT_COVERED,
                "nearest": (near,),
            }
        return Answer.model_validate(known | values)

    return make
