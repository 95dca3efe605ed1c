"""What is a value to somebody who needs a number, a text, a yes or no?

A blank is 0, "" or no; a text that says a number is that number, any other text is an error there.
"""

import polars as pl

from rowcall.evaluate.formula.value import Value, any_error, at_15_digits
from rowcall.language.formula.form import Sort
from rowcall.language.formula.literals import GROUPED_NUMBER, ISO_MOMENT, PLAIN_NUMBER
from rowcall.table import Kind

UNIX_DAY = 25_569
"""The spreadsheet's number of 1 January 1970."""
LAST_DAY = 2_958_465
"""The spreadsheet's number of 31 December 9999."""
DAY_S = 86_400
_PLAIN_FROM, _PLAIN_TO = 1e-4, 1e15


def as_number(value: Value) -> tuple[pl.Expr, pl.Expr | None]:
    """Return the numbers (blank = 0), and where there is none."""
    match value.form.sort:
        case Sort.NUMBER:
            return value.value.fill_null(0.0), value.error
        case Sort.FLAG:
            return value.value.cast(pl.Float64).fill_null(0.0), value.error
        case Sort.TEXT:
            number = number_in(value.value)
            return number.fill_null(0.0), any_error(value.error, value.value.is_not_null() & number.is_null())
        case Sort.MIXED:
            text = pl.lit(None, dtype=pl.String) if value.text is None else value.text
            number = number_in(text)
            wrong = text.is_not_null() & number.is_null()
            return pl.coalesce(value.value, number, pl.lit(0.0)), any_error(value.error, wrong)


def as_text(value: Value) -> pl.Expr:
    """Return the texts (blank = "")."""
    match value.form.sort:
        case Sort.TEXT:
            return value.value.fill_null("")
        case Sort.FLAG:
            flag = value.value
            return (
                pl.when(flag)
                .then(pl.lit("TRUE"))
                .when(flag.not_())
                .then(pl.lit("FALSE"))
                .otherwise(pl.lit(""))
            )
        case Sort.NUMBER:
            return print_number(value.value, value.form.kind).fill_null("")
        case Sort.MIXED:
            text = pl.lit(None, dtype=pl.String) if value.text is None else value.text
            return pl.coalesce(text, print_number(value.value, value.form.kind), pl.lit(""))


def as_flag(value: Value) -> pl.Expr:
    """Return yes or no (blank = no; a number other than 0 = yes)."""
    if value.form.sort is Sort.FLAG:
        return value.value.fill_null(value=False)
    return value.value.fill_null(0.0) != 0


def number_in(text: pl.Expr) -> pl.Expr:
    """Return the number that each text says, null where it says none; the column's side of `read_number`."""
    tidy = text.str.strip_chars()
    bare = tidy.str.strip_chars_end("%").str.replace_all(",", "", literal=True).str.strip_prefix("+")
    number = bare.cast(pl.Float64, strict=False)
    number = pl.when(tidy.str.ends_with("%")).then(number / 100).otherwise(number)
    is_number = tidy.str.contains(PLAIN_NUMBER) | tidy.str.contains(GROUPED_NUMBER)
    day = tidy.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32) + UNIX_DAY
    parts = [tidy.str.slice(at, 2).cast(pl.Int32, strict=False).fill_null(0) for at in (11, 14, 17)]
    fits = (parts[0] < 24) & (parts[1] < 60) & (parts[2] < 60)  # noqa: PLR2004 - a clock
    seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    moment = day + seconds / DAY_S
    return pl.when(is_number).then(number).when(tidy.str.contains(ISO_MOMENT) & fits).then(moment)


def print_number(number: pl.Expr, kind: Kind) -> pl.Expr:
    """Return numbers as `&` shows them: 15 digits; days as 2026-03-08, durations as hours and minutes."""
    if kind in (Kind.DATE, Kind.DATETIME):
        style = "%Y-%m-%d" if kind is Kind.DATE else "%Y-%m-%d %H:%M"
        return moment_of(number).dt.strftime(style)
    if kind is Kind.DURATION:
        minutes = (number.abs() * 1440 + 1e-6).floor().cast(pl.Int64, strict=False)
        sign = pl.when(number < 0).then(pl.lit("-")).otherwise(pl.lit(""))
        return sign + (minutes // 60).cast(pl.String) + ":" + (minutes % 60).cast(pl.String).str.zfill(2)
    tidy = at_15_digits(number)
    tidy = pl.when(tidy == 0).then(pl.lit(0.0)).otherwise(tidy)  # -0 is 0
    size = tidy.abs()
    usual = (size == 0) | ((size >= _PLAIN_FROM) & (size < _PLAIN_TO))
    plain = tidy.cast(pl.String).str.strip_suffix(".0")
    # Very large and very small numbers are rare, and polars can't print an exponent: those are printed one by one.
    odd = pl.when(~usual).then(tidy).map_batches(_print_powers, return_dtype=pl.String)
    return pl.when(usual).then(plain).otherwise(odd)


def _print_powers(numbers: pl.Series) -> pl.Series:
    if numbers.null_count() == len(numbers):
        return pl.Series(numbers.name, [], dtype=pl.String).extend_constant(None, len(numbers))
    texts = [None if number is None else f"{number:.15G}" for number in numbers]
    return pl.Series(numbers.name, texts, dtype=pl.String)


def moment_of(number: pl.Expr) -> pl.Expr:
    """Return days as wall-clock times to the millisecond; null outside the years 1 to 9999."""
    inside = number.is_between(-693_593, LAST_DAY + 1, closed="left")
    ms = ((pl.when(inside).then(number) - UNIX_DAY) * (DAY_S * 1000)).round()
    return ms.cast(pl.Int64, strict=False).cast(pl.Datetime("ms"))


def day_of(number: pl.Expr) -> pl.Expr:
    """Return the calendar days of numbers; null outside the years 1 to 9999."""
    return moment_of(number).dt.date()


def number_of_day(day: pl.Expr) -> pl.Expr:
    """Return calendar days as numbers."""
    return (day.cast(pl.Int32) + UNIX_DAY).cast(pl.Float64)
