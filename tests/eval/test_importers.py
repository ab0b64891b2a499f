"""The fixtures have the fields of the published files and texts of their own."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from corpus import Article
from corpus.ingest import read_paths
from corpus.readers import ReadOptions
from eval.datasets import Benchmark, DatasetError, Query
from eval.importers import import_mtrag, import_multihop_rag, import_squad

FERRY = "The ferry to Gull Island costs 18 crowns since March."
MILL = "The mill of Ashby burned down in 1904."

SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Gull_Island",
            "paragraphs": [
                {
                    "context": FERRY,
                    "qas": [
                        {
                            "id": "a",
                            "question": "  What does the ferry cost?",
                            "is_impossible": False,
                            "answers": [
                                {"text": "18 crowns", "answer_start": 31},
                                {"text": "18", "answer_start": 31},
                                {"text": "18 crowns ", "answer_start": 31},
                            ],
                        },
                        {
                            "id": "b",
                            "question": "Who owns the ferry?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "March", "answer_start": 47}],
                        },
                    ],
                }
            ],
        },
        {
            "title": "Ashby",
            "paragraphs": [
                {
                    "context": MILL,
                    "qas": [
                        {"id": 7, "question": "When did it burn?", "answers": [{"text": "1904", "answer_start": 33}]},
                        {"id": "d", "question": "Who was the miller?", "answers": []},
                    ],
                },
                {
                    "context": FERRY,
                    "qas": [
                        {"id": "e", "question": "Where to?", "answers": [{"text": "Gull Island", "answer_start": 13}]}
                    ],
                },
            ],
        },
    ],
}  # fmt: skip

ARTICLES = [
    {
        "title": "Ferry gets dearer",
        "author": "Ada Holm",
        "source": "Gazette",
        "published_at": "2023-10-02T08:00:00+00:00",
        "category": "travel",
        "url": "https://gazette.example/ferry",
        "body": FERRY,
    },
    {
        "title": "Mill\tremembered",
        "author": None,
        "source": "Post",
        "published_at": "2023-11-05T08:00:00+00:00",
        "category": "history",
        "url": "",
        "body": MILL,
    },
]
QUESTIONS = [
    {
        "query": "Which island does the Gazette's ferry go to, and what did the Post's mill do?",
        "answer": "Gull Island",
        "question_type": "inference_query",
        "evidence_list": [
            {"title": "Another headline", "url": "https://gazette.example/ferry", "fact": FERRY, "source": "Gazette"},
            {
                "title": "Ferry gets dearer",
                "url": "https://gazette.example/moved",
                "fact": FERRY,
                "source": "Gazette",
            },
            {"title": "Mill\tremembered", "fact": MILL, "source": "Post"},
        ],
    },
    {
        "query": "What did the Herald say?",
        "answer": "Insufficient information.",
        "question_type": "null_query",
        "evidence_list": [],
    },
]


def _context(identifier: str, text: str, **more: object) -> dict:
    return {"document_id": identifier, "text": text, "score": 21.5, **more}


def _task(identifier: str, label: str, texts: list[str], contexts: list[dict], **more: object) -> dict:
    speakers = ["user", "agent"] * len(texts)
    return {
        "task_id": identifier,
        "conversation_id": "c1",
        "task_type": "rag",
        "turn": "1",
        "input": [{"speaker": speaker, "text": text} for speaker, text in zip(speakers, texts, strict=False)],
        "contexts": contexts,
        "targets": [{"speaker": "agent", "text": f" The answer of {identifier}. "}],
        "Question Type": ["Factoid", "Composite"],
        "Multi-Turn": ["N/A"],
        "Answerability": [label],
        "Collection": "islands",
        **more,
    }


TASKS = [
    _task("c1<::>1", "ANSWERABLE", ["What does the ferry cost?"], [_context("d1", FERRY, title="Ferry")]),
    _task("c1<::>2", "PARTIAL", ["Hello", "Good day.", "And the mill?"],
          [_context("d2", MILL, url="https://post.example/mill"), _context("d1", FERRY + "\n", title="Ferry")]),
    _task("c1<::>3", "UNANSWERABLE", ["Who was the miller?"], []),
    _task("c1<::>4", "UNDERSPECIFIED", ["What about it?"], [_context("d3", "Nothing.", url="https?://(?:www)?")]),
    _task("c1<::>5", "CONVERSATIONAL", ["Thanks!"], [], targets=[]),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a benchmark goes; not created yet."""
    return tmp_path / "made" / "benchmark"


def save(name: str, values: object) -> Path:
    path = Path(name).absolute()
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def save_lines(values: list) -> Path:
    path = Path("reference.jsonl").absolute()
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def articles_of(benchmark: Benchmark) -> dict[str, Article]:
    """What a run indexes."""
    records = list(read_paths([benchmark.corpus], ReadOptions()))
    assert all(isinstance(record, Article) for record in records), records
    found = {record.key: record for record in records if isinstance(record, Article)}
    assert set(found) == benchmark.document_ids
    return found


def queries_of(benchmark: Benchmark) -> dict[str, Query]:
    return {query.id: query for query in benchmark.queries}


def metadata_of(benchmark: Benchmark, identifier: str) -> dict:
    lines = [json.loads(line) for line in (benchmark.folder / "queries.jsonl").read_text("utf-8").splitlines()]
    return next(line["metadata"] for line in lines if line["_id"] == identifier)


def test_squad_paragraphs_become_documents_once(folder: Path) -> None:
    made = import_squad(save("squad.json", SQUAD), folder)
    assert {key: (a.title, a.text) for key, a in articles_of(made).items()} == {
        "p0": ("Gull_Island", FERRY),
        "p1": ("Ashby", MILL),
    }
    queries = queries_of(made)
    assert queries["a"].text == "What does the ferry cost?"
    assert queries["a"].answers == ("18 crowns", "18")
    assert {key: query.answerable for key, query in queries.items()} == {
        "a": True, "b": False, "7": True, "d": None, "e": True
    }  # fmt: skip
    assert made.qrels == {"a": {"p0": 1}, "7": {"p1": 1}, "e": {"p0": 1}}
    assert queries["b"].answers == ()
    assert sorted(path.name for path in folder.iterdir()) == ["corpus.jsonl", "qrels", "queries.jsonl"]
    assert [path.name for path in folder.parent.iterdir()] == ["benchmark"]


def test_squad_1_and_a_byte_order_mark_and_an_empty_folder(folder: Path) -> None:
    first = SQUAD["data"][1]["paragraphs"][0]
    path = Path("squad.json")
    path.write_text(json.dumps({"data": [{"paragraphs": [first]}]}), encoding="utf-8-sig")
    folder.mkdir(parents=True)
    made = import_squad(path, folder)
    assert made.qrels == {"7": {"p0": 1}}
    assert articles_of(made)["p0"].title == ""


def test_multihop_rag_evidence_names_articles_by_url_or_title(folder: Path) -> None:
    made = import_multihop_rag(save("corpus.json", ARTICLES), save("MultiHopRAG.json", QUESTIONS), folder)
    found = articles_of(made)
    ferry, mill = found["https://gazette.example/ferry"], found["Mill remembered"]
    assert (ferry.title, ferry.source, ferry.author, ferry.url, ferry.published) == (
        "Ferry gets dearer", "Gazette", "Ada Holm", "https://gazette.example/ferry", date(2023, 10, 2)
    )  # fmt: skip
    assert (mill.text, mill.url, mill.author) == (MILL, None, "")
    assert made.qrels == {"q0": {"https://gazette.example/ferry": 1, "Mill remembered": 1}}
    first, second = made.queries
    assert (first.kind, first.answerable, first.answers) == ("inference_query", True, ("Gull Island",))
    assert (second.kind, second.answerable, second.answers) == ("null_query", False, ())
    assert metadata_of(made, "q0")["reference"] == "Gull Island"


def test_multihop_rag_a_shared_title_names_no_article(folder: Path) -> None:
    articles = [*ARTICLES, ARTICLES[0] | {"url": "https://gazette.example/other", "body": "Another text."}]
    with pytest.raises(DatasetError, match=r"\[0\]\.evidence_list\[1\]: the corpus has no article"):
        import_multihop_rag(save("corpus.json", articles), save("MultiHopRAG.json", QUESTIONS), folder)


def test_mtrag_tasks_become_questions_with_their_conversation(folder: Path) -> None:
    made = import_mtrag(save_lines(TASKS), folder)
    found = articles_of(made)
    assert {key: (a.title, a.url) for key, a in found.items()} == {
        "d1": ("Ferry", None),
        "d2": ("", "https://post.example/mill"),
        "d3": ("", None),
    }
    queries = queries_of(made)
    assert [query.answerable for query in made.queries] == [True, True, False, None, None]
    assert made.qrels == {"c1<::>1": {"d1": 1}, "c1<::>2": {"d2": 1, "d1": 1}}
    second = queries["c1<::>2"]
    assert second.text == "And the mill?"
    assert [(turn.role, turn.content) for turn in second.history] == [("user", "Hello"), ("assistant", "Good day.")]
    assert second.kind == "Factoid"
    metadata = metadata_of(made, "c1<::>2")
    assert metadata["reference"] == "The answer of c1<::>2."
    assert metadata["question_type"] == ["Factoid", "Composite"]
    assert (metadata["answerability"], metadata["collection"]) == (["PARTIAL"], "islands")
    assert "reference" not in metadata_of(made, "c1<::>5")


def test_mtrag_first_release_has_other_names_and_nan(folder: Path) -> None:
    task = TASKS[0] | {"answerability": ["ANSWERABLE"], "collection": "old", "Multi-Turn": float("nan"), "turn": 1}
    del task["Answerability"], task["Collection"]
    made = import_mtrag(save_lines([task]), folder)
    assert made.queries[0].answerable is True
    assert metadata_of(made, "c1<::>1")["collection"] == "old"


def _squad(change: Callable[[dict], None]) -> Callable[[Path], Benchmark]:
    values = deepcopy(SQUAD)
    change(values)
    return lambda folder: import_squad(save("squad.json", values), folder)


def _multihop(
    change: Callable[[list, list], None],
) -> Callable[[Path], Benchmark]:
    articles, questions = deepcopy(ARTICLES), deepcopy(QUESTIONS)
    change(articles, questions)
    return lambda folder: import_multihop_rag(save("corpus.json", articles), save("q.json", questions), folder)


def _mtrag(change: Callable[[list], None]) -> Callable[[Path], Benchmark]:
    tasks = deepcopy(TASKS)
    change(tasks)
    return lambda folder: import_mtrag(save_lines(tasks), folder)


def _text(content: bytes, read: Callable[[Path, Path], Benchmark]) -> Callable[[Path], Benchmark]:
    def run(folder: Path) -> Benchmark:
        Path("given.json").write_bytes(content)
        return read(Path("given.json"), folder)

    return run


def _both(path: Path, folder: Path) -> Benchmark:
    return import_multihop_rag(path, path, folder)


BAD = {
    "squad: a question id twice": (
        _squad(lambda v: v["data"][1]["paragraphs"][1]["qas"][0].update(id="a")),
        r"squad\.json: data\[1\]\.paragraphs\[1\]\.qas\[0\]: the question id 'a' comes twice",
    ),
    "squad: a missing key": (
        _squad(lambda v: v["data"][0]["paragraphs"][0]["qas"][1].pop("question")),
        r"squad\.json: data\[0\]\.paragraphs\[0\]\.qas\[1\]\.question: Field required",
    ),
    "squad: a blank question": (
        _squad(lambda v: v["data"][0]["paragraphs"][0]["qas"][1].update(question=" ")),
        r"data\[0\]\.paragraphs\[0\]\.qas\[1\]\.question: String should have at least 1 character",
    ),
    "squad: a blank paragraph": (
        _squad(lambda v: v["data"][1]["paragraphs"][0].update(context="\n")),
        r"data\[1\]\.paragraphs\[0\]\.context: String",
    ),
    "squad: nothing in it": (_squad(lambda v: v.update(data=[])), "holds no document"),
    "squad: no question": (
        _squad(lambda v: v.update(data=[{"paragraphs": [{"context": MILL, "qas": []}]}])),
        "holds no question",
    ),
    "squad: no JSON": (_text(b'{"data": [\n oops', import_squad), r"given\.json: Invalid JSON: .* line 2"),
    "squad: a list": (_text(b"[]", import_squad), r"given\.json: "),
    "squad: an empty file": (_text(b" \n", import_squad), r"given\.json is empty"),
    "squad: no UTF-8": (_text(b'{"data": ["\xff"]}', import_squad), r"given\.json: "),
    "squad: half a character": (_text(b'{"data": ["\\ud800"]}', import_squad), r"given\.json: "),
    "squad: no such file": (
        lambda folder: import_squad(Path("none.json"), folder), r"none\.json can't be read: No such file",
    ),
    "multihop: evidence of no article": (
        _multihop(lambda _, q: q[0]["evidence_list"].append({"title": "X", "url": "https://x.example"})),
        r"q\.json: \[0\]\.evidence_list\[3\]: the corpus has no article 'https://x\.example' or 'X'",
    ),
    "multihop: evidence that names nothing": (
        _multihop(lambda _, q: q[0]["evidence_list"].append({"fact": "X"})),
        r"\[0\]\.evidence_list\[3\]: the corpus has no article without a name",
    ),
    "multihop: an article without a body": (
        _multihop(lambda a, _: a[1].pop("body")), r"corpus\.json: \[1\]\.body: Field required",
    ),
    "multihop: an article without a name": (
        _multihop(lambda a, _: a[1].update(title=None)), r"corpus\.json: \[1\]: the article has neither url nor",
    ),
    "multihop: a URL twice": (
        _multihop(lambda a, _: a[1].update(url=ARTICLES[0]["url"])), r"corpus\.json: \[1\]: the document id .* twice",
    ),
    "multihop: a question without a type": (
        _multihop(lambda _, q: q[1].pop("question_type")), r"q\.json: \[1\]\.question_type: Field required",
    ),
    "multihop: evidence of the wrong shape": (
        _multihop(lambda _, q: q[1].update(evidence_list="none")), r"q\.json: \[1\]\.evidence_list: ",
    ),
    "multihop: no articles": (_multihop(lambda a, q: (a.clear(), q.pop(0))), "holds no document"),
    "multihop: no questions": (_multihop(lambda _, q: q.clear()), r"q\.json holds no question"),
    "multihop: an object": (_text(b"{}", _both), r"given\.json: "),
    "multihop: no such file": (lambda folder: _both(Path("none.json"), folder), r"none\.json can't be read"),
    "mtrag: a task twice": (
        _mtrag(lambda t: t.append(t[0])), r"reference\.jsonl:6: the question id 'c1<::>1' comes twice",
    ),
    "mtrag: a missing key": (_mtrag(lambda t: t[2].pop("input")), r"reference\.jsonl:3: input: Field required"),
    "mtrag: no message": (_mtrag(lambda t: t[2].update(input=[])), r"reference\.jsonl:3: input: "),
    "mtrag: the agent last": (_mtrag(lambda t: t[1]["input"].pop()), r"reference\.jsonl:2: the last message"),
    "mtrag: an empty question": (
        _mtrag(lambda t: t[1]["input"][2].update(text=" ")), r"reference\.jsonl:2: the question is empty",
    ),
    "mtrag: another speaker": (
        _mtrag(lambda t: t[1]["input"][1].update(speaker="narrator")), r":2: the speaker 'narrator' is neither",
    ),
    "mtrag: an id with two texts": (
        _mtrag(lambda t: t[1]["contexts"][1].update(text="Else.")),
        r"reference\.jsonl:2: contexts\[1\]: the document id 'd1' comes twice, with another text",
    ),
    "mtrag: no contexts": (_mtrag(lambda t: t.__setitem__(slice(None), [t[2]])), "holds no document"),
    "mtrag: no JSON": (
        _text(b'\n{"task_id": \n', import_mtrag), r"given\.json:2: Invalid JSON: .*",
    ),
    "mtrag: an empty file": (_text(b"\n\n", import_mtrag), r"given\.json holds no document"),
    "mtrag: a folder": (lambda folder: import_mtrag(Path.cwd(), folder), "can't be read: Is a directory"),
}  # fmt: skip


@pytest.mark.parametrize(("run", "message"), BAD.values(), ids=BAD.keys())
def test_a_malformed_file_is_an_error_with_its_place_and_leaves_nothing(
    run: Callable[[Path], Benchmark], message: str, folder: Path
) -> None:
    with pytest.raises(DatasetError, match=message):
        run(folder)
    assert not folder.parent.exists()


def test_nothing_is_overwritten(folder: Path) -> None:
    path = save("squad.json", SQUAD)
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("keep")
    with pytest.raises(DatasetError, match="isn't empty"):
        import_squad(path, folder)
    assert [file.name for file in folder.iterdir()] == ["mine.txt"]
    with pytest.raises(DatasetError, match="is a file"):
        import_squad(path, folder / "mine.txt")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="can't be written"):
        import_squad(save("squad.json", SQUAD), tmp_path / "file" / "benchmark")
