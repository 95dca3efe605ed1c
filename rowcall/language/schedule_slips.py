"""Which schedule did somebody mean who wrote it in another way: `daily 5am`, `every weekday at 9`, `Monday 7:45`?"""

import re

from rowcall.calendar.weekdays import put_weekdays_right
from rowcall.language.near import did_you_mean
from rowcall.language.spans import repaired_span
from rowcall.language.weekday_words import WORK_WEEK, say_weekdays, weekdays_of

_CLOCK = r"\d{1,2}(?:[:.h]\d{2})?\s*(?:am|pm|a\.m\.|p\.m\.|h|uhr|o'?clock)?"
_LOOSE = re.compile(
    rf"(?P<days>.*?)\s*(?:\bat\b|@|\bon\b|,)?\s*(?P<times>{_CLOCK}(?:\s*(?:,|and|&|\+)\s*(?:at\s+)?{_CLOCK})*)",
    re.IGNORECASE,
)
_ONE = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap])?\.?m?\.?.*", re.IGNORECASE)
_FILLER = re.compile(
    r"^(?:(?:on|each|every|at|all|the|monthly|weekly|daily|(?:each|every)\s+(?:month|week|day))\s+)+(?=\S)",
    re.IGNORECASE,
)
_EVERY = re.compile(r"(?:every|each)\s+(.+)", re.IGNORECASE)
_DAYS = {
    "": "every day", "day": "every day", "days": "every day", "daily": "every day", "everyday": "every day",
    "morning": "every day", "weekday": "weekdays", "weekdays": "weekdays", "week days": "weekdays",
    "week day": "weekdays", "working day": "working days", "working days": "working days",
    "business day": "working days", "business days": "working days", "workday": "working days",
    "workdays": "working days", "weekend": "weekends", "weekends": "weekends", "weekly": "Mondays", "week": "Mondays",
    "monthly": "1st of month", "month": "1st of month", "quarterly": "1st of quarter", "quarter": "1st of quarter",
    "yearly": "1st of year", "year": "1st of year", "annually": "1st of year", "end of month": "last day of month",
    "month end": "last day of month", "end of the month": "last day of month", "last of month": "last day of month",
    "first working day": "first working day of month", "last working day": "last working day of month",
    "first day": "1st of month", "last day": "last day of month", "first of month": "1st of month",
    "first of the month": "1st of month", "last business day of month": "last working day of month",
    "first business day of month": "first working day of month",
}  # fmt: skip
_NTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?\.?(?:\s+(?:day\s+)?of\s+(?:the\s+|each\s+|every\s+)?(month|quarter))?"
)
_NOON = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_MORNING = "09:00"


def meant_schedule(said: str) -> str:
    """Return the schedule that a text probably means, or "" if none is plain."""
    text = said.strip().lower()
    for word, clock in _NOON.items():
        text = re.sub(rf"\b{word}\b", clock, text)
    if text in ("hourly", "every hour", "each hour"):
        return "every hour"
    every = _EVERY.fullmatch(text)
    span = repaired_span(every[1]) if every else ""
    if span and span.split()[-1].startswith(("hour", "minute")) and " working" not in span:
        return f"every {span}"
    loose = _LOOSE.fullmatch(text)
    days = _meant_days(loose["days"] if loose else text)
    times = meant_times(loose["times"]) if loose else ""
    if not days or (loose and not times) or (not loose and days == "every day" and not text):
        return ""
    return f"{days} at {times or _MORNING}"


def meant_times(text: str) -> str:
    """Return times of day as they should stand: `9 and 2pm` is `09:00 and 14:00`; "" if one is no time."""
    parts = [part for part in re.split(r"\s*(?:,|\band\b|&|\+)\s*(?:at\s+)?", text.strip()) if part]
    times = [_time(part) for part in parts]
    if not times or not all(times):
        return ""
    return " and ".join([", ".join(times[:-1]), times[-1]] if len(times) > 1 else times)


def _time(text: str) -> str:
    match = _ONE.fullmatch(text.strip())
    if match is None:
        return ""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""  # noqa: PLR2004 - a day's hours and minutes


def _meant_days(text: str) -> str:
    plain = _FILLER.sub("", text.strip()).strip().rstrip(",").removesuffix(" at").strip()
    if plain in _DAYS:
        return _DAYS[plain]
    nth = _NTH.fullmatch(plain)
    if nth and int(nth[1]) > 0:
        ending = {1: "st", 2: "nd", 3: "rd"}.get(int(nth[1]), "th")
        return f"{int(nth[1])}{ending} of {nth[2] or 'month'}"
    days = weekdays_of(plain)
    if days is None:
        mended = put_weekdays_right(plain, lambda word: did_you_mean(word, _WEEKDAY_NAMES))
        days = weekdays_of(mended) if mended else None
    if days is not None:
        return "weekdays" if days == WORK_WEEK else "every day" if len(days) == 7 else say_weekdays(days)  # noqa: PLR2004
    near = did_you_mean(plain, [name for name in _DAYS if len(name) > 4])  # noqa: PLR2004 - short words are near to many
    return _DAYS[near] if near else ""


_WEEKDAY_NAMES = [say_weekdays(frozenset({day})).lower() for day in range(7)]
