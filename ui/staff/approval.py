"""What a review approves: the answer as it is, an edited one, or a refusal in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.answer import Answer, Headline, Reason
from rag.asked_time import asked_time
from rag.passage_store import PassageStore
from rag.refusal import NEAREST
from rag.refusal import words as refusal_text

if TYPE_CHECKING:
    from ui.staff.reviews import Review

GOOD, SHOULD_REFUSE = "good", "should_refuse"  # of `ui.staff.reviews.Verdict`, which builds on this module


def approved_answer(review: Review, answer: Answer, passages: PassageStore) -> Answer | None:
    """What those who ask the same get by `review` of `answer`; None where it approves nothing."""
    if review.edited is not None:
        return review.edited
    if review.verdict == GOOD:
        return answer
    if review.verdict == SHOULD_REFUSE:
        return _refusal(answer, passages)
    return None


def _refusal(answer: Answer, passages: PassageStore) -> Answer:
    """A refusal of the question that `answer` should not have answered; what it cited is offered as lying near."""
    cited = {citation.article_id: citation for citation in answer.citations if citation.title}
    headlines = tuple(
        Headline(article_id=c.article_id, title=c.title, source=c.source, published=c.published)
        for c in list(cited.values())[:NEAREST]
    )
    when = asked_time(answer.question, answer.as_of)
    update = {
        "answer": refusal_text(Reason.NOT_COVERED, when, passages.dates(), headlines),
        "refused": True,
        "reason": Reason.NOT_COVERED,
        "sentences": (),
        "citations": (),
        "notes": (),
        "nearest": headlines,
    }
    return answer.model_copy(update=update)
