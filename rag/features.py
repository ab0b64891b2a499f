"""What speaks for a sentence as the answer to a question: similarity, shared words, the right kind of thing, form.

Every feature means the same over one article as over 100,000: word weights are smoothed with the frequencies of
everyday text (`rag.term_weights`), and nothing counts passages.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from rag.matching import TermMatcher
from rag.offers import Offer, offer
from rag.places import Place, sentence_texts
from rag.question_type import AnswerType, Asked, analyse
from rag.retriever import Hit

_SHORT = 6  # words; what is shorter seldom says anything by itself
_HELD = 0.5  # likeness from which a name counts as found: a demonym's or a family's, not a mere common beginning

_OWN = {
    "cosine": "between the question and the sentence",
    "cosine_window": "between the question and the sentence with the one before",
    "cosine_neighbour": "between the question and the nearer of the sentences around",
    "dense": "cosine between the question and the passage",
    "fused": "the passage's retrieval score",
    "rank": "1 / rank of the passage",
    "coverage": "share of the weight of the question's words that the sentence holds, other forms counted",
    "coverage_exact": "the same, counting only forms of the same word",
    "coverage_window": "the same as coverage, by the sentence with the one before",
    "coverage_passage": "the same, by passage and headline",
    "coverage_anywhere": "the same, by all hits together",
    "rare": "share of the question's two rarest words that the sentence holds",
    "rare_window": "the same, by the sentence with the one before",
    "rare_passage": "the same, by passage and headline",
    "pairs": "share of the question's neighbouring words that are neighbours in the sentence",
    "names": "share of the question's proper names that the sentence holds; 0.5 when it has none",
    "names_missing_window": "how many of them the sentence and the one before lack",
    "names_missing_passage": "how many passage and headline lack",
    "names_missing_anywhere": "how many all hits lack",
    "numbers_missing": "how many of the question's numbers the sentence and the one before lack",
    "numbers_missing_passage": "how many the passage lacks",
    "focus": "whether the sentence holds the word that names the answer's class (which *city*)",
    "restates": "share of the sentence's content words that the question holds",
    "new_names": "log of 1 + the names that the question doesn't give",
    "new_figures": "log of 1 + the numbers that the question doesn't give",
    "length": "log of 1 + words",
    "short": f"whether it has fewer than {_SHORT} words",
    "first": "whether it is the passage's first",
    "position": "0 for the passage's first sentence, 1 for its last",
    "anaphor": "whether it begins with a pronoun or the like",
    "question": "whether it is a question itself",
}
_KIND = {
    AnswerType.PERSON: "a name that the question doesn't give",
    AnswerType.TIME: "a date, a day, a month, a year or a century",
    AnswerType.PLACE: "a new name behind in, at, to, from or the like",
    AnswerType.NUMBER: "a number that the question doesn't give",
    AnswerType.MONEY: "an amount of money",
    AnswerType.PERCENTAGE: "a percentage or a fraction",
    AnswerType.DURATION: "a length of time",
    AnswerType.CAUSE: "because, after, due to, led to or the like",
    AnswerType.STATEMENT: "a verb of saying or quotation marks",
    AnswerType.NAME: "a name that the question doesn't give",
    AnswerType.DEFINITION: "a definition's form: is a, called, an apposition",
    AnswerType.MANNER: "because, by, to and the like",
}
KINDS = {
    f"answers_{kind.value}": f"asked for it: 1 if the sentence has {what}, else -1" for kind, what in _KIND.items()
}
_MORE = {
    "answers_unit": "how many: 1 if the counted thing follows a number, else -1",
    "answers_place_name": "where: whether there is any new name",
    "person_before": "who: whether it begins with a pronoun and the sentence before has a new name",
    "says": "asked who said or what was said: 1 for a verb of saying or quotation marks, else -1",
}
_RELATIVE = {
    "cosine_to_best": "cosine",
    "window_to_best": "cosine_window",
    "coverage_to_best": "coverage",
    "rare_to_best": "rare_window",
}
FEATURES: dict[str, str] = {
    **_OWN,
    **KINDS,
    **_MORE,
    **{name: f"{of}, less the greatest of all candidates" for name, of in _RELATIVE.items()},
}
"""What each feature means, by name."""
NAMES = tuple(FEATURES)
INDEX = {name: i for i, name in enumerate(NAMES)}


def extract(question: str, places: Sequence[Place], weights: Mapping[str, float], context: str = "") -> np.ndarray:
    """The features of sentences as candidates for an answer: float64 [len(places), len(NAMES)].

    Args:
        question: the question.
        places: all candidate sentences of its hits.
        weights: of the question's words, as `term_weights` gives them.
        context: what earlier questions say that this one leaves out.
    """
    if not places:
        return np.zeros((0, len(NAMES)))
    asked = analyse(question, context)
    matcher = TermMatcher(weights)
    hits = {id(place.hit): place.hit for place in places}
    found = {key: _Passage(hit, matcher) for key, hit in hits.items()}
    anywhere = np.max([passage.held for passage in found.values()], axis=0)
    rows = [_row(asked, place, matcher, found[id(place.hit)], anywhere) for place in places]
    matrix = np.array([[*row.values(), *(0.0,) * len(_RELATIVE)] for row in rows])
    for name, of in _RELATIVE.items():
        values = matrix[:, INDEX[of]]
        matrix[:, INDEX[name]] = values - values.max()
    return matrix


class _Passage:
    """What a hit's headline and sentences hold of the question's words, and their numbers."""

    def __init__(self, hit: Hit, matcher: TermMatcher) -> None:
        offers = [offer(text) for text in (hit.passage.title, *sentence_texts(hit.passage))]
        self.held = matcher.held(frozenset().union(*(o.keys for o in offers)))
        self.figures = frozenset().union(*(o.figures for o in offers))


def _row(
    asked: Asked, place: Place, matcher: TermMatcher, passage: _Passage, anywhere: np.ndarray
) -> dict[str, float]:
    """The features of one sentence but the relative ones, in the order of `FEATURES`."""
    own, before = offer(place.text), offer(place.before)
    held = matcher.held(own.keys)
    window = np.maximum(held, matcher.held(before.keys))
    given = set(matcher.terms)
    names = [i for i, term in enumerate(matcher.terms) if term in asked.names]

    def missing(found: np.ndarray) -> float:
        return float(np.count_nonzero(found[names] < _HELD))

    return {
        "cosine": place.cosine,
        "cosine_window": place.window,
        "cosine_neighbour": place.neighbour,
        "dense": place.hit.dense,
        "fused": place.hit.fused,
        "rank": 1 / (1 + place.rank),
        "coverage": matcher.share(held),
        "coverage_exact": matcher.share(held == 1),
        "coverage_window": matcher.share(window),
        "coverage_passage": matcher.share(passage.held),
        "coverage_anywhere": matcher.share(anywhere),
        "rare": matcher.rarest(held),
        "rare_window": matcher.rarest(window),
        "rare_passage": matcher.rarest(passage.held),
        "pairs": len(asked.pairs & own.pairs) / max(1, len(asked.pairs)),
        "names": float(held[names].mean()) if names else 0.5,
        "names_missing_window": missing(window),
        "names_missing_passage": missing(passage.held),
        "names_missing_anywhere": missing(anywhere),
        "numbers_missing": float(len(asked.numbers - own.figures - before.figures)),
        "numbers_missing_passage": float(len(asked.numbers - passage.figures)),
        "focus": float(bool(asked.focus & own.keys)),
        "restates": len(own.content & given) / max(1, len(own.content)),
        "new_names": math.log1p(len(own.names - given)),
        "new_figures": math.log1p(len(own.figures - asked.numbers)),
        "length": math.log1p(own.words),
        "short": float(own.words < _SHORT),
        "first": float(not place.before),
        "position": place.position,
        "anaphor": float(own.anaphor),
        "question": float(own.question),
        **_answers(asked, own, before, given),
    }


def _answers(asked: Asked, own: Offer, before: Offer, given: set[str]) -> dict[str, float]:
    """Whether the sentence offers the kind of thing that is asked for; 0 where something else is asked for."""
    new_names, new_figures = bool(own.names - given), bool(own.figures - asked.numbers)
    offers = {
        AnswerType.PERSON: new_names,
        AnswerType.TIME: own.time,
        AnswerType.PLACE: bool(own.places - given),
        AnswerType.NUMBER: new_figures,
        AnswerType.MONEY: own.money,
        AnswerType.PERCENTAGE: own.percent,
        AnswerType.DURATION: own.duration,
        AnswerType.CAUSE: own.cause,
        AnswerType.STATEMENT: own.said,
        AnswerType.NAME: new_names,
        AnswerType.DEFINITION: own.defines,
        AnswerType.MANNER: own.cause,
    }

    def sign(relevant: bool, offered: bool) -> float:
        return (1.0 if offered else -1.0) if relevant else 0.0

    kind = asked.kind
    return {
        **{f"answers_{each.value}": sign(each is kind, offers[each]) for each in _KIND},
        "answers_unit": sign(kind is AnswerType.NUMBER and bool(asked.units), bool(asked.units & own.units)),
        "answers_place_name": float(kind is AnswerType.PLACE and new_names),
        "person_before": float(kind is AnswerType.PERSON and own.anaphor and bool(before.names - given)),
        "says": sign(asked.about_words, own.said),
    }
