"""The language of articles that don't name theirs, told from their words."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from corpus.articles import Article

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

READ = 2000  # characters; more don't change the verdict
# Below this probability the language is left open. The articles of the demo corpus are at 0.9999 and above, single
# sentences in seven languages at 0.995; scraps and numbers are below 0.6, headlines among near relatives below 0.9.
SURE = 0.9


def with_language(article: Article) -> Article:
    """`article` with its language, where it names none and its words leave no doubt."""
    language = article.language or detect(f"{article.title}\n{article.text[:READ]}")
    return replace(article, language=language) if language != article.language else article


def detect(text: str) -> str:
    """The ISO 639-1 code of the language of `text`, or "" when it isn't sure."""
    language, probability = _identifier().classify(text)
    return str(language) if probability >= SURE else ""


@cache
def _identifier() -> LanguageIdentifier:
    """The packaged model, 4 MB; loaded when the first article needs it.

    Only languages with an ISO 639-1 code: those without are mostly near relatives that newspapers don't write in
    (Wu beside Chinese, Moroccan beside standard Arabic), and take away from the certainty.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.nb_classes if len(code) == 2])
    return identifier
