"""Unicode and whitespace of article text, made regular without touching a word of it."""

import re
import unicodedata

# Zero-width space, directional marks, soft hyphen, byte order mark: invisible, and they break exact quotes.
# The zero-width joiners stay: they are part of words in Persian and Hindi.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2060, 0x2065)]
)
# Every other control character but tab and newline.
_CONTROL = dict.fromkeys([*(c for c in range(0x20) if c not in (9, 10)), *range(0x7F, 0xA0)])
_SPACES = re.compile(r"[^\S\n]+")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")  # half a character: JSON can spell it, UTF-8 can't hold it
_LINE_ENDS = re.compile(r"\r\n?|\x0b|\x0c|\x85|\u2028")


def normalise(text: str) -> str:
    """NFC, one kind of line end and space, no invisible characters, paragraphs one empty line apart."""
    text = _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    text = text.translate(_INVISIBLE).translate(_CONTROL)
    text = unicodedata.normalize("NFC", text)  # not before: what is invisible may stand between letter and accent
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def one_line(text: str) -> str:
    """`text` normalised and on a single line, as a headline or a name must be."""
    return re.sub(r"\s+", " ", normalise(text))
