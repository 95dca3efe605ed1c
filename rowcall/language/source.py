"""Which text do the bytes of a file hold, and which characters in it can't be meant?"""

import codecs
import re

from rowcall.language.notes import Notes

_SAVE_AS = "Open it in your editor and save it anew with the encoding “UTF-8”."
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LINE_END = re.compile(r"\r\n|\n|\r")
_NEVER_MEANT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff\ud800-\udfff]"
)


def decode(source: bytes, notes: Notes) -> str | None:
    """Return the text of a UTF-8 file, with or without byte-order mark, or None with the mistake noted."""
    if source.startswith(_WIDE_MARKS) or source[:200].count(0) > len(source[:200]) // 4:
        _note_encoding("UTF-16 (“Unicode”)", notes)
        return None
    try:
        return source.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        _note_encoding(_guess(source), notes, line)
        return None


def split_lines(text: str) -> list[str]:
    """Return the lines of a text; only the line ends of editors count, not the rarer ones of Unicode."""
    return _LINE_END.split(text.removeprefix("\ufeff"))


def never_meant(line: str) -> list[tuple[int, str]]:
    """Return position and name of each invisible character that nobody types on purpose."""
    if line.isascii() and line.isprintable():
        return []
    return [(found.start(), f"U+{ord(found[0]):04X}") for found in _NEVER_MEANT.finditer(line)]


def without_invisible(text: str) -> str:
    """Return the text without such characters."""
    return _NEVER_MEANT.sub("", text)


def _guess(source: bytes) -> str:
    try:
        source.decode("gb18030")
    except UnicodeDecodeError:
        return "an encoding that is not known"
    return "GB18030 (GBK, “ANSI”)"


def _note_encoding(encoding: str, notes: Notes, line: int = 1) -> None:
    notes.mistake(
        notes.place(line, 1), f"The file is saved as {encoding}; it must be saved as UTF-8.", fix=_SAVE_AS
    )
