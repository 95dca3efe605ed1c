"""Which rules may wake each other in a circle: one sets what the other waits for, and back?

Only what can be seen without data: a value that is written out may rule a circle out, one that is computed can't.
"""

import dataclasses
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rowcall.errors import Place, Problem, Severity
from rowcall.language.asking import lines_of, ranges_of, refs_of, while_open
from rowcall.language.condition import AllOf, Compare, Condition, Edge, IsEmpty, Literal, Operator, ThereIs
from rowcall.language.contradiction import find_contradiction
from rowcall.language.figure import Figure
from rowcall.language.formula.tree import cells_in, ranges_in
from rowcall.language.ref import THIS, ColumnRef
from rowcall.language.rule import Rule
from rowcall.language.value import Cells, EmptyValue, RowValues, Unless, Value
from rowcall.language.value_walk import (
    columns_in,
    conditions_in,
    conditions_of,
    formula_of,
    formulas_in,
    refs_in,
)

_Cell = tuple[str, str]
"""A table and a column of it."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One cell that a rule writes: of a row that is there, or (added) of a row that it adds."""

    ref: ColumnRef
    value: Value
    place: Place
    added: tuple["Doing", ...] = ()

    @property
    def cell(self) -> _Cell:
        """The column that is written, whichever way leads to it."""
        return self.ref.table, self.ref.column.name


def circles(rules: Sequence[Rule]) -> list[Problem]:
    """Return a warning for each circle of rules that may wake each other, the shortest through each of its rules."""
    woken = {one.id: {other.id: doing for other in rules if (doing := _wakes(one, other))} for one in rules}
    by_id = {rule.id: rule for rule in rules}
    found: dict[frozenset[str], list[str]] = {}
    for rule in rules:
        way = _way_back(rule.id, woken)
        if way and (len(way) == 1 or _goes_on([by_id[name] for name in way], woken)):
            found.setdefault(frozenset(way), way)
    return [_problem([by_id[name] for name in way], woken) for way in found.values()]


def doings_of(rule: Rule) -> Iterator[Doing]:
    """Yield every cell that a rule sets, keeps, or writes into a row that it adds."""
    for entry in rule.entries:
        for act in entry.acts:
            if not dataclasses.is_dataclass(act.params):
                continue
            values = [getattr(act.params, one.name) for one in dataclasses.fields(act.params)]
            guarded = any(isinstance(one, Unless) for one in values)
            for value in values:
                if isinstance(value, Cells):
                    yield from (Doing(one.ref, one.value, one.place) for one in value.targets)
                if isinstance(value, RowValues) and not guarded:
                    row = tuple(Doing(one.ref, one.value, one.place) for one in value.targets)
                    yield from (replace(one, added=row) for one in row[:1])
    for kept in rule.keep:
        yield Doing(kept.ref, kept.value, kept.place)


def _wakes(one: Rule, other: Rule) -> Doing | None:
    """Return what of one rule may make the other start; a schedule is woken by its clock alone."""
    if other.schedule:
        return None
    for doing in doings_of(one):
        if doing.added:
            if doing.ref.table == other.table and all(_fits(part, other) for part in doing.added):
                return doing
        elif one is not other and _starts(doing, other):
            return doing
    return None


def _starts(doing: Doing, other: Rule) -> bool:
    """Say whether a write may make a rule start: it reads the cell, and the value does not speak against it."""
    if other.once_per_row:
        return False
    if doing.cell in _read_by_keep(other):
        return True
    mine = [
        ref for ref in refs_of(other.when) if not ref.figure and (ref.table, ref.column.name) == doing.cell
    ]
    if mine:
        return any(_fits(replace(doing, ref=ref), other) for ref in mine)
    return doing.cell in _searched(other)


def _fits(doing: Doing, other: Rule) -> bool:
    """Say whether a rule's `when` can be true once the cell holds the value."""
    said = _says(doing.ref, doing.value)
    if said is None:
        return True
    joint = AllOf((_without_past(other.when), said), doing.place)
    return find_contradiction(joint) is None


def _says(ref: ColumnRef, value: Value) -> Condition | None:
    """Return a written value as a condition; None for one that is only known at run time."""
    if isinstance(value, EmptyValue):
        return IsEmpty(ref, Place(), "empty")
    if isinstance(value, Literal):
        return Compare(ref, Operator.EQUAL, value, Place(), value.text)
    return None


def _without_past(condition: Condition) -> Condition:
    """Return what a condition says of the row as it is now: `changed to X` is X."""
    match condition:
        case AllOf(lines=lines, place=place):
            return AllOf(tuple(map(_without_past, lines)), place)
        case Edge(after=after) if after is not None:
            return after
        case _:
            return condition


def _goes_on(way: Sequence[Rule], woken: Mapping[str, Mapping[str, Doing]]) -> bool:
    """Say whether every rule of a circle can start again and again: something in the circle must end its episode."""
    return all(_starts_anew(rule, way, woken) for rule in way)


def _starts_anew(rule: Rule, way: Sequence[Rule], woken: Mapping[str, Mapping[str, Doing]]) -> bool:
    before = way[way.index(rule) - 1]
    if woken[before.id][rule.id].added or rule.keep or while_open(rule.when) is None:
        return True
    every = [doing for one in way for doing in doings_of(one) if not doing.added]
    return any(_may_end(doing, rule) for doing in every)


def _may_end(doing: Doing, rule: Rule) -> bool:
    """Say whether a write may make a rule's `when` false, or arm it anew."""
    asked = rule.again_only_when or rule.when
    mine = [ref for ref in refs_of(asked) if not ref.figure and (ref.table, ref.column.name) == doing.cell]
    if rule.again_only_when is not None:
        return bool(mine)
    if not mine:
        return doing.cell in _searched(rule)
    return any(_says(ref, doing.value) is None or not _fits(replace(doing, ref=ref), rule) for ref in mine)


def _read_by_keep(rule: Rule) -> frozenset[_Cell]:
    """Return the cells on which a kept value hangs: it is worked out anew whenever one changes."""
    found: set[_Cell] = set()
    for kept in rule.keep:
        refs = list(refs_in(kept.value))
        for condition in conditions_in(kept.value):
            refs += refs_of(condition)
            found |= set(ranges_of(condition))
        for formula in formulas_in(kept.value):
            found |= {(one.table, one.column.name) for one in ranges_in(formula)}
        found |= {(ref.table, ref.column.name) for ref in refs if not ref.figure}
        if any(ref.figure for ref in refs):
            found |= _figured(rule.figures)
    return frozenset(found)


def _searched(rule: Rule) -> frozenset[_Cell]:
    """Return the cells of other rows that a rule's `when` asks for: by `there is`, formulas and figures."""
    found = set(ranges_of(rule.when))
    if any(ref.figure for ref in refs_of(rule.when)):
        found |= _figured(rule.figures)
    if any(isinstance(line, ThereIs) for line in lines_of(rule.when)):
        found = {one for one in found if one[1]}  # that rows are searched at all is no cell
    return frozenset(found)


def _figured(figures: Sequence[Figure]) -> set[_Cell]:
    found: set[_Cell] = set()
    for figure in figures:
        refs = list(columns_in(figure))
        for condition in conditions_of(figure):
            refs += refs_of(condition)
        formula = formula_of(figure)
        if formula is not None:
            refs += cells_in(formula)
            found |= {(one.table, one.column.name) for one in ranges_in(formula)}
        found |= {(ref.table, ref.column.name) for ref in refs if ref.links[:1] != (THIS,) and not ref.figure}
    return found


def _way_back(start: str, woken: Mapping[str, Mapping[str, Doing]]) -> list[str]:
    """Return the rules on the shortest way from a rule back to itself; none without one."""
    ways = deque([[start]])
    seen: set[str] = set()
    while ways:
        way = ways.popleft()
        for name in woken[way[-1]]:
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _problem(way: Sequence[Rule], woken: Mapping[str, Mapping[str, Doing]]) -> Problem:
    first = woken[way[0].id][way[1 % len(way)].id]
    if len(way) == 1:
        what = (
            f"The rule adds a row to {first.ref.table}, which it looks at itself, and the new row fits its `when`: "
            "it would add rows without end."
        )
        fix = (
            "Give the new row a value that does not fit `when`, or write `unless there is:` beside `values`."
        )
        return Problem(first.place, what, fix, severity=Severity.WARNING)
    steps = [_step(one, way[(place + 1) % len(way)], woken) for place, one in enumerate(way)][1:]
    what = (
        f"{_done(first)} here, which may start the rule `{way[1].id}`; {'; '.join(steps)}: a circle. "
        "Rules that wake each other on one row more than 5 times an hour are held."
    )
    fix = "Give one of them a condition that is no longer true after the other has acted, or `once per row: yes`."
    return Problem(first.place, what, fix, severity=Severity.WARNING)


def _step(one: Rule, other: Rule, woken: Mapping[str, Mapping[str, Doing]]) -> str:
    doing = woken[one.id][other.id]
    return f"there {_done(doing)} ({doing.place}), which may start `{other.id}`"


def _done(doing: Doing) -> str:
    return f"a row is added to {doing.ref.table}" if doing.added else f"{doing.ref.name} is written"
