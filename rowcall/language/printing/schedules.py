"""How are schedules and periods written down again?"""

from rowcall.duration import Span, Unit
from rowcall.language.pattern import match_phrase
from rowcall.language.printing.bounds import print_weekdays
from rowcall.language.printing.tongue import Tongue
from rowcall.language.words import CompareWord, PeriodWord, ScheduleWord
from rowcall.period import Period
from rowcall.schedule import Schedule

_GROUPS = {
    frozenset(range(7)): ScheduleWord.EVERY_DAY,
    frozenset(range(5)): ScheduleWord.WEEKDAYS,
    frozenset({5, 6}): ScheduleWord.WEEKENDS,
}
_STRETCHES = {"month": "月", "quarter": "季度", "year": "年"}


def print_schedule(schedule: Schedule, tongue: Tongue) -> object:
    """Return one line of `schedule` or `digest`."""
    if schedule.cron:
        return schedule.text
    if not tongue.chinese:
        return schedule.text
    if schedule.every is not None:
        return _every(schedule.every, tongue)
    times = " " + " 和 ".join(f"{one:%H:%M}" for one in schedule.times)
    if schedule.of:
        return _nth(schedule, times, tongue)
    if schedule.working:
        return tongue(ScheduleWord.WORKING_DAYS, times=times)
    group = _GROUPS.get(schedule.days)
    if group is not None:
        return tongue(group, times=times)
    return tongue(ScheduleWord.DAYS, days=print_weekdays(schedule.days, tongue), times=times)


def print_period(period: Period, tongue: Tongue) -> str:
    """Return what stands behind `period`."""
    for word, holes in match_phrase(PeriodWord, period.text):
        span = tongue.span(Span(period.count, period.unit)) if holes else ""
        return tongue(word, span=span)
    return period.text


def print_comparison(period: Period, tongue: Tongue) -> str:
    """Return what stands behind `compare with`."""
    for word, holes in match_phrase(CompareWord, period.text):
        span = tongue.span(Span(period.count, period.unit)) if holes else ""
        return tongue(word, span=span)
    return period.text


def _every(span: Span, tongue: Tongue) -> str:
    if span.count == 1:
        return tongue(ScheduleWord.EVERY_HOUR if span.unit is Unit.HOUR else ScheduleWord.EVERY_MINUTE)
    return tongue(ScheduleWord.EVERY, span=tongue.span(span))


def _nth(schedule: Schedule, times: str, tongue: Tongue) -> str:
    stretch = _STRETCHES[schedule.of]
    nth = "最后一" if schedule.last else f"第{schedule.first}"
    if schedule.working:
        return tongue(ScheduleWord.NTH_WORKING_DAY, stretch=stretch, nth=nth, times=times)
    if len(schedule.days) == 1:
        weekday = print_weekdays(schedule.days, tongue)
        return tongue(ScheduleWord.NTH_OF, stretch=stretch, nth=nth, weekday=weekday, times=times)
    return tongue(ScheduleWord.NTH_DAY, stretch=stretch, nth=nth, times=times)
