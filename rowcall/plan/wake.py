"""Which rules must be asked in this tick, and which can't be?"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache

from rowcall.duration import add
from rowcall.episode import Phase
from rowcall.errors import Place, Problem
from rowcall.language.asking import lines_of, operands_of, refs_of, uses_clock
from rowcall.language.condition import Condition, LinkMissing, OfSetting
from rowcall.language.near import did_you_mean
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import AfterColumn, Every, Rule, State
from rowcall.memory import RuleMemory
from rowcall.plan.inputs import TickInput
from rowcall.plan.rows import RowLife
from rowcall.table import Schema


def state_of(rule: Rule, given: TickInput) -> State:
    """Return whether the rule is on now: a rule paused by a person, or without its optional tab, is off."""
    absent = given.snapshot.absent
    if rule.id in given.memory.paused or (absent and tables_needed(rule, given) & absent):
        return State.OFF
    return rule.state


def version_of(rule: Rule, given: TickInput) -> str:
    """Return the version of a rule and of what the config says about the tables it reads."""
    schemas = [
        _meaning(schema) for name in sorted(tables_read(rule, given)) if (schema := _schema(given, name))
    ]
    return hashlib.sha256("\n".join([rule.version, *schemas]).encode()).hexdigest()[:16]


def conditions(rule: Rule) -> Iterable[Condition]:
    """Return every condition of a rule, entries included."""
    for one in (rule.when, rule.stop_when, rule.again_only_when):
        if one is not None:
            yield one
    for entry in rule.entries:
        if entry.when is not None:
            yield entry.when
        if isinstance(entry.timing, Every) and entry.timing.until is not None:
            yield entry.timing.until


def tables_read(rule: Rule, given: TickInput) -> frozenset[str]:
    """Return the tables that the rule's conditions and times look at, those on the way of a link included."""
    found = {rule.table}
    for ref in columns_read(rule):
        found |= _on_the_way(given, rule.table, ref.links) | {ref.table}
    for condition in conditions(rule):
        for line in lines_of(condition):
            if isinstance(line, LinkMissing):
                found |= _on_the_way(given, rule.table, line.links)
    return frozenset(found)


def columns_read(rule: Rule) -> frozenset[ColumnRef]:
    """Return the columns that the rule's conditions and times look at."""
    refs = {ref for condition in conditions(rule) for ref in refs_of(condition)}
    refs |= {entry.timing.ref for entry in rule.entries if isinstance(entry.timing, AfterColumn)}
    return frozenset(refs)


def tables_needed(rule: Rule, given: TickInput) -> frozenset[str]:
    """Return the tables without which the rule can't work: those it reads, and those its actions touch."""
    return tables_read(rule, given) | {ref.table for ref in _acted_on(rule)}


@lru_cache(
    maxsize=4096
)  # asked of every rule in every tick, and walking the Params costs more than all the rest
def _acted_on(rule: Rule) -> frozenset[ColumnRef]:
    """Return the columns that the rule's actions read, write or send to."""
    return frozenset(ref for entry in rule.entries for act in entry.acts for ref in _refs_in(act.params))


def _refs_in(value: object) -> Iterator[ColumnRef]:
    """Yield the columns named anywhere in an action's Params: those are frozen values all the way down."""
    if isinstance(value, ColumnRef):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _refs_in(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _refs_in(getattr(value, part.name))


def why_held(rule: Rule, given: TickInput) -> Problem | None:
    """Return why the rule can't be asked now, None if it can."""
    for table in sorted(tables_needed(rule, given)):
        if table in given.snapshot.broken:
            return given.snapshot.broken[table]
        if table not in given.snapshot.tables and table not in given.snapshot.absent:
            return Problem(
                Place(table=table), f"{table} has not been read yet, so rules that look at it wait"
            )
    for ref in sorted(columns_read(rule) | _acted_on(rule), key=lambda one: one.name):
        found = given.snapshot.tables.get(ref.table)
        if found is not None and ref.column.name not in found.text.columns:
            return _missing_column(ref, list(found.text.columns))
    return None


def must_look(rule: Rule, given: TickInput, lives: Mapping[str, RowLife]) -> bool:
    """Say whether anything may have changed for the rule: rows, clock, timers, people's decisions, its own text."""
    memory = given.memory.rules.get(rule.id)
    if memory is None or given.as_if_new or memory.version != version_of(rule, given):
        return True
    if memory.state != state_of(rule, given) or rule.id in given.memory.answers:
        return True
    if any(hold.rule == rule.id and hold.decision for hold in given.memory.holds.values()):
        return True
    if _too_early(rule, memory, given):
        return False
    return (
        _rows_changed(rule, memory, given, lives)
        or _clock_matters(rule, given)
        or any(receipt.effect.rule == rule.id for receipt in given.memory.receipts)
    )


def touched_rows(rule: Rule, given: TickInput, lives: Mapping[str, RowLife]) -> frozenset[str] | None:
    """Return the only rows whose answers may differ from the rule's last look, None when any may."""
    memory = given.memory.rules.get(rule.id)
    others = tables_read(rule, given) - {rule.table}
    known = given.memory.tables.get(rule.table)
    if (
        memory is None
        or known is None
        or given.as_if_new
        or memory.version != version_of(rule, given)
        or memory.state != state_of(rule, given)
        or memory.place.get(rule.table) != known.snapshot
        or rule.id in given.memory.answers
        or any(name not in lives or not lives[name].change.same for name in others)
        or any(memory.place.get(name) != _last_number(given, name) for name in others)
        or _clock_matters(rule, given)
    ):
        return None
    life = lives[rule.table]
    receipts = {one.effect.key for one in given.memory.receipts if one.effect.rule == rule.id}
    renamed = {new for _, new in life.change.renamed}
    touched = {*life.change.edited, *life.change.added, *life.returned, *renamed, *receipts}
    return frozenset(touched | life.new_since(memory.looked_at))


def _last_number(given: TickInput, table: str) -> int | None:
    known = given.memory.tables.get(table)
    return known.snapshot if known else None


def _too_early(rule: Rule, memory: RuleMemory, given: TickInput) -> bool:
    if rule.check_every is None or memory.looked_at is None:
        return False
    return add(memory.looked_at, rule.check_every, given.house.zone) > given.now


def _rows_changed(rule: Rule, memory: RuleMemory, given: TickInput, lives: Mapping[str, RowLife]) -> bool:
    for table in tables_read(rule, given):
        life = lives.get(table)
        known = given.memory.tables.get(table)
        if life is None or known is None or not life.change.same or memory.place.get(table) != known.snapshot:
            return True
    return bool(lives[rule.table].new_since(memory.looked_at))


def _clock_matters(rule: Rule, given: TickInput) -> bool:
    if any(uses_clock(one) or _uses_settings(one) for one in conditions(rule)):
        return True
    for episode in given.memory.episodes.get(rule.id, {}).values():
        if episode.phase is Phase.PENDING:
            return True
        if episode.progress and any(one.due_at and one.due_at <= given.now for one in episode.progress):
            return True
    return False


def _uses_settings(condition: Condition) -> bool:
    return any(isinstance(one, OfSetting) for line in lines_of(condition) for one in operands_of(line))


def _on_the_way(given: TickInput, table: str, links: tuple[str, ...]) -> set[str]:
    found = set()
    for name in links:
        schema = _schema(given, table)
        link = next((one for one in schema.links if one.name == name), None) if schema else None
        if link is None:
            break
        table = link.table
        found.add(table)
    return found


def _schema(given: TickInput, table: str) -> Schema | None:
    return given.house.schemas.get(table)


def _meaning(schema: Schema) -> str:
    columns = [f"{one.name}={one.kind}:{','.join(one.choices)}" for one in schema.columns]
    links = [f"{one.name}>{one.table}.{one.by}" for one in schema.links]
    return "|".join([schema.table, ",".join(schema.key), *columns, *links])


def _missing_column(ref: ColumnRef, present: list[str]) -> Problem:
    near = did_you_mean(ref.column.name, present)
    return Problem(
        Place(table=ref.table, header=ref.column.name),
        f'{ref.table} has no usable column "{ref.column.name}" now; its columns: {", ".join(present)}',
        fix="give the column its old name back, or add the new name to `aliases` in the config",
        suggestion=near,
    )
