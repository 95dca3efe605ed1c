"""What do the conditions of all rules say about every row of their tables, now and under the old text?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.cells import type_column
from rowcall.errors import Problem
from rowcall.evaluate.frame import Frame, assemble
from rowcall.evaluate.mask import Answer, masks
from rowcall.language.asking import has_edges, while_open
from rowcall.language.condition import Condition
from rowcall.language.rule import Rule
from rowcall.memory import RuleMemory
from rowcall.plan.episodes import Mask, Masks
from rowcall.plan.figuring import Figuring
from rowcall.plan.inputs import TickInput
from rowcall.reading import with_rows
from rowcall.table import Schema, Snapshot, Table

ROWLESS = Table(
    Schema("", "", ""),
    pl.DataFrame({"": [None]}, schema={"": pl.String}),
    pl.DataFrame({"": [None]}, schema={"": pl.String}),
    pl.Series("key", [""], dtype=pl.String),
)
"""Stands where a table's rows would, for a rule without `look at`."""

Own = Mapping[tuple[str, str, str], str]
"""Cells by (table, key, column) → text."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a rule last saw: the tables it evaluated, rows new since then, and its own writes to look through."""

    tables: Mapping[str, Table]
    new: frozenset[str]
    own: Own


def look_at_rules(
    given: TickInput,
    rules: Iterable[Rule],
    pasts: Mapping[str, Past],
    moments: Mapping[str, datetime] | None = None,
    figuring: Figuring | None = None,
) -> Mapping[str, Masks | Problem]:
    """Return, for each rule, its masks or why its conditions can't be asked.

    moments: rule → the label at which a scheduled rule is asked, for those asked at another time than now.
    figuring: where figures are computed once for the whole tick; None = only for this look.
    """
    found: dict[str, Masks | Problem] = {}
    figuring = figuring or Figuring(given, given.snapshot)
    for (table, now), group in _by_table(rules, moments or {}, given.now).items():
        frame = figuring.put(group, now, frame_of(given, given.snapshot, table))
        plain = [rule for rule in group if not has_edges(rule.when)]
        found |= _ask(given, plain, frame, now)
        for past, sharing in _by_past([rule for rule in group if has_edges(rule.when)], pasts):
            found |= _ask(given, sharing, frame.since(past.tables, past.new, past.own), now)
    return found


def look_back(given: TickInput, rules: Iterable[Rule]) -> Mapping[str, Masks | Problem]:
    """Return the rules' masks on the last stored tables: what mattered before these rules were edited.

    Nothing has changed there, so no edge is true. Rules whose table was never stored are left out.
    """
    tables = {name: past for name in given.snapshot.tables if (past := given.last_table(name)) is not None}
    snapshot = Snapshot(given.snapshot.read_at, {**given.snapshot.tables, **tables})
    found: dict[str, Masks | Problem] = {}
    figuring = Figuring(given, snapshot)
    for (table, now), group in _by_table(rules, {}, given.now).items():
        if table in tables:
            frame = figuring.put(group, now, frame_of(given, snapshot, table))
            found |= _ask(given, group, frame.since({}), now)
    return found


def frame_of(given: TickInput, snapshot: Snapshot, table: str) -> Frame:
    """Return the frame of one table's rows as they are now; "": the one occasion of a rule without rows."""
    house = given.house
    seen = watched(snapshot, table)
    return assemble(seen, snapshot, zone=house.zone, language=house.language, calendars=house.calendars)


def watched(snapshot: Snapshot, table: str) -> Table:
    """Return the table that a rule looks at; a rule without `look at` has one row, of no columns and key ""."""
    return snapshot.tables[table] if table else ROWLESS


def ask_row(given: TickInput, frame: Frame, condition: Condition, now: datetime | None = None) -> bool | None:
    """Return what one condition says of the single row of a frame; now: another moment than the tick's."""
    house = given.house
    answer = masks({"row": condition}, frame, now or given.now, house.zone, house.settings)["row"]
    if isinstance(answer, str) or len(answer) != 1:
        return None
    value: bool | None = answer[0]
    return value


def ask_rows(given: TickInput, frame: Frame, condition: Condition, now: datetime) -> Mask:
    """Return what one condition says of every row of a frame; unknown everywhere if it can't be asked."""
    house = given.house
    answer = masks({"rows": condition}, frame, now, house.zone, house.settings)["rows"]
    if isinstance(answer, str):
        return Mask(pl.repeat(None, len(frame), dtype=pl.Boolean, eager=True))
    return Mask(answer)


def past_of(given: TickInput, memory: RuleMemory | None, new: Collection[str], own: Own) -> Past:
    """Return what the rule last evaluated; a table it never saw counts as unchanged."""
    place = memory.place if memory else {}
    tables = {name: stored for name, number in place.items() if (stored := given.before.get((name, number)))}
    return Past(tables, frozenset(new), own)


def with_returned(past: Past, table: str, returned: Mapping[str, Mapping[str, str]], zone: ZoneInfo) -> Past:
    """Return the past with rows that were away for a while as they were last seen: what the rule had evaluated."""
    stored = past.tables.get(table)
    if stored is None or not returned:
        return past
    known = set(stored.keys.to_list())
    rows = [texts for key, texts in returned.items() if key not in known]
    return replace(past, tables={**past.tables, table: with_rows(stored, rows, zone)}) if rows else past


def conditions_of(rule: Rule) -> Mapping[str, Condition]:
    """Return the conditions of a rule that are asked of every row, by their part in its life."""
    asked = {
        "when": rule.when,
        "lasts": while_open(rule.when),
        "stop": rule.stop_when,
        "again": rule.again_only_when,
        "pause": rule.pause_while,
    }
    return {part: condition for part, condition in asked.items() if condition is not None}


def _ask(given: TickInput, rules: list[Rule], frame: Frame, now: datetime) -> dict[str, Masks | Problem]:
    if not rules:
        return {}
    asked = {
        f"{rule.id}\n{part}": condition for rule in rules for part, condition in conditions_of(rule).items()
    }
    answers = masks(asked, frame, now, given.house.zone, given.house.settings)
    return {rule.id: _masks_of(rule, answers) for rule in rules}


def _masks_of(rule: Rule, answers: Mapping[str, Answer]) -> Masks | Problem:
    parts: dict[str, Mask] = {}
    for part in conditions_of(rule):
        answer = answers[f"{rule.id}\n{part}"]
        if isinstance(answer, str):
            return Problem(rule.place, answer, fix="mend the rule or the table; the rule waits until then")
        parts[part] = Mask(answer)
    return Masks(parts["when"], parts.get("lasts"), parts.get("stop"), parts.get("again"), parts.get("pause"))


def _by_table(
    rules: Iterable[Rule], moments: Mapping[str, datetime], now: datetime
) -> dict[tuple[str, datetime], list[Rule]]:
    found: dict[tuple[str, datetime], list[Rule]] = {}
    for rule in rules:
        found.setdefault((rule.table, moments.get(rule.id, now)), []).append(rule)
    return found


def _by_past(rules: list[Rule], pasts: Mapping[str, Past]) -> Iterable[tuple[Past, list[Rule]]]:
    """Group the rules that last saw the same, so that they share one pass."""
    groups: list[tuple[Past, list[Rule]]] = []
    for rule in rules:
        past = pasts[rule.id]
        for other, sharing in groups:
            if _same_past(past, other):
                sharing.append(rule)
                break
        else:
            groups.append((past, [rule]))
    return groups


def with_texts(given: TickInput, cells: Own) -> Snapshot:
    """Return the snapshot with some cells' texts replaced, typed anew."""
    tables = dict(given.snapshot.tables)
    for name in {table for table, _, _ in cells} & tables.keys():
        mine = {(key, column): text for (table, key, column), text in cells.items() if table == name}
        tables[name] = _with_texts(given, tables[name], mine)
    return replace(given.snapshot, tables=tables)


def _with_texts(given: TickInput, table: Table, cells: Mapping[tuple[str, str], str]) -> Table:
    text, typed = table.text, table.typed
    rows = {key: row for row, key in enumerate(table.keys.to_list())}
    for name in {column for _, column in cells} & set(text.columns):
        texts = text[name].to_list()
        for (key, column), written in cells.items():
            if column == name and key in rows:
                texts[rows[key]] = written or None
        series = pl.Series(name, texts, dtype=pl.String)
        text = text.with_columns(series)
        typed = typed.with_columns(
            type_column(table.schema.column(name), series, given.house.zone).alias(name)
        )
    return replace(table, text=text, typed=typed)


def _same_past(one: Past, other: Past) -> bool:
    same_tables = one.tables.keys() == other.tables.keys() and all(
        one.tables[name] is other.tables[name] for name in one.tables
    )
    return same_tables and one.new == other.new and one.own == other.own
