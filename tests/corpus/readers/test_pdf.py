"""PDF documents."""

import io
import random
from datetime import date

import pypdf
import pytest

from corpus.readers import Problem

LINES = [
    "Council doubles permits",
    "",
    "The island council voted on Thursday to double the number of permits,",
    "from 340 to 680, after two canneries said they could not open with-",
    "out them.",
    "The permits are valid for 120 days.",
]


def make_pdf(lines, info=""):
    """A one-page PDF with `lines` in Helvetica and `info` as its document information."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    content = f"BT /F1 12 Tf 72 720 Td 14 TL {shown} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>".encode("latin-1"),
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def test_a_page_is_read_in_paragraphs(read):
    [article] = read(
        "a.pdf", make_pdf(LINES[2:], "/Title (Permits) /Author (Ann Lee) /CreationDate (D:20240506101500Z)")
    )
    assert (article.title, article.author, article.published) == ("Permits", "Ann Lee", date(2024, 5, 6))
    assert article.text == (
        "The island council voted on Thursday to double the number of permits, from 340 to 680, after two canneries "
        "said they could not open without them.\n\nThe permits are valid for 120 days."
    )


def test_without_a_title_the_first_line_is_the_headline(read):
    [article] = read("a.pdf", make_pdf(LINES))
    assert article.title == "Council doubles permits"
    assert article.text.startswith("The island council voted")


def test_a_day_of_making_that_cannot_be_read_does_not_cost_the_document(read):
    [article] = read("a.pdf", make_pdf(LINES, "/CreationDate (last Monday)"))
    assert article.published is None
    assert "120 days" in article.text


def test_a_document_without_a_text_layer_is_said(read):
    [problem] = read("a.pdf", make_pdf([]))
    assert "no text layer" in problem.reason


def test_a_document_under_a_password_is_said(read):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf(LINES)))
    writer.encrypt("open-sesame", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    [problem] = read("a.pdf", out.getvalue())
    assert "password" in problem.reason


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n", b"garbage" * 100, b"%PDF-1.4\n%%EOF", b"\x00" * 1000, b"<html></html>"]
)
def test_what_is_no_pdf_is_said(read, content):
    [problem] = read("a.pdf", content)
    assert "damaged" in problem.reason


def test_no_damage_breaks_the_reader(read):
    whole = make_pdf(LINES, "/Title (Permits) /CreationDate (D:20240506101500Z)")
    dice = random.Random(7)
    for _ in range(60):
        damaged = bytearray(whole[: dice.randrange(20, len(whole))] if dice.random() < 0.3 else whole)
        for _ in range(dice.randrange(1, 12)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        records = read("a.pdf", bytes(damaged))
        assert records
        assert all(str(r) if isinstance(r, Problem) else r.text for r in records)
