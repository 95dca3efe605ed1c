"""Can a rule be asked row by row, and at which steps can anything about a row change?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from rowcall.backtest.past import Past
from rowcall.language.condition import ThereIs
from rowcall.language.formula.tree import Range
from rowcall.language.parts import parts_of
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import LimitOf, Rule
from rowcall.language.value import Cells, RowValues, Unless
from rowcall.plan import House
from rowcall.rehearsal.flips import MOMENTS, Flips, flips_of


@dataclass(frozen=True, slots=True)
class Grid:
    """The moments at which a back-test looks: from the first, every step, to the last."""

    first: datetime
    step: timedelta
    count: int

    def at(self, number: int) -> datetime:
        """Return the moment of a step."""
        return self.first + self.step * number

    def after(self, moment: datetime) -> int:
        """Return the first step that is not before a moment."""
        return -((self.first - moment) // self.step) if moment > self.first else 0


@dataclass(slots=True)
class Agenda:
    """What is to be looked at in each step.

    rows: step → positions of rows of the watched table. whole: steps at which any row may be concerned.
    """

    rows: dict[int, list[int]] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)

    def put(self, number: int, row: int | None) -> None:
        """Note a row for a step, None = all."""
        if row is None:
            self.whole.add(number)
        else:
            self.rows.setdefault(number, []).append(row)


def is_local(rule: Rule, house: House, pasts: Mapping[str, Past]) -> bool:
    """Say whether what the rule does about a row depends on no other row, so that only some need be looked at."""
    if not rule.table or rule.schedule or rule.figures or rule.keep or rule.check_every is not None:
        return False
    if any(limit.of is LimitOf.SHARE for limit in rule.limits or house.limits):
        return False
    for part in parts_of(rule):
        match part:
            case ThereIs() | Range() | Unless():
                return False
            case RowValues(table=table) if table == rule.table:
                return False
            case Cells(targets=targets) if any(target.ref.links for target in targets):
                return False
    others = {part.table for part in parts_of(rule) if isinstance(part, ColumnRef)} - {rule.table, ""}
    return not any(pasts[name].moved for name in others if name in pasts)


def agenda_of(rule: Rule, house: House, pasts: Mapping[str, Past], grid: Grid) -> Agenda:
    """Return what can change in each step by data or clock, for all that is known beforehand."""
    agenda = Agenda()
    flips = flips_of(rule, house.zone, house.calendars)
    if flips.steadily:
        agenda.whole.update(range(grid.count))
    if flips.daily:
        agenda.whole.update(_midnights(grid, house))
    if not rule.schedule:  # a scheduled rule asks only at its labels
        for name, past in pasts.items():
            _put_table(agenda, rule, past, flips, grid, is_watched=name == rule.table)
    return agenda


def _midnights(grid: Grid, house: House) -> list[int]:
    days = [grid.at(number).astimezone(house.zone).date() for number in range(grid.count)]
    return [number for number in range(1, grid.count) if days[number] != days[number - 1]]


def _put_table(agenda: Agenda, rule: Rule, past: Past, flips: Flips, grid: Grid, *, is_watched: bool) -> None:
    name = past.live.schema.table
    moments = past.moments(_columns(rule, past))
    for ref, around in flips.cells:
        if ref.table == name and ref.column.name in past.live.typed.columns:
            moments += around(past.values(ref.column.name))
            is_watched = is_watched and not ref.links
    for number, rows in _steps(moments, grid).items():
        if is_watched:
            agenda.rows.setdefault(number, []).extend(rows)
        else:
            agenda.whole.add(number)


def _columns(rule: Rule, past: Past) -> list[str]:
    """Return the columns of a table that a rule names anywhere, those that its links follow included."""
    table = past.live.schema.table
    named = {
        part.column.name for part in parts_of(rule) if isinstance(part, ColumnRef) and part.table == table
    }
    return sorted(named | {link.by for link in past.live.schema.links})


def _steps(moments: list[pl.Series], grid: Grid) -> dict[int, list[int]]:
    """Return step → rows: the first step that is not before each moment."""
    if not moments:
        return {}
    first = pl.lit(grid.first, dtype=MOMENTS)
    micros = grid.step // timedelta(microseconds=1)
    parts = []
    for series in moments:
        past_first = (pl.col("moment") - first).dt.total_microseconds()
        parts.append(
            pl.DataFrame({"moment": series.cast(MOMENTS)})
            .with_row_index("row")
            .filter(pl.col("moment") > first)
            .select("row", step=(past_first + micros - 1) // micros)
            .filter(pl.col("step") < grid.count)
        )
    grouped = pl.concat(parts).unique().group_by("step").agg("row")
    return dict(zip(grouped["step"].to_list(), grouped["row"].to_list(), strict=True))
