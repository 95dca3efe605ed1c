"""Does a rule fit the rows that are there now: values never seen, cells that are empty or unreadable?"""

from collections.abc import Iterator, Mapping

import polars as pl

from rowcall.errors import Problem, Severity
from rowcall.language.asking import lines_of, operands_of
from rowcall.language.condition import (
    Ago,
    Ahead,
    Anniversary,
    Between,
    Cellless,
    Compare,
    Condition,
    Edge,
    IsEmpty,
    Line,
    Literal,
    OfColumn,
    OneOf,
    Operator,
    ThereIs,
)
from rowcall.language.near import did_you_mean
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Every, Rule
from rowcall.language.value_walk import conditions_in, conditions_of
from rowcall.table import Kind, Table

_WORDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE, Kind.PERSON})
_CLOSE = 0.5
_MOST_VALUES = 5_000
_SHOWN = 3


def lint_live(rule: Rule, tables: Mapping[str, Table]) -> list[Problem]:
    """Return what in a rule will not work as meant on the rows of the live tables.

    A value that no row has although a similar one exists, and cells whose emptiness makes a line unknown.
    """
    found: list[Problem] = []
    for line in _lines(rule):
        found += _unseen_values(line, tables)
        found += _unknown_cells(line, rule, tables)
    for line in _other_lines(rule):
        found += _unseen_values(line, tables)
    return list({(one.place, one.what): one for one in found}.values())


def _lines(rule: Rule) -> Iterator[Line]:
    conditions: list[Condition | None] = [rule.when, rule.again_only_when, rule.stop_when, rule.pause_while]
    for entry in rule.entries:
        conditions.append(entry.when)
        if isinstance(entry.timing, Every):
            conditions.append(entry.timing.until)
    for condition in conditions:
        for line in lines_of(condition) if condition is not None else ():
            yield line
            if isinstance(line, Edge):
                for side in (line.before, line.after):
                    yield from lines_of(side) if side is not None else ()


def _other_lines(rule: Rule) -> Iterator[Line]:
    """Yield the lines that choose rows for figures, search other tables, or choose values."""
    conditions = [condition for figure in rule.figures for condition in conditions_of(figure)]
    conditions += [condition for kept in rule.keep for condition in conditions_in(kept.value)]
    searched = [line.condition for line in _lines(rule) if isinstance(line, ThereIs)]
    waiting = conditions + searched
    while waiting:
        for line in lines_of(waiting.pop()):
            if isinstance(line, ThereIs):
                waiting.append(line.condition)
            yield line


def _unseen_values(line: Line, tables: Mapping[str, Table]) -> Iterator[Problem]:
    if not _is_equality(line) or isinstance(line, Cellless) or line.ref.column.kind not in _WORDS:
        return
    counts = _counts(tables, line.ref)
    if not counts:
        return
    folded = {value.lower() for value in counts}
    for operand in operands_of(line):
        if not isinstance(operand, Literal) or str(operand.value).lower() in folded:
            continue
        near = did_you_mean(str(operand.value), counts, cutoff=_CLOSE)
        if near:
            yield Problem(
                line.place,
                f"No row has {line.ref.name} `{operand.text}`; `{near}` occurs {_times(counts[near])}.",
                "Write the value as the cells hold it.",
                f"{line.ref.name}: {line.text.replace(operand.text, near)}",
                Severity.WARNING,
            )


def _unknown_cells(line: Line, rule: Rule, tables: Mapping[str, Table]) -> Iterator[Problem]:
    for ref in _compared(line):
        table = tables.get(ref.table)
        name = ref.column.name
        if table is None or name not in table.text.columns or not len(table):
            continue
        total, text = len(table), table.text[name]
        empty = text.null_count()
        broken = text.filter(text.is_not_null() & table.typed[name].is_null())
        if len(broken):
            yield _unreadable(line, ref, broken, total)
        if empty and _needs_value(line) and not _asks_filled(rule, ref):
            yield _empty(line, ref, empty, total)


def _empty(line: Line, ref: ColumnRef, empty: int, total: int) -> Problem:
    return Problem(
        line.place,
        f"In {empty} of {total} rows {ref.name} is empty: this line is unknown there, so the rule does not act.",
        "If that is meant, nothing needs to be done.",
        severity=Severity.WARNING if empty == total else Severity.NOTE,
    )


def _unreadable(line: Line, ref: ColumnRef, broken: pl.Series, total: int) -> Problem:
    shown = ", ".join(f"`{text}`" for text in broken.unique(maintain_order=True).head(_SHOWN))
    return Problem(
        line.place,
        f"In {len(broken)} of {total} rows {ref.name} can't be read ({shown}): this line is unknown there, "
        "so the rule neither acts nor ends.",
        f"Mend these cells, or the kind of {ref.column.name} in config.yaml.",
        severity=Severity.WARNING,
    )


def _compared(line: Line) -> Iterator[ColumnRef]:
    if isinstance(line, Cellless):
        return
    yield line.ref
    for operand in operands_of(line):
        if isinstance(operand, OfColumn):
            yield operand.ref


def _is_equality(line: Line) -> bool:
    return isinstance(line, OneOf) or (isinstance(line, Compare) and line.operator is Operator.EQUAL)


def _needs_value(line: Line) -> bool:
    """Say whether a line is unknown of an empty cell: comparisons of order and of time are."""
    return isinstance(line, Between | Ago | Ahead | Anniversary) or (
        isinstance(line, Compare) and line.operator is not Operator.EQUAL
    )


def _asks_filled(rule: Rule, ref: ColumnRef) -> bool:
    return any(isinstance(line, IsEmpty) and line.negated and line.ref == ref for line in lines_of(rule.when))


def _counts(tables: Mapping[str, Table], ref: ColumnRef) -> dict[str, int]:
    """Return how often each text occurs in a column; nothing for a column of mostly different texts."""
    table = tables.get(ref.table)
    if table is None or ref.column.name not in table.text.columns:
        return {}
    texts = table.text[ref.column.name].drop_nulls()
    if texts.n_unique() > _MOST_VALUES:
        return {}
    counted = texts.value_counts(sort=True)
    return dict(zip(counted[ref.column.name].to_list(), counted["count"].to_list(), strict=True))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
