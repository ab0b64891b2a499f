"""The demo corpus: every brief is complete, dated, sourced and readable."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import frontmatter
import pytest

from corpus import Article, read_paths
from corpus.ingest import DEMO_FOLDER
from corpus.readers import ReadOptions, read_file

BRIEFS = sorted(DEMO_FOLDER.glob("*.md"))
# Mexico and Central America.
SOUTH = {"MX", "GT", "SV", "HN", "NI", "CR", "PA", "BZ"}


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_a_brief_is_complete(path):
    fields, body = frontmatter.parse(path.read_text(encoding="utf-8"))
    assert path.name == f"{fields['published']}-{fields['id']}.md"
    assert fields["outlet"] == "Passage Demo Desk"
    assert fields["title"].strip()
    assert fields["country"]
    assert fields["published"] <= datetime.now(UTC).date()
    assert 150 <= len(body.split()) <= 400
    assert fields["sources"]
    for source in fields["sources"]:
        address = urlsplit(source["url"])
        assert address.scheme in ("http", "https")
        assert "." in address.hostname
        assert not re.search(r"\s", source["url"])
        assert source["title"].strip()


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_a_brief_is_read_without_a_remark_and_loses_nothing(path):
    _, body = frontmatter.parse(path.read_text(encoding="utf-8"))
    [article] = read_file(path, ReadOptions())
    assert article.source == "Passage Demo Desk"
    assert article.published
    assert abs(len(article.text.split()) - len(body.split())) <= body.count("\n- ") + body.count("\n#")


def test_the_corpus_is_large_and_covers_its_regions():
    articles = [record for record in read_paths([DEMO_FOLDER], ReadOptions()) if isinstance(record, Article)]
    assert len(articles) == len(BRIEFS) >= 60
    assert len({a.key for a in articles}) == len(articles)
    assert len({a.title for a in articles}) == len(articles)
    countries = {a.metadata["country"] for a in articles}
    assert countries >= {"US", "GB", "EU", "CA", "AU"}
    assert countries & SOUTH
    assert {a.published.year for a in articles} >= {2021, 2022, 2023, 2024, 2025}
