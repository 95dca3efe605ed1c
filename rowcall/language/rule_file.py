"""What does a rule file say? From its text to one typed Rule, or every mistake in it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from rowcall.duration import Span
from rowcall.errors import Problem
from rowcall.language.budget import read_limits, read_window
from rowcall.language.condition import AllOf
from rowcall.language.conditions import Asked, read_conditions
from rowcall.language.crosscheck import check_rule, check_templates
from rowcall.language.document import Blank, Block, Pair, Text, parse
from rowcall.language.entries import Actions, read_entries, read_table
from rowcall.language.fingerprint import version_of
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.plain import read_plain, read_word
from rowcall.language.recipients import read_person
from rowcall.language.rule import FirstRun, Limit, Rule, State, Window
from rowcall.language.scope import Scope
from rowcall.language.timing import read_span
from rowcall.language.words import LATER, Key, LaterKey, find_word, spelled, spellings_of

_INSTEAD_OF_LATER = {
    LaterKey.DUE: "`at: 4 hours after start` or `at: 2 days after COLUMN` may do for now.",
    LaterKey.SCHEDULE: "With `look at` the rule acts as soon as a row matters.",
    LaterKey.WORKING_HOURS: "`send only: weekdays between 09:00 and 19:00` keeps mails to working hours.",
    LaterKey.PAUSE_WHILE: "A condition in `when` may do for now.",
}
_NOT_OURS = {
    "if": Key.WHEN, "where": Key.WHEN, "condition": Key.WHEN, "conditions": Key.WHEN, "trigger": Key.WHEN,
    "do": Key.THEN, "actions": Key.THEN, "action": Key.THEN, "name": Key.RULE, "title": Key.RULE,
    "table": Key.LOOK_AT, "watch": Key.LOOK_AT, "sheet": Key.LOOK_AT, "description": Key.ABOUT,
    "owner": Key.RESPONSIBLE, "limit": Key.LIMITS, "enabled": Key.STATE, "active": Key.STATE, "until": Key.STOP_WHEN,
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
    inner = replace(scope, table=table)
    fields: dict[str, object] = {}
    for key, name, read in _PLAIN_FIELDS:
        if key in pairs and not _is_blank(pairs[key], notes):
            fields[name] = read(pairs[key], inner, notes)
    if table:
        _read_conditions_of(pairs, inner, notes, fields)
        if Key.THEN in pairs and not _is_blank(pairs[Key.THEN], notes):
            fields["entries"] = read_entries(pairs[Key.THEN].value, inner, actions, notes)
    for key in (Key.RULE, Key.LOOK_AT, Key.THEN):
        if key not in pairs:
            notes.mistake(block.place, f"`{spelled(key)}:` is missing in this rule.", fix=_EXAMPLES[key])
    if notes.errors or None in fields.values():
        return None
    rule = Rule(id=rule_id(file), table=table, version="", place=block.place, **fields)  # type: ignore[arg-type] # each reader returns its field's type
    return replace(rule, version=version_of(rule))


def _sort_pairs(block: Block, actions: Actions, notes: Notes) -> dict[Key, Pair]:
    pairs: dict[Key, Pair] = {}
    for pair in block:
        key = find_word(Key, pair.key.value)
        if key is None:
            _note_unknown(pair.key, actions, notes)
        else:
            pairs.setdefault(key, pair)
    return pairs


def _note_unknown(key: Text, actions: Actions, notes: Notes) -> None:
    later = find_word(LaterKey, key.value)
    if later is not None:
        notes.mistake(
            key.place, f"`{key.value}:` {LATER}.", fix=_INSTEAD_OF_LATER.get(later, "Leave it out.")
        )
        return
    folded = " ".join(key.value.lower().split())
    if folded in actions:
        what = f"`{key.value}:` is an action; it stands in an entry under `then:`."
        notes.mistake(key.place, what, fix="Write it under `then:`, with a dash before it.")
        return
    ours = _NOT_OURS.get(folded)
    near = spelled(ours) if ours else did_you_mean(key.value, [*spellings_of(Key), *spellings_of(LaterKey)])
    known = ", ".join(f"`{word}`" for word in spellings_of(Key))
    notes.mistake(
        key.place,
        f"`{key.value}:` is not a key of a rule."
        + (f" Did you mean `{near}:`?" if near else f" Possible are {known}."),
        suggestion=notes.corrected(key.place, key.value, near) if near else "",
        fix=f"Possible are {known}.",
    )


def _is_blank(pair: Pair, notes: Notes) -> bool:
    if isinstance(pair.value, Blank):
        notes.mistake(
            pair.key.place,
            f"Nothing stands behind `{pair.key.value}:`.",
            fix="Fill it in, or remove the line.",
        )
        return True
    return False


def _read_look_at(pairs: Mapping[Key, Pair], scope: Scope, notes: Notes) -> str:
    """Return the watched table; for a misspelt one the nearest, so that the rest of the file can be checked."""
    pair = pairs.get(Key.LOOK_AT)
    if pair is None or _is_blank(pair, notes):
        return ""
    text = _read_text(pair, scope, notes)
    if text is None:
        return ""
    node = pair.value if isinstance(pair.value, Text) else pair.key
    return read_table(node, scope, notes) or did_you_mean(text, scope.schemas)


def _read_text(pair: Pair, scope: Scope, notes: Notes) -> str | None:  # noqa: ARG001 - all readers are called alike
    if isinstance(pair.value, Text) and pair.value.value.strip():
        return pair.value.value.strip()
    notes.mistake(pair.value.place, f"Behind `{pair.key.value}:` stands one text.")
    return None


def _read_responsible(pair: Pair, scope: Scope, notes: Notes) -> str | None:
    if _read_text(pair, scope, notes) is None or not isinstance(pair.value, Text):
        return None
    return read_person(pair.value, scope, notes) or None


def _read_yes(pair: Pair, scope: Scope, notes: Notes) -> bool | None:
    if _read_text(pair, scope, notes) is None or not isinstance(pair.value, Text):
        return None
    value = read_plain(bool, pair.value, notes)
    return value if isinstance(value, bool) else None


def _read_first_run(pair: Pair, scope: Scope, notes: Notes) -> FirstRun | None:
    word = _read_choice(pair, tuple(FirstRun), scope, notes)
    return None if word is None else FirstRun(word)


def _read_state(pair: Pair, scope: Scope, notes: Notes) -> State | None:
    word = _read_choice(pair, tuple(State), scope, notes)
    return None if word is None else State(word)


def _read_choice(pair: Pair, known: tuple[str, ...], scope: Scope, notes: Notes) -> str | None:
    if _read_text(pair, scope, notes) is None or not isinstance(pair.value, Text):
        return None
    return read_word([str(word) for word in known], pair.value, notes)


def _read_duration(pair: Pair, scope: Scope, notes: Notes) -> Span | None:  # noqa: ARG001 - all readers are called alike
    return read_span(pair.value, notes)


def _read_send_only(pair: Pair, scope: Scope, notes: Notes) -> Window | None:  # noqa: ARG001 - all readers are called alike
    return read_window(pair.value, notes)


def _read_limits(pair: Pair, scope: Scope, notes: Notes) -> tuple[Limit, ...] | None:
    return read_limits(pair.value, scope, notes)


def _read_conditions_of(
    pairs: Mapping[Key, Pair], scope: Scope, notes: Notes, fields: dict[str, object]
) -> None:
    names = {Key.WHEN: "when", Key.AGAIN_ONLY_WHEN: "again_only_when", Key.STOP_WHEN: "stop_when"}
    for key, name in names.items():
        if key in pairs and not _is_blank(pairs[key], notes):
            asked = Asked(scope, scope.table, edges=key is Key.WHEN)
            condition = read_conditions(pairs[key].value, asked, notes)
            if isinstance(condition, AllOf) and not condition.lines:
                notes.mistake(pairs[key].key.place, f"`{pairs[key].key.value}:` holds no condition.")
            fields[name] = condition


Reader = Callable[[Pair, Scope, Notes], object | None]
_PLAIN_FIELDS: tuple[tuple[Key, str, Reader], ...] = (
    (Key.RULE, "title", _read_text),
    (Key.ABOUT, "about", _read_text),
    (Key.RESPONSIBLE, "responsible", _read_responsible),
    (Key.FOR, "hold_for", _read_duration),
    (Key.ONCE_PER_ROW, "once_per_row", _read_yes),
    (Key.SEND_ONLY, "send_only", _read_send_only),
    (Key.LIMITS, "limits", _read_limits),
    (Key.FIRST_RUN, "first_run", _read_first_run),
    (Key.CHECK_EVERY, "check_every", _read_duration),
    (Key.EXPIRES_AFTER, "expires_after", _read_duration),
    (Key.STATE, "state", _read_state),
)
_EXAMPLES = {
    Key.RULE: "Write its title, for example `rule: Low stock`.",
    Key.LOOK_AT: "Write the table that it watches, for example `look at: Orders`.",
    Key.THEN: "Write what it shall do: `then:`, below it a dash and an action such as `email:`.",
}
