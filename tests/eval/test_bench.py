"""The benchmarks of speed: synthetic news is what it claims to be, and the commands measure real searches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from corpus import load_settings
from corpus.folder import FolderLock
from corpus.text import one_line
from eval.bench.__main__ import app
from eval.bench.building import Build, build, corpus_folder
from eval.bench.recall import dense_recall
from eval.bench.scale import CONDITIONS, NO_WINDOW, REST, STAGES, Measurement, Timing
from eval.bench.synthetic import (
    BLOCK,
    COPIES,
    DAYS,
    FIRST_DAY,
    PASSAGE_WORDS,
    PASSAGES_EACH,
    QUESTION_KINDS,
    SyntheticNews,
)
from eval.bench.words import FUNCTION_WORDS, LANGUAGES, OUTLETS, SURNAMES, TERMS, VOCABULARY, vocabulary
from rag.assistant import Assistant
from rag.filters import Filters

BLOCK_PASSAGES = BLOCK * PASSAGES_EACH


def embed(texts: Sequence[str]) -> np.ndarray:
    """In place of the model: a vector of length 1 for each text, all leaning the same way as real ones do."""
    chance = np.random.default_rng(len(texts))
    vectors = chance.standard_normal((len(texts), 64)) + 0.3
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def news() -> SyntheticNews:
    return SyntheticNews(embed, seed=1)


@pytest.fixture(scope="module")
def block(news):
    return news.block(2)


def test_a_seed_always_gives_the_same_news(block) -> None:
    same, other = SyntheticNews(embed, seed=1).block(2), SyntheticNews(embed, seed=2).block(2)
    assert [made.article for made in same] == [made.article for made in block]
    np.testing.assert_array_equal(same[7].vectors, block[7].vectors)
    np.testing.assert_array_equal(same[7].sentence_vectors[2], block[7].sentence_vectors[2])
    assert other[7].article.text != block[7].article.text


def test_blocks_have_articles_of_their_own(news, block) -> None:
    following = news.block(3)
    assert not {made.article.key for made in block} & {made.article.key for made in following}
    assert not {made.article.text for made in block} & {made.article.text for made in following}


def test_passages_stand_where_they_say(block) -> None:
    for made in block:
        text = made.article.text
        assert "\n\n".join(text[p.start : p.end] for p in made.passages) == text
        for passage in made.passages:
            words = text[passage.start : passage.end].split()
            assert PASSAGE_WORDS[0] <= len(words) <= PASSAGE_WORDS[1]
            assert " ".join(text[start:end] for start, end in passage.sentences) == " ".join(words)
            assert all(one_line(text[start:end])[-1] in ".”s" for start, end in passage.sentences)
        assert [len(passage.sentences) for passage in made.passages] == [len(v) for v in made.sentence_vectors]


def test_vectors_are_near_where_the_words_are(news, block) -> None:
    vectors = np.stack([made.vectors for made in block])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=-1), 1, atol=1e-5)
    within = (vectors[:, 0] * vectors[:, 1]).sum(axis=1).mean()
    across = (vectors[:-1, 0] * vectors[1:, 0]).sum(axis=1).mean()
    assert 0.6 < within < 0.9
    assert across < within - 0.3
    made = block[0]
    own = made.sentence_vectors[0] @ made.vectors[0]
    assert own.min() > (made.sentence_vectors[0] @ vectors[5:, 0].T).mean(axis=1).max()


def test_words_follow_zipf_and_the_fields_terms_are_frequent(block) -> None:
    english = [made.article.text for made in block if made.article.language == "en"]
    counts = Counter(word.strip(".,“”").lower() for text in english for word in text.split())
    words, surnames = vocabulary()
    groups = [
        sum(counts[word] for word in words["en"][a:b]) / (b - a) for a, b in pairwise((0, 49, 500, 5000, 40_000))
    ]
    assert all(frequent > 4 * rare > 0 for frequent, rare in pairwise(groups))
    assert words["en"][FUNCTION_WORDS : FUNCTION_WORDS + len(TERMS)] == TERMS
    assert all(len(set(known)) == VOCABULARY for known in words.values())
    assert len(set(surnames)) == SURNAMES


def test_articles_are_dated_and_attributed_and_some_are_copied(block) -> None:
    articles = [made.article for made in block]
    days = [(article.published - FIRST_DAY).days for article in articles]
    assert 0 <= min(days) < 0.1 * DAYS < 0.9 * DAYS < max(days) < DAYS
    assert len({article.source for article in articles}) > len(OUTLETS) / 2
    languages = Counter(article.language for article in articles)
    assert all(abs(languages[language.code] / BLOCK - language.share) < 0.08 for language in LANGUAGES)
    copies = [group for group in Counter(article.text for article in articles).values() if group > 1]
    assert 0.5 < sum(n - 1 for n in copies) / BLOCK / COPIES < 2


def test_questions_are_of_every_kind_and_need_no_model() -> None:
    def refuse(texts: Sequence[str]) -> np.ndarray:
        raise AssertionError(texts)

    questions = SyntheticNews(refuse, seed=1).questions(50)
    assert questions == SyntheticNews(refuse, seed=1).questions(50)
    assert Counter(question.kind for question in questions) == dict.fromkeys(QUESTION_KINDS, 10)
    assert all(5 <= len(question.text.split()) <= 12 for question in questions)
    assert len({question.text for question in questions}) == 50
    names = {kind: {q.text.split()[3] for q in questions if q.kind == kind} for kind in QUESTION_KINDS}
    known = set(vocabulary()[1])
    assert names["rare name"] <= known
    assert len(names["misspelt name"] - known) >= 8


def test_a_measurement_tells_windows_from_none() -> None:
    def timings(*times: float) -> list[Timing]:
        return [Timing("topic", ms, dict.fromkeys((*STAGES, REST), ms / 6)) for ms in times]

    measured = Measurement(
        build=Build(1, {"making": 1.0}), open_s=0.1, warm_up_s=1.0, first_windows_s=0.2, resident_mb=100.0,
        peak_mb=200.0, model_mb=50.0, disk_mb={"vectors": 1.0}, recall=1.0,
        timings={c: timings(*((6, 12, 18) if c == NO_WINDOW else (9, 18, 27))) for c in CONDITIONS},
    )  # fmt: skip
    assert measured.percentile(NO_WINDOW, 50) == 12
    assert measured.percentile("1 %", 100, "topic") == 27
    assert measured.window_ratio("10 %") == 1.5
    assert measured.mean_stage(NO_WINDOW, "dense") == 2


@pytest.mark.slow
def test_a_build_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    settings = load_settings(embedding_precision="float32")
    first = build(tmp_path, 1, 1, settings)
    assert first.passages == BLOCK_PASSAGES
    assert all(seconds > 0 for seconds in first.seconds.values())
    steps: list[tuple[int, int]] = []
    second = build(tmp_path, BLOCK_PASSAGES + 1, 1, settings, lambda *step: steps.append(step))
    assert steps == [(2 * BLOCK_PASSAGES, 2 * BLOCK_PASSAGES)]
    assert all(second.seconds[part] > seconds for part, seconds in first.seconds.items())
    (tmp_path / "build.json").unlink()  # as if it had been killed before it noted a block
    assert build(tmp_path, 1, 1, settings).blocks == 1
    with Assistant.open(tmp_path, settings) as assistant:
        assert assistant.index.diagnose().healthy
        assert assistant.index.passages.count() == 2 * BLOCK_PASSAGES
        assert assistant.store.count() == 2 * BLOCK
        made = SyntheticNews(assistant.index.embedding.embed, 1).block(1)[3]
        assert dense_recall(assistant.index, [made.article.title]) > 0.9
        hits = assistant.search(made.article.title, as_of="2025-01-01").hits
        assert made.article.text in {assistant.store.get(hit.passage.article_id).text for hit in hits[:3]}
        window = Filters(since=made.article.published, until=made.article.published)
        hits = assistant.search(made.article.title, as_of="2025-01-01", filters=window).hits
        assert {hit.passage.published for hit in hits} == {made.article.published}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where corpora are kept, and one of a block, measured once."""
    folder = tmp_path_factory.mktemp("corpora")
    done = run("scale", "--passages", "100", "--questions", "5", "--data", str(folder))
    assert done.exit_code == 0, done.output
    (folder / "output").write_text(done.stdout, encoding="utf-8")
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "160"})


@pytest.mark.slow
def test_scale_reports_latency_breakdown_and_cost(root: Path) -> None:
    output = (root / "output").read_text(encoding="utf-8")
    for text in (*CONDITIONS, *QUESTION_KINDS, *STAGES, REST, f"{BLOCK_PASSAGES:,} passages", "memory, MB"):
        assert text in output
    stages = {line.split("│")[1].strip(): line.split("│")[2:] for line in output.splitlines() if line.startswith("│")}
    assert all(float(stages[stage][0]) > 0 for stage in ("embedding", "dense", "lexical", "loading"))
    assert float(stages["filter"][0]) == 0 < float(stages["embedding"][1])


@pytest.mark.slow
def test_a_corpus_is_built_once_and_busy_ones_are_left_alone(root: Path) -> None:
    (folder,) = root.glob("synthetic*")
    assert folder == corpus_folder(root, 100, 1, load_settings())
    built = json.loads((folder / "build.json").read_text())
    with FolderLock(folder):
        done = run("scale", "--passages", "100", "--questions", "5", "--data", str(root))
        assert done.exit_code == 1
        assert "Traceback" not in done.stderr
        assert "is in use" in one_line(done.stderr)
    assert json.loads((folder / "build.json").read_text()) == built


@pytest.mark.slow
def test_compare_gives_passage_the_conversation(make_folder, articles) -> None:
    history = [
        {"role": "user", "content": "What did the court in Lindholm decide about Gull Island?"},
        {"role": "assistant", "content": "It stopped the transfer of asylum seekers to the camp."},
    ]
    folder = make_folder(
        [{"_id": a.key, "title": a.title, "text": a.text} for a in articles],
        [{"_id": "q1", "text": "And who was the judge there?", "metadata": {"history": history}}],
        ["query-id\tcorpus-id\tscore", "q1\tcourt\t1"],
    )
    done = run("compare", str(folder))
    assert done.exit_code == 0, done.output
    rows = {line.split("│")[1].strip(): line.split("│")[2:5] for line in done.stdout.splitlines() if "│" in line}
    theirs, ours, ratio = rows["MRR@10"]
    assert float(ours) == 1
    assert float(ratio) == pytest.approx(float(ours) / float(theirs), abs=0.01)
    assert rows["ask, ms, p50"][0].strip() == "–"
    assert float(rows["ask, ms, p50"][1].replace(",", "")) > 0


def test_what_cannot_run_says_why(tmp_path: Path) -> None:
    done = run("compare", str(tmp_path / "missing"))
    assert done.exit_code == 1
    assert "is no benchmark folder" in one_line(done.stderr)
    assert "Traceback" not in done.stderr
