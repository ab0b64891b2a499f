"""The written news: how it is read and checked, what is drawn from it for training, and what it is as a benchmark."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import Result

from eval.datasets import DatasetError
from eval.training.groups import CANDIDATES, Questions
from eval.training.news import KINDS, NEWS, read_news
from eval.training.squad import Paragraph, TrainingError
from eval.training.unread import main, write_unread
from rag.cross_encoder import base_network, base_tokenizer
from rag.sentences import split_sentences

FIRST, SECOND = "@ a-1 | 2020-01-02 | Mill opens\n", "The mill opened.\nIt has 12 looms.\n"


def _in(folder: Path, text: str) -> Path:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return folder


def test_an_article_is_read_with_its_questions(news: Path) -> None:
    articles, hashes = read_news(news)
    assert list(hashes) == ["ferries.txt"]
    assert len(articles) == 12
    first = articles[0]
    assert (first.id, first.domain, first.published) == ("news-ferries:f-00", "news-ferries", date(2019, 3, 1))
    assert first.headline == "Ferry at Ashby sails again"
    known, unknown = first.questions
    assert known.answers == ("200 crowns", "200")
    assert unknown.answers == ()
    assert first.text[known.at[0] :].startswith("A ticket costs")
    assert known.at == unknown.at


def test_several_sentences_may_answer(tmp_path: Path) -> None:
    (article,) = read_news(_in(tmp_path, f"{FIRST}{SECOND}? 1, 2 | what of the mill | 12 looms\n"))[0]
    assert [article.text[at : at + 3] for at in article.questions[0].at] == ["The", "It "]


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("The mill opened.\n", 1, "begins with"),
        ("@ a-1 | 2 January | Mill opens\n", 1, "YYYY-MM-DD"),
        ("@ a-1 | 2020-13-02 | Mill opens\n", 1, "month"),
        (f"{FIRST}{SECOND}? 3 | how many looms | 12\n", 4, "has 2 sentences"),
        (f"{FIRST}{SECOND}? 2 | how many looms\n", 4, "a question is"),
        (f"{FIRST}{SECOND}? 1 | how many looms | 12\n", 4, "doesn't stand"),
        (f"{FIRST}{SECOND}! 1 | who closed it | wrong\n", 4, "none of"),
        (f"{FIRST}{SECOND}! 1 | who closed it | not_said\nIt is red.\n", 5, "behind"),
    ],
)
def test_a_line_that_is_not_in_order_is_named(tmp_path: Path, text: str, line: int, wrong: str) -> None:
    with pytest.raises(TrainingError, match=rf"a\.txt, line {line}: .*{wrong}"):
        read_news(_in(tmp_path, text))


def test_the_project_s_own_news_is_in_order() -> None:
    articles, _ = read_news()
    assert len({article.id for article in articles}) == len(articles) > 500
    asked = [(article, question) for article in articles for question in article.questions]
    assert 0.35 < sum(not question.answers for _, question in asked) / len(asked) < 0.5
    begins = {article.id: {start for start, _ in split_sentences(article.text)} for article in articles}
    lost = [question.text for article, question in asked if not begins[article.id].issuperset(question.at)]
    assert len(lost) <= 0.001 * len(asked), "their lines aren't what the splitter takes for sentences"
    assert len({question.text for _, question in asked}) > 0.98 * len(asked)


@pytest.fixture(scope="module")
def articles(news: Path) -> list[Paragraph]:
    return read_news(news)[0]


@pytest.fixture(scope="module")
def questions(articles: list[Paragraph]) -> Questions:
    return Questions(articles, base_tokenizer(), base_network(8, 0.0).words)


@pytest.mark.slow
def test_what_an_article_does_not_answer_is_put_beside_what_tempts(
    questions: Questions, articles: list[Paragraph]
) -> None:
    (item,) = questions.items([(3, articles[3].questions[1])])
    draw = random.Random(1)
    for group in (questions.group(item, draw) for _ in range(10)):
        assert group.question == "how many tickets did the ferry at Dunham sell?"
        assert not any(group.starts)
        texts = [extract.sentence for extract in group.extracts]
        assert "A ticket costs 203 crowns, up from 153." in texts
        assert not any(town in text for text in texts for town in ("Ashby", "Corfe")), "the file may tell the same"


@pytest.mark.slow
def test_only_the_sentence_that_is_named_answers(questions: Questions, articles: list[Paragraph]) -> None:
    (item,) = questions.items([(3, articles[3].questions[0])])
    assert [questions.lines[i].sentence for i in item.right] == ["A ticket costs 203 crowns, up from 153."]
    draw = random.Random(2)
    groups = [questions.group(item, draw) for _ in range(20)]
    answered = [group for group in groups if any(group.starts)]
    assert answered
    for group in answered:
        assert len(group.extracts) <= CANDIDATES
        (begin,) = (begin for begin in group.starts if begin)
        assert group.extracts[group.starts.index(begin)].sentence == "A ticket costs 203 crowns, up from 153."
        assert 15 in begin
    headlines = {extract.headline for group in groups for extract in group.extracts if "203" in extract.sentence}
    assert "Ferry at Dunham sails again" in headlines


def test_what_was_not_trained_on_is_a_benchmark(news: Path, tmp_path: Path) -> None:
    made = write_unread(tmp_path / "out", news)
    assert len(made.document_ids) == 12
    assert [(q.answerable, q.split, str(q.as_of)) for q in made.queries] == [
        (True, "tune", "2019-04-11"),
        (False, "tune", "2019-04-11"),
    ]
    assert made.relevant(made.queries[0].id) == {"news-ferries:f-11"}
    with pytest.raises(DatasetError):
        write_unread(tmp_path / "out", news)


def test_the_command_says_how_many(run_command: Callable[..., Result], tmp_path: Path) -> None:
    result = run_command(main, tmp_path / "out")
    assert result.exit_code == 0
    assert "960 articles" in " ".join(result.stderr.split())
    again = run_command(main, tmp_path / "out")
    assert again.exit_code == 1


def test_every_kind_is_written() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in NEWS.glob("*.txt"))
    assert all(f"| {kind}\n" in text for kind in KINDS)
