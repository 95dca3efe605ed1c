"""Which value does each row get for a column, computed for all rows at once?"""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import polars as pl

from rowcall.cells import Unreadable, parse_cell
from rowcall.episode import EffectKey
from rowcall.errors import TemplateError
from rowcall.evaluate.cells import Cells
from rowcall.evaluate.choice import choose
from rowcall.evaluate.computed import DTYPES
from rowcall.evaluate.formula.evaluate import compute_formula
from rowcall.evaluate.row import read_row
from rowcall.language.condition import Literal, Moment, OfSetting
from rowcall.language.figure import Kept
from rowcall.language.ref import ColumnRef
from rowcall.language.value import Computation, EmptyValue, SameAs, Value
from rowcall.plan.rule_view import RuleView
from rowcall.scene import Scene, fit
from rowcall.table import NUMERIC, CellValue, Column, Kind

_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a column should hold. value: typed, null = empty or unknown. known: whether anything is known of it.

    plain: the values without a choice in them, in the order written; the first is the highest where nothing else
    ranks them.
    """

    value: pl.Series
    known: pl.Series
    plain: tuple[Value, ...]


def choose_column(view: RuleView, value: Value, ref: ColumnRef) -> Wanted:
    """Return what a value says for every row of the rule's table; raises MistakesError."""
    house = view.given.house
    chosen = choose(value, view.frame, view.asked_at, house.zone, house.settings)
    dtype = DTYPES.get(ref.column.kind, pl.String())
    typed = pl.repeat(None, len(view.frame), dtype=dtype, eager=True)
    known = pl.repeat(value=False, n=len(view.frame), eager=True)
    for place, plain in enumerate(chosen.values):
        here = (chosen.places == place).fill_null(value=False)
        if not here.any():
            continue
        found, sure = _column_of(view, plain, ref.column, here)
        typed = found.zip_with(here, typed)
        known = (sure & here) | known
    return Wanted(_rounded(typed, ref.column.kind), known, tuple(chosen.values))


def differing(cells: Cells, wanted: Wanted) -> pl.Series:
    """Say for each row whether its cell is known to hold something else than it should."""
    value = cells.value.round_sig_figs(_DIGITS) if cells.column.kind in NUMERIC else cells.value
    differs = value.ne_missing(wanted.value)
    if cells.unknown is not None:
        differs = differs | cells.unknown
    return differs & wanted.known


def is_lower(view: RuleView, kept: Kept, wanted: Wanted, key: str, value: CellValue) -> bool:
    """Say whether a value ranks below the one that stands in the cell now; an empty cell ranks nowhere."""
    now = read_row(view.table, key, view.given.snapshot, view.sight.position.get(key)).value(kept.ref)
    if now is None or value is None:
        return False
    if isinstance(now, Decimal) and isinstance(value, Decimal):
        return value < now
    if isinstance(now, timedelta) and isinstance(value, timedelta):
        return value < now
    ranks = _ranks(kept.ref.column, wanted)
    one, other = ranks.get(str(value).casefold()), ranks.get(str(now).casefold())
    return one is not None and other is not None and one < other


def _ranks(column: Column, wanted: Wanted) -> dict[str, int]:
    """Return the rank of each text: as the choice kind lists them, else as the rule does, its first the highest."""
    texts = column.choices or [one.text for one in reversed(wanted.plain) if isinstance(one, Literal)]
    return {text.casefold(): rank for rank, text in enumerate(texts)}


def _column_of(view: RuleView, value: Value, column: Column, here: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the typed values of a plain value, and where they are known."""
    house, count = view.given.house, len(view.frame)
    match value:
        case Literal(value=literal):
            return _constant(fit(literal, column, house.zone), column, count)
        case EmptyValue():
            return _constant(None, column, count)
        case Moment() | OfSetting():
            return _constant_of_scene(view, value, column, count)
        case SameAs(ref=ref):
            return _as_column(view, view.frame.cells(ref), column)
        case Computation(formula=formula):
            figures = view.figures.values if view.figures is not None else {}
            found = compute_formula(formula, view.frame, view.asked_at, figures)
            dtype = DTYPES.get(column.kind, pl.String())
            full = found.value if len(found) == count else found.value.new_from_index(0, count)
            unknown = found.unknown if len(found) == count else found.unknown.new_from_index(0, count)
            return full.cast(dtype, strict=False), ~unknown
        case _:
            return _row_by_row(view, value, column, here)


def _as_column(view: RuleView, cells: Cells, column: Column) -> tuple[pl.Series, pl.Series]:
    count = len(view.frame)
    known = ~cells.unknown if cells.unknown is not None else pl.repeat(value=True, n=count, eager=True)
    dtype = DTYPES.get(column.kind, pl.String())
    value = cells.text if dtype == pl.String() else cells.value
    return value.cast(dtype, strict=False), known


def _constant(value: CellValue, column: Column, count: int) -> tuple[pl.Series, pl.Series]:
    number = float(value) if isinstance(value, Decimal) else value
    series = pl.Series([number], dtype=DTYPES.get(column.kind, pl.String())).new_from_index(0, count)
    return series, pl.repeat(value=True, n=count, eager=True)


def _constant_of_scene(
    view: RuleView, value: Moment | OfSetting, column: Column, count: int
) -> tuple[pl.Series, pl.Series]:
    """Return what is the same for every row: the day, or a setting; an unreadable setting is unknown."""
    house = view.given.house
    if isinstance(value, OfSetting):
        text = house.settings.get(value.name, "")
        parsed = parse_cell(column, text, language=house.language, zone=house.zone)
        series, known = _constant(None if isinstance(parsed, Unreadable) else parsed, column, count)
        return series, known & (not isinstance(parsed, Unreadable))
    day = view.asked_at.astimezone(house.zone).date() + timedelta(days=value.days)
    return _constant(fit(view.asked_at if value.now else day, column, house.zone), column, count)


def _row_by_row(view: RuleView, value: Value, column: Column, here: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Texts and shifted dates are made for each row by itself, and only for those that get them."""
    count = len(view.frame)
    values: list[object] = [None] * count
    known = [False] * count
    for place in here.arg_true().to_list():
        key: str = view.frame.keys[place]
        try:
            made = _scene(view, key).value(value, column)
        except TemplateError:  # of this row nothing is known: nothing is written
            continue
        values[place] = float(made) if isinstance(made, Decimal) else made
        known[place] = True
    return pl.Series(values, dtype=DTYPES.get(column.kind, pl.String())), pl.Series(known, dtype=pl.Boolean)


def _scene(view: RuleView, key: str) -> Scene:
    around = replace(view.around, now=view.asked_at)
    return Scene(
        around=around,
        effect=EffectKey(view.rule.id, key, 0, "", "", ""),
        row=read_row(view.table, key, view.given.snapshot, view.sight.position.get(key)),
        responsible=view.rule.responsible or around.responsible,
        place=view.rule.place,
        names={"now": around.now, "today": around.today},
        figures=view.figures,
        working_hours=view.rule.working_hours,
    )


def _rounded(values: pl.Series, kind: Kind) -> pl.Series:
    """Round to what a cell holds: money to its cents, numbers to the digits that spreadsheets keep."""
    if kind not in NUMERIC:
        return values
    values = values.round_sig_figs(_DIGITS)
    return values.round(2, mode="half_away_from_zero") if kind is Kind.MONEY else values
