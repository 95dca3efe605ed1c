"""For which rows is there, surely or perhaps, a row of another table that a condition fits? And what says a formula?

A row that may fit, because something of it or of the watched row can't be read, makes `there is` unknown, unless
another one surely fits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from rowcall.evaluate.computed import Computed
from rowcall.evaluate.formula.evaluate import compute_formula
from rowcall.evaluate.frame import Frame
from rowcall.evaluate.ground import Ground
from rowcall.evaluate.grounds import grounds_of
from rowcall.evaluate.search import (
    Ask,
    Match,
    Parts,
    ask_own,
    ask_pairs,
    figures_of_one_value,
    match,
    one_group,
    pairs,
    part,
)
from rowcall.language.condition import Condition, FormulaTest, ThereIs
from rowcall.language.formula.tree import Formula, figure_values_in

_MOST_WILD = 20_000_000
"""Beyond so many pairs nobody looks whether a row with an unreadable cell could fit after all: it may."""


def formula_of(frame: Frame, formula: Formula, now: datetime) -> Computed:
    """Return what a formula gives for the rows of a frame, which carries the figures that it names."""
    figures = {one.name: frame.figure(one.rule, one.name) for one in figure_values_in(formula)}
    return compute_formula(formula, frame, now, figures)


def test_formula(ground: Ground, line: FormulaTest) -> pl.Expr:
    """Return where the formula gives TRUE; an error is unknown."""

    def compute() -> pl.Series:
        found = formula_of(ground.frame, line.formula, ground.now)
        flags = found.value if found.value.dtype == pl.Boolean else found.value != 0
        flags = flags.set(found.unknown, None)
        return flags.new_from_index(0, len(ground.frame)) if len(flags) == 1 else flags

    return ground.column(("formula", line.formula), compute)


def test_there_is(ground: Ground, line: ThereIs, ask: Ask) -> pl.Expr:
    """Return where there is such a row, or where there is none."""
    found = ground.column(("there is", line.table, line.condition), lambda: find_any(ground, line, ask))
    return ~found if line.negated else found


def find_any(ground: Ground, line: ThereIs, ask: Ask) -> pl.Series:
    """Say for each watched row whether there is a row that fits; null = there may be one."""
    watched = ground.frame
    parts = part(line.condition, watched)
    searched = grounds_of(ground).with_figures(line.table, figures_of_one_value(line.condition, watched))
    own = ask_own(searched, parts.own, ask)
    own = pl.repeat(value=True, n=len(searched.frame), eager=True) if own is None else own
    if not parts.is_watched:
        sure: bool | None = True if own.any() else None if own.null_count() else False
        return pl.repeat(sure, len(watched), dtype=pl.Boolean, eager=True)
    return _Search(ground, searched, line, parts, own, ask).answer()


def fitting_keys(ground: Ground, line: ThereIs, ask: Ask) -> tuple[list[str], list[str]]:
    """Return the keys of the rows that fit the one watched row, surely and perhaps; raises MistakesError."""
    searched = grounds_of(ground).of(line.table)
    rows = pl.int_range(len(searched.frame), dtype=pl.UInt32, eager=True)
    watched = ground.frame.at(one_group(len(rows)))
    said = ask_pairs(searched, (line.condition,), rows, watched, ask)
    keys = searched.frame.keys.fill_null("")
    return keys.filter(said).to_list(), keys.filter(said.is_null()).to_list()


@dataclass(slots=True)
class _Search:
    """One search for all watched rows. own: what the searched rows say by themselves; sure, perhaps: the answer."""

    watched: Ground
    searched: Ground
    line: ThereIs
    parts: Parts
    own: pl.Series
    ask: Ask
    sure: pl.Series = field(init=False)
    perhaps: pl.Series = field(init=False)

    def __post_init__(self) -> None:
        # Two series: polars scatters in place.
        self.sure, self.perhaps = (
            pl.repeat(value=False, n=len(self.watched.frame), eager=True) for _ in range(2)
        )

    def answer(self) -> pl.Series:
        """Return for each watched row whether one was found; null = perhaps."""
        parts = self.parts
        found = match(self.searched, self.watched, parts.same) if parts.same else self._everything()
        if parts.rest:
            rows = self._candidates.arg_true()
            self._add(pairs(found.searched.gather(rows), rows, found.watched, self.line.place), parts.rest)
        else:
            self.sure = self._hit(found, self.own.fill_null(value=False))
            self.perhaps = self._hit(found, self._candidates)
        for here, there in self._wild(found):
            self._look_at_wild(here, there)
        return self.sure.set(self.perhaps & ~self.sure, None)

    @property
    def _candidates(self) -> pl.Series:
        return self.own.fill_null(value=True)

    def _hit(self, found: Match, rows: pl.Series) -> pl.Series:
        """Say which watched rows have one of the searched rows in their group."""
        groups = found.searched.filter(rows).drop_nulls().unique()
        flags = pl.repeat(value=False, n=found.count, eager=True).scatter(groups, values=True)
        return flags.gather(found.watched).fill_null(value=False)

    def _add(self, chunks: Iterator[tuple[pl.Series, pl.Series]], lines: tuple[Condition, ...]) -> None:
        """Add what pairs of watched and searched rows say."""
        for here, there in chunks:
            said = ask_pairs(self.searched, lines, there, self.watched.frame.at(here), self.ask)
            said = said & self.own.gather(there)
            self.sure = self.sure.scatter(here.filter(said), values=True)
            self.perhaps = self.perhaps.scatter(here.filter(said.is_null()), values=True)

    def _everything(self) -> Match:
        searched, watched = one_group(len(self.searched.frame)), one_group(len(self.watched.frame))
        return Match(searched, watched, 1, None, None)

    def _wild(self, found: Match) -> Iterator[tuple[pl.Series, pl.Series]]:
        """Yield watched and searched rows of which an unreadable cell hides whether they belong together."""
        if found.unsure is not None:
            yield found.unsure.arg_true(), self._candidates.arg_true()
        if found.lost is not None:
            everyone = pl.int_range(len(self.watched.frame), dtype=pl.UInt32, eager=True)
            yield everyone, (found.lost & self._candidates).arg_true()

    def _look_at_wild(self, here: pl.Series, there: pl.Series) -> None:
        alone = len(self.parts.same) == 1 and not self.parts.rest
        if not len(there):
            return
        if alone or len(here) * len(there) > _MOST_WILD:
            self.perhaps = self.perhaps.scatter(here, values=True)
            return
        chunks = pairs(one_group(len(there)), there, one_group(len(here)), self.line.place)
        self._add(((here.gather(one), other) for one, other in chunks), (*self.parts.joins, *self.parts.rest))
