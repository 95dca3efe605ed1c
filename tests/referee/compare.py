"""What do Rowcall and Calc answer, and is it the same?"""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook

from rowcall.evaluate.formula.evaluate import compute_formula
from rowcall.evaluate.frame import Frame
from rowcall.language.formula.literals import serial_of
from rowcall.language.formula.tree import Formula
from tests.debian import convert
from tests.referee.cells import NOW, write_workbook
from tests.tables import BERLIN

ERROR = "error"
Answer = float | str | None
"""A number (dates as spreadsheets count them, TRUE as 1), a text, "error", or None for nothing."""


def our_answers(formula: Formula, frame: Frame) -> list[Answer]:
    found = compute_formula(formula, frame, NOW)
    return [
        ERROR if unknown else _plain(value) for value, unknown in zip(found.value, found.unknown, strict=True)
    ]


def calc_answers(formulas: Sequence[Formula], folder: Path) -> list[list[Answer]]:
    """Let Calc compute every formula for every order, all in one workbook."""
    path = folder / "cases.xlsx"
    write_workbook(path, formulas)
    book = load_workbook(convert(path, "xlsx", folder, recalculate=True), data_only=True)
    return [
        [ERROR if cell.data_type == "e" else _plain(cell.value) for cell in line]
        for line in book["Cases"].iter_rows(max_row=len(formulas), max_col=8)
    ]


def same(ours: Answer, theirs: Answer, *, mixed: bool) -> bool:
    """Say whether two answers are one: numbers at 14 digits, nothing as 0 or ""; in a mixed column numbers are texts."""
    if ours is None or theirs is None:
        return not ours and not theirs
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-14, abs_tol=1e-10)
    if isinstance(ours, str) and isinstance(theirs, float):
        return mixed and ours == f"{theirs:.15g}"
    return ours == theirs


def _plain(value: object) -> Answer:
    match value:
        case None | "":
            return None
        case datetime():
            return serial_of(value.astimezone(BERLIN).replace(tzinfo=None))
        case date():
            return serial_of(value)
        case timedelta():
            return value.total_seconds() / 86_400
        case int() | float():
            return float(value)
        case _:
            return str(value)
