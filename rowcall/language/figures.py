"""Which figures does a rule have? From `figures:` to typed figures, in an order in which they can be computed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from rowcall.language.document import Block, Node, Pair, Text, fold_key
from rowcall.language.figure import Figure, Listing
from rowcall.language.figure_block import EXAMPLE, read_figure
from rowcall.language.names import find_column, find_link
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.scope import Scope
from rowcall.language.value import ListName
from rowcall.language.words import FigureKey, find_word
from rowcall.table import Column, Kind

_TAKEN = frozenset(
    {
        "rows",
        "period",
        "figures",
        "rule",
        "shop",
        "now",
        "today",
        "due",
        "elapsed",
        "because",
        "before",
        "this",
        "each",
    }
)


def read_figures(node: Node, scope: Scope, notes: Notes) -> tuple[Figure, ...] | None:
    """Return the figures of a rule, or None with every mistake noted.

    Each stands behind those that it uses; `place` tells the order in which they are written.
    """
    if not isinstance(node, Block) or not node.pairs:
        notes.mistake(node.place, "Under `figures:` stand names, each with its own lines.", fix=EXAMPLE)
        return None
    reading = _Reading(scope, notes, {pair.key.value: pair for pair in node})
    fine = [_check_name(pair.key, reading) for pair in node]
    for name in reading.pairs:
        reading.read(name)
    figures = [figure for figure in reading.done.values() if figure is not None]
    return tuple(figures) if all(fine) and not reading.circle and len(figures) == len(reading.pairs) else None


def with_figures(scope: Scope, figures: tuple[Figure, ...], node: Node | None = None) -> Scope:
    """Return the scope in which the figures are known by their names.

    node: the block that they were read from; a figure that could not be read is then known all the same, so that
    its one mistake does not make others.
    """
    columns = {one.name: Column(one.name, one.kind) for one in figures if _is_single(one)}
    lists = {one.name: one for one in figures if isinstance(one.measure, Listing)}
    known = {one.name for one in figures}
    for pair in node if isinstance(node, Block) else ():
        if pair.key.value not in known:
            columns[pair.key.value] = Column(pair.key.value, Kind.NUMBER)
    return replace(
        scope,
        figures=columns,
        lists={name: one.table for name, one in lists.items()},
        breakdowns=tuple(one.name for one in figures if one.by is not None),
    )


def read_list_name(node: Node, scope: Scope, notes: Notes) -> ListName | None:
    """Return the figure that is a list, as `for each` names it, or None with the mistake noted."""
    if not isinstance(node, Text):
        notes.mistake(node.place, "Here stands the name of a figure that is a list.")
        return None
    if node.value in scope.lists:
        return ListName(node.value, node.place)
    if node.value in scope.figures or node.value in scope.breakdowns:
        what = f"The figure `{node.value}` is no list, so there is nothing to go through."
        notes.mistake(node.place, what, fix="A list has `list:` with columns among its lines.")
        return None
    near = did_you_mean(node.value, scope.lists)
    known = f"the lists are {', '.join(scope.lists)}" if scope.lists else "this rule has no lists"
    notes.mistake(
        node.place,
        f"There is no list `{node.value}`; {known}." + (f" Did you mean `{near}`?" if near else ""),
        suggestion=notes.corrected(node.place, node.value, near) if near else "",
        fix="A list is a figure with `list:` and columns.",
    )
    return None


def _is_single(figure: Figure) -> bool:
    return figure.by is None and not isinstance(figure.measure, Listing)


class _Known(Mapping[str, Column]):
    """The figures as columns; one that is asked for is read first."""

    def __init__(self, reading: "_Reading", names: tuple[str, ...]) -> None:
        self.reading, self.names = reading, names

    def __getitem__(self, name: str) -> Column:
        if name not in self.names:
            raise KeyError(name)
        return self.reading.column(name)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


@dataclass(slots=True)
class _Reading:
    """How far the figures of one rule are read; a figure is read when another one asks for it."""

    scope: Scope
    notes: Notes
    pairs: Mapping[str, Pair]
    done: dict[str, Figure | None] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    circle: bool = False

    def read(self, name: str) -> None:
        """Read a figure, after those that it uses."""
        if name in self.done:
            return
        self.open.append(name)
        figure = read_figure(self.pairs[name], self.inner(), self.notes)
        self.open.pop()
        self.done[name] = figure

    def column(self, name: str) -> Column:
        """Return a figure as a column; a circle is noted where it closes."""
        if name in self.open:
            self._note_circle(name)
            return Column(name, Kind.NUMBER)
        self.read(name)
        figure = self.done[name]
        return Column(name, figure.kind if figure is not None else Kind.NUMBER)

    def inner(self) -> Scope:
        """Return the scope in which the figures know each other."""
        lists = [name for name, pair in self.pairs.items() if _has(pair, FigureKey.LIST)]
        broken = [name for name, pair in self.pairs.items() if name not in lists and _has(pair, FigureKey.BY)]
        single = tuple(name for name in self.pairs if name not in lists and name not in broken)
        known = _Known(self, single)
        return replace(self.scope, figures=known, lists=dict.fromkeys(lists, ""), breakdowns=tuple(broken))

    def _note_circle(self, name: str) -> None:
        self.circle = True
        way = [*self.open[self.open.index(name) :], name]
        if len(way) == 2:  # noqa: PLR2004 - there and back
            what, fix = (
                f"The figure `{name}` is computed from itself.",
                "Let it be computed from columns or other figures.",
            )
        else:
            what = f"These figures are computed from each other: {' → '.join(way)}."
            fix = "Let one of them be computed from columns only."
        self.notes.mistake(self.pairs[name].key.place, what, fix=fix)


def _has(pair: Pair, wanted: FigureKey) -> bool:
    keys = pair.value.pairs if isinstance(pair.value, Block) else ()
    return any(find_word(FigureKey, one.key.value) is wanted for one in keys)


def _check_name(key: Text, reading: _Reading) -> bool:
    """Note a name that already means something else."""
    name, scope, folded = key.value, reading.scope, fold_key(key.value)
    same = [other for other in reading.pairs if fold_key(other) == folded]
    column = find_column(scope, scope.table, name) if scope.table else None
    link = find_link(scope.schemas.get(scope.table), name)
    if column is not None or link is not None:
        what = f"{scope.table} has a {'column' if column else 'link'} `{name}` already; the figure needs another name."
    elif folded in _TAKEN:
        what = f"`{name}` means something else in mails; the figure needs another name."
    elif same.index(name) > 0:
        what = f"`{same[0]}` and `{name}` are the same name in mails; one of them needs another one."
    elif not name.strip() or any(sign in name for sign in ".[]`{}"):
        what = f"`{name}` can't be the name of a figure: it has no dots and no brackets."
    else:
        return True
    reading.notes.mistake(key.place, what, fix=f"For example `{name.strip('.[]`{} ') or 'Revenue'} so far`.")
    return False
