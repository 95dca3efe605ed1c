"""What does a cell's number format show: a plain value, a day, a moment, a time of day, or a length?"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from rowcall.ooxml.markup import attribute, elements, root_prefix

_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_NO_MEANING = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


class Shows(Enum):
    """What a number format shows."""

    PLAIN = 0
    DAY = 1
    MOMENT = 2
    TIME = 3
    ELAPSED = 4


# ECMA-376 part 1, 18.8.30: formats that stand in no file; 27–36 and 50–58 in their East Asian meaning.
_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58), Shows.DAY),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), Shows.TIME),
    22: Shows.MOMENT,
    46: Shows.ELAPSED,
}
EAST_ASIAN = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in date formats that only East Asian programs use."""


@dataclass(frozen=True, slots=True)
class Style:
    """One cell format (an `xf` of `cellXfs`). looks: fonts, fills and borders, to find a similar one."""

    shows: Shows
    format_id: int = 0
    locked: bool = True
    looks: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Styles:
    """All cell formats of a workbook, by the number that a cell's `s` names."""

    xml: bytes

    @cached_property
    def all(self) -> tuple[Style, ...]:
        """Return the formats in order."""
        prefix = root_prefix(self.xml)
        custom = {
            int(attribute(found.tag, "numFmtId") or 0): attribute(found.tag, "formatCode") or ""
            for found in elements(self.xml, prefix, b"numFmt")
        }
        block = elements(self.xml, prefix, b"cellXfs")
        if not block:
            return ()
        return tuple(
            _style(self.xml[xf.start : xf.end], xf.tag, prefix, custom)
            for xf in elements(self.xml, prefix, b"xf", block[0].content_start, block[0].content_end)
        )

    def __getitem__(self, number: int) -> Style:
        return self.all[number] if number < len(self.all) else Style(Shows.PLAIN)

    def numbers(self, *shows: Shows) -> tuple[int, ...]:
        """Return the numbers of all formats that show one of these."""
        return tuple(number for number, style in enumerate(self.all) if style.shows in shows)


def _style(xml: bytes, tag: bytes, prefix: bytes, custom: dict[int, str]) -> Style:
    number = int(attribute(tag, "numFmtId") or 0)
    protection = elements(xml, prefix, b"protection")
    locked = not protection or attribute(protection[0].tag, "locked") not in ("0", "false")
    shows = _read_code(custom[number]) if number in custom else _BUILT_IN.get(number, Shows.PLAIN)
    return Style(
        shows, number, locked, tuple(attribute(tag, name) for name in ("fontId", "fillId", "borderId"))
    )


def _read_code(code: str) -> Shows:
    first = code.split(";", 1)[0]
    if _ELAPSED.search(first):
        return Shows.ELAPSED
    bare = _NO_MEANING.sub("", first).lower()
    if bare == "general" or "general" in bare:
        return Shows.PLAIN
    time = "h" in bare or "s" in bare
    day = "d" in bare or "y" in bare or ("m" in bare and not time)
    if day and time:
        return Shows.MOMENT
    return Shows.DAY if day else Shows.TIME if time else Shows.PLAIN
