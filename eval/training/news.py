"""News written for training: made-up articles, a sentence a line, and questions that they answer and that they don't.

    @ eu-07 | 2019-03-04 | Headline
    First sentence.
    Second sentence.
    ? 2 | question | short answer
    ! 1 | question that isn't answered | kind

"?" gives the sentences that answer the question, read with the headline and the sentence before; the answer's
wordings stand in one of them, with " / " between them. "!" gives the sentence that seems to answer, and what the
question gets wrong (`KINDS`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from eval.training.squad import Paragraph, SquadQuestion, TrainingError

NEWS = Path(__file__).with_name("news")
# The article tells of another thing, time, place, person or measure; or not this detail; what is taken for granted
# isn't so; it is asked whether what is only planned has happened.
KINDS = frozenset(
    "other_thing other_time other_place other_person other_measure not_said false_premise status".split()
)
_ARTICLE = re.compile(r"@ (?P<id>[\w-]+) \| (?P<published>\d{4}-\d\d-\d\d) \| (?P<headline>.+)")
_QUESTION = re.compile(r"(?P<mark>[?!]) (?P<sentences>\d+(?:, ?\d+)*) \| (?P<text>[^|]+) \| (?P<answer>[^|]+)")


def read_news(folder: Path = NEWS) -> tuple[list[Paragraph], dict[str, str]]:
    """All articles of the folder's .txt files in a fixed order, each as one paragraph, and each file's SHA-256.

    Raises:
        TrainingError: a line isn't as it should be; the message names it.
    """
    paragraphs: list[Paragraph] = []
    hashes: dict[str, str] = {}
    for path in sorted(folder.glob("*.txt")):
        content = path.read_bytes()
        hashes[path.name] = hashlib.sha256(content).hexdigest()[:12]
        reading = _File(path)
        take_lines(path, content, reading.take)
        paragraphs += reading.paragraphs
    return paragraphs, hashes


def take_lines(path: Path, content: bytes, take: Callable[[str], None]) -> None:
    """Give each line of `content`, which is that of `path`, to `take`, which raises ValueError for a wrong one.

    Raises:
        TrainingError: a line is wrong; the message names it.
    """
    for number, line in enumerate(content.decode("utf-8").splitlines(), 1):
        try:
            take(line.strip())
        except ValueError as error:
            raise TrainingError(f"{path}, line {number}: {error}") from None


class _File:
    """Takes the lines of a file.

    Attributes:
        paragraphs: the articles so far.
    """

    def __init__(self, path: Path) -> None:
        self.paragraphs: list[Paragraph] = []
        self._domain = f"news-{path.stem}"

    def take(self, line: str) -> None:
        """Raises ValueError for a line that isn't as it should be."""
        if line.startswith("@ "):
            self._begin(line)
        elif line and not self.paragraphs:
            raise ValueError("a file begins with “@ id | date | headline”.")
        elif line.startswith(("? ", "! ")):
            self._ask(line)
        elif line:
            self._say(line)

    def _begin(self, line: str) -> None:
        found = _ARTICLE.fullmatch(line)
        if not found:
            raise ValueError("an article begins with “@ id | YYYY-MM-DD | headline”.")
        where = f"{self._domain}:{found['id']}"
        published = date.fromisoformat(found["published"])
        self.paragraphs.append(Paragraph(where, self._domain, where, "", "", (), found["headline"], published))

    def _say(self, line: str) -> None:
        if self.paragraphs[-1].questions:
            raise ValueError("a sentence stands behind the article's questions.")
        article = self.paragraphs[-1]
        text = f"{article.text} {line}" if article.text else line
        sentences = (*article.sentences, (len(text) - len(line), len(text)))
        self.paragraphs[-1] = replace(article, text=text, sentences=sentences)

    def _ask(self, line: str) -> None:
        found = _QUESTION.fullmatch(line)
        if not found:
            raise ValueError("a question is “? sentences | question | answer” or “! sentence | question | kind”.")
        numbers = [int(number) for number in found["sentences"].split(",")]
        article = self.paragraphs[-1]
        if not all(1 <= number <= len(article.sentences) for number in numbers):
            raise ValueError(f"the article has {len(article.sentences)} sentences.")
        meant = [article.sentences[number - 1] for number in numbers]
        at = tuple(start for start, _ in meant)
        if found["mark"] == "!":
            if found["answer"] not in KINDS:
                raise ValueError(f"“{found['answer']}” is none of {', '.join(sorted(KINDS))}.")
            question = SquadQuestion(found["text"], (), at)
        else:
            answers = tuple(answer.strip() for answer in re.split(r" ?/ ?", found["answer"]))
            told = " ".join(article.text[slice(*span)] for span in meant).casefold()
            if not any(answer.casefold() in told for answer in answers):
                raise ValueError(f"“{found['answer']}” doesn't stand in the sentences {found['sentences']}.")
            question = SquadQuestion(found["text"], answers, at)
        self.paragraphs[-1] = replace(article, questions=(*article.questions, question))
