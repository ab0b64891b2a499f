"""The language of an article is told from its words, or left open."""

import pytest

from corpus import Article, ArticleStore
from corpus.ingest import ingest
from corpus.language import detect, with_language

SPANISH = (
    "La oficina del transbordador de Puerto Gris reabrió el 3 de marzo de 2024 tras once semanas de cierre. "
    "La alcaldesa dijo que más de cuatrocientos pasajeros habían pedido la devolución de su dinero."
)
TEXTS = {
    "en": "The ferry office reopened in March after a closure of eleven weeks, and the mayor was glad.",
    "es": SPANISH,
    "fr": "Le bureau du traversier a rouvert en mars après onze semaines, a annoncé la mairie de la ville.",
    "de": "Das Büro der Fähre hat im März nach elf Wochen wieder geöffnet, teilte die Bürgermeisterin der Stadt mit.",
    "zh": "轮渡办公室在关闭十一周后于三月重新开放，市长感谢了所有工作人员。",
    "ar": "أعيد فتح مكتب العبارة في شهر مارس بعد إغلاق دام أحد عشر أسبوعا، وقالت رئيسة البلدية إنه يصدر تصاريح.",
    "uk": "Офіс порома знову відкрився у березні після одинадцяти тижнів, повідомила міська рада.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_few_sentences_tell_the_language(code):
    assert detect(TEXTS[code]) == code


@pytest.mark.parametrize("text", ["", "12 34 55", "Ok.", "word " * 100, "Abogados migrantes", "wffbo fwefw", "🛂🛃"])
def test_what_is_unsure_is_left_open(text):
    assert detect(text) == ""


def test_what_the_source_says_counts():
    article = Article(title="", text=SPANISH, language="gl")
    assert with_language(article) is article


def test_of_a_huge_article_only_the_beginning_is_read():
    assert with_language(Article(title="Titular", text=SPANISH * 20 + TEXTS["uk"] * 50_000)).language == "es"


def test_ingest_keeps_the_language_and_changes_nothing_the_second_time(store: ArticleStore):
    articles = [Article(id="a", title="Titular", text=SPANISH), Article(id="b", title="", text="12 34 55")]
    ingest(articles, store)
    assert (store.get("a").language, store.get("b").language) == ("es", "")
    assert dict(ingest(articles, store).changes) == {"unchanged": 2}
