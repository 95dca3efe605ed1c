"""How are half a million episodes and their timers kept and read in a few seconds?

Rows go by SQLAlchemy's types here: values as the database keeps them, moments as whole microseconds.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Text,
    bindparam,
    delete,
    select,
    type_coerce,
)

from rowcall.episode import Episode, Phase, Progress
from rowcall.store import schema
from rowcall.store.dialect import upsert_many
from rowcall.store.schema import to_microseconds, to_moment

_EPISODE = ("rule", "key", "n", "phase", "since", "opened_at", "baseline")
_TIMER = ("rule", "key", "position", "entry", "fired", "fired_at", "done_at", "due_at")


def load_episodes(connection: Connection) -> dict[str, dict[str, Episode]]:
    """Return rule → key → the latest episode."""
    progress = _load_progress(connection)
    moment = cache(to_moment)  # most rows of a baseline share their moments
    phases = {phase.value: phase for phase in Phase}
    episodes: dict[str, dict[str, Episode]] = defaultdict(dict)
    columns = [_raw(schema.episode.c[name]) for name in _EPISODE]
    for rule, key, n, phase, since, opened_at, baseline in connection.execute(select(*columns)):
        began = moment(since)
        assert began is not None  # noqa: S101 - the column is not nullable
        known = progress.get((rule, key), ())
        episodes[rule][key] = Episode(
            rule, key, n, phases[phase], began, moment(opened_at), bool(baseline), known
        )
    return dict(episodes)


def keep_episodes(connection: Connection, episodes: Sequence[Episode]) -> None:
    """Replace or add episodes with their timers."""
    ordered = sorted(episodes, key=lambda one: (one.rule, one.key))  # as the tables are: far quicker
    upsert_many(connection, schema.episode, _EPISODE, [_episode_row(one) for one in ordered])
    _forget_timers(connection, ordered)
    upsert_many(connection, schema.timer, _TIMER, [row for one in ordered for row in _timer_rows(one)])


def forget_episodes(connection: Connection, names: Sequence[tuple[str, str]]) -> None:
    """Delete episodes, named by (rule, key), with their timers."""
    for table in (schema.episode, schema.timer):
        gone = delete(table).where(table.c.rule == bindparam("r"), table.c.key == bindparam("k"))
        if names:
            connection.execute(gone, [{"r": rule, "k": key} for rule, key in names])


def _raw(column: Column[Any]) -> ColumnElement[Any]:  # Any: any column
    if isinstance(column.type, schema.Moment):
        return type_coerce(column, BigInteger)
    return type_coerce(column, Text) if isinstance(column.type, schema.Word) else column


def _load_progress(connection: Connection) -> Mapping[tuple[str, str], tuple[Progress, ...]]:
    timer = schema.timer.c
    columns = [_raw(timer[name]) for name in _TIMER]
    found: dict[tuple[str, str], tuple[Progress, ...]] = {}
    shared = cache(_progress)
    for row in connection.execute(select(*columns).order_by(timer.rule, timer.key, timer.position)):
        name = (row[0], row[1])
        one = shared(*row[3:])
        found[name] = (*found[name], one) if name in found else (one,)
    return found


def _progress(
    entry: str, fired: int, fired_at: int | None, done_at: int | None, due_at: int | None
) -> Progress:
    return Progress(entry, fired, to_moment(fired_at), to_moment(done_at), to_moment(due_at))


def _forget_timers(connection: Connection, episodes: Sequence[Episode]) -> None:
    timer = schema.timer.c
    # A baseline brings half a million episodes of a rule without timers: nothing to delete one by one.
    rules = {one.rule for one in episodes}
    known = {
        rule for rule in rules if connection.execute(select(timer.rule).where(timer.rule == rule)).first()
    }
    stale = delete(schema.timer).where(
        timer.rule == bindparam("r"), timer.key == bindparam("k"), timer.position >= bindparam("p")
    )
    touched = [{"r": one.rule, "k": one.key, "p": len(one.progress)} for one in episodes if one.rule in known]
    if touched:
        connection.execute(stale, touched)


def _episode_row(one: Episode) -> tuple[object, ...]:
    since, opened_at = to_microseconds(one.since), to_microseconds(one.opened_at)
    return (one.rule, one.key, one.n, one.phase.value, since, opened_at, one.baseline)


def _timer_rows(one: Episode) -> Iterator[tuple[object, ...]]:
    for position, step in enumerate(one.progress):
        moments = (to_microseconds(at) for at in (step.fired_at, step.done_at, step.due_at))
        yield (one.rule, one.key, position, step.entry, step.fired, *moments)
