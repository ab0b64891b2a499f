"""Contrasts: pairs of like quotes with two claims, each of which only one of them bears out.

    = eu-07 | 3,4
    ~ the quote rewritten so that it says something else in one respect | kind
    + claim that the quote bears out and the rewritten one doesn't
    - claim that the rewritten quote bears out and the quote doesn't

"=" gives an article of the written news and the quote's sentences; the headline and the sentence before say who "he"
is. Every claim is once true and once false, so that neither a claim nor a quote alone says whether they fit (contrast
sets: Gardner et al. 2020, arXiv:2004.02709).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from corpus.errors import InputError
from eval.training.news import NEWS, read_news, take_lines
from eval.training.squad import Paragraph
from eval.verifier.data import Claim, Passage, Split

CONTRASTS = Path(__file__).with_name("contrasts")
KINDS = frozenset("number date name negation opposite roles modality quantifier scope cause comparison topic".split())
_SPLITS: tuple[Split, Split] = ("tune", "test")
_QUOTE = re.compile(r"= (?P<id>[\w-]+) \| (?P<first>\d+)(?:, ?(?P<last>\d+))?")
_REWRITTEN = re.compile(r"~ (?P<text>[^|]+) \| (?P<kind>\w+)")


def contrasts(split: Split | None = None, folder: Path = CONTRASTS, news: Path = NEWS) -> list[Passage]:
    """The contrasts of one half, or all, as two passages each, which have the article's id.

    Those about every other article are for tuning.

    Args:
        split: which half.
        folder: of .txt files.
        news: the folder of the news that they are about.

    Raises:
        InputError: a line isn't as it should be; the message names it.
    """
    articles, _ = read_news(news)
    known = {article.id.rpartition(":")[2]: (article, _SPLITS[i % 2]) for i, article in enumerate(articles)}
    found: list[Passage] = []
    for path in sorted(folder.glob("*.txt")):
        reading = _File(known, found)
        take_lines(path, path.read_bytes(), reading.take)
        if reading.unfinished:
            raise InputError(f"{path} ends within a contrast.")
    return [passage for passage in found if split in (None, passage.split)]


class _File:
    """Takes the lines of a file, and adds to `found`."""

    def __init__(self, known: Mapping[str, tuple[Paragraph, Split]], found: list[Passage]) -> None:
        self._known, self._found = known, found
        self._about: Passage | None = None
        self._other: tuple[Passage, str] | None = None
        self._claim: str | None = None

    @property
    def unfinished(self) -> bool:
        """Whether a contrast has begun and wants further lines."""
        return self._other is not None

    def take(self, line: str) -> None:
        """Raises ValueError for a line that isn't as it should be."""
        if not line:
            return
        mark, text = line[:2], line[2:].strip()
        wanted = ("-" if self._claim else "+") if self._other else None
        if wanted and mark != f"{wanted} ":
            raise ValueError(f"a contrast goes on with “{wanted}”.")
        if mark == "= ":
            self._about = self._quoted(line)
        elif mark == "~ " and self._about:
            self._other = self._rewritten(line, self._about)
        elif mark == "+ " and self._other:
            self._claim = text
        elif mark == "- " and self._about and self._other and self._claim:
            other, kind = self._other
            for passage, true, false in ((self._about, self._claim, text), (other, text, self._claim)):
                claims = (
                    Claim(label="supported", kind=kind, claim=true),
                    Claim(label="contrasted", kind=kind, claim=false),
                )
                self._found.append(passage.model_copy(update={"claims": claims}))
            self._other = self._claim = None
        else:
            raise ValueError("a file is made of “=” with contrasts behind it, and a contrast of “~”, “+” and “-”.")

    def _quoted(self, line: str) -> Passage:
        match = _QUOTE.fullmatch(line)
        if not match:
            raise ValueError("a quote is “= article | sentence” or “= article | first,last”.")
        if match["id"] not in self._known:
            raise ValueError(f"there is no article {match['id']}.")
        article, split = self._known[match["id"]]
        first = int(match["first"]) - 1
        last = int(match["last"] or match["first"]) - 1
        spans = article.sentences
        if not 0 <= first <= last < len(spans):
            raise ValueError(f"the article has {len(spans)} sentences.")
        return Passage(
            id=article.id,
            split=split,
            title=article.headline,
            source="",
            published=article.published or date.min,
            before=article.text[slice(*spans[first - 1])] if first else "",
            quote=article.text[spans[first][0] : spans[last][1]],
            after="",
            claims=(),
        )

    def _rewritten(self, line: str, about: Passage) -> tuple[Passage, str]:
        match = _REWRITTEN.fullmatch(line)
        if not match or match["kind"] not in KINDS:
            raise ValueError(f"a rewriting is “~ quote | kind”, the kind one of {', '.join(sorted(KINDS))}.")
        return about.model_copy(update={"quote": match["text"]}), match["kind"]
