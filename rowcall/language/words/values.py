"""Which words may stand where a value is written, and which stand alone behind a key?"""

from enum import Enum


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


class FigureWord(Enum):
    """What may stand behind the keys of a figure beside columns."""

    ROWS = ("rows", "")
    DESCENDING = ("{column} descending", "")
    ASCENDING = ("{column} ascending", "")


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


class ScaleWord(Enum):
    """How a scale is written."""

    SCALE = ("{low} to {high}", "")
