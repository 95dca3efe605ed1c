"""What does one piece of text mean as a number, a time, a yes or no, or a word of a closed list?"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import time
from enum import Enum

from rowcall.duration import Span, parse_span
from rowcall.language.document import Text, fold_key
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.words import find_word, is_chinese, spellings

YES = ("yes", "on", "true", "是")
NO = ("no", "off", "false", "否")
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_COUNT = re.compile(r"(?P<count>\d{1,6})\s*(?P<working>work\w*\s+)?(?P<unit>[A-Za-z]+)", re.IGNORECASE)
_UNITS = (
    "minutes",
    "hours",
    "days",
    "weeks",
    "months",
    "years",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "year",
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)


def parse_yes_no(text: str) -> bool | None:
    """Return what a yes or no says, in English or Chinese, or None."""
    word = fold_key(text)
    return True if word in YES else False if word in NO else None


def parse_whole(text: str) -> int | None:
    """Return a whole number written with digits, or None."""
    return int(_narrow(text)) if _WHOLE.fullmatch(_narrow(text)) else None


def parse_decimal(text: str) -> float | None:
    """Return a number written with digits and a point, or None."""
    return float(_narrow(text)) if _NUMBER.fullmatch(_narrow(text)) else None


def parse_time(text: str) -> time | None:
    """Return a time of day written as `08:30`, or None."""
    match = _TIME.fullmatch(_narrow(text))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:  # noqa: PLR2004 - a day's hours and minutes
        return None
    return time(int(match[1]), int(match[2]))


def _narrow(text: str) -> str:
    """Return a text whose digits and signs may be typed in full width with narrow ones."""
    return unicodedata.normalize("NFKC", text).strip()


PLAIN: dict[type, tuple[Callable[[str], object | None], str, tuple[str, ...]]] = {
    bool: (parse_yes_no, "`yes` or `no`", ("yes", "no")),
    int: (parse_whole, "a whole number (`25`)", ()),
    float: (parse_decimal, "a number (`2.5`)", ()),
    time: (parse_time, "a time of day (`08:30`)", ()),
    Span: (parse_span, "a duration (`30 minutes`, `2 hours`, `3 days`)", ()),
}
"""Type → how its text is read, how it is called in words, and the words that may be meant by a slip."""


def read_plain(wanted: type, text: Text, notes: Notes) -> object | None:
    """Return the text typed as one of PLAIN, or None with the mistake noted."""
    parse, called, meant = PLAIN[wanted]
    value = parse(text.value)
    if value is None:
        nearest = _near_span(text.value) if wanted is Span else did_you_mean(text.value, meant)
        notes.mistake(
            text.place,
            f"`{text.value}` is not {called}.",
            suggestion=notes.corrected(text.place, text.value, nearest) if nearest else "",
            fix=f"Write {called}.",
        )
    return value


def _near_span(text: str) -> str:
    """Return the duration that was probably meant: `3 dyas` is `3 days`, `half an hour` is nothing."""
    if text.strip().endswith("月") and parse_span(text.strip().removesuffix("月") + "个月"):
        return text.strip().removesuffix("月") + "个月"
    found = _COUNT.fullmatch(text.strip())
    word = did_you_mean(found["unit"], _UNITS) if found else ""
    if found is None or not word:
        return ""
    return " ".join(part for part in (found["count"], "working" if found["working"] else "", word) if part)


def read_word(known: Sequence[str], text: Text, notes: Notes, words: type[Enum] | None = None) -> str | None:
    """Return the word of a closed list that is written here, or None with the mistake noted.

    words: the table in which the known words have other spellings too.
    """
    same = {word: (word, *_others(word, words)) for word in known}
    folded = {fold_key(spelling): word for word, written in same.items() for spelling in written}
    if fold_key(text.value) in folded:
        return folded[fold_key(text.value)]
    nearest = did_you_mean(text.value, [one for written in same.values() for one in written])
    chinese = is_chinese(text.value)
    listed = ", ".join(f"`{written[1 if chinese and written[1:] else 0]}`" for written in same.values())
    notes.mistake(
        text.place,
        f"`{text.value}` is not known here; possible are {listed}."
        + (f" Did you mean `{nearest}`?" if nearest else ""),
        suggestion=notes.corrected(text.place, text.value, nearest) if nearest else "",
        fix=f"Write one of {listed}.",
    )
    return None


def _others(word: str, words: type[Enum] | None) -> tuple[str, ...]:
    found = None if words is None else find_word(words, word)
    return () if found is None else spellings(found)[1:]
