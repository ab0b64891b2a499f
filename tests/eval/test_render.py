"""The report for people and services: nothing in it acts, and everything in it is there."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from eval import statistics
from eval.comparison import compare
from eval.gate import Finding
from eval.render.page import page, verdict
from eval.render.services import junit, markdown
from eval.render.tables import GROUPS
from eval.render.terminal import print_gate, print_report, print_worse
from eval.report import STATISTICS

HOSTILE = "</script><img src=x onerror=alert(1)>"
MARKUP = "[red]word[/red] [/] [bold"


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    monkeypatch.setattr(statistics, "SAMPLES", 50)


@pytest.fixture(scope="module")
def report(make_question, make_answer, make_report):
    """A report in which every text is hostile, of `score` on everything."""

    def make(score: float = 1.0, text: str = HOSTILE):
        urls = ("javascript:alert(2)", "http://[draft]", "https://post.example/a?b=1&c=\"'>", None)
        questions = [
            make_question(
                f"q{n} {text}",
                dict.fromkeys(("nDCG@5", "nDCG@10", "answer contained"), score) | {"decided rightly": 1.0},
                text=f"What about {text}?", kind=f"{text} {n % 2} $x^$ 日本\n",
                history=({"role": "user", "content": text},), answerable=True, wanted=(text,), must_contain=(text,),
                relevant=(text,), ranking=(text,), ask_ms=20.0 + n,
                answer=make_answer(f"So {text}.", [text], title=text, url=url, quote=text, confidence=0.9),
            )
            for n, url in enumerate(urls)
        ]  # fmt: skip
        questions.append(
            make_question("refused", {"decided rightly": 1.0}, answerable=False, kind="k", ask_ms=9.0,
                          answer=make_answer(text, refused=True, confidence=0.2))
        )  # fmt: skip
        questions.append(make_question("failed", error=text))
        return make_report(questions, benchmark=f"bench {text}", judge=text)

    return make


class Tags(HTMLParser):
    """Every tag with its attributes, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def text(report) -> str:
    """The page, with a gate that falls short and against a better baseline."""
    findings = [Finding("nDCG@5", False, f"nDCG@5 {HOSTILE}"), Finding("MAP", True, "MAP holds")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statistics, "SAMPLES", 50)
        return page(report(0.0), findings, compare(report(1.0), report(0.0)))


@pytest.fixture(scope="module")
def parsed(text) -> Tags:
    return Tags(text)


def test_nothing_that_an_article_says_becomes_a_tag(parsed) -> None:
    assert not [tag for tag, _ in parsed.tags if tag in ("img", "iframe", "object", "link", "base", "form")]
    assert [tag for tag, _ in parsed.tags].count("script") == 1  # the page's own filter
    assert not [a for _, attributes in parsed.tags for a in attributes if a.startswith("on")]
    assert f"What about {HOSTILE}?" in parsed.text
    assert f"nDCG@5 {HOSTILE}" in parsed.text


def test_only_citations_with_a_web_address_are_links(parsed) -> None:
    links = [attributes for tag, attributes in parsed.tags if tag == "a"]
    assert [link["href"] for link in links] == ["https://post.example/a?b=1&c=\"'>"]
    assert all("noopener" in link["rel"] for link in links)


def test_the_page_asks_nobody_for_anything(parsed, text) -> None:
    for tag, attributes in parsed.tags:
        for name, value in attributes.items():
            if name in ("src", "srcset", "data", "action", "poster") or (name.endswith("href") and tag != "a"):
                assert value.startswith("#"), (tag, name, value)
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert not re.search(r"\b(fetch|XMLHttpRequest|import)\(", text)


def test_the_page_shows_every_question_and_figure(parsed, report) -> None:
    cases = [attributes for tag, attributes in parsed.tags if tag == "details"]
    assert len(cases) == 6
    assert [case["data-verdict"] for case in cases] == ["answer missing"] * 4 + ["refused rightly", "failed"]
    assert sum("data-worse" in case for case in cases) == 4
    assert "The gate falls short" in parsed.text
    for name in report().metrics:
        assert name in parsed.text
    for title in ("Risk and coverage", "Reliability of the confidence", "Decided rightly by kind", "Time to answer"):
        assert title in parsed.text
    assert [tag for tag, _ in parsed.tags].count("svg") == 4


def test_a_page_without_answers_says_what_was_found(make_question, make_report) -> None:
    questions = [make_question("a", {"R@5": 1.0}), make_question("b", {"R@5": 0.0}), make_question("c")]
    parsed = Tags(page(make_report(questions)))
    assert [a["data-verdict"] for tag, a in parsed.tags if tag == "details"] == ["found", "not found", "not judged"]
    assert "Time to retrieve" in parsed.text
    assert "got worse" not in parsed.text


@pytest.mark.parametrize(
    ("metrics", "refused", "wanted"),
    [
        ({"quote fidelity": 0.5, "answer contained": 1.0}, False, ("bad", "quote isn't exact")),
        ({"decided rightly": 0.0}, True, ("bad", "refused wrongly")),
        ({"decided rightly": 0.0, "gold cited": 0.0}, False, ("bad", "answered what it can't know")),
        ({"decided rightly": 1.0}, True, ("good", "refused rightly")),
        ({"gold cited": 0.0}, True, ("open", "refused")),
        ({"decided rightly": 1.0, "answer contained": 0.0, "gold cited": 1.0}, False, ("bad", "answer missing")),
        ({"gold cited": 0.0, "answer contained": 1.0}, False, ("bad", "wrong source")),
        ({"gold cited": 1.0}, False, ("good", "right")),
        ({"answer contained": 1.0}, False, ("good", "right")),
        ({"nDCG@5": 1.0}, False, ("open", "not judged")),
    ],
)
def test_a_verdict_is_what_an_editor_would_say(make_question, make_answer, metrics, refused, wanted) -> None:
    assert verdict(make_question("q", metrics, answer=make_answer(refused=refused))) == wanted


def test_junit_counts_conditions_and_failures(report) -> None:
    findings = [
        Finding("nDCG@5", True, "nDCG@5 0.9 ≥ 0.5"),
        Finding("MAP", False, f"MAP {HOSTILE} ]]> \x00\x1b\x07 & \ufffe"),
        Finding("errors", False, "2 questions failed"),
    ]
    suite = ET.fromstring(junit(report(), findings))
    assert (suite.tag, suite.get("tests"), suite.get("failures")) == ("testsuite", "3", "2")
    assert [case.get("name") for case in suite] == ["nDCG@5", "MAP", "errors"]
    assert [case.find("failure") is not None for case in suite] == [False, True, True]
    assert suite[1].find("failure").get("message") == f"MAP {HOSTILE} ]]>  & "
    assert HOSTILE in suite.get("name")


def test_junit_without_a_gate_reports_the_defects(report, make_question, make_report) -> None:
    suite = ET.fromstring(junit(report(), []))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    clean = ET.fromstring(junit(make_report([make_question("q", {"quote fidelity": 1.0})]), []))
    assert (clean.get("tests"), clean.get("failures")) == ("2", "0")


def test_markdown_shows_texts_as_they_are(report) -> None:
    findings = [Finding("nDCG@5", False, f"nDCG@5 {HOSTILE} | [x](javascript:1) *b*")]
    text = markdown(report(0.0), findings, compare(report(1.0), report(0.0)))
    assert "**Gate: falls short**" in text
    assert "- ❌ nDCG@5 &lt;/script>&lt;img src=x onerror=alert(1)> \\| \\[x\\](javascript:1) \\*b\\*" in text
    assert re.sub(r"</?(details|summary)>", "", text).count("<") == 0
    assert "4 questions got worse" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {5}
    assert any("nDCG@5 | 0.0000 | 4 |" in line and "⚠️" not in line for line in tables)  # four prove nothing


def test_an_identifier_cannot_leave_its_place(make_question, make_report) -> None:
    name = "`<b>`\n# Big\n"
    old, new = (make_report([make_question(name, {"nDCG@10": score})]) for score in (1.0, 0.0))
    text = markdown(new, [], compare(old, new))
    assert "<b>" not in text
    assert "\n# Big" not in text


def test_markdown_without_a_baseline_has_three_columns(report) -> None:
    text = markdown(report(), [], None)
    assert "| metric | value | n |\n| --- | ---: | ---: |\n| **Retrieval** | | |\n" in text
    assert "Gate" not in text
    assert "got worse" not in text


def test_a_terminal_shows_markup_as_text(report) -> None:
    written = io.StringIO()
    console = Console(file=written, width=400, soft_wrap=True, highlight=False)
    before, after = report(1.0, MARKUP), report(0.0, MARKUP)
    comparison = compare(before, after)
    print_report(console, after, comparison)
    print_worse(console, comparison)
    print_gate(console, [Finding("b", False, f"bad {MARKUP}"), Finding("a", True, f"good {MARKUP}")])
    text = written.getvalue()
    assert f"bench {MARKUP}" in text
    assert f"failed: failed: {MARKUP}" in text
    assert f"What about {MARKUP}?" in text
    assert f"judged by {MARKUP}" in text
    assert "4 questions got worse:" in text
    assert f"    before: So {MARKUP}. [1]" in text
    assert text.index(f"holds  good {MARKUP}") < text.index(f"FAILS  bad {MARKUP}")


def test_a_terminal_is_not_driven_by_what_it_shows(report) -> None:
    written = io.StringIO()
    console = Console(file=written, width=400, soft_wrap=True, highlight=False)
    before, after = report(1.0, "\x1b[2J\x9b2Jx\ny"), report(0.0, "\x1b[2J\x9b2Jx\ny")
    print_report(console, after)
    print_worse(console, compare(before, after))
    print_gate(console, [Finding("b", False, "bad \x1b[2J")])
    assert "\x1b" not in written.getvalue()
    assert "\x9b" not in written.getvalue()


def test_no_question_got_worse_is_said(report) -> None:
    written = io.StringIO()
    print_worse(Console(file=written, width=200), compare(report(), report()))
    assert written.getvalue() == "No question got worse.\n"


def test_every_metric_has_a_place_in_the_tables() -> None:
    assert {name for names in GROUPS.values() for name in names} == set(STATISTICS)
