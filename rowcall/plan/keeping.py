"""Which cells does a rule with `keep` want to be different, and what do its rows say once they are?

What is wanted is computed in whole columns. Only rows whose cell differs are looked at one by one: those are few,
or a limit holds them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rowcall.cells import format_cell
from rowcall.duration import add
from rowcall.errors import MistakesError
from rowcall.evaluate.computed import cell_value
from rowcall.evaluate.frame import Frame
from rowcall.language.figure import Kept
from rowcall.language.ref import ColumnRef
from rowcall.language.value import FirstThatFits
from rowcall.memory import Lower, RowClock
from rowcall.plan.chosen import Wanted, choose_column, differing, is_lower
from rowcall.plan.conflicts import cells_of
from rowcall.plan.episodes import value_of
from rowcall.plan.looking import with_texts
from rowcall.plan.rule_view import Keeping, KeptCell, RuleView
from rowcall.scene import fit
from rowcall.table import CellValue

ENTRY = "keep"
"""The entry under which what `keep` writes stands in the ledger."""


def keep_columns(view: RuleView) -> Keeping:
    """Return what the rule wants to be different at this moment."""
    keeping = Keeping()
    for kept in view.rule.keep:
        try:
            wanted = choose_column(view, kept.value, kept.ref)
        except MistakesError as error:
            keeping.problems += [replace(one, place=kept.place) for one in error.problems]
            continue
        _note_column(view, kept, wanted, keeping)
    pending = _pending(view)
    for key in [one for one, cells in keeping.cells.items() if _is_pending(one, cells, pending)]:
        del keeping.cells[key]
    return keeping


def frame_once_kept(view: RuleView, keeping: Keeping) -> Frame:
    """Return the rows as they are once the kept cells are written; before, they were as they are now."""
    texts = {
        (view.rule.table, key, ref.column.name): text
        for key, cells in keeping.cells.items()
        for ref, (_, text) in cells.items()
    }
    if not texts:
        return view.frame.since({})
    snapshot = with_texts(view.given, texts)
    table = snapshot.tables[view.rule.table]
    now = replace(view.frame.view, snapshot=snapshot, table=table, ways={}, made={})
    before = view.frame.view.snapshot.tables
    return replace(view.frame, view=now, made={}).since({view.rule.table: before[view.rule.table]})


def _note_column(view: RuleView, kept: Kept, wanted: Wanted, keeping: Keeping) -> None:
    waiting = set()
    for key, value, text in _differing(view, kept, wanted):
        if _waits(view, kept, wanted, key, value, text, keeping):
            waiting.add(key)
            continue
        keeping.cells.setdefault(key, {})[kept.ref] = (value, text)
    _forget_graces(view, kept, wanted, waiting, keeping)


def _differing(view: RuleView, kept: Kept, wanted: Wanted) -> Iterator[tuple[str, CellValue, str]]:
    """Yield the rows that matter and whose cell is not what it should be, with the value and its text."""
    column, house = kept.ref.column, view.given.house
    cells = view.frame.cells(kept.ref)
    rows = differing(cells, wanted).arg_true()
    keys, values, texts = (one.gather(rows).to_list() for one in (view.frame.keys, wanted.value, cells.text))
    for key, value, text in zip(keys, values, texts, strict=True):
        if not _matters(view, key):
            continue
        typed = fit(cell_value(value, column.kind), column, house.zone)
        shown = format_cell(column, typed, language=house.language, zone=house.zone, like=text or "")
        if shown != (text or ""):
            yield key, typed, shown


def _matters(view: RuleView, key: str) -> bool:
    sight = view.sight
    return (
        key not in sight.settling
        and key not in sight.paused
        and value_of(sight, sight.masks.when, key) is True
        and (sight.masks.stop is None or value_of(sight, sight.masks.stop, key) is False)
    )


def _pending(view: RuleView) -> Mapping[tuple[str, str], str]:
    """Return the texts that are on their way into kept cells: (key, column) → text."""
    return {
        (cell.key, cell.column): cell.after
        for one in view.given.memory.open_deliveries.values()
        if one.delivery.effect.rule == view.rule.id and one.delivery.effect.entry == ENTRY
        for cell in cells_of(one.delivery, view.given.house.actions)
    }


def _is_pending(
    key: str, cells: Mapping[ColumnRef, KeptCell], pending: Mapping[tuple[str, str], str]
) -> bool:
    """Say whether all of a row is on its way already; if not, all is written anew in place of what is."""
    return all(pending.get((key, ref.column.name)) == text for ref, (_, text) in cells.items())


def _waits(
    view: RuleView, kept: Kept, wanted: Wanted, key: str, value: CellValue, text: str, keeping: Keeping
) -> bool:
    """Say whether a lower value has not been chosen for long enough yet, and note since when it is."""
    grace = kept.value.go_down_after if isinstance(kept.value, FirstThatFits) else None
    if grace is None or view.given.as_if_new or not is_lower(view, kept, wanted, key, value):
        return False
    name, now = kept.ref.column.name, view.asked_at
    clock = _clock(view, keeping, key)
    lower = clock.lower.get(name)
    if lower is None or lower.text != text:
        lower = Lower(text, now)
        keeping.clocks[key] = replace(clock, lower={**clock.lower, name: lower})
    return add(lower.since, grace, view.given.house.zone) > now


def _forget_graces(view: RuleView, kept: Kept, wanted: Wanted, waiting: set[str], keeping: Keeping) -> None:
    """Forget since when a lower value was chosen, where another one is now; unknown breaks nothing."""
    name = kept.ref.column.name
    known = view.given.memory.clocks.get(view.rule.id, {})
    for key in {key for key, clock in known.items() if name in clock.lower} - waiting:
        place = view.sight.position.get(key)
        if place is not None and not wanted.known[place]:
            continue
        clock = _clock(view, keeping, key)
        left = {column: lower for column, lower in clock.lower.items() if column != name}
        keeping.clocks[key] = replace(clock, lower=left)


def _clock(view: RuleView, keeping: Keeping, key: str) -> RowClock:
    known = view.given.memory.clocks.get(view.rule.id, {})
    return keeping.clocks.get(key) or known.get(key) or RowClock(view.rule.id, key)
