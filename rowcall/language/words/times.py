"""How are times said: deadlines, schedules, periods, the times of entries, limits?"""

from enum import Enum


class CountedFrom(Enum):
    """What may stand behind `counted from` beside a column."""

    START = ("start", "")
    LAST_CHANGE = ("last change of {column}", "")


class ScheduleWord(Enum):
    """What a line of `schedule` or `digest` may say."""

    EVERY_DAY = ("every day at {times}", "")
    WEEKDAYS = ("weekdays at {times}", "")
    WEEKENDS = ("weekends at {times}", "")
    WORKING_DAYS = ("working days at {times}", "")
    NTH_WORKING_DAY = ("{nth} working day of {of} at {times}", "")
    NTH_DAY = ("{nth} day of {of} at {times}", "")
    NTH_OF = ("{nth} of {of} at {times}", "")
    DAYS = ("{days} at {times}", "")
    EVERY_HOUR = ("every hour", "")
    EVERY_MINUTE = ("every minute", "")
    EVERY = ("every {span}", "")


class PeriodWord(Enum):
    """What may stand behind `period`."""

    TODAY = ("today", "")
    YESTERDAY = ("yesterday", "")
    THIS_WEEK = ("this week", "")
    LAST_WEEK = ("last week", "")
    THIS_MONTH = ("this month", "")
    LAST_MONTH = ("last month", "")
    THIS_QUARTER = ("this quarter", "")
    LAST_QUARTER = ("last quarter", "")
    THIS_YEAR = ("this year", "")
    LAST_YEAR = ("last year", "")
    LAST = ("last {span}", "")


class CompareWord(Enum):
    """What may stand behind `compare with`: counted from the rule's period."""

    DAY_BEFORE = ("the day before", "")
    WEEK_BEFORE = ("the week before", "")
    MONTH_BEFORE = ("the month before", "")
    QUARTER_BEFORE = ("the quarter before", "")
    YEAR_BEFORE = ("the year before", "")
    SPAN_BEFORE = ("the {span} before", "")
    SAME_DAY = ("same day last year", "")
    SAME_WEEK = ("same week last year", "")
    SAME_MONTH = ("same month last year", "")
    SAME_QUARTER = ("same quarter last year", "")
    SAME_DAYS = ("same days last year", "")


class Time(Enum):
    """What may stand behind `at` in an entry."""

    START = ("start", "")
    DUE = ("due", "")
    END = ("end", "")
    SHARE = ("{percent}% of the time", "")
    AFTER_START = ("{span} after start", "")
    AFTER_LAST = ("{span} after last", "")
    AFTER_DUE = ("{span} after due", "")
    BEFORE_DUE = ("{span} before due", "")
    AFTER_COLUMN = ("{span} after {column}", "")
    BEFORE_COLUMN = ("{span} before {column}", "")


class LimitWord(Enum):
    """What a limit may say."""

    PER_CUSTOMER_OVER = ("{count} {email} a {unit} per customer over {rules}", "")
    PER_CUSTOMER = ("{count} {email} a {unit} per customer", "")
    EMAILS = ("{count} {email} a {unit}", "")
    ROWS = ("{count} rows at once", "")
    SHARE = ("{percent}% of rows", "")
