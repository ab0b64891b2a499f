"""What a reviewer's form says, read and acted on: verdicts, a note, and an edited answer under way."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from corpus.errors import InputError
from corpus.text import one_line
from rag.answer import Answer
from ui.staff.editing import Draft, Editor, Line, Place
from ui.staff.queue import Cursor
from ui.staff.review_page import Filled
from ui.staff.reviews import Judgement, SentenceVerdict, Verdict

_NUMBER = re.compile(r"[0-9]{1,15}")  # more than that is no number of the log's


@dataclass(frozen=True)
class ReviewForm:
    """A form as it was sent.

    Attributes:
        seen: the review that was in force when the page was made.
        heard: number of the last vote that the page showed.
        cursor: where in the queue the answer stood.
        seconds: since the page was made.
    """

    filled: Filled
    seen: int | None
    heard: int
    cursor: Cursor | None
    opened: float

    @property
    def seconds(self) -> float:
        """How long the page has been open."""
        return max(0.0, time.time() - self.opened)


def read_form(form: FormData, answer: Answer) -> ReviewForm:
    """The form about `answer`.

    Raises:
        InputError: it isn't one that the console's page could have sent.
    """
    verdict = _text(form, "verdict")
    sentences = [_text(form, f"s{i}") for i in range(len(answer.sentences))]
    try:
        return ReviewForm(
            filled=Filled(
                verdict=Verdict(verdict) if verdict else None,
                sentences=tuple(SentenceVerdict(each) if each else None for each in sentences),
                note=_text(form, "note").replace("\r\n", "\n").strip(),
                draft=_draft(form) if form.get("editing") else None,
                looked_for=one_line(_text(form, "looked_for")),
                target=_number(_text(form, "target")),
            ),
            seen=_number(_text(form, "seen")),
            heard=_number(_text(form, "heard")) or 0,
            cursor=Cursor.parse(_text(form, "cursor")),
            opened=float(_text(form, "opened") or time.time()),
        )
    except ValueError:
        raise InputError("The form can't be read.", "Load the page again and judge once more.") from None


def edited(filled: Filled, action: str, answer: Answer, editor: Editor) -> Filled:
    """The form after a press of one of the editor's buttons.

    Args:
        filled: the form.
        action: "open", "close", "check", "up:1", "down:1", "drop:1" or "use:" and a place.
        answer: what is edited.
        editor: quotes from the articles.

    Raises:
        InputError: there is no such button.
        NotFoundError: the article that is to be quoted is gone.
    """
    draft = filled.draft or Draft.of(answer)
    verb, _, what = action.partition(":")
    i = int(what) if verb in ("up", "down", "drop") and _NUMBER.fullmatch(what) else None
    if i is not None and not 0 <= i < len(draft.lines):
        return replace(filled, draft=draft)  # pressed twice
    match verb, i:
        case "close", _:
            return replace(filled, draft=None, looked_for="", target=None)
        case "open" | "check" | "search", _:
            return replace(filled, draft=Draft(tuple(editor.up_to_date(line) for line in draft.lines)))
        case "up", int():
            draft = draft.moved(i, -1)
        case "down", int():
            draft = draft.moved(i, 1)
        case "drop", int():
            draft = draft.without(i)
        case "use", _:
            target = filled.target if filled.target is not None and filled.target < len(draft.lines) else None
            draft = draft.with_line(editor.quoted(Place.parse(what)), target)
        case _:
            raise InputError(f"There is no action {action!r}.", "Load the page again.")
    return replace(filled, draft=draft, target=None)


def judgement(filled: Filled, answer: Answer, editor: Editor) -> Judgement:
    """What the form says about `answer`.

    Raises:
        EditRefusedError: a sentence of the edited answer isn't borne out by what it cites.
        InputError: no verdict was chosen.
    """
    if filled.verdict is None:
        raise InputError("No verdict was chosen for the whole answer.", "Choose one, then save.")
    instead = editor.compose(answer, filled.draft) if filled.draft else None
    return Judgement(filled.verdict, filled.sentences, filled.note, instead)


def _draft(form: FormData) -> Draft:
    texts = [str(each) for each in form.getlist("line")]
    places = [str(each) for each in form.getlist("places")]
    return Draft(
        tuple(
            Line(one_line(text), tuple(Place.parse(place) for place in cited.splitlines()))
            for text, cited in zip(texts, places, strict=True)
        )
    )


def _text(form: FormData, name: str) -> str:
    return str(form.get(name) or "")


def _number(text: str) -> int | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)
