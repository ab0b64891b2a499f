from dataclasses import replace
from datetime import date

import numpy as np

from rag.composition import MOST_WORDS, choose, sentence_text
from rag.passage_store import StoredPassage
from rag.quoting import with_antecedent
from rag.selection import Candidate

QUESTION = "What is the new rule?"
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
    (chosen,) = choose(QUESTION, [candidate(1, 2.0)], 1)
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
    assert [c.text for c in choose(QUESTION, [candidate(0, 2.0), near, far], 3)] == [SENTENCES[0], near.text]


def test_what_is_quoted_is_not_quoted_again() -> None:
    chosen = choose(QUESTION, [candidate(1, 2.0), candidate(0, 1.9)], 3)
    assert [c.text for c in chosen] == [f"{SENTENCES[0]} {SENTENCES[1]}"]
    chosen = choose(QUESTION, [candidate(0, 2.0), candidate(1, 1.9)], 3)
    assert [c.text for c in chosen] == [f"{SENTENCES[0]} {SENTENCES[1]}"]


def test_the_same_words_from_another_article_are_left_out() -> None:
    other = replace(passage(), passage_id="q", article_id="b")
    assert len(choose(QUESTION, [candidate(3, 2.0), candidate(3, 1.9, other)], 3)) == 1


def test_no_more_than_asked_for() -> None:
    assert len(choose(QUESTION, [candidate(0, 2.0), candidate(3, 2.0)], 1)) == 1


def report(article: str, day: date | None, *sentences: str) -> StoredPassage:
    return replace(passage(sentences), article_id=article, passage_id=article, published=day)


def test_a_comparison_quotes_both_sides() -> None:
    germany = candidate(0, 3.0, report("de", None, "Germany counted 250,615 requests in 2024."))
    again = candidate(0, 2.9, report("de2", None, "Germany had counted more a year before, 351,915."))
    spain = candidate(0, 1.0, report("es", None, "In Spain there were 166,175."))
    chosen = choose("who got more requests in 2024, Germany or Spain?", [germany, again, spain], 2)
    assert [c.passage.article_id for c in chosen] == ["de", "es"]


def test_a_sentence_with_both_sides_is_enough() -> None:
    both = candidate(0, 3.0, report("both", None, "Germany counted 250,615 requests, Spain 166,175."))
    spain = candidate(0, -1.0, report("es", None, "Spain counted fewer than before."))
    assert choose("Germany versus Spain: requests in 2024", [both, spain], 2) == [both]


def test_a_comparison_without_its_other_side_is_answered_as_it_is() -> None:
    germany = candidate(0, 3.0, report("de", None, "Germany counted 250,615 requests."))
    assert choose("Germany vs Spain", [germany], 3) == [germany]


def test_a_timeline_runs_from_old_to_new_with_one_event_of_each_report() -> None:
    late = report("c", date(2024, 9, 1), "The fee was scrapped in September.", "Nobody objected to that fee.")
    early = report("a", date(2023, 1, 2), "The fee was announced in January.")
    middle = report("b", date(2023, 6, 5), "A judge stopped the fee in June.")
    ranked = [candidate(0, 3.0, late), candidate(1, 2.9, late), candidate(0, 2.5, early), candidate(0, 2.0, middle)]
    question = "How has the fee changed over the years?"
    chosen = choose(question, ranked, 3)
    assert [c.passage.article_id for c in chosen] == ["a", "b", "c"]
    assert sentence_text(chosen[0], question) == "[2 January 2023] The fee was announced in January."


def test_an_event_that_says_its_year_gets_no_second_date() -> None:
    dated = candidate(0, 1.0, report("a", date(2023, 11, 16), "The court ruled on 15 November 2023."))
    assert sentence_text(dated, "Timeline of the fee") == "The court ruled on 15 November 2023."


def opening(article: str, day: date, *sentences: str) -> StoredPassage:
    of = report(article, day, *sentences)
    spans = tuple((start - 100, end - 100) for start, end in of.sentences)
    return replace(of, start=0, end=of.end - 100, sentences=spans)


def test_a_timeline_tells_the_news_of_a_report_rather_than_its_background() -> None:
    of = opening("a", date(2023, 1, 2), "A judge stopped the fee.", "Ana Petrova had called the fee a mistake.")
    later = report("b", date(2024, 1, 2), "The fee was scrapped.")
    news = Candidate(of, of.sentences[0], "A judge stopped the fee.", 0.5, 0.5, 0.5, 1.0)
    background = replace(news, span=of.sentences[1], text=of.text[25:], score=3.0, before=news.text)
    chosen = choose("Timeline of the fee", [background, candidate(0, 2.0, later), news], 3)
    assert [c.text for c in chosen] == ["A judge stopped the fee.", "The fee was scrapped."]
    off_subject = replace(news, coverage=0.1)
    chosen = choose("Timeline of the fee", [background, candidate(0, 2.0, later), off_subject], 3)
    assert chosen[0].text == background.text


def test_a_timeline_of_one_report_tells_all_it_has_in_its_order() -> None:
    of = report("a", date(2023, 1, 2), "The fee was announced in May.", "A judge stopped it.", "Ministers gave in.")
    chosen = choose("Timeline of the fee", [candidate(2, 3.0, of), candidate(0, 2.9, of)], 3)
    assert [c.text for c in chosen] == ["The fee was announced in May.", "Ministers gave in."]


def test_sentences_of_one_article_stay_together_and_in_its_order() -> None:
    of = report("a", None, "Boats sailed.", "Ports were shut.", "Crews slept ashore.", "Nets hung dry.")
    other = candidate(0, 2.5, report("b", None, "Fish prices doubled."))
    chosen = choose("What happened?", [candidate(1, 3.0, of), other, candidate(3, 1.5, of), candidate(0, 1.4, of)], 4)
    assert [c.text for c in chosen] == ["Ports were shut.", "Boats sailed.", "Nets hung dry.", "Fish prices doubled."]


def test_of_sentences_as_likely_the_earlier_one_leads() -> None:
    of = report("a", None, "The port of Ashby shut on Friday.", "Crews sleep ashore.")
    chosen = choose("What happened?", [candidate(1, 3.0, of), candidate(0, 2.9, of)], 3)
    assert [c.text for c in chosen] == ["The port of Ashby shut on Friday.", "Crews sleep ashore."]


def test_other_years_are_left_out_when_the_one_asked_for_is_there() -> None:
    asked = candidate(0, 3.0, report("a", None, "In 2019 there were 1,843 arrivals."))
    other = candidate(0, 2.9, report("b", None, "Arrivals rose to 28,526 in 2021, three times those of 2020."))
    undated = candidate(0, 2.8, report("c", None, "Most of them came from Ashby."))
    chosen = choose("How many arrived in 2019?", [asked, other, undated], 3)
    assert [c.passage.article_id for c in chosen] == ["a", "c"]
    chosen = choose("How many arrived in 2018?", [asked, other, undated], 3)
    assert [c.passage.article_id for c in chosen] == ["a", "b", "c"]


def test_a_further_sentence_never_begins_with_an_unknown_they() -> None:
    first = candidate(0, 3.0, report("a", None, "The port of Ashby shut on Friday."))
    unknown = candidate(0, 2.9, report("b", None, "At the time they said that boats may sail."))
    assert [c.passage.article_id for c in choose("What happened?", [first, unknown], 3)] == ["a"]
    assert [c.passage.article_id for c in choose("What happened?", [unknown], 3)] == ["b"]


def test_what_is_quoted_already_leaves_room_for_its_antecedent() -> None:
    of = report("a", None, f"The permit {'of many words ' * 15}covers crews.", f"They {'may well ' * 10}ask for one.")
    (chosen,) = choose("What about crews?", [candidate(0, 3.0, of), candidate(1, 2.9, of)], 3)
    assert chosen.text == of.text


def test_what_says_hardly_anything_new_is_left_out() -> None:
    first = candidate(0, 3.0, report("a", None, "The Ashby court ruled on 15 May that the harbour fee is unlawful."))
    again = candidate(0, 2.9, report("b", None, "The fee was ruled unlawful by the Ashby court on 15 May."))
    assert len(choose("What did the court rule?", [first, again], 3)) == 1


def test_no_article_is_quoted_at_length() -> None:
    long = [f"Sentence {name} tells {'of matters ' * 12}again." for name in ("one", "two", "three", "four")]
    of = passage(tuple(f"{text} {i}." for i, text in enumerate(long)))
    chosen = choose(QUESTION, [candidate(i, 2.0 - i / 100, of) for i in range(4)], 4)
    assert 0 < sum(len(c.text.split()) for c in chosen) <= MOST_WORDS


def test_an_endless_sentence_is_cut_at_a_clause() -> None:
    of = passage(("The rule, " + "which nobody had seen, " * 30 + "was withdrawn.",))
    (chosen,) = choose(QUESTION, [candidate(0, 1.0, of)], 3)
    assert len(chosen.text.split()) <= MOST_WORDS
    assert of.text.startswith(chosen.text)
    assert sentence_text(chosen, QUESTION).endswith("had seen …")


def test_a_quotation_is_quoted_to_its_end() -> None:
    of = passage(("“The fee is unfair,” she said, “and it is new.", "We shall go to court.”", "The hall was full."))
    assert choose(QUESTION, [candidate(0, 1.0, of)], 1)[0].text.endswith("court.”")
    assert choose(QUESTION, [candidate(1, 1.0, of)], 1)[0].text.startswith("“The fee")


def test_relative_dates_are_made_clear() -> None:
    of = report("a", date(2024, 5, 6), "Arrivals fell last month.")
    assert sentence_text(candidate(0, 1.0, of), QUESTION) == "Arrivals fell last month [April 2024]."


def test_the_same_figures_told_again_are_left_out() -> None:
    first = candidate(
        0, 3.0, report("a", None, "The office put net arrivals for the year to June at 906,000, a record.")
    )
    again = candidate(
        0, 2.9, report("b", None, "Net arrivals had peaked at 906,000 in the year to June, said Renzi.")
    )
    other = candidate(0, 2.8, report("c", None, "Net arrivals for the year to May were 431,000, said Renzi."))
    assert choose("How high were net arrivals?", [first, again, other], 3) == [first, other]


def test_the_fee_of_another_article_is_quoted_with_what_it_is() -> None:
    first = candidate(0, 3.0, report("a", None, "The fee is paid by ferries."))
    of = report("b", None, "Renland charges an airport fee of 18 crowns.", "The fee consists of two parts.")
    chosen = choose("Who pays the ferry fee?", [first, candidate(1, 2.9, of)], 3)
    assert [c.text for c in chosen] == [first.text, of.text]


def _status() -> tuple[Candidate, Candidate, Candidate]:
    announced = report("old", date(2022, 4, 14), "The toll on the Ashby bridge will be charged from May.")
    struck = report("mid", date(2023, 11, 15), "A court ruled that the bridge toll is unlawful.")
    ended = report("new", date(2024, 7, 22), "Ministers told the council that the toll at Ashby was over.")
    return candidate(0, 9.0, announced), candidate(0, 8.0, struck), candidate(0, 4.7, ended)


def test_how_things_are_is_told_newest_first_where_it_is_about_as_likely() -> None:
    announced, struck, ended = _status()
    chosen = choose("Is there a toll on the Ashby bridge?", [announced, struck, ended], 4)
    assert [c.passage.article_id for c in chosen] == ["mid", "old", "new"]


def test_whether_something_happened_is_told_with_what_came_later() -> None:
    announced, struck, ended = _status()
    chosen = choose("Did Ashby charge a toll?", [announced, struck, ended], 4)
    assert [c.passage.article_id for c in chosen] == ["old", "mid", "new"]
    far = replace(ended, score=3.0)
    assert choose("Did Ashby charge a toll?", [announced, far], 4) == [announced]
    assert choose("Who charges the toll?", [announced, ended], 4) == [announced]
    assert choose("Did Ashby charge a toll in 2022?", [announced, ended], 4) == [announced]
