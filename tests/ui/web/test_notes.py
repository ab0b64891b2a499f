"""Notes are worded in the reader's language, from what they hold."""

from datetime import date

import pytest

from rag.answer import Note
from ui.web.languages import LANGUAGES, load_language
from ui.web.notes import as_words, note_views

STALE = Note(
    kind="stale",
    text="The newest report …",
    key="stale",
    values={"published": "2022-10-01", "count": "20", "unit": "month"},
)


def side_values(first, second):
    return {
        "first": first, "first_source": "The Post", "first_published": "2024-03-01", "first_citation": "1",
        "second": second, "second_source": "Gazette", "second_published": "2024-03-02", "second_citation": "2",
    }  # fmt: skip


def view(make_answer, note, code="en"):
    (found,) = note_views(make_answer(notes=(note,)), load_language(code))
    return found


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "The newest report quoted here is from October 1, 2022, 20 months ago."),
        ("es", "La noticia más reciente citada aquí es del 1 de octubre de 2022, hace 20 meses."),
        ("fr", "L’article le plus récent cité ici date du 1 octobre 2022, il y a 20 mois."),
        ("zh-Hans", "此处引用的最新报道发表于2022年10月1日（20个月前）"),
    ],
)
def test_an_old_source_is_told_with_its_age_on_the_day_that_was_asked_for(make_answer, code, words):
    found = view(make_answer, STALE, code)
    assert found.words.startswith(words)
    assert found.english == ""


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", ["conflict", "superseded", "corrected"])
def test_both_figures_and_days_of_a_difference_are_shown(make_answer, code, kind):
    found = view(make_answer, Note(kind=kind, text="English", key=kind, values=side_values("5", "6")), code)
    assert found.heading == load_language(code).strings[f"note.{kind}"]
    assert {(side.value, side.outlet, side.published) for side in found.sides} == {
        ("5", "The Post", date(2024, 3, 1)),
        ("6", "Gazette", date(2024, 3, 2)),
    }
    assert "English" not in as_words(found, load_language(code))


def test_the_figure_that_counts_comes_first(make_answer):
    corrected = view(make_answer, Note(kind="corrected", text="", key="corrected", values=side_values("45", "35")))
    assert [(side.value, side.outdated) for side in corrected.sides] == [("35", False), ("45", True)]
    conflict = view(make_answer, Note(kind="conflict", text="", key="conflict", values=side_values("5", "6")))
    assert [(side.value, side.outdated) for side in conflict.sides] == [("5", False), ("6", False)]


def test_whole_sentences_that_differ_are_not_said_again(make_answer):
    note = Note(kind="conflict", text="", key="conflict_wording", values=side_values("It rained.", "It was dry."))
    assert [side.value for side in view(make_answer, note).sides] == ["", ""]


def test_a_note_without_a_wording_is_shown_in_english(make_answer):
    found = view(make_answer, Note(kind="superseded", text="Someone counts 5 now."), "fr")
    assert found.english == "Someone counts 5 now."
    assert found.heading == "Des chiffres plus récents existent."


def test_what_the_source_cards_say_is_no_note(make_answer):
    flagged = Note(kind="corrected", text="x", key="flagged", values={"article_id": "a", "outlet": "b", "note": "c"})
    assert note_views(make_answer(notes=(flagged,)), load_language("en")) == ()
