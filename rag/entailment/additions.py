"""Additions of ours in square brackets: "last month [April 2024]", "it [the ministry]"."""

from __future__ import annotations

import re

from rag.claims import facts
from rag.entailment.source import Failure, FailureKind, Source

_BRACKETED = re.compile(r"\s?\[([^\[\]]+)\]")
_ANTECEDENT = 60  # characters before a bracketed date in which the date that it explains stands


def additions(sentence: str, quote: str) -> tuple[str, list[tuple[str, int]]]:
    """`sentence` without its bracketed words that aren't in `quote`, and those with the offsets where they stood."""
    kept, added, behind = "", [], 0
    for match in _BRACKETED.finditer(sentence):
        if match.group().strip() in quote:
            continue
        kept += sentence[behind : match.start()]
        behind = match.end()
        added.append((match[1], len(kept)))
    return kept + sentence[behind:], added


def addition_fails(text: str, words: str, at: int, source: Source) -> Failure | None:
    """Why bracketed `words`, which stood at offset `at` of `text`, aren't borne out; None when they are.

    A date must be what the relative date before it means; anything else must stand in one sentence of quote or
    context.
    """
    explained = facts(words, source.published).periods
    if explained:
        before = [p for p in facts(text, source.published).periods if at - _ANTECEDENT <= p.end - 1 < at]
        meant = before[-1] if before else None
        if meant and explained[0].holds(meant) and meant.holds(explained[0]):
            return None
        instead = f"“{meant.text}” is {meant.first} to {meant.last}" if meant else "no date stands before it"
        return Failure(FailureKind.ADDITION, f"[{words}]: {instead}", contradicted=meant is not None)
    keys = facts(words).content
    if any(keys <= held for held in (*source.clause_keys, *source.context_clause_keys)):
        return None
    return Failure(FailureKind.ADDITION, f"[{words}]: the passage doesn't say it")
