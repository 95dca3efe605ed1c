"""Which rules must be asked in this tick, and which can't be?"""

from collections.abc import Mapping

from rowcall.duration import add
from rowcall.episode import Episode, Phase
from rowcall.errors import Place, Problem
from rowcall.language.asking import lines_of, operands_of, uses_clock
from rowcall.language.condition import Condition, Moment, OfSetting
from rowcall.language.figure import Figure, FormulaOf, Kept, ShareWith
from rowcall.language.formula.tree import functions_in
from rowcall.language.near import did_you_mean
from rowcall.language.rule import Rule
from rowcall.language.value import Shifted, TextOf
from rowcall.language.value_walk import conditions_in, formulas_in, parts_of
from rowcall.memory import RuleMemory
from rowcall.plan.inputs import TickInput
from rowcall.plan.labels import Struck
from rowcall.plan.needs import (
    Named,
    acted_on,
    conditions,
    reads_of,
    state_of,
    tables_needed,
    tables_read,
    version_of,
)
from rowcall.plan.rows import RowLife
from rowcall.plan.within import asks_clock


def why_held(rule: Rule, given: TickInput) -> Problem | None:
    """Return why the rule can't be asked now, None if it can."""
    for table in sorted(tables_needed(rule, given)):
        if table in given.snapshot.broken:
            return given.snapshot.broken[table]
        if table not in given.snapshot.tables and table not in given.snapshot.absent:
            return Problem(
                Place(table=table), f"{table} has not been read yet, so rules that look at it wait"
            )
    for one in sorted(reads_of(rule) | acted_on(rule), key=_shown):
        found = given.snapshot.tables.get(one.table)
        if found is not None and one.column and one.column not in found.text.columns:
            return _missing_column(one, list(found.text.columns))
    return None


def shrunk_under(rule: Rule, given: TickInput, lives: Mapping[str, RowLife]) -> Problem | None:
    """Return why a rule's figures wait: half of a table's rows are gone, and nobody has said that this is right."""
    if not rule.figures or given.as_if_new:
        return None
    for table in sorted(tables_read(rule, given)):
        if table in lives and lives[table].shrunk:
            return Problem(
                Place(table=table),
                f"more than half of the rows of {table} are gone, so figures over them wait",
                fix=f"if it is right: `rowcall answer {table} act`; else put the rows back",
            )
    return None


def must_look(
    rule: Rule, given: TickInput, lives: Mapping[str, RowLife], struck: Struck | None = None
) -> bool:
    """Say whether anything may have changed for the rule: rows, clock, timers, people's decisions, its own text.

    struck: what its schedule says; a scheduled rule sleeps between its labels, but for what is still to come.
    """
    memory = given.memory.rules.get(rule.id)
    if memory is None or given.as_if_new or memory.version != version_of(rule, given):
        return True
    if memory.state != state_of(rule, given) or rule.id in given.memory.answers:
        return True
    if any(hold.rule == rule.id and hold.decision for hold in given.memory.holds.values()):
        return True
    if any(press.rule == rule.id for press in given.memory.presses):
        return True
    if struck is not None:
        return struck.seen != memory.label or bool(struck.trouble) or _has_more_to_do(rule, given, lives)
    if _too_early(rule, memory, given):
        return False
    return (
        _rows_changed(rule, memory, given, lives)
        or _clock_matters(rule, given)
        or any(receipt.effect.rule == rule.id for receipt in given.memory.receipts)
    )


def touched_rows(rule: Rule, given: TickInput, lives: Mapping[str, RowLife]) -> frozenset[str] | None:
    """Return the only rows whose answers may differ from the rule's last look, None when any may."""
    return None if _clock_matters(rule, given) else _edited_rows(rule, given, lives)


def stale_rows(rule: Rule, given: TickInput, lives: Mapping[str, RowLife]) -> frozenset[str] | None:
    """Return the only rows whose entries' times may differ from those written down, None when any may.

    That a timer has run out, or a condition asks the clock, changes no time.
    """
    moving = rule.due is not None and asks_clock(rule.due.within)
    return None if moving else _edited_rows(rule, given, lives)


def _edited_rows(rule: Rule, given: TickInput, lives: Mapping[str, RowLife]) -> frozenset[str] | None:
    memory = given.memory.rules.get(rule.id)
    others = tables_read(rule, given) - {rule.table}
    known = given.memory.tables.get(rule.table)
    if (
        memory is None
        or known is None
        or given.as_if_new
        or rule.schedule
        or memory.version != version_of(rule, given)
        or memory.state != state_of(rule, given)
        or memory.place.get(rule.table) != known.snapshot
        or rule.id in given.memory.answers
        or any(name not in lives or not lives[name].change.same for name in others)
        or any(memory.place.get(name) != _last_number(given, name) for name in others)
        or _reads_itself(rule)
    ):
        return None
    life = lives[rule.table]
    receipts = {one.effect.key for one in given.memory.receipts if one.effect.rule == rule.id}
    renamed = {new for _, new in life.change.renamed}
    touched = {*life.change.edited, *life.change.added, *life.returned, *renamed, *receipts}
    return frozenset(touched | life.new_since(memory.looked_at))


def _has_more_to_do(rule: Rule, given: TickInput, lives: Mapping[str, RowLife]) -> bool:
    """Say whether a scheduled rule has entries that are due, or rows under way that may have changed."""
    episodes = given.memory.episodes.get(rule.id, {}).values()
    under_way = [one for one in episodes if one.phase is Phase.OPEN and any(p.due_at for p in one.progress)]
    if any(_has_run_out(one, given) for one in under_way):
        return True
    if any(receipt.effect.rule == rule.id for receipt in given.memory.receipts):
        return True
    changed = any(name in lives and not lives[name].change.same for name in tables_read(rule, given))
    return bool(under_way) and changed


def _reads_itself(rule: Rule) -> bool:
    """Say whether one row's answer may depend on other rows of the watched table."""
    return any(one.table == rule.table and (one.links or one.start != rule.table) for one in reads_of(rule))


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
    if any(_asks_the_clock(figure) for figure in rule.figures):
        return True
    for episode in given.memory.episodes.get(rule.id, {}).values():
        if episode.phase is Phase.PENDING:
            return True
        if episode.progress and _has_run_out(episode, given):
            return True
    if rule.due is not None and asks_clock(rule.due.within):
        return True
    return any(_keeps_by_clock(kept, rule, given) for kept in rule.keep)


def _has_run_out(episode: Episode, given: TickInput) -> bool:
    """Say whether a timer of the episode has run out."""
    # due_at first: of an entry that has fired it may be the time that it fired for, which `waits_until` knows.
    now = given.now
    return any(
        one.due_at is not None and one.due_at <= now and one.waits_until is not None
        for one in episode.progress
    )


def _keeps_by_clock(kept: Kept, rule: Rule, given: TickInput) -> bool:
    """Say whether a kept value may change by the passing of time alone, or a lower one waits for its grace."""
    if any(clock.lower for clock in given.memory.clocks.get(rule.id, {}).values()):
        return True
    if any(uses_clock(one) or _uses_settings(one) for one in conditions_in(kept.value)):
        return True
    if any(functions_in(formula) & {"TODAY", "NOW"} for formula in formulas_in(kept.value)):
        return True
    timed = Moment | OfSetting | TextOf | Shifted
    return any(isinstance(part, timed) for part in parts_of(kept.value))


def _asks_the_clock(figure: Figure) -> bool:
    if isinstance(figure.measure, FormulaOf):
        return bool(functions_in(figure.measure.formula) & {"TODAY", "NOW"})
    asked = [figure.where, figure.measure.condition if isinstance(figure.measure, ShareWith) else None]
    return any(one is not None and (uses_clock(one) or _uses_settings(one)) for one in asked)


def _uses_settings(condition: Condition) -> bool:
    return any(isinstance(one, OfSetting) for line in lines_of(condition) for one in operands_of(line))


def _shown(one: Named) -> str:
    return ".".join([*one.links, one.column])


def _missing_column(one: Named, present: list[str]) -> Problem:
    near = did_you_mean(one.column, present)
    return Problem(
        Place(table=one.table, header=one.column),
        f'{one.table} has no usable column "{one.column}" now; its columns: {", ".join(present)}',
        fix="give the column its old name back, or add the new name to `aliases` in the config",
        suggestion=near,
    )
