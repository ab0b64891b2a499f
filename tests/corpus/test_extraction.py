"""From a web page to an article."""

import pytest

from corpus.cleaning import clean
from corpus.extraction import extract

PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>Island council doubles winter permits | Westhaven Gazette</title>
<link rel="canonical" href="https://gazette.example/news/winter-permits">
<meta property="og:site_name" content="Westhaven Gazette">
<meta property="og:title" content="Island council doubles winter permits">
<meta name="author" content="Ingrid Solberg">
<meta property="article:published_time" content="2024-02-09T08:15:00+00:00">
<script type="application/ld+json">
{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Island council doubles winter permits",
 "datePublished": "2024-02-09T08:15:00+00:00", "author": {"@type": "Person", "name": "Ingrid Solberg"},
 "publisher": {"@type": "Organization", "name": "Westhaven Gazette"}}
</script>
</head>
<body>
<div id="cookie-banner" class="cookie-consent"><p>This website uses cookies to improve your experience.</p>
<button>Accept all cookies</button></div>
<header><nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/politics">Politics</a></li>
<li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article>
<h1>Island council doubles winter permits</h1>
<div class="social-share"><a href="#">Share on Facebook</a><a href="#">Tweet</a><a href="#">Copy link</a></div>
<figure><img src="harbour.jpg" alt="Boats">
<figcaption>Boats wait in the harbour of Westhaven. © Photo: Nils Berg</figcaption></figure>
<p>The island council voted on Thursday to double the number of winter permits for fish workers, from 340 to 680,
after two canneries said they could not open without them.</p>
<p>Councillor Tove Lindqvist said that the decision came late but that the first workers could land before the end
of the month, if the ferries run.</p>
<h2>Unions ask for inspections</h2>
<p>The dock workers' union supports the permits and asks for inspections of the lodgings, where up to eight people
shared one room in the winter of 2023.</p>
<p>The permits are valid for 120 days and cost 55 crowns each; the council expects to earn 37,400 crowns from them,
which it will spend on the harbour wall.</p>
</article>
<aside class="related"><h3>Related stories</h3><ul><li><a href="/a">Ferry prices rise again</a></li>
<li><a href="/b">New school opens</a></li></ul></aside>
</main>
<footer><p>© 2024 Westhaven Gazette. All rights reserved.</p></footer>
</body>
</html>"""


def test_the_page_says_who_when_where():
    found = extract(PAGE)
    assert (found.title, found.source, found.author, found.published, found.language, found.url) == (
        "Island council doubles winter permits",
        "Westhaven Gazette",
        "Ingrid Solberg",
        "2024-02-09",
        "en",
        "https://gazette.example/news/winter-permits",
    )


def test_the_reporting_stays_in_paragraphs_and_the_furniture_goes():
    paragraphs = clean(extract(PAGE).text).split("\n\n")
    assert [p.split()[0] for p in paragraphs] == ["The", "Councillor", "Unions", "The", "The"]
    assert paragraphs[2] == "Unions ask for inspections"
    text = " ".join(paragraphs)
    for furniture in (
        "cookie",
        "Politics",
        "Share",
        "Tweet",
        "Nils Berg",
        "Ferry prices",
        "All rights",
        "doubles winter",
    ):
        assert furniture not in text
    for fact in ("from 340 to 680", "winter of 2023", "37,400 crowns"):
        assert fact in text


def test_json_ld_is_enough():
    head, _, body = PAGE.partition("</head>")
    script = head[head.index("<script") :]
    found = extract(f"<html><head><title>x</title>{script}</head>{body}")
    assert (found.published, found.author) == ("2024-02-09", "Ingrid Solberg")


def test_the_address_of_origin_serves_when_the_page_names_none():
    bare = PAGE.replace('<link rel="canonical" href="https://gazette.example/news/winter-permits">', "")
    assert extract(bare, url="https://gazette.example/x").url == "https://gazette.example/x"


def test_bytes_are_read_as_the_page_declares():
    page = PAGE.replace("Tove Lindqvist", "Zoë Lindström").replace('charset="utf-8"', 'charset="iso-8859-1"')
    assert "Zoë Lindström" in extract(page.encode("iso-8859-1")).text


LONG = "The permits are valid for 120 days and cost 55 crowns each; the council expects to earn 37,400 crowns."


def test_a_year_in_the_text_is_no_publication_day():
    found = extract(f"<html><body><article><h1>Permits</h1><p>In 2023 there were 340.</p><p>{LONG}</p></article>")
    assert "In 2023" in found.text
    assert found.published == ""


@pytest.mark.parametrize(
    "stated",
    [
        '<meta property="article:published_time" content="2024-02-09T08:15:00Z">',
        '<meta name="date" content="2024-02-09">',
        '<meta itemprop="datePublished" content="2024-02-09">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-02-09"}</script>',
        '<time datetime="2024-02-09T08:15:00Z">9 February</time>',
    ],
)
def test_a_day_that_the_page_states_is_found(stated):
    head, body = ("", stated) if stated.startswith("<time") else (stated, "")
    page = f"<html><head>{head}</head><body><article><h1>Permits</h1>{body}<p>{LONG}</p><p>{LONG}</p></article>"
    assert extract(page).published == "2024-02-09"


def test_table_rows_stay_and_their_rule_goes():
    table = "<table><tr><th>Year</th><th>Permits</th></tr><tr><td>2023</td><td>340</td></tr></table>"
    text = extract(f"<html><body><article><p>{LONG}</p>{table}<p>It will vote again.</p></article>").text
    assert "2023 | 340" in text
    assert "---" not in text


@pytest.mark.parametrize(
    "page",
    [
        "",
        "   ",
        "no markup at all",
        "<html></html>",
        "<html><body><script>var article = 'long';</script></body></html>",
        "<html><body><nav><ul>"
        + "<li><a href='/x'>A headline of a story</a></li>" * 40
        + "</ul></nav></body></html>",
        "<html><body><form><input name=q><button>Search</button></form></body></html>",
        "<div>" * 3000 + "text",
        b"\x00\xff\xfe\x80" * 500,
        bytes(range(256)) * 20,
        b"%PDF-1.4 not a page",
        '<?xml version="1.0" encoding="no-such"?><html><body><p>x</p></body></html>',
    ],
)
def test_a_page_without_an_article_is_none(page):
    assert extract(page) is None
