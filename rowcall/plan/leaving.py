"""What does one tick leave in the memory: rules, rows, episodes, holds, and deliveries that are stopped?"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rowcall.episode import Episode
from rowcall.language.rule import State
from rowcall.memory import MemoryChange, RuleMemory, StateChange, TableMemory
from rowcall.plan.day import Day, changed_tables, number_of
from rowcall.plan.digests import Digests, cancel_lines
from rowcall.plan.endings import cancel_late, cancel_timed, cancel_writes, replace_writes
from rowcall.plan.holds import Held
from rowcall.plan.needs import state_of, tables_read, version_of
from rowcall.plan.own_writes import forget_own
from rowcall.plan.rule_view import RuleStep


def change_of(
    day: Day, steps: list[RuleStep], held: Held, decided: Held, digests: Digests | None = None
) -> MemoryChange:
    """Return what the tick changes in the memory."""
    given = day.given
    numbers = {name: number for name, (number, _) in changed_tables(day).items()}
    rows = [row for life in day.lives.values() for row in life.rows.values()]
    known = {(name, key): row for name, by_key in given.memory.rows.items() for key, row in by_key.items()}
    kept = {(row.table, row.key) for row in rows}
    return replace(
        day.renames,
        rules=tuple(_rule_memories(day, steps, numbers)),
        tables=tuple(_table_memories(day, numbers)),
        rows=tuple(row for row in rows if known.get((row.table, row.key)) != row),
        forgotten_rows=tuple(place for place in known if place[0] in day.lives and place not in kept),
        episodes=(*_lifted(day, steps), *(one for step in steps for one in step.episodes.values())),
        forgotten_episodes=tuple((step.rule.id, key) for step in steps for key in step.forgotten),
        holds=held.open,
        closed_holds=decided.closed,
        states=_states(day, steps, decided, digests.orphans if digests else ()),
        bundled=tuple(digests.bundled) if digests else (),
        taken_answers=tuple(step.rule.id for step in steps if step.answered)
        + tuple(name for name in given.memory.answers if name in day.lives),
        turns=day.turns.changed(),
        clocks=tuple(one for step in steps for one in step.clocks.values()),
        presses_seen=_presses_seen(day, steps),
        receipts_seen=max((receipt.number for receipt in given.memory.receipts), default=0),
    )


def _presses_seen(day: Day, steps: list[RuleStep]) -> int:
    """Return up to which press all are carried out: a rule that can't be asked now hears its own later."""
    given = day.given
    asked = {step.rule.id for step in steps}
    waiting = {one.id for one in given.rules if state_of(one, given) is not State.OFF} - asked
    seen = 0
    for press in given.memory.presses:
        if press.rule in waiting:
            break
        seen = press.number
    return seen


def _table_memories(day: Day, numbers: Mapping[str, int]) -> Iterable[TableMemory]:
    for name, life in day.lives.items():
        yield replace(life.table, snapshot=numbers.get(name, life.table.snapshot), broken="")
    for name, problem in day.given.snapshot.broken.items():
        yield replace(day.given.memory.tables.get(name) or TableMemory(name), broken=problem.what)


def _lifted(day: Day, steps: list[RuleStep]) -> Iterable[Episode]:
    """Return the renamed rows' episodes with their new numbers, as far as no step has changed them."""
    names = {(table, old): new for table, old, new in day.renames.moved}
    changed = {(step.rule.id, key) for step in steps for key in (*step.episodes, *step.forgotten)}
    rules = {rule.id: rule.table for rule in day.given.rules}
    for lift in day.renames.lifts:
        key = names[rules[lift.rule], lift.key]
        if (lift.rule, key) not in changed:
            yield day.given.memory.episodes[lift.rule][key]


def _rule_memories(day: Day, steps: list[RuleStep], numbers: Mapping[str, int]) -> Iterable[RuleMemory]:
    given = day.given
    for step in steps:
        rule = step.rule
        place = {
            name: numbers.get(name) or number_of(given, name)
            for name in tables_read(rule, given)
            if name in day.lives
        }
        memory = replace(
            step.memory,
            table=rule.table,
            version=version_of(rule, given),
            place=place,
            state=state_of(rule, given),
            looked_at=given.now,
        )
        yield forget_own(memory, rule, step.known, step.episodes)
    looked = {step.rule.id for step in steps}
    for rule in given.rules:
        if rule.id in looked:
            continue
        memory = day.memories[rule.id]
        known = day.stored.get(rule.id)
        if state_of(rule, given) is State.OFF and (known is None or known.state != State.OFF):
            yield RuleMemory(
                rule.id,
                version_of(rule, given),
                state=State.OFF,
                table=rule.table,
                used=memory.used,
                label=memory.label,
                occasion=memory.occasion,
            )
        elif known is not None and memory != known:
            yield memory


def _states(
    day: Day, steps: list[RuleStep], decided: Held, orphans: Iterable[StateChange]
) -> tuple[StateChange, ...]:
    memory = day.given.memory
    rules = {rule.id: rule for rule in day.given.rules}
    ended = {step.rule.id: frozenset(step.ended) for step in steps}
    gone = {rule.id: day.lives[rule.table].deleted for rule in rules.values() if rule.table in day.lives}
    firings = [firing for step in steps for firing in step.firings]
    changes = [
        *decided.states,
        *cancel_timed(memory, rules, ended, "the row no longer matters"),
        *cancel_timed(memory, rules, gone, "the row was deleted"),
        *cancel_late(memory, rules, "the row no longer matters"),
        *cancel_lines(memory, ended, "the row no longer matters"),
        *cancel_lines(memory, gone, "the row was deleted"),
        *orphans,
        *cancel_writes(memory, day.lives, day.given.house.actions),
        *replace_writes(memory, firings, day.given.house.actions),
    ]
    first: dict[str, StateChange] = {}
    for change in changes:
        first.setdefault(change.delivery, change)
    return tuple(first.values())
