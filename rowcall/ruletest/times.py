"""Which moment does `at: 09:15`, `at: +1 day` or `at: Tuesday 08:30` name?"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rowcall.calendar import parse_weekdays
from rowcall.duration import add, parse_span, resolve_local

_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?::(\d{2}))?")
_BEHIND = re.compile(r"(?P<first>.+?)[ T]+(?P<time>\d{1,2}[:：]\d{2}(?::\d{2})?)")
HOW = "Write a time (`09:15`), a day and a time (`2025-03-04 09:15`), `Tuesday 09:15`, `+1 day` or `+30 minutes`."


class NoMoment(Exception):
    """The text names no moment, or one that has passed; says what is wrong."""


def read_start(text: str, zone: ZoneInfo) -> datetime:
    """Return the moment at which a test begins; raises NoMoment."""
    day, clock = _split(text.strip())
    first = _day(day) if day else None
    if first is None:
        raise NoMoment(f"`{text}` is no day and time, like `2025-03-03 08:00`.")
    return resolve_local(datetime.combine(first, clock or time.min), zone)


def read_at(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that a step names, seen from the step before; raises NoMoment."""
    moment = _moment(" ".join(text.split()), now, zone)
    if moment < now:
        shown = f"{now.astimezone(zone):%Y-%m-%d %H:%M}"
        raise NoMoment(
            f"`{text}` lies before the step above it ({shown}); for the next day write `+1 day {text}`."
            if _TIME.fullmatch(text)
            else f"`{text}` lies before the step above it ({shown})."
        )
    return moment


def _moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    day, clock = _split(text)
    local = now.astimezone(zone)
    at = clock or local.time()
    if not day:
        return resolve_local(datetime.combine(local.date(), at), zone)
    if day.startswith("+"):
        return _later(text, day, clock, now, zone)
    if (named := _day(day)) is not None:
        return resolve_local(datetime.combine(named, at), zone)
    days = parse_weekdays(day)
    if days is None or len(days) != 1:
        raise NoMoment(f"`{text}` names no moment.")
    ahead = (next(iter(days)) - local.weekday()) % 7
    found = resolve_local(datetime.combine(local.date() + timedelta(days=ahead), at), zone)
    if found > now:
        return found
    return resolve_local(datetime.combine(local.date() + timedelta(days=ahead + 7), at), zone)


def _later(text: str, day: str, clock: time | None, now: datetime, zone: ZoneInfo) -> datetime:
    span = parse_span(day.removeprefix("+").strip())
    if span is None or span.working:
        raise NoMoment(f"`{text}` is no length of time on the clock.")
    moment = add(now, span, zone)
    if clock is None:
        return moment
    return resolve_local(datetime.combine(moment.astimezone(zone).date(), clock), zone)


def _split(text: str) -> tuple[str, time | None]:
    """Return the day part and the time of day of a text."""
    if _TIME.fullmatch(text):
        return "", _time(text)
    found = _BEHIND.fullmatch(text)
    return (found["first"], _time(found["time"])) if found else (text, None)


def _time(text: str) -> time:
    hour, minute, *second = (int(part) for part in re.split("[:：]", text))
    try:
        return time(hour, minute, second[0] if second else 0)
    except ValueError as error:
        raise NoMoment(f"`{text}` is no time of day.") from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat("-".join(part.zfill(2) for part in re.split("[-/.]", text)))
    except ValueError:
        return None
