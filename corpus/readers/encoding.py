"""From bytes to text when nobody says how they are encoded."""

import codecs

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_SAMPLE = 200_000  # bytes looked at to detect an encoding: plenty, and it keeps a large file quick


class NotTextError(ValueError):
    """The bytes aren't text in any encoding that can be recognised."""


def decode(data: bytes) -> str:
    """`data` as text: by its byte order mark, else UTF-8, else as charset-normalizer detects.

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
    from charset_normalizer import from_bytes

    # What matters are the bytes that aren't ASCII, so the sample lies around the first of them.
    best = from_bytes(data[max(0, where - _SAMPLE // 2) : where + _SAMPLE // 2]).best()
    if best is not None and best.encoding != "utf_8":
        try:
            return data.decode(best.encoding)
        except (UnicodeDecodeError, LookupError):
            pass
    raise NotTextError(f"byte {where} is no valid UTF-8, and no other encoding fits; save it as UTF-8")
