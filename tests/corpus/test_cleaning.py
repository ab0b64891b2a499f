"""What goes out of a pasted article and, more important, what stays."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import clean

LEAD = (
    "The harbour council of Westhaven has opened a second office for seasonal permits, after 412 fish workers "
    "spent a night in front of the first one."
)
CAPTION = "Workers from the islands queue in front of the permit office at dawn."
MINISTER = (
    "Labour minister Paolo Renzi called the queue “a failure of planning” and promised that nobody would wait "
    "longer than two hours by the first of March."
)
TEASER = "“Not on my pier”: harbour master and mayor quarrel over the new cruise terminal"
HEADING = "Union wants inspectors on every boat"
UNION = "The dock workers' union said that the permits mean little as long as nobody checks the lodgings on board."
LAST = "A decision on the winter quota is expected on Friday – two weeks later than planned."

PASTED = f"""{LEAD}

{CAPTION}
{CAPTION}  © Montage: Nils Berg/Gull Pictures

{MINISTER}

{TEASER}
Westhaven {TEASER}

{HEADING}

{UNION}

{LAST}

Cover photo: Montage: Nils Berg/Gull Pictures

More on Seasonal Work:
"""


def test_a_pasted_article_keeps_its_reporting_and_nothing_else():
    assert clean(PASTED) == "\n\n".join([LEAD, MINISTER, HEADING, UNION, LAST])


@pytest.mark.parametrize(
    "line",
    [
        "© 2024 Westhaven Gazette",
        "Photo: Nils Berg",
        "Photo by Nils Berg/Gull Pictures",
        "Image credit: AFP",
        "Workers queue at dawn [Nils Berg/Reuters]",
        "Workers queue at dawn. (AP Photo/Nils Berg)",
        "A boat leaves the harbour. [File: Nils Berg/Getty Images via AFP]",
        "[Nils Berg/Reuters]",
        "Workers queue at dawn (c) Reuters",
        "Read more: Harbour master resigns",
        "Read also",
        "More from Westhaven:",
        "Related stories",
        "Follow us on Facebook and X",
        "Share | Tweet | E-mail | Print",
        "Share this article on WhatsApp",
        "Sign up for our daily newsletter",
        "Advertisement",
        "This website uses cookies to give you the best experience.",
        "We use cookies",
        "Accept all cookies",
        "All rights reserved.",
        "Skip to main content",
        "Story continues below advertisement",
    ],
)
def test_furniture_goes(line):
    assert clean(f"{LEAD}\n\n{line}\n\n{LAST}") == f"{LEAD}\n\n{LAST}"


@pytest.mark.parametrize(
    "line",
    [
        HEADING,
        "Background",
        "“I share what I have,” said one of them.",
        "Photos of the queue were on every front page.",
        "Photo by photo, the court went through the evidence.",
        "Read more closely, the rule exempts sailors.",
        "More from the islands came than from anywhere else.",
        "Follow us on our way, the sailors sang, and the police did.",
        "Cookies were handed out to those who waited.",
        "The minister said the talks would go on. (Reuters)",
        "The ministry declined to comment. (Reporting by Ann Lee/Reuters)",
        "The number comes from a count by the agency (AFP)",
        "(c) The applicant has lived on the islands for five years;",
        "(c) Sailors",
        "By Nils Berg",
        "- 412 workers from the islands",
        "Share of permits by island: 40 percent north, 60 percent south.",
    ],
)
def test_reporting_stays(line):
    assert clean(f"{LEAD}\n\n{line}\n\n{LAST}") == f"{LEAD}\n\n{line}\n\n{LAST}"


def test_a_trailer_takes_its_headlines_with_it():
    assert clean(f"{LEAD}\n\nMore on Westhaven\n\nFerry prices rise\n\nSchool opens on Gull Island") == LEAD


def test_a_trailer_heading_in_mid_text_takes_nothing():
    text = f"{LEAD}\n\nMore on the quota\n\n{LAST}"
    assert clean(text) == text


def test_short_lines_may_stand_twice():
    text = f"{LEAD}\n\nYes\n\nYes\n\n{LAST}"
    assert clean(text) == text


def test_furniture_between_two_copies_of_a_line_is_no_hiding_place():
    assert clean(f"{CAPTION}\n\nAdvertisement\n\n{CAPTION}\n\n{LAST}") == f"{CAPTION}\n\n{LAST}"


def test_neighbours_of_a_dropped_line_stay_apart():
    assert clean(f"{LEAD}\nAdvertisement\n{LAST}") == f"{LEAD}\n\n{LAST}"


def test_only_furniture_leaves_nothing():
    assert clean("Advertisement\n\nShare\n\n© Nils Berg") == ""
    assert clean("") == ""


_WORDS = st.sampled_from(
    "the harbour council said on Monday that 412 workers share photo more cookies © AP (c) read".split()
)
_LINES = st.sampled_from(
    [CAPTION, f"{CAPTION} © Nils Berg", TEASER, f"Westhaven {TEASER}", HEADING, "Advertisement", "Read more:", "",
     "Yes", "More on Westhaven", "[Nils Berg/Reuters]", LEAD, "Share", f"{HEADING} {HEADING}", "Photo: Nils Berg"]
)  # fmt: skip


@given(st.lists(_LINES | st.lists(_WORDS, max_size=12).map(" ".join), max_size=14).map("\n".join) | st.text())
@settings(deadline=None, derandomize=True, max_examples=300)
def test_cleaning_is_idempotent_and_makes_no_line(text):
    once = clean(text)
    assert clean(once) == once


@given(st.lists(_LINES, max_size=6), st.lists(_LINES, max_size=6), st.lists(_WORDS, min_size=50, max_size=90))
@settings(deadline=None, derandomize=True)
def test_a_long_paragraph_is_never_dropped(before, after, words):
    paragraph = (
        " ".join(words) + " and the harbour council of Westhaven has not yet answered a letter about any of it."
    )
    if len(paragraph) <= 400:
        paragraph = f"{paragraph} {LEAD} {MINISTER}"
    assert paragraph in clean("\n\n".join([*before, paragraph, *after]))


@pytest.mark.parametrize(
    "text",
    [
        "share " * 32 + "zebra",
        "\n".join(f"line {i} of a long list" for i in range(30_000)),
        "\n".join(["More on Westhaven"] * 5_000) + "\nA sentence ends it.",
        "(" * 400,
        "word " * 400_000,
    ],
    ids=["sharing", "short lines", "trailers", "brackets", "one line"],
)
def test_no_text_makes_cleaning_slow(text):
    started = time.perf_counter()
    clean(text)
    assert time.perf_counter() - started < 2
