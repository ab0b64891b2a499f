"""The public look at the corpus: what is counted and drawn."""

from datetime import date

import pytest

from corpus import Article
from ui.web.corpus_facts import survey
from ui.web.plots import WIDTH, articles_over_time


def article(number, published, **values):
    return Article(id=str(number), title=f"Headline {number}", text="Words.", published=published, **values)


def test_the_corpus_is_counted(store):
    store.upsert(
        [
            article(1, date(2023, 11, 30), source="Post", metadata={"topics": ["asylum"]}),
            article(2, date(2024, 2, 1), source="Post", language="es", metadata={"topics": ["asylum", "visas"]}),
            article(3, None),
        ]
    )
    facts = survey(store)
    assert [h.article_id for h in facts.headlines] == ["2", "1", "3"]
    assert facts.months == (
        (date(2023, 11, 1), 1),
        (date(2023, 12, 1), 0),
        (date(2024, 1, 1), 0),
        (date(2024, 2, 1), 1),
    )
    assert facts.outlets == (("Post", 2),)
    assert facts.topics == (("asylum", 2), ("visas", 1))
    assert dict(facts.languages) == {"en": 2, "es": 1}
    assert facts.newest == date(2024, 2, 1)


def test_an_empty_corpus_has_no_plot(store):
    facts = survey(store)
    assert facts.newest is None
    assert articles_over_time(facts.months) is None


def test_bars_stand_for_counts_and_stay_inside():
    plot = articles_over_time([(date(2023, m, 1), m) for m in range(1, 13)])
    assert plot.by_month
    assert plot.most == 12
    assert plot.bars[-1].height == max(bar.height for bar in plot.bars)
    assert plot.bars[-1].height == pytest.approx(12 * plot.bars[0].height, rel=0.001)
    assert all(bar.x + bar.width <= WIDTH and bar.y + bar.height == pytest.approx(plot.base) for bar in plot.bars)
    assert plot.years == ((36.0, 2023),)


def test_many_months_become_years():
    months = [(date(2000 + i // 12, i % 12 + 1, 1), 1) for i in range(15 * 12)]
    plot = articles_over_time(months)
    assert not plot.by_month
    assert [(bar.day.year, bar.count) for bar in plot.bars] == [(2000 + i, 12) for i in range(15)]
