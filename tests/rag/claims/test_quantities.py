"""Numbers are read with their magnitude, unit, hedge and what they count."""

import pytest

from rag.claims import Hedge
from rag.claims.quantities import quantities


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("It cost 1.2 million euros.", 1_200_000, "EUR"),
        ("It cost £10,500.", 10_500, "GBP"),
        ("It cost A$2,000.", 2_000, "AUD"),
        ("Rents rose by 8 per cent.", 8, "%"),
        ("A third of them stayed.", 100 / 3, "%"),
        ("One in five was a child.", 20, "%"),
        ("More than half a million people came.", 500_000, ""),
        ("Three quarters of a million people came.", 750_000, ""),
        ("They wait eleven months.", 11, "month"),
        ("Twenty-six people came.", 26, ""),
        ("Two hundred and five people came.", 205, ""),
        ("The number doubled.", 2, "times"),
        ("A 17-year-old came.", 17, "age"),
        ("It opens at 9.30 a.m.", 9.5, "clock"),
    ],
)
def test_value_and_unit(text: str, value: float, unit: str) -> None:
    (found,) = quantities(text)
    assert (found.value, found.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("About 300 people came.", Hedge.ABOUT),
        ("At least 300 people came.", Hedge.OVER),
        ("Up to 300 people came.", Hedge.UNDER),
        ("Almost 300 people came.", Hedge.NEARLY),
        ("300 people came.", Hedge.EXACT),
        ("300 or more people came.", Hedge.OVER),
    ],
)
def test_hedges(text: str, hedge: Hedge) -> None:
    (found,) = quantities(text)
    assert found.hedge is hedge


@pytest.mark.parametrize("text", ["Title 42 ended.", "An H-1B visa.", "COVID-19 spread.", "No one came."])
def test_figures_in_names_and_no_one_are_no_numbers(text: str) -> None:
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Between 3 and 5 million people live there.", 3e6, 5e6),
        ("They pay 3,000 to 4,000 euros.", 3_000, 4_000),
        ("They pay 200–300 euros.", 200, 300),
    ],
)
def test_ranges_are_one_number(text: str, low: float, high: float) -> None:
    (found,) = quantities(text)
    assert (found.value, found.high) == (low, high)


def test_the_ends_of_a_change_keep_their_roles_and_share_a_unit() -> None:
    before, after = quantities("The wait was cut from fourteen months to eight.")
    assert (before.role, after.role) == ("from", "to")
    assert before.unit == after.unit == "month"


def test_what_is_counted_and_what_it_is_reckoned_by() -> None:
    (found,) = quantities("Each pays 21 euros per person and night.")
    assert found.per == {"person", "day"}
    (found,) = quantities("About 60,000 Hondurans came.")
    assert found.nouns[0].startswith("hondura")


def test_rounding_is_told_by_the_last_digit_given() -> None:
    (rounded,), (exact,) = quantities("1.2 million people"), quantities("1,204,517 people")
    assert (rounded.step, exact.step) == (100_000, 1)
    assert (rounded.digits, exact.digits) == (2, 7)
