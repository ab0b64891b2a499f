"""Question, paragraph and answer spans in SQuAD's JSON format."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import InputError
from rag.passages import Span
from rag.terms import content_words


class TrainingError(InputError):
    """The training data isn't as it should be; the message names the file."""


@dataclass(frozen=True)
class SquadQuestion:
    """A question about a paragraph.

    Attributes:
        answers: the answer's wordings; none if the paragraph doesn't answer it.
        at: where in the paragraph the sentences begin that answer it or, if none does, that seem to; none where
            that isn't known: then those answer it that hold one of `answers`.
    """

    text: str
    answers: tuple[str, ...]
    at: tuple[int, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph and its questions.

    Attributes:
        id: unique in the folder.
        domain: the name of the file.
        group: the article it comes from, where the file tells articles apart.
        title: of that article; "" where the paragraph lacks one of its words: a collection may have it.
        headline: of news; "" for other paragraphs.
        published: the day of the news.
        sentences: of news, their offsets in the text as it was written.
    """

    id: str
    domain: str
    group: str
    title: str
    text: str
    questions: tuple[SquadQuestion, ...]
    headline: str = ""
    published: date | None = None
    sentences: tuple[Span, ...] = ()


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)
    text: str


class _Question(BaseModel):
    question: str
    answers: list[_Answer]


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Article(BaseModel):
    title: str
    paragraphs: list[_Paragraph]


class _File(BaseModel):
    data: list[_Article]


def read_squad(folder: Path) -> tuple[list[Paragraph], dict[str, str]]:
    """All paragraphs of the folder's JSON files in a fixed order, and each file's SHA-256 (12 digits).

    Raises:
        TrainingError: there is no such file, or one isn't in SQuAD's format.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise TrainingError(f"{folder} holds no .json file.", "It should hold questions in SQuAD's format.")
    paragraphs: list[Paragraph] = []
    hashes: dict[str, str] = {}
    for path in files:
        content = path.read_bytes()
        hashes[path.name] = hashlib.sha256(content).hexdigest()[:12]
        try:
            articles = _File.model_validate(json.loads(content)).data
        except (ValueError, ValidationError) as error:
            raise TrainingError(f"{path} isn't in SQuAD's format: {str(error).splitlines()[0]}.") from None
        for a, article in enumerate(articles):
            for p, paragraph in enumerate(article.paragraphs):
                questions = tuple(
                    SquadQuestion(qa.question.strip(), tuple(dict.fromkeys(x.text.strip() for x in qa.answers)))
                    for qa in paragraph.qas
                    if qa.answers and qa.question.strip()
                )
                if questions:
                    where = f"{path.stem}:{a}:{p}"
                    group, title = f"{path.stem}:{a}", _title(article, paragraph)
                    paragraphs.append(Paragraph(where, path.stem, group, title, paragraph.context, questions))
    return paragraphs, hashes


def _title(article: _Article, paragraph: _Paragraph) -> str:
    title = article.title.replace("_", " ")
    return title if set(content_words(title)) <= set(content_words(paragraph.context)) else ""
