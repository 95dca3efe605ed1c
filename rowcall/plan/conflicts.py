"""Do two rules, or two entries, want different values in one cell at the same time?"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rowcall.episode import Delivery, Firing, WrittenCell
from rowcall.errors import Place, Problem
from rowcall.kinds import ActionKind
from rowcall.plan.rule_view import RuleStep
from rowcall.table import CellValue

ADDED = "so much more"
"""What an increase wants of a cell: beside another value it is a conflict, beside another increase it is none."""


def drop_conflicts(steps: Iterable[RuleStep], actions: Mapping[str, ActionKind]) -> list[Problem]:
    """Take out every write of a cell that is wanted with different values; what follows it goes as well.

    Neither value is written: which one is right only a person can say. A write that was planned to come after another
    one sees what that leaves: the two are no conflict, nor are increases of one cell. Returns one problem a cell.
    """
    wanted: dict[tuple[str, str, str], dict[str, tuple[str, str]]] = {}
    chains: dict[str, str] = {}
    steps = list(steps)
    for step in steps:
        for firing in step.firings:
            for delivery in firing.deliveries:
                before = (chains[one] for one in delivery.after if one in chains)
                chains[delivery.id] = next(before, firing.id)
                added = increased(delivery, actions)
                for cell in cells_of(delivery, actions):
                    place = (cell.table, cell.key, cell.column)
                    # Within one entry a later action sees and may overwrite what an earlier one wrote.
                    said = ADDED if cell.column in added else cell.after
                    wanted.setdefault(place, {})[chains[delivery.id]] = (said, step.rule.title)
    clashes = {place: by for place, by in wanted.items() if len({text for text, _ in by.values()}) > 1}
    if not clashes:
        return []
    for step in steps:
        step.firings = [_without(firing, set(clashes), actions) for firing in step.firings]
    return [_problem(place, by) for place, by in clashes.items()]


def cells_of(delivery: Delivery, actions: Mapping[str, ActionKind]) -> tuple[WrittenCell, ...]:
    """Return the cells that a delivery would write, with the texts seen and wanted."""
    kind = actions.get(delivery.kind)
    return tuple(kind.cells(delivery.payload)) if kind is not None and kind.cells is not None else ()


def increased(delivery: Delivery, actions: Mapping[str, ActionKind]) -> Mapping[str, CellValue]:
    """Return the columns that a delivery adds to, and by how much."""
    kind = actions.get(delivery.kind)
    return kind.increases(delivery.payload) if kind is not None and kind.increases is not None else {}


def _without(firing: Firing, clashes: set[tuple[str, str, str]], actions: Mapping[str, ActionKind]) -> Firing:
    out: set[str] = set()
    for delivery in firing.deliveries:
        clashing = any((cell.table, cell.key, cell.column) in clashes for cell in cells_of(delivery, actions))
        if clashing or out & set(delivery.after):
            out.add(delivery.id)
    return replace(firing, deliveries=tuple(one for one in firing.deliveries if one.id not in out))


def _problem(place: tuple[str, str, str], by: Mapping[str, tuple[str, str]]) -> Problem:
    table, key, column = place
    said = "; ".join(sorted({f'"{title}" says "{text}"' for text, title in by.values()}))
    return Problem(
        Place(table=table, header=column, key=key),
        f"two rules want different values in one cell at the same time, so nothing was written: {said}",
        fix="let only one rule set this column, or give the rules conditions that exclude each other",
    )
