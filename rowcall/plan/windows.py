"""When may a mail go out: inside the rule's window, outside the shop's quiet hours?"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rowcall.duration import resolve_local
from rowcall.language.rule import Window

_LOOK_AHEAD_DAYS = 15
"""A window names days of the week, so that one of the next fifteen days always opens it."""


def next_permitted(now: datetime, window: Window | None, quiet: Window | None, zone: ZoneInfo) -> datetime:
    """Return the first moment from `now` on (UTC) that lies in `window` and not in `quiet`."""
    moment = now.astimezone(UTC)
    for _ in range(4 * _LOOK_AHEAD_DAYS):
        moved = _after_quiet(_into_window(moment, window, zone), quiet, zone)
        if moved == moment:
            return moment
        moment = moved
    # The two exclude each other (a window inside the quiet hours): the rule's own words win.
    return _into_window(now.astimezone(UTC), window, zone)


def is_permitted(now: datetime, window: Window | None, quiet: Window | None, zone: ZoneInfo) -> bool:
    """Say whether a mail may go out now."""
    return next_permitted(now, window, quiet, zone) <= now


def _into_window(moment: datetime, window: Window | None, zone: ZoneInfo) -> datetime:
    if window is None:
        return moment
    today = moment.astimezone(zone).date()
    for days in range(-1, _LOOK_AHEAD_DAYS):
        day = today + timedelta(days=days)
        if day.weekday() not in window.days:
            continue
        start = resolve_local(datetime.combine(day, window.start), zone)
        last_day = day + timedelta(days=1) if window.end <= window.start else day
        end = resolve_local(datetime.combine(last_day, window.end), zone)
        if moment < end:
            return max(moment, start)
    return moment


def _after_quiet(moment: datetime, quiet: Window | None, zone: ZoneInfo) -> datetime:
    if quiet is None:
        return moment
    today = moment.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        start = resolve_local(datetime.combine(day, quiet.start), zone)
        last_day = day + timedelta(days=1) if quiet.end <= quiet.start else day
        end = resolve_local(datetime.combine(last_day, quiet.end), zone)
        if start <= moment < end:
            return end
    return moment
