"""Edited answers: what may be changed, and that nothing unsupported or misquoted comes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corpus.errors import InputError, NotFoundError
from corpus.flags import FlagKind, Flags, Scope
from rag.answer import Answer, Note
from rag.sentences import split_sentences
from ui.staff.editing import MODEL, Draft, Editor, EditRefusedError, Line, Place


@pytest.fixture
def editor(stored):
    return Editor(stored)


@pytest.fixture
def place_of(stored):
    """The place of the nth sentence of an article."""

    def find(article_id, n, version=None):
        article = stored.get(article_id, version)
        start, end = split_sentences(article.text)[n]
        return Place(article_id, article.version, start, end)

    return find


@pytest.fixture
def new_version(stored, articles):
    """Stores an article with other words."""

    def store(article_id, before, after):
        article = next(each for each in articles if each.id == article_id)
        assert before in article.text
        stored.upsert([replace(article, text=article.text.replace(before, after))])

    return store


def is_exact(answer: Answer, store) -> bool:
    return all(store.get(c.article_id, c.version).text[c.start : c.end] == c.quote for c in answer.citations)


def test_an_untouched_draft_is_no_edit(editor, make_answer):
    answer = make_answer("When?", "ferry", "visa")
    assert editor.compose(answer, Draft.of(answer)) is None


def test_sentences_are_dropped_and_moved_and_citations_numbered_anew(editor, stored, make_answer):
    answer = make_answer("When?", "ferry", "visa", "court")
    edited = editor.compose(answer, Draft.of(answer).without(0).moved(1, -1))
    assert [c.article_id for c in edited.citations] == ["court", "visa"]
    assert [s.citations for s in edited.sentences] == [(1,), (2,)]
    assert edited.answer == " ".join(f"{s.text} [{n}]" for n, s in enumerate(edited.sentences, start=1))
    assert is_exact(edited, stored)
    assert edited.model == "extractive"
    assert [decision.outcome for decision in edited.trace] == ["shown", "shown"]


def test_a_draft_keeps_its_ends(make_answer):
    draft = Draft.of(make_answer("When?", "ferry", "visa"))
    assert draft.moved(0, -1) == draft
    assert draft.moved(1, 1) == draft
    assert draft.moved(0, 1).lines == draft.lines[::-1]


def test_a_sentence_is_replaced_by_another_of_the_same_or_of_another_article(editor, stored, make_answer, place_of):
    answer = make_answer()
    draft = Draft.of(answer).with_line(editor.quoted(place_of("ferry", 3)), 0)
    draft = draft.with_line(editor.quoted(place_of("visa", 1)))
    edited = editor.compose(answer, draft)
    assert edited.sentences[0].text == "A permit costs 18 crowns and is valid for 24 hours."
    assert edited.citations[1].source == "The Northern Post"
    assert edited.citations[1].published == date(2024, 1, 15)
    assert is_exact(edited, stored)
    assert {sentence.support for sentence in edited.sentences} == {1.0}


def test_relative_dates_of_a_quote_are_made_clear(editor, stored, articles):
    stored.upsert([replace(articles[0], id="told", text="The office shut last month. Nobody said why.")])
    line = editor.quoted(Place("told", 1, 0, 27))
    assert line.text == "The office shut last month [February 2024]."
    assert editor.check(line).problems == ()


def test_a_refusal_becomes_an_answer(editor, stored, make_answer, place_of):
    refusal = make_answer("What does a permit cost?", refused=True, confidence=0.4)
    edited = editor.compose(refusal, Draft(()).with_line(editor.quoted(place_of("ferry", 3))))
    assert not edited.refused
    assert edited.reason is None
    assert edited.answer == "A permit costs 18 crowns and is valid for 24 hours. [1]"
    assert is_exact(edited, stored)


def test_supported_words_of_ones_own_pass(editor, make_answer, place_of):
    edited = editor.compose(
        make_answer(), Draft((Line("The quota for seasonal visas is 9,500 for 2024.", (place_of("visa", 0),)),))
    )
    assert edited.sentences[0].text == "The quota for seasonal visas is 9,500 for 2024."
    assert edited.sentences[0].support >= 0.5
    assert edited.model == MODEL


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The Ministry of Labour raised the quota for seasonal visas to 9,800 for 2024, from 7,000.", "9,800"),
        ("The Ministry of Labour did not raise the quota for seasonal visas to 9,500 for 2024, from 7,000.", "not"),
        ("The Home Office raised the quota for seasonal visas to 9,500 for 2024, from 7,000.", "Home Office"),
        ("Strawberries are a popular fruit all over the world, and very healthy.", ""),
        ("", "no words"),
        ("word " * 400, "characters"),
    ],
)
def test_words_that_the_source_doesnt_bear_out_are_refused_with_the_reason(editor, make_answer, place_of, text, why):
    with pytest.raises(EditRefusedError) as refused:
        editor.compose(make_answer(), Draft((Line(text, (place_of("visa", 0),)),)))
    assert why in " ".join(refused.value.problems[0])
    assert refused.value.problems[0]
    assert "sentence 1: " in str(refused.value)


def test_an_answer_without_a_sentence_or_with_one_twice_is_refused(editor, make_answer):
    answer = make_answer()
    with pytest.raises(EditRefusedError, match="no sentence left"):
        editor.compose(answer, Draft(()))
    line = Draft.of(answer).lines[0]
    with pytest.raises(EditRefusedError, match="there already"):
        editor.compose(answer, Draft((line, line)))
    with pytest.raises(EditRefusedError, match="cites nothing"):
        editor.compose(answer, Draft((replace(line, places=()),)))


@pytest.mark.parametrize(
    "place",
    [
        Place("none", 1, 0, 10), Place("ferry", 9, 0, 10), Place("ferry", 1, 10, 10), Place("ferry", 1, 20, 10),
        Place("ferry", 1, 0, 100_000), Place("ferry", 1, 100_000, 100_010),
    ],
)  # fmt: skip
def test_a_place_that_has_no_words_can_be_neither_quoted_nor_cited(editor, make_answer, place):
    with pytest.raises((InputError, NotFoundError)):
        editor.quoted(place)
    line = Draft.of(make_answer()).lines[0]
    with pytest.raises(EditRefusedError):
        editor.compose(make_answer(), Draft((replace(line, places=(place,)),)))


def test_places_survive_their_text_and_nonsense_is_refused():
    place = Place("a/b: c\nd", 3, 10, 20)
    assert Place.parse(str(place)) == place
    for text in ("", "1:2", "x:1-2:a", "1:1-2:", "9" * 30 + ":1-2:a"):
        with pytest.raises(InputError):
            Place.parse(text)


def test_a_changed_article_is_cited_in_its_present_version_where_that_has_the_words(
    editor, stored, make_answer, new_version
):
    answer = make_answer("When?", "ferry", "visa")
    new_version("ferry", "The ferry office", "Correction: see below.\n\nThe ferry office")
    edited = editor.compose(answer, Draft.of(answer).without(1))
    assert edited.citations[0].version == 2
    assert edited.citations[0].start == answer.citations[0].start + len("Correction: see below.\n\n")
    assert is_exact(edited, stored)


def test_what_an_article_no_longer_says_is_refused(editor, make_answer, new_version):
    answer = make_answer("When?", "ferry", "visa")
    new_version("ferry", "eleven weeks", "twelve weeks")
    with pytest.raises(EditRefusedError, match="has changed"):
        editor.compose(answer, Draft.of(answer).without(1))


def test_a_removed_article_is_no_source(editor, stored, make_answer):
    answer = make_answer("When?", "ferry", "visa")
    stored.remove("ferry")
    with pytest.raises(EditRefusedError, match="taken out"):
        editor.compose(answer, Draft.of(answer).without(1))


@pytest.mark.parametrize("kind", [FlagKind.HIDDEN, FlagKind.RETRACTED])
def test_what_nothing_is_answered_from_is_no_source(editor, stored, make_answer, kind):
    answer = make_answer("When?", "ferry", "visa")
    Flags(stored.database).set(Scope.ARTICLE, "ferry", kind, "It was made up.", "ana")
    with pytest.raises(EditRefusedError, match="hidden or retracted"):
        editor.compose(answer, Draft.of(answer).without(1))


def test_notes_about_the_sources_go_when_one_of_them_does(editor, make_answer):
    conflict = Note(kind="conflict", text="They differ.")
    answer = make_answer("When?", "ferry", "visa", notes=(conflict,))
    assert editor.compose(answer, Draft.of(answer).moved(0, 1)).notes == (conflict,)
    assert editor.compose(answer, Draft.of(answer).without(0)).notes == ()
    old = make_answer("What is the quota?", "ferry", "visa", as_of=date(2026, 1, 1))
    assert [note.kind for note in editor.compose(old, Draft.of(old).without(0)).notes] == ["stale"]


def test_an_edited_answer_that_came_from_elsewhere_is_checked_too(editor, make_answer):
    answer = make_answer()
    editor.check_answer(answer)
    forged = answer.citations[0].model_copy(update={"quote": "Anything goes."})
    with pytest.raises(EditRefusedError):
        editor.check_answer(answer.model_copy(update={"citations": (forged,)}))
    wrong = answer.sentences[0].model_copy(update={"text": "The ferry office closed for ever."})
    with pytest.raises(EditRefusedError):
        editor.check_answer(answer.model_copy(update={"sentences": (wrong,)}))
