"""What users give that can't be used: each gets a sentence that helps, and the rest goes on."""

import os
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus import ingest, read_paths
from corpus.errors import InputError
from corpus.readers import READERS, Problem, ReadOptions, find_files, read_file


@pytest.mark.parametrize("kind", sorted(READERS))
def test_an_empty_file_is_said(read, kind):
    [problem] = read(f"a{kind}", b"")
    assert problem.skipped
    assert problem.place.endswith(f"a{kind}")
    assert "empty" in problem.reason or "0 bytes" in problem.reason


@pytest.mark.parametrize("kind", sorted(READERS))
def test_binary_rubbish_is_said_whatever_its_name(read, kind):
    records = read(f"a{kind}", bytes(range(256)) * 8)
    assert records
    assert all(isinstance(record, Problem) and record.skipped for record in records)


@pytest.mark.parametrize("kind", sorted(READERS))
def test_a_file_that_has_gone_is_said(tmp_path, kind):
    [problem] = read_file(tmp_path / f"gone{kind}", ReadOptions())
    assert "No such file" in problem.reason


def test_a_line_of_50_mb_needs_no_50_mb_of_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"id": "next", "text": "The council met."}\n')
    tracemalloc.start()
    try:
        problem, article = read_file(path, ReadOptions())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "50.0 MB, more than the 20 MB" in problem.reason
    assert problem.place == f"{path}:1"
    assert article.id == "next"
    assert peak < 45_000_000


@pytest.mark.parametrize("kind", [".txt", ".md", ".html", ".pdf"])
def test_a_file_over_the_limit_is_not_read(read, kind):
    [problem] = read(f"a{kind}", b"x" * 2000, max_bytes=1000)
    assert "max_record_mb" in problem.reason


def test_a_page_without_an_article_is_said(read):
    [problem] = read("a.html", "<html><body><nav><a href='/'>Home</a></nav></body></html>")
    assert "no article was found" in problem.reason


def test_a_date_in_the_future_is_left_out_and_said(read, store):
    day = (datetime.now(UTC) + timedelta(days=30)).date()
    report = ingest(read("a.jsonl", f'{{"id": "a", "text": "The council met.", "published": "{day}"}}'), store)
    assert store.get("a").published is None
    [problem] = report.problems
    assert f"the date {day} lies in the future" in problem.reason
    assert (report.read, report.skipped) == (1, 0)


def test_a_missing_path_is_said_before_anything_is_read(tmp_path):
    there = tmp_path / "there.txt"
    there.write_text("The council met.")
    with pytest.raises(InputError, match="no file or folder nowhere"):
        read_paths([there, Path("nowhere")], ReadOptions())


def test_a_text_given_as_a_path_is_said():
    with pytest.raises(InputError, match="can't be read: File name too long"):
        find_files(Path("The council met on Monday. " * 40))
    with pytest.raises(InputError, match="no file or folder"):
        find_files(Path("nul\0nul"))


def test_an_empty_folder_is_said(tmp_path):
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    (tmp_path / "folder" / ".hidden.txt").write_text("x")
    (tmp_path / "folder" / "image.png").write_text("x")
    with pytest.raises(InputError, match=r"holds no file that can be read.*\n.*\.jsonl"):
        find_files(tmp_path / "folder")


def test_a_folder_that_may_not_be_entered_is_said(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", refuse)  # the tests may run as root, whom no folder refuses
    with pytest.raises(InputError, match="Permission denied"):
        find_files(tmp_path)


@pytest.mark.parametrize("name", ["report.docx", "noending", "archive.jsonl.gz"])
def test_an_unsupported_file_is_said(tmp_path, name):
    (tmp_path / name).write_text("x")
    with pytest.raises(InputError, match=r"can't be read.*\n.*\.jsonl"):
        find_files(tmp_path / name)


def test_a_folder_is_read_in_order_without_what_is_hidden(tmp_path):
    for name in ("b.TXT", "a.md", "sub/c.txt", ".git/d.txt", "sub/.e.txt", "x.png"):
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("The council met.")
    found = [str(path.relative_to(tmp_path / "folder")) for path in find_files(tmp_path / "folder")]
    assert found == ["a.md", "b.TXT", "sub/c.txt"]


def test_one_bad_file_does_not_stop_a_folder(tmp_path, store):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"rubbish")
    (folder / "b.csv").write_text("id,title\n1,x\n")
    (folder / "c.md").write_text("---\npublished: 2024-13-45\n---\nx")
    (folder / "d.txt").write_text("The council met.")
    (folder / "e.jsonl").symlink_to(folder / "gone.jsonl")
    report = ingest(read_paths([folder], ReadOptions()), store)
    assert report.read == store.count() == 1
    assert [Path(p.place).name for p in report.problems] == ["a.pdf", "b.csv", "c.md", "e.jsonl"]


def test_a_url_that_is_none_does_not_stop_an_ingest(read, store):
    records = read(
        "a.jsonl", '{"url": "http://[draft]", "text": "The council met."}\n{"id": "2", "text": "It slept."}\n'
    )
    assert ingest(records, store).read == 2


def test_a_name_that_is_no_text_can_still_be_printed(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n.txt"))
    path.touch()
    [problem] = read_file(path, ReadOptions())
    str(problem).encode()
    assert problem.place.endswith("caf\ufffd .txt")


@pytest.mark.parametrize("kind", [".html", ".pdf"])
def test_libraries_add_no_noise_to_a_problem(read, kind, caplog):
    [problem] = read(f"a{kind}", "nothing of the kind")
    assert problem.skipped
    assert caplog.records == []
