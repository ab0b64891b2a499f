"""Synthetic immigration news of any size, always the same for one seed: articles, passages, vectors and questions.

Words follow Zipf's law. Each article has two topics, which show in its words and in its vectors: a topic's vector is
the real embedding of a sentence about it, a passage's the sum of its topics' and of noise, so that neighbourhoods and
the agreement of dense and lexical search are like those of real news, at a thousandth of the cost of embedding it.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from random import Random

import numpy as np

from corpus.articles import Article
from eval.bench.words import FIRST_NAMES, FUNCTION_WORDS, LANGUAGES, OUTLETS, PLACES, TERMS, Language, vocabulary
from rag.passages import Passage, Span, Vectors

PASSAGES_EACH = 3  # of an article
SENTENCES = (6, 9)  # of a passage, the fewest and the most
PASSAGE_WORDS = (120, 180)
TITLE_WORDS = 8
BLOCK = 500  # articles made at a time, some 25 MB of them
FIRST_DAY, DAYS = date(2015, 1, 1), 3652  # ten years of publication dates
TOPICS = 400
TOPIC_TERMS, TOPIC_WORDS = 2, 12  # terms of the field and other words that a topic has of its own
ON_TOPIC = 0.3  # of an article's words come from its topics
COPIES = 0.1  # of the articles are another outlet's report, taken over
ZIPF_SHIFT = 2.7  # Zipf's law as Mandelbrot corrected it: frequency ~ 1 / (rank + 2.7)
NOISES = 4096
# Weights in a passage's vector: its second topic, noise that its article's passages share, noise of its own, and in a
# sentence's vector that of the sentence. Passages of one article then have a cosine of about 0.75, of one topic 0.4.
SECOND_TOPIC, ARTICLE_NOISE, PASSAGE_NOISE, SENTENCE_NOISE = 0.5, 0.7, 0.8, 0.8
QUESTION_KINDS = ("frequent words", "topic", "rare name", "month", "misspelt name")

Embed = Callable[[Sequence[str]], Vectors]
"""Embeddings of texts, of length 1, one a row."""


@dataclass(frozen=True)
class SyntheticArticle:
    """An article with its passages, their vectors [passages, dimension] and, for each, those of its sentences."""

    article: Article
    passages: tuple[Passage, ...]
    vectors: Vectors
    sentence_vectors: tuple[Vectors, ...]


@dataclass(frozen=True)
class SyntheticQuestion:
    """A question about the synthetic news, and which of `QUESTION_KINDS` it is."""

    text: str
    kind: str


class SyntheticNews:
    """Endless news of one seed, in blocks of `BLOCK` articles, each made without those before it.

    `embed` is called when the first block is made; questions need no vectors.
    """

    def __init__(self, embed: Embed, seed: int) -> None:
        self._embed = embed
        self._seed = seed
        self._words, self._surnames = vocabulary()
        self._frequency = _zipf(len(self._words["en"]))
        self._fame = _zipf(len(self._surnames))
        first_word = FUNCTION_WORDS + len(TERMS)
        _, chance = self._chance("topics")
        terms = chance.integers(FUNCTION_WORDS, first_word, (TOPICS, TOPIC_TERMS))
        others = chance.integers(first_word, len(self._words["en"]) // 4, (TOPICS, TOPIC_WORDS))
        self._topics = np.hstack([terms, others]).tolist()

    @cached_property
    def _topic_vectors(self) -> Vectors:
        dice, _ = self._chance("topic sentences")
        return self._embed([self._sentence_about(dice, topic) for topic in self._topics])

    @cached_property
    def _noises(self) -> Vectors:
        """Sums of all topics by chance: of length 1 on average, in directions that vary as topics do."""
        _, chance = self._chance("noise")
        weights = chance.standard_normal((NOISES, TOPICS), dtype=np.float32) / np.sqrt(TOPICS, dtype=np.float32)
        noises: Vectors = weights @ self._topic_vectors
        return noises

    def block(self, number: int) -> list[SyntheticArticle]:
        """The articles from `number * BLOCK` on."""
        dice, chance = self._chance(f"block {number}")
        topics = chance.integers(0, TOPICS, (BLOCK, 2))
        vectors = self._passage_vectors(chance, topics)
        made: list[SyntheticArticle] = []
        for i in range(BLOCK):
            identifier = f"synthetic-{number * BLOCK + i:07d}"
            if made and dice.random() < COPIES:
                made.append(_copied(dice, dice.choice(made), identifier))
                continue
            language = dice.choices(LANGUAGES, [language.share for language in LANGUAGES])[0]
            title, text, passages = self._text(dice, language, topics[i].tolist())
            day = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
            article = _published(Article(title, text, id=identifier, language=language.code), _outlet(dice), day)
            inside = tuple(
                self._sentence_vectors(chance, vector, len(passage.sentences))
                for passage, vector in zip(passages, vectors[i], strict=True)
            )
            made.append(SyntheticArticle(article, passages, vectors[i], inside))
        return made

    def questions(self, count: int) -> list[SyntheticQuestion]:
        """`count` questions in English, of each of `QUESTION_KINDS` in turn."""
        dice, _ = self._chance("questions")
        kinds = itertools.islice(itertools.cycle(QUESTION_KINDS), count)
        return [SyntheticQuestion(self._question(dice, kind), kind) for kind in kinds]

    def _chance(self, purpose: str) -> tuple[Random, np.random.Generator]:
        """Generators of single choices and of arrays, always the same for a seed and a purpose."""
        dice = Random(f"{self._seed} {purpose}")
        return dice, np.random.default_rng(dice.getrandbits(64))

    def _text(self, dice: Random, language: Language, topics: Sequence[int]) -> tuple[str, str, tuple[Passage, ...]]:
        """Headline, text and passages of an article; a passage is a paragraph."""
        words = self._running_words(dice, language, topics)
        title = " ".join(itertools.islice(words, TITLE_WORDS)).capitalize()
        paragraphs: list[str] = []
        passages: list[Passage] = []
        start = 0
        for _ in range(PASSAGES_EACH):
            sentences = self._sentences(dice, language, words)
            spans: list[Span] = []
            for sentence in sentences:
                spans.append((start, start + len(sentence)))
                start += len(sentence) + 1
            start += 1  # an empty line stands between paragraphs
            passages.append(Passage(spans[0][0], spans[-1][1], tuple(spans)))
            paragraphs.append(" ".join(sentences))
        return title, "\n\n".join(paragraphs), tuple(passages)

    def _sentences(self, dice: Random, language: Language, words: Iterator[str]) -> list[str]:
        """The sentences of a passage, of a length within `PASSAGE_WORDS`, their runs taken from `words`."""
        frames = [
            self._filled(dice, pattern) for pattern in dice.choices(language.patterns, k=dice.randint(*SENTENCES))
        ]
        runs = sum(frame.count("{run}") for frame in frames)
        fixed = sum(frame.count(" ") + 1 for frame in frames) - runs
        longer = Counter(dice.choices(range(runs), k=dice.randint(*PASSAGE_WORDS) - fixed - 2 * runs))
        lengths = (2 + longer[i] for i in range(runs))
        sentences = []
        for frame in frames:
            first, *rest = frame.split("{run}")
            filled = first + "".join(" ".join(itertools.islice(words, next(lengths))) + part for part in rest)
            sentences.append(filled[0].upper() + filled[1:])
        return sentences

    def _running_words(self, dice: Random, language: Language, topics: Sequence[int]) -> Iterator[str]:
        words = self._words[language.code]
        count = TITLE_WORDS + PASSAGES_EACH * PASSAGE_WORDS[1]
        about = round(ON_TOPIC * count)
        own = [words[rank] for topic in topics for rank in self._topics[topic]]
        drawn = dice.choices(own, k=about) + dice.choices(words, cum_weights=self._frequency, k=count - about)
        dice.shuffle(drawn)
        return iter(drawn)

    def _filled(self, dice: Random, pattern: str) -> str:
        """`pattern` with everything but its runs of words filled in."""
        day = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
        return pattern.format(
            name=f"{dice.choice(FIRST_NAMES)} {dice.choices(self._surnames, cum_weights=self._fame)[0]}",
            place=dice.choice(PLACES),
            number=f"{int(10 ** dice.uniform(1, 6)):,}",
            date=f"{day.day} {day:%B %Y}",
            year=day.year,
            run="{run}",
        )

    def _sentence_about(self, dice: Random, topic: Sequence[int]) -> str:
        """A sentence whose embedding stands for a topic."""
        words = [self._words["en"][rank] for rank in topic[:6]]
        return f"The {' '.join(words[:3])} in {dice.choice(PLACES)} and the {' '.join(words[3:])}."

    def _passage_vectors(self, chance: np.random.Generator, topics: np.ndarray) -> Vectors:
        """Vectors of each article's passages: [articles, passages, dimension]."""
        first, second = self._topic_vectors[topics[:, 0]], self._topic_vectors[topics[:, 1]]
        about = first + SECOND_TOPIC * second + ARTICLE_NOISE * self._noise(chance, len(topics))
        return _unit(about[:, None, :] + PASSAGE_NOISE * self._noise(chance, len(topics), PASSAGES_EACH))

    def _sentence_vectors(self, chance: np.random.Generator, vector: Vectors, count: int) -> Vectors:
        return _unit(vector + SENTENCE_NOISE * self._noise(chance, count))

    def _noise(self, chance: np.random.Generator, *shape: int) -> Vectors:
        noise: Vectors = self._noises[chance.integers(0, NOISES, shape)]
        return noise

    def _question(self, dice: Random, kind: str) -> str:
        about = [self._words["en"][rank] for rank in dice.sample(dice.choice(self._topics), 4)]
        surname = dice.choice(self._surnames)  # seldom a frequent one
        if kind == "misspelt name":
            i = dice.randrange(1, len(surname) - 1)
            surname = surname[:i] + surname[i + 1] + surname[i] + surname[i + 2 :]
        texts = {
            "frequent words": f"How many {' '.join(dice.sample(TERMS, 3))} were there in the {dice.choice(TERMS)}?",
            "topic": f"What happened to the {' '.join(about)} in {dice.choice(PLACES)}?",
            "month": f"What changed for {' '.join(about)} in {FIRST_DAY + timedelta(dice.randrange(DAYS)):%B %Y}?",
        }
        named = f"What did {dice.choice(FIRST_NAMES)} {surname} say about the {' '.join(about[:2])}?"
        return texts.get(kind, named)


def _copied(dice: Random, original: SyntheticArticle, identifier: str) -> SyntheticArticle:
    """The same report in some outlet on the same day or the next."""
    day = (original.article.published or FIRST_DAY) + timedelta(days=dice.randrange(2))
    article = _published(replace(original.article, id=identifier), _outlet(dice), day)
    return replace(original, article=article)


def _published(article: Article, outlet: str, day: date) -> Article:
    url = f"https://{outlet.lower().replace(' ', '-')}.example/{article.id}"
    return replace(article, source=outlet, url=url, published=day)


def _outlet(dice: Random) -> str:
    return dice.choices(OUTLETS, cum_weights=_zipf(len(OUTLETS)))[0]


def _zipf(count: int) -> list[float]:
    """The running sum of the frequencies of `count` ranks."""
    return list(itertools.accumulate(1 / (rank + ZIPF_SHIFT) for rank in range(1, count + 1)))


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit
