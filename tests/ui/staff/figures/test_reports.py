"""The figures of a log whose answers and reviews are known."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from corpus.database import Database
from rag.answer import Reason
from ui.staff.calibration import calibration
from ui.staff.plots import HEIGHT, SIDE, along, columns, dots
from ui.staff.reports import monday, report
from ui.staff.tables import csv_text

from .conftest import TODAY, Judge, LogAnswer

THIS = monday(TODAY.date())
BEFORE = TODAY - timedelta(weeks=1)


def _report(log: Database, weeks: int = 2):
    return report(log, TODAY.date() - timedelta(weeks=weeks - 1), TODAY.date())


def test_weeks_without_anything_are_there_too(log: Database) -> None:
    found = _report(log, 3)
    assert [week.monday for week in found.weeks] == [THIS - timedelta(weeks=n) for n in (2, 1, 0)]
    assert [(week.questions, week.refused, week.reviews, week.seconds) for week in found.weeks] == [
        (0, 0, 0, None)
    ] * 3
    assert found.agreement.kappa is None
    assert found.confidence.error is None
    assert found.gaps == ()


def test_questions_refusals_and_votes_are_counted_by_week(log: Database, answered: LogAnswer) -> None:
    answered("A?", at=BEFORE)
    answered("Before the period?", at=TODAY - timedelta(weeks=9))
    last = answered("B?")
    answered("C?", reason=Reason.NOT_COVERED)
    answered("D?", reason=Reason.OWN_CASE)
    with log.transaction() as connection:
        connection.execute("UPDATE answers SET review_id = 7 WHERE answer_id = ?", (last,))
        for useful in (1, 1, 0):
            connection.execute(
                "INSERT INTO feedback (answer_id, created_at, useful, comment) VALUES (?, ?, ?, '')",
                (last, TODAY.isoformat(), useful),
            )

    earlier, this = _report(log).weeks
    assert (earlier.questions, earlier.refused, earlier.helpful) == (1, 0, 0)
    assert (this.questions, this.refused, this.served) == (3, 2, 1)
    assert this.refusals == {"not_covered": 1, "own_case": 1}
    assert (this.helpful, this.unhelpful) == (2, 1)


def test_the_last_moment_of_a_sunday_and_the_first_of_a_monday_are_in_two_weeks(log, answered: LogAnswer) -> None:
    midnight = TODAY - timedelta(days=TODAY.weekday())
    answered("A?", at=midnight - timedelta(seconds=1))
    answered("B?", at=midnight)
    assert [week.questions for week in _report(log).weeks] == [1, 1]


def test_only_reviews_in_force_count(log: Database, answered: LogAnswer, judged: Judge) -> None:
    answer = answered("A?", confidence=0.75)
    judged(answer, "wrong", seconds=4)
    judged(answer, "good", seconds=6)
    judged(answer, "outdated", seconds=100, undone=True)
    other = answered("B?", confidence=0.25)
    judged(other, "incomplete", seconds=16)

    [week] = _report(log, 1).weeks
    assert week.verdicts == {"good": 1, "incomplete": 1}
    assert week.seconds == 11
    confidence = _report(log, 1).confidence
    assert [(b.n, b.score, b.confirmed) for b in confidence.bins] == [(1, 0.25, 0.0), (1, 0.75, 1.0)]


def test_agreement_is_between_two_people_each_with_their_last_word(
    log: Database, answered: LogAnswer, judged: Judge
) -> None:
    for question, ria, ben in (
        ("A?", "good", "good"),
        ("B?", "good", "wrong"),
        ("C?", "wrong", "wrong"),
        ("D?", "good", "good"),
    ):
        answer = answered(question)
        judged(answer, "outdated")  # ria changes her mind
        judged(answer, ria)
        judged(answer, ben, reviewer="ben")
    judged(answered("E?"), "good")

    found = _report(log, 1)
    assert (found.agreement.pairs, found.agreement.same) == (4, 3)
    assert found.agreement.kappa == 0.5  # observed 0.75, by chance 0.5
    assert (found.weeks[0].judged_twice, found.weeks[0].agreed) == (4, 3)


def test_one_verdict_throughout_gives_no_kappa(log: Database, answered: LogAnswer, judged: Judge) -> None:
    answer = answered("A?")
    judged(answer, "good")
    judged(answer, "good", reviewer="ben")
    assert (_report(log).agreement.same, _report(log).agreement.kappa) == (1, None)


def test_the_confidence_of_refusals_is_that_they_could_be_answered(
    log: Database, answered: LogAnswer, judged: Judge
) -> None:
    judged(answered("A?", reason=Reason.NOT_COVERED, confidence=0.1), "good")
    judged(answered("B?", reason=Reason.NOT_COVERED, confidence=0.4), "should_answer")
    judged(answered("C?", reason=Reason.OWN_CASE, confidence=0.9), "good")  # the confidence didn't decide it
    judged(answered("D?", reason=Reason.NOT_COVERED, confidence=0.9), "wrong")  # says nothing about it
    assert [(b.score, b.confirmed) for b in _report(log).confidence.bins] == [(0.1, 0.0), (0.4, 1.0)]


def test_support_is_held_against_all_sentences_where_all_were_judged(
    log: Database, answered: LogAnswer, judged: Judge
) -> None:
    judged(answered("A?", support=0.95), "good", sentences='["supported", "supported"]')
    judged(answered("B?", support=0.65), "wrong", sentences='["supported", "partly"]')
    judged(answered("C?", support=0.35), "wrong", sentences='["not", null]')
    judged(answered("D?", support=0.15), "good")
    assert [(b.score, b.confirmed) for b in _report(log).support.bins] == [(0.65, 0.0), (0.95, 1.0)]


def test_the_calibration_error_is_the_weighted_distance() -> None:
    found = calibration([(0.95, True)] * 3 + [(0.95, False)] + [(0.15, False)] * 4 + [(1.0, True)] * 2)
    assert found.n == 10
    top = found.bins[-1]
    assert (top.n, top.low, top.high) == (6, 0.9, 1.0)
    assert found.error == pytest.approx(0.6 * abs((4 * 0.95 + 2) / 6 - 5 / 6) + 0.4 * 0.15)


def test_what_cant_be_answered_is_listed_most_asked_first(log: Database, answered: LogAnswer) -> None:
    answered("When does the bridge open?", reason=Reason.NOT_COVERED, at=BEFORE)
    last = answered("when does the bridge open", reason=Reason.TIME_NOT_COVERED)
    answered("Who pays?", reason=Reason.NOT_COVERED)
    answered("Will I win my case?", reason=Reason.OWN_CASE)
    answered("Answered by now?", reason=Reason.NOT_COVERED, at=BEFORE)
    answered("Answered by now?")

    gaps = _report(log).gaps
    assert [(gap.question, gap.asked) for gap in gaps] == [("when does the bridge open", 2), ("Who pays?", 1)]
    assert (gaps[0].answer_id, gaps[0].reason, gaps[0].last_at) == (last, "time_not_covered", TODAY)


def test_json_holds_what_the_page_shows(reviewer, answered: LogAnswer) -> None:
    answered("Who pays?", reason=Reason.NOT_COVERED)
    found = reviewer.get("/staff/reports/report.json?weeks=4").json()
    assert len(found["weeks"]) == 4
    assert found["weeks"][-1]["monday"] == THIS.isoformat()
    assert found["weeks"][-1]["refusals"] == {"not_covered": 1}
    assert found["gaps"][0]["question"] == "Who pays?"
    assert found["confidence"] == {"n": 0, "bins": [], "error": None}


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(reviewer, answered: LogAnswer) -> None:
    answered('=HYPERLINK("https://evil.example", 1)', reason=Reason.NOT_COVERED)
    answered("-2+3, wie?", reason=Reason.NOT_COVERED)
    answered("Zoë, who pays?", reason=Reason.NOT_COVERED)
    response = reviewer.get("/staff/reports/questions.csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in response.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["question"] for row in rows} == {
        '\'=HYPERLINK("https://evil.example", 1)',
        "'-2+3, wie?",
        "Zoë, who pays?",
    }

    weekly = list(csv.DictReader(io.StringIO(reviewer.get("/staff/reports/weeks.csv?weeks=4").text.lstrip("\ufeff"))))
    assert [row["questions"] for row in weekly] == ["0", "0", "0", "3"]
    assert weekly[-1]["refused_not_covered"] == "3"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1", "\ufeff=1"])
def test_every_beginning_of_a_formula_is_defused(cell: str) -> None:
    [row] = csv.reader(io.StringIO(csv_text([cell], []), newline=""))
    assert row == [cell]  # a header is ours
    _, row = csv.reader(io.StringIO(csv_text(["a"], [[cell]]), newline=""))
    assert row == [f"'{cell}"]


def test_harmless_cells_stay_as_they_are() -> None:
    assert csv_text(["a", "b", "c"], [["a-b = c", -1, None]]) == "a,b,c\r\na-b = c,-1,\r\n"


@pytest.mark.parametrize("weeks", ["5", "-1", "100000", "0"])
def test_a_period_that_isnt_offered_is_the_usual_one(reviewer, log, weeks: str) -> None:
    assert len(reviewer.get(f"/staff/reports/report.json?weeks={weeks}").json()["weeks"]) == 13


def test_the_page_says_when_there_is_nothing(reviewer, log) -> None:
    page = reviewer.get("/staff/reports").text
    assert page.count("Nothing in these weeks.") == 4
    assert page.count("Nothing judged in these weeks.") == 2
    assert "Nothing was refused for want of articles." in page


def test_columns_fill_the_plot_and_stand_on_the_axis() -> None:
    days = [THIS - timedelta(weeks=1), THIS]
    plot = columns(days, [[3, 1], [1, 0]])
    first, second = plot.columns
    assert plot.most == 4
    assert first.parts[-1].y == pytest.approx(plot.top)
    assert [part.series for part in second.parts] == [0]
    assert second.parts[0].y + second.parts[0].height == pytest.approx(plot.base)
    assert second.x + second.width <= 560
    assert plot.base < HEIGHT
    assert columns(days, [[0, 0]]) is None
    assert columns([], [[]]) is None


def test_dots_stand_where_score_and_share_say() -> None:
    found = calibration([(0.5, True), (0.5, False), (1.0, True)])
    middle, top = dots(found.bins)
    assert (middle.x, middle.y) == (SIDE / 2, SIDE / 2)
    assert (top.x, top.y) == (along(1), SIDE - along(1))
    assert middle.radius > top.radius
