"""What shall a rule do, and when? The entries of `then` with their times and actions."""

import dataclasses
import typing
from collections import Counter
from collections.abc import Mapping

from rowcall.language.answers import read_answer, read_choices, read_scale
from rowcall.language.attaching import read_attachments
from rowcall.language.budget import read_window
from rowcall.language.buttons import read_buttons
from rowcall.language.conditions import Asked, read_conditions
from rowcall.language.document import Blank, Block, Lines, Node, Pair, Text, fold_key
from rowcall.language.figures import read_list_name
from rowcall.language.mail_extras import check_mail, note_no_buttons, read_digest, read_group_by
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.recipients import read_recipients
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Act, Entry, Window
from rowcall.language.scope import Scope
from rowcall.language.shape import Readers, describe_shape, find_key, read_shape
from rowcall.language.timing import read_timing, time_text
from rowcall.language.value import (
    AnswerChoices,
    AnswerColumn,
    Attachments,
    Buttons,
    Cells,
    Digest,
    GroupBy,
    ListName,
    Recipients,
    RowValues,
    Scale,
    TemplateName,
    TextOf,
    Unless,
)
from rowcall.language.value_text import in_each, read_cells, read_row_values
from rowcall.language.words import EntryKey, Key, find_word, is_chinese, spelled, spellings_of

Actions = Mapping[str, type]
"""The word of each action in a rule → the Params of its leaf."""

TABLE_KEY = "to"
"""The key of an action that names the table which its RowValues and Unless speak of."""


def read_entries(node: Node, scope: Scope, actions: Actions, notes: Notes) -> tuple[Entry, ...] | None:
    """Return the entries of `then`, or None with every mistake in them noted."""
    parts = node.parts if isinstance(node, Lines) else (node,)
    if not parts or isinstance(node, Blank | Text):
        notes.mistake(node.place, "`then:` needs at least one entry.", fix=_example(actions))
        return None
    found = [_read_entry(part, scope, actions, notes) for part in parts]
    entries = tuple(entry for entry in found if entry is not None)
    note_no_buttons(entries, scope, notes)
    return _numbered(entries) if len(entries) == len(found) else None


def read_action(word: str, params: type, node: Node, scope: Scope, notes: Notes) -> object | None:
    """Return the Params that the block of one action says, or None with every mistake noted."""
    whole = [one for one in dataclasses.fields(params) if one.metadata.get("whole")]
    if whole:
        reader = field_readers(scope)[typing.get_type_hints(params)[whole[0].name]]
        value = reader(node, notes)
        return None if value is None else params(**{whole[0].name: value})
    if not isinstance(node, Block):
        keys = ", ".join(f"`{key.key}`" for key in describe_shape(params))
        notes.mistake(
            node.place, f"Under `{word}:` stand lines of `key: value`, further in; its keys are {keys}."
        )
        return None
    table, answer = _table_of(node, params, scope, notes), _answer_of(node, params, scope, notes)
    readers = field_readers(scope, table, answer, _list_of(node, params, scope, notes))
    read = read_shape(params, node, notes, readers)
    needed: tuple[str, ...] = getattr(params, "one_needed", ())
    if read is not None and needed and all(getattr(read, name) is None for name in needed):
        keys = " or ".join(f"`{name.replace('_', ' ')}`" for name in needed)
        notes.mistake(node.place, f"`{word}` needs {keys}.")
        return None
    if read is None or not check_mail(read, answer, notes):
        return None
    return read


def field_readers(
    scope: Scope, table: str = "", answer: ColumnRef | None = None, each: str | None = ""
) -> Readers:
    """Return how the types of value.py are read in a scope.

    table: the one that a new row goes to. answer: the column that the answer of an `ask` goes to.
    each: the list that new rows go through, "" = none; None = a mistaken one, so that columns mean nothing.
    """
    known = table and each is not None
    return {
        Recipients: lambda node, notes: read_recipients(node, scope, notes),
        Cells: lambda node, notes: read_cells(node, scope, notes),
        RowValues: lambda node, notes: (
            read_row_values(node, scope, table, notes, each or "") if known else None
        ),
        ListName: lambda node, notes: read_list_name(node, scope, notes),
        Unless: lambda node, notes: (
            _read_unless(node, in_each(scope, each or ""), table, notes) if known else None
        ),
        TextOf: _read_text,
        TemplateName: _read_template,
        Window: read_window,
        Digest: lambda node, notes: read_digest(node, scope, notes),
        GroupBy: lambda node, notes: read_group_by(node, scope, notes),
        Attachments: lambda node, notes: read_attachments(node, scope, notes),
        Buttons: lambda node, notes: read_buttons(node, scope, notes),
        AnswerColumn: lambda node, notes: read_answer(node, scope, notes),
        AnswerChoices: lambda node, notes: read_choices(node, answer, scope, notes),
        Scale: lambda node, notes: read_scale(node, answer, notes),
    }


def _read_entry(node: Node, scope: Scope, actions: Actions, notes: Notes) -> Entry | None:
    if not isinstance(node, Block):
        notes.mistake(
            node.place, "An entry holds actions, each with its lines further in.", fix=_example(actions)
        )
        return None
    times: dict[EntryKey, Pair] = {}
    acts: list[Act | None] = []
    fine = True
    for pair in node:
        key = find_word(EntryKey, pair.key.value)
        word = find_action(pair.key.value, actions)
        if key is not None:
            fine = _is_first(pair.key, times.get(key), notes) and fine
            times[key] = pair
        elif word:
            acts.append(_read_act(word, actions[word], pair, scope, notes))
        else:
            _note_unknown(pair.key, actions, notes)
            acts.append(None)
    if not acts:
        notes.mistake(
            node.place, f"This entry does nothing: it has none of {_listed(actions)}.", fix=_example(actions)
        )
    timing = read_timing(times, scope, notes)
    when = times.get(EntryKey.WHEN)
    condition = None if when is None else read_conditions(when.value, Asked(scope, scope.table), notes)
    known = tuple(act for act in acts if act is not None)
    if (
        not fine
        or timing is None
        or not acts
        or len(known) < len(acts)
        or (when is not None and condition is None)
    ):
        return None
    return Entry("", timing, known, node.place, condition)


def find_action(text: str, actions: Actions) -> str:
    """Return the word of the action that a key is, in any of its spellings, or ""."""
    folded = fold_key(text)
    return next((word for word in actions if folded in map(fold_key, action_spellings(word, actions))), "")


def action_spellings(word: str, actions: Actions) -> tuple[str, ...]:
    """Return every spelling of an action that is understood: English, then those of its Params' `chinese`."""
    return (word, *(one for one in getattr(actions[word], "chinese", "").split("|") if one))


def _is_first(key: Text, before: Pair | None, notes: Notes) -> bool:
    if before is not None:
        what = f"`{key.value}:` stands here twice (`{before.key.value}:` in line {before.key.place.line})."
        notes.mistake(key.place, what, fix="Remove one of the two lines.")
    return before is None


def _read_act(word: str, params: type, pair: Pair, scope: Scope, notes: Notes) -> Act | None:
    node = pair.value if not isinstance(pair.value, Blank) else Block((), pair.key.place)
    read = read_action(word, params, node, scope, notes)
    return None if read is None else Act(params.__module__.rpartition(".")[2], read, pair.key.place)


def _numbered(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    seen: Counter[str] = Counter()
    numbered = []
    for entry in entries:
        name = time_text(entry.timing)
        seen[name] += 1
        numbered.append(dataclasses.replace(entry, id=f"{name}#{seen[name]}"))
    return tuple(numbered)


def _note_unknown(key: Text, actions: Actions, notes: Notes) -> None:
    if find_word(Key, key.value) is not None:
        what = f"`{key.value}:` stands at the top of a rule, not in an entry."
        notes.mistake(key.place, what, fix="Move the line to the left margin.")
        return
    owners = [word for word, params in actions.items() if _has_key(params, key.value)]
    if owners:
        owner = min(owners, key=lambda word: sum(one.required for one in describe_shape(actions[word])))
        what = f"`{key.value}:` belongs to `{owner}`; here it stands beside it."
        notes.mistake(key.place, what, fix=f"Move the line further in, under `{owner}:`.")
        return
    near = did_you_mean(
        key.value,
        [*(one for word in actions for one in action_spellings(word, actions)), *spellings_of(EntryKey)],
    )
    chinese = is_chinese(key.value)
    known = [action_spellings(word, actions)[-1 if chinese else 0] for word in actions]
    known += [spelled(word, chinese=chinese) for word in EntryKey]
    notes.mistake(
        key.place,
        f"`{key.value}:` is not known in an entry; possible are {_listed(known)}."
        + (f" Did you mean `{near}`?" if near else ""),
        suggestion=notes.corrected(key.place, key.value, near) if near else "",
    )


def _has_key(params: type, key: str) -> bool:
    whole = any(one.metadata.get("whole") for one in dataclasses.fields(params))
    return not whole and find_key(params, key) is not None


def _table_of(block: Block, params: type, scope: Scope, notes: Notes) -> str:
    """Return the table that the RowValues of an action speak of, "" with the mistake noted if it is unknown."""
    if not any(hint is RowValues for hint in typing.get_type_hints(params).values()):
        return ""
    wanted = getattr(params, "table_key", TABLE_KEY)
    pair = _pair_of(block, params, wanted)
    if pair is None or not isinstance(pair.value, Text):
        return ""
    return read_table(pair.value, scope, notes)


def read_table(text: Text, scope: Scope, notes: Notes) -> str:
    """Return the name of a table of the config, "" with the mistake noted."""
    if text.value in scope.schemas:
        return text.value
    near = did_you_mean(text.value, scope.schemas)
    notes.mistake(
        text.place,
        f"There is no table `{text.value}`; the tables are {', '.join(scope.schemas)}."
        + (f" Did you mean `{near}`?" if near else ""),
        suggestion=notes.corrected(text.place, text.value, near) if near else "",
        fix="Tables are declared in config.yaml under `tables`.",
    )
    return ""


def _list_of(block: Block, params: type, scope: Scope, notes: Notes) -> str | None:
    """Return the list that an action goes through, "" if none, None with the mistake noted."""
    name = next((name for name, hint in typing.get_type_hints(params).items() if _is_list_name(hint)), "")
    pair = _pair_of(block, params, name)
    if pair is None:
        return ""
    found = None if isinstance(pair.value, Blank) else read_list_name(pair.value, scope, notes)
    return None if found is None else found.name


def _pair_of(block: Block, params: type, field: str) -> Pair | None:
    """Return the line of a block whose key is that field of an action, or None."""
    keys = ((pair, find_key(params, pair.key.value)) for pair in block)
    return next((pair for pair, key in keys if key is not None and key.field == field), None)


def _is_list_name(hint: object) -> bool:
    return hint is ListName or ListName in typing.get_args(hint)


def _answer_of(block: Block, params: type, scope: Scope, notes: Notes) -> ColumnRef | None:
    """Return the column of `answer:`, by which the answers of an action are typed, None if it has none."""
    name = next((name for name, hint in typing.get_type_hints(params).items() if hint is AnswerColumn), "")
    pair = _pair_of(block, params, name)
    answer = None if pair is None or isinstance(pair.value, Blank) else read_answer(pair.value, scope, notes)
    return None if answer is None else answer.ref


def _read_unless(node: Node, scope: Scope, table: str, notes: Notes) -> Unless | None:
    condition = read_conditions(node, Asked(scope, table, edges=False, searching=True), notes)
    return None if condition is None else Unless(table, condition)


def _read_text(node: Node, notes: Notes) -> TextOf | None:
    if isinstance(node, Text) and node.value.strip():
        return TextOf(node.value, node.place)
    notes.mistake(
        node.place,
        "A text must stand here.",
        fix='Texts with `{{ }}` stand in quotes: "Order {{ order_no }}".',
    )
    return None


def _read_template(node: Node, notes: Notes) -> TemplateName | None:
    if isinstance(node, Text) and node.value.strip() and not any(sign in node.value for sign in "/\\{"):
        return TemplateName(node.value.strip(), node.place)
    seen = f", not `{node.value}`" if isinstance(node, Text) else ""
    notes.mistake(
        node.place,
        f"Here stands the name of a file of the `templates` folder{seen}.",
        fix="For example `order-confirmation.html`.",
    )
    return None


def _listed(words: typing.Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _example(actions: Actions) -> str:
    word = next(iter(actions), "email")
    return f"For example a dash, then `{word}:`, and its lines further in."
