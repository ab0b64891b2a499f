"""Ablations: each part off in turn, paired with everything on; and standalone questions behind foreign talk."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import Result

from corpus import load_settings
from corpus.errors import InputError
from corpus.text import one_line
from eval.ablation import __main__ as command
from eval.ablation.ablation import FOREIGN, MEASURES, Effect, Group, ablate, ask_in_foreign_conversations, variants
from eval.ablation.tables import rows, title, write_markdown
from eval.datasets import Benchmark
from eval.statistics import Difference, compare_means
from rag.retrieval import Parts

HISTORY = [
    {"role": "user", "content": "Which court stopped transfers to the camp on Gull Island?"},
    {"role": "assistant", "content": "A court in Lindholm stopped the transfer of asylum seekers to the camp."},
]
QUERIES = [
    {"_id": "alone", "text": "How many seasonal visas are there for 2024?", "metadata": {"kind": "number"}},
    {"_id": "after", "text": "And who was the judge?", "metadata": {"kind": "followup", "history": HISTORY}},
    {"_id": "typo", "text": "What does a permitt for the ferrry cost?", "metadata": {"kind": "typo"}},
    {"_id": "unanswerable", "text": "Who won the regatta?", "metadata": {"kind": "followup"}},
]
QRELS = [
    "query-id\tcorpus-id\tscore",
    "alone\tvisa\t1",
    "after\tcourt\t1",
    "typo\tferry\t1",
    "unanswerable\tferry\t0",
]


@pytest.fixture
def benchmark(make_folder, articles) -> Benchmark:
    """Four questions, three with an answer, over three articles and seven about other judges and permits."""
    others = [
        {"_id": f"other{i}", "title": f"Judge {name} retires", "text": f"Judge {name} retires after {i + 9} years."}
        for i, name in enumerate("Abel Berg Cole Dorn Egan Falk Gray".split())
    ]
    corpus = [{"_id": a.key, "title": a.title, "text": a.text, "published": str(a.published)} for a in articles]
    return Benchmark(make_folder([*corpus, *others], QUERIES, QRELS))


@pytest.fixture
def group() -> Group:
    """A part that is worth something, and one that changes nothing."""
    lossy, idle = ([0.5, 0.5, 1.0], [1.0, 1.0, 1.0])
    effects = tuple(
        Effect(name, {measure: compare_means([1.0, 1.0, 1.0], after) for measure in MEASURES})
        for name, after in (("without history", lossy), ("without time", idle))
    )
    return Group("bench", "followup", 3, "everything on", dict.fromkeys(MEASURES, 1.0), effects)


def test_each_part_is_switched_off_once() -> None:
    made = variants()
    assert next(iter(made.values())) == Parts()
    off = [[f.name for f in fields(Parts) if not getattr(parts, f.name)] for parts in list(made.values())[1:]]
    assert off == [[f.name] for f in fields(Parts)]
    assert {"without dense", "without lexical", "without history"} <= made.keys()


def test_the_greatest_loss_counts_and_a_gain_is_none() -> None:
    def effect(*changes: float) -> Effect:
        differences = (Difference(0.5, 0.5 + change, 0, 0, 1, 9) for change in changes)
        return Effect("e", dict(zip(MEASURES, differences, strict=True)))

    assert effect(-0.1, 0.2, -0.3).loss == pytest.approx(0.3)
    assert effect(0.1, 0.2, 0.3).loss == 0


def test_a_table_says_what_each_part_is_worth(group: Group, tmp_path: Path) -> None:
    assert title(group) == "bench, followup, n = 3"
    whole, without_history, without_time = rows(group)
    assert whole == ("everything on", "1.0000", "1.0000", "1.0000")
    assert without_history[1].startswith("−0.3333 [−0.5000, +0.0000] p ")
    assert without_time == ("without time", "0", "0", "0")

    out = tmp_path / "docs" / "ablation.md"
    write_markdown(out, {"Each part off": [group], "Nothing here": []})
    text = out.read_text(encoding="utf-8")
    assert "## Each part off\n\n### bench, followup, n = 3\n\n|  | nDCG@5 | R@5 | MRR@10 |\n" in text
    assert "| without time | 0 | 0 | 0 |\n" in text
    assert "Nothing here" not in text


@pytest.mark.slow
def test_a_follow_up_is_lost_without_its_history(benchmark: Benchmark, tmp_path: Path) -> None:
    done = []
    groups = ablate(benchmark, load_settings(), tmp_path / "cache", progress=lambda *step: done.append(step))
    assert done[-1] == ("asking", 3, 3)
    everything, followup, typo = groups
    assert [(g.benchmark, g.kind, g.n) for g in groups] == [
        ("bench", "", 3),
        ("bench", "followup", 1),
        ("bench", "typo", 1),
    ]
    assert everything.whole["MRR@10"] == 1
    effects = {effect.name: effect.differences for effect in followup.effects}
    assert list(effects) == list(variants())[1:]
    assert effects["without history"]["MRR@10"].difference < -0.4
    assert effects["without spelling"]["MRR@10"].difference == 0
    overall = {effect.name: effect.differences["MRR@10"] for effect in everything.effects}
    assert overall["without history"].difference == pytest.approx(effects["without history"]["MRR@10"].difference / 3)
    assert overall["without history"].n == 3
    assert {effect.name: effect.loss for effect in typo.effects}["without history"] == 0


@pytest.mark.slow
def test_standalone_questions_are_asked_behind_a_foreign_conversation(benchmark: Benchmark, tmp_path: Path) -> None:
    settings, cache = load_settings(), tmp_path / "cache"
    group = ask_in_foreign_conversations(benchmark, benchmark, settings, cache)
    assert group is not None
    assert (group.n, group.baseline, [effect.name for effect in group.effects]) == (2, "alone", [FOREIGN])
    assert group.effects[0].loss == 0

    silent = Benchmark(benchmark.folder)
    silent.queries = [query for query in benchmark.queries if not query.history]
    with pytest.raises(InputError, match="no conversations"):
        ask_in_foreign_conversations(benchmark, silent, settings, cache)
    talkative = Benchmark(benchmark.folder)
    talkative.queries = [query for query in benchmark.queries if query.history]
    assert ask_in_foreign_conversations(talkative, benchmark, settings, cache) is None


@pytest.mark.slow
def test_the_command_writes_what_it_prints_and_holds_the_loss_down(
    benchmark: Benchmark, run_command: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lender = shutil.copytree(benchmark.folder, tmp_path / "lender")
    with (lender / "queries.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"_id": "more", "text": "And then?", "metadata": {"history": HISTORY}}) + "\n")
    monkeypatch.setattr(command, "GOLDEN", benchmark.folder)
    out = tmp_path / "ablation.md"
    arguments = ("--conversations", lender, "--cache", tmp_path / "cache", "--limit", 2)
    done = run_command(command.main, *arguments, "--out", out)
    assert done.exit_code == 0, done.output
    text = out.read_text(encoding="utf-8")
    for section in ("## Each part off", "### bench, n = 2", "### bench, followup, n = 1", "## Standalone questions"):
        assert section in text
    assert "bench, followup, n = 1" in done.stdout
    assert f"{FOREIGN}: the greatest loss is 0.0000" in one_line(done.stdout)

    monkeypatch.setattr(command, "MOST_LOSS", -1)
    assert run_command(command.main, *arguments).exit_code == 1


def test_what_cannot_run_says_why(run_command: Callable[..., Result], tmp_path: Path) -> None:
    done = run_command(command.main, tmp_path / "missing")
    assert done.exit_code == 2
    assert "is no benchmark folder" in one_line(done.stderr)
    assert "Traceback" not in done.stderr
