"""Do the lines of a rule, or the rules of a shop, fit together? What can be seen without any data."""

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeVar

from rowcall.errors import Place, Problem, Severity
from rowcall.language.condition import (
    AllOf,
    Between,
    Compare,
    Condition,
    IsEmpty,
    Literal,
    OneOf,
    Operator,
)
from rowcall.language.contradiction import find_contradiction
from rowcall.language.crosscheck_figures import check_figures
from rowcall.language.figure import Kept
from rowcall.language.fingerprint import meaning
from rowcall.language.ledger import check_ledgers
from rowcall.language.near import did_you_mean
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import AfterLast, Entry, Every, Rule
from rowcall.language.timecheck import check_times
from rowcall.language.timing import time_text
from rowcall.language.value import (
    ByColumn,
    Cells,
    EmptyValue,
    FirstThatFits,
    Increase,
    RowValues,
    Target,
    TemplateName,
    Value,
)
from rowcall.language.value_walk import parts_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Write:
    """One cell that an entry of a rule sets, or that the rule keeps (without an entry)."""

    rule: Rule
    entry: Entry | None
    target: Target | Kept


def check_rule(rule: Rule) -> list[Problem]:
    """Return what in one rule can never work as its author will have meant it."""
    return [
        *_never_true(rule),
        *_entry_order(rule),
        *_same_again(rule),
        *_own_end(rule),
        *_two_values(rule),
        *check_figures(rule),
        *check_times(rule),
        *check_ledgers(rule),
    ]


def check_templates(rule: Rule, names: Collection[str]) -> list[Problem]:
    """Return an error for each template that is not in the shop's `templates` folder."""
    known = ", ".join(sorted(names)) if names else "none"
    return [
        Problem(
            template.place,
            f"There is no template `{template.name}`; the `templates` folder holds: {known}.",
            "Make the file, or name another one.",
            did_you_mean(template.name, names),
        )
        for entry in rule.entries
        for template in _parts_of(entry, TemplateName)
        if template.name not in names
    ]


def conflicts(rules: Sequence[Rule]) -> list[Problem]:
    """Return a warning for each cell that two rules set to different values, if both may matter for one row."""
    found: list[Problem] = []
    for one, other in combinations(rules, 2):
        pairs = product(_changes_of(one), _changes_of(other))
        found += [
            _conflict(first, second)
            for first, second in pairs
            if _clash(first, second) and not _never_one_row(first, second)
        ]
        found += [*_kept_otherwise(one, other), *_kept_otherwise(other, one)]
    return list({(problem.place, problem.what): problem for problem in found}.values())


def writes_of(rule: Rule) -> Iterator[Write]:
    """Yield every cell that a rule sets, in the order written."""
    for entry in rule.entries:
        for cells in _parts_of(entry, Cells):
            for target in cells.targets:
                yield Write(rule, entry, target)


def _changes_of(rule: Rule) -> Iterator[Write]:
    yield from writes_of(rule)
    for kept in rule.keep:
        yield Write(rule, None, kept)


def _parts_of(entry: Entry, kind: type[T]) -> Iterator[T]:
    for act in entry.acts:
        if dataclasses.is_dataclass(act.params):
            for one in dataclasses.fields(act.params):
                value = getattr(act.params, one.name)
                if isinstance(value, kind):
                    yield value


def _never_true(rule: Rule) -> Iterator[Problem]:
    conditions: list[Condition] = [rule.when]
    conditions += [one for one in (rule.again_only_when, rule.stop_when) if one is not None]
    for entry in rule.entries:
        conditions += [AllOf((rule.when, entry.when), entry.place)] if entry.when is not None else []
        if isinstance(entry.timing, Every) and entry.timing.until is not None:
            conditions.append(entry.timing.until)
    for condition in conditions:
        found = find_contradiction(condition)
        if found is not None:
            yield Problem(
                found.place, found.what, "Change one of the two lines.", found.suggestion, Severity.WARNING
            )


def _entry_order(rule: Rule) -> Iterator[Problem]:
    first = rule.entries[0] if rule.entries else None
    if first is not None and isinstance(first.timing, AfterLast):
        span = first.timing.span
        what = (
            f"`{span} after last` counts from the entry before; this is the first, so it counts from start."
        )
        yield Problem(first.place, what, "Say so.", f"at: {span} after start", Severity.WARNING)


def _same_again(rule: Rule) -> Iterator[Problem]:
    again = rule.again_only_when
    if again is not None and meaning(again) == meaning(rule.when):
        what = "`again only when` says the same as `when`: a row that has acted would start anew at once."
        fix = "Say what must have been true in between, or leave the line out."
        yield Problem(_place_of(again, rule.place), what, fix, severity=Severity.WARNING)


def _own_end(rule: Rule) -> Iterator[Problem]:
    for write in writes_of(rule):
        if _makes_false(write.target, rule.when):
            name = write.target.ref.name
            what = (
                f"Setting {name} makes the rule's own `when` false: the row is done once all its entries are."
            )
            yield Problem(write.target.place, what, severity=Severity.NOTE)


def _makes_false(target: Target | Kept, condition: Condition) -> bool:
    if isinstance(condition, AllOf):
        return any(_makes_false(target, line) for line in condition.lines)
    if isinstance(condition, IsEmpty) and condition.ref == target.ref:
        return isinstance(target.value, EmptyValue) == condition.negated
    value = target.value
    if (
        not isinstance(value, Literal)
        or not isinstance(condition, Compare | OneOf)
        or condition.ref != target.ref
    ):
        return False
    if isinstance(condition, Compare) and condition.operator is not Operator.EQUAL:
        return False
    allowed = condition.values if isinstance(condition, OneOf) else (condition.right,)
    if not all(isinstance(one, Literal) for one in allowed):
        return False
    among = any(_same(one.value, value.value) for one in allowed if isinstance(one, Literal))
    return among is condition.negated


def _same(one: object, other: object) -> bool:
    return one.lower() == other.lower() if isinstance(one, str) and isinstance(other, str) else one == other


def _two_values(rule: Rule) -> Iterator[Problem]:
    for first, second in combinations(writes_of(rule), 2):
        one, other = first.entry, second.entry
        if one is None or other is None or one is other or time_text(one.timing) != time_text(other.timing):
            continue
        same_row = first.target.ref.links == second.target.ref.links
        if same_row and _clash(first, second) and not _exclusive(one.when, other.when):
            name = first.target.ref.name
            what = (
                f"{name} is set here and in line {first.target.place.line} at the same time, to different values; "
                "then neither is written."
            )
            fix = "Keep one of them, or give the entries `when:` lines that exclude each other."
            yield Problem(second.target.place, what, fix, severity=Severity.WARNING)


def _clash(first: Write, second: Write) -> bool:
    if _cell(first.target.ref) != _cell(second.target.ref):
        return False
    one, other = first.target.value, second.target.value
    if isinstance(one, Increase) and isinstance(other, Increase):
        return False  # both happen, one after the other
    return meaning(one) != meaning(other) and len(_values_of(one) | _values_of(other)) > 1


def _values_of(value: Value) -> set[str]:
    """Return every value that may be chosen, as its meaning: a table that always says the same says one thing."""
    chosen = [one for one in parts_of(value) if not isinstance(one, ByColumn | FirstThatFits)]
    return {repr(meaning(one)) for one in chosen}


def _cell(ref: ColumnRef) -> tuple[str, str]:
    return ref.table, ref.column.name


def _never_one_row(first: Write, second: Write) -> bool:
    """Say whether two writes of one column can't meet in one row, as far as the rules' conditions tell."""
    one, other = first.rule, second.rule
    if one.table == other.table and first.target.ref.links == second.target.ref.links:
        return _exclusive(one.when, other.when)
    return _exclusive(_about_written(first), _about_written(second))


def _about_written(write: Write) -> Condition:
    """Return those lines of a rule's `when` that speak of the row that is written, seen from that row."""
    links = write.target.ref.links
    when = write.rule.when
    lines = when.lines if isinstance(when, AllOf) else (when,)
    mine = (one for one in lines if isinstance(one, Compare | Between | OneOf | IsEmpty))
    seen = (
        dataclasses.replace(one, ref=dataclasses.replace(one.ref, links=one.ref.links[len(links) :]))
        for one in mine
        if one.ref.links[: len(links)] == links
    )
    return AllOf(tuple(seen), Place())


def _kept_otherwise(adds: Rule, keeps: Rule) -> Iterator[Problem]:
    """Yield a note for each column of a row that one rule adds and the other one keeps at another value."""
    kept = {_cell(one.ref): one for one in keeps.keep}
    for entry in adds.entries:
        for row in _parts_of(entry, RowValues):
            for target in row.targets:
                other = kept.get(_cell(target.ref))
                if other is not None and not _values_of(target.value) >= _values_of(other.value):
                    name, place = target.ref.column.name, other.place
                    what = (
                        f"{name} of a new row is written here, and the rule `{keeps.id}` ({place}) keeps it at a "
                        "value of its own: what is written here lasts until that rule looks."
                    )
                    fix = f"Leave {name} out here; the other rule fills it."
                    yield Problem(target.place, what, fix, severity=Severity.NOTE)


def _exclusive(one: Condition | None, other: Condition | None) -> bool:
    if one is None or other is None:
        return False
    return find_contradiction(AllOf((one, other), Place())) is not None


def _conflict(first: Write, second: Write) -> Problem:
    name, place = _named(first.target.ref, second.target.ref), first.target.place
    here, there = _done(second), _done(first) if second.entry is None or first.entry is None else ""
    by = f"{there} by".strip()
    what = (
        f"{name} is {here} here and {by} the rule `{first.rule.id}` ({place}) to different values; "
        "where both act on one row in one tick, neither is written."
    )
    fix = "Let one rule set the column, or give the rules conditions that exclude each other."
    return Problem(second.target.place, what, fix, severity=Severity.WARNING)


def _named(one: ColumnRef, other: ColumnRef) -> str:
    return other.name if one.name == other.name else f"{one.column.name} of {one.table}"


def _done(write: Write) -> str:
    return "kept" if write.entry is None else "set"


def _place_of(condition: Condition, otherwise: Place) -> Place:
    return condition.place if condition.place.line else otherwise
