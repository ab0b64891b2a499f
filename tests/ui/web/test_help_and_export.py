"""Where official help is, and answers to take away."""

import pytest

from rag.answer import Sentence
from ui.web.export import as_markdown, as_text
from ui.web.languages import load_language
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
    assert host in offices(question)[0].url


def test_without_a_country_there_is_one_for_all():
    assert [office.url for office in offices("Will they let us stay?")] == ["https://help.unhcr.org"]
    assert all(office.url.startswith("https://") for office in offices("US, UK, Canada, EU"))


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


def test_a_refusal_is_copied_in_its_own_words(make_answer):
    assert as_markdown(make_answer(refused=True), load_language("fr"), LINK).startswith("No.")
