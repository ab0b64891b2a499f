"""What readers see of flags: a banner on every answer that cited the article; elsewhere nothing of what is hidden."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus import load_settings
from corpus.flags import Flag, FlagKind, Flags, Scope
from rag.answer import Answer, Citation
from rag.assistant import Assistant
from ui.web.corpus_facts import CorpusSurvey
from ui.web.export import as_markdown, as_text
from ui.web.languages import LANGUAGES, load_language
from ui.web.pages import Pages, answer_view
from ui.web.sources import source_card, told
from ui.web.suggestions import Suggestions

pytestmark = pytest.mark.slow
NOTE = "The figure of 1,977 was <b>wrong</b>."
CITED = "permit/2023"


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant of this test's own, for its flags."""
    data = shutil.copytree(folder, tmp_path / "own", ignore=shutil.ignore_patterns("*.lock*"))
    with Assistant.open(data, load_settings(data=data)) as opened:
        yield opened


@pytest.fixture
def flag(own: Assistant) -> Callable[..., Flag]:
    def set_flag(kind: FlagKind, note: str = NOTE, scope: Scope = Scope.ARTICLE, subject: str = CITED) -> Flag:
        return Flags(own.store.database).set(scope, subject, kind, note, "ada")

    return set_flag


def _permanent_page(own: Assistant, answer: Answer, code: str = "en") -> str:
    view = answer_view("x", answer, own.store)
    return Pages(own.store).page(
        "answer.html", load_language(code), base="", section="", view=view, answered_on=date(2024, 6, 1)
    )


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", [FlagKind.CORRECTED, FlagKind.RETRACTED])
def test_answer_that_cited_a_flagged_article_says_so_beside_it_and_on_its_card(
    own: Assistant, flag: Callable[..., Flag], make_answer: Callable[..., Answer], kind: FlagKind, code: str
) -> None:
    answer = make_answer()
    words = load_language(code).text(f"note.flag.{kind}")
    before = _permanent_page(own, answer, code)
    assert words not in before
    assert load_language(code).text("shared.same") in before

    flag(kind)
    page = _permanent_page(own, answer, code)
    assert page.count(words) == 2
    assert page.count("&lt;b&gt;wrong&lt;/b&gt;") == 2
    assert load_language(code).text("shared.same") not in page


def test_the_conversation_shows_the_banner_too(
    own: Assistant, flag: Callable[..., Flag], make_answer: Callable[..., Answer]
) -> None:
    flag(FlagKind.RETRACTED)
    view = answer_view("x", make_answer(), own.store)
    html = Pages(own.store)._part("_answer.html", load_language("en"), view=view)
    assert html.count("This article has been retracted:") == 2
    assert "<b>" not in html


def test_why_an_article_is_hidden_is_not_told(
    own: Assistant, flag: Callable[..., Flag], make_answer: Callable[..., Answer]
) -> None:
    flag(FlagKind.HIDDEN, "A lawyer wrote to us.", Scope.OUTLET, "Westhaven Gazette")
    page = _permanent_page(own, make_answer())
    assert page.count("Passage no longer answers from this article.") == 2
    assert "lawyer" not in page


def test_article_cited_twice_has_one_banner(
    own: Assistant,
    flag: Callable[..., Flag],
    make_answer: Callable[..., Answer],
    make_citation: Callable[..., Citation],
) -> None:
    flag(FlagKind.CORRECTED)
    view = answer_view("x", make_answer(citations=(make_citation(), make_citation(n=2))), own.store)
    assert [card.n for card in view.flagged] == [1]


def test_a_retraction_says_enough_to_leave_out_that_it_is_hidden(flag: Callable[..., Flag]) -> None:
    flags = [flag(kind) for kind in FlagKind]
    assert [shown.kind for shown in told(flags)] == ["retracted", "corrected"]
    assert [(shown.kind, shown.note) for shown in told(flags[:1])] == [("hidden", "")]


def test_unflagged_card_has_no_banner(
    own: Assistant, flag: Callable[..., Flag], make_citation: Callable[..., Citation]
) -> None:
    flag(FlagKind.CORRECTED)
    assert source_card(make_citation(), own.store).flags
    Flags(own.store.database).clear(Scope.ARTICLE, CITED, FlagKind.CORRECTED)
    assert source_card(make_citation(), own.store).flags == ()


def test_copied_answer_carries_the_note(
    own: Assistant, flag: Callable[..., Flag], make_answer: Callable[..., Answer]
) -> None:
    flag(FlagKind.CORRECTED, "It was 1,978 [not 1,977].")
    view = answer_view("x", make_answer(), own.store)
    language = load_language("en")
    assert "\n[1] The outlet has corrected this article: It was 1,978 [not 1,977].\n" in as_text(
        view.answer, language, "link", view.flagged
    )
    assert r"corrected this article: It was 1,978 \[not 1,977\]." in as_markdown(
        view.answer, language, "link", view.flagged
    )


def test_hidden_article_leaves_lists_and_suggestions_at_once_and_comes_back(
    own: Assistant, flag: Callable[..., Flag]
) -> None:
    survey, suggestions = CorpusSurvey(own.store), Suggestions(own)

    def listed() -> set[str]:
        return {headline.article_id for headline in survey.facts().headlines}

    assert CITED in listed()
    assert suggestions.about(own.store.get(CITED))
    examples = suggestions.examples()
    assert any("Oakmere" in question for question in examples)

    flag(FlagKind.HIDDEN)
    flag(FlagKind.RETRACTED, subject="hostile")
    assert not {CITED, "hostile"} & listed()
    assert not any("Oakmere" in question for question in suggestions.examples())
    assert suggestions.about(own.store.get(CITED)) == []

    Flags(own.store.database).clear(Scope.ARTICLE, CITED, FlagKind.HIDDEN)
    Flags(own.store.database).clear(Scope.ARTICLE, "hostile", FlagKind.RETRACTED)
    assert {CITED, "hostile"} <= listed()
    assert suggestions.examples() == examples


def test_no_question_leads_on_to_what_was_hidden_since(
    own: Assistant, flag: Callable[..., Flag], make_answer: Callable[..., Answer]
) -> None:
    suggestions = Suggestions(own)
    assert any("permits" in question for question in suggestions.following(make_answer()))
    flag(FlagKind.HIDDEN, "", Scope.OUTLET, "Westhaven Gazette")
    assert not any("permits" in question for question in suggestions.following(make_answer()))


def test_earlier_refusal_offers_no_headline_that_was_hidden_since(
    own: Assistant, flag: Callable[..., Flag], make_answer: Callable[..., Answer]
) -> None:
    refusal = make_answer(refused=True)
    assert "Refugios del norte" in _permanent_page(own, refusal)
    flag(FlagKind.RETRACTED, subject="ferry")
    assert "Refugios del norte" not in _permanent_page(own, refusal)
