"""A quote is understood by who reads nothing else of its article."""

import numpy as np
import pytest

from rag.passage_store import StoredPassage
from rag.quoting import points_back, with_antecedent, with_whole_quotation, without_dateline
from rag.selection import Candidate

ARTICLE = 50  # where the passage begins in its article


def candidate(i: int, *sentences: str) -> Candidate:
    text, spans = " ".join(sentences), []
    for sentence in sentences:
        start = ARTICLE + text.index(sentence)
        spans.append((start, start + len(sentence)))
    vectors = np.zeros((len(spans), 4), np.float32)
    of = StoredPassage(
        "p", "a", 1, 1, ARTICLE, ARTICLE + len(text), text, "", "", None, None, "en", tuple(spans), vectors
    )
    return Candidate(of, spans[i], sentences[i], 0.5, 0.5, 0.5, 1.0)


def exact(of: Candidate) -> bool:
    begin, end = of.span
    return of.passage.text[begin - ARTICLE : end - ARTICLE] == of.text


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("A blaze broke out; nobody saw the fire begin.", "The fire killed four people."),
        ("The court of Ashby ruled on Friday that fees must be low.", "The judgment concerns ferries."),
        ("Harbour Control put up its fees.", "The authority said that it needs money."),
    ],
)
def test_a_noun_that_was_told_of_before_is_quoted_with_what_it_means(before: str, sentence: str) -> None:
    quoted = with_antecedent(candidate(1, before, sentence))
    assert quoted.text == f"{before} {sentence}"
    assert exact(quoted)


def test_what_the_question_names_needs_no_explanation() -> None:
    told = candidate(1, "Nobody saw the fire begin.", "The fire killed four people.")
    assert with_antecedent(told, "How many died in the Ashby fire?").text == "The fire killed four people."


@pytest.mark.parametrize(
    "sentence",
    [
        "The fire in Ashby killed four people.",
        "The harbour was busy.",
        "The Harbour Council met.",
        "Ashby had a fire.",
        "The government of Ashby fell.",
    ],
)
def test_what_says_itself_which_one_it_is_stands_alone(sentence: str) -> None:
    assert with_antecedent(candidate(1, "The fire of Ashby is out, said the council.", sentence)).text == sentence


def test_what_points_back() -> None:
    assert points_back("They agreed.")
    assert points_back("The verdict was unanimous.")
    assert not points_back("The verdict was unanimous.", "Was the verdict unanimous?")
    assert not points_back("Ferries sail again.")


@pytest.mark.parametrize(
    ("i", "sentences", "quoted"),
    [
        (0, ('"The fee is unfair.', 'We shall go to court," she said.', "Nobody minded."), (0, 2)),
        (1, ("Nobody minded.", '"The fee is unfair.', 'We shall go to court," she said.'), (1, 3)),
        (2, ("Nobody minded.", '"The fee is unfair.', 'We shall go to court," she said.'), (1, 3)),
        (1, ("Nobody minded.", 'She called it "unfair" and left.', "It rained."), (1, 2)),
        (0, ('"The fee is unfair.', "It is new.", 'We shall go to court," she said.'), (0, 3)),
        (0, ('"The fee is unfair.', "It is new.", "It is high.", 'We shall go to court."'), (0, 1)),
        (0, ('A board 6" wide broke.', "It was old."), (0, 1)),
    ],
)
def test_a_quotation_in_straight_marks_is_whole(i: int, sentences: tuple[str, ...], quoted: tuple[int, int]) -> None:
    whole = with_whole_quotation(candidate(i, *sentences))
    assert whole.text == " ".join(sentences[slice(*quoted)])
    assert exact(whole)


@pytest.mark.parametrize(
    "dateline",
    [
        "ASHBY (AP) — ",
        "Ashby, 3 May (Reuters) - ",
        "Port Ashby, United States - ",
        "PORT ASHBY, Renland – ",
        "(CNN) — ",
        "London, England (CNN) -- ",
    ],
)
def test_a_dateline_is_not_quoted(dateline: str) -> None:
    bare = without_dateline(candidate(0, f"{dateline}Ferries sail again."))
    assert bare.text == "Ferries sail again."
    assert exact(bare)


@pytest.mark.parametrize(
    "sentence",
    [
        "Renzi – the minister for ferries – resigned.",
        "Ferries sail again - at last.",
        "The port, shut since May, is open - at last.",
        "In Ashby, Paolo Renzi resigned - at last.",
    ],
)
def test_a_sentence_with_a_dash_is_no_dateline(sentence: str) -> None:
    assert without_dateline(candidate(0, sentence)).text == sentence
