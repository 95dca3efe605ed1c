"""What may be said of a column? The phrases of conditions, and what a number or a day is compared with.

A phrase is a template with holes (`between {low} and {high}`); its order in the table is the order in which
phrases are tried, so the longer stands before the shorter.
"""

from enum import Enum


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
