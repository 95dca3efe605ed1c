"""What does a format of TEXT say: `#,##0.00`, `0%`, `d mmmm yyyy`, `hh:mm`?"""

import re
from dataclasses import dataclass
from enum import StrEnum

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<date>\[h+\]|y+|m+|d+|h+|s+|am/pm)|(?P<digits>[0#][0#,.]*|\.[0#]+)'
    r"|(?P<percent>%)|(?P<whole>@)|(?P<plain>[ \-/:.,€$£¥()+年月日时分秒])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?P<whole>[0#,]*)(?:\.(?P<fraction>0*#*))?")
_LONGEST = 60
_MOST_DIGITS = 12


class FormatPart(StrEnum):
    """What stands at one place of a text made by TEXT."""

    LITERAL = "literal"
    NUMBER = "number"
    WHOLE = "whole"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    HOURS = "hours in all"
    MINUTE = "minute"
    SECOND = "second"
    HALF = "am or pm"


_DATE_PARTS = {"y": FormatPart.YEAR, "m": FormatPart.MONTH, "d": FormatPart.DAY, "h": FormatPart.HOUR}
_LONGEST_PART = {"y": 4, "m": 4, "d": 4, "h": 2, "s": 2}


@dataclass(frozen=True, slots=True)
class TextFormat:
    """The parts of a format in order: what, and the literal or the letters as written.

    least_whole, least, most: digits before the point, and least and most behind it. half: twelve-hour clock.
    """

    parts: tuple[tuple[FormatPart, str], ...]
    least_whole: int = 1
    least: int = 0
    most: int = 0
    grouped: bool = False
    percent: bool = False

    @property
    def of_dates(self) -> bool:
        """Say whether it shows a date or a time."""
        return any(
            part not in (FormatPart.LITERAL, FormatPart.NUMBER, FormatPart.WHOLE) for part, _ in self.parts
        )

    @property
    def half(self) -> bool:
        """Say whether hours run to twelve."""
        return any(part is FormatPart.HALF for part, _ in self.parts)


def parse_format(text: str) -> TextFormat | None:
    """Return what a format says, or None if it is not understood."""
    tokens = _tokens(text)
    if not tokens:
        return None
    parts: list[tuple[FormatPart, str]] = []
    digits, percent = "", False
    for index, (group, seen) in enumerate(tokens):
        if group in ("quoted", "escaped", "plain"):
            parts.append((FormatPart.LITERAL, seen))
        elif group == "percent":
            parts.append((FormatPart.LITERAL, "%"))
            percent = True
        elif group == "whole":
            parts.append((FormatPart.WHOLE, "@"))
        elif group == "digits":
            if digits:
                return None
            digits = seen
            parts.append((FormatPart.NUMBER, seen))
        else:
            part = _date_part(tokens, index)
            if part is None:
                return None
            parts.append((part, seen.lower()))
    return _with_digits(tuple(parts), digits, percent=percent)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text) <= _LONGEST:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            return []
        tokens.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


def _date_part(tokens: list[tuple[str, str]], index: int) -> FormatPart | None:
    seen = tokens[index][1].lower()
    if seen == "am/pm":
        return FormatPart.HALF
    if seen.startswith("["):
        return FormatPart.HOURS
    if len(seen) > _LONGEST_PART[seen[0]] or seen == "yyy":
        return None
    if seen[0] == "s":
        return FormatPart.SECOND
    # As in spreadsheets: `m` is minutes right behind hours or right before seconds.
    dates = [(place, token.lower()) for place, (group, token) in enumerate(tokens) if group == "date"]
    at = next(number for number, (place, _) in enumerate(dates) if place == index)
    before = dates[at - 1][1].strip("[]")[0] if at else ""
    after = dates[at + 1][1][0] if at + 1 < len(dates) else ""
    if seen[0] == "m" and (before == "h" or after == "s"):
        return FormatPart.MINUTE if len(seen) <= 2 else None  # noqa: PLR2004 - m or mm
    return _DATE_PARTS[seen[0]]


def _with_digits(
    parts: tuple[tuple[FormatPart, str], ...], digits: str, *, percent: bool
) -> TextFormat | None:
    found = TextFormat(parts, percent=percent)
    if not digits:
        return None if percent and not found.of_dates else found
    match = _DIGITS.fullmatch(digits)
    if match is None or found.of_dates:
        return None
    whole, fraction = match["whole"], match["fraction"] or ""
    if "," in whole and not re.fullmatch(r"[#0]+,[#0]{3}", whole):
        return None
    plain = whole.replace(",", "")
    if re.search("0#", plain) or len(plain) > _MOST_DIGITS or len(fraction) > _MOST_DIGITS:
        return None
    return TextFormat(parts, plain.count("0"), fraction.count("0"), len(fraction), "," in whole, percent)
