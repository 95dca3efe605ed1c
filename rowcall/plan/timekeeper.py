"""What moment is `3 working days` later for a row whose clocks may stand still meanwhile?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rowcall import calendar as working
from rowcall.calendar import Calendar, CalendarError
from rowcall.duration import Span, add, resolve_local
from rowcall.memory import Pause

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Timekeeper:
    """Counts for one rule: clock time in the shop's zone, working time in the rule's calendar (None = it has none).

    All methods raise CalendarError when working time can't be counted, OverflowError beyond the ends of time.
    """

    zone: ZoneInfo
    calendar: Calendar | None = None

    def shift(self, moment: datetime, span: Span, times: int = 1) -> datetime:
        """Return the moment `times` spans later, whatever stands still."""
        if not span.working:
            return add(moment, span, self.zone, times)
        return working.add(self._hours(span), moment, span, times)

    def run(self, base: datetime, span: Span, pauses: Iterable[Pause]) -> datetime | None:
        """Return when the span has passed since `base` without the pauses; None while the clocks stand still."""
        return self.push(base, self.shift(base, span), pauses, working_time=span.working)

    def push(
        self, base: datetime, moment: datetime, pauses: Iterable[Pause], *, working_time: bool
    ) -> datetime | None:
        """Return a moment counted from `base`, later by what the pauses before it took away.

        working_time: only the working time of a pause counts. None while a pause lasts: nobody knows its end.
        """
        for pause in joined(pauses):
            if pause.until is None:
                return None
            begin = max(pause.since, base)
            if pause.since < moment and begin < pause.until:
                moment = self._later(moment, begin, pause.until, working_time=working_time)
        return moment

    def part(self, base: datetime, end: datetime, percent: float, *, working_time: bool) -> datetime:
        """Return when so many per cent of the time from `base` to `end` have passed."""
        if not working_time:
            return base + (end - base) * (percent / 100)
        hours = self._hours(None)
        return working.add_time(hours, base, working.elapsed(hours, base, end) * (percent / 100))

    def midnight(self, day: date) -> datetime:
        """Return the moment at which a day of the shop begins."""
        return resolve_local(datetime.combine(day, time.min), self.zone)

    def _later(self, moment: datetime, begin: datetime, end: datetime, *, working_time: bool) -> datetime:
        if not working_time:
            return moment + (end - begin)
        lost = working.elapsed(self._hours(None), begin, end)
        return moment if lost == _NOTHING else working.add_time(self._hours(None), moment, lost)

    def _hours(self, span: Span | None) -> Calendar:
        if self.calendar is None:
            said = f"`{span}` is" if span is not None else "this is"
            raise CalendarError(f"{said} working time, but the rule has no `working hours`")
        return self.calendar


def joined(pauses: Iterable[Pause]) -> list[Pause]:
    """Return the pauses in their order, those that overlap or touch as one: time stands still only once."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: one.since):
        last = found[-1] if found else None
        if last is None or (last.until is not None and last.until < pause.since):
            found.append(pause)
        elif last.until is not None and (pause.until is None or pause.until > last.until):
            found[-1] = Pause(last.since, pause.until)
    return found


def lasting(pauses: Iterable[Pause]) -> Pause | None:
    """Return the pause that lasts until its condition is over, or None; a snooze has an end."""
    return next((pause for pause in pauses if pause.until is None), None)
