"""Does a rule count in working time, by which hours, and which settings say how long its rows have?"""

from functools import lru_cache

from rowcall.calendar import Calendar
from rowcall.duration import Span
from rowcall.language.condition import OfSetting
from rowcall.language.parts import parts_of
from rowcall.language.rule import Rule

_KEPT = 16
_said: dict[int, tuple[Calendar, str]] = {}


@lru_cache(maxsize=4096)  # asked of every rule in every tick
def counts_working_time(rule: Rule) -> bool:
    """Say whether any duration of the rule is working time."""
    return any(isinstance(one, Span) and one.working for one in parts_of(rule))


@lru_cache(maxsize=4096)
def settings_in(value: object) -> tuple[str, ...]:
    """Return the names of the settings that a value names."""
    return tuple(dict.fromkeys(one.name for one in parts_of(value) if isinstance(one, OfSetting)))


def hours_of(calendar: Calendar) -> str:
    """Return a calendar's hours as a text that differs when they differ."""
    # A shop's calendars are made anew at every read of its table of holidays, and asked for by every rule of a tick.
    known = _said.get(id(calendar))
    if known is not None and known[0] is calendar:
        return known[1]
    parts = (calendar.weekly, sorted(calendar.days.items()), calendar.country, calendar.zone.key)
    if len(_said) >= _KEPT:
        _said.clear()
    _said[id(calendar)] = (calendar, repr(parts))
    return _said[id(calendar)][1]
