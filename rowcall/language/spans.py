"""Which duration does a text say, and in whose working time is it counted?"""

import re

from rowcall.duration import Span, Unit, parse_span
from rowcall.language.mistaken import Mistaken
from rowcall.language.near import did_you_mean
from rowcall.language.scope import Scope
from rowcall.language.words import is_chinese

_SHORT = {
    "min": "minutes", "mins": "minutes", "m": "minutes", "mn": "minutes", "h": "hours", "hr": "hours", "hrs": "hours",
    "d": "days", "workday": "days", "workdays": "days", "w": "weeks", "wk": "weeks", "wks": "weeks", "mo": "months",
    "mth": "months", "mths": "months", "y": "years", "yr": "years", "yrs": "years",
}  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fourteen": 14,
}  # fmt: skip
_LOOSE = re.compile(
    r"(?P<count>\d{1,6}|[a-z]+)[\s-]*(?P<working>(?:working|work|business|office)[\s-]+)?(?P<unit>[a-z]+)\.?",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"(?P<count>\d+[.,]\d+)\s*(?P<unit>hours?|h|days?|d)", re.IGNORECASE)
_CHINESE_COUNTS = {
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十二": 12,
}  # fmt: skip
_CHINESE = re.compile(r"(?P<count>\d{1,6}|[一两二三四五六七八九十]{1,2})\s*(?P<unit>\D+)")
_CHINESE_UNITS = {
    "月": "个月", "分": "分钟", "刻": "", "时": "小时", "钟头": "小时", "礼拜": "周", "月份": "个月",
}  # fmt: skip
_WORKDAYS = 5
_POSSIBLE = "Write a whole number and a unit: `30 minutes`, `2 hours`, `3 days`, `2 weeks`, `1 month`."


def read_days(text: str, scope: Scope | None = None) -> Span:
    """Return the duration that a text says; raises Mistaken.

    scope: the one in which working time may be counted; without it only time on the clock may stand there.
    """
    span = parse_span(text)
    if span is None:
        raise Mistaken(f"`{text}` is not a duration.", repaired_span(text), _POSSIBLE)
    if span.working:
        _check_working(text, span, scope)
    return span


def calendar_of(span: Span, scope: Scope) -> str:
    """Return the name of the calendar that a duration counts in, "" for time on the clock."""
    return scope.working_hours if span.working else ""


def needed_calendar(scope: Scope) -> str:
    """Return how a rule gets a calendar."""
    if not scope.calendars:
        return (
            "Declare one in config.yaml, for example `calendars: {shop: {Mon-Fri: 09:00-18:00}}`, "
            "and write `working hours: shop` in the rule."
        )
    known = ", ".join(f"`working hours: {name}`" for name in scope.calendars)
    return f"Write {known} in the rule, or the same line under `shop:` in config.yaml for all rules."


def repaired_span(text: str) -> str:
    """Return the duration that a text probably means, or "": `4 hrs`, `2 business days`, `an hour`."""
    said = text.strip().lower()
    if said in ("half an hour", "half hour", "1/2 hour"):
        return "30 minutes"
    decimal = _DECIMAL.fullmatch(said)
    if decimal:
        hours = float(decimal["count"].replace(",", ".")) * (24 if decimal["unit"].startswith("d") else 1)
        return f"{hours * 60:g} minutes" if (hours * 60).is_integer() and hours % 1 else f"{hours:g} hours"
    if said in ("半小时", "半个小时", "半天"):
        return "12小时" if said == "半天" else "30分钟"
    chinese = _CHINESE.fullmatch(said)
    if chinese and is_chinese(said):
        return _repaired_chinese(chinese["count"], chinese["unit"].strip())
    match = _LOOSE.fullmatch(said)
    count = match and (int(match["count"]) if match["count"].isdigit() else _NUMBERS.get(match["count"]))
    if match is None or count is None:
        return ""
    word = match["unit"]
    units = [name for unit in Unit for name in (str(unit), f"{unit}s")]
    unit = _SHORT.get(word) or did_you_mean(word, units)
    if not unit:
        return ""
    working = bool(match["working"]) or word in ("workdays", "workday")
    return str(Span(count, Unit(unit.removesuffix("s")), working))


def _repaired_chinese(count: str, unit: str) -> str:
    """`1月` is the month January, `1个月` is a month; `三天` is `3天`."""
    number = int(count) if count.isdigit() else _CHINESE_COUNTS.get(count)
    meant = f"{number}{_CHINESE_UNITS.get(unit, unit)}"
    return meant if number is not None and parse_span(meant) is not None else ""


def _check_working(text: str, span: Span, scope: Scope | None) -> None:
    if span.unit is Unit.WEEK:
        days = Span(span.count * _WORKDAYS, Unit.DAY, working=True)
        raise Mistaken(f"`{text}`: working time is counted in minutes, hours and days.", str(days))
    clock = str(Span(span.count, span.unit))
    if span.unit in (Unit.MONTH, Unit.YEAR):
        fix = f"Write working days, or `{clock}` on the clock."
        raise Mistaken(f"`{text}`: working time is counted in minutes, hours and days.", fix=fix)
    if scope is None:
        raise Mistaken(f"`{text}`: working time can't stand here.", clock, "Use a duration on the clock.")
    if not scope.working_hours:
        raise Mistaken(f"`{text}` needs a calendar, and this rule has none.", fix=needed_calendar(scope))
