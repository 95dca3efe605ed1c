"""Which formula results become unknown when some cells change?"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rowcall.ooxml.address import Area, parse_area
from rowcall.ooxml.book import Book, ListTable, Name
from rowcall.ooxml.formula import Reads, read_formula
from rowcall.ooxml.grid import places
from rowcall.ooxml.markup import attribute, unescape
from rowcall.ooxml.sheet import Cell, SheetXml

Spot = tuple[int, int, int]
"""A cell of the workbook: position of the tab, row, column."""

_LARGEST_SPILL = 100_000
_ROUNDS = 200
_FEW_CELLS = 4


@dataclass(slots=True)
class FormulaCell:
    """A formula cell: where its XML starts, what it reads (None: everything), the cells that its result fills."""

    spot: Spot
    start: int
    reads: list[tuple[int, Area]] | None
    fills: Area | None = None


@dataclass(slots=True)
class Resolver:
    """Turns what formulas name into rectangles on tabs, with the tables as they are after the change."""

    tabs: tuple[str, ...]
    names: tuple[Name, ...]
    tables: Mapping[str, tuple[int, ListTable]]
    _parsed: dict[str, Reads] = field(default_factory=dict)

    def reads(self, formula: str, spot: Spot, base: Spot) -> list[tuple[int, Area]] | None:
        """Return what a formula at `spot`, written down at `base`, reads; None = everything."""
        parsed = self._parsed.get(formula)
        if parsed is None:
            parsed = self._parsed[formula] = read_formula(formula)
        found: list[tuple[int, Area]] = []
        return found if self._collect(parsed, spot, base, found, frozenset()) else None

    def _collect(
        self, parsed: Reads, spot: Spot, base: Spot, found: list[tuple[int, Area]], seen: frozenset[str]
    ) -> bool:
        if parsed.everything:
            return False
        rows, columns = spot[1] - base[1], spot[2] - base[2]
        for reference in parsed.references:
            area = reference.moved(rows, columns)
            found.extend((tab, area) for tab in self._tabs(reference.tab, spot[0]))
        for structured in parsed.structured:
            table = self._table(structured.table, spot)
            if table is None:
                return False
            found.append(
                (table[0], _table_area(table[1], structured.columns, spot, this_row=structured.this_row))
            )
        return all(self._collect_name(tab, name, spot, found, seen) for tab, name in parsed.names)

    def _collect_name(
        self, tab: str, text: str, spot: Spot, found: list[tuple[int, Area]], seen: frozenset[str]
    ) -> bool:
        low = text.lower()
        if low in ("true", "false") or low.startswith("_xlpm."):
            return True
        here = next(iter(self._tabs(tab, spot[0])), spot[0])
        known = [name for name in self.names if name.text.lower() == low and name.tab in (here, None)]
        known.sort(key=lambda name: name.tab is None)
        if known:
            if low in seen:
                return False
            parsed = read_formula(known[0].formula)
            return parsed.is_fixed and self._collect(parsed, spot, spot, found, seen | {low})
        table = self._table(text, spot)
        if table is None:
            return False
        found.append((table[0], table[1].area))
        return True

    def _tabs(self, name: str, own: int) -> Iterator[int]:
        if not name:
            yield own
            return
        low = [tab.lower() for tab in self.tabs]
        if name.lower() in low:
            yield low.index(name.lower())
            return
        first, _, last = name.lower().partition(":")
        if first in low and last in low:
            yield from range(low.index(first), low.index(last) + 1)

    def _table(self, name: str, spot: Spot) -> tuple[int, ListTable] | None:
        if name:
            return self.tables.get(name.lower())
        return next(
            (found for found in self.tables.values() if found[0] == spot[0] and spot[1:] in found[1].area),
            None,
        )


def stale_cells(
    book: Book,
    sheets: Mapping[int, SheetXml],
    tables: Mapping[str, tuple[int, ListTable]],
    changed: set[Spot],
) -> dict[int, list[Cell]]:
    """Return by tab the cells whose results depend, however far, on changed cells.

    sheets: every grid of the workbook by its position, as it is after the change.
    """
    resolver = Resolver(tuple(tab.name for tab in book.tabs), book.names, tables)
    formulas = [cell for tab, sheet in sheets.items() for cell in _formula_cells(tab, sheet, resolver)]
    stale: dict[int, list[Cell]] = defaultdict(list)
    reach = _Reach(formulas)
    reach.follow(changed)
    for formula in (formulas[number] for number in sorted(reach.found)):
        sheet = sheets[formula.spot[0]]
        own = sheet.cell_at(formula.start) if sheet.regular else sheet.cell(*formula.spot[1:])
        stale[formula.spot[0]].extend([own] if own is not None else [])
        if formula.fills is not None:
            others = (sheet.cell(*place) for place in places(formula.fills) if place != formula.spot[1:])
            stale[formula.spot[0]].extend(cell for cell in others if cell is not None)
    return stale


class _Reach:
    """Follows changed cells to the formulas that read them, on to those that read these, and so on."""

    def __init__(self, formulas: list[FormulaCell]) -> None:
        self.found: set[int] = set()
        self._formulas = formulas
        self._by_cell: dict[Spot, list[int]] = defaultdict(list)
        self._ranges: list[tuple[int, Area, int]] = []
        self._dirty: dict[tuple[int, int], list[int]] = defaultdict(list)  # (tab, column) → rows in order
        self._always = [number for number, formula in enumerate(formulas) if formula.reads is None]
        for number, formula in enumerate(formulas):
            for tab, area in formula.reads or ():
                self._note(tab, area, number)

    def follow(self, changed: set[Spot]) -> None:
        """Put everything that depends on the changed cells into `found`."""
        waiting, fresh = self._always, changed
        for _ in range(_ROUNDS):
            while fresh or waiting:
                waiting = waiting + self._readers(fresh)
                new = {number for number in waiting if number not in self.found}
                self.found |= new
                fresh = {spot for number in new for spot in _filled(self._formulas[number])}
                waiting = []
            waiting = self._touched_ranges()
            if not waiting:
                return
            fresh = set()
        # A chain of sums longer than anybody looks through: call all sums unknown.
        self.found.update(number for _, _, number in self._ranges)

    def _note(self, tab: int, area: Area, number: int) -> None:
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) > _FEW_CELLS:
            self._ranges.append((tab, area, number))
            return
        for place in places(area):
            self._by_cell[tab, *place].append(number)

    def _readers(self, fresh: set[Spot]) -> list[int]:
        found: list[int] = []
        for spot in fresh:
            insort(self._dirty[spot[0], spot[2]], spot[1])
            found.extend(self._by_cell.pop(spot, ()))
        return found

    def _touched_ranges(self) -> list[int]:
        open_ranges = [found for found in self._ranges if found[2] not in self.found]
        touched = {found[2] for found in open_ranges if _touches(self._dirty, found[0], found[1])}
        self._ranges = [found for found in open_ranges if found[2] not in touched]
        return sorted(touched)


def _touches(dirty: Mapping[tuple[int, int], list[int]], tab: int, area: Area) -> bool:
    for (where, column), rows in dirty.items():
        if where == tab and area.left <= column <= area.right:
            at = bisect_left(rows, area.top)
            if at < len(rows) and rows[at] <= area.bottom:
                return True
    return False


def _filled(formula: FormulaCell) -> Iterator[Spot]:
    yield formula.spot
    if formula.fills is not None:
        yield from ((formula.spot[0], *place) for place in places(formula.fills))


def _formula_cells(tab: int, sheet: SheetXml, resolver: Resolver) -> Iterator[FormulaCell]:
    if b"<" + sheet.prefix + b"f" not in sheet.xml:
        return
    shared: dict[str, tuple[str, Spot]] = {}
    for start, row, column, tag, raw in sheet.formula_texts():
        spot, text = (tab, row, column), unescape(raw)
        if tag == b"<" + sheet.prefix + b"f>":  # nearly all
            yield FormulaCell(spot, start, resolver.reads(text, spot, spot))
            continue
        kind, index, base = attribute(tag, "t"), attribute(tag, "si") or "", spot
        if kind == "shared" and text:
            shared[index] = text, spot
        elif kind == "shared":
            if index not in shared:
                yield FormulaCell(spot, start, None)
                continue
            text, base = shared[index]
        area = parse_area(attribute(tag, "ref") or "A1") if kind in ("array", "dataTable") else None
        if area is not None and (area.bottom - area.top + 1) * (area.right - area.left + 1) > _LARGEST_SPILL:
            area = None
        reads = None if kind == "dataTable" else resolver.reads(text, spot, base)
        yield FormulaCell(spot, start, reads, area)


def _table_area(table: ListTable, columns: tuple[str, ...], spot: Spot, *, this_row: bool) -> Area:
    area = table.area
    low = [name.lower() for name in table.columns]
    numbers = [low.index(name.lower()) for name in columns if name.lower() in low]
    if columns and len(numbers) == len(columns):
        area = Area(area.top, area.left + min(numbers), area.bottom, area.left + max(numbers))
    return Area(spot[1], area.left, spot[1], area.right) if this_row else area
