"""Which keys may stand in a rule file? English in the first column, Chinese in the second."""

from enum import Enum


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


class ScheduleKey(Enum):
    """The key of a line of `schedule` that is a block."""

    CRON = ("cron", "")


class EntryKey(Enum):
    """The keys of an entry of `then` beside its actions."""

    AT = ("at", "")
    EVERY = ("every", "")
    AT_MOST = ("at most", "")
    UNTIL = ("until", "")
    WHEN = ("when", "")


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


class WindowKey(Enum):
    """The keys of `send only` when it is a block."""

    WINDOW = ("window", "")
    OTHERWISE = ("otherwise", "")


class ValueKey(Enum):
    """The keys of a value that is chosen."""

    BY_COLUMN = ("by column", "")
    EVERYTHING_ELSE = ("everything else", "")
    FIRST_THAT_FITS = ("first that fits", "")
    VALUE = ("value", "")
    WHEN = ("when", "")
    GO_DOWN = ("go down only after", "")
