"""What does each word of deadlines, schedules and periods mean, in one line, with an example?"""

from collections.abc import Mapping

from rowcall.language.meaning import Meaning
from rowcall.language.words import CompareWord, CountedFrom, DueKey, PeriodWord, ScheduleKey, ScheduleWord

DUE_KEYS: Mapping[DueKey, Meaning] = {
    DueKey.COUNTED_FROM: Meaning(
        "From when: a column with dates (a day counts from its midnight), `start` or `last change of COLUMN`.",
        "counted from: Ordered on",
        "needed",
    ),
    DueKey.WITHIN: Meaning(
        "How long: a duration, or a value that gives one (`by column`, `first that fits`, a setting, a column).",
        "within: 4 hours",
        "needed",
    ),
}
COUNTED_FROM: Mapping[CountedFrom, Meaning] = {
    CountedFrom.START: Meaning("The moment at which the row began to matter.", "counted from: start"),
    CountedFrom.LAST_CHANGE: Meaning(
        "The last time that a look found another value in the cell.", "counted from: last change of Status"
    ),
}
SCHEDULES: Mapping[ScheduleWord | ScheduleKey, Meaning] = {
    ScheduleWord.EVERY_DAY: Meaning("Each day; several times are joined by `and`.", "every day at 05:30"),
    ScheduleWord.WEEKDAYS: Meaning("Monday to Friday, holidays or not.", "weekdays at 08:30 and 14:00"),
    ScheduleWord.WEEKENDS: Meaning("Saturdays and Sundays.", "weekends at 10:00"),
    ScheduleWord.WORKING_DAYS: Meaning(
        "The days on which the calendar of the rule has working time.", "working days at 09:00"
    ),
    ScheduleWord.NTH_WORKING_DAY: Meaning(
        "The first, 2nd, last … of them in a `month`, `quarter` or `year`.",
        "last working day of month at 18:00",
    ),
    ScheduleWord.NTH_DAY: Meaning("The last day, however long the month is.", "last day of month at 18:00"),
    ScheduleWord.NTH_OF: Meaning(
        "A day of the month; also `first Monday of month`.", "1st of month at 09:00"
    ),
    ScheduleWord.DAYS: Meaning("Certain days of the week.", "Mondays and Thursdays at 09:00"),
    ScheduleWord.EVERY_HOUR: Meaning("At each full hour.", "every hour"),
    ScheduleWord.EVERY_MINUTE: Meaning("At each full minute.", "every minute"),
    ScheduleWord.EVERY: Meaning(
        "So long apart, counted from midnight of the shop's day.", "every 30 minutes"
    ),
    ScheduleKey.CRON: Meaning(
        "Five fields as in crontab: minute, hour, day of month, month, day of week.", '{cron: "30 8 * * 1-5"}'
    ),
}
PERIODS: Mapping[PeriodWord, Meaning] = {
    PeriodWord.TODAY: Meaning("The day of the label, so far.", "period: today"),
    PeriodWord.YESTERDAY: Meaning("The day before it.", "period: yesterday"),
    PeriodWord.THIS_WEEK: Meaning("From Monday to today.", "period: this week"),
    PeriodWord.LAST_WEEK: Meaning(
        "The whole week before, Monday to Sunday; its label is `2026-W10`.", "period: last week"
    ),
    PeriodWord.THIS_MONTH: Meaning("From the 1st to today.", "period: this month"),
    PeriodWord.LAST_MONTH: Meaning("The whole month before; its label is `2026-03`.", "period: last month"),
    PeriodWord.THIS_QUARTER: Meaning("From the quarter's first day to today.", "period: this quarter"),
    PeriodWord.LAST_QUARTER: Meaning(
        "The whole quarter before; its label is `2026-Q1`.", "period: last quarter"
    ),
    PeriodWord.THIS_YEAR: Meaning("From 1 January to today.", "period: this year"),
    PeriodWord.LAST_YEAR: Meaning("The whole year before; its label is `2026`.", "period: last year"),
    PeriodWord.LAST: Meaning(
        "So many days, weeks, months or years up to yesterday; its label is `2026-03-01 to 2026-03-30`.",
        "period: last 30 days",
    ),
}
COMPARISONS: Mapping[CompareWord, Meaning] = {
    CompareWord.DAY_BEFORE: Meaning(
        "Beside `today` and `yesterday`: the day before that.", "compare with: the day before"
    ),
    CompareWord.WEEK_BEFORE: Meaning(
        "Beside `this week` and `last week`: the whole week before.", "compare with: the week before"
    ),
    CompareWord.MONTH_BEFORE: Meaning("The same for months.", "compare with: the month before"),
    CompareWord.QUARTER_BEFORE: Meaning("The same for quarters.", "compare with: the quarter before"),
    CompareWord.YEAR_BEFORE: Meaning("The same for years.", "compare with: the year before"),
    CompareWord.SPAN_BEFORE: Meaning(
        "Beside `last 30 days`: the 30 days before these.", "compare with: the 30 days before"
    ),
    CompareWord.SAME_DAY: Meaning("The same date a year earlier.", "compare with: same day last year"),
    CompareWord.SAME_WEEK: Meaning(
        "The week with the same number; the last one, if that year has no week 53.",
        "compare with: same week last year",
    ),
    CompareWord.SAME_MONTH: Meaning("The same month, the whole of it.", "compare with: same month last year"),
    CompareWord.SAME_QUARTER: Meaning("The same quarter.", "compare with: same quarter last year"),
    CompareWord.SAME_DAYS: Meaning(
        "Beside `last 30 days`: as many days, a year earlier.", "compare with: same days last year"
    ),
}
FITTING_PERIODS: Mapping[CompareWord, str] = {
    CompareWord.DAY_BEFORE: "yesterday",
    CompareWord.WEEK_BEFORE: "last week",
    CompareWord.MONTH_BEFORE: "last month",
    CompareWord.QUARTER_BEFORE: "last quarter",
    CompareWord.YEAR_BEFORE: "last year",
    CompareWord.SPAN_BEFORE: "last 30 days",
    CompareWord.SAME_DAY: "yesterday",
    CompareWord.SAME_WEEK: "last week",
    CompareWord.SAME_MONTH: "last month",
    CompareWord.SAME_QUARTER: "last quarter",
    CompareWord.SAME_DAYS: "last 30 days",
}
"""A period beside which each comparison may stand."""
