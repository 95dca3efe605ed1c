"""What does a rule file say? From its text to one typed Rule, or every mistake in it."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import PurePosixPath

from rowcall.errors import Problem
from rowcall.language.condition import AllOf, Condition
from rowcall.language.conditions import Asked, read_conditions
from rowcall.language.crosscheck import check_rule, check_templates
from rowcall.language.deadline import read_due
from rowcall.language.document import Block, Pair, Text, parse
from rowcall.language.entries import Actions, find_action, read_entries, read_table
from rowcall.language.figures import read_figures, with_figures
from rowcall.language.fingerprint import version_of
from rowcall.language.keep import read_keep
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.rule import Rule
from rowcall.language.rule_keys import (
    PLAIN_FIELDS,
    Pairs,
    is_blank,
    read_compare_with,
    read_period,
    read_text,
    read_working_hours,
)
from rowcall.language.scope import Scope
from rowcall.language.words import Key, find_word, listed, spelled, spellings_of
from rowcall.language.working import counts_working_time

_NOT_OURS = {
    "if": Key.WHEN, "where": Key.WHEN, "condition": Key.WHEN, "conditions": Key.WHEN, "trigger": Key.WHEN,
    "do": Key.THEN, "actions": Key.THEN, "action": Key.THEN, "name": Key.RULE, "title": Key.RULE,
    "table": Key.LOOK_AT, "watch": Key.LOOK_AT, "sheet": Key.LOOK_AT, "description": Key.ABOUT,
    "owner": Key.RESPONSIBLE, "limit": Key.LIMITS, "enabled": Key.STATE, "active": Key.STATE, "until": Key.STOP_WHEN,
    "deadline": Key.DUE, "sla": Key.DUE, "due date": Key.DUE, "due at": Key.DUE, "pause when": Key.PAUSE_WHILE,
    "pause if": Key.PAUSE_WHILE, "paused while": Key.PAUSE_WHILE, "calendar": Key.WORKING_HOURS,
    "business hours": Key.WORKING_HOURS, "opening hours": Key.WORKING_HOURS, "office hours": Key.WORKING_HOURS,
    "cron": Key.SCHEDULE, "at": Key.SCHEDULE, "every": Key.SCHEDULE, "run at": Key.SCHEDULE, "run": Key.SCHEDULE,
    "timeframe": Key.PERIOD, "range": Key.PERIOD, "date range": Key.PERIOD, "compare": Key.COMPARE_WITH,
    "compared with": Key.COMPARE_WITH, "compare to": Key.COMPARE_WITH, "metrics": Key.FIGURES, "kpis": Key.FIGURES,
    "calculate": Key.FIGURES, "kept": Key.KEEP, "columns": Key.KEEP,
}  # fmt: skip
Templates = Callable[[], Collection[str]]


def read_rule(
    source: str | bytes,
    file: str,
    scope: Scope,
    actions: Actions,
    *,
    templates: Templates | None = None,
) -> tuple[Rule | None, tuple[Problem, ...]]:
    """Return the rule that a file says, or None, and everything that is wrong or doubtful in it.

    actions: the word of each action → the Params of its leaf. templates: gives the names of the shop's templates.
    """
    block, notes = parse(source, file)
    if block is None:
        return None, notes.problems
    rule = _build(block, file, scope, actions, notes)
    if rule is None:
        return None, notes.problems
    notes.add(with_excerpts(check_rule(rule), notes))
    if templates is not None:
        notes.add(with_excerpts(check_templates(rule, templates()), notes))
    return (None if notes.errors else rule), notes.problems


def rule_id(file: str) -> str:
    """Return the name by which the ledger knows the rule of a file: `rules/low-stock.yaml` is `low-stock`."""
    return PurePosixPath(file.replace("\\", "/")).name.removesuffix(".yaml")


def with_excerpts(problems: Collection[Problem], notes: Notes) -> list[Problem]:
    """Return the problems with the lines of the file that they speak of."""
    return [replace(one, excerpt=one.excerpt or notes.line(one.place.line)) for one in problems]


def _build(block: Block, file: str, scope: Scope, actions: Actions, notes: Notes) -> Rule | None:
    pairs = _sort_pairs(block, actions, notes)
    table = _read_look_at(pairs, scope, notes)
    inner = replace(
        scope, table=table, rule=rule_id(file), working_hours=read_working_hours(pairs, scope, notes)
    )
    fields: dict[str, object] = {"working_hours": inner.working_hours}
    for key, name, read in PLAIN_FIELDS:
        if key in pairs and not is_blank(pairs[key], notes):
            fields[name] = read(pairs[key], inner, notes)
    inner = _read_times(pairs, inner, notes, fields)
    _check_needed(pairs, block, notes)
    if table or (Key.LOOK_AT not in pairs and Key.SCHEDULE in pairs):
        _read_conditions_of(pairs, inner, notes, fields)
        _read_doing(pairs, inner, actions, notes, fields)
    if notes.errors or None in fields.values():
        return None
    rule = Rule(id=rule_id(file), table=table, version="", place=block.place, **{"entries": (), **fields})  # type: ignore[arg-type] # each reader returns its field's type
    if Key.WORKING_HOURS not in pairs and not counts_working_time(rule):
        rule = replace(
            rule, working_hours=""
        )  # the config's default is no part of a rule that does not use it
    return replace(rule, version=version_of(rule))


def _read_times(pairs: Pairs, scope: Scope, notes: Notes, fields: dict[str, object]) -> Scope:
    """Read the period, the figures and the deadline; return the scope in which they are known."""
    period = read_period(pairs, notes)
    if period is not None:
        fields["period"] = period
        scope = replace(scope, period=period)
    if Key.COMPARE_WITH in pairs:
        fields["compare_with"] = read_compare_with(pairs, period, notes)
    if Key.FIGURES in pairs and not is_blank(pairs[Key.FIGURES], notes):
        node = pairs[Key.FIGURES].value
        figures = read_figures(node, scope, notes)
        fields["figures"] = figures
        scope = with_figures(scope, figures or (), node)
    if Key.DUE in pairs:
        scope = replace(scope, due=True)
        if scope.table and not is_blank(pairs[Key.DUE], notes):
            fields["due"] = read_due(pairs[Key.DUE].value, scope, notes)
    return scope


def _read_doing(
    pairs: Pairs, scope: Scope, actions: Actions, notes: Notes, fields: dict[str, object]
) -> None:
    if Key.KEEP in pairs and scope.table and not is_blank(pairs[Key.KEEP], notes):
        fields["keep"] = read_keep(pairs[Key.KEEP].value, scope, notes)
    if Key.THEN in pairs and not is_blank(pairs[Key.THEN], notes):
        fields["entries"] = read_entries(pairs[Key.THEN].value, scope, actions, notes)


def _check_needed(pairs: Pairs, block: Block, notes: Notes) -> None:
    """Note the keys without which a rule is none, and those that make sense only with others."""
    instead = {Key.LOOK_AT: Key.SCHEDULE, Key.THEN: Key.KEEP}
    for key in (Key.RULE, Key.LOOK_AT, Key.THEN):
        if key not in pairs and instead.get(key) not in pairs:
            notes.mistake(block.place, f"`{spelled(key)}:` is missing in this rule.", fix=_EXAMPLES[key])
    for key in _OF_ROWS if Key.LOOK_AT not in pairs and Key.SCHEDULE in pairs else ():
        if key in pairs:
            what = f"`{pairs[key].key.value}:` is about rows, but this rule looks at no table."
            notes.mistake(pairs[key].key.place, what, fix=f"{_EXAMPLES[Key.LOOK_AT]} Or leave the line out.")
    for key, why in _NOT_SCHEDULED.items() if Key.SCHEDULE in pairs and Key.LOOK_AT in pairs else ():
        if key in pairs:
            what = f"`{pairs[key].key.value}:` does not go with `{spelled(Key.SCHEDULE)}:`: {why}"
            notes.mistake(pairs[key].key.place, what, fix="Leave one of the two out.")


def _sort_pairs(block: Block, actions: Actions, notes: Notes) -> Pairs:
    pairs: dict[Key, Pair] = {}
    for pair in block:
        key = find_word(Key, pair.key.value)
        if key is None:
            _note_unknown(pair.key, actions, notes)
        elif key in pairs:
            first = pairs[key].key
            what = f"`{pair.key.value}:` stands here twice (`{first.value}:` in line {first.place.line})."
            notes.mistake(pair.key.place, what, fix="Remove one of the two lines.")
        else:
            pairs[key] = pair
    return pairs


def _note_unknown(key: Text, actions: Actions, notes: Notes) -> None:
    folded = " ".join(key.value.lower().split())
    if find_action(key.value, actions):
        what = f"`{key.value}:` is an action; it stands in an entry under `then:`."
        notes.mistake(key.place, what, fix="Write it under `then:`, with a dash before it.")
        return
    ours = _NOT_OURS.get(folded)
    near = spelled(ours) if ours else did_you_mean(key.value, spellings_of(Key))
    known = listed(Key, key.value)
    notes.mistake(
        key.place,
        f"`{key.value}:` is not a key of a rule."
        + (f" Did you mean `{near}:`?" if near else f" Possible are {known}."),
        suggestion=notes.corrected(key.place, key.value, near) if near else "",
        fix=f"Possible are {known}.",
    )


def _read_look_at(pairs: Pairs, scope: Scope, notes: Notes) -> str:
    """Return the watched table; for a misspelt one the nearest, so that the rest of the file can be checked."""
    pair = pairs.get(Key.LOOK_AT)
    if pair is None or is_blank(pair, notes):
        return ""
    text = read_text(pair, scope, notes)
    if text is None:
        return ""
    node = pair.value if isinstance(pair.value, Text) else pair.key
    return read_table(node, scope, notes) or did_you_mean(text, scope.schemas)


def _read_conditions_of(pairs: Pairs, scope: Scope, notes: Notes, fields: dict[str, object]) -> None:
    names = {
        Key.WHEN: "when",
        Key.AGAIN_ONLY_WHEN: "again_only_when",
        Key.STOP_WHEN: "stop_when",
        Key.PAUSE_WHILE: "pause_while",
    }
    for key, name in names.items():
        if key in pairs and (scope.table or key is Key.WHEN) and not is_blank(pairs[key], notes):
            fields[name] = _read_conditions(pairs, key, scope, notes)


def _read_conditions(pairs: Pairs, key: Key, scope: Scope, notes: Notes) -> Condition | None:
    asked = Asked(scope, scope.table, edges=key is Key.WHEN)
    condition = read_conditions(pairs[key].value, asked, notes)
    if isinstance(condition, AllOf) and not condition.lines:
        notes.mistake(pairs[key].key.place, f"`{pairs[key].key.value}:` holds no condition.")
    return condition


_EXAMPLES = {
    Key.RULE: "Write its title, for example `rule: Low stock`.",
    Key.LOOK_AT: "Write the table that it watches, for example `look at: Orders`.",
    Key.THEN: "Write what it shall do: `then:`, below it a dash and an action such as `email:`.",
}
_OF_ROWS = (
    Key.FOR, Key.AGAIN_ONLY_WHEN, Key.ONCE_PER_ROW, Key.STOP_WHEN, Key.PAUSE_WHILE, Key.DUE, Key.KEEP, Key.FIRST_RUN,
)  # fmt: skip
_NOT_SCHEDULED = {
    Key.FOR: "rows are looked at only when the schedule strikes, so nobody knows what held in between.",
    Key.AGAIN_ONLY_WHEN: "each time the schedule strikes, every row that matters begins anew.",
    Key.CHECK_EVERY: "the rule is asked when the schedule strikes.",
    Key.FIRST_RUN: "a scheduled rule acts only when the schedule strikes, the first time as always.",
}
