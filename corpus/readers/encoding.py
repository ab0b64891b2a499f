"""From bytes to text when nobody says how they are encoded."""

import codecs

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
WIDE_MARKS = tuple(mark for mark, encoding in _MARKS if encoding in ("utf-16", "utf-32"))
_SAMPLE = 200_000  # bytes looked at to detect an encoding: plenty, and it keeps a large file quick


# What English, French, German, Spanish, Italian, Portuguese, Dutch and the Nordic languages write beyond ASCII.
_WESTERN = frozenset("àâäáãåæçéèêëíìîïñóòôöõøœúùûüßÀÂÄÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜ‘’“”„‹›«»–—…•¡¿€£§©®™°·\xa0\xad")


class NotTextError(ValueError):
    """The bytes aren't text in any encoding that can be recognised."""


def decode(data: bytes) -> str:
    """`data` as text: by its byte order mark, else UTF-8, else Windows-1252, else as charset-normalizer detects.

    Raises:
        NotTextError: it is binary, or no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise NotTextError(f"it starts like {encoding} but isn't") from None
    if b"\0" in data[:_SAMPLE]:
        raise NotTextError("it is binary data, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = error.start
    not_utf8 = NotTextError(f"byte {where} is no valid UTF-8, and no other encoding fits; save it as UTF-8")
    # What matters are the bytes that aren't ASCII, so the sample lies around the first of them.
    sample = data[max(0, where - _SAMPLE // 2) : where + _SAMPLE // 2]
    if _is_damaged_utf8(sample):
        raise not_utf8
    if _is_western(sample):
        return data.decode("cp1252", "replace")
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is not None and best.encoding != "utf_8":
        try:
            return data.decode(best.encoding)
        except (UnicodeDecodeError, LookupError):
            pass
    raise not_utf8


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether most of what isn't ASCII is sound UTF-8: read as anything else, all of it would turn to rubbish."""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    return sum(c > "\x7f" for c in text) > 2 * broken


def _is_western(sample: bytes) -> bool:
    """Whether Windows-1252 gives plain Western European text: letters of its languages, sparse among ASCII.

    Detection by statistics guesses wrong on short texts ("ministčre" for "ministère").
    """
    text = sample.decode("cp1252", "replace")
    foreign = [c for c in text if c > "\x7f"]
    letters = sum(c.isalpha() for c in text)
    return set(foreign) <= _WESTERN and 4 * sum(c.isalpha() for c in foreign) <= letters
