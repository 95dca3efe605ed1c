"""What did a table hold at a moment of the past, as its own date columns tell?

A row is there from the date in its `appears` column on. A date column is empty before its own date. A column with
`history` takes the value whose date was passed last. Everything else is as it is now. All of it in whole columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.config import History
from rowcall.rehearsal.flips import MOMENTS, midnights
from rowcall.table import TEMPORAL, Kind, Table

_TEXT, _VALUE, _MOMENT = "t\x00", "v\x00", "m\x00"
_APPEARS = "appears\x00"
NO_HISTORY = History()


@dataclass(frozen=True, slots=True)
class Past:
    """One table and its dates. whole: texts, values and moments of all rows, side by side.

    position: key → row. moved: columns that were not always what they are now. left_out: rows that say not when
    they came.
    """

    live: Table
    history: History
    whole: pl.DataFrame
    position: Mapping[str, int]
    moved: frozenset[str]
    left_out: int = 0

    def at(self, moment: datetime, rows: pl.Series | None = None) -> Table:
        """Return the table as it stood at a moment; rows: only these, by position."""
        part = self.whole if rows is None else self.whole[rows]
        now = pl.lit(moment, dtype=MOMENTS)
        if _APPEARS in part.columns:
            part = part.filter(pl.col(_APPEARS) <= now)
        found = part.select(
            pl.col("key"),
            *(self._then(name, _TEXT, now) for name in self.live.text.columns),
            *(self._then(name, _VALUE, now) for name in self.live.text.columns),
        )
        names = self.live.text.columns
        return Table(
            self.live.schema,
            found.select(pl.col(_TEXT + name).alias(name) for name in names),
            found.select(pl.col(_VALUE + name).alias(name) for name in names),
            found["key"],
            headers=self.live.headers,
        )

    def cell(self, key: str, column: str, moment: datetime) -> str | None:
        """Return the text of one cell as it stood then, "" = empty; None if the row was not there."""
        row = self.position.get(key)
        if row is None or column not in self.live.text.columns:
            return None
        table = self.at(moment, pl.Series([row], dtype=pl.UInt32))
        return (table.text[column][0] or "") if len(table) else None

    def moments(self, columns: Sequence[str]) -> list[pl.Series]:
        """Return, row by row, the moments at which cells of these columns, or the row itself, came to be."""
        names = {name for name in columns if name in self.moved}
        dates = {date for name in names for date in self.history.moments.get(name, {}).values()} | names
        found = [self.whole[_MOMENT + name] for name in sorted(dates) if _MOMENT + name in self.whole.columns]
        return [*found, self.whole[_APPEARS]] if _APPEARS in self.whole.columns else found

    def _then(self, name: str, which: str, now: pl.Expr) -> pl.Expr:
        cell = pl.col(which + name)
        if name in self.history.moments:
            return self._chosen(name, which, now).alias(which + name)
        if name in self.moved:
            return pl.when(pl.col(_MOMENT + name) <= now).then(cell).alias(which + name)
        return cell

    def _chosen(self, name: str, which: str, now: pl.Expr) -> pl.Expr:
        """Return the value whose date was passed last; of two with the same date the later one in the config."""
        dtype = self.live.text[name].dtype if which == _TEXT else self.live.typed[name].dtype
        nothing = (pl.lit(None, dtype=dtype), pl.lit(None, dtype=MOMENTS))

        def passed(best: tuple[pl.Expr, pl.Expr], one: tuple[str, str]) -> tuple[pl.Expr, pl.Expr]:
            value, date = one
            moment = pl.col(_MOMENT + date)
            newer = (moment <= now) & (best[1].is_null() | (moment >= best[1]))
            return (
                pl.when(newer).then(pl.lit(value, dtype=dtype)).otherwise(best[0]),
                pl.when(newer).then(moment).otherwise(best[1]),
            )

        return reduce(passed, self.history.moments[name].items(), nothing)[0]


def past_of(live: Table, history: History | None, zone: ZoneInfo) -> Past:
    """Return a table with its past; without `history` it has always been what it is now."""
    names = live.text.columns
    columns = [live.keys.alias("key")]
    columns += [live.text[name].alias(_TEXT + name) for name in names]
    columns += [live.typed[name].alias(_VALUE + name) for name in names]
    if history is None:
        whole = pl.DataFrame(columns)
        return Past(live, NO_HISTORY, whole, _positions(whole), frozenset())
    dates = {name for name in names if live.schema.column(name).kind in TEMPORAL}
    columns += [_moments(live, name, zone).alias(_MOMENT + name) for name in sorted(dates)]
    # The date by which a row appears is known from then on, which is what its own date says as well.
    if history.appears in dates:
        columns.append(_moments(live, history.appears, zone).alias(_APPEARS))
    whole = pl.DataFrame(columns)
    left_out = 0
    if _APPEARS in whole.columns:
        left_out = whole[_APPEARS].null_count()
        whole = whole.filter(pl.col(_APPEARS).is_not_null())
    return Past(live, history, whole, _positions(whole), frozenset(dates | set(history.moments)), left_out)


def _positions(whole: pl.DataFrame) -> Mapping[str, int]:
    return {key: row for row, key in enumerate(whole["key"].to_list())}


def _moments(live: Table, name: str, zone: ZoneInfo) -> pl.Series:
    values = live.typed[name]
    return midnights(values, zone) if live.schema.column(name).kind is Kind.DATE else values
