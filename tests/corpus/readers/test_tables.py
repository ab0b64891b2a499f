"""CSV and Parquet."""

from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.readers import Problem, ReadOptions, read_file

TEXT = "The council met, and it was long."


@pytest.fixture
def read_table(tmp_path):
    def _read(table):
        pq.write_table(table, tmp_path / "a.parquet")
        return list(read_file(tmp_path / "a.parquet", ReadOptions()))

    return _read


@pytest.mark.parametrize(
    "content",
    [
        f'id,title,text,published\n1,"A ""fine"" day","{TEXT}",2024-05-06\n',
        f'id;title;text;published\r\n1;A "fine" day;{TEXT};2024-05-06\r\n',
        f'id;title;text;published\n1;"A ""fine"" day";"{TEXT}";"2024-05-06"',
        f'id\ttitle\ttext\tpublished\n1\tA "fine" day\t{TEXT}\t2024-05-06\n',
        f'\ufeffid,title,text,published\r1,"A ""fine"" day","{TEXT}",2024-05-06\r',
        f'\n\nID , Headline,Body,Date\n\n1,"A ""fine"" day","{TEXT}","May 6, 2024"\n\n,,,\n',
    ],
    ids=["comma", "semicolon", "quoted semicolon", "tab", "mark and old line ends", "other names and blank lines"],
)
def test_the_delimiters_of_the_wild(read, content):
    [article] = read("a.csv", content)
    assert (article.id, article.title, article.text) == ("1", 'A "fine" day', TEXT)
    assert article.published == date(2024, 5, 6)


def test_a_cell_may_hold_paragraphs(read):
    [article] = read("a.csv", 'id,text\n1,"First paragraph.\n\nSecond, ""quoted"".\n"\n')
    assert article.text == 'First paragraph.\n\nSecond, "quoted".'


def test_other_columns_become_metadata(read):
    [article] = read("a.csv", "id,text,section,metadata,empty\n1,The council met.,local,raw,\n")
    assert article.metadata == {"section": "local", "metadata": "raw"}


def test_a_table_without_a_text_column_is_one_problem(read):
    [problem] = read("a.csv", "id,title\n1,A\n2,B\n")
    assert "no column holds the articles' text" in problem.reason
    assert "'id', 'title'" in problem.reason


def test_a_row_with_too_many_cells_is_reported_and_the_rest_goes_on(read):
    problem, article = read("a.csv", "id,text\n1,The council met, and went\n2,The council slept.\n")
    assert problem.place.endswith("a.csv:2")
    assert "3 cells for 2 columns" in problem.reason
    assert article.id == "2"


def test_a_row_with_too_few_cells_is_reported(read):
    problem, article = read("a.csv", "id,text\n1\n2,The council slept.\n")
    assert "is empty" in problem.reason
    assert article.id == "2"


def test_a_cell_over_the_limit_is_reported_and_the_rest_goes_on(read):
    lines = "all work and no play\n" * 20_000
    for cell in ("x" * 400_000, f'"{lines}"'):
        problem, article = read("a.csv", f"id,text\n1,{cell}\n2,The council slept.\n", max_bytes=1000)
        assert problem.place.endswith("a.csv:2")
        assert "limit" in problem.reason
        assert article.id == "2"


def test_a_header_over_the_limit_is_one_problem(read):
    [problem] = read("a.csv", "x" * 400_000, max_bytes=1000)
    assert "column names can't be read" in problem.reason


def test_a_quote_that_is_never_closed_is_said(read):
    first, problem = read("a.csv", 'id,text\n1,The council met.\n2,"The council slept.\n3,Another.\n4,Another.\n')
    assert first.id == "1"
    assert problem.place.endswith("a.csv:3")
    assert "never closed" in problem.reason


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff"])
def test_an_empty_table_is_said(read, content):
    [problem] = read("a.csv", content)
    assert "empty" in problem.reason


def test_a_header_alone_is_no_article(read):
    assert [r for r in read("a.csv", "id,text\n") if not isinstance(r, Problem)] == []


def test_parquet(read_table):
    [article] = read_table(
        pa.table(
            {
                "id": [7],
                "title": ["Council"],
                "text": [TEXT],
                "published": [datetime(2024, 5, 6, 12)],
                "tags": [["a", "b"]],
                "score": [float("nan")],
                "author": pa.array([float("nan")]),
            }
        )
    )
    assert (article.id, article.title, article.text, article.author) == ("7", "Council", TEXT, "")
    assert article.published == date(2024, 5, 6)
    assert article.metadata == {"tags": ["a", "b"], "score": None}


def test_parquet_rows_are_counted_for_problems(read_table):
    records = read_table(pa.table({"id": list(range(600)), "text": [TEXT] * 500 + [None] + [TEXT] * 99}))
    [problem] = [r for r in records if isinstance(r, Problem)]
    assert problem.place.endswith("row 501")
    assert len(records) == 600


def test_parquet_without_text_or_rows_is_said(read_table):
    [problem] = read_table(pa.table({"id": [1]}))
    assert "no column holds" in problem.reason
    [problem] = read_table(pa.table({"text": pa.array([], pa.string())}))
    assert "no rows" in problem.reason


@pytest.mark.parametrize(
    "times",
    [
        pa.array([2_000_000_000, 19849], pa.int32()).cast(pa.date32()),
        pa.array([10**15, 1714991400], pa.int64()).cast(pa.timestamp("s")),
        pa.array([1714991400000000001, 1714991400000000000], pa.int64()).cast(pa.timestamp("ns")),
    ],
    ids=["day", "second", "nanosecond"],
)
def test_a_parquet_time_outside_the_calendar_costs_only_its_row(read_table, times):
    records = read_table(pa.table({"id": ["bad", "good"], "text": [TEXT, TEXT], "published": times}))
    assert records[-1].id == "good"
    assert records[-1].published == date(2024, 5, 6)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\x00" * 40 + b"PAR1", b"text\nnot parquet\n"])
def test_what_is_no_parquet_is_said(read, content):
    [problem] = read("a.parquet", content)
    assert "isn't a readable Parquet file" in problem.reason
