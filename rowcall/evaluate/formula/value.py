"""What is a part of a formula as a column: its values, where it is blank, where it is an error?

A value that is null is blank, unless `error` says otherwise. Errors travel beside the values, because a blank is
0 or "" to whoever needs a number or a text, and an error stays one.
"""

from dataclasses import dataclass

import polars as pl

from rowcall.language.formula.form import Form, Sort

DIGITS = 15


@dataclass(frozen=True, slots=True)
class Value:
    """A column, or one constant.

    value: Float64 for numbers (dates: days since 30 December 1899, on the shop's wall clock), Boolean for yes/no,
        String for texts; of a mixed value its numbers, with the texts in `text`.
    error: Boolean, never null; None = nowhere. constant: the same in every row.
    """

    form: Form
    value: pl.Expr
    text: pl.Expr | None = None
    error: pl.Expr | None = None
    constant: bool = False

    @property
    def blank(self) -> pl.Expr:
        """Say where there is neither a number nor a text."""
        return self.value.is_null() if self.text is None else self.value.is_null() & self.text.is_null()


def any_error(*errors: pl.Expr | None) -> pl.Expr | None:
    """Say where at least one of them is an error."""
    known = [error for error in errors if error is not None]
    if len(known) <= 1:
        return known[0] if known else None
    found = known[0]
    for error in known[1:]:
        found = found | error
    return found


def at_15_digits(number: pl.Expr) -> pl.Expr:
    """Return numbers as spreadsheets compare them."""
    return number.round_sig_figs(DIGITS)


def plain_flag(value: Value) -> bool:
    """Say whether it is yes/no."""
    return value.form.sort is Sort.FLAG
