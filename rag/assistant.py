"""The one object that every way in uses: opens a data folder and answers questions from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import ValidationError

from corpus.dates import check_day
from corpus.errors import InputError
from corpus.folder import FolderLock
from corpus.settings import Settings, load_settings
from corpus.store import ArticleStore
from corpus.text import one_line
from rag.answer import Answer, Sentence, Turn
from rag.filters import EVERYTHING, Filters
from rag.index import Index
from rag.query_engine import PassageQueryEngine
from rag.retrieval import Retrieved

History = Sequence[Turn | Mapping[str, Any]]


class Assistant:
    """Answers questions with verified citations. A context manager; safe to use from several threads.

    >>> with Assistant.open(".passage") as assistant:
    ...     answer = assistant.ask("How many people crossed the Channel in small boats in 2022?")
    """

    def __init__(self, store: ArticleStore, index: Index, lock: FolderLock | None) -> None:
        self.store = store
        self.index = index
        self.engine = PassageQueryEngine(index)
        self._lock = lock

    @classmethod
    def open(cls, data: Path | str | None = None, settings: Settings | None = None) -> Assistant:
        """Open a data folder.

        Args:
            data: the folder; by default the one in the settings.
            settings: what is in force; by default what `load_settings` finds.

        Raises:
            BusyError: another process owns the folder.
            IndexMismatchError: the index doesn't fit the settings.
            SettingsError: the language model or the reranker can't be used.
            StoreError: the folder can't be used.
        """
        settings = settings or load_settings()
        folder = Path(data) if data is not None else settings.data
        lock = None if settings.chroma_url else FolderLock(folder).acquire()
        try:
            store = ArticleStore.open(folder)
            index = Index(store, settings)
            index.check()
            return cls(store, index, lock)
        except BaseException:
            if lock:
                lock.release()
            raise

    def warm_up(self) -> None:
        """Load what is kept in memory, so that the first question is as quick as the others."""
        self.engine.answer("warm up", filters=Filters(since=date.min), quoted=True)
        self.engine.answer("warm up", quoted=True)

    def ask(
        self,
        question: str,
        history: History = (),
        as_of: date | str | None = None,
        filters: Filters = EVERYTHING,
        *,
        quoted: bool = False,
    ) -> Answer:
        """The answer to `question`.

        Args:
            question: what a person asks, in their words.
            history: earlier turns, oldest first, as `Turn` or `{"role": "user"|"assistant", "content": …}`.
            as_of: the day that the question is asked for; today by default.
            filters: what the answer may be drawn from.
            quoted: don't have a language model write, even where one is configured to.

        Raises:
            InputError: the question is empty or too long, or the history or the day can't be read.
        """
        return self.engine.answer(
            check_question(question, self.index.settings),
            check_history(history),
            check_day(as_of),
            filters,
            quoted=quoted,
        )

    def stream(
        self,
        question: str,
        history: History = (),
        as_of: date | str | None = None,
        filters: Filters = EVERYTHING,
    ) -> Iterator[Sentence | Answer | None]:
        """As `ask`, piece by piece: each sentence when it is verified, last the whole answer.

        None comes now and then while a language model is at work, so that who reads can stop; closing the iterator
        ends the writing.

        Raises:
            InputError: as `ask`, at once.
        """
        return self.engine.stream(
            check_question(question, self.index.settings), check_history(history), check_day(as_of), filters
        )

    def search(
        self,
        question: str,
        history: History = (),
        as_of: date | str | None = None,
        filters: Filters = EVERYTHING,
        k: int | None = None,
    ) -> Retrieved:
        """The question as it was understood, and the best `k` passages for it (default `top_k`), best first.

        Raises:
            InputError: as `ask`.
        """
        return self.engine.search(
            check_question(question, self.index.settings), check_history(history), check_day(as_of), filters, k
        )

    def close(self) -> None:
        """Release the folder, and end the language model where there is one."""
        self.engine.close()
        self.index.close()
        self.store.close()
        if self._lock:
            self._lock.release()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def check_question(question: str, settings: Settings) -> str:
    """The question on one line.

    Raises:
        InputError: it is empty or too long.
    """
    text = one_line(question)
    if not text:
        raise InputError("The question is empty.", "Type what you want to know.")
    if len(text) > settings.max_question_chars:
        raise InputError(
            f"The question has {len(text)} characters; at most {settings.max_question_chars} are read.",
            "Ask it in a sentence or two; to add an article, use `passage ingest -`.",
        )
    return text


def check_history(history: History) -> list[Turn]:
    """The turns of a conversation.

    Raises:
        InputError: one of them isn't a turn.
    """
    try:
        return [Turn.model_validate(turn) for turn in history]
    except (ValidationError, TypeError):
        raise InputError(
            "The history can't be read.",
            'It is a list of {"role": "user" or "assistant", "content": "…"}, oldest first.',
        ) from None
