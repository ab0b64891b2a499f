"""Copies of one report become one hit; whatever says another thing stays a report of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import eval
from corpus import Article, ArticleStore, Settings, read_paths
from corpus.ingest import DEMO_FOLDER
from corpus.readers import ReadOptions
from eval.datasets import Benchmark
from rag.index import Index
from rag.passage_store import StoredPassage
from rag.passages import split_passages
from rag.retriever import Hit, HybridRetriever, Score, WeightedQuery
from rag.sentences import split_sentences
from rag.stories import also_in, articles_of, group_copies

REPORT = (
    "The Ministry of Labour raised the quota for seasonal visas to 9,500 on Monday, from 7,000 a year ago.\n\n"
    "Minister Paolo Renzi said the harvest could not wait for a longer debate. Farmers in the United Kingdom had "
    "asked for three times as many permits. About 12 per cent of last year's permits were never used.\n\n"
    "The union of farm workers wants inspectors to visit every camp. Its leaders met Renzi in Lindholm."
)
DAY = date(2024, 3, 4)


def article(outlet: str, text: str = REPORT, title: str = "Visa quota raised", published: date = DAY) -> Article:
    return Article(id=outlet, title=title, text=text, source=outlet.title(), published=published)


def hits_of(articles: Sequence[Article], pieces: int = 180) -> list[Hit]:
    """Hits for all passages, the first article's first; no vectors, since none are looked at."""
    passages = [
        StoredPassage(
            passage_id=f"{a.key}:1:{p.start}-{p.end}",
            article_id=a.key,
            version=1,
            current_version=1,
            start=p.start,
            end=p.end,
            text=a.text[p.start : p.end],
            title=a.title,
            source=a.source,
            url=None,
            published=a.published,
            language="en",
            sentences=p.sentences,
            sentence_vectors=np.zeros((len(p.sentences), 1), np.float32),
        )
        for a in articles
        for p in split_passages(a.text, lambda text: [m.span() for m in re.finditer(r"\w+|\S", text)], pieces)
    ]
    return [Hit(passage, 0.5, 1.0, Score(dense=1 - rank / 1000)) for rank, passage in enumerate(passages)]


def shown(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.article_id for hit in hits]


def test_one_report_in_five_outlets_is_one_hit() -> None:
    outlets = ["courier", "herald", "gazette", "star", "observer"]
    [hit] = group_copies(hits_of([article(name, title=f"{name}: more visas") for name in outlets]))
    assert hit.passage.article_id == "courier"
    assert [passage.article_id for passage in hit.also] == outlets[1:]
    assert articles_of(hit) == tuple(outlets)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 per cent", "12%"),
        ("12 per cent", "twelve percent"),
        ("three times", "3 times"),
        ("9,500", "9500"),
        ("the United Kingdom", "the UK"),
        ("could not", "couldn't"),
        ("Renzi said the", "Renzi said that the"),
        (" Its leaders met Renzi in Lindholm.", ""),
        (" a year ago", ""),
        ("The Ministry", "LINDHOLM, 5 March (Union Press) — The Ministry"),
        ("The Ministry", "NEW HARBOUR (Union Press) - The Ministry"),
        ("in Lindholm.", "in Lindholm.\n\nReporting by the Union Press."),
        ("The Ministry", "This report reached us in the evening.\n\nThe Ministry"),
    ],
)
def test_a_copy_that_says_the_same_is_grouped(old: str, new: str) -> None:
    assert old in REPORT
    assert len(group_copies(hits_of([article("courier"), article("herald", REPORT.replace(old, new))]))) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("9,500", "9,700"),
        ("three times", "four times"),
        ("12 per cent", "12 million"),
        ("12 per cent", "£12"),
        ("from 7,000", "to 7,000"),
        ("Paolo Renzi", "Marta Renzi"),
        ("on Monday", "on Friday"),
        ("could not wait", "could wait"),
        ("were never used", "were used"),
        ("raised the quota", "may raise the quota"),
        ("raised the quota", "lowered the quota"),
        ("The union of farm workers wants inspectors", "Inspectors want the union of farm workers"),
        ("Its leaders met Renzi in Lindholm.", "Its leaders met Renzi in Lindholm on 3 March."),
        ("Its leaders met Renzi in Lindholm.", "Two people were hurt in a protest."),
        (
            " Farmers in the United Kingdom had asked for three times as many permits.",
            " The opposition called the plan a mistake and wants the whole scheme to end before the next harvest.",
        ),
    ],
)
def test_a_copy_that_says_another_thing_is_a_report_of_its_own(old: str, new: str) -> None:
    assert old in REPORT
    hits = group_copies(hits_of([article("courier"), article("herald", REPORT.replace(old, new))]))
    assert sorted(shown(hits)) == ["courier", "herald"]
    assert not any(hit.also for hit in hits)


def test_remarks_of_both_outlets_do_not_part_them() -> None:
    remarks = {"courier": "Reporting by the Union Press.", "herald": "The ministry did not reply to our questions."}
    hits = hits_of([article(outlet, f"{REPORT}\n\n{remark}") for outlet, remark in remarks.items()])
    assert shown(group_copies(hits)) == ["courier"]


def test_a_paragraph_less_moves_the_limits_of_passages_and_not_the_grouping() -> None:
    whole, shortened = article("courier"), article("herald", "\n\n".join(REPORT.split("\n\n")[1:]))
    hits = hits_of([whole, shortened], pieces=60)
    texts = {key: {h.passage.text for h in hits if h.passage.article_id == key} for key in ("courier", "herald")}
    assert texts["courier"].isdisjoint(texts["herald"])
    stories = group_copies(hits)
    assert set(shown(stories)) == {"courier"}
    assert any(hit.also for hit in stories)


def test_the_full_text_stands_for_a_shortened_one_and_takes_its_place() -> None:
    shortened = article("herald", REPORT.rsplit(" Its leaders", 1)[0])
    ranked = hits_of([shortened, article("courier")])
    [hit] = group_copies(ranked)
    assert hit.passage.article_id == "courier"
    assert hit.score == ranked[0].score


def test_of_the_same_texts_the_newest_stands_for_the_others_unless_another_fits_the_time_asked_about() -> None:
    old, new = article("courier"), article("herald", published=DAY + timedelta(2))
    hits = hits_of([old, new])
    assert shown(group_copies(hits)) == ["herald"]
    hits[0] = replace(hits[0], score=replace(hits[0].score, time=0.15))
    assert shown(group_copies(hits)) == ["courier"]


def test_passages_of_one_article_stay_apart() -> None:
    twice = article("courier", f"{REPORT}\n\n{REPORT}")
    hits = group_copies(hits_of([twice, article("herald")], pieces=110))
    assert shown(hits) == ["courier", "courier"]
    assert all("courier" not in {passage.article_id for passage in hit.also} for hit in hits)


def test_other_reports_keep_their_order_and_copies_free_their_places() -> None:
    others = [article(f"other{i}", f"The mayor of Westhaven opened bridge number {i} on Sunday.") for i in range(3)]
    hits = group_copies(hits_of([article("courier"), article("herald"), *others]))[:3]
    assert shown(hits) == ["courier", "other0", "other1"]


def test_an_outlet_is_named_only_for_sentences_that_it_prints() -> None:
    last = " Its leaders met Renzi in Lindholm."
    evening = replace(article("courier"), id="courier-evening")
    [hit] = group_copies(
        hits_of([article("courier"), evening, article("herald", REPORT.removesuffix(last)), article("star")])
    )
    assert also_in(hit, "About 12 per cent of last year's permits were never used.") == ("Herald", "Star")
    assert also_in(hit, last.strip()) == ("Star",)
    assert also_in(hit, "About 13 per cent of last year's permits were never used.") == ()


def test_nothing_comes_of_nothing() -> None:
    assert group_copies([]) == []


def drop_last_sentence(text: str) -> str:
    return text[: split_sentences(text)[-2][1]]


def copies(brief: Article) -> list[Article]:
    """What four outlets make of a brief: headlines, datelines, house style, credits and cuts of their own."""
    paragraphs = brief.text.split("\n\n")
    style = brief.text.replace(" per cent", "%").replace("United Kingdom", "UK").replace("three", "3")
    texts = {
        "courier": brief.text,
        "herald": f"WESTHAVEN, 3 March (Union Press) — {drop_last_sentence(brief.text)}",
        "gazette": f"LINDHOLM (Union Press) – {style}\n\nReporting by the Union Press.",
        "star": "\n\n".join(["The report reached our newsroom late in the evening.", *paragraphs[:-1]]),
    }
    return [
        replace(brief, id=f"{brief.key}/{name}", title=f"{name}: {brief.title}", source=name.title(), text=text)
        for name, text in texts.items()
    ]


def with_another_figure(brief: Article) -> Article:
    """The brief with its first long figure changed, as a report that differs."""
    text = re.sub(r"\d(?=\D)", lambda m: str((int(m[0]) + 3) % 10), brief.text[: len(brief.text) // 2], count=1)
    changed = text + brief.text[len(brief.text) // 2 :]
    assert changed != brief.text
    return replace(brief, id=f"{brief.key}/observer", source="Observer", text=changed)


def briefs() -> list[Article]:
    return [a for a in read_paths([DEMO_FOLDER], ReadOptions()) if isinstance(a, Article)]


CROWD = hits_of([v for brief in briefs()[:8] for v in (brief, *copies(brief), with_another_figure(brief))])[:100]


@given(st.permutations(range(len(CROWD))), st.integers(1, len(CROWD)))
def test_in_any_ranking_every_article_stays_reachable_and_the_order_is_that_of_the_scores(
    ranking: list[int], n: int
) -> None:
    hits = [replace(CROWD[i], score=Score(dense=1 - rank / 1000)) for rank, i in enumerate(ranking[:n])]
    stories = group_copies(hits)
    assert {key for hit in stories for key in articles_of(hit)} == {hit.passage.article_id for hit in hits}
    assert [hit.fused for hit in stories] == sorted((hit.fused for hit in stories), reverse=True)
    assert stories[0].fused == hits[0].fused
    assert all(hit.passage.article_id not in {p.article_id for p in hit.also} for hit in stories)


@given(st.permutations(range(len(CROWD))))
def test_in_any_ranking_another_figure_is_never_hidden(ranking: list[int]) -> None:
    stories = group_copies([CROWD[i] for i in ranking])
    printed = {sentence for hit in CROWD if "observer" not in hit.passage.article_id for sentence in sentences(hit)}
    changed = {
        hit.passage.passage_id for hit in CROWD if any(map(re.compile(r"\d").search, sentences(hit) - printed))
    }
    assert changed <= {hit.passage.passage_id for hit in stories}


def sentences(hit: Hit) -> set[str]:
    return {hit.passage.text[s - hit.passage.start : e - hit.passage.start] for s, e in hit.passage.sentences}


def test_a_hundred_hits_take_milliseconds() -> None:
    assert len(CROWD) == 100
    took = []
    for _ in range(5):
        start = time.process_time()
        group_copies(CROWD)
        took.append(time.process_time() - start)
    assert min(took) < 0.02  # 0.003 on an idle machine


@pytest.mark.slow
def test_a_first_page_tells_more_stories_and_finds_as_much(store: ArticleStore, settings: Settings) -> None:
    golden = Benchmark(Path(eval.__file__).parent / "golden")
    relevant = {query.text: golden.relevant(query.id) for query in golden.queries if not query.history}
    asked = [(text, *keys) for text, keys in relevant.items() if len(keys) == 1][:10]
    told = {key for _, key in asked}
    store.upsert([v for b in briefs() if b.key in told for v in (b, *copies(b), with_another_figure(b))])
    index = Index(store, settings)
    index.sync()
    retriever = HybridRetriever(index)
    stories: dict[str, list[int]] = {"before": [], "after": []}
    found: dict[str, list[bool]] = {"before": [], "after": []}
    for text, key in asked:
        hits = retriever.search([WeightedQuery(text, 1.0)], 24)
        for label, page in {"before": hits[:5], "after": group_copies(hits)[:5]}.items():
            keys = {hit.passage.article_id.split("/")[0] for hit in page}
            stories[label].append(len(keys))
            found[label].append(key in keys)
    index.close()
    assert np.mean(stories["after"]) > 1.5 * np.mean(stories["before"])
    assert np.mean(found["after"]) >= np.mean(found["before"])
