"""When does a rule act by the clock: what stands behind `schedule` and `digest`?"""

import re
from collections.abc import Mapping
from datetime import time

from rowcall.duration import Span, Unit
from rowcall.errors import Severity
from rowcall.language.document import Block, Lines, Node, Text, fold_key
from rowcall.language.mistaken import Hint, Hints, Mistaken, note_mistakes
from rowcall.language.notes import Notes
from rowcall.language.pattern import match_phrase
from rowcall.language.plain import parse_time
from rowcall.language.schedule_slips import meant_schedule, meant_times
from rowcall.language.scope import Scope
from rowcall.language.spans import needed_calendar, read_days
from rowcall.language.weekday_words import WORK_WEEK, say_weekdays, weekdays_of
from rowcall.language.words import ScheduleKey, ScheduleWord, find_word, spelled
from rowcall.schedule import CronMistake, Schedule, parse_cron

_NEXT = re.compile(r"\s*[,，、]\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*和\s*", re.IGNORECASE)
_CRON = re.compile(
    r"(?P<word>cron:?\s*)?(?P<quote>[\"']?)(?P<line>(?:[\d*/,-]+\s+){2}(?:\S+\s+){2}\S+?)(?P=quote)",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th)", re.IGNORECASE)
_OF = re.compile(r"(?:(?:the|each|every|a)\s+)?(month|quarter|year)", re.IGNORECASE)
_CHINESE_NUMBERS = "一二三四五六七八九十"
_STRETCHES = {"月": "month", "季": "quarter", "年": "year"}
_HOLIDAYS_TOO = "工作日"
_GROUPS = {frozenset(range(7)): "every day", WORK_WEEK: "weekdays", frozenset({5, 6}): "weekends"}
_SURE_DAYS = {"month": 28, "quarter": 90, "year": 365}
_SURE_WORKING_DAYS = {"month": 15, "quarter": 50, "year": 200}
_SURE_WEEKDAYS = {"month": 4, "quarter": 12, "year": 52}
_DAY_MINUTES = 24 * 60
POSSIBLE = (
    "For example `every day at 05:30`, `weekdays at 08:30 and 14:00`, `working days at 09:00`, `Mondays at 07:45`, "
    "`every 30 minutes`, `1st of month at 09:00`, `last working day of month at 18:00`."
)


def read_schedules(node: Node, scope: Scope, notes: Notes) -> tuple[Schedule, ...] | None:
    """Return the lines of a schedule: one, or a list of them; None with every mistake noted."""
    parts = node.parts if isinstance(node, Lines) else (node,)
    found = [_read_one(part, scope, notes) for part in parts]
    schedules = tuple(one for one in found if one is not None)
    if not parts:
        notes.mistake(node.place, "Here stand the times of a schedule.", fix=POSSIBLE)
    return schedules if schedules and len(schedules) == len(found) else None


def parse_schedule(text: str, scope: Scope, hints: Hints) -> Schedule:
    """Return what one line of a schedule says; raises Mistaken."""
    said = " ".join(text.split())
    for word, holes in match_phrase(ScheduleWord, said):
        return _read_word(word, holes, said, scope, hints)
    cron = _CRON.fullmatch(said)
    if cron and cron["word"]:
        return _cron(cron["line"])
    if cron:
        raise Mistaken(f"`{said}` is a cron line; say so.", f'{{cron: "{cron["line"]}"}}', POSSIBLE)
    raise _not_understood(said)


def _read_one(node: Node, scope: Scope, notes: Notes) -> Schedule | None:
    if isinstance(node, Text):
        return note_mistakes(
            notes, node.place, node.value, lambda hints: parse_schedule(node.value, scope, hints)
        )
    if isinstance(node, Block) and node.pairs:
        pair = node.pairs[0]
        if len(node.pairs) == 1 and find_word(ScheduleKey, pair.key.value) and isinstance(pair.value, Text):
            return _read_cron(pair.value, notes)
        place = pair.key.place
        what = f"`{pair.key.value}:` is not known here; only `{spelled(ScheduleKey.CRON)}:` is."
        suggestion = ""
        if isinstance(pair.value, Text) and fold_key(pair.key.value) in ("at", "every", "on", "daily"):
            suggestion = meant_schedule(f"{pair.key.value} {pair.value.value}")
        notes.mistake(place, what, suggestion=suggestion, fix=POSSIBLE)
        return None
    notes.mistake(node.place, "A schedule is a line of text, or a list of such lines.", fix=POSSIBLE)
    return None


def _read_cron(text: Text, notes: Notes) -> Schedule | None:
    return note_mistakes(notes, text.place, text.value, lambda _: _cron(text.value))


def _cron(text: str) -> Schedule:
    line = " ".join(text.split())
    try:
        parse_cron(line)
    except CronMistake as mistake:
        raise Mistaken(mistake.what, fix=mistake.fix) from None
    return Schedule(f'cron: "{line}"', cron=line)


def _read_word(
    word: ScheduleWord, holes: Mapping[str, str], said: str, scope: Scope, hints: Hints
) -> Schedule:
    if word in (ScheduleWord.EVERY, ScheduleWord.EVERY_HOUR, ScheduleWord.EVERY_MINUTE):
        return _every(word, holes, hints)
    times, clock = _times(holes["times"], said)
    match word:
        case ScheduleWord.EVERY_DAY:
            return Schedule(f"every day at {clock}", times)
        case ScheduleWord.WEEKDAYS:
            return Schedule(f"weekdays at {clock}", times, WORK_WEEK)
        case ScheduleWord.WEEKENDS:
            return Schedule(f"weekends at {clock}", times, frozenset({5, 6}))
        case ScheduleWord.WORKING_DAYS:
            return _working(Schedule(f"working days at {clock}", times, working=True), scope)
        case ScheduleWord.NTH_WORKING_DAY | ScheduleWord.NTH_DAY | ScheduleWord.NTH_OF:
            return _nth(word, holes, times, clock, said, scope)
        case _:
            days = _days(holes["days"], said)
            return Schedule(f"{_GROUPS.get(days) or say_weekdays(days)} at {clock}", times, days)


def _days(text: str, said: str) -> frozenset[int]:
    days = weekdays_of(text)
    if days is None:
        raise _not_understood(said)
    if _HOLIDAYS_TOO in text:
        better = said.replace(_HOLIDAYS_TOO, "周一至周五")
        what = f"`{_HOLIDAYS_TOO}` are the days of the calendar; beside other days it can't stand."
        raise Mistaken(what, better, "Make two lines of it.")
    return days


def _working(schedule: Schedule, scope: Scope) -> Schedule:
    if scope.working_hours:
        return schedule
    raise Mistaken(f"`{schedule.text}` needs a calendar, and there is none.", fix=needed_calendar(scope))


def _every(word: ScheduleWord, holes: Mapping[str, str], hints: Hints) -> Schedule:
    if word is not ScheduleWord.EVERY:
        unit = Unit.HOUR if word is ScheduleWord.EVERY_HOUR else Unit.MINUTE
        return Schedule(f"every {unit}", every=Span(1, unit))
    text = holes["span"]
    try:
        span = read_days(text)
    except Mistaken as mistaken:
        suggestion = f"every {mistaken.suggestion}" if mistaken.suggestion else ""
        raise Mistaken(mistaken.what, suggestion, mistaken.fix) from None
    if span.unit not in (Unit.MINUTE, Unit.HOUR):
        better = {Unit.WEEK: "Mondays at 09:00", Unit.MONTH: "1st of month at 09:00"}.get(span.unit, "")
        better = "every day at 09:00" if span == Span(1, Unit.DAY) else better if span.count == 1 else ""
        what = f"`every {text}`: a schedule counts minutes and hours, and names days."
        raise Mistaken(what, better, POSSIBLE)
    minutes = span.count * (60 if span.unit is Unit.HOUR else 1)
    if not 1 <= minutes < _DAY_MINUTES:
        raise Mistaken(f"`every {text}` is not shorter than a day and longer than nothing.", fix=POSSIBLE)
    if _DAY_MINUTES % minutes:
        what = f"`every {span}` begins anew at midnight: the last stretch of each day is shorter."
        hints.append(Hint(what, severity=Severity.NOTE))
    return Schedule(f"every {span.unit if span.count == 1 else span}", every=span)


def _nth(
    word: ScheduleWord, holes: Mapping[str, str], times: tuple[time, ...], clock: str, said: str, scope: Scope
) -> Schedule:
    stretch, ordinal, rest = _parts_of_nth(holes)
    number = _ordinal(ordinal)
    days = weekdays_of(rest) if rest and word is ScheduleWord.NTH_OF else None
    if not stretch or number is None or (rest and (days is None or len(days) != 1)):
        raise _not_understood(said)
    named = (
        "working day" if word is ScheduleWord.NTH_WORKING_DAY else say_weekdays(days)[:-1] if days else "day"
    )
    sure = _SURE_WORKING_DAYS if named == "working day" else _SURE_DAYS if named == "day" else _SURE_WEEKDAYS
    if number > sure[stretch]:
        last = f"last {named} of {stretch} at {clock}"
        raise Mistaken(f"Not every {stretch} has so many {named}s.", last, f"Write `{last}`, or less.")
    text = f"{_spell(number, named)} of {stretch} at {clock}"
    schedule = Schedule(
        text,
        times,
        days or frozenset(range(7)),
        named == "working day",
        first=max(number, 0),
        last=1 if number < 0 else 0,
        of=stretch,
    )
    return _working(schedule, scope) if schedule.working else schedule


def _parts_of_nth(holes: Mapping[str, str]) -> tuple[str, str, str]:
    """Return month, quarter or year, the ordinal, and the day of the week that it counts (or "")."""
    if "stretch" in holes:
        stretch = next(name for sign, name in _STRETCHES.items() if sign in holes["stretch"])
        return stretch, holes.get("nth") or holes["date"], holes.get("weekday", "")
    of = _OF.fullmatch(holes["of"].strip())
    ordinal, _, rest = holes["nth"].lower().removeprefix("on ").removeprefix("the ").partition(" ")
    return of[1].lower() if of else "", ordinal, rest


def _ordinal(word: str) -> int | None:
    """Return what an ordinal says; the last is -1."""
    chinese = word.removeprefix("第").strip()
    if chinese in ("最后一", "首"):
        return -1 if chinese == "最后一" else 1
    if chinese in _CHINESE_NUMBERS:
        return _CHINESE_NUMBERS.index(chinese) + 1
    if chinese.isdigit():
        return int(chinese) or None
    if word == "last":
        return -1
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    digits = _ORDINAL.fullmatch(word)
    return int(digits[1]) if digits and int(digits[1]) > 0 else None


def _spell(number: int, named: str) -> str:
    if number < 0:
        return f"last {named}"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0, "th")
    if named == "day":
        return f"{number}{ending}"
    return f"first {named}" if number == 1 else f"{number}{ending} {named}"


def _times(text: str, said: str) -> tuple[tuple[time, ...], str]:
    """Return the times of day of a schedule, and how they are written."""
    found = [parse_time(part) for part in _NEXT.split(text)]
    times = tuple(sorted({one for one in found if one is not None}))
    if None in found:
        wrong = _NEXT.split(text)[found.index(None)]
        better = meant_times(text)
        suggestion = said[: said.rindex(text)] + better if better else ""
        raise Mistaken(
            f"`{wrong}` is not a time of day; one looks like `09:00`.",
            meant_schedule(suggestion or said),
            POSSIBLE,
        )
    clocks = [f"{one:%H:%M}" for one in times]
    return times, " and ".join([", ".join(clocks[:-1]), clocks[-1]] if len(clocks) > 1 else clocks)


def _not_understood(said: str) -> Mistaken:
    better = meant_schedule(said)
    did = f" Did you mean `{better}`?" if better else ""
    return Mistaken(f"`{said}` is not a schedule of the language.{did}", better, POSSIBLE)
