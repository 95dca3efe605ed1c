"""When is the next moment at which a virtual shop must look, because something may be due or come true?"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import polars as pl

from rowcall.calendar import CalendarError
from rowcall.calendar import add as add_working
from rowcall.duration import Span, add, resolve_local
from rowcall.episode import Phase
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Rule
from rowcall.memory import Memory
from rowcall.plan import House
from rowcall.rehearsal.flips import flips_of
from rowcall.rehearsal.shop import VirtualShop
from rowcall.schedule import next_label
from rowcall.table import Snapshot

_STEADILY = timedelta(minutes=30)
"""So often is a formula asked that uses NOW()."""


def next_moment(shop: VirtualShop, house: House, snapshot: Snapshot, after: datetime) -> datetime | None:
    """Return the first moment after one at which a timer, a label, a mail or the clock itself calls; None = never."""
    memory = shop.memory
    found = [shop.outbox.next_due(), *_settled(memory, house)]
    for rule in shop.rules:
        found += _timers(rule, memory, house)
        found += _labels(rule, house, after)
        found += _flips(rule, house, snapshot, after)
    return min((moment for moment in found if moment is not None and moment > after), default=None)


def timers_of(rule: Rule, memory: Memory, house: House, key: str) -> Iterator[datetime]:
    """Yield the moments at which something is due for one row."""
    episode = memory.episodes.get(rule.id, {}).get(key)
    if episode is not None and episode.phase is Phase.OPEN:
        yield from (one.due_at for one in episode.progress if one.due_at is not None)
    elif episode is not None and episode.phase is Phase.PENDING and rule.hold_for is not None:
        yield later(rule, house, episode.since, rule.hold_for)
    clock = memory.clocks.get(rule.id, {}).get(key)
    if clock is not None:
        yield from (one.until for one in clock.pauses if one.until is not None)


def later(rule: Rule, house: House, moment: datetime, span: Span) -> datetime:
    """Return the moment so long after, in the rule's working time where the span says so."""
    calendar = house.calendars.get(rule.working_hours)
    if span.working and calendar is not None:
        return add_working(calendar, moment, span)
    return add(moment, span, house.zone)


def _timers(rule: Rule, memory: Memory, house: House) -> list[datetime]:
    keys = {*memory.episodes.get(rule.id, {}), *memory.clocks.get(rule.id, {})}
    found = [moment for key in keys for moment in timers_of(rule, memory, house, key)]
    known = memory.rules.get(rule.id)
    if known is not None and known.looked_at is not None and rule.check_every is not None:
        behind = any(memory.tables[name].snapshot != number for name, number in known.place.items())
        found += [add(known.looked_at, rule.check_every, house.zone)] if behind else []
    return found


def _settled(memory: Memory, house: House) -> list[datetime]:
    """Return when the rows that settle now will have stayed the same for long enough."""
    found = []
    for table, rows in memory.rows.items():
        schema = house.schemas.get(table)
        settle = schema.settle if schema is not None and schema.settle is not None else house.settle
        found += [row.steady_since + settle for row in rows.values() if row.steady_since is not None]
    return found


def _labels(rule: Rule, house: House, after: datetime) -> list[datetime]:
    if not rule.schedule:
        return []
    try:
        return [next_label(rule.schedule, after, house.zone, house.calendars.get(rule.working_hours))]
    except CalendarError:
        return []  # the plan tells what is wrong with the calendar


def _flips(rule: Rule, house: House, snapshot: Snapshot, after: datetime) -> list[datetime]:
    flips = flips_of(rule, house.zone, house.calendars)
    found = [after + _STEADILY] if flips.steadily else []
    if flips.daily:
        tomorrow = after.astimezone(house.zone).date() + timedelta(days=1)
        found.append(resolve_local(datetime.combine(tomorrow, time.min), house.zone))
    for ref, around in flips.cells:
        cells = typed_cells(snapshot, ref)
        for moments in around(cells) if cells is not None else ():
            first = moments.filter(moments > after).min()
            found += [first] if isinstance(first, datetime) else []
    return found


def typed_cells(snapshot: Snapshot, ref: ColumnRef) -> pl.Series | None:
    """Return the typed cells of a column as its own table has them, None if there is no such column now."""
    table = snapshot.tables.get(ref.table)
    return (
        table.typed[ref.column.name] if table is not None and ref.column.name in table.typed.columns else None
    )
