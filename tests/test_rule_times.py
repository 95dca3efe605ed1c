"""The times of a rule: deadlines, schedules, periods, working hours, and every wrong line with its answer."""

from dataclasses import replace
from datetime import time

import pytest

from rowcall.duration import Span, Unit
from rowcall.errors import Place, Problem, Severity
from rowcall.language.budget import parse_limit
from rowcall.language.crosscheck import conflicts
from rowcall.language.document import Text
from rowcall.language.rule import (
    AfterColumn,
    AfterStart,
    AtDue,
    AtEnd,
    AtShare,
    Every,
    FromChange,
    FromStart,
    Rule,
)
from rowcall.language.rule_file import read_rule
from rowcall.language.sentence import sentence
from rowcall.language.value import Length
from rowcall.period import QUARTER, Period
from rowcall.schedule import Schedule
from rowcall.table import Schema
from tests.tea_shop import ACTIONS, FILE, ORDERS, SCOPE, letters_of

CALENDARS = replace(SCOPE, calendars=("desk", "store"))
DUE_COLUMN = replace(
    ORDERS,
    columns=(
        *ORDERS.columns,
        ORDERS.column("Promised on").__class__("Due", ORDERS.column("Promised on").kind),
    ),
)
START = "rule: Test\nlook at: Orders\n"
HOURS = START + "working hours: desk\n"
DO = "then:\n  - set: {Note: a}\n"
WITH_DUE = HOURS + "due: Promised on\n"


def read(source: str, orders: Schema = ORDERS) -> tuple[Rule | None, tuple[Problem, ...]]:
    scope = replace(CALENDARS, schemas={**CALENDARS.schemas, "Orders": orders})
    return read_rule(source, FILE, scope, ACTIONS)


def good(source: str, orders: Schema = ORDERS) -> Rule:
    rule, problems = read(source, orders)
    assert rule is not None, "\n".join(map(str, problems))
    return rule


def wrong(source: str) -> Problem:
    """Return the one mistake of a rule; what it suggests must be right."""
    rule, problems = read(source)
    assert rule is None
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def corrected(source: str, problem: Problem) -> Rule:
    lines = source.splitlines()
    lines[problem.place.line - 1] = problem.suggestion
    return good("\n".join(lines) + "\n")


# Times of entries


@pytest.mark.parametrize(
    ("written", "timing"),
    [
        ("at: due", AtDue()),
        ("at: 4 working hours after due", AtDue(Span(4, Unit.HOUR, working=True))),
        ("at: 2 days before due", AtDue(Span(2, Unit.DAY), back=True)),
        ("at: 75% of the time", AtShare(75)),
        ("at: 12.5 % of the time", AtShare(12.5)),
        ("at: end", AtEnd()),
        ("at: 4 working hours after start", AfterStart(Span(4, Unit.HOUR, working=True))),
        ("at: 2 working days before Promised on",
         AfterColumn(Span(2, Unit.DAY, working=True), good(WITH_DUE + DO).due.counted_from, back=True)),  # type: ignore[union-attr,arg-type] # a column
        ("every: 3 working days", Every(Span(3, Unit.DAY, working=True))),
    ],
)  # fmt: skip
def test_times_of_entries(written: str, timing: object) -> None:
    rule = good(f"{WITH_DUE}then:\n  - {written}\n    set: {{Note: a}}\n")
    assert rule.entries[0].timing == timing


WRONG_TIMES = [
    ("overdue", "write `due`", "due"),
    ("deadline", "write `due`", "due"),
    ("due + 4 hours", "write `4 hours after due`", "4 hours after due"),
    ("due - 2 days", "write `2 days before due`", "2 days before due"),
    ("4h after due", "`4h` is not a duration", "4 hours after due"),
    ("4 hrs after due", "`4 hrs` is not a duration", "4 hours after due"),
    ("2 business days after the deadline", "is not a time", "2 working days after due"),
    ("3 days overdue", "is not a time", "3 days after due"),
    ("75%", "write `75% of the time`", "75% of the time"),
    ("75% of due", "is not a time", "75% of the time"),
    ("half of the time", "is not a time", "50% of the time"),
    ("100% of the time", "is the deadline itself", "due"),
    ("150% of the time", "is later than the deadline", "due"),
    ("0% of the time", "is not a share", ""),
    ("the end", "write `end`", "end"),
    ("2 working weeks after due", "counted in minutes, hours and days", "10 working days after due"),
    ("1 working month after start", "counted in minutes, hours and days", ""),
    ("0 hours after due", "is no time at all", ""),
    ("ende", "is not a time", "end"),
    ("3 days after deu", "Did you mean `due`?", "3 days after due"),
]


@pytest.mark.parametrize(("written", "what", "suggestion"), WRONG_TIMES, ids=[row[0] for row in WRONG_TIMES])
def test_a_wrong_time_gets_its_answer(written: str, what: str, suggestion: str) -> None:
    source = f"{WITH_DUE}then:\n  - at: {written}\n    set: {{Note: a}}\n"
    found = wrong(source)
    assert what in found.what
    assert found.suggestion.strip() == (f"- at: {suggestion}" if suggestion else "")
    if suggestion:
        corrected(source, found)


@pytest.mark.parametrize("written", ["due", "75% of the time", "4 hours after due", "2 days before due"])
def test_a_time_at_the_deadline_needs_one(written: str) -> None:
    found = wrong(f"{START}then:\n  - at: {written}\n    set: {{Note: a}}\n")
    assert found.what == f"`{written}` needs a deadline, and this rule has no `due:`."
    assert "Write `due:` at the top" in found.fix


def test_a_column_called_due_is_a_column_where_there_is_no_deadline() -> None:
    entry = "then:\n  - at: 2 days before Due\n    set: {Note: a}\n"
    assert isinstance(good(START + entry, DUE_COLUMN).entries[0].timing, AfterColumn)
    assert good(START + "due: Due\n" + entry, DUE_COLUMN).entries[0].timing == AtDue(
        Span(2, Unit.DAY), back=True
    )


# Deadlines


def test_deadlines() -> None:
    assert good(WITH_DUE + DO).due is not None
    rule = good(HOURS + "due: {counted from: Ordered on, within: 4 working hours}\n" + DO)
    assert rule.due is not None
    assert rule.due.within == Length(Span(4, Unit.HOUR, working=True))
    start = good(START + "due: {counted from: start, within: 4 hours}\n" + DO)
    assert start.due is not None
    assert start.due.counted_from == FromStart()
    change = good(START + "due: {counted from: last change of Status, within: 2 days}\n" + DO)
    assert change.due is not None
    assert isinstance(change.due.counted_from, FromChange)


WRONG_DUES = [
    ("due: 4 hours", "does not say from when", "due: {counted from: start, within: 4 hours}"),
    ("due: within 4 hrs", "does not say from when", "due: {counted from: start, within: 4 hours}"),
    ("due: 3 days after Ordered on", "says two things", "due: {counted from: Ordered on, within: 3 days}"),
    ("due: 3 days after Orderd on", "says two things", "due: {counted from: Ordered on, within: 3 days}"),
    ("due: Ordered on + 3 days", "says two things", "due: {counted from: Ordered on, within: 3 days}"),
    ("due: Promisd on", "has no column", "due: Promised on"),
    ("due: Total", "can't be a deadline", ""),
    ("due: {counted from: start}", "`within:` is missing", ""),
    ("due: {within: 4 hours}", "`counted from:` is missing", ""),
    ("due: {from: start, within: 4 hours}", "Did you mean `counted from:`?", "due: {counted from: start, within: 4 hours}"),
    ("due: {counted from: start, within: 4 hrs}", "`4 hrs`", "due: {counted from: start, within: 4 hours}"),
    ("due: {counted from: changes of Status, within: 4 hours}", "is not understood",
     "due: {counted from: last change of Status, within: 4 hours}"),
    ("due: {counted from: now, within: 4 hours}", "is not understood", "due: {counted from: start, within: 4 hours}"),
    ("due: {counted from: last change of Buyer.Tier, within: 4 hours}", "own columns are remembered", ""),
    ("due:", "Nothing stands behind `due:`", ""),
    ("due: [Promised on]", "stands a column with dates", ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "what", "suggestion"), WRONG_DUES, ids=[row[0] for row in WRONG_DUES])
def test_a_wrong_deadline_gets_its_answer(line: str, what: str, suggestion: str) -> None:
    source = f"{START}{line}\n{DO}"
    found = wrong(source)
    assert what in found.what
    assert (found.place.line, found.suggestion) == (3, suggestion)
    if suggestion:
        corrected(source, found)


# Working hours


WRONG_HOURS = [
    ("working hours: 9-18", "stands the name of a calendar, not its hours (`9-18`)", ""),
    ("working hours: 09:00-18:00", "stands the name of a calendar, not its hours", ""),
    ("working hours: dsk", "There is no calendar `dsk`. Did you mean `desk`?", "working hours: desk"),
    ("working hours: [desk]", "stands the name of a calendar", ""),
    ("working hours:", "Nothing stands behind", ""),
]


@pytest.mark.parametrize(("line", "what", "suggestion"), WRONG_HOURS, ids=[row[0] for row in WRONG_HOURS])
def test_wrong_working_hours_get_their_answer(line: str, what: str, suggestion: str) -> None:
    found = wrong(f"{START}{line}\n{DO}")
    assert what in found.what
    assert (found.place.line, found.suggestion) == (3, suggestion)


@pytest.mark.parametrize(
    "line",
    [
        "for: 4 working hours",
        "schedule: working days at 09:00",
        "schedule: last working day of month at 18:00",
        "due: {counted from: start, within: 4 working hours}",
        "when: {Ordered on: at least 2 working days ago}",
    ],
)
def test_working_time_needs_a_calendar(line: str) -> None:
    found = wrong(f"{START}{line}\n{DO}")
    assert "calendar" in found.what or "working hours" in found.what
    assert "working hours:" in found.fix
    assert good(f"{HOURS}{line}\n{DO}").working_hours == "desk"


def test_the_configs_calendar_counts_only_where_it_is_used() -> None:
    """A rule without working time keeps its version when the shop names a calendar."""
    scope = replace(CALENDARS, working_hours="store")
    plain, _ = read_rule(START + DO, FILE, scope, ACTIONS)
    assert plain is not None
    assert (plain.working_hours, plain.version) == ("", good(START + DO).version)
    used, _ = read_rule(START + "for: 2 working hours\n" + DO, FILE, scope, ACTIONS)
    assert used is not None
    assert used.working_hours == "store"
    other, _ = read_rule(HOURS + "for: 2 working hours\n" + DO, FILE, scope, ACTIONS)
    assert other is not None
    assert other.version != used.version


# Schedules


SCHEDULES = [
    ("every day at 05:30", Schedule("every day at 05:30", (time(5, 30),))),
    ("Weekdays at 14:00 and 8:30", Schedule("weekdays at 08:30 and 14:00", (time(8, 30), time(14)), frozenset(range(5)))),
    ("weekends at 10:00", Schedule("weekends at 10:00", (time(10),), frozenset({5, 6}))),
    ("working days at 09:00", Schedule("working days at 09:00", (time(9),), working=True)),
    ("Mondays at 07:45", Schedule("Mondays at 07:45", (time(7, 45),), frozenset({0}))),
    ("mondays, Wednesdays and Thursdays at 09:00",
     Schedule("Mondays, Wednesdays and Thursdays at 09:00", (time(9),), frozenset({0, 2, 3}))),
    ("every 30 minutes", Schedule("every 30 minutes", every=Span(30, Unit.MINUTE))),
    ("every 2 hours", Schedule("every 2 hours", every=Span(2, Unit.HOUR))),
    ("every hour", Schedule("every hour", every=Span(1, Unit.HOUR))),
    ("1st of month at 09:00", Schedule("1st of month at 09:00", (time(9),), first=1, of="month")),
    ("the 15th of the month at 09:00", Schedule("15th of month at 09:00", (time(9),), first=15, of="month")),
    ("last day of month at 18:00", Schedule("last day of month at 18:00", (time(18),), last=1, of="month")),
    ("first working day of month at 18:00",
     Schedule("first working day of month at 18:00", (time(18),), working=True, first=1, of="month")),
    ("3rd working day of month at 18:00",
     Schedule("3rd working day of month at 18:00", (time(18),), working=True, first=3, of="month")),
    ("last working day of quarter at 18:00",
     Schedule("last working day of quarter at 18:00", (time(18),), working=True, last=1, of="quarter")),
    ("1st of quarter at 09:00", Schedule("1st of quarter at 09:00", (time(9),), first=1, of="quarter")),
    ("first Monday of month at 09:00", Schedule("first Monday of month at 09:00", (time(9),), frozenset({0}), first=1, of="month")),
    ('{cron: "30 8 * * 1-5"}', Schedule('cron: "30 8 * * 1-5"', cron="30 8 * * 1-5")),
    ("'cron: \"30 8 * jan mon-fri\"'", Schedule('cron: "30 8 * jan mon-fri"', cron="30 8 * jan mon-fri")),
]  # fmt: skip


@pytest.mark.parametrize(("written", "schedule"), SCHEDULES, ids=[row[0] for row in SCHEDULES])
def test_schedules(written: str, schedule: Schedule) -> None:
    rule = good(f"{HOURS}schedule: {written}\n{DO}")
    assert rule.schedule == (schedule,)
    again = schedule.text if not schedule.cron else f"{{{schedule.text}}}"
    assert good(f"{HOURS}schedule: {again}\n{DO}").schedule == (schedule,)


def test_a_schedule_in_lines_of_its_own_gets_its_answer() -> None:
    found = wrong(f"{START}schedule: {{at: 9}}\n{DO}")
    assert (found.what, found.suggestion) == (
        "`at:` is not known here; only `cron:` is.",
        "every day at 09:00",
    )


def test_a_list_of_schedules() -> None:
    rule = good(f'{START}schedule:\n  - Mondays at 07:45\n  - cron: "0 9 1 * *"\n{DO}')
    assert [one.text for one in rule.schedule] == ["Mondays at 07:45", 'cron: "0 9 1 * *"']


WRONG_SCHEDULES = [
    ("daily 5am", "every day at 05:00"),
    ("each day 5:30", "every day at 05:30"),
    ("every day 17:00", "every day at 17:00"),
    ("every day at 5pm", "every day at 17:00"),
    ("Monday 7:45", "Mondays at 07:45"),
    ("every Monday at 07:45", "Mondays at 07:45"),
    ("on Mondays and Thursdays at 9", "Mondays and Thursdays at 09:00"),
    ("Mondys at 09:00", "Mondays at 09:00"),
    ("every weekday at 9", "weekdays at 09:00"),
    ("Mon-Fri 8:30 and 14:00", "weekdays at 08:30 and 14:00"),
    ("business days at 9:00", "working days at 09:00"),
    ("weekdays", "weekdays at 09:00"),
    ("hourly", "every hour"),
    ("every 30 mins.", "every 30 minutes"),
    ("every half hour", "every 30 minutes"),
    ("every 2h", "every 2 hours"),
    ("every 2 hrs", "every 2 hours"),
    ("every 1 day", "every day at 09:00"),
    ("every 3 days", ""),
    ("every 0 minutes", ""),
    ("every 2 working hours", "every 2 hours"),
    ("monthly", "1st of month at 09:00"),
    ("monthly on the 15th at 9", "15th of month at 09:00"),
    ("31st of month at 09:00", "last day of month at 09:00"),
    ("fifth Monday of month at 09:00", "last Monday of month at 09:00"),
    ("end of month at 18:00", "last day of month at 18:00"),
    ("every day at noon", "every day at 12:00"),
    ("30 8 * * 1-5", '{cron: "30 8 * * 1-5"}'),
    ('{cron: "30 8 * *"}', ""),
    ('{cron: "0 8 30 2 *"}', ""),
    ("soon", ""),
]  # fmt: skip


@pytest.mark.parametrize(("written", "suggestion"), WRONG_SCHEDULES, ids=[row[0] for row in WRONG_SCHEDULES])
def test_a_wrong_schedule_gets_its_answer(written: str, suggestion: str) -> None:
    source = f"{HOURS}schedule: {written}\n{DO}"
    found = wrong(source)
    assert found.suggestion == (f"schedule: {suggestion}" if suggestion else "")
    assert found.fix
    if suggestion:
        corrected(source, found)


def test_hours_that_do_not_fill_a_day_are_told() -> None:
    rule, (note,) = read(f"{START}schedule: every 7 hours\n{DO}")
    assert rule is not None
    assert (note.severity, "begins anew at midnight" in note.what) == (Severity.NOTE, True)


# Periods


PERIODS = [
    ("today", Period("today", Unit.DAY, back=0)),
    ("Last week", Period("last week", Unit.WEEK)),
    ("this quarter", Period("this quarter", Unit.MONTH, QUARTER, 0)),
    ("last 30 days", Period("last 30 days", Unit.DAY, 30, rolling=True)),
    ("last 3 months", Period("last 3 months", Unit.MONTH, 3, rolling=True)),
]
COMPARED = [
    ("yesterday", "the day before", Period("the day before", Unit.DAY, back=2)),
    ("last week", "the week before", Period("the week before", Unit.WEEK, back=2)),
    ("last week", "same week last year", Period("same week last year", Unit.WEEK, year_back=1)),
    ("last month", "same month last year", Period("same month last year", Unit.MONTH, year_back=1)),
    ("last quarter", "the quarter before", Period("the quarter before", Unit.MONTH, QUARTER, 2)),
    ("last 30 days", "the 30 days before", Period("the 30 days before", Unit.DAY, 30, 2, rolling=True)),
    ("last year", "the year before", Period("the year before", Unit.YEAR, back=2)),
]
FIGURES = "figures: {Revenue: {in: Orders, count: rows}}\n"
REPORT = "rule: Test\nschedule: Mondays at 07:45\n"
MAIL = "then:\n  - email: {to: anna, subject: A, text: B}\n"


@pytest.mark.parametrize(("written", "period"), PERIODS, ids=[row[0] for row in PERIODS])
def test_periods(written: str, period: Period) -> None:
    assert good(f"{REPORT}period: {written}\n{MAIL}").period == period


@pytest.mark.parametrize(
    ("period", "written", "compared"), COMPARED, ids=[f"{row[0]}-{row[1]}" for row in COMPARED]
)
def test_compared_periods(period: str, written: str, compared: Period) -> None:
    assert (
        good(f"{REPORT}period: {period}\ncompare with: {written}\n{FIGURES}{MAIL}").compare_with == compared
    )


WRONG_PERIODS = [
    ("period: previous week", "last week"),
    ("period: past 30 days", "last 30 days"),
    ("period: 30 days", "last 30 days"),
    ("period: last 24 hours", "yesterday"),
    ("period: last 2 quarters", "last 6 months"),
    ("period: month to date", "this month"),
    ("period: current month", "this month"),
    ("period: the last week", "last week"),
    ("period: lsat week", "last week"),
    ("period: last 7 working days", "last 7 days"),
    ("period: next week", ""),
    ("period: last 0 days", ""),
    ("period: [today]", ""),
]  # fmt: skip
WRONG_COMPARED = [
    ("last week", "previous week", "the week before"),
    ("last week", "week before", "the week before"),
    ("last week", "last year", "same week last year"),
    ("last week", "the month before", "the week before"),
    ("last month", "same week last year", "same month last year"),
    ("last 30 days", "previous 30 days", "the 30 days before"),
    ("last 30 days", "previous period", "the 30 days before"),
    ("this week", "last week", "the week before"),
    ("last week", "everything", ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "suggestion"), WRONG_PERIODS, ids=[row[0] for row in WRONG_PERIODS])
def test_a_wrong_period_gets_its_answer(line: str, suggestion: str) -> None:
    source = f"{REPORT}{line}\n{MAIL}"
    found = wrong(source)
    assert found.suggestion == (f"period: {suggestion}" if suggestion else "")
    if suggestion:
        corrected(source, found)


@pytest.mark.parametrize(
    ("period", "written", "meant"), WRONG_COMPARED, ids=[f"{r[0]}-{r[1]}" for r in WRONG_COMPARED]
)
def test_a_wrong_comparison_gets_its_answer(period: str, written: str, meant: str) -> None:
    source = f"{REPORT}period: {period}\ncompare with: {written}\n{FIGURES}{MAIL}"
    found = wrong(source)
    assert found.suggestion == (f"compare with: {meant}" if meant else "")
    assert "does not say what" in found.what
    if meant:
        corrected(source, found)


# What does not go together


WITHOUT_ROWS = "rule: Test\nschedule: Mondays at 07:45\n"
NOT_TOGETHER = [
    (REPORT + "compare with: the week before\n" + MAIL, 3, "needs a `period:`"),
    (START + "when: {Ordered on: in the period}\n" + DO, 3, "no period"),
    (START + "schedule: every day at 09:00\nwhen: {Status: changed to Paid}\n" + DO, 4, "asks what has changed"),
    (START + "schedule: every day at 09:00\nwhen: {row: new}\n" + DO, 4, "asks what has changed"),
    (START + "schedule: every day at 09:00\nfor: 30 minutes\n" + DO, 4, "`for:` does not go with `schedule:`"),
    (START + "schedule: every day at 09:00\nfirst run: ask\n" + DO, 4, "`first run:` does not go with"),
    (WITHOUT_ROWS + "stop when: {Status: Paid}\n" + MAIL, 3, "is about rows, but this rule looks at no table"),
    (WITHOUT_ROWS + "due: Promised on\n" + MAIL, 3, "is about rows"),
    (START + "check every: 0 minutes\n" + DO, 3, "is no time at all"),
    (START + "check every: 1 month\n" + DO, 3, "too long between two looks"),
    (HOURS + "check every: 2 working hours\n" + DO, 4, "working time can't stand here"),
    (HOURS + "expires after: 2 working days\n" + DO, 4, "working time can't"),
    (HOURS + "for: 1 working week\n" + DO, 4, "counted in minutes, hours and days"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "what"), NOT_TOGETHER, ids=[row[2] for row in NOT_TOGETHER])
def test_what_does_not_go_together(source: str, line: int, what: str) -> None:
    found = wrong(source)
    assert what in found.what
    assert found.place.line == line


DAILY = START + "schedule: every day at 09:00\n"
DOUBTED = [
    (DAILY + "then:\n  - {at: 2 days after start, set: {Note: a}}\n", "`2 days after start` never comes"),
    (DAILY + "then:\n  - {every: 1 day, set: {Note: a}}\n", "`every 1 day` never comes"),
    (
        START + "schedule: weekdays at 09:00\nthen:\n  - {at: 2 days after start, set: {Note: a}}\n",
        "not always comes",
    ),
    (DAILY + "then:\n  - {at: end, set: {Note: a}}\n", "`at: end` never comes"),
    (
        DAILY + "stop when: {Status: Paid}\nthen:\n  - {at: end, set: {Note: a}}\n",
        "acts only when `stop when`",
    ),
    (WITH_DUE + "when: {Status: Paid}\npause while: {Status: Paid}\n" + DO, "its clocks never run"),
    (WITH_DUE + "when: {Status: Paid, Lines: 1}\npause while: {Lines: 1}\n" + DO, "its clocks never run"),
    (WITH_DUE + "pause while: {Status: [Paid, New]}\n" + DO, "never acts"),
    (REPORT + "period: last week\ncompare with: the week before\n" + MAIL, "this rule has none"),
]


@pytest.mark.parametrize(("source", "what"), DOUBTED, ids=[row[1] for row in DOUBTED])
def test_what_hardly_goes_together_is_warned_of(source: str, what: str) -> None:
    rule, problems = read(source)
    assert rule is not None
    assert [what in one.what for one in problems if one.severity is Severity.WARNING] == [True]


def test_what_goes_together_is_not_warned_of() -> None:
    for source in (
        START + "schedule: Mondays at 09:00\nthen:\n  - {at: 2 days after start, set: {Note: a}}\n",
        WITH_DUE + 'when: {Status: "one of New, Paid"}\npause while: {Status: Shipped}\n' + DO,
        START + "when: {Status: Paid}\nthen:\n  - {at: end, set: {Note: a}}\n",
    ):
        assert read(source)[1] == ()


def test_two_rules_that_keep_one_column() -> None:
    orders = replace(ORDERS, kept=("Note",))
    one = replace(good(START + "keep: {Note: tea}\n", orders), id="one")
    other = replace(good(START + "keep: {Note: coffee}\n", orders), id="other")
    sets = replace(good(START + "then:\n  - set: {Note: milk}\n"), id="sets")
    assert [found.what.partition(" (")[0] for found in conflicts([one, other])] == [
        "Note is kept here and kept by the rule `one`"
    ]
    assert [found.what.partition(" (")[0] for found in conflicts([one, sets])] == [
        "Note is set here and kept by the rule `one`"
    ]
    assert conflicts([one, replace(one, id="third")]) == []


def test_increases_of_one_cell_are_no_conflict() -> None:
    one = replace(good(START + "then:\n  - set: {Lines: increase by 2}\n"), id="one")
    other = replace(good(START + "then:\n  - set: {Lines: decrease by 3}\n"), id="other")
    sets = replace(good(START + "then:\n  - set: {Lines: 7}\n"), id="sets")
    assert conflicts([one, other]) == []
    assert len(conflicts([one, sets])) == 1


# Limits


@pytest.mark.parametrize(
    ("line", "rows"),
    [("10% of rows", 5), ("10% of rows (not below 20 rows)", 20), ("10% of rows, not below 1 row", 1)],
)
def test_a_share_has_its_least_number(line: str, rows: int) -> None:
    assert parse_limit(Text(line, Place()), CALENDARS).not_below == rows


def test_a_least_number_belongs_to_a_share() -> None:
    found = wrong(START + "limits: [40 rows at once (not below 5 rows)]\n" + DO)
    assert (found.what, found.suggestion) == (
        "`(not below 5 rows)` belongs to a share of the rows.", "limits: [40 rows at once]",
    )  # fmt: skip


# Read back


READ_BACK = [
    (
        HOURS + "when: {Status: New}\npause while: {Status: Paid}\n"
        "due: {counted from: Ordered on, within: 4 working hours}\nthen:\n"
        "  - {at: 75% of the time, set: {Note: a}}\n  - {at: due, set: {Note: b}}\n"
        "  - {at: 4 working hours after due, set: {Note: c}}\n  - {at: end, set: {Note: d}}\n",
        (
            'A row of Orders matters when Status is "New". The deadline comes 4 working hours after Ordered on. '
            'The clocks stand still while Status is "Paid". Working time is that of desk. '
            'Then, when 75% of the time to the deadline has passed, set Note to "a". At the deadline, set Note to "b". '
            '4 working hours after the deadline, set Note to "c". When it ends, set Note to "d".'
        ),
    ),
    (
        START + "schedule: [every day at 05:30, 1st of month at 09:00]\nwhen: {Status: New}\n" + DO,
        (
            'Every day at 05:30 and on the 1st of month at 09:00, a row of Orders matters when Status is "New". '
            'Then, at once, set Note to "a". Each time begins anew.'
        ),
    ),
    (
        REPORT + "period: last week\ncompare with: the week before\n" + FIGURES + MAIL,
        "On Mondays at 07:45, it acts. Its period is last week, compared with the week before.",
    ),
]


@pytest.mark.parametrize(("source", "said"), READ_BACK, ids=["deadline", "schedule", "report"])
def test_read_back(source: str, said: str) -> None:
    assert sentence(good(source), "en").startswith(said)


# Slips of the pen


MARKED_ROWS = """\
rule: Test
look at: Orders
«working hours»: «desk»
when:
  Status: New
  Ordered on: at least 2 «working» days ago
«pause while»:
  Status: Paid
«for»: 2 «working hours»
«due»:
  «counted from»: «last change of» Status
  «within»: 4 «working hours»
then:
  - «at»: 75% «of the time»
    set: {Note: a}
  - «at»: «due»
    set: {Note: b}
  - «at»: 4 «working hours» «after due»
    set: {Note: c}
  - «at»: 2 «days» «before due»
    set: {Note: d}
  - «at»: «end»
    set: {Note: e}
limits:
  - 10% «of rows» («not below» 20 «rows»)
"""
MARKED_REPORT = """\
rule: Test
«schedule»:
  - «every day at» 05:30
  - «weekdays at» 08:30 «and» 14:00
  - «working days at» 09:00
  - «Wednesdays» «and» «Thursdays» «at» 09:00
  - «every» 30 «minutes»
  - 1st «of month at» 09:00
  - «first» «working day of month at» 18:00
  - «last day of quarter at» 18:00
  - «cron»: "0 8 * * 1"
«working hours»: «store»
«period»: «last week»
«compare with»: «same week last year»
figures: {Revenue: {in: Orders, count: rows}}
then:
  - email: {to: anna, subject: A, text: B}
"""


@pytest.mark.parametrize("marked", [MARKED_ROWS, MARKED_REPORT], ids=["rows", "report"])
def test_a_letter_wrong_is_always_reported(marked: str) -> None:
    """Every letter of every word, dropped, doubled, changed or swapped: reported, or it means the same."""
    plain, places = letters_of(marked)
    meant = good(plain).version
    for at in places:
        before, mine, after = plain[:at], plain[at], plain[at + 1 :]
        for changed in (
            before + after,
            before + mine + mine + after,
            *(before + other + after for other in "ex"[mine == "e" :][:1]),
            before + after[:1] + mine + after[1:] if at + 1 in places else before + after,
        ):
            rule, problems = read(changed)
            assert problems or (rule is not None and rule.version == meant), changed[before.rfind("\n") :][
                :60
            ]


@pytest.mark.parametrize(
    ("span", "read_back"),
    [
        ("1 day", "Every day,"),
        ("1 working day", "Every working day,"),
        ("1 working hour", "Every working hour,"),
        ("2 working days", "Every 2 working days,"),
        ("3 days", "Every 3 days,"),
    ],
)
def test_every_is_read_back_in_its_own_time(span: str, read_back: str) -> None:
    text = (
        f"rule: A\nlook at: Orders\nworking hours: desk\nthen:\n  - every: {span}\n    set: {{Note: again}}\n"
    )
    assert read_back in sentence(good(text), "en")
