"""How long does a cell of a duration column say, and how is a length of time written into a cell?

Accepted: `1:30` (hours:minutes) and `1:30:15`, `30 minutes`, `1.5 hours`, `2 days 3 hours`, `2h30m`,
`2小时`, `1个小时30分钟`.
A month or year has no fixed length and a bare number no unit: both are refused.
"""

import re
import unicodedata
from datetime import timedelta
from decimal import Decimal

import polars as pl

from rowcall.duration import parse_span
from rowcall.numbers import BLANKS

_CLOCK = re.compile(r"(?P<sign>-)?(?P<h>\d{1,5}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?", re.ASCII)
_PART = re.compile(r"(?P<count>[0-9]{1,6}(?:\.[0-9]{1,4})?) ?(?P<unit>[^\W\d_]+) ?,? ?", re.IGNORECASE)
_SHORT = {
    "h": "hour",
    "hr": "hour",
    "hrs": "hour",
    "m": "minute",
    "d": "day",
    "w": "week",
    "分": "分钟",
    "时": "小时",
}
_SECONDS = ("s", "sec", "secs", "second", "seconds", "秒")
_LONGEST = 60


def parse_length(text: str) -> timedelta | None:
    """Return the length of time that a text says, or None if it says none of a fixed length."""
    tidy = " ".join(unicodedata.normalize("NFKC", text).strip(BLANKS).split())
    clock = _CLOCK.fullmatch(tidy)
    if clock:
        length = timedelta(hours=int(clock["h"]), minutes=int(clock["m"]), seconds=int(clock["s"] or 0))
        return -length if clock["sign"] else length
    if not tidy or len(tidy) > _LONGEST:
        return None
    total, at = timedelta(0), 0
    while at < len(tidy):
        part = _PART.match(tidy, at)
        unit = _unit(part["unit"]) if part else None
        if part is None or unit is None:
            return None
        total += timedelta(microseconds=int(Decimal(part["count"]) * (unit // timedelta(microseconds=1))))
        at = part.end()
    return total


def parse_lengths(texts: pl.Series) -> pl.Series:
    """Return the same for a whole column of trimmed texts: Duration("us")."""
    distinct = texts.drop_nulls().unique()
    parsed = pl.Series([parse_length(text) for text in distinct], dtype=pl.Duration("us"))
    return texts.replace_strict(distinct, parsed, default=None, return_dtype=pl.Duration("us"))


def why_no_length(text: str) -> str:
    """Return what is wrong with a text that says no length of time, and how to write it."""
    span = parse_span(text)
    if span is not None and span.working:
        return "working time is for rules; write 1:30 or 30 minutes"
    if span is not None:
        return f"{span} has no fixed length; write it in days"
    if re.fullmatch(r"[0-9.]+", text.strip()):
        return (
            f"the unit is missing; write {text.strip()} minutes, {text.strip()} hours or {text.strip()} days"
        )
    return "write 1:30 (hours:minutes), 30 minutes or 2 days"


def format_length(length: timedelta, *, language: str = "en") -> str:
    """Return the text to write for a length of time, to the second: `2 days`, `1:30`, `0:00:15`."""
    seconds = abs(length) // timedelta(seconds=1)
    days, rest = divmod(seconds, 86_400)
    if days and not rest and length > timedelta(0):
        return f"{days}天" if language == "zh" else f"{days} day{'s' if days > 1 else ''}"
    hours, minutes, left = seconds // 3600, seconds // 60 % 60, seconds % 60
    sign = "-" if length < timedelta(0) and seconds else ""
    return f"{sign}{hours}:{minutes:02}" + (f":{left:02}" if left else "")


def _unit(word: str) -> timedelta | None:
    plain = word.lower()
    if plain in _SECONDS:
        return timedelta(seconds=1)
    span = parse_span(f"1 {_SHORT.get(plain, plain)}")
    if span is None or span.working:
        return None
    try:
        return span.exact
    except ValueError:  # months and years
        return None
