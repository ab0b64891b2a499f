"""Benchmark folders, checked when they are opened."""

from __future__ import annotations

from datetime import date

import pytest

from eval.datasets import Benchmark, DatasetError, write_benchmark

HEAD = "query-id\tcorpus-id\tscore"
DOCUMENT = {"_id": "d1", "title": "One", "text": "First."}


def test_a_folder_is_read(make_folder) -> None:
    metadata = {
        "history": [{"role": "user", "content": "Hello"}], "answers": ["1"], "must_contain": ["2"], "kind": "number",
        "answerable": True, "as_of": "2024-03-01", "split": "gate", "reference": "It is 1.", "unknown": 7,
    }  # fmt: skip
    benchmark = Benchmark(make_folder(queries=[{"_id": "q1", "text": "One?", "metadata": metadata}, "",
                                               {"_id": 2, "text": "Two?", "metadata": None}],
                                      qrels=[HEAD, "q1\td1\t2", "q1\td2\t0", "2\td2\t-1", ""]))  # fmt: skip
    first, second = benchmark.queries
    assert (first.id, first.text, first.answers, first.must_contain) == ("q1", "One?", ("1",), ("2",))
    assert (first.kind, first.answerable, first.split, first.reference) == ("number", True, "gate", "It is 1.")
    assert first.as_of == date(2024, 3, 1)
    assert [(turn.role, turn.content) for turn in first.history] == [("user", "Hello")]
    assert (second.id, second.answerable, second.kind, second.history) == ("2", None, "", ())
    assert benchmark.name == "bench"
    assert benchmark.document_ids == {"d1", "d2"}
    assert benchmark.qrels == {"q1": {"d1": 2, "d2": 0}, "2": {"d2": -1}}
    assert benchmark.relevant("q1") == {"d1"}
    assert benchmark.relevant("2") == benchmark.relevant("unknown") == set()


def test_a_header_may_be_missing(make_folder) -> None:
    assert Benchmark(make_folder(qrels=["q1\td1\t1"])).qrels == {"q1": {"d1": 1}}


def test_articles_may_lie_in_a_folder(make_folder) -> None:
    folder = make_folder(qrels=[HEAD])
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus").mkdir()
    (folder / "corpus" / "one.md").write_text("---\nid: d1\ntitle: One\n---\n\nThe first article is here.\n")
    (folder / "corpus" / "two.md").write_text("---\nid: d2\ntitle: Two\n---\n\nThe second article is here.\n")
    benchmark = Benchmark(folder)
    assert benchmark.corpus == folder / "corpus"
    assert benchmark.document_ids == {"d1", "d2"}
    (folder / "qrels" / "test.tsv").write_text("q1\td9\t1\n")
    with pytest.raises(DatasetError, match=r"test\.tsv:1: there is no document 'd9' in corpus\."):
        Benchmark(folder)
    (folder / "corpus" / "two.md").write_text("---\nid: d1\ntitle: Two\n---\n\nThe second article is here.\n")
    with pytest.raises(DatasetError, match="'d1' comes twice"):
        Benchmark(folder)
    (folder / "corpus" / "two.md").write_text("")
    with pytest.raises(DatasetError, match=r"two\.md"):
        Benchmark(folder)


def test_hashes_follow_the_contents(make_folder) -> None:
    folder = make_folder()
    before = Benchmark(folder)
    assert (before.corpus_hash, before.questions_hash) == (Benchmark(folder).corpus_hash, before.questions_hash)
    with (folder / "corpus.jsonl").open("a") as file:
        file.write('{"_id": "d3", "text": "Third."}\n')
    after = Benchmark(folder)
    assert after.corpus_hash != before.corpus_hash
    assert after.questions_hash == before.questions_hash
    with (folder / "qrels" / "test.tsv").open("a") as file:
        file.write("q1\td3\t1\n")
    assert Benchmark(folder).questions_hash != before.questions_hash
    assert Benchmark(folder).corpus_hash == after.corpus_hash


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(make_folder, name) -> None:
    folder = make_folder()
    (folder / name).unlink()
    with pytest.raises(DatasetError, match=f"no benchmark folder: {name} is missing"):
        Benchmark(folder)


@pytest.mark.parametrize(
    ("corpus", "place"),
    [
        ([DOCUMENT, "{"], r"corpus\.jsonl:2: it isn't valid JSON"),
        ([DOCUMENT, "[1]"], r"corpus\.jsonl:2: a line must hold a JSON object"),
        ([DOCUMENT, "", {"text": "No id."}], r"corpus\.jsonl:3: the document has no '_id'"),
        ([{"_id": "", "text": "Empty id."}], r"corpus\.jsonl:1: the document has no '_id'"),
        ([DOCUMENT, DOCUMENT], r"corpus\.jsonl:2: the document id 'd1' comes twice"),
        ([DOCUMENT, b'{"_id": "d2", "text": "caf\xe9"}'], r"corpus\.jsonl:2: it isn't UTF-8"),
    ],
)
def test_a_bad_document_is_named_with_its_line(make_folder, corpus, place) -> None:
    with pytest.raises(DatasetError, match=place):
        Benchmark(make_folder(corpus=corpus, qrels=[HEAD]))


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("not JSON", ":2: it isn't valid JSON"),
        ("3", ":2: a line must hold a JSON object"),
        ({"_id": "q1", "text": "Again?"}, ":2: the query id 'q1' comes twice"),
        ({"text": "No id?"}, ":2: id: "),
        ({"_id": None, "text": "No id?"}, ":2: id: "),
        ({"_id": "q2"}, ":2: text: "),
        ({"_id": "q2", "text": ["a", "b"]}, ":2: text: "),
        ({"_id": "q2", "text": "\ud800"}, ":2: text: "),
        ({"_id": "q2", "text": "?", "metadata": "number"}, ":2: 'metadata' must be an object"),
        ({"_id": "q2", "text": "?", "metadata": []}, ":2: 'metadata' must be an object"),
        ({"_id": "q2", "text": "?", "metadata": {"answerable": "perhaps"}}, ":2: answerable: "),
        ({"_id": "q2", "text": "?", "metadata": {"answers": "one"}}, ":2: answers: "),
        ({"_id": "q2", "text": "?", "metadata": {"kind": 5}}, ":2: kind: "),
        ({"_id": "q2", "text": "?", "metadata": {"as_of": "2024-13-01"}}, ":2: as_of: "),
        ({"_id": "q2", "text": "?", "metadata": {"split": "train"}}, ":2: split: "),
        ({"_id": "q2", "text": "?", "metadata": {"history": [{"role": "king"}]}}, r":2: history\.0\.role: "),
        (b'{"_id": "q2", "text": "\xff"}', ":2: it isn't UTF-8"),
    ],
)  # fmt: skip
def test_a_bad_query_is_named_with_its_line(make_folder, query, place) -> None:
    with pytest.raises(DatasetError, match=r"queries\.jsonl" + place):
        Benchmark(make_folder(queries=[{"_id": "q1", "text": "Which?"}, query], qrels=[HEAD]))


def test_a_folder_without_questions_is_refused(make_folder) -> None:
    with pytest.raises(DatasetError, match=r"queries\.jsonl holds no query"):
        Benchmark(make_folder(queries=[""], qrels=[HEAD]))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("q9\td1\t1", "there is no query 'q9'"),
        ("q1\td9\t1", "there is no document 'd9'"),
        ("q1\td1\t1", "'q1' and 'd1' are judged twice"),
        ("q1 d2 1", "a judgement is query-id, corpus-id and a whole score"),
        ("q1\t0\td2\t1", "a judgement is"),
        ("q1\td2", "a judgement is"),
        ("q1\td2\t", "a judgement is"),
        ("q1\td2\t0.5", "a judgement is"),
        ("q1\td2\t--1", "a judgement is"),
        ("q1\td2\t²", "a judgement is"),
        (HEAD, "a judgement is"),
    ],
)
def test_a_bad_judgement_is_named_with_its_line(make_folder, row, reason) -> None:
    with pytest.raises(DatasetError, match=rf"qrels/test\.tsv:3: {reason}"):
        Benchmark(make_folder(qrels=[HEAD, "q1\td1\t1", row]))


def test_judgements_that_are_not_text_are_named(make_folder) -> None:
    folder = make_folder()
    (folder / "qrels" / "test.tsv").write_bytes(b"q1\td1\t1\nq1\t\xff\t1\n")
    with pytest.raises(DatasetError, match=r"test\.tsv:2: it isn't UTF-8"):
        Benchmark(folder)


def test_a_folder_is_written_and_read_back(tmp_path) -> None:
    written = write_benchmark(
        tmp_path / "new" / "bench", [DOCUMENT], [{"_id": "q1", "text": "Où ?"}], [("q1", "d1", 1)]
    )
    again = Benchmark(tmp_path / "new" / "bench")
    assert again.queries == written.queries
    assert again.queries[0].text == "Où ?"
    assert again.qrels == {"q1": {"d1": 1}}


def test_nothing_is_overwritten(tmp_path) -> None:
    kept = tmp_path / "bench" / "kept.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    with pytest.raises(DatasetError, match="isn't empty"):
        write_benchmark(kept.parent, [DOCUMENT], [{"_id": "q1", "text": "?"}], [])
    assert [path.name for path in kept.parent.iterdir()] == ["kept.txt"]


def test_a_file_in_the_folders_place_is_refused(tmp_path) -> None:
    (tmp_path / "bench").write_text("a file")
    with pytest.raises(DatasetError, match="bench"):
        write_benchmark(tmp_path / "bench", [DOCUMENT], [{"_id": "q1", "text": "?"}], [])


def test_what_is_written_is_checked(tmp_path) -> None:
    with pytest.raises(DatasetError, match="there is no document 'd2'"):
        write_benchmark(tmp_path / "bench", [DOCUMENT], [{"_id": "q1", "text": "?"}], [("q1", "d2", 1)])
