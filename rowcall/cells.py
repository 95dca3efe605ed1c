"""What does the text of one cell mean in its column, and what text says a value there?

One cell (`parse_cell`) and a whole column (`type_column`) always agree; a law in the tests says so.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.dates import (
    format_day,
    format_moment,
    parse_day,
    parse_days,
    parse_moment,
    parse_moments,
    why_no_date,
)
from rowcall.lengths import format_length, parse_length, parse_lengths, why_no_length
from rowcall.numbers import BLANKS, format_number, parse_number, parse_numbers, why_no_number
from rowcall.table import ERROR_TEXTS, NUMERIC, STALE, CellValue, Column, Kind

YES_WORDS = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "☑", "√", "是", "有", "真", "on"})
NO_WORDS = frozenset({"no", "n", "false", "0", "否", "无", "没有", "假", "✗", "✘", "×", "☐", "off"})
_PAIRS = (
    ("yes", "no"),
    ("y", "n"),
    ("true", "false"),
    ("1", "0"),
    ("是", "否"),
    ("有", "无"),
    ("x", ""),
    ("✓", ""),
)
_BROKEN = ERROR_TEXTS | {STALE}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that says nothing in its column; `why` tells what it looks like and how to write it."""

    why: str
    suggestion: str = ""


def parse_cell(
    column: Column,
    text: str | None,
    *,
    language: str,  # noqa: ARG001 - English and Chinese write numbers alike; a further language will not
    zone: ZoneInfo,
) -> CellValue | Unreadable:
    """Return the value of a text in its column, None (yes/no: False) if empty, or why it says none."""
    tidy = (text or "").strip(BLANKS)
    if not tidy:
        return False if column.kind is Kind.YES_NO else None
    if tidy in _BROKEN:
        return Unreadable(_why_broken(tidy))
    value = _parse(column, tidy, zone)
    return _explain(column, tidy) if value is None else value


def type_column(column: Column, texts: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Return a String column typed by its kind as `Table.typed` says: null = empty or unreadable."""
    tidy = texts.str.strip_chars(BLANKS)
    tidy = tidy.set((tidy == "").fill_null(value=False), None)
    empty = tidy.is_null()
    if tidy.str.starts_with("#").any():
        tidy = tidy.set(tidy.is_in(sorted(_BROKEN)).fill_null(value=False), None)
    if column.kind in NUMERIC:
        return parse_numbers(tidy, column.kind)
    if column.kind is Kind.DATE:
        return parse_days(tidy, zone)
    if column.kind is Kind.DATETIME:
        return parse_moments(tidy, zone)
    if column.kind is Kind.DURATION:
        return parse_lengths(tidy)
    if column.kind is Kind.YES_NO:
        flags = _by_word(tidy, dict.fromkeys(YES_WORDS, True) | dict.fromkeys(NO_WORDS, False), pl.Boolean)
        return flags.set(empty, value=False)
    if column.kind is Kind.CHOICE:
        return _choices(tidy, column)
    return tidy


def format_cell(column: Column, value: CellValue, *, language: str, zone: ZoneInfo, like: str = "") -> str:
    """Return the text to write for a value, in the style of `like`, the text that stands there now.

    Reading the text back gives the value again, as exact as the text is: money to two decimals,
    moments to the minute (to the second if `like` has seconds), lengths to the second.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return _format_flag(value, language, like)
    if isinstance(value, Decimal):
        return format_number(value, column.kind, like=like)
    if isinstance(value, datetime):
        if column.kind is Kind.DATE:
            return format_day(value.astimezone(zone).date(), like=like)
        return format_moment(value, zone, like=like)
    if isinstance(value, date):
        return format_day(value, like=like)
    if isinstance(value, timedelta):
        return format_length(value, language=language)
    return value


def _parse(column: Column, tidy: str, zone: ZoneInfo) -> CellValue:
    if column.kind in NUMERIC:
        return parse_number(tidy, column.kind)
    if column.kind is Kind.DATE:
        return parse_day(tidy, zone)
    if column.kind is Kind.DATETIME:
        return parse_moment(tidy, zone)
    if column.kind is Kind.DURATION:
        return parse_length(tidy)
    if column.kind is Kind.YES_NO:
        word = _fold(tidy)
        return True if word in YES_WORDS else False if word in NO_WORDS else None
    if column.kind is Kind.CHOICE:
        return tidy if tidy in column.choices else _by_fold(column).get(_fold(tidy))
    return tidy


def _explain(column: Column, tidy: str) -> Unreadable:
    if column.kind in NUMERIC:
        return Unreadable(why_no_number(tidy, column.kind))
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return Unreadable(why_no_date(tidy, with_time=column.kind is Kind.DATETIME))
    if column.kind is Kind.DURATION:
        return Unreadable(why_no_length(tidy))
    if column.kind is Kind.YES_NO:
        return Unreadable("write yes or no (empty is no)")
    folded = _by_fold(column)
    close = difflib.get_close_matches(_fold(tidy), folded, n=1, cutoff=0.6)
    return Unreadable(f"it is not one of {', '.join(column.choices)}", folded[close[0]] if close else "")


def _why_broken(text: str) -> str:
    if text == STALE:
        return "its formula has not been computed yet; open and save the file in a spreadsheet program"
    return f"{text} is the error of a formula; mend the formula"


def _fold(text: str) -> str:
    return text.lower()


def _by_fold(column: Column) -> dict[str, str]:
    return {_fold(choice): choice for choice in reversed(column.choices)}


def _choices(tidy: pl.Series, column: Column) -> pl.Series:
    exact = {choice: choice for choice in column.choices}
    typed = tidy.replace_strict(exact, default=None, return_dtype=pl.String)
    rest = tidy.is_not_null() & typed.is_null()
    if rest.any():
        typed = typed.zip_with(~rest, _by_word(tidy, _by_fold(column), pl.String))
    return typed


def _by_word(tidy: pl.Series, words: Mapping[str, object], dtype: type[pl.DataType]) -> pl.Series:
    distinct = tidy.drop_nulls().unique()
    values = pl.Series([words.get(_fold(text)) for text in distinct], dtype=dtype)
    return tidy.replace_strict(distinct, values, default=None, return_dtype=dtype)


def _format_flag(value: bool, language: str, like: str) -> str:
    tidy = like.strip(BLANKS)
    for pair in _PAIRS:
        if tidy and _fold(tidy) in pair:
            word = pair[0] if value else pair[1]
            if tidy.isupper():
                return word.upper()
            return word.capitalize() if tidy[:1].isupper() else word
    if language == "zh":
        return "是" if value else "否"
    return "yes" if value else "no"
