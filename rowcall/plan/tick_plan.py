"""What does one tick find, and what shall be done about it?

The way: rows → rules that must be asked → their masks → episodes and due entries → conflicts → limits → times of
mails → notices → one Plan. Nothing here touches anything, so preview, tests and the service run the same brain.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC

from rowcall.episode import DeliveryState, Firing, Phase
from rowcall.errors import Problem
from rowcall.language.asking import has_edges
from rowcall.language.ledger import is_ledger
from rowcall.language.rule import Rule, State
from rowcall.memory import Answer, MemoryChange, NewPayload, Plan, RuleMemory
from rowcall.plan.conflicts import drop_conflicts
from rowcall.plan.day import Day, changed_tables
from rowcall.plan.digests import cut_digests
from rowcall.plan.endings import cancel_writes
from rowcall.plan.episodes import Masks, Sight
from rowcall.plan.figuring import Figuring
from rowcall.plan.holds import decide, hold_back
from rowcall.plan.increases import chain_increases, rebase_open
from rowcall.plan.inputs import TickInput
from rowcall.plan.keeping import ENTRY as KEPT
from rowcall.plan.labels import Struck, strike
from rowcall.plan.late_writes import bring_up_writes, foresee_writes
from rowcall.plan.leaving import change_of
from rowcall.plan.looking import frame_of, look_at_rules, look_back, past_of, watched, with_returned
from rowcall.plan.needs import state_of, version_of
from rowcall.plan.notices import gather_notices, tell
from rowcall.plan.own_writes import own_view, remember_own, unseen_cells, written_cells
from rowcall.plan.renames import lifts, move_memory, move_payloads, with_payloads
from rowcall.plan.rows import RowLife, follow_rows
from rowcall.plan.rule_step import step_rule
from rowcall.plan.rule_view import AddedSoFar, RuleStep, RuleView
from rowcall.plan.schedule_mail import permitted_from, time_mails
from rowcall.plan.unreadable import last_readable, note_unreadable
from rowcall.plan.wake import must_look, shrunk_under, stale_rows, touched_rows, why_held
from rowcall.scene import Turns


def plan(given: TickInput) -> Plan:
    """Return what one tick finds and wants done."""
    given = replace(given, now=given.now.astimezone(UTC))  # names of effects must not depend on the zone
    lives = _follow_tables(given)
    moved = tuple((name, old, new) for name, life in lives.items() for old, new in life.change.renamed)
    tables = {rule.id: rule.table for rule in given.rules}
    stored = given.memory.rules
    payloads = move_payloads(given.memory, moved, given.snapshot, given.house.actions)
    renames = MemoryChange(moved=moved, lifts=lifts(given.memory, moved, tables), payloads=payloads)
    given = replace(given, memory=move_memory(with_payloads(given.memory, payloads), moved, tables))
    rebased = rebase_open(given)
    given = replace(given, memory=with_payloads(given.memory, rebased))
    late = bring_up_writes(given)
    given = replace(given, memory=with_payloads(given.memory, late))
    renames = replace(renames, payloads=_latest((*payloads, *rebased, *late)))
    held = {
        rule.id: why
        for rule in given.rules
        if (why := why_held(rule, given) or shrunk_under(rule, given, lives)) is not None
    }
    on = [rule for rule in given.rules if state_of(rule, given) is not State.OFF and rule.id not in held]
    struck = {rule.id: strike(rule, given) for rule in on if rule.schedule}
    awake = [rule for rule in on if must_look(rule, given, lives, struck.get(rule.id))]
    day = _open_day(given, lives, awake, stored, renames, struck)
    steps, problems = _step_rules(day, awake)
    return _decide(day, steps, problems, held)


def _latest(payloads: Iterable[NewPayload]) -> tuple[NewPayload, ...]:
    return tuple({one.delivery: one for one in payloads}.values())


def _follow_tables(given: TickInput) -> Mapping[str, RowLife]:
    lives = {}
    watched_tables = {rule.table for rule in given.rules}
    for name, table in given.snapshot.tables.items():
        if is_ledger(table.schema) and name not in watched_tables:
            continue  # figures read it; nobody follows its rows
        memory = given.memory.tables.get(name)
        if memory is not None and given.memory.answers.get(name) is Answer.ACT:
            memory = replace(memory, accepted=True)
        settle = table.schema.settle if table.schema.settle is not None else given.house.settle
        lives[name] = follow_rows(
            given.last_table(name),
            table,
            given.memory.rows.get(name, {}),
            memory,
            settle=settle,
            now=given.now,
            written=written_cells(given.memory, name),
        )
    return lives


def _open_day(
    given: TickInput,
    lives: Mapping[str, RowLife],
    awake: Iterable[Rule],
    stored: Mapping[str, RuleMemory],
    renames: MemoryChange,
    struck: Mapping[str, Struck],
) -> Day:
    positions = {
        name: {key: row for row, key in enumerate(watched(given.snapshot, name).keys.to_list())}
        for name in {rule.table for rule in awake}
    }
    memories = {
        rule.id: remember_own(given, given.memory.rules.get(rule.id) or RuleMemory(rule.id, table=rule.table))
        for rule in given.rules
    }
    under_way: dict[str, set[tuple[str, int, str]]] = {}
    for one in given.memory.open_deliveries.values():
        effect = one.delivery.effect
        under_way.setdefault(effect.rule, set()).add((effect.key, effect.n, effect.entry))
    frozen = {rule: frozenset(entries) for rule, entries in under_way.items()}
    return Day(
        given,
        given.surroundings(),
        lives,
        positions,
        memories,
        frozen,
        stored,
        renames,
        struck,
        Figuring(given, given.snapshot),
        Turns(dict(given.memory.turns)),
    )


def _step_rules(day: Day, awake: list[Rule]) -> tuple[list[RuleStep], list[Problem]]:
    given = day.given
    pasts = {
        rule.id: with_returned(
            past_of(
                given,
                day.memories[rule.id],
                day.life(rule.table).new_since(day.memories[rule.id].looked_at),
                {**last_readable(day.memories[rule.id]), **unseen_cells(given, day.memories[rule.id])},
            ),
            rule.table,
            day.life(rule.table).returned,
            given.house.zone,
        )
        for rule in awake
    }
    masks = look_at_rules(given, awake, pasts, day.moments(), day.figuring)
    # A rule with a schedule, or with `keep`, has no baseline: nobody asks what mattered under its old text.
    edited = [rule for rule in awake if _has_baseline(rule) and _is_edited(rule, given)]
    old_masks = look_back(given, edited)
    steps: list[RuleStep] = []
    problems: list[Problem] = []
    added: AddedSoFar = {}
    for rule in awake:
        now = masks[rule.id]
        if isinstance(now, Problem):
            problems.append(now)
            continue
        old = (
            now
            if _was_off(rule, given) and not rule.schedule
            else old_masks.get(rule.id)
            if rule in edited
            else None
        )
        view = _view(day, rule, now, old if isinstance(old, Masks) else None, added)
        view = replace(view, past=pasts[rule.id], stale=stale_rows(rule, given, day.lives))
        step = step_rule(view)
        if has_edges(rule.when) and rule.table:
            unreadable = note_unreadable(given, rule, pasts[rule.id], step.memory)
            step.memory = replace(step.memory, unreadable=unreadable)
        steps.append(step)
    return steps, problems


def _is_edited(rule: Rule, given: TickInput) -> bool:
    memory = given.memory.rules.get(rule.id)
    return memory is not None and bool(memory.version) and memory.version != version_of(rule, given)


def _has_baseline(rule: Rule) -> bool:
    return not rule.schedule and not rule.keep


def _was_off(rule: Rule, given: TickInput) -> bool:
    memory = given.memory.rules.get(rule.id)
    return memory is not None and memory.state == State.OFF


def _view(day: Day, rule: Rule, masks: Masks, old: Masks | None, added: AddedSoFar) -> RuleView:
    given, memory = day.given, day.memories[rule.id]
    table = watched(given.snapshot, rule.table)
    last = given.last_table(rule.table)
    struck = day.struck.get(rule.id)
    label = struck.label if struck is not None else None
    sight = Sight(
        rule=rule,
        masks=masks,
        keys=table.keys,
        position=day.positions[rule.table],
        episodes=given.memory.episodes.get(rule.id, {}),
        now=given.now,
        zone=given.house.zone,
        settling=frozenset() if given.as_if_new else day.life(rule.table).settling,
        own_view=lambda keys: own_view(given, rule, memory, keys),
        instant=given.as_if_new,
        used=memory.used,
        touched=touched_rows(rule, given, day.lives),
    )
    old_sight = None
    if old is not None:
        old_table = table if old is masks or last is None else last
        names = {before: now for name, before, now in day.renames.moved if name == rule.table}
        keys = old_table.keys if old_table is table else old_table.keys.replace(names)
        rows = {key: row for row, key in enumerate(keys.to_list())}
        old_sight = replace(sight, masks=old, keys=keys, position=rows)
    under_way, entries = day.under_way.get(rule.id, frozenset()), {KEPT, *(one.id for one in rule.entries)}
    frame = frame_of(given, given.snapshot, rule.table)
    figures = day.figuring.of(rule, day.moments().get(rule.id, given.now), frame)
    return RuleView(
        given=given,
        around=day.around if label is None else replace(day.around, now=label),
        rule=rule,
        table=table,
        frame=frame if figures is None else figures.on(frame),
        sight=sight,
        memory=memory,
        first=rule.id not in given.memory.rules,
        old=old_sight,
        under_way=under_way,
        orphaned=frozenset((key, n) for key, n, entry in under_way if entry not in entries),
        struck=struck,
        figures=figures,
        turns=day.turns,
        added=added,
        before=last,
    )


def _decide(day: Day, steps: list[RuleStep], problems: list[Problem], waiting: Mapping[str, Problem]) -> Plan:
    """Look at all rules together: conflicts, limits, times, endings, notices."""
    given = day.given
    silent = [step for step in steps if state_of(step.rule, given) is State.WATCH]
    for step in silent:
        step.firings = [_watched(firing) for firing in step.firings]
    loud = [step for step in steps if step not in silent]
    clashes = drop_conflicts(loud, given.house.actions)
    digests = cut_digests(day, loud, frozenset(waiting))
    loud += digests.steps
    held = hold_back(loud, given)
    chain_increases(given, loud)
    time_mails(given, loud)
    foresee_writes(given, loud)
    decided = decide(given.memory, _still_matters(day, steps), given.now, given.house.zone)
    all_steps = [*steps, *digests.steps]
    firings = tuple(firing for step in all_steps for firing in step.firings)
    table_problems = [problem for table in given.snapshot.tables.values() for problem in table.problems]
    late = cancel_writes(given.memory, day.lives, given.house.actions)
    notices = gather_notices(given, all_steps, held, clashes, day.lives, late, waiting)
    told = tell(given, day.around, notices)
    return Plan(
        at=given.now,
        firings=firings,
        notices=tuple(_timed_notice(given, notice) for notice in told),
        baseline={step.rule.id: step.baseline for step in steps if step.baseline},
        held=held.open,
        problems=_distinct(
            [*given.snapshot.broken.values(), *waiting.values(), *problems, *table_problems, *clashes]
            + [problem for step in all_steps for problem in step.problems]
        ),
        change=change_of(day, steps, held, decided, digests),
        snapshots=changed_tables(day),
    )


def _watched(firing: Firing) -> Firing:
    """Record what a rule on `watch` would do, without doing it."""
    deliveries = tuple(replace(one, state=DeliveryState.CANCELLED) for one in firing.deliveries)
    return replace(firing, deliveries=deliveries)


def _still_matters(day: Day, steps: list[RuleStep]) -> Mapping[tuple[str, str], bool | None]:
    """Return what `when` says now of the rows that wait in a hold which a person has released."""
    found: dict[tuple[str, str], bool | None] = {}
    by_rule = {step.rule.id: step for step in steps}
    for one in day.given.memory.open_deliveries.values():
        effect = one.delivery.effect
        step = by_rule.get(effect.rule)
        if one.delivery.hold and step is not None:
            episode = step.episodes.get(effect.key) or step.known.get(effect.key)
            found[effect.rule, effect.key] = (
                episode is not None and episode.n == effect.n and episode.phase is Phase.OPEN
            )
    return found


def _timed_notice(given: TickInput, notice: Firing) -> Firing:
    start = permitted_from(given, None, given.now, urgent=False)
    later = start if start > given.now else None
    return replace(notice, deliveries=tuple(replace(one, send_after=later) for one in notice.deliveries))


def _distinct(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))
