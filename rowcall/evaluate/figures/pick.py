"""Which rows does a figure count, and for which watched row?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from rowcall.errors import Place
from rowcall.evaluate.computed import Computed, FigureKey
from rowcall.evaluate.frame import Frame
from rowcall.evaluate.ground import Ground
from rowcall.evaluate.grounds import Grounds
from rowcall.evaluate.search import (
    Ask,
    Match,
    Matches,
    Parts,
    ask_own,
    ask_pairs,
    names_watched,
    one_group,
    pairs,
    part,
)
from rowcall.language.asking import lines_of, refs_of, watched_refs_of
from rowcall.language.condition import (
    Ago,
    Ahead,
    AllOf,
    Anniversary,
    Between,
    Compare,
    Condition,
    InPeriod,
    Operator,
)
from rowcall.language.ref import THIS, ColumnRef


@dataclass(frozen=True, slots=True)
class Picked:
    """The rows of a table that a figure counts.

    rows: their positions. groups: the group of each, None = they are one group. count: how many groups there are.
    watched: the group of each watched row, null = none (it has no rows); None: the groups are the watched rows, or
    there is one group for all. unsure: watched rows of which nothing can be said. shares: for each of the rows what
    `share with` says of it; null where it can't be said, because a cell is unreadable. left_out: for each row of
    the table whether it may count, of which a cell is unreadable.
    """

    ground: Ground
    rows: pl.Series
    groups: pl.Series | None
    count: int
    watched: pl.Series | None = None
    unsure: pl.Series | None = None
    shares: pl.Series | None = None
    left_out: pl.Series | None = None
    is_unsure: bool = False

    def only(self, kept: pl.Series) -> "Picked":
        """Return the rows for which `kept` is true."""
        return replace(
            self,
            rows=self.rows.filter(kept),
            groups=None if self.groups is None else self.groups.filter(kept),
            shares=None if self.shares is None else self.shares.filter(kept),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure asks of a table. watched: the rows that it is asked for, None = it is asked once.

    figures: those that the conditions name.
    """

    grounds: Grounds
    table: str
    where: Condition | None
    share: Condition | None
    watched: Ground | None
    figures: Mapping[FigureKey, Computed]
    matches: Matches
    ask: Ask
    place: Place

    @property
    def rows(self) -> Frame | None:
        """The watched rows."""
        return None if self.watched is None else self.watched.frame


def pick(question: Question) -> Picked:
    """Return the rows that a figure counts; raises MistakesError if the conditions can't be asked."""
    ground = ground_of(question)
    parts = part(question.where, question.rows)
    own = ask_own(ground, parts.own, question.ask)
    of_pairs = question.share is not None and names_watched(question.share, question.rows)
    left_out = _unreadable(ground, parts.own, own)
    if question.watched is None or not (parts.is_watched or of_pairs):
        picked = _share(Picked(ground, _true(own, ground), None, 1, left_out=left_out), question)
    elif parts.rest or of_pairs:
        picked = _pick_pairs(question, ground, parts, own, question.watched)
    else:
        picked = _share(_pick_groups(question, ground, parts, own, question.watched), question)
    return replace(
        picked,
        left_out=_either(picked.left_out, left_out),
        unsure=_unsure(question, picked.unsure),
        is_unsure=_is_unsure(question),
    )


def ground_of(question: Question) -> Ground:
    """Return the ground of the table that is searched; figures of one value that conditions name stand in it."""
    single = {key: computed for key, computed in question.figures.items() if len(computed) == 1}
    return question.grounds.with_figures(question.table, single)


def _pick_groups(
    question: Question, ground: Ground, parts: Parts, own: pl.Series | None, watched: Ground
) -> Picked:
    found = question.matches.of(question.table, ground, watched, parts.same)
    groups = found.searched
    counted = groups.is_not_null() if own is None else groups.is_not_null() & own.fill_null(value=False)
    rows = counted.arg_true()
    lost = None if found.lost is None else found.lost & _may(own, ground)
    return Picked(ground, rows, groups.gather(rows), found.count, found.watched, found.unsure, left_out=lost)


def _pick_pairs(
    question: Question, ground: Ground, parts: Parts, own: pl.Series | None, watched: Ground
) -> Picked:
    frame = watched.frame
    if parts.same:
        found = question.matches.of(question.table, ground, watched, parts.same)
    else:
        found = Match(one_group(len(ground.frame)), one_group(len(frame)), 1, None, None)
    rows = _true(own, ground)
    unread = _unread(ground, parts.rest) if parts.rest else None
    lost = None if found.lost is None else found.lost & _may(own, ground)
    here, there, shares = [_NO_ROWS], [_NO_ROWS], [pl.Series(dtype=pl.Boolean)]
    for one, other in pairs(found.searched.gather(rows), rows, found.watched, question.place):
        kept = one.is_not_null()
        if parts.rest:
            said = ask_pairs(ground, parts.rest, other, frame.at(one), question.ask)
            kept = said.fill_null(value=False)
            lost = _either(lost, _doubtful(other.filter(said.is_null()), unread))
        here.append(one.filter(kept))
        there.append(other.filter(kept))
        if question.share is not None:
            shares.append(ask_pairs(ground, (question.share,), there[-1], frame.at(here[-1]), question.ask))
    rows = pl.concat(there)
    share = None
    if question.share is not None:
        share = _settle(pl.concat(shares), _unread(ground, (question.share,)), rows)
    return Picked(ground, rows, pl.concat(here), len(frame), None, found.unsure, share, lost)


def _doubtful(rows: pl.Series, unread: pl.Series | None) -> pl.Series | None:
    """Say for every searched row whether it is one of those that may count, and has an unreadable cell."""
    if unread is None or not len(rows):
        return None
    return unread & pl.repeat(value=False, n=len(unread), eager=True).scatter(rows, values=True)


def _share(picked: Picked, question: Question) -> Picked:
    """Add what `share with` says of each row."""
    if question.share is None:
        return picked
    said = ask_own(picked.ground, (question.share,), question.ask)
    if said is None:
        return picked
    said = said.gather(picked.rows)
    return replace(picked, shares=_settle(said, _unread(picked.ground, (question.share,)), picked.rows))


def _settle(said: pl.Series, unread: pl.Series | None, rows: pl.Series) -> pl.Series:
    """Return what is said: unknown where a cell is unreadable; an empty cell fulfils no comparison."""
    if unread is None:
        return said.fill_null(value=False)
    return said.set(said.is_null() & ~unread.gather(rows), value=False)


def _is_unsure(question: Question) -> bool:
    """Say whether a figure that is the same for all rows is unknown, or too empty to compare with."""
    compared = {
        (ref.figure, ref.column.name)
        for condition in (question.where, question.share)
        for ref in ([] if condition is None else _compared(condition))
    }
    for key, computed in question.figures.items():
        if len(computed) == 1 and (computed.unknown[0] or (key in compared and computed.value[0] is None)):
            return True
    return False


def _unsure(question: Question, unsure: pl.Series | None) -> pl.Series | None:
    """Say of which watched rows nothing is known: a cell that is asked for is unreadable, or too empty to compare."""
    frame = question.rows
    if frame is None:
        return None
    found = unsure
    for computed in question.figures.values():
        found = _either(found, computed.unknown if len(computed) > 1 else None)
    for condition in (question.where, question.share):
        if condition is None:
            continue
        for ref in watched_refs_of(condition):
            found = _either(found, None if ref.figure else frame.cells(ref).unknown)
        for ref in _compared(condition):
            is_single = ref.figure and len(frame.figure(ref.figure, ref.column.name)) == 1
            found = _either(found, None if is_single else frame.cells(ref).blank)
    return found if found is not None and found.any() else None


def _compared(condition: Condition) -> list[ColumnRef]:
    """Return the cells of the watched row that lines compare by order or time."""
    found: list[ColumnRef] = []
    for line in lines_of(condition):
        is_plain = isinstance(line, Compare) and line.operator is Operator.EQUAL
        if isinstance(line, Compare | Between | Ago | Ahead | InPeriod | Anniversary) and not is_plain:
            found += [ref for ref in refs_of(line) if ref.links[:1] == (THIS,) or ref.figure]
    return found


def _unreadable(ground: Ground, lines: tuple[Condition, ...], own: pl.Series | None) -> pl.Series | None:
    """Say which rows may count, because of an unreadable cell."""
    if own is None or not own.null_count():
        return None
    unread = _unread(ground, lines)
    return None if unread is None else unread & own.is_null()


def _unread(ground: Ground, lines: tuple[Condition, ...]) -> pl.Series | None:
    """Say in which rows a cell that lines ask about is unreadable."""
    found = None
    refs = refs_of(AllOf(lines, lines[0].place))
    for ref in refs:
        if ref.links[:1] != (THIS,) and not ref.figure:
            found = _either(found, ground.frame.cells(ref).unknown)
    return found


_NO_ROWS = pl.Series(dtype=pl.UInt32)


def _true(own: pl.Series | None, ground: Ground) -> pl.Series:
    if own is None:
        return pl.int_range(len(ground.frame), dtype=pl.UInt32, eager=True)
    return own.arg_true().cast(pl.UInt32)


def _may(own: pl.Series | None, ground: Ground) -> pl.Series:
    if own is None:
        return pl.repeat(value=True, n=len(ground.frame), eager=True)
    return own.fill_null(value=True)


def _either(one: pl.Series | None, other: pl.Series | None) -> pl.Series | None:
    if one is None or other is None:
        return other if one is None else one
    return one | other
