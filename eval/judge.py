"""Metrics by a language model, through LlamaIndex's evaluators: informative, never a gate.

Faithfulness: the citations' quotes support the answer (0 or 1). Relevancy: question and answer are in line with the
quotes (0 or 1). Correctness: how well the answer agrees with a reference (1 to 5).
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator, RelevancyEvaluator
from llama_index.core.evaluation.base import BaseEvaluator, EvaluationResult
from llama_index.core.llms import LLM, ChatMessage

from corpus.errors import ServiceError
from eval.report import Question, Report, Value, aggregate, mean_of
from eval.run import Progress

FAITHFULNESS, RELEVANCY, CORRECTNESS = "faithfulness", "relevancy", "correctness (1–5)"
NO_VERDICT = "no verdict"  # share of the verdicts asked for that the judge didn't give

_AT_ONCE = 4  # questions in flight: what Ollama and llama.cpp's server take in parallel by default
_GIVE_UP_AFTER = 8  # errors in a row, without a verdict between them, after which nothing more is asked
_TIMEOUT = 120.0  # seconds; a local server loads the model on its first request
_RETRIES = 2
_NO_KEY = "none"  # a client that is given no key would send OPENAI_API_KEY, which is another server's

_log = logging.getLogger(__name__)


def judge_report(
    report: Report,
    llm: LLM,
    model_name: str,
    references: Mapping[str, str],
    progress: Progress = lambda *_: None,
) -> Report:
    """The report with `judge`, `judged` and each question's `judged` filled in.

    Answers that were refused or never given aren't judged, and correctness only where there is a reference. An
    evaluator that fails, or says neither yes nor no (gives no score from 1 to 5), leaves its question out: a
    metric's n counts the verdicts given, and `no verdict` is the share of those asked for that never came.

    Args:
        report: the report; it isn't changed.
        llm: the judge.
        model_name: what the report calls it.
        references: a right answer by question id.
        progress: told how many questions are done.
    """
    asked = [question for question in report.questions if _eligible(question)]
    judged = asyncio.run(_Judge(llm, references).judge(asked, progress)) if asked else {}
    questions = tuple(
        question.model_copy(update={"judged": judged[question.id].scores if question.id in judged else {}})
        for question in report.questions
    )
    statistics = {name: mean_of("judged", name) for name in (FAITHFULNESS, RELEVANCY, CORRECTNESS)}
    metrics = aggregate(questions, {**statistics, NO_VERDICT: _missing(judged)})
    return report.model_copy(update={"judge": model_name, "judged": metrics, "questions": questions})


def open_llm(model: str, url: str, key: str = "") -> LLM:
    """A model behind an OpenAI-compatible endpoint, once it has answered.

    Args:
        model: the name that the server knows it by.
        url: the endpoint, such as `http://127.0.0.1:11434/v1`.
        key: API key; "" when the server asks for none.

    Raises:
        ServiceError: a package is missing, the server doesn't answer, or it refuses the key or the model.
    """
    try:
        from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]
        from openai import OpenAIError
    except ImportError:
        raise ServiceError(
            "Judging needs the package llama-index-llms-openai-like, which isn't installed.",
            "Install it: pip install llama-index-llms-openai-like.",
        ) from None

    def connect(retries: int) -> LLM:
        # Kept-alive connections would outlive the event loop that they belong to.
        limits = httpx.Limits(max_keepalive_connections=0)
        return OpenAILike(
            model=model,
            api_base=url,
            api_key=key or _NO_KEY,
            is_chat_model=True,
            temperature=0.0,
            timeout=_TIMEOUT,
            max_retries=retries,
            http_client=httpx.Client(limits=limits, timeout=_TIMEOUT),
            async_http_client=httpx.AsyncClient(limits=limits, timeout=_TIMEOUT),
        )

    try:
        connect(retries=0).chat([ChatMessage(role="user", content="Answer with the word YES.")])
    except (OpenAIError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise _refusal(error, model, url) from None
    return connect(_RETRIES)


@dataclass(frozen=True)
class _Verdicts:
    """What was asked about one answer, and the scores that were given."""

    asked: tuple[str, ...]
    scores: dict[str, float]


@dataclass
class _Judge:
    """Asks for every verdict, a few questions at a time, until the model seems to be gone."""

    llm: LLM
    references: Mapping[str, str]
    errors_in_a_row: int = 0
    evaluators: dict[str, tuple[BaseEvaluator, Callable[[EvaluationResult], float | None]]] = field(init=False)

    def __post_init__(self) -> None:
        self.evaluators = {
            FAITHFULNESS: (FaithfulnessEvaluator(llm=self.llm), _yes_or_no),
            RELEVANCY: (RelevancyEvaluator(llm=self.llm), _yes_or_no),
            # LlamaIndex's own parser fails on a score that no reasoning follows.
            CORRECTNESS: (
                CorrectnessEvaluator(llm=self.llm, parser_function=_parse_score),
                lambda given: given.score,
            ),
        }

    async def judge(self, questions: Sequence[Question], progress: Progress) -> dict[str, _Verdicts]:
        """The verdicts on each question, by its id."""
        free, done = asyncio.Semaphore(_AT_ONCE), 0

        async def one(question: Question) -> _Verdicts:
            nonlocal done
            async with free:
                verdicts = await self._verdicts(question)
            done += 1
            progress("judging", done, len(questions))
            return verdicts

        given = await asyncio.gather(*(one(question) for question in questions))
        return {question.id: verdicts for question, verdicts in zip(questions, given, strict=True)}

    async def _verdicts(self, question: Question) -> _Verdicts:
        asked = [FAITHFULNESS, RELEVANCY] if question.answer and question.answer.citations else []
        if self.references.get(question.id):
            asked.append(CORRECTNESS)
        scores = {name: score for name in asked if (score := await self._score(name, question)) is not None}
        return _Verdicts(tuple(asked), scores)

    async def _score(self, name: str, question: Question) -> float | None:
        answer = question.answer
        if answer is None or self.errors_in_a_row >= _GIVE_UP_AFTER:
            return None
        evaluator, read = self.evaluators[name]
        try:
            given = await evaluator.aevaluate(
                query=_with_history(question),
                response=" ".join(sentence.text for sentence in answer.sentences) or answer.answer,
                contexts=[citation.quote for citation in answer.citations],
                reference=self.references.get(question.id),
            )
        except Exception as error:  # noqa: BLE001 - every class of model has errors of its own
            self.errors_in_a_row += 1
            _log.warning("No %s for question %s: %s: %s", name, question.id, type(error).__name__, error)
            if self.errors_in_a_row == _GIVE_UP_AFTER:
                _log.warning("The judge failed %d times in a row; it is asked nothing more.", _GIVE_UP_AFTER)
            return None
        self.errors_in_a_row = 0
        return read(given)


def _eligible(question: Question) -> bool:
    return question.answer is not None and not question.answer.refused


def _with_history(question: Question) -> str:
    """The question, after its conversation where it has one: a follow-up says little without it."""
    if not question.history:
        return question.text
    turns = "\n".join(f"{turn.role}: {turn.content}" for turn in question.history)
    return f"{question.text}\n(asked after this conversation:\n{turns})"


def _said(feedback: str | None) -> str:
    """What a model said, without what a reasoning model thinks aloud before it."""
    return re.sub(r"<think>.*?</think>", "", feedback or "", flags=re.DOTALL).strip()


def _yes_or_no(given: EvaluationResult) -> float | None:
    """The first "yes" or "no" that was said.

    LlamaIndex takes any text that has the letters "yes" in it for a yes ("NO, it was yesterday") and every other one,
    also an empty one, for a no.
    """
    found = re.search(r"\b(yes|no)\b", _said(given.feedback), re.IGNORECASE)
    return None if found is None else float(found[1].lower() == "yes")


def _parse_score(text: str) -> tuple[float | None, str | None]:
    """Score and reasoning of a verdict that begins with a number from 1 to 5."""
    said = _said(text)
    found = re.match(r"[\W_]*(?:score)?[\W_]*(\d+(?:\.\d+)?)(?!\d)", said, re.IGNORECASE)
    score = float(found[1]) if found else 0.0
    return (score, said[found.end() :].strip()) if found and 1 <= score <= 5 else (None, said)


def _missing(judged: Mapping[str, _Verdicts]) -> Callable[[Sequence[Question]], Value | None]:
    def statistic(questions: Sequence[Question]) -> Value | None:
        verdicts = [judged[question.id] for question in questions if question.id in judged]
        asked = sum(len(verdict.asked) for verdict in verdicts)
        given = sum(len(verdict.scores) for verdict in verdicts)
        return Value(value=1 - given / asked, n=asked) if asked else None

    return statistic


def _refusal(error: Exception, model: str, url: str) -> ServiceError:
    shown = re.sub(r"//[^/@]*@", "//**********@", url)
    status = getattr(error, "status_code", None)
    if status is None:
        return ServiceError(
            f"No language model answers at {shown}.",
            "Start the server (with Ollama: `ollama serve`), or set judge_url to one that runs.",
        )
    hints = {
        401: "Set judge_key.",
        403: "Check judge_key.",
        404: "Check the model's name, and that judge_url is the endpoint's (it mostly ends in /v1).",
    }
    said = " ".join(str(error).split())[:200]
    return ServiceError(f"{shown} doesn't serve the model {model!r}: {said}.", hints.get(status, "Try again later."))
