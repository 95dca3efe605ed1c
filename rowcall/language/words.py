"""Which words does the rule language have? One table: English in the first column, Chinese in the second.

A phrase is a template with holes (`between {low} and {high}`); its order in the table is the order in which
phrases are tried, so the longer stands before the shorter. Long because it is one table of all words.
"""

from enum import Enum
from typing import TypeVar

from rowcall.language.document import fold_key

W = TypeVar("W", bound=Enum)


class Key(Enum):
    """The keys at the top of a rule file."""

    RULE = ("rule", "")
    ABOUT = ("about", "")
    RESPONSIBLE = ("responsible", "")
    LOOK_AT = ("look at", "")
    WHEN = ("when", "")
    FOR = ("for", "")
    AGAIN_ONLY_WHEN = ("again only when", "")
    ONCE_PER_ROW = ("once per row", "")
    THEN = ("then", "")
    STOP_WHEN = ("stop when", "")
    SEND_ONLY = ("send only", "")
    LIMITS = ("limits", "")
    FIRST_RUN = ("first run", "")
    CHECK_EVERY = ("check every", "")
    EXPIRES_AFTER = ("expires after", "")
    STATE = ("state", "")
    DUE = ("due", "")
    PAUSE_WHILE = ("pause while", "")
    WORKING_HOURS = ("working hours", "")
    SCHEDULE = ("schedule", "")
    PERIOD = ("period", "")
    COMPARE_WITH = ("compare with", "")
    FIGURES = ("figures", "")
    KEEP = ("keep", "")


class DueKey(Enum):
    """The keys of `due` when it is a block."""

    COUNTED_FROM = ("counted from", "")
    WITHIN = ("within", "")


class CountedFrom(Enum):
    """What may stand behind `counted from` beside a column."""

    START = ("start", "")
    LAST_CHANGE = ("last change of {column}", "")


class ScheduleKey(Enum):
    """The key of a line of `schedule` that is a block."""

    CRON = ("cron", "")


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


class EntryKey(Enum):
    """The keys of an entry of `then` beside its actions."""

    AT = ("at", "")
    EVERY = ("every", "")
    AT_MOST = ("at most", "")
    UNTIL = ("until", "")
    WHEN = ("when", "")


class AttachWord(Enum):
    """What may stand behind `attach` beside the name of a file."""

    LIST_AS = ("{figure} as {form}", "")


class AttachRows(Enum):
    """The rows of a digest, where a list may stand."""

    ROWS = ("rows", "")


class AttachForm(Enum):
    """In which forms a list is attached (see rowcall/attachments/forms.py)."""

    XLSX = ("xlsx", "")
    CSV = ("csv", "")


class ButtonKey(Enum):
    """The keys of a button."""

    LABEL = ("label", "")
    SET = ("set", "")
    SNOOZE = ("snooze", "")
    STOP = ("stop", "")
    RATE = ("rate", "")
    FROM = ("from", "")
    TO = ("to", "")
    COMMENT = ("comment", "")


class ScaleWord(Enum):
    """How a scale is written."""

    SCALE = ("{low} to {high}", "")


class BlockKey(Enum):
    """The keys that may stand in a block of conditions beside column names."""

    ANY_OF = ("any of", "")
    NONE_OF = ("none of", "")
    ROW = ("row", "")
    THERE_IS = ("there is", "")
    THERE_IS_NO = ("there is no", "")
    FORMULA = ("formula", "")


class FigureKey(Enum):
    """The keys of a figure."""

    IN = ("in", "")
    WHERE = ("where", "")
    COUNT = ("count", "")
    SUM_OF = ("sum of", "")
    AVERAGE_OF = ("average of", "")
    MEDIAN_OF = ("median of", "")
    P90_OF = ("p90 of", "")
    HIGHEST_OF = ("highest of", "")
    LOWEST_OF = ("lowest of", "")
    DISTINCT_OF = ("distinct of", "")
    TIME_BETWEEN = ("time between", "")
    IN_WORKING_HOURS = ("in working hours", "")
    SHARE_WITH = ("share with", "")
    LIST = ("list", "")
    SORT_BY = ("sort by", "")
    AT_MOST = ("at most", "")
    FORMULA = ("formula", "")
    BY = ("by", "")
    SHOW_AS = ("show as", "")


class FigureWord(Enum):
    """What may stand behind the keys of a figure beside columns."""

    ROWS = ("rows", "")
    DESCENDING = ("{column} descending", "")
    ASCENDING = ("{column} ascending", "")


class WindowKey(Enum):
    """The keys of `send only` when it is a block."""

    WINDOW = ("window", "")
    OTHERWISE = ("otherwise", "")


class Choice(Enum):
    """Words that stand alone behind a key."""

    YES = ("yes", "是")
    NO = ("no", "否")
    ON = ("on", "")
    OFF = ("off", "")
    WATCH = ("watch", "")
    ASK = ("ask", "")
    ONLY_NEW = ("only new ones", "")
    ACT_ON_ALL = ("act on all", "")
    NEW = ("new", "")
    DROP = ("drop", "")
    RESPONSIBLE = ("responsible", "")


class Phrase(Enum):
    """What may stand behind a column in a condition."""

    ANNIVERSARY_TODAY = ("anniversary today", "")
    ANNIVERSARY_IN = ("anniversary in {span}", "")
    NOT_EMPTY = ("not empty", "")
    EMPTY = ("empty", "")
    NOT_VALID = ("not valid", "")
    VALID = ("valid", "")
    NOT_MISSING = ("not missing", "")
    MISSING = ("missing", "")
    CHANGED_FROM_TO = ("changed from {before} to {after}", "")
    CHANGED_BY = ("changed by more than {percent}", "")
    CHANGED_TO = ("changed to {after}", "")
    CHANGED = ("changed", "")
    WENT_UP = ("went up", "")
    WENT_DOWN = ("went down", "")
    EXACTLY = ("exactly {value}", "")
    NOT_EXACTLY = ("not exactly {value}", "")
    NOT_ONE_OF = ("not one of {values}", "")
    ONE_OF = ("one of {values}", "")
    NOT_SAME_AS = ("not same as {column}", "")
    SAME_AS = ("same as {column}", "")
    CONTAINS_ONE_OF = ("contains one of {values}", "")
    NOT_CONTAINS_ONE_OF = ("does not contain one of {values}", "")
    CONTAINS = ("contains {value}", "")
    NOT_CONTAINS = ("does not contain {value}", "")
    STARTS = ("starts with {value}", "")
    NOT_STARTS = ("does not start with {value}", "")
    ENDS = ("ends with {value}", "")
    NOT_ENDS = ("does not end with {value}", "")
    MATCHES = ("matches {value}", "")
    NOT_MATCHES = ("does not match {value}", "")
    AT_LEAST_AGO = ("at least {span} ago", "")
    AT_MOST_AGO = ("at most {span} ago", "")
    MORE_AGO = ("more than {span} ago", "")
    LESS_AGO = ("less than {span} ago", "")
    AGO = ("{span} ago", "")
    IN_THE_NEXT = ("in the next {span}", "")
    WITHIN_THE_LAST = ("within the last {span}", "")
    IN_THE_PERIOD = ("in the period", "")
    BETWEEN = ("between {low} and {high}", "")
    AT_LEAST = ("at least {number}", "")
    AT_MOST = ("at most {number}", "")
    MORE_THAN = ("more than {number}", "")
    LESS_THAN = ("less than {number}", "")
    ABOVE = ("above {number}", "")
    BELOW = ("below {number}", "")
    ON_OR_BEFORE = ("on or before {day}", "")
    ON_OR_AFTER = ("on or after {day}", "")
    BEFORE = ("before {day}", "")
    AFTER = ("after {day}", "")
    TODAY = ("today", "")
    YESTERDAY = ("yesterday", "")
    TOMORROW = ("tomorrow", "")
    SETTING = ("setting {name}", "")
    NOT = ("not {value}", "")


class Operand(Enum):
    """What may stand where a number or a day is compared with."""

    SETTING = ("setting {name}", "")
    PERCENT_OF = ("{percent}% of {column}", "")
    SPAN_AFTER = ("{span} after {column}", "")
    SPAN_BEFORE = ("{span} before {column}", "")
    NOW = ("now", "")
    TODAY = ("today", "")
    YESTERDAY = ("yesterday", "")
    TOMORROW = ("tomorrow", "")


class ValueWord(Enum):
    """What may stand where a value is written, beside a literal."""

    EMPTY = ("empty", "")
    NOW = ("now", "")
    TODAY = ("today", "")
    YESTERDAY = ("yesterday", "")
    TOMORROW = ("tomorrow", "")
    DUE = ("due", "")
    EXACTLY = ("exactly {value}", "")
    SAME_AS = ("same as {column}", "")
    SETTING = ("setting {name}", "")
    NEXT_OF = ("next of {name}", "")
    INCREASE_BY = ("increase by {number}", "")
    DECREASE_BY = ("decrease by {number}", "")
    SPAN_AFTER = ("{span} after {column}", "")
    SPAN_BEFORE = ("{span} before {column}", "")


class ValueKey(Enum):
    """The keys of a value that is chosen."""

    BY_COLUMN = ("by column", "")
    EVERYTHING_ELSE = ("everything else", "")
    FIRST_THAT_FITS = ("first that fits", "")
    VALUE = ("value", "")
    WHEN = ("when", "")
    GO_DOWN = ("go down only after", "")


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


THIS = "this"
"""Stands before a column of the watched row where another table is searched: `this.Customer`."""


def spelled(word: Enum) -> str:
    """Return the English spelling of a word."""
    english: str = word.value[0]
    return english


def spellings(word: Enum) -> tuple[str, ...]:
    """Return every spelling of a word that is understood."""
    return tuple(text for text in word.value if text)


def spellings_of(words: type[Enum]) -> tuple[str, ...]:
    """Return every spelling of a whole table, for `did you mean`."""
    return tuple(text for word in words for text in spellings(word))


def find_word(words: type[W], text: str) -> W | None:
    """Return the word of a table that a key or a single word is, in any of its spellings."""
    folded = fold_key(text)
    return next((word for word in words if folded in spellings(word)), None)
