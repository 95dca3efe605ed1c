"""Which filters may stand after `|` in a text, and what does each do?"""

import string
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from jinja2 import StrictUndefined, Undefined, pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup, escape

from rowcall.errors import TemplateError
from rowcall.template.speech import Speech, as_number, half_up, shown
from rowcall.template.tables import ListTable

FILTERS: Mapping[str, str] = {
    "money": "An amount in the shop's currency, rounded half up: `{{ total | money }}` → €1,234.50.",
    "number": "A number with grouping, `{{ x | number }}` → 1,234.5, or with digits: `{{ x | number(2) }}`.",
    "percent": "A share as a percentage, 0.92 → 92%; `percent(1)` keeps one digit.",
    "date": "The day with its year: 5 Mar 2026.",
    "time": "The time of day in the shop's zone: 14:00.",
    "when": "Day and time for people: Mon 9 Mar, 14:00; with the year when it is not this year.",
    "days": "A duration as days, or the days between a date and now: 3 days.",
    "hours": "A duration as hours, or the hours between a moment and now: 2.5 hours.",
    "default": "Another text when the value is empty: `{{ name | default('friend') }}`.",
    "upper": "In capitals.",
    "lower": "In small letters.",
    "title": "Every word with a capital.",
    "trim": "Without blanks at both ends.",
    "length": "How many rows a list has, or characters a text.",
    "join": "A list as one text: `{{ names | join(', ') }}`; a column: `{{ rows | join(', ', 'sku') }}`.",
    "first": "The first of a list, empty when there is none.",
    "last": "The last of a list, empty when there is none.",
    "sort": "A list in order: `rows | sort('on_hand')`, largest first with `sort('on_hand', reverse=true)`.",
    "round": "A number rounded half up: `{{ x | round(1) }}`.",
    "truncate": "At most so many characters, cut with …: `{{ note | truncate(80) }}`.",
    "lines": "A text of several lines, kept as lines in HTML.",
}
"""Every filter with its line of help; docs and messages are made from it."""

LONGEST = 1_000_000
"""Most characters that one value or one rendered text may have."""

_BLANKS = " \t\r\n\u3000\u00a0"


def filters_for(speech: Speech) -> dict[str, Callable[..., object]]:
    """Return the filters of FILTERS, speaking as this shop does."""
    return {**_of_values(speech), **_of_time(speech), **_of_texts(speech), **_of_lists(speech)}


def capped(text: str) -> str:
    """Return the text, or raise TemplateError when it is longer than any mail may be."""
    if len(text) > LONGEST:
        raise TemplateError(f"the text grows longer than {LONGEST:,} characters")
    return text


def is_empty(value: object) -> bool:
    """Tell whether a value is known to be empty: an empty cell, "" or a list without rows."""
    if isinstance(value, Undefined):
        str(value)  # raises: not known is not empty
    return value is None or (isinstance(value, str | Sequence | ListTable) and len(value) == 0)


def _of_values(speech: Speech) -> dict[str, Callable[..., object]]:
    def money(value: object) -> object:
        return "" if is_empty(value) else speech.money(as_number(value, "money"))

    def number(value: object, digits: int | None = None) -> object:
        return "" if is_empty(value) else speech.number(as_number(value, "number"), _digits(digits))

    def percent(value: object, digits: int = 0) -> object:
        return "" if is_empty(value) else speech.percent(as_number(value, "percent"), _digits(digits) or 0)

    def rounded(value: object, digits: int = 0) -> object:
        return None if is_empty(value) else half_up(as_number(value, "round"), _digits(digits) or 0)

    def default(value: object, instead: object = "") -> object:
        if isinstance(value, Absent):
            return instead
        return instead if is_empty(value) else value

    return {"money": money, "number": number, "percent": percent, "round": rounded, "default": default}


def _of_time(speech: Speech) -> dict[str, Callable[..., object]]:
    def day(value: object) -> object:
        return "" if is_empty(value) else speech.day(_as_date(value, "date"))

    def clock_time(value: object) -> object:
        if is_empty(value):
            return ""
        if isinstance(value, datetime | time):
            return speech.clock(value)
        raise TemplateError(f"time needs a date with a time, but got {shown(value)}")

    @pass_context
    def when(context: Context, value: object) -> object:
        return "" if is_empty(value) else speech.when(_as_date(value, "when"), _now(context))

    @pass_context
    def days(context: Context, value: object) -> object:
        return "" if is_empty(value) else speech.count_of(_whole(_span(speech, context, value, 86400)), 86400)

    @pass_context
    def hours(context: Context, value: object) -> object:
        return (
            "" if is_empty(value) else speech.count_of(half_up(_span(speech, context, value, 3600), 1), 3600)
        )

    return {"date": day, "time": clock_time, "when": when, "days": days, "hours": hours}


def _of_texts(speech: Speech) -> dict[str, Callable[..., object]]:
    def truncate(value: object, length: int = 80) -> object:
        text = speech.plain(value)
        limit = max(1, _count(length))
        return text if len(text) <= limit else text[: limit - 1].rstrip(_BLANKS) + "…"

    @pass_eval_context
    def lines(context: EvalContext, value: object) -> object:
        text = speech.plain(value)
        return Markup("<br>").join(escape(line) for line in text.splitlines()) if context.autoescape else text

    return {
        "upper": lambda value: speech.plain(value).upper(),
        "lower": lambda value: speech.plain(value).lower(),
        "title": lambda value: string.capwords(speech.plain(value), " "),
        "trim": lambda value: speech.plain(value).strip(_BLANKS),
        "truncate": truncate,
        "lines": lines,
    }


def _of_lists(speech: Speech) -> dict[str, Callable[..., object]]:
    def length(value: object) -> object:
        return len(value) if isinstance(value, str | list | tuple) else len(as_list(value, "length"))

    @pass_eval_context
    def join(context: EvalContext, value: object, between: str = ", ", column: str | None = None) -> object:
        parts = [
            speech.plain(part if column is None else _cell(part, column)) for part in as_list(value, "join")
        ]
        return glue(parts, speech.plain(between), escaping=context.autoescape)

    def sort(value: object, column: str | None = None, reverse: bool = False) -> object:
        rows = as_list(value, "sort")
        named = [(row if column is None else _cell(row, column), row) for row in rows]
        full = [pair for pair in named if not is_empty(pair[0])]
        full.sort(key=lambda pair: _order(pair[0]), reverse=bool(reverse))
        return [row for _, row in full] + [row for cell, row in named if is_empty(cell)]

    return {
        "length": length,
        "join": join,
        "sort": sort,
        "first": lambda value: next(iter(as_list(value, "first")), None),
        "last": lambda value: next(reversed(as_list(value, "last")), None),
    }


class Absent(StrictUndefined):
    """A part of something that is known to be empty, such as the name of a customer who is not there.

    It can't be printed, but `default` and {% if %} understand it.
    """

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # Jinja2 assigns a function that never returns
        return False


def as_list(value: object, wanted_by: str) -> Sequence[object]:
    """Return a list as it is, nothing for an empty value, or raise TemplateError for anything else."""
    if isinstance(value, Undefined):
        str(value)
    if value is None:
        return ()
    if isinstance(value, ListTable):
        return value.named_rows
    if isinstance(value, list | tuple):
        return value
    raise TemplateError(f"{wanted_by} needs a list such as rows, but got {shown(value)}")


def glue(parts: Sequence[str], between: str = "", *, escaping: bool) -> str:
    """Join texts; in HTML a part that is markup already stays so and the others are escaped."""
    if sum(len(part) + len(between) for part in parts) > LONGEST:
        raise TemplateError(f"the text grows longer than {LONGEST:,} characters")
    if escaping and any(isinstance(part, Markup) for part in parts):
        return Markup(escape(between)).join(parts)  # noqa: S704 (escaped)
    return between.join(parts)


def _cell(row: object, column: str) -> object:
    if isinstance(row, Mapping) and column in row:
        return row[column]
    columns = ", ".join(str(name) for name in row) if isinstance(row, Mapping) else "none"
    raise TemplateError(f'no column "{column}" in this list; columns: {columns}')


def _order(value: object) -> tuple[int, object]:
    """Return a sort key by which numbers, dates and texts never meet each other."""
    if isinstance(value, bool | str):
        return (2, str(value).casefold())
    if isinstance(value, int | float | Decimal):
        return (0, as_number(value, "sort"))
    if isinstance(value, timedelta):
        return (1, value.total_seconds())
    if isinstance(value, datetime):
        return (1, value.timestamp())
    if isinstance(value, date):
        return (1, value.toordinal() * 86400.0)
    raise TemplateError("sort needs the name of a column: rows | sort('on_hand')")


def _as_date(value: object, wanted_by: str) -> date:
    if isinstance(value, date):
        return value
    raise TemplateError(
        f"{wanted_by} needs a date, but got {shown(value)}; a column of dates is declared in config.yaml as "
        "date or datetime"
    )


def _now(context: Context) -> datetime | None:
    now = context.get("now")
    return now if isinstance(now, datetime) else None


def _span(speech: Speech, context: Context, value: object, seconds: int) -> Decimal:
    """Return how many units of so many seconds a duration has, or lie between a moment and now."""
    if isinstance(value, timedelta):
        return Decimal(repr(value.total_seconds())) / seconds
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return as_number(value, "days and hours")
    now = _now(context)
    if not isinstance(value, date) or now is None:
        raise TemplateError(f"days and hours need a duration or a date, but got {shown(value)}")
    if isinstance(value, datetime) and seconds < 86400:  # noqa: PLR2004 (a day)
        return Decimal(repr(abs((speech.local(now) - speech.local(value)).total_seconds()))) / seconds
    return Decimal(abs((speech.day_of(now) - speech.day_of(value)).days)) * 86400 / seconds


def _whole(days: Decimal) -> Decimal:
    return Decimal(int(days))


def _digits(digits: object) -> int | None:
    if digits is None:
        return None
    return min(_count(digits), 10)


def _count(number: object) -> int:
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= LONGEST:
        return number
    raise TemplateError(f"a filter needs a whole number in its brackets, but got {shown(number)}")
