"""Which hours of a day does a text like `09:00-12:30, 13:30-18:00` say, in English or Chinese?"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_DAY = 24 * 60
_NOON = 12


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From when to when, in minutes since midnight on the wall clock; 0 ≤ start < end ≤ 1440."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= _DAY:
            raise ValueError(f"no stretch of a day: {self.start} to {self.end}")

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


Hours = tuple[Stretch, ...]
"""The hours of one day in their order, none touching another; an empty one is a closed day."""

CLOSED: Hours = ()
ALL_DAY: Hours = (Stretch(0, _DAY),)

_CLOSED = frozenset({"closed", "no", "none", "off", "休息", "放假", "不营业", "关门", "休"})
_ALL_DAY = frozenset({"all day", "24 hours", "24h", "全天", "24小时"})
_BETWEEN = re.compile(r"\s*(?:[-–—~〜]|\bto\b|至|到)\s*", re.IGNORECASE)
_NEXT = re.compile(r"\s*(?:[,;、]|\band\b|&|和|及)\s*", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
# Ways in which people write a time that are told how to write it here.
_LOOSE = re.compile(
    r"(?P<half>上午|下午|晚上|中午)?\s*(?P<hour>\d{1,2})\s*(?:[:.h点时]\s*(?P<minute>\d{2}))?\s*(?:h|uhr|o'clock|点|时|分)?"
    r"\s*(?P<noon>[ap]\.?m\.?)?",
    re.IGNORECASE | re.ASCII,
)


class HoursMistake(ValueError):
    """A text says no hours; what: the sentence for its author. suggestion: the whole text put right, or ""."""

    def __init__(self, what: str, *, suggestion: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what, self.suggestion = what, suggestion
        self.fix = fix or "Write for example `09:00-18:00`, `09:00-12:30, 13:30-18:00` or `closed`."


def parse_hours(text: str) -> Hours:
    """Return the hours of a day that a text says; raises HoursMistake.

    Hours that touch become one. Hours over midnight are refused: a working day is a day of the calendar, so they
    are written on both days.
    """
    tidy = _tidy(text)
    if tidy.lower() in _CLOSED:
        return CLOSED
    if tidy.lower() in _ALL_DAY:
        return ALL_DAY
    if not tidy:
        raise HoursMistake("There are no hours here.")
    parts = _NEXT.split(tidy)
    stretches = sorted(_read_stretch(part, parts) for part in parts)
    _refuse_overlap(stretches)
    return _joined(stretches)


def format_hours(hours: Hours) -> str:
    """Return hours as they are written: `09:00-12:30, 13:30-18:00`, or `closed`."""
    return ", ".join(str(stretch) for stretch in hours) or "closed"


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _read_stretch(part: str, parts: Sequence[str]) -> Stretch:
    ends = _BETWEEN.split(part)
    if not part or len(ends) != 2 or not all(ends):  # noqa: PLR2004 - from and to
        raise HoursMistake(
            f"`{part}` does not say from when to when." if part else "Between two commas no hours stand."
        )
    start, end = (_read_time(one, part, parts) for one in ends)
    if start == end:
        fix = "A whole day is `00:00-24:00`, a day without hours is `closed`."
        raise HoursMistake(f"`{part}` begins and ends at the same time.", fix=fix)
    if start > end:
        late, early = f"{_clock(start)}-24:00", f"00:00-{_clock(end)}"
        over = f"Hours over midnight are written on both days: `{late}` here, `{early}` on the day after."
        whole = f"Turn the two times round, or: {over[0].lower()}{over[1:]}"
        raise HoursMistake(f"`{part}` ends before it begins.", fix=over if end == 0 else whole)
    return Stretch(start, end)


def _read_time(text: str, part: str, parts: Sequence[str]) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        suggestion = ", ".join(_put_right(one) for one in parts)
        known = suggestion if "?" not in suggestion else ""
        raise HoursMistake(
            f"`{text}` in `{part}` is not written as a time of day, like `09:00`.", suggestion=known
        )
    minute = int(found[1]) * 60 + int(found[2])
    if int(found[2]) >= 60 or minute > _DAY:  # noqa: PLR2004 - an hour's minutes
        raise HoursMistake(f"`{text}` is no time of day: they go from `00:00` to `24:00`.")
    return minute


def _put_right(part: str) -> str:
    """Return hours written loosely as they should stand: `9-18`, `9am to 6pm`; a `?` stands for what is unclear."""
    return "-".join(_put_time_right(one) for one in _BETWEEN.split(part))


def _put_time_right(text: str) -> str:
    found = _LOOSE.fullmatch(text)
    if found is None:
        return "?"
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    afternoon = (found["noon"] or "").lower().startswith("p") or found["half"] in ("下午", "晚上")
    if found["noon"] and hour == _NOON:
        hour = 0
    if afternoon and hour < _NOON:
        hour += _NOON
    return _clock(hour * 60 + minute) if minute < 60 and hour * 60 + minute <= _DAY else "?"  # noqa: PLR2004


def _refuse_overlap(stretches: Sequence[Stretch]) -> None:
    for one, other in pairwise(stretches):
        if other.start < one.end:
            whole = Stretch(one.start, max(one.end, other.end))
            raise HoursMistake(
                f"`{one}` and `{other}` overlap: some hours would count twice.",
                fix=f"Write `{whole}`, or leave a break between them.",
            )


def _joined(stretches: Sequence[Stretch]) -> Hours:
    joined: list[Stretch] = []
    for stretch in stretches:
        if joined and joined[-1].end == stretch.start:
            joined[-1] = Stretch(joined[-1].start, stretch.end)
        else:
            joined.append(stretch)
    return tuple(joined)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
