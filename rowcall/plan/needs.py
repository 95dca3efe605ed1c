"""Which tables and columns does a rule need, is it on, and does it still mean the same?"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache

from rowcall.errors import Place
from rowcall.language.condition import Condition, LinkMissing, Literal, ThereIs
from rowcall.language.figure import Figure
from rowcall.language.formula.tree import Range
from rowcall.language.ref import EACH, THIS, ColumnRef
from rowcall.language.rule import Every, Rule, State
from rowcall.language.value import RowValues, Unless
from rowcall.plan.inputs import TickInput
from rowcall.plan.lengths_of_time import counts_working_time, hours_of, settings_in
from rowcall.table import Schema


@dataclass(frozen=True, slots=True)
class Named:
    """Cells that a rule names: from the rows of `start` over `links` to a column of `table`.

    column "" means the table as a whole; table "" the rows at the end of the links.
    """

    start: str
    links: tuple[str, ...]
    table: str
    column: str


def state_of(rule: Rule, given: TickInput) -> State:
    """Return whether the rule is on now: a rule paused by a person, or without its optional tab, is off."""
    absent = given.snapshot.absent
    if rule.id in given.memory.paused or (absent and tables_needed(rule, given) & absent):
        return State.OFF
    return rule.state


def version_of(rule: Rule, given: TickInput) -> str:
    """Return the version of a rule and of what the config says about the tables it reads."""
    schemas = [
        _meaning(schema)
        for name in sorted(tables_read(rule, given))
        if (schema := given.house.schemas.get(name))
    ]
    parts = [rule.version, *schemas, *_lengths_of_time(rule, given)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _lengths_of_time(rule: Rule, given: TickInput) -> list[str]:
    """Return what the times of the rule's entries hang on beside its rows: its calendar, and settings in `within`."""
    calendar = given.house.calendars.get(rule.working_hours)
    hours = [] if calendar is None or not counts_working_time(rule) else [hours_of(calendar)]
    named = settings_in(rule.due.within) if rule.due is not None and rule.due.within is not None else ()
    return hours + [f"{name}={given.house.settings.get(name)}" for name in named]


def conditions(rule: Rule) -> Iterable[Condition]:
    """Return every condition of a rule that is asked of its rows, entries included."""
    for one in (rule.when, rule.stop_when, rule.again_only_when, rule.pause_while):
        if one is not None:
            yield one
    for entry in rule.entries:
        if entry.when is not None:
            yield entry.when
        if isinstance(entry.timing, Every) and entry.timing.until is not None:
            yield entry.timing.until


def tables_read(rule: Rule, given: TickInput) -> frozenset[str]:
    """Return the tables that the rule's conditions, times, figures and kept columns look at, links included."""
    found = {rule.table} if rule.table else set()
    return frozenset(found | _tables_of(reads_of(rule), given))


def tables_needed(rule: Rule, given: TickInput) -> frozenset[str]:
    """Return the tables without which the rule can't work: those it reads, and those its actions touch."""
    return tables_read(rule, given) | {one.table for one in acted_on(rule) if one.table}


def tables_named(rule: Rule) -> frozenset[str]:
    """Return the tables that a rule names itself, without those on the way of a link."""
    return frozenset({rule.table, *(one.table for one in reads_of(rule) | acted_on(rule))}) - {""}


@lru_cache(maxsize=4096)  # asked of every rule in every tick, and walking a rule costs more than all the rest
def reads_of(rule: Rule) -> frozenset[Named]:
    """Return what the rule's conditions, times, figures and kept columns read."""
    timings = tuple(entry.timing for entry in rule.entries)
    parts = (tuple(conditions(rule)), timings, rule.due, rule.figures, rule.keep)
    return frozenset(named_in(parts, rule.table, rule.table))


@lru_cache(maxsize=4096)
def acted_on(rule: Rule) -> frozenset[Named]:
    """Return what the rule's actions read, write or send to."""
    acts = tuple(act.params for entry in rule.entries for act in entry.acts)
    return frozenset(named_in(acts, rule.table, rule.table))


def named_in(value: object, start: str, watched: str) -> Iterator[Named]:
    """Yield what is named anywhere in a part of a rule: those are frozen values all the way down.

    start: the table that a plain column belongs to. watched: the one that `this.Column` belongs to.
    """
    match value:
        case ColumnRef():
            yield from _cell(value, start, watched)
        case Range(table=table, column=column):
            yield Named("", (), table, column.name)
        case LinkMissing(links=links):
            yield Named(*_start(links, start, watched), "", "")
        case ThereIs() | Unless() | Figure() | RowValues():
            yield from _elsewhere(value, start, watched)
        case tuple():
            for one in value:
                yield from named_in(one, start, watched)
        case Place() | Literal():
            return
        case _ if is_dataclass(value):
            for part in fields(value):
                yield from named_in(getattr(value, part.name), start, watched)


def _elsewhere(value: ThereIs | Unless | Figure | RowValues, start: str, watched: str) -> Iterator[Named]:
    """Yield what is named by a part in which plain columns belong to another table."""
    table = value.table
    match value:
        case RowValues(targets=targets):
            yield from named_in(tuple(one.ref for one in targets), table, watched)
            yield from named_in(tuple(one.value for one in targets), start, watched)
        case Figure(measure=measure, where=where, by=by):
            yield from [Named("", (), table, "")] if table else []
            yield from named_in((measure, where, by), table, watched)
        case ThereIs(condition=condition) | Unless(condition=condition):
            yield Named("", (), table, "")
            yield from named_in(condition, table, watched)


def on_the_way(given: TickInput, table: str, links: tuple[str, ...]) -> set[str]:
    """Return the tables that a chain of links leads through, its end included."""
    found = set()
    for name in links:
        schema = given.house.schemas.get(table)
        link = next((one for one in schema.links if one.name == name), None) if schema else None
        if link is None:
            break
        table = link.table
        found.add(table)
    return found


def _cell(ref: ColumnRef, start: str, watched: str) -> Iterator[Named]:
    if ref.figure or ref.links[:1] == (EACH,):
        return
    begin, links = _start(ref.links, start, watched)
    yield Named(begin, links, ref.table, ref.column.name)


def _start(links: tuple[str, ...], start: str, watched: str) -> tuple[str, tuple[str, ...]]:
    return (watched, links[1:]) if links[:1] == (THIS,) else (start, links)


def _tables_of(named: Iterable[Named], given: TickInput) -> set[str]:
    found: set[str] = set()
    for one in named:
        found |= on_the_way(given, one.start, one.links)
        if one.table:
            found.add(one.table)
    return found


def _meaning(schema: Schema) -> str:
    columns = [f"{one.name}={one.kind}:{','.join(one.choices)}" for one in schema.columns]
    links = [f"{one.name}>{one.table}.{one.by}" for one in schema.links]
    return "|".join([schema.table, ",".join(schema.key), *columns, *links])
