"""Whether what an approved answer rests on has changed, or newer articles tell its story."""

from __future__ import annotations

from datetime import UTC, date, datetime

from corpus.flags import Flags
from rag.answer import Answer
from rag.assistant import Assistant
from rag.stories import articles_of

# A newer article tells the answer's story when a passage of it is among so many hits for the question, and scores
# so much of what the best passage that the answer cites does. On the golden set, 100 of 113 questions then notice
# an update of their article (its figures changed, its first paragraph moved behind), and one in 350 of the others
# that might arrive is taken for one. With 5 hits 94 notice it; with 0.7 103 (one in 170 mistaken), with 0.9 80.
LOOKED_AT = 10
AS_GOOD = 0.8


def changed(assistant: Assistant, answer: Answer, approved_at: datetime) -> tuple[str | None, list[str]]:
    """Why the articles that `answer` cites no longer bear it out, as a `Because`, and which; None when they do.

    What staff knew when they approved it, such as a correction, is no reason.
    """
    cited = {citation.article_id: citation.version for citation in answer.citations}
    if not cited:
        return None, []
    marks = ", ".join("?" * len(cited))
    with assistant.store.database.reading() as connection:
        rows = connection.execute(
            f"SELECT article_id, current_version, removed_at FROM articles WHERE article_id IN ({marks})",
            tuple(cited),
        ).fetchall()
    there = {row["article_id"] for row in rows if row["removed_at"] is None}
    gone = [article_id for article_id in cited if article_id not in there]
    if gone:
        return "removed", gone
    flags = Flags(assistant.store.database).of(cited)
    flagged = [
        key for key, some in flags.items() if any(flag.kind.hides or flag.flagged_at >= approved_at for flag in some)
    ]
    if flagged:
        return "flagged", flagged
    newer = [row["article_id"] for row in rows if row["current_version"] != cited[row["article_id"]]]
    return ("new_version", newer) if newer else (None, [])


def newer_articles(assistant: Assistant, question: str, answer: Answer, last_version: int) -> list[str]:
    """Keys of the articles that arrived after the approval and tell as much about `question` as what `answer` cites.

    What only repeats a cited article word for word, or is older than all of them, brings nothing new. Of a question
    that was refused, an article counts when it would be answered from.

    Args:
        assistant: over the articles.
        question: that the answer is served for.
        answer: what was approved.
        last_version: as `newest_version` gave it then.
    """
    today = datetime.now(UTC).date()
    hits = assistant.search(question, as_of=today).hits
    if answer.refused:
        if not _arrived(assistant, [hit.passage.article_id for hit in hits], last_version):
            return []  # and no answer need be put together
        fresh = assistant.ask(question, as_of=today)
        return _arrived(assistant, [citation.article_id for citation in fresh.citations], last_version)
    cited = {citation.article_id for citation in answer.citations}
    newest = max((c.published for c in answer.citations if c.published), default=date.min)
    of_cited = [hit.fused for hit in hits if not cited.isdisjoint(articles_of(hit))]
    best = max(of_cited or [hit.fused for hit in hits], default=0.0)
    near = [
        hit.passage.article_id
        for hit in hits[:LOOKED_AT]
        if cited.isdisjoint(articles_of(hit))
        and hit.fused >= AS_GOOD * best
        and (hit.passage.published is None or hit.passage.published >= newest)
    ]
    return _arrived(assistant, near, last_version)


def newest_version(assistant: Assistant) -> int:
    """The row of the version of an article that was stored last."""
    with assistant.store.database.reading() as connection:
        return int(connection.execute("SELECT coalesce(max(rowid), 0) FROM versions").fetchone()[0])


def _arrived(assistant: Assistant, article_ids: list[str], last_version: int) -> list[str]:
    """Those of the articles whose first version was stored behind `last_version`, each once."""
    unique = list(dict.fromkeys(article_ids))
    marks = ", ".join("?" * len(unique))
    with assistant.store.database.reading() as connection:
        rows = connection.execute(
            f"SELECT article_id FROM versions WHERE article_id IN ({marks}) GROUP BY 1 HAVING min(rowid) > ?",
            (*unique, last_version),
        ).fetchall()
    arrived = {row["article_id"] for row in rows}
    return [article_id for article_id in unique if article_id in arrived]
