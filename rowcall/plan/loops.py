"""Do rules wake each other on one row, again and again?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from rowcall.errors import TemplateError
from rowcall.evaluate.row import read_row
from rowcall.language.asking import ranges_of, refs_of
from rowcall.language.condition import Condition
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Rule
from rowcall.language.value_walk import conditions_in, refs_in
from rowcall.plan.inputs import TickInput
from rowcall.plan.rule_view import RuleStep

OPENINGS = 5
"""So often within SPAN may the writes of other rules make a rule start on one row."""
SPAN = timedelta(hours=1)

_Written = frozenset[tuple[str, str]]
"""Rows as (table, key)."""


def note_wakes(step: RuleStep, given: TickInput) -> str:
    """Count the rows on which other rules' writes made this rule start; return why it is to be held, or "".

    The labels of a schedule come by the clock: nobody wakes such a rule.
    """
    recent = _recent(step.memory.wakes, given.now)
    for key in _woken(step, given) if not step.rule.schedule else ():
        recent[key] = (*recent.get(key, ()), given.now)
    step.memory = replace(step.memory, wakes=recent)
    looping = sorted(key for key, moments in recent.items() if len(moments) > OPENINGS)
    if not looping:
        return ""
    return f"rules wake each other at most {OPENINGS} times an hour on one row (row {looping[0]})"


def _woken(step: RuleStep, given: TickInput) -> set[str]:
    """Return the rows that started in this tick and that other rules have written to, or to what they read."""
    written = frozenset(
        (cell.table, cell.key)
        for receipt in given.memory.receipts
        if receipt.effect.rule != step.rule.id
        for cell in receipt.cells
    )
    tables = {table for table, _ in written}
    opened = set(step.opened)
    if tables & _searched(step.rule):
        return opened
    linked = [ref for ref in _read(step.rule) if ref.links and ref.table in tables]
    woken = {key for key in opened if (step.rule.table, key) in written}
    return woken | {
        key for key in opened - woken if linked and _reaches(step.rule, key, linked, written, given)
    }


def _reaches(rule: Rule, key: str, refs: list[ColumnRef], written: _Written, given: TickInput) -> bool:
    row = read_row(given.snapshot.tables[rule.table], key, given.snapshot)
    for ref in refs:
        try:
            if row.locate(ref) in written:
                return True
        except TemplateError:  # there is no such row, so nobody wrote to it
            continue
    return False


def _asked(rule: Rule) -> Iterator[Condition]:
    yield rule.when
    for kept in rule.keep:
        yield from conditions_in(kept.value)


def _read(rule: Rule) -> Iterator[ColumnRef]:
    """Yield the cells of the row, and of rows linked to it, that make the rule start."""
    for condition in _asked(rule):
        yield from refs_of(condition)
    for kept in rule.keep:
        yield from refs_in(kept.value)


def _searched(rule: Rule) -> set[str]:
    """Return the tables that are searched as a whole: which of their rows made the rule start nobody can say."""
    found = {table for condition in _asked(rule) for table, _ in ranges_of(condition)}
    if any(ref.figure for ref in _read(rule)):
        found |= {figure.table for figure in rule.figures}
    return found


def _recent(wakes: Mapping[str, tuple[datetime, ...]], now: datetime) -> dict[str, tuple[datetime, ...]]:
    kept = {key: tuple(at for at in moments if at > now - SPAN) for key, moments in wakes.items()}
    return {key: moments for key, moments in kept.items() if moments}
