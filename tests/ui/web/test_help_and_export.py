"""Where official help is, and answers to take away."""

import pytest

from rag.answer import Note, Sentence
from ui.web.export import as_markdown, as_text
from ui.web.languages import LANGUAGES, load_language
from ui.web.official_help import offices

LINK = "https://passage.example/a/x"


@pytest.mark.parametrize(
    ("question", "host"),
    [
        ("Will I be deported from the US?", "uscis.gov"),
        ("¿Me van a deportar de Estados Unidos?", "uscis.gov"),
        ("我会被美国驱逐吗？", "uscis.gov"),
        ("Can I bring my wife to the UK?", "gov.uk"),
        ("Vais-je être expulsé du Canada ?", "canada.ca"),
        ("Can my son study in Australia?", "homeaffairs.gov.au"),
        ("Podré pedir asilo en México?", "gob.mx"),
    ],
)
def test_help_is_that_of_the_country_asked_about(question, host):
    assert host in offices(question)[0].link("en").url


@pytest.mark.parametrize(
    ("country", "language", "url"),
    [
        ("US", "es", "https://www.uscis.gov/es"),
        ("US", "en", "https://www.uscis.gov"),
        ("US", "zh-Hans", "https://www.uscis.gov/tools/multilingual-resource-center"),
        ("Canada", "fr", "https://www.canada.ca/fr/services/immigration-citoyennete.html"),
        ("Canada", "es", "https://www.canada.ca/en/services/immigration-citizenship.html"),
        ("EU", "fr", "https://immigration-portal.ec.europa.eu/index_fr"),
    ],
)
def test_an_office_is_linked_in_the_readers_language_where_it_has_it(country, language, url):
    assert offices(f"Will I be deported from {country}?")[0].link(language).url == url


def test_without_a_country_there_is_one_for_all():
    assert [office.link("en").url for office in offices("Will they let us stay?")] == ["https://help.unhcr.org"]


def test_every_link_is_safe_and_in_a_language_that_the_page_can_name():
    everywhere = offices("US, UK, Canada, Australia, Mexico, Germany, France, Spain, EU")
    links = [link for office in everywhere for link in office.links]
    assert len(everywhere) >= 13
    assert all(link.url.startswith("https://") and link.language in LANGUAGES for link in links)


def test_an_answer_as_text(make_answer):
    text = as_text(make_answer(), load_language("en"), LINK)
    assert "1,977 day permits in 2023, clerk Jon Aas said. [1]" in text
    assert (
        "[1] Harbour permits in 2023 · Westhaven Gazette · December 20, 2023\n    https://gazette.example/2023"
        in text
    )
    assert text.endswith(LINK)


def test_markdown_holds_no_markup_of_an_article(make_answer, make_citation):
    hostile = make_citation(
        title="](javascript:x) <b>*Bold*</b>", url="https://x.example/a>b", quote="# Not a\n\nheading `code`"
    )
    answer = make_answer(
        citations=(hostile,), sentences=(Sentence(text="An [evil](x) answer.", citations=(1,), support=1.0),)
    )
    markdown = as_markdown(answer, load_language("en"), LINK)
    assert r"An \[evil\](x) answer. [1]" in markdown
    assert r"1. [\](javascript:x) \<b\>\*Bold\*\</b\> ·" in markdown
    assert "(<https://x.example/a%3Eb>)" in markdown
    assert r"> \# Not a heading \`code\`" in markdown


def test_a_refusal_is_copied_in_the_readers_language(make_answer):
    for as_words in (as_markdown, as_text):
        copied = as_words(make_answer(refused=True), load_language("fr"), LINK)
        assert copied.startswith("Les articles présents ici n’y répondent pas")


def test_notes_are_copied_with_the_answer(make_answer):
    note = Note(
        kind="conflict",
        text="Reports differ: …",
        key="conflict",
        values={
            "first": "5", "first_source": "The *Post*", "first_published": "2024-03-01", "first_citation": "1",
            "second": "6", "second_source": "", "second_published": "", "second_citation": "1",
        },
    )  # fmt: skip
    answer = make_answer(notes=(note,))
    assert "Las fuentes difieren. 5 · The *Post* · 1 de marzo de 2024; 6\n" in as_text(
        answer, load_language("es"), LINK
    )
    assert r"Reports differ. 5 · The \*Post\* · March 1, 2024; 6" in as_markdown(answer, load_language("en"), LINK)
