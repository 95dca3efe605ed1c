"""Does a rule count anything in working time, so that its calendar matters?"""

from dataclasses import fields, is_dataclass

from rowcall.duration import Span
from rowcall.language.rule import Rule
from rowcall.schedule import Schedule


def counts_working_time(rule: Rule) -> bool:
    """Say whether the working hours of a rule can make a difference to what it does.

    A deadline may be as long as a cell or a setting says, also in working time, so a rule with one always counts.
    """
    return rule.due is not None or _counts(rule)


def _counts(value: object) -> bool:
    if isinstance(value, Span | Schedule):
        return value.working
    if isinstance(value, tuple):
        return any(_counts(part) for part in value)
    if not is_dataclass(value) or isinstance(value, type):
        return False
    if getattr(value, "calendar", None):
        return True
    return any(_counts(getattr(value, one.name)) for one in fields(value))
