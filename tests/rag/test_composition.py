from dataclasses import replace

import numpy as np

from rag.composition import choose, with_antecedent
from rag.passage_store import StoredPassage
from rag.selection import Candidate

SENTENCES = (
    "Ana Petrova runs the harbour of Ashby.",
    "At the time she called the new rule a mistake.",
    "It was withdrawn in June.",
    "Fishing boats are not affected.",
)


def passage(sentences: tuple[str, ...] = SENTENCES) -> StoredPassage:
    text, spans = " ".join(sentences), []
    for sentence in sentences:
        start = text.index(sentence)
        spans.append((100 + start, 100 + start + len(sentence)))
    vectors = np.zeros((len(spans), 4), np.float32)
    end = 100 + len(text)
    return StoredPassage("p", "a", 1, 1, 100, end, text, "", "", None, None, "en", tuple(spans), vectors)


def candidate(i: int, score: float, of: StoredPassage | None = None) -> Candidate:
    of = of or passage()
    start, end = of.sentences[i]
    return Candidate(of, (start, end), of.text[start - 100 : end - 100], 0.5, 0.5, 0.5, score)


def test_a_pronoun_is_quoted_with_what_it_means() -> None:
    (chosen,) = choose([candidate(1, 2.0)], 1)
    assert chosen.text == f"{SENTENCES[0]} {SENTENCES[1]}"
    assert chosen.passage.text[chosen.span[0] - 100 : chosen.span[1] - 100] == chosen.text


def test_a_chain_of_pronouns_is_followed() -> None:
    assert with_antecedent(candidate(2, 2.0)).text.startswith("Ana Petrova")


def test_a_sentence_that_stands_alone_is_quoted_alone() -> None:
    assert with_antecedent(candidate(3, 2.0)).text == SENTENCES[3]


def test_a_heading_is_no_antecedent() -> None:
    of = passage(("Rule withdrawn", "It was never liked."))
    assert with_antecedent(candidate(1, 2.0, of)).text == "It was never liked."


def test_nothing_before_the_pronoun_leaves_it_as_it_is() -> None:
    of = passage(("It was withdrawn.", "Nobody minded."))
    assert with_antecedent(candidate(0, 2.0, of)).text == "It was withdrawn."


def test_only_sentences_that_may_answer_are_added() -> None:
    near, far = candidate(3, 1.5), candidate(2, -3.0)
    assert [c.text for c in choose([candidate(0, 2.0), near, far], 3)] == [SENTENCES[0], near.text]


def test_what_is_quoted_is_not_quoted_again() -> None:
    chosen = choose([candidate(1, 2.0), candidate(0, 1.9)], 3)
    assert [c.text for c in chosen] == [f"{SENTENCES[0]} {SENTENCES[1]}"]
    chosen = choose([candidate(0, 2.0), candidate(1, 1.9)], 3)
    assert [c.text for c in chosen] == [f"{SENTENCES[0]} {SENTENCES[1]}"]


def test_the_same_words_from_another_article_are_left_out() -> None:
    other = replace(passage(), passage_id="q", article_id="b")
    assert len(choose([candidate(3, 2.0), candidate(3, 1.9, other)], 3)) == 1


def test_no_more_than_asked_for() -> None:
    assert len(choose([candidate(0, 2.0), candidate(3, 2.0)], 1)) == 1
