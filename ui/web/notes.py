"""Notes beside an answer in the reader's language, made from what they hold rather than from their English words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.answer import Answer, Note
from ui.web.languages import Language


@dataclass(frozen=True)
class Side:
    """What one report says where reports differ.

    Attributes:
        n: the citation's number.
        value: in the article's language; "" where reports don't differ in a figure but in what they say.
        outdated: another side has a newer figure or the corrected one.
    """

    n: int
    value: str
    outlet: str
    published: date | None
    outdated: bool


@dataclass(frozen=True)
class NoteView:
    """A note as it is shown.

    Attributes:
        heading: what kind of note it is.
        words: what it says in the interface's language; "" where the heading and the sides say all.
        english: what it says in English, where there is no wording for it in the interface's language; else "".
        sides: what each report says, the one that counts in front.
    """

    kind: str
    heading: str
    words: str
    english: str
    sides: tuple[Side, ...]


def note_views(answer: Answer, language: Language) -> tuple[NoteView, ...]:
    """The notes of `answer`, but those that the source cards give (what staff say about an article)."""
    return tuple(_view(note, answer, language) for note in answer.notes if note.key != "flagged")


def as_words(note: NoteView, language: Language) -> str:
    """The whole note as one line of text."""
    sides = "; ".join(
        " · ".join(part for part in (side.value, side.outlet, _day(side, language)) if part) for side in note.sides
    )
    return " ".join(part for part in (note.heading, note.words or note.english, sides) if part)


def _view(note: Note, answer: Answer, language: Language) -> NoteView:
    words = ""
    if note.kind == "stale" and note.values:
        day = date.fromisoformat(note.values["published"])
        words = language.text("note.stale.text", day=language.day(day), age=language.age(day, answer.as_of))
    sides = _sides(note)
    return NoteView(note.kind, language.note(note.kind), words, "" if words or sides else note.text, sides)


def _sides(note: Note) -> tuple[Side, ...]:
    if "first" not in note.values:
        return ()
    first, second = (_side(note, name) for name in ("first", "second"))
    return (first, second) if note.kind == "conflict" else (second, first)


def _side(note: Note, name: str) -> Side:
    published = note.values[f"{name}_published"]
    return Side(
        n=int(note.values[f"{name}_citation"]),
        value="" if note.key == "conflict_wording" else note.values[name],
        outlet=note.values[f"{name}_source"],
        published=date.fromisoformat(published) if published else None,
        outdated=note.kind != "conflict" and name == "first",
    )


def _day(side: Side, language: Language) -> str:
    return language.day(side.published) if side.published else ""
