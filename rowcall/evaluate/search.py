"""Which rows of another table does a condition mean, for all watched rows at once?

The lines of a condition on a searched table are of three sorts: those that ask about its rows alone are asked once;
`Column: same as this.Column` joins them to the watched rows; what else names the watched row, or a figure of it, is
asked of the pairs that are left, a few million at a time.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.amounts import rounded
from rowcall.evaluate.computed import Computed, FigureKey
from rowcall.evaluate.frame import Frame
from rowcall.evaluate.ground import Ground, Side
from rowcall.evaluate.moments import local_days
from rowcall.evaluate.words import folded_column
from rowcall.language.asking import lines_of, watched_refs_of
from rowcall.language.condition import (
    AllOf,
    Compare,
    Condition,
    FormulaTest,
    LinkMissing,
    OfColumn,
    Operator,
    ThereIs,
)
from rowcall.language.formula.tree import FigureValue, figure_values_in
from rowcall.language.ref import THIS, ColumnRef
from rowcall.table import NUMERIC, TEMPORAL, Kind

Ask = Callable[[Ground, Mapping[str, Condition]], Mapping[str, pl.Series | str]]
"""How conditions are asked: `mask.answers_on`, handed down because searches stand below it."""

Same = tuple[ColumnRef, ColumnRef]
"""A column of the searched table that is the same as one of the watched row."""

CHUNK = 2_000_000
"""So many pairs are looked at in one go."""
MOST_PAIRS = 50_000_000
"""More pairs are a mistake in the rule, not a question."""

_TEXTS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE, Kind.PERSON})


@dataclass(frozen=True, slots=True)
class Parts:
    """A condition on a searched table by what its lines ask; own: of its rows alone, rest: of pairs.

    same: the columns that are the same; joins: the lines that say so.
    """

    own: tuple[Condition, ...] = ()
    same: tuple[Same, ...] = ()
    joins: tuple[Condition, ...] = ()
    rest: tuple[Condition, ...] = ()

    @property
    def is_watched(self) -> bool:
        """Say whether the answer depends on the watched row."""
        return bool(self.same or self.rest)


def part(condition: Condition | None, watched: Frame | None) -> Parts:
    """Return the parts of a condition, as seen from the watched rows."""
    own: list[Condition] = []
    same: list[Same] = []
    joins: list[Condition] = []
    rest: list[Condition] = []
    for line in _conjuncts(condition):
        pair = _equality(line)
        if not names_watched(line, watched):
            own.append(line)
        elif pair is not None:
            same.append(pair)
            joins.append(line)
        else:
            rest.append(line)
    return Parts(tuple(own), tuple(same), tuple(joins), tuple(rest))


def names_watched(condition: Condition, watched: Frame | None) -> bool:
    """Say whether a condition asks about the watched row, or about a figure that differs from row to row."""
    if any(
        ref.links[:1] == (THIS,) or _differs(watched, ref.figure, ref.column.name)
        for ref in watched_refs_of(condition)
    ):
        return True
    if any(_differs(watched, one.rule, one.name) for one in figures_named(condition)):
        return True
    return _asks_link(condition)


def figures_named(condition: Condition) -> Iterator[FigureValue]:
    """Yield the figures that formulas in a condition name."""
    for line in lines_of(condition):
        if isinstance(line, FormulaTest):
            yield from figure_values_in(line.formula)
        elif isinstance(line, ThereIs):
            yield from figures_named(line.condition)


def figures_of_one_value(condition: Condition, watched: Frame | None) -> dict[FigureKey, Computed]:
    """Return the figures that a condition names and that are the same for every watched row."""
    if watched is None:
        return {}
    refs = [(ref.figure, ref.column.name) for ref in watched_refs_of(condition) if ref.figure]
    keys = [*refs, *((one.rule, one.name) for one in figures_named(condition))]
    found = {key: watched.figure(*key) for key in keys}
    return {key: computed for key, computed in found.items() if len(computed) == 1}


def ask_own(ground: Ground, own: tuple[Condition, ...], ask: Ask) -> pl.Series | None:
    """Return what lines say of every row of a searched table, None for no lines; raises MistakesError."""
    if not own:
        return None
    key = ("own", own)
    if key not in ground.made:
        ground.made[key] = ask(ground, {"own": AllOf(own, _place(own))})["own"]
    return _known(ground.made[key], own)


def ask_pairs(
    ground: Ground, condition: tuple[Condition, ...], searched: pl.Series, watched: Frame, ask: Ask
) -> pl.Series:
    """Return what lines say of rows of a searched table, each beside a watched row; raises MistakesError."""
    frame = ground.frame.at(searched).beside(watched)
    pairs = Ground(frame, ground.now, ground.zone, ground.settings)
    return _known(ask(pairs, {"pair": AllOf(condition, _place(condition))})["pair"], condition)


@dataclass(frozen=True, slots=True)
class Match:
    """Which rows have the same cells: group numbers of the searched and of the watched rows, null = in no group.

    count: how many groups there are. lost, unsure: searched and watched rows of which a cell is unreadable, so that
    nobody knows where they belong (None = none).
    """

    searched: pl.Series
    watched: pl.Series
    count: int
    lost: pl.Series | None
    unsure: pl.Series | None


def match(ground: Ground, watched: Ground, same: tuple[Same, ...]) -> Match:
    """Join the rows of a searched table to the watched rows by the columns that are the same."""
    here, there = _Keys(ground), _Keys(watched)
    for left, right in same:
        in_text = left.column.kind in _TEXTS or right.column.kind in _TEXTS
        both_moments = left.column.kind is Kind.DATETIME and right.column.kind is Kind.DATETIME
        here.add(left, in_text=in_text, as_day=not both_moments)
        there.add(right, in_text=in_text, as_day=not both_moments)
    keys, found = there.frame(), here.frame()
    names = keys.columns
    groups = keys.filter(~there.flags()).unique(maintain_order=True).with_row_index("group")
    joined = [
        one.join(groups, on=names, how="left", nulls_equal=True, maintain_order="left")["group"]
        for one in (found, keys)
    ]
    lost, unsure = here.flags(), there.flags()
    return Match(
        joined[0].set(lost, None),
        joined[1].set(unsure, None),
        len(groups),
        lost if lost.any() else None,
        unsure if unsure.any() else None,
    )


def one_group(count: int) -> pl.Series:
    """Return the group of rows that all belong to each other."""
    return pl.repeat(0, count, dtype=pl.UInt32, eager=True)


def pairs(
    ids: pl.Series, rows: pl.Series, watched: pl.Series, place: Place
) -> Iterator[tuple[pl.Series, pl.Series]]:
    """Yield the watched and the searched rows of one group, pair by pair, a chunk at a time.

    ids: the group of each of the searched `rows`. watched: the group of each watched row. place: of the rule's line.
    Raises MistakesError when
    there are too many pairs.
    """
    there = pl.DataFrame({"group": ids, "row": rows}).drop_nulls("group").sort("group", maintain_order=True)
    sizes = there.with_row_index("first").group_by("group").agg(pl.len().alias("size"), pl.col("first").min())
    here = pl.DataFrame({"group": watched}).with_row_index("watched").drop_nulls("group")
    here = here.join(sizes, on="group", how="inner", maintain_order="left")
    total = here["size"].cast(pl.Int64).cum_sum()
    if len(total) and total[-1] > MOST_PAIRS:
        raise _too_many(place, total[-1])
    for chunk in here.with_columns(chunk=total // CHUNK).partition_by("chunk", maintain_order=True):
        # The rows of a group stand together: a pair's row is its number plus what its watched row has it shifted by.
        shift = pl.col("first").cast(pl.Int64) - pl.col("size").cast(pl.Int64).cum_sum() + pl.col("size")
        spread = chunk.select(
            pl.col("watched").repeat_by("size").explode(),
            shift.repeat_by("size").explode().alias("shift"),
        )
        places = spread["shift"] + pl.int_range(len(spread), dtype=pl.Int64, eager=True)
        yield spread["watched"], there["row"].gather(places)


class _Keys:
    """The columns of one side of a join, made so that equal cells have equal values."""

    def __init__(self, ground: Ground) -> None:
        self._side: Side = ground.side(before=False)
        self._exprs: list[pl.Expr] = []
        self._unknown: list[pl.Series] = []

    def add(self, ref: ColumnRef, *, in_text: bool, as_day: bool) -> None:
        side = self._side
        if in_text:
            found = folded_column(side, ref)
        elif ref.column.kind in NUMERIC:
            found = rounded(side, ref)
        elif ref.column.kind in TEMPORAL and as_day:
            found = local_days(side, ref)
        else:
            found = side.value(ref)
        self._exprs.append(found)
        unknown = side.cells(ref).unknown
        if unknown is not None:
            self._unknown.append(unknown)

    def frame(self) -> pl.DataFrame:
        inputs = pl.DataFrame(list(self._side.ground.inputs.values()))
        return inputs.select(expr.alias(f"key {number}") for number, expr in enumerate(self._exprs))

    def flags(self) -> pl.Series:
        found = pl.repeat(value=False, n=len(self._side.ground.frame), eager=True)
        for unknown in self._unknown:
            found = found | unknown
        return found


def _asks_link(condition: Condition) -> bool:
    """Say whether a condition asks whether a row linked to the watched one exists."""
    return any(
        (isinstance(line, LinkMissing) and line.links[:1] == (THIS,))
        or (isinstance(line, ThereIs) and _asks_link(line.condition))
        for line in lines_of(condition)
    )


def _conjuncts(condition: Condition | None) -> Iterator[Condition]:
    if isinstance(condition, AllOf):
        for line in condition.lines:
            yield from _conjuncts(line)
    elif condition is not None:
        yield condition


def _equality(line: Condition) -> Same | None:
    """Return the two columns of `Column: same as this.Column`, the searched table's first, if it is such a line."""
    if not isinstance(line, Compare) or line.operator is not Operator.EQUAL or line.negated:
        return None
    right = line.right
    if not isinstance(right, OfColumn) or (right.factor, right.plus, right.shift) != (1.0, 0.0, None):
        return None
    sides = (line.ref, right.ref)
    far = [ref.links[:1] == (THIS,) or bool(ref.figure) for ref in sides]
    if far[0] == far[1] or not _joinable(line.ref.column.kind, right.ref.column.kind):
        return None
    return (sides[1], sides[0]) if far[0] else sides


def _joinable(one: Kind, other: Kind) -> bool:
    if one in _TEXTS or other in _TEXTS:
        return True
    return any(one in kinds and other in kinds for kinds in (NUMERIC, TEMPORAL)) or one is other


def _differs(watched: Frame | None, rule: str, name: str) -> bool:
    """Say whether a figure has a value of its own for each watched row."""
    return bool(rule) and watched is not None and len(watched.figure(rule, name)) > 1


def _known(answer: object, lines: tuple[Condition, ...]) -> pl.Series:
    if isinstance(answer, pl.Series):
        return answer
    raise MistakesError([Problem(_place(lines), str(answer))])


def _place(lines: tuple[Condition, ...]) -> Place:
    return next(line.place for line in lines)


def _too_many(place: Place, count: int) -> MistakesError:
    what = (
        f"this compares {count:,} pairs of rows, more than can be looked at; add a line such as "
        "`Customer: same as this.Customer`, so that few rows belong to each other"
    )
    return MistakesError([Problem(place, what)])


@dataclass(slots=True)
class Matches:
    """Joins that were made once: several figures join the same columns.

    shared: joins by columns of tables alone, for all rules; made: joins by a figure, which is one rule's.
    """

    shared: dict[Hashable, object]
    made: dict[Hashable, object] = field(default_factory=dict)

    def of(self, table: str, ground: Ground, watched: Ground, same: tuple[Same, ...]) -> Match:
        """Return the join of a table to the watched rows."""
        known = self.made if any(ref.figure for pair in same for ref in pair) else self.shared
        view = watched.frame.view
        found = known.get((table, same, id(view)))
        if not isinstance(found, tuple):
            # The view is kept, so that nothing else gets its id.
            found = known[table, same, id(view)] = (view, match(ground, watched, same))
        joined: Match = found[1]
        return joined
