"""Does a rule do what its tests say? Plays each test on a virtual shop, step by step."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rowcall.errors import Problem
from rowcall.reading import table_of_text
from rowcall.rehearsal.moments import next_moment
from rowcall.rehearsal.shop import Ticked
from rowcall.ruletest.acts import CannotAct, do_edit
from rowcall.ruletest.coverage import Coverage
from rowcall.ruletest.happened import Happened
from rowcall.ruletest.judge import Failure, Verdict, judge, tell
from rowcall.ruletest.story import Expected, Step, Test
from rowcall.ruletest.world import Backdrop, World, build_world

_A_MOMENT = timedelta(seconds=1)
MOST_LOOKS = 20_000
"""A test that needs more looks than this between two steps runs over years: the rest is not looked at."""


@dataclass(slots=True)
class Played:
    """One test that was played: what failed, what kept it from being played, and how often the rule was asked."""

    test: Test
    failures: list[Failure] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    looks: int = 0

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures and not self.problems


def play(backdrop: Backdrop, test: Test, covered: dict[str, Coverage]) -> Played:
    """Play one test; covered: rule → what was reached of it so far, noted on."""
    played = Played(test)
    world = build_world(backdrop, test)
    if isinstance(world, tuple):
        played.problems = world
        return played
    coverage = covered.setdefault(test.rule, Coverage(world.rule))
    _Player(world, played, coverage).play()
    return played


def _first_look(test: Test) -> datetime:
    """Return when Rowcall sees the tables of a test first: before people do anything, also at the start."""
    first = test.steps[0] if test.steps else None
    at_once = first is not None and first.at == test.start and bool(first.edits)
    return test.start - _A_MOMENT if at_once else test.start


@dataclass(slots=True)
class _Player:
    world: World
    played: Played
    coverage: Coverage
    happened: Happened = field(default_factory=Happened)
    now: datetime | None = None

    def play(self) -> None:
        test = self.played.test
        self._look(_first_look(test))
        for step in test.steps:
            self._wait_until(step.at)
            if not self._act(step):
                return
            self._look(step.at)
            if step.expected is not None:
                self._judge(step.expected, step.at)
        last = test.steps[-1] if test.steps else None
        self._judge(Expected(last.place if last else test.place), last.at if last else test.start)

    def _wait_until(self, at: datetime) -> None:
        """Look wherever something is due before the step."""
        for _ in range(MOST_LOOKS):
            assert self.now is not None  # noqa: S101 - the start was looked at
            snapshot = self.world.look(self.now)
            house = self.world.furnish(snapshot.tables)
            moment = next_moment(self.world.shop, house, snapshot, self.now)
            if moment is None or moment >= at:
                return
            self._look(moment)

    def _act(self, step: Step) -> bool:
        try:
            for edit in step.edits:
                do_edit(self.world, edit, step.at)
        except CannotAct as error:
            self.played.failures.append(
                Failure(error.problem.place, step.at, error.problem.what, others=self._others())
            )
            return False
        if step.restart:
            self._restart()
        return True

    def _restart(self) -> None:
        """Begin with nothing but what a state would hold: texts, typed anew."""
        shop, config = self.world.shop, self.world.backdrop.shop.config
        self.world.open(shop)
        stored = {
            (name, number): table_of_text(self.world.schemas[name], table.text, config.shop.zone)
            for (name, number), table in shop.stored.items()
            if name in self.world.schemas
        }
        self.world.shop.stored = stored

    def _look(self, now: datetime) -> None:
        for ticked in self.world.shop.settle(now):
            self.played.looks += 1
            self._note(ticked)
        self.now = now

    def _note(self, ticked: Ticked) -> None:
        self.happened.note(ticked, self.world.mailbox.taken)
        self.coverage.note(ticked)

    def _judge(self, expected: Expected, at: datetime) -> None:
        world = self.world
        zone = world.backdrop.shop.config.shop.zone
        verdict = Verdict(world, at, world.house(at).people, zone)
        others = self._others()
        self.played.failures += [
            replace(one, others=others) for one in judge(verdict, expected, self.happened)
        ]
        self.happened = Happened()

    def _others(self) -> tuple[str, ...]:
        return tuple(tell(self.happened, self.world.backdrop.shop.config.shop.zone))
