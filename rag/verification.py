"""Holds each sentence of an answer against what it cites; what fails is never shown.

Two gates: the quote exists, character for character, in the cited version (`quote_exists`), and it supports the
sentence (a `Verifier`). A verdict names everything that failed, for the trace that staff see.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from corpus.errors import NotFoundError
from corpus.settings import Settings
from corpus.store import ArticleStore
from corpus.text import one_line
from rag.answer import Citation
from rag.brackets import CUT, clarify, long_date, without_additions
from rag.claims import facts
from rag.entailment import Failure, FailureKind, Source, failures
from rag.entailment.additions import addition_fails, additions
from rag.entailment.wording import SUPPORT_FEATURES, new_words, support_features
from rag.linear import WEIGHTS, LinearModel, load_model
from rag.sentences import split_sentences

VERIFICATION_WEIGHTS = WEIGHTS / "verification.json"
SUPPORTED = 0.5
_UNSUPPORTED = 0.45  # the most that a sentence gets in which a fact fails, however well it is worded

_SENTENCE_EDGE = re.compile(r"[.!?…:;]\)?$")
_QUOTATION_MARKS = re.compile(r"[\"“”«»]")


@dataclass(frozen=True)
class Evidence:
    """A quote and what is known of where it stands.

    Attributes:
        quote: the exact words that are cited.
        context: the passage around them, from which names and dates may be taken.
        title: the headline.
        source: the outlet.
        published: the day of publication, which "last month" is reckoned from.
    """

    quote: str
    context: str = ""
    title: str = ""
    source: str = ""
    published: date | None = None

    @property
    def before(self) -> str:
        """The sentence before the quote in its context; "" where there is none."""
        led = self.context[: max(0, self.context.find(self.quote))]
        spans = split_sentences(led)
        return led[slice(*spans[-1])] if spans else ""


@dataclass(frozen=True)
class Verdict:
    """Whether evidence supports a sentence, and why not.

    Attributes:
        supported: whether the sentence may be shown.
        score: calibrated probability in [0, 1] that it is supported; 1 for exact words.
        failures: what the evidence doesn't bear out; empty when supported.
    """

    supported: bool
    score: float
    failures: tuple[Failure, ...] = ()


class Verifier(Protocol):
    """Judges whether evidence supports a sentence."""

    def verify(self, sentence: str, evidence: Sequence[Evidence]) -> Verdict:
        """The verdict on `sentence` against all of `evidence`."""
        ...


class VerbatimVerifier:
    """Accepts only a sentence that stands word for word in one of its quotes, for what the embedded answer quotes.

    What an answer adds of its own, the date in brackets after "last month" or the day before an event, must be what
    follows from the day of publication; space aside nothing else may differ.
    """

    def verify(self, sentence: str, evidence: Sequence[Evidence]) -> Verdict:
        """Supported with 1 when the sentence is quoted exactly, else not at all."""
        if any(_is_verbatim(one_line(sentence), each) for each in evidence):
            return Verdict(True, 1.0)
        return Verdict(False, 0.0, (Failure(FailureKind.WORDING, "not the quote's words"),))


def _is_verbatim(sentence: str, evidence: Evidence) -> bool:
    quote = one_line(evidence.quote)
    words = without_additions(sentence, quote)
    if not words or words not in quote:
        return False
    day = f"[{long_date(evidence.published)}] " if evidence.published else ""
    forms = {words, clarify(words, evidence.published)}
    return sentence in {before + form + after for form in forms for before in ("", day) for after in ("", CUT)}


class FactVerifier:
    """Compares what a sentence states with its evidence, fact by fact, without a language model.

    Whole sentences of the quote pass as they stand. Of any other, every number, date, name, negation, modality,
    quantifier, direction, role and attribution must be in the evidence, and it may not have many new words. What
    stands in square brackets is taken for an addition of ours and is checked against the context.
    """

    def __init__(self, model: LinearModel | None = None) -> None:
        """Score with `model`, by default the weights of `SUPPORT_FEATURES` that come with the project."""
        self._model = model or load_model(VERIFICATION_WEIGHTS, SUPPORT_FEATURES)

    def verify(self, sentence: str, evidence: Sequence[Evidence]) -> Verdict:
        """The best verdict against one piece of `evidence`, or against all together if none suffices alone."""
        verdicts = [self._against(sentence, each) for each in evidence]
        if len(evidence) > 1 and not any(verdict.supported for verdict in verdicts):
            verdicts.append(self._against(sentence, _together(evidence)))
        nothing = Verdict(False, 0.0, (Failure(FailureKind.WORDING, "no evidence is cited"),))
        return max(verdicts, key=lambda verdict: (verdict.supported, verdict.score), default=nothing)

    def _against(self, sentence: str, evidence: Evidence) -> Verdict:
        text, added = additions(sentence, evidence.quote)
        source = source_of(evidence)
        wrong = [failure for words, at in added if (failure := addition_fails(text, words, at, source))]
        if is_whole_sentence(text, evidence.quote):
            return Verdict(False, _UNSUPPORTED, tuple(wrong)) if wrong else Verdict(True, 1.0)
        claim = facts(text, evidence.published)
        if not any(token.content and token.text.isalpha() for token in claim.tokens):
            return Verdict(False, 0.0, (Failure(FailureKind.WORDING, "it says nothing"),))
        found = failures(claim, source)
        logit = float(self._model.scores(support_features(claim, source, found)[None])[0])
        score = 1 / (1 + math.exp(-logit))
        found += wrong
        if not found and score < SUPPORTED:
            found = [Failure(FailureKind.WORDING, f"the quote has nothing of {', '.join(new_words(claim, source))}")]
        if found:
            return Verdict(False, min(score, _UNSUPPORTED), tuple(found))
        return Verdict(True, score)


class Entailment(Protocol):
    """Judges a claim by its meaning, as natural-language inference does."""

    def entailed(self, claim: str, quote: str, headline: str = "", before: str = "") -> float:
        """The log-odds that `quote`, below its headline and the sentence before it, bears out `claim`."""
        ...


class EntailmentVerifier:
    """Passes what `facts` passes if an NLI model, too, finds it borne out; exact words need no second opinion."""

    def __init__(self, facts: Verifier, nli: Entailment) -> None:
        self._facts = facts
        self._nli = nli

    def verify(self, sentence: str, evidence: Sequence[Evidence]) -> Verdict:
        """The verdict of `facts`, or a failure where neither one piece of `evidence` nor all entail the sentence."""
        verdict = self._facts.verify(sentence, evidence)
        if not verdict.supported or verdict.score == 1:
            return verdict
        whole = [*evidence, _together(evidence)] if len(evidence) > 1 else evidence
        odds = max(self._nli.entailed(sentence, each.quote, each.title, each.before) for each in whole)
        entailed = 1 / (1 + math.exp(-odds))
        if entailed >= SUPPORTED:
            return Verdict(True, min(verdict.score, entailed))
        return Verdict(False, entailed, (Failure(FailureKind.WORDING, "by its meaning the quote doesn't say so"),))


def fact_verifier(settings: Settings) -> Verifier:
    """What judges sentences in other words than their sources', with the NLI model that is set.

    Raises:
        SettingsError: that model can't be used.
    """
    if settings.nli is None:
        return FactVerifier()
    return EntailmentVerifier(FactVerifier(), _nli_model(settings.nli))


@lru_cache(1)
def _nli_model(name: str) -> Entailment:
    """The model that the writer and the staff's editor share."""
    from rag.nli import NliModel

    return NliModel(name)


def is_whole_sentence(text: str, quote: str) -> bool:
    """Whether `text` is one or more whole sentences of `quote`, or all of it; space and quotation marks aside."""
    words, whole = (_QUOTATION_MARKS.sub("", one_line(each)).strip() for each in (text, quote))
    at = whole.find(words) if words else -1
    while at >= 0:
        before, behind = whole[:at].rstrip(), whole[at + len(words) :].strip()
        if (not before or _SENTENCE_EDGE.search(before)) and (not behind or _SENTENCE_EDGE.search(words)):
            return True
        at = whole.find(words, at + 1)
    return False


def evidence_of(citation: Citation, context: str = "") -> Evidence:
    """What is cited, as evidence; `context` is the text around the quote."""
    return Evidence(citation.quote, context, citation.title, citation.source, citation.published)


def source_of(evidence: Evidence) -> Source:
    """`evidence`, read once."""
    context = "\n".join(part for part in (evidence.title, evidence.context) if part)
    return Source(evidence.quote, context, evidence.source, evidence.published)


def _together(evidence: Sequence[Evidence]) -> Evidence:
    """All evidence as one; its day of publication only if they share it."""
    days = {each.published for each in evidence}
    return Evidence(
        quote="\n".join(each.quote for each in evidence),
        context="\n".join(each.context for each in evidence),
        title="\n".join(each.title for each in evidence),
        source=" ".join(dict.fromkeys(each.source for each in evidence)),
        published=days.pop() if len(days) == 1 else None,
    )


def quote_exists(citation: Citation, store: ArticleStore) -> bool:
    """Whether the cited version of the article has exactly the quote's characters at its offsets."""
    try:
        text = store.get(citation.article_id, citation.version).text
    except NotFoundError:
        return False
    return bool(citation.quote) and text[citation.start : citation.end] == citation.quote
