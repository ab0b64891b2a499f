"""Proper names, and what may be put for them."""

import pytest

from rag.claims import NameKind, facts
from rag.claims.names import acronyms, names, stands_in


def found(text: str) -> list[str]:
    return [name.text for name in names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Judge Ellen Marsh ruled in Tucson.", ["Ellen Marsh", "Tucson"]),
        ("Yesterday the Red Cross left Lesbos.", ["Red Cross", "Lesbos"]),
        ("Nobody came. Everyone left.", []),
    ],
)
def test_names_are_runs_of_capitals_without_ranks(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_kinds_and_ranks() -> None:
    (judge, place) = names("Judge Ellen Marsh ruled in Tucson.")
    assert judge.rank == "judge"
    assert place.kind is NameKind.PLACE
    (people,) = names("Many Hondurans left.")
    assert people.kind is NameKind.PEOPLE


def stands(name: str, text: str) -> bool:
    (wanted,) = names(f"It was {name} again.")
    known = facts(text)
    return stands_in(wanted, frozenset(t.key for t in known.tokens), acronyms(text, known.names))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Marsh", "Judge Ellen Marsh ruled."),
        ("IOM", "The International Organization for Migration counted them."),
        ("Colombians", "The government of Colombia paid."),
    ],
)
def test_a_short_form_or_a_people_stands_for_the_name(name: str, text: str) -> None:
    assert stands(name, text)


@pytest.mark.parametrize(("name", "text"), [("Walsh", "Judge Ellen Marsh ruled."), ("Peru", "Chile paid.")])
def test_another_name_does_not(name: str, text: str) -> None:
    assert not stands(name, text)
