"""How are the clocks of rows, the turns of roles and pressed buttons kept, and read again?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from rowcall.duration import Span
from rowcall.memory import MemoryChange, Press, RowClock
from rowcall.store import schema
from rowcall.store.dialect import in_parts, upsert

_press = schema.press.c


def load_clocks(connection: Connection) -> dict[str, dict[str, RowClock]]:
    """Return rule → key → its clock."""
    found: dict[str, dict[str, RowClock]] = defaultdict(dict)
    for rule, key, clock in connection.execute(select(schema.row_clock)):
        found[rule][key] = clock
    return dict(found)


def load_turns(connection: Connection) -> dict[str, str]:
    """Return role → the member who was named last."""
    return dict(connection.execute(select(schema.turn)).all())


def load_presses(connection: Connection) -> tuple[Press, ...]:
    """Return the presses that no tick has carried out yet, in order."""
    columns = (
        _press.number,
        _press.rule,
        _press.key,
        _press.n,
        _press.button,
        _press.at,
        _press.snooze,
        _press.stop,
    )
    query = select(*columns).where(~_press.taken).order_by(_press.number)
    return tuple(Press(*row) for row in connection.execute(query))


def keep_clocks(connection: Connection, change: MemoryChange) -> None:
    """Write down what a tick changes in clocks and turns, and which presses it has carried out."""
    clock = schema.row_clock.c
    gone = delete(schema.row_clock).where(clock.rule == bindparam("r"), clock.key == bindparam("k"))
    if change.forgotten_clocks:
        connection.execute(gone, [{"r": rule, "k": key} for rule, key in change.forgotten_clocks])
    rows = [{"rule": one.rule, "key": one.key, "value": one} for one in change.clocks]
    upsert(connection, schema.row_clock, rows)
    upsert(
        connection,
        schema.turn,
        [{"role": role, "member": name} for role, name in sorted(change.turns.items())],
    )
    if change.presses_seen:
        seen = ~_press.taken & (_press.number <= change.presses_seen)
        connection.execute(update(schema.press).where(seen).values(taken=True))


def say_press(
    connection: Connection,
    token: str,
    pressed: tuple[str, str, int],
    button: str,
    at: datetime,
    snooze: Span | None,
    *,
    stop: bool,
) -> bool:
    """Note a pressed button of (rule, key, n); False when this very press was noted before."""
    if connection.execute(select(_press.number).where(_press.token == token)).first() is not None:
        return False
    rule, key, n = pressed
    row = {"token": token, "rule": rule, "key": key, "n": n, "button": button, "at": at}
    told = {"snooze": snooze, "stop": stop, "taken": False}
    connection.execute(insert(schema.press).values(row | told))
    connection.execute(update(schema.meta).values(tick=schema.meta.c.tick + 1))
    return True


def move_clocks(connection: Connection, rules: Iterable[str], keys: Mapping[str, str]) -> None:
    """Let the clocks of renamed rows have their new keys; what an earlier row of a new key left is forgotten."""
    clock = schema.row_clock
    involved = sorted({*keys, *keys.values()})
    moved: list[RowClock] = []
    for rule in rules:
        for some in in_parts(involved):
            mine = clock.c.rule == rule, clock.c.key.in_(some)
            moved += connection.execute(
                select(clock.c.value).where(*mine, clock.c.key.in_(list(keys)))
            ).scalars()
            connection.execute(delete(clock).where(*mine))
    upsert(connection, clock, [_under(one, keys[one.key]) for one in moved])


def _under(clock: RowClock, key: str) -> dict[str, object]:
    return {"rule": clock.rule, "key": key, "value": replace(clock, key=key)}
