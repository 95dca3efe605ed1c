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
_APPEARS, _NOW, _KEY = "appears\x00", "now\x00", "key\x00"
_CAME = pl.col(_APPEARS) <= pl.col(_NOW)
NO_HISTORY = History()


@dataclass(frozen=True, slots=True)
class Past:
    """One table and its dates. whole: texts, values and moments of all rows, side by side.

    position: key → row. moved: columns that were not always what they are now. then: how each column was at the
    moment that stands in a column `now`. left_out: rows that say not when they came.
    """

    live: Table
    history: History
    whole: pl.DataFrame
    position: Mapping[str, int]
    moved: frozenset[str]
    then: list[pl.Expr]
    left_out: int = 0

    def at(self, moment: datetime, rows: pl.Series | None = None) -> Table:
        """Return the table as it stood at a moment; rows: only these, by position."""
        part = (self.whole if rows is None else self.whole[rows]).lazy()
        part = part.with_columns(pl.lit(moment, dtype=MOMENTS).alias(_NOW))
        if _APPEARS in self.whole.columns:
            part = part.filter(_CAME)
        keys, *columns = part.select(self.then).collect().get_columns()
        count = len(self.live.text.columns)
        text, typed = pl.DataFrame(columns[:count]), pl.DataFrame(columns[count:])
        typed.columns = self.live.text.columns
        return Table(self.live.schema, text, typed, keys, headers=self.live.headers)

    def cell(self, key: str, column: str, moment: datetime) -> str | None:
        """Return the text of one cell as it stood then, "" = empty; None if the row was not there."""
        row = self.position.get(key)
        if row is None or column not in self.live.text.columns:
            return None
        if _APPEARS in self.whole.columns and self.whole[_APPEARS][row] > moment:
            return None
        if column in self.history.moments:
            dated = [
                (self.whole[_MOMENT + date][row], number, value)
                for number, (value, date) in enumerate(self.history.moments[column].items())
            ]
            return max(
                [one for one in dated if one[0] is not None and one[0] <= moment], default=("", 0, "")
            )[2]
        if column in self.moved:
            since = self.whole[_MOMENT + column][row]
            if since is None or since > moment:
                return ""
        text: str | None = self.whole[_TEXT + column][row]
        return text or ""

    def keys(self, rows: pl.Series) -> list[str]:
        """Return the keys of rows, by position."""
        keys: list[str] = self.whole[_KEY].gather(rows).to_list()
        return keys

    def values(self, column: str) -> pl.Series:
        """Return the typed cells of a column as they are now, row by row."""
        return self.whole[_VALUE + column]

    def moments(self, columns: Sequence[str]) -> list[pl.Series]:
        """Return, row by row, the moments at which cells of these columns, or the row itself, came to be."""
        names = {name for name in columns if name in self.moved}
        dates = {date for name in names for date in self.history.moments.get(name, {}).values()} | names
        found = [self.whole[_MOMENT + name] for name in sorted(dates) if _MOMENT + name in self.whole.columns]
        return [*found, self.whole[_APPEARS]] if _APPEARS in self.whole.columns else found


def _chosen(dates: Mapping[str, str], dtype: pl.DataType) -> pl.Expr:
    """Return the value whose date was passed last; of two with the same date the later one in the config."""
    nothing = (pl.lit(None, dtype=dtype), pl.lit(None, dtype=MOMENTS))

    def passed(best: tuple[pl.Expr, pl.Expr], one: tuple[str, str]) -> tuple[pl.Expr, pl.Expr]:
        value, date = one
        moment = pl.col(_MOMENT + date)
        newer = (moment <= pl.col(_NOW)) & (best[1].is_null() | (moment >= best[1]))
        return (
            pl.when(newer).then(pl.lit(value, dtype=dtype)).otherwise(best[0]),
            pl.when(newer).then(moment).otherwise(best[1]),
        )

    return reduce(passed, dates.items(), nothing)[0]


def _then(live: Table, history: History, moved: frozenset[str]) -> list[pl.Expr]:
    """Return how each text and value was at the moment in the column `now`; made once, asked at every step."""
    found = [pl.col(_KEY)]
    for which, frame in ((_TEXT, live.text), (_VALUE, live.typed)):
        for name in live.text.columns:
            cell = pl.col(which + name)
            if name in history.moments:
                cell = _chosen(history.moments[name], frame[name].dtype)
            elif name in moved:
                cell = pl.when(pl.col(_MOMENT + name) <= pl.col(_NOW)).then(cell)
            found.append(cell.alias(name if which == _TEXT else which + name))
    return found


def past_of(live: Table, history: History | None, zone: ZoneInfo) -> Past:
    """Return a table with its past; without `history` it has always been what it is now."""
    names = live.text.columns
    columns = [live.keys.alias(_KEY)]
    columns += [live.text[name].alias(_TEXT + name) for name in names]
    columns += [live.typed[name].alias(_VALUE + name) for name in names]
    if history is None:
        whole = pl.DataFrame(columns)
        still = _then(live, NO_HISTORY, frozenset())
        return Past(live, NO_HISTORY, whole, _positions(whole), frozenset(), still)
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
    moved = frozenset(dates | set(history.moments))
    return Past(live, history, whole, _positions(whole), moved, _then(live, history, moved), left_out)


def _positions(whole: pl.DataFrame) -> Mapping[str, int]:
    return {key: row for row, key in enumerate(whole[_KEY].to_list())}


def _moments(live: Table, name: str, zone: ZoneInfo) -> pl.Series:
    values = live.typed[name]
    return midnights(values, zone) if live.schema.column(name).kind is Kind.DATE else values
