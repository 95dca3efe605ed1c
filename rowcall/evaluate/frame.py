"""Which cells do conditions look at: of watched and linked rows, now and when a rule last looked?

A `Frame` hands out whole columns, each made once however many rules ask for it. Three states of a cell are
told apart: a value, an *empty* cell (known to be empty), and *unknown* (unreadable, or behind a link to a row
that does not exist or was set aside). A link from an empty cell leads to no row: the linked row is missing.

The past: cells of rows that are new were empty, and so were those of linked rows that did not exist;
a row that is neither in the past nor new counts as unchanged.

A frame may hold pairs: rows of a searched table, each beside the watched row that it is compared with;
`this.Column` is always the watched row's. Figures stand in frames as columns that lie in no sheet.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.calendar import Calendar
from rowcall.cells import Unreadable, parse_cell
from rowcall.evaluate.cells import Cells, align_cells, hide_cells, pick_cells, read_cells
from rowcall.evaluate.computed import Computed, FigureKey, figure_cells, no_such_figure, no_watched_row
from rowcall.evaluate.digits import round_numbers
from rowcall.evaluate.links import Way, find_rows, follow_link
from rowcall.language.ref import THIS, ColumnRef
from rowcall.table import NUMERIC, CellValue, Snapshot, Table

Own = Mapping[tuple[str, str, str], str]
"""Cells that Rowcall wrote: (table, key, column) → text."""


@dataclass(frozen=True, slots=True)
class View:
    """All tables at one moment, seen from the rows of one of them; what was made once is kept.

    lost_is_empty: cells behind a link to a row that does not exist are empty instead of unknown.
    rows: only the rows of the table at these positions, in this order; None = all. whole: the view of all rows.
    """

    snapshot: Snapshot
    table: Table
    lost_is_empty: bool = False
    rows: pl.Series | None = None
    whole: "View | None" = None
    ways: dict[tuple[str, ...], Way] = field(default_factory=dict)
    made: dict[ColumnRef, Cells] = field(default_factory=dict)
    rounded: dict[ColumnRef, pl.Series] = field(default_factory=dict)

    def way(self, links: tuple[str, ...]) -> Way:
        """Return where the links lead from each row; raises MistakesError if a table can't be used."""
        if not links:
            return Way(self.table, self.rows, None)
        if links not in self.ways:
            self.ways[links] = follow_link(self.way(links[:-1]), links[-1], self.snapshot)
        return self.ways[links]

    def cells(self, ref: ColumnRef) -> Cells:
        """Return the column's cells, one for each row; raises MistakesError if there is no such column."""
        if ref not in self.made and self.whole is not None and self.rows is not None:
            self.made[ref] = pick_cells(self.whole.cells(ref), self.rows)
        if ref not in self.made:
            way = self.way(ref.links)
            cells = read_cells(way.table, ref.column, way.rows)
            if way.rows is not None and way.exists is not None:
                hidden = way.exists.is_null() if self.lost_is_empty else way.rows.is_null()
                cells = hide_cells(cells, hidden)
            self.made[ref] = cells
        return self.made[ref]

    def in_15_digits(self, ref: ColumnRef) -> pl.Series:
        """Return the numbers of a column at 15 digits, rounded once for all rows that are looked at in pairs."""
        if self.whole is not None and self.rows is not None:
            return self.whole.in_15_digits(ref).gather(self.rows)
        if ref not in self.rounded:
            self.rounded[ref] = round_numbers(self.cells(ref).value)
        return self.rounded[ref]


@dataclass(frozen=True, slots=True)
class Past:
    """What the rows were when a rule last looked.

    rows: for each row of now its position then, null if it was not there. new: rows that are new since then.
    """

    view: View
    rows: pl.Series
    new: pl.Series
    made: dict[ColumnRef, Cells] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows of one table, their linked rows, and (with `since`) their past; zone: the shop's.

    calendars: by name, for working time. figures: (rule id, name) → values, one for each row or one for all.
    watched: for each row the one that it is compared with, where the rows are those of a searched table.
    """

    view: View
    zone: ZoneInfo
    language: str = "en"
    past: Past | None = None
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    figures: Mapping[FigureKey, Computed] = field(default_factory=dict)
    watched: "Frame | None" = None
    made: dict[ColumnRef, Cells] = field(default_factory=dict)

    @property
    def keys(self) -> pl.Series:
        """The rows' keys, in the order of every column and mask."""
        keys, rows = self.view.table.keys, self.view.rows
        return keys if rows is None else keys.gather(rows)

    def __len__(self) -> int:
        return len(self.view.table) if self.view.rows is None else len(self.view.rows)

    def figure(self, rule: str, name: str) -> Computed:
        """Return a figure's values; raises MistakesError if it was not computed."""
        found = self.figures.get((rule, name))
        if found is not None:
            return found
        if self.watched is None:
            raise no_such_figure(name)
        return self.watched.figure(rule, name)

    def with_figures(self, rule: str, figures: Mapping[str, Computed]) -> "Frame":
        """Return the frame with the figures of a rule, each of one value for each row or one for all."""
        more = {(rule, name): computed for name, computed in figures.items()}
        return replace(self, figures={**self.figures, **more}, made={})

    def cells(self, ref: ColumnRef, *, before: bool = False) -> Cells:
        """Return the column's cells now or before, one for each row of now; a figure has no past."""
        if ref.figure:
            if ref not in self.made:
                computed = self.figure(ref.figure, ref.column.name)
                self.made[ref] = figure_cells(ref.column, computed, len(self))
            return self.made[ref]
        if ref.links[:1] == (THIS,):
            return self._seen_from().of_this(replace(ref, links=ref.links[1:]), before=before)
        now = self.view.cells(ref)
        if not before or self.past is None:
            return now
        past = self.past
        if ref not in past.made:
            past.made[ref] = align_cells(past.view.cells(ref), past.rows, past.new, now)
        return past.made[ref]

    def in_15_digits(self, ref: ColumnRef, *, before: bool = False) -> pl.Series:
        """Return the numbers of a column at 15 digits."""
        if ref.figure or (before and self.past is not None):
            return round_numbers(self.cells(ref, before=before).value)
        if ref.links[:1] == (THIS,):
            return self._seen_from().in_15_digits(replace(ref, links=ref.links[1:]))
        return self.view.in_15_digits(ref)

    def of_this(self, ref: ColumnRef, *, before: bool = False) -> Cells:
        """Return the cells of `this.Column`; raises MistakesError if these rows are not the ones that are watched."""
        if not ref.links and ref.table != self.view.table.schema.table:
            raise no_watched_row(ref.name)
        return self.cells(ref, before=before)

    def exists(self, links: tuple[str, ...]) -> pl.Series:
        """Say for each row whether the linked row exists; null = unknown."""
        if links[:1] == (THIS,):
            return self._seen_from().exists(links[1:])
        exists = self.view.way(links).exists
        return exists if exists is not None else pl.repeat(value=True, n=len(self), eager=True)

    def by(self, links: tuple[str, ...]) -> pl.Series:
        """Return for each row the text that names the linked row at the end of the links."""
        if links[:1] == (THIS,):
            return self._seen_from().by(links[1:])
        start = self.view.way(links[:-1])
        link = next(link for link in start.table.schema.links if link.name == links[-1])
        texts = start.table.text[link.by]
        return texts if start.rows is None else texts.gather(start.rows)

    def new(self) -> pl.Series:
        """Say for each row whether it is new since the rule last looked."""
        return self._nowhere() if self.past is None else self.past.new

    def since(
        self, before: Mapping[str, Table], new: Collection[str] = (), own: Own | None = None
    ) -> "Frame":
        """Return the same rows with a past, sharing what is made of now.

        before: tables as the rule last evaluated them; one that is not named has not changed.
        new: keys that count as new. own: cells that this rule wrote; they count as having been so before.
        """
        tables = {**self.view.snapshot.tables, **before}
        for name, cells in _by_table(own or {}).items():
            if name in tables:
                tables[name] = _overlay(tables[name], cells, self.language, self.zone)
        then = tables.get(self.view.table.schema.table, self.view.table)
        view = View(replace(self.view.snapshot, tables=tables), then, lost_is_empty=True)
        fresh = self.keys.is_in(sorted(new)) if new else self._nowhere()
        return replace(self, past=Past(view, find_rows(then.keys, self.keys), fresh))

    def only(self, keys: Iterable[str]) -> "Frame":
        """Return a frame of these rows only, in the order given; keys that are not there are left out."""
        rows = find_rows(self.keys, pl.Series("key", list(keys), dtype=pl.String)).drop_nulls()
        table = self.view.table
        kept = replace(table, text=table.text[rows], typed=table.typed[rows], keys=table.keys.gather(rows))
        return self._kept(rows, View(self.view.snapshot, kept, self.view.lost_is_empty))

    def at(self, rows: pl.Series) -> "Frame":
        """Return a frame of the rows at these positions, in the order given; a row may come more than once.

        Columns are picked when a condition asks for them.
        """
        view = self.view
        picked = rows if view.rows is None else view.rows.gather(rows)
        return self._kept(
            rows, View(view.snapshot, view.table, view.lost_is_empty, picked, view.whole or view)
        )

    def beside(self, watched: "Frame") -> "Frame":
        """Return the rows of a searched table, each beside the watched row of the same position."""
        return replace(self, watched=watched, figures={}, made={})

    def _kept(self, rows: pl.Series, view: View) -> "Frame":
        past = self.past
        if past is not None:
            past = Past(past.view, past.rows.gather(rows), past.new.gather(rows))
        figures = {key: computed.at(rows) for key, computed in self.figures.items()}
        watched = None if self.watched is None else self.watched.at(rows)
        return replace(self, view=view, past=past, figures=figures, watched=watched, made={})

    def _seen_from(self) -> "Frame":
        """Return the rows that `this` names, however many tables are searched for them."""
        frame = self
        while frame.watched is not None:
            frame = frame.watched
        return frame

    def _nowhere(self) -> pl.Series:
        return pl.repeat(value=False, n=len(self), eager=True)


def assemble(
    table: Table,
    snapshot: Snapshot,
    *,
    zone: ZoneInfo,
    language: str = "en",
    calendars: Mapping[str, Calendar] | None = None,
) -> Frame:
    """Return the frame of a table's rows as they are now; columns are made when a condition asks for them."""
    return Frame(View(snapshot, table), zone, language, calendars=calendars or {})


def _by_table(own: Own) -> dict[str, dict[str, dict[str, str]]]:
    """Return the cells by table, then column, then key."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for (table, key, column), text in own.items():
        found.setdefault(table, {}).setdefault(column, {})[key] = text
    return found


def _overlay(table: Table, cells: Mapping[str, Mapping[str, str]], language: str, zone: ZoneInfo) -> Table:
    """Return the table with some cells' texts replaced and typed anew."""
    text, typed = table.text, table.typed
    for name in sorted(set(cells) & set(text.columns)):
        column = table.schema.column(name)
        written = cells[name]
        values = [parse_cell(column, one, language=language, zone=zone) for one in written.values()]
        places = find_rows(table.keys, pl.Series(list(written), dtype=pl.String))
        here = places.is_not_null()
        texts = pl.Series([one or None for one in written.values()], dtype=pl.String)
        as_typed = pl.Series(
            [_plain(value) if column.kind in NUMERIC else _readable(value) for value in values],
            dtype=typed[name].dtype,
        )
        text = text.with_columns(text[name].scatter(places.filter(here), texts.filter(here)))
        typed = typed.with_columns(typed[name].scatter(places.filter(here), as_typed.filter(here)))
    return replace(table, text=text, typed=typed)


def _readable(value: CellValue | Unreadable) -> CellValue:
    return None if isinstance(value, Unreadable) else value


def _plain(value: CellValue | Unreadable) -> float | None:
    return float(value) if isinstance(value, Decimal) else None
