"""From bytes to text."""

import pytest

from corpus.readers import Problem
from corpus.readers.encoding import NotTextError, decode

FRENCH = "Le ministère a déclaré que l’année dernière 3 000 réfugiés étaient arrivés à Paris – “enfin”, dit-il."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_french_in_every_encoding(encoding):
    assert decode(FRENCH.encode(encoding)) == FRENCH


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf_16_of_either_order(order):
    assert decode(("\ufeff" + FRENCH).encode(f"utf-16-{order}")) == FRENCH


@pytest.mark.parametrize(
    "text",
    [
        "Café “Zürich”",
        "Die Behörde prüft 1.200 Anträge über die „Grüne Grenze“ – für 35 € Gebühr.",
        "El señor Muñoz pidió más visas: ¿cuántas?",
        "Flyktninger får vente på øya i åtte måneder.",
        "A decisão não será tomada até março.",
        "It costs £40.",
    ],
)
def test_western_languages_in_windows_1252(text):
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Министерство труда повысило квоту на сезонные визы до девяти тысяч пятисот. " * 5, "cp1251"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy, řekl ministr vnitra v pondělí večer. " * 5, "cp1250"),
        ("移民局は月曜日に新しい規則を発表した。申請は三月一日に始まる。" * 5, "shift_jis"),
    ],
)
def test_other_languages_are_detected(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_damaged_utf_8_is_refused_rather_than_garbled():
    data = ("Zürich und München. " * 300).encode()
    with pytest.raises(NotTextError, match=r"byte 6600 is no valid UTF-8.*save it as UTF-8"):
        decode(data + b"\xff ok\n")
    with pytest.raises(NotTextError, match="byte 6599"):
        decode(data[:-1] + b"\xc3")


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, b"\x89PNG\r\n\x1a\n\x00\x00", b"text\x00text"])
def test_binary_is_refused(data):
    with pytest.raises(NotTextError, match="binary"):
        decode(data)


@pytest.mark.parametrize("data", [b"\xff\xfea", b"\xff\xfe\x00\xd8", b"\xef\xbb\xbf\xff"])
def test_a_mark_that_promises_too_much_is_refused(data):
    with pytest.raises(NotTextError, match="it starts like"):
        decode(data)


def test_nothing_is_nothing():
    assert decode(b"") == ""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "cp1252"])
def test_json_lines_in_every_encoding(read, encoding):
    lines = "".join(f'{{"id": "{i}", "text": "{FRENCH}"}}\n' for i in range(3)).replace("“enfin”", "enfin")
    records = read("a.jsonl", lines.encode(encoding))
    assert [r.id for r in records] == ["0", "1", "2"]
    assert all("ministère" in r.text for r in records)


def test_an_undecodable_line_is_a_problem_and_the_rest_goes_on(read):
    bad = '{"text": "Zürich, München, Köln, Düsseldorf"}'.encode().replace("ö".encode(), b"\xff")
    problem, article = read("a.jsonl", bad + b'\n{"id": "2", "text": "The council met."}\n')
    assert isinstance(problem, Problem)
    assert "no valid UTF-8" in problem.reason
    assert article.id == "2"
