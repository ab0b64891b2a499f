"""Each kind of fact that a quote doesn't bear out is found and named, and what it does bear out passes."""

from datetime import date

import pytest

from rag.claims import facts
from rag.entailment import FailureKind, Source, failures

PUBLISHED = date(2025, 7, 9)  # a Wednesday
QUOTE = (
    "A federal judge in Tucson on Monday barred the government from deporting about 60,000 Hondurans whose status "
    'was to end on 8 September. Judge Ellen Marsh wrote that the secretary had "ignored her own experts". '
    "The government may appeal within 30 days. Four of the 24 shelters are full."
)


def found(claim: str, quote: str = QUOTE, context: str = "") -> set[FailureKind]:
    source = Source(quote, context, "Border Ledger", PUBLISHED)
    return {failure.kind for failure in failures(facts(claim, PUBLISHED), source)}


@pytest.mark.parametrize(
    "claim",
    [
        "Judge Ellen Marsh barred the government from deporting some 60,000 Hondurans.",
        "On 7 July 2025 a federal judge in Tucson barred the government from deporting about 60,000 Hondurans.",
        "The status of the Hondurans was to end on 8 September 2025.",
        "In Marsh's words, the secretary had “ignored her own experts”.",
        "The government has 30 days in which it may appeal.",
        "Less than a fifth of the shelters are full.",
    ],
)
def test_what_the_quote_bears_out_passes(claim: str) -> None:
    assert found(claim) == set()


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("A judge barred the government from deporting about 600,000 Hondurans.", FailureKind.NUMBER),
        ("The government may appeal within 30 weeks.", FailureKind.NUMBER),
        ("24 of the four shelters are full.", FailureKind.NUMBER),
        ("The status of the Hondurans was to end on 18 September.", FailureKind.DATE),
        ("On 8 July 2025 a judge barred the government from deporting Hondurans.", FailureKind.DATE),
        ("Judge Helen Walsh barred the government from deporting Hondurans.", FailureKind.NAME),
        ("A federal judge in Tulsa barred the government from deporting Hondurans.", FailureKind.NAME),
        ("The government may not appeal within 30 days.", FailureKind.NEGATION),
        ("The government will appeal within 30 days.", FailureKind.MODALITY),
        ("All shelters are full.", FailureKind.QUANTIFIER),
        ("Judge Ellen Marsh wrote that the secretary had “followed her own experts”.", FailureKind.QUOTATION),
        ("The secretary had ignored her own experts.", FailureKind.ATTRIBUTION),
    ],
)
def test_what_it_does_not_is_named(claim: str, kind: FailureKind) -> None:
    assert kind in found(claim)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Rents fell in Lisbon.", "Rents in Lisbon rose by 8 per cent."),
        ("Growers are against the bill.", "Growers support the bill."),
        ("Cyprus allowed the ship to dock.", "Cyprus refused on Monday to let the ship dock."),
        ("The transfers are lawful.", "The court called the transfers unlawful."),
    ],
)
def test_opposites(claim: str, quote: str) -> None:
    assert found(claim, quote) & {FailureKind.OPPOSITE, FailureKind.NEGATION}


def test_there_is_none_of_what_is_counted() -> None:
    assert FailureKind.NEGATION in found("No workers were found.", "Inspectors found 318 workers without a permit.")


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (
            "Tunisian guards found 86 migrants in the desert; Libyan soldiers had driven them there.",
            "Libyan guards found 86 migrants in the desert. Tunisian soldiers had driven them there.",
        ),
        (
            "Venezuela will give residence permits to 540,000 Colombians.",
            "Colombia will give residence permits to 540,000 Venezuelans.",
        ),
        ("They may work after six months instead of five.", "They may work after five months instead of six."),
    ],
)
def test_phrases_that_have_changed_places(claim: str, quote: str) -> None:
    assert FailureKind.ROLES in found(claim, quote)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("On Friday 86 migrants were found by Libyan guards.", "Libyan guards found 86 migrants on Friday."),
        (
            "Some 540,000 Venezuelans get permits from Colombia.",
            "Colombia gives permits to some 540,000 Venezuelans.",
        ),
    ],
)
def test_passives_and_converses_have_not(claim: str, quote: str) -> None:
    assert FailureKind.ROLES not in found(claim, quote)


def test_a_number_given_for_something_else() -> None:
    quote = "The ministry counted 78,300 arrivals and 61,200 departures in 2024."
    assert FailureKind.BINDING in found("The ministry counted 61,200 arrivals in 2024.", quote)
    assert FailureKind.BINDING not in found("The ministry counted 61,200 departures in 2024.", quote)


def test_names_and_dates_may_come_from_around_the_quote_but_numbers_may_not() -> None:
    quote = "He promised to send 80 officers."
    context = f"Interior Minister Rui Falcão spoke on 3 May 2025. {quote} The union counts 200 vacancies."
    assert found("Rui Falcão promised to send 80 officers.", quote, context) == set()
    assert FailureKind.NUMBER in found("Rui Falcão promised to send 200 officers.", quote, context)


def test_a_failure_says_what_the_quote_has_instead() -> None:
    source = Source(QUOTE, published=PUBLISHED)
    (failure,) = failures(facts("The government may appeal within 20 days.", PUBLISHED), source)
    assert "20" in failure.detail
    assert "30" in failure.detail
    assert failure.contradicted
