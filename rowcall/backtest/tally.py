"""What came of a back-test, day by day, with a few mails as samples?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rowcall.episode import Ending
from rowcall.errors import Problem
from rowcall.kinds import ActionKind
from rowcall.preview import Json, plan_json, shown_payload
from rowcall.rehearsal import Done, Ticked

SAMPLES = 3


@dataclass(slots=True)
class Count:
    """One day's numbers. firings: rows that the rule acted on; written: cells; held: firings that a limit holds."""

    firings: int = 0
    mails: int = 0
    written: int = 0
    added: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail as it would have gone out."""

    to: str
    subject: str
    text: str


@dataclass(slots=True)
class Tally:
    """The numbers of all days, the first mails, and (if asked for) every step as `preview` prints it."""

    zone: ZoneInfo
    actions: Mapping[str, ActionKind]
    with_steps: bool = False
    days: dict[date, Count] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    steps: list[Json] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    baseline: int = 0

    def note(self, ticked: Ticked) -> None:
        """Take in what one step did."""
        plan = ticked.plan
        day = self.days.setdefault(plan.at.astimezone(self.zone).date(), Count())
        day.firings += len(plan.firings)
        self.baseline += sum(map(len, plan.baseline.values()))
        day.held += sum(1 for firing in plan.firings for one in firing.deliveries[:1] if one.hold)
        for done in ticked.done:
            self._note_done(day, done)
        fresh = [one for one in plan.problems if one not in self.problems]
        self.problems += fresh
        if self.with_steps and (plan.firings or plan.notices or plan.baseline or plan.held or fresh):
            only_new = replace(plan, problems=tuple(fresh))
            self.steps.append(plan_json(only_new, self.actions, self.zone))

    def fill(self, first: datetime, last: datetime) -> None:
        """Give every day its numbers, also those on which nothing could happen."""
        day, end = (moment.astimezone(self.zone).date() for moment in (first, last))
        while day <= end:
            self.days.setdefault(day, Count())
            day += timedelta(days=1)

    def _note_done(self, day: Count, done: Done) -> None:
        if done.notice or done.result.ending is not Ending.SENT:
            return
        if done.delivery.lane == "mail":
            day.mails += 1
            shown = shown_payload(done.delivery, self.actions)
            if len(self.samples) < SAMPLES and "subject" in shown:
                self.samples.append(Sample(str(shown["to"]), str(shown["subject"]), str(shown["text"])))
        elif self.actions[done.delivery.kind].adds is not None:
            day.added += 1
        else:
            day.written += len(done.result.cells)
