"""Benchmark folders from the files of other benchmarks: SQuAD, MultiHop-RAG and MTRAG."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from corpus.text import one_line
from eval.datasets import Benchmark, DatasetError, write_benchmark

_BOM = b"\xef\xbb\xbf"
_NULL_QUERY = "null_query"  # MultiHop-RAG's kind of question that the corpus doesn't answer
_ROLES = {"user": "user", "agent": "assistant", "assistant": "assistant"}
_ANSWERED = {"ANSWERABLE", "PARTIAL"}

T = TypeVar("T")


def _not_given(value: Any) -> Any:
    """None for what stands for "not given" in these files: null and NaN."""
    return None if value != value else value


def _as_tuple(value: Any) -> Any:
    value = _not_given(value)
    return () if value is None else (value,) if isinstance(value, str) else value


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# An id stands in tab-separated files, and in the index on one line.
_Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(one_line)]
_Fact = Annotated[str | None, BeforeValidator(_not_given)]
_Labels = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)


def import_squad(path: Path, folder: Path) -> Benchmark:
    """Make a benchmark from SQuAD-format JSON, version 1.1 or 2.0 (Rajpurkar et al. 2018, arXiv:1806.03822).

    Paragraphs become documents, each text once. An impossible question is unanswerable and has no judgement; a
    question that has no answer and doesn't say whether it is impossible counts as not known.

    Args:
        path: the JSON file.
        folder: where the benchmark goes: a new or an empty folder.

    Raises:
        DatasetError: the file isn't in that format, a question's id comes twice, or the folder isn't empty.
    """
    _check_free(folder)
    collected = _Collected()
    ids: dict[str, str] = {}
    for place, title, paragraph in _paragraphs(path):
        document = ids.get(paragraph.context)
        if document is None:
            document = ids[paragraph.context] = f"p{len(ids)}"
            collected.add_document(place, document, one_line(title or ""), paragraph.context)
        for q, question in enumerate(paragraph.qas):
            answers = list(dict.fromkeys(text for answer in question.answers if (text := answer.text.strip())))
            impossible = question.is_impossible
            answerable = (True if answers else None) if impossible is None else not impossible
            metadata = {"answerable": answerable, "answers": answers if answerable else []}
            relevant = [document] if answerable else []
            collected.add_query(f"{place}.qas[{q}]", question.id, question.question, metadata, relevant)
    return collected.write(folder, path)


def import_multihop_rag(corpus: Path, questions: Path, folder: Path) -> Benchmark:
    """Make a benchmark from MultiHop-RAG's pair of files (Tang and Yang 2024, arXiv:2401.15391).

    An article's id is its URL, else its title; the articles that a question's evidence names are relevant. The
    kind is the question's type; a `null_query` is unanswerable.

    Args:
        corpus: `corpus.json`, the articles.
        questions: `MultiHopRAG.json`, the questions.
        folder: where the benchmark goes: a new or an empty folder.

    Raises:
        DatasetError: a file isn't in that format, evidence names no article, or the folder isn't empty.
    """
    _check_free(folder)
    collected = _Collected()
    articles = _parse(_ARTICLES, _read(corpus), str(corpus))
    titles = Counter(_line(article.title) for article in articles)
    by_name: dict[str, str] = {}
    for a, article in enumerate(articles):
        place, title, url = f"{corpus}: [{a}]", _line(article.title), _line(article.url)
        if not (url or title):
            raise DatasetError(f"{place}: the article has neither url nor title.")
        facts = {name: getattr(article, name) for name in ("source", "author", "category")}
        facts |= {"url": url, "published": article.published_at}
        collected.add_document(place, url or title, title, article.body, **facts)
        by_name[url or title] = url or title
        if titles[title] == 1:  # a title that two articles share names neither
            by_name.setdefault(title, url or title)
    given = _parse(_MULTIHOP, _read(questions), str(questions))
    for q, asked in enumerate(given):
        place = f"{questions}: [{q}]"
        evidence = [_find(item, by_name, f"{place}.evidence_list[{e}]") for e, item in enumerate(asked.evidence_list)]
        answerable = asked.question_type != _NULL_QUERY
        answer = (asked.answer or "").strip()
        metadata = {"kind": asked.question_type, "answerable": answerable, "reference": answer}
        metadata["answers"] = [answer] if answer and answerable else []
        collected.add_query(place, f"q{q}", asked.query, metadata, evidence if answerable else [])
    return collected.write(folder, questions)


def import_mtrag(path: Path, folder: Path) -> Benchmark:
    """Make a benchmark from an MTRAG or MTRAG-UN generation file (Katsis et al. 2025, arXiv:2501.03468).

    The last message is the question and the earlier ones its history. Contexts are documents, relevant to a question
    that they answer at least in part; whether an underspecified or conversational one can be answered is not known.
    The kind is the first of the question's types.

    Args:
        path: the file of JSON lines, such as `reference.jsonl`.
        folder: where the benchmark goes: a new or an empty folder.

    Raises:
        DatasetError: a line isn't in that format, a task comes twice, one document id names two texts, or the folder
            isn't empty.
    """
    _check_free(folder)
    collected = _Collected()
    for place, line in _lines(path):
        task = _parse(_TASK, line, place)
        *history, question = task.input
        if _role(question, place) != "user":
            raise DatasetError(f"{place}: the last message of 'input' must be the user's.")
        for c, context in enumerate(task.contexts):
            where, title = f"{place}: contexts[{c}]", _line(context.title)
            collected.add_document(where, context.document_id, title, context.text, url=_web(context.url))
        answerable = _answerable(task.answerability)
        metadata = {
            "history": [{"role": _role(turn, place), "content": turn.text.strip()} for turn in history],
            "answerable": answerable,
            "kind": next(iter(task.question_type), ""),
            "question_type": list(task.question_type),
            "multi_turn": list(task.multi_turn),
            "answerability": list(task.answerability),
            "collection": task.collection,
            "conversation": task.conversation_id,
            "reference": next((target.text.strip() for target in task.targets), ""),
        }
        relevant = [context.document_id for context in task.contexts] if answerable else []
        collected.add_query(place, task.task_id, question.text, metadata, relevant)
    return collected.write(folder, path)


class _SquadAnswer(_Model):
    text: str


class _SquadQuestion(_Model):
    id: _Id
    question: _Text
    answers: tuple[_SquadAnswer, ...] = ()
    is_impossible: bool | None = None


class _SquadParagraph(_Model):
    context: _Text
    qas: tuple[_SquadQuestion, ...]


class _SquadArticle(_Model):
    title: _Fact = None
    paragraphs: tuple[_SquadParagraph, ...]


class _SquadFile(_Model):
    data: tuple[_SquadArticle, ...]


class _Article(_Model):
    title: _Fact
    body: _Text
    url: _Fact = None
    source: _Fact = None
    author: _Fact = None
    category: _Fact = None
    published_at: _Fact = None


class _Evidence(_Model):
    title: _Fact = None
    url: _Fact = None


class _MultihopQuestion(_Model):
    query: _Text
    answer: _Fact
    question_type: _Text
    evidence_list: tuple[_Evidence, ...]


class _Message(_Model):
    speaker: str
    text: str


class _Context(_Model):
    document_id: _Id
    text: _Text
    title: _Fact = None
    url: _Fact = None


class _Task(_Model):
    task_id: _Id
    conversation_id: _Fact = None
    input: tuple[_Message, ...] = Field(min_length=1)
    contexts: tuple[_Context, ...]
    targets: tuple[_Message, ...] = ()
    # MTRAG's first release wrote these two in small letters.
    answerability: _Labels = Field((), validation_alias=AliasChoices("Answerability", "answerability"))
    collection: _Fact = Field(None, validation_alias=AliasChoices("Collection", "collection"))
    question_type: _Labels = Field((), validation_alias="Question Type")
    multi_turn: _Labels = Field((), validation_alias="Multi-Turn")


_SQUAD = TypeAdapter(_SquadFile)
_ARTICLES = TypeAdapter(tuple[_Article, ...])
_MULTIHOP = TypeAdapter(tuple[_MultihopQuestion, ...])
_TASK = TypeAdapter(_Task)


@dataclass
class _Collected:
    """What goes into the folder, checked for ids that come twice as it is collected."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    queries: dict[str, dict[str, Any]] = field(default_factory=dict)
    qrels: list[tuple[str, str, int]] = field(default_factory=list)

    def add_document(self, place: str, identifier: str, title: str, text: str, **facts: str | None) -> None:
        """Add a document; the same one may come again."""
        known = self.documents.get(identifier)
        if known and one_line(known["text"]) != one_line(text):
            raise DatasetError(f"{place}: the document id {identifier!r} comes twice, with another text.")
        if not known:
            given = {name: _line(value) for name, value in facts.items() if _line(value)}
            self.documents[identifier] = {"_id": identifier, "title": title, "text": text, **given}

    def add_query(
        self, place: str, identifier: str, text: str, metadata: dict[str, Any], relevant: Sequence[str]
    ) -> None:
        """Add a question and the documents that answer it."""
        if identifier in self.queries:
            raise DatasetError(f"{place}: the question id {identifier!r} comes twice.")
        if not text.strip():
            raise DatasetError(f"{place}: the question is empty.")
        given = {name: value for name, value in metadata.items() if value not in (None, "", [])}
        self.queries[identifier] = {"_id": identifier, "text": text.strip(), "metadata": given}
        self.qrels += [(identifier, document, 1) for document in dict.fromkeys(relevant)]

    def write(self, folder: Path, source: Path) -> Benchmark:
        """Write the folder as a whole or not at all."""
        for what, found in (("document", self.documents), ("question", self.queries)):
            if not found:
                raise DatasetError(f"{source} holds no {what}.")
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".import-") as temporary:
                made = Path(temporary) / "benchmark"
                write_benchmark(made, list(self.documents.values()), list(self.queries.values()), self.qrels)
                if folder.exists():
                    folder.rmdir()  # it is empty
                made.rename(folder)
        except OSError as error:
            raise DatasetError(f"{folder} can't be written: {error.strerror}.") from None
        return Benchmark(folder)


def _check_free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        state = "isn't empty" if folder.is_dir() else "is a file"
        raise DatasetError(f"{folder} {state}.", "Name a new folder: nothing is overwritten.")


def _paragraphs(path: Path) -> Iterator[tuple[str, str | None, _SquadParagraph]]:
    """Place, title and content of every paragraph of a SQuAD file."""
    for a, article in enumerate(_parse(_SQUAD, _read(path), str(path)).data):
        for p, paragraph in enumerate(article.paragraphs):
            yield f"{path}: data[{a}].paragraphs[{p}]", article.title, paragraph


def _find(evidence: _Evidence, by_name: dict[str, str], place: str) -> str:
    """The id of the article that a piece of evidence comes from."""
    names = [name for name in (_line(evidence.url), _line(evidence.title)) if name]
    found = next((by_name[name] for name in names if name in by_name), None)
    if found is None:
        raise DatasetError(f"{place}: the corpus has no article {' or '.join(map(repr, names)) or 'without a name'}.")
    return found


def _answerable(labels: Sequence[str]) -> bool | None:
    stated = {label.upper() for label in labels}
    return False if "UNANSWERABLE" in stated else True if stated & _ANSWERED else None


def _role(message: _Message, place: str) -> str:
    role = _ROLES.get(message.speaker.lower())
    if role is None:
        raise DatasetError(f"{place}: the speaker {message.speaker!r} is neither user nor agent.")
    return role


def _web(url: str | None) -> str | None:
    """A URL; MTRAG's first release has a pattern for URLs in place of some."""
    return url if url and url.startswith(("https://", "http://")) else None


def _line(text: str | None) -> str:
    return one_line(text or "").strip()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} can't be read: {error.strerror}.") from None


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """Place and content of every line that isn't blank."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.removeprefix(_BOM).strip():
                    yield f"{path}:{number}", line
    except OSError as error:
        raise DatasetError(f"{path} can't be read: {error.strerror}.") from None


def _parse(adapter: TypeAdapter[T], content: bytes, place: str) -> T:
    content = content.removeprefix(_BOM)
    if not content.strip():
        raise DatasetError(f"{place} is empty.")
    try:
        return adapter.validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        # A line of a file is a JSON text of one line, whose place is known already.
        message = first["msg"].replace("at line 1 column", "at column")
        raise DatasetError(f"{place}: {where + ': ' if where else ''}{message}.") from None
