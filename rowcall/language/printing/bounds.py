"""How are the hours and the limits of a rule written down again?"""

from rowcall.duration import Span
from rowcall.language.printing.tongue import Tongue
from rowcall.language.rule import Limit, LimitOf, Window
from rowcall.language.words import DaysWord, FloorWord, LimitWord, WindowWord

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHINESE_DAYS = "一二三四五六日"
_GROUPS = {
    frozenset(range(7)): DaysWord.EVERY_DAY,
    frozenset(range(5)): DaysWord.WEEKDAYS,
    frozenset({5, 6}): DaysWord.WEEKENDS,
}


def print_window(window: Window, tongue: Tongue) -> str:
    """Return the hours in which mails go out."""
    group = _GROUPS.get(window.days)
    days = tongue(group) if group else print_weekdays(window.days, tongue)
    start, end = f"{window.start:%H:%M}", f"{window.end:%H:%M}"
    said = tongue(WindowWord.DAYS, days=days, weekdays=f"{days} ", start=start, end=end)
    return tongue(WindowWord.DROP, window=said) if window.drop else said


def print_weekdays(days: frozenset[int], tongue: Tongue) -> str:
    """Return days of the week, one by one."""
    if tongue.chinese:
        return "、".join(f"周{_CHINESE_DAYS[day]}" for day in sorted(days))
    return ", ".join(f"{_WEEKDAYS[day]}s" for day in sorted(days))


def print_limit(limit: Limit, tongue: Tongue) -> str:
    """Return one line of `limits`."""
    count = f"{limit.count:g}"
    match limit.of:
        case LimitOf.ROWS:
            return tongue(LimitWord.ROWS, count=count)
        case LimitOf.SHARE:
            floor = tongue(FloorWord.NOT_BELOW, count=str(limit.not_below))
            share = tongue(LimitWord.SHARE, percent=count)
            return f"{share}({floor})" if tongue.chinese else f"{share} ({floor})"
        case _:
            word = LimitWord.EMAILS if limit.of is LimitOf.EMAILS else LimitWord.PER_CUSTOMER
            word = LimitWord.PER_CUSTOMER_OVER if limit.rules else word
            rules = tongue.listed(limit.rules)
            return tongue(word, count=count, email="emails", unit=_unit(limit.span, tongue), rules=rules)


def _unit(span: Span | None, tongue: Tongue) -> str:
    if span is None or span.count != 1:
        return tongue.span(span) if span else ""
    return tongue.span(span).removeprefix("1") if tongue.chinese else f"{span.unit}"
