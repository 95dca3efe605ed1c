"""What should five rules do about some rows? Episodes told once more, in plain Python and without any of the planner.

A stay is one episode. Everything is asked row by row and worked out from the beginning at each look: slow, and simple
enough to be believed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
UTC = ZoneInfo("UTC")
Cells = Mapping[str, str]
Length = timedelta | int
"""Exact time, or days of the calendar."""
OF_DUE = ("before due", "due", "after due")


@dataclass(frozen=True)
class Step:
    """One entry: `kind` says what its time is counted from."""

    name: str
    kind: str
    span: Length = timedelta(0)
    most: int = 1


@dataclass
class Law:
    """One rule. when: of (cells now, cells before); lasts: None = it lasts until all is done."""

    name: str
    steps: tuple[Step, ...]
    when: Callable[[Cells, Cells], bool]
    lasts: Callable[[Cells], bool] | None
    stop: Callable[[Cells], bool] = lambda _cells: False
    pause: Callable[[Cells], bool] = lambda _cells: False
    once: bool = False
    off: bool = False
    was_off: bool = False
    edited: bool = False
    seen: dict[str, Cells] | None = None
    stays: dict[str, "Stay"] = field(default_factory=dict)
    pauses: dict[str, list[list[datetime | None]]] = field(default_factory=dict)


@dataclass
class Mark:
    """How far one entry has come."""

    fired: int = 0
    fired_at: datetime | None = None
    done: datetime | None = None
    rearmed: bool = False


@dataclass
class Stay:
    """One episode: open, ended or armed."""

    n: int
    phase: str
    opened: datetime
    baseline: bool = False
    marks: dict[str, Mark] = field(default_factory=dict)

    def mark(self, name: str) -> Mark:
        return self.marks.setdefault(name, Mark())


@dataclass
class Queued:
    """A mail on its way."""

    law: Law
    key: str
    stay: Stay
    step: Step
    tag: str


def move(kept: dict[str, Any], old: str, new: str) -> None:  # Any: three sorts of what is known of a row
    kept.pop(new, None)
    if old in kept:
        kept[new] = kept.pop(old)


def later(moment: datetime, span: Length, sign: int = 1) -> datetime:
    if isinstance(span, timedelta):
        return (moment.astimezone(UTC) + sign * span).astimezone(ZONE)
    wall = moment.astimezone(ZONE).replace(tzinfo=None) + sign * timedelta(days=span)
    there = wall.replace(tzinfo=ZONE).astimezone(UTC).astimezone(ZONE)
    if (
        there.replace(tzinfo=None) != wall
    ):  # an hour that the day does not have begins when the clock has gone on
        there = there.replace(minute=0, second=0, microsecond=0)
    return there


@dataclass
class Model:
    """All laws, the mails on their way, and presses not heard yet (law, key, n, what, when)."""

    laws: list[Law]
    queue: list[Queued] = field(default_factory=list)
    presses: list[tuple[str, str, int, str, datetime]] = field(default_factory=list)
    last: dict[str, Cells] = field(default_factory=dict)
    known: dict[str, Cells] = field(default_factory=dict)

    def look(self, now: datetime, rows: Mapping[str, Cells], *, well: bool) -> list[tuple[str, str, str]]:
        """Return the mails (law, entry, tag) that are sent now, until nothing moves any more."""
        self._rename(rows)
        sent: list[tuple[str, str, str]] = []
        gone = self.last.keys() - rows.keys()
        for turn in range(9):
            planned = [self._plan(law, now, rows) for law in self.laws if not law.off]
            if turn == 1:
                self.queue = [one for one in self.queue if one.key not in gone or one.step.kind == "start"]
            delivered = self._deliver(now) if well else []
            sent += delivered
            if turn and not any(planned) and not delivered:
                break
        self.known |= rows
        self.last = dict(rows)
        return sorted(sent)

    def _rename(self, rows: Mapping[str, Cells]) -> None:
        gone = {key: cells for key, cells in self.last.items() if key not in rows}
        for new in rows.keys() - self.last.keys():
            for old in [key for key, cells in gone.items() if cells == rows[new]]:
                for law in self.laws:
                    for kept in (law.stays, law.pauses, law.seen or {}):
                        move(kept, old, new)
                for one in [one for one in self.queue if one.key == old]:
                    one.key = new
                self.presses = [(a, new if key == old else key, *rest) for a, key, *rest in self.presses]  # type: ignore[misc] # the same five
                self.known[new] = self.known.pop(old)
                self.last[new] = self.last.pop(old)

    def _plan(self, law: Law, now: datetime, rows: Mapping[str, Cells]) -> int:
        for key, cells in rows.items():
            self._clock(law, key, cells, now)
        stopped = self._hear(law)
        if law.seen is None or law.was_off:
            law.seen = dict(rows)  # nothing has changed for a rule that was not there
            self._baseline(law, now, rows)
        elif law.edited:
            self._baseline(law, now, law.seen, rows)
        law.was_off = law.edited = False
        planned = 0
        for key, cells in rows.items():
            before = law.seen.get(key, self.known.get(key, {}))
            self._follow(law, key, cells, before, now, stopped=key in stopped)
            planned += self._act(law, key, cells, now)
        law.seen = dict(rows)
        return planned

    def _clock(self, law: Law, key: str, cells: Cells, now: datetime) -> None:
        stays = law.pauses.setdefault(key, [])
        lasting = [one for one in stays if one[1] is None]
        if law.pause(cells) and not lasting:
            stays.append([now, None])
        for one in lasting if not law.pause(cells) else ():
            one[1] = now

    def _hear(self, law: Law) -> set[str]:
        stopped = set()
        for press in [one for one in self.presses if one[0] == law.name]:
            _, key, n, what, at = press
            self.presses.remove(press)
            stay = law.stays.get(key)
            if stay is None or (stay.n, stay.phase) != (n, "open"):
                continue
            if what == "stop":
                stopped.add(key)
            else:
                law.pauses.setdefault(key, []).append([at, later(at, timedelta(hours=2))])
        return stopped

    def _baseline(
        self, law: Law, now: datetime, mattered: Mapping[str, Cells], rows: Mapping[str, Cells] | None = None
    ) -> None:
        for key, cells in mattered.items():
            stay = law.stays.get(key)
            armed = stay is None or stay.phase == "armed"
            if armed and law.when(cells, cells) and not law.stop(cells):
                stay = law.stays[key] = Stay(stay.n + 1 if stay else 1, "open", now, baseline=True)
                for step in law.steps:
                    at = self._time(law, stay, step, key, (rows or mattered).get(key, cells))
                    if step.kind in OF_DUE and at is not None and at <= now:
                        stay.marks[step.name] = Mark(1, now, now)

    def _follow(
        self, law: Law, key: str, cells: Cells, before: Cells, now: datetime, *, stopped: bool
    ) -> None:
        stay = law.stays.get(key)
        paused = law.pause(cells)
        matters = law.lasts is None or paused or law.lasts(cells)
        if stay is not None and stay.phase == "open" and (stopped or law.stop(cells) or not matters):
            stay.phase = "ended"
            self.queue = [
                one for one in self.queue if (one.law, one.key) != (law, key) or one.step.kind == "start"
            ]
        if stay is not None and stay.phase == "ended" and (law.lasts is None or not matters):
            stay.phase = "armed"
        armed = stay is None or (stay.phase == "armed" and not law.once)
        if armed and not paused and not law.stop(cells) and law.when(cells, before):
            law.stays[key] = Stay(stay.n + 1 if stay else 1, "open", now)

    def _act(self, law: Law, key: str, cells: Cells, now: datetime) -> int:
        stay = law.stays.get(key)
        if stay is None or stay.phase != "open":
            return 0
        waiting = {one.step.name for one in self.queue if one.stay is stay}
        for name, mark in stay.marks.items():
            if mark.fired and mark.done is None and name not in waiting:
                mark.done = now  # what was on its way was cancelled
        planned = 0
        for step, at in [(step, self._time(law, stay, step, key, cells)) for step in law.steps]:
            mark = stay.mark(step.name)
            if stay.baseline and step.kind not in OF_DUE:
                continue
            if mark.fired and step.kind in ("due", "after due") and at is not None and mark.fired_at:
                mark.rearmed = at > now or (mark.rearmed and at > mark.fired_at)
            may = mark.rearmed or (mark.fired < step.most)
            if may and at is not None and at <= now:
                stay.marks[step.name] = Mark(mark.fired + 1, now)
                self.queue.append(Queued(law, key, stay, step, cells["Tag"]))
                planned += 1
        if law.lasts is None and all(stay.mark(step.name).fired for step in law.steps):
            stay.phase = "armed"
        return planned

    def _time(self, law: Law, stay: Stay, step: Step, key: str, cells: Cells) -> datetime | None:
        place = law.steps.index(step)
        previous = stay.mark(law.steps[place - 1].name).done if place else stay.opened
        own = stay.mark(step.name)
        if step.kind == "start":
            return stay.opened
        if step.kind == "after":
            return self._run(law, key, stay.opened, step.span)
        if step.kind in ("last", "every"):
            base = own.done if own.fired else previous
            return None if base is None else self._run(law, key, base, step.span)
        if not cells["Opened at"]:
            return None
        due = self._run(law, key, datetime.fromisoformat(cells["Opened at"]).replace(tzinfo=ZONE), 1)
        if due is None or step.kind == "due":
            return due
        return later(due, step.span, -1) if step.kind == "before due" else self._run(law, key, due, step.span)

    def _run(self, law: Law, key: str, base: datetime, span: Length) -> datetime | None:
        moment, free = later(base, span), base
        pauses = law.pauses.get(key, [])
        if any(until is None for _, until in pauses):
            return None
        for since, until in sorted(pauses):
            assert since is not None
            assert until is not None
            begin = max(since, free)
            if since < moment and begin < until:
                moment = later(moment, until.astimezone(UTC) - begin.astimezone(UTC))
                free = until
        return moment

    def _deliver(self, now: datetime) -> list[tuple[str, str, str]]:
        sent = [(one.law.name, one.step.name, one.tag) for one in self.queue]
        for one in self.queue:
            one.stay.mark(one.step.name).done = now
        self.queue = []
        return sent
