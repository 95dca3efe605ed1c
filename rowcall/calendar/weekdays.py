"""Which days of the week does a text like `Mon-Fri` or `周一至周五` name?"""

import re
import unicodedata
from collections.abc import Callable

_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = ("tues", "weds", "thur", "thurs")
_CHINESE = "一二三四五六日"
_WEEK = 7
_WORK_WEEK = frozenset(range(5))
_GROUPS = {
    "weekday": _WORK_WEEK, "weekdays": _WORK_WEEK, "工作日": _WORK_WEEK,
    "weekend": frozenset({5, 6}), "weekends": frozenset({5, 6}), "周末": frozenset({5, 6}),
    "every day": frozenset(range(_WEEK)), "daily": frozenset(range(_WEEK)), "每天": frozenset(range(_WEEK)),
}  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:[-–—~〜]|\bto\b|至|到)\s*", re.IGNORECASE)
_NEXT = re.compile(r"\s*(?:[,;/、]|\band\b|&|和|及)\s*", re.IGNORECASE)
_CHINESE_DAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_BARE_CHINESE = re.compile(r"[一二三四五六日天]")

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""The days as messages and suggestions name them, Monday first."""


def parse_weekdays(text: str) -> frozenset[int] | None:
    """Return the days that a text names, 0 = Monday, or None if it names none.

    A range may run over the end of the week: `Sun-Thu`, `Sat-Mon`.
    """
    found: set[int] = set()
    for part in _NEXT.split(_tidy(text)):
        days = _GROUPS.get(part) or _read_range(part)
        if days is None:
            return None
        found |= days
    return frozenset(found)


def put_weekdays_right(text: str, nearest: Callable[[str], str]) -> str:
    """Return the text with every word that names no day replaced by its nearest, or "" where none is near."""
    pieces = re.split(r"([-–—~〜,;/、])", text)
    right = [one if _known(one) else nearest(one.strip()) for one in pieces]
    joined = "".join(right)
    return joined if all(right) and joined != text and parse_weekdays(joined) is not None else ""


def _known(piece: str) -> bool:
    return piece.strip() in tuple("-–—~〜,;/、") or parse_weekdays(piece) is not None


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def _read_range(part: str) -> frozenset[int] | None:
    ends = _BETWEEN.split(part)
    first, last = _read_day(ends[0]), _read_day(ends[-1], bare=len(ends) > 1)
    if len(ends) > 2 or first is None or last is None:  # noqa: PLR2004 - from and to
        return None
    return frozenset((first + step) % _WEEK for step in range((last - first) % _WEEK + 1))


def _read_day(word: str, *, bare: bool = False) -> int | None:
    """Return the day that one word names; bare: as in `周一至五` the second word may lack its 周."""
    chinese = _CHINESE_DAY.fullmatch(word)
    if chinese or (bare and _BARE_CHINESE.fullmatch(word)):
        return _CHINESE.index(word[-1].replace("天", "日"))
    plain = word.rstrip(".")
    for number, name in enumerate(_ENGLISH):
        if plain in (name, f"{name}s", name[:3]) or (plain in _SHORT and name.startswith(plain)):
            return number
    return None
