"""Which days of the week does a text name, and how are they named in one way?"""

from rowcall.calendar import parse_weekdays

WORK_WEEK = frozenset(range(5))
_NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def weekdays_of(text: str) -> frozenset[int] | None:
    """Return the days that a text such as `Mondays and Thursdays` names, 0 = Monday, or None."""
    return parse_weekdays(text.strip())


def say_weekdays(days: frozenset[int]) -> str:
    """Return days in their one spelling: `Mondays, Tuesdays and Fridays`."""
    names = [_NAMES[day] for day in sorted(days)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
