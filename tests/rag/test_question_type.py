import pytest

from rag.question_type import AnswerType, analyse, asks_total
from rag.word_forms import key


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who signed the accord?", AnswerType.PERSON),
        ("Which minister signed the accord?", AnswerType.PERSON),
        ("When did the office reopen?", AnswerType.TIME),
        ("In what year did the quota rise?", AnswerType.TIME),
        ("Where is the camp?", AnswerType.PLACE),
        ("In which city did the flight land?", AnswerType.PLACE),
        ("How many visas were issued?", AnswerType.NUMBER),
        ("ministry said how many visas", AnswerType.NUMBER),
        ("How much does a permit cost?", AnswerType.MONEY),
        ("What is the price of a permit?", AnswerType.MONEY),
        ("What percentage of claims was granted?", AnswerType.PERCENTAGE),
        ("How long was the office shut?", AnswerType.DURATION),
        ("Why was the transfer stopped?", AnswerType.CAUSE),
        ("What caused the delay?", AnswerType.CAUSE),
        ("What did the mayor say?", AnswerType.STATEMENT),
        ("Which of the rules was dropped?", AnswerType.NAME),
        ("What is a safe country?", AnswerType.DEFINITION),
        ("How do farms find workers?", AnswerType.MANNER),
        ("Did the court stop the transfers?", AnswerType.WHETHER),
        ("office reopening", AnswerType.OTHER),
    ],
)
def test_the_type_of_answer_is_recognised(question: str, kind: AnswerType) -> None:
    assert analyse(question).kind is kind


def test_names_numbers_and_units_are_taken_from_the_question() -> None:
    asked = analyse("How many seasonal visas did Paolo Renzi grant in 2,024 offices?")
    assert asked.names == {key("paolo"), key("renzi")}
    assert asked.numbers == {"2024"}
    assert key("visas") in asked.units


def test_the_first_word_is_a_name_only_if_it_is_no_question_word() -> None:
    assert analyse("Where is Gull Island?").names == {key("gull"), key("island")}
    assert key("lindholm") in analyse("Lindholm court ruling?").names
    assert analyse("WHERE IS IT?").names == frozenset()


def test_the_focus_is_the_class_of_the_answer() -> None:
    assert key("city") in analyse("In which city did they land?").focus


def test_forms_of_a_verb_are_one_term() -> None:
    assert set(analyse("Why did they fall out?").terms) == set(analyse("Why they fell out").terms)


def test_attribution_is_noticed() -> None:
    assert analyse("Who confirmed the talks?").about_words
    assert not analyse("Where is the camp?").about_words


@pytest.mark.parametrize(
    ("question", "total"),
    [
        ("How many came by boat in 2024?", True),
        ("How many came on the busiest day of 2024?", False),
        ("How many came a month in 2024?", False),
        ("When did most come in 2024?", False),
    ],
)
def test_a_total_is_asked_for_by_how_many(question: str, total: bool) -> None:
    assert asks_total(question) == total
    assert asks_total("And in 2023?", question) == total
