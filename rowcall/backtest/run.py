"""What would one rule of a shop have done between two days?"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rowcall.backtest.past import Past, past_of
from rowcall.backtest.scope import Grid
from rowcall.backtest.tally import Tally
from rowcall.backtest.walk import start_walk
from rowcall.config import History
from rowcall.errors import MistakesError, Place, Problem, Severity, UsageError, WorkbookError
from rowcall.kinds import action_kinds
from rowcall.language.rule import Rule, State
from rowcall.memory import Memory
from rowcall.plan import House, TickInput
from rowcall.plan.needs import tables_needed
from rowcall.preview import Json, moment_json, problem_json
from rowcall.shop import Shop, house_of, load_rules
from rowcall.snapshots import take_snapshot
from rowcall.table import Snapshot, Table

Tell = Callable[[int], None]
"""Is told how many steps are done."""
MOST_STEPS = 200_000


@dataclass(frozen=True, slots=True)
class Report:
    """What a back-test found. looks: how many of the steps were looked at; the others could change nothing."""

    rule: Rule
    grid: Grid
    tally: Tally
    looks: int
    notes: tuple[Problem, ...]


def make_grid(first: datetime, last: datetime, step: timedelta) -> Grid:
    """Return the moments of a back-test; raises UsageError."""
    if step <= timedelta(0):
        raise UsageError("--step must be some time, like 30m")
    if last < first:
        raise UsageError("--to lies before --from")
    count = (last - first) // step + 1
    if count > MOST_STEPS:
        raise UsageError(f"that would be {count} steps; take a longer --step or fewer days")
    return Grid(first.astimezone(UTC), step, count)


def backtest(
    shop: Shop,
    rule: str,
    grid: Grid,
    now: datetime,
    *,
    with_steps: bool = False,
    tell: Tell = lambda _done: None,
) -> Report:
    """Play a rule over the past of the live sheet; raises MistakesError and WorkbookError."""
    config = shop.config
    snapshot = take_snapshot(
        shop.workbooks, config.tables.values(), now, language=config.shop.language, zone=config.shop.zone
    )
    rules = load_rules(shop, snapshot.tables)
    found = next((one for one in rules.rules if one.id == rule), None)
    if found is None:
        raise MistakesError([one for one in rules.mistakes if one.place.file == f"rules/{rule}.yaml"])
    found = replace(found, state=State.ON)
    schemas = {name: replace(one, settle=timedelta(0)) for name, one in config.tables.items()}
    house = replace(house_of(shop, rules, snapshot.tables), settle=timedelta(0), schemas=schemas)
    needed = _needed(found, house, snapshot, now)
    return rehearse(found, house, needed, config.history, grid, with_steps=with_steps, tell=tell)


def rehearse(
    rule: Rule,
    house: House,
    tables: Mapping[str, Table],
    histories: Mapping[str, History],
    grid: Grid,
    *,
    with_steps: bool = False,
    thorough: bool = False,
    tell: Tell = lambda _done: None,
) -> Report:
    """Play a rule over the past of these tables; thorough: look at every row in every step, which finds the same."""
    pasts = {name: past_of(table, histories.get(name), house.zone) for name, table in tables.items()}
    walk = start_walk(rule, house, pasts, grid, thorough=thorough)
    tally = Tally(house.zone, action_kinds(), with_steps)
    for number, ticked in walk.steps():
        if ticked is not None:
            tally.note(ticked)
        tell(number + 1)
    tally.fill(grid.first, grid.at(grid.count - 1))
    return Report(rule, grid, tally, walk.looks, tuple(_notes(rule, pasts)))


def report_json(report: Report) -> Json:
    """Return a back-test as `backtest --format json` prints it."""
    zone = report.tally.zone
    return {
        "rule": report.rule.id,
        "from": moment_json(report.grid.first, zone),
        "to": moment_json(report.grid.at(report.grid.count - 1), zone),
        "steps looked at": report.looks,
        "days": [
            {
                "day": day.isoformat(),
                "firings": one.firings,
                "mails": one.mails,
                "written": one.written,
                "added": one.added,
                "held": one.held,
            }
            for day, one in sorted(report.tally.days.items())
        ],
        "steps": report.tally.steps,
        "problems": [problem_json(one) for one in (*report.notes, *report.tally.problems)],
    }


def _needed(rule: Rule, house: House, snapshot: Snapshot, now: datetime) -> dict[str, Table]:
    """Return the tables that the rule needs; raises WorkbookError if one can't be used."""
    given = TickInput((rule,), snapshot, Memory(), now, house)
    found = {}
    for name in sorted(tables_needed(rule, given)):
        if name in snapshot.broken:
            problem = snapshot.broken[name]
            raise WorkbookError(str(problem), fix=problem.fix)
        if name in snapshot.tables:
            found[name] = replace(snapshot.tables[name], schema=house.schemas[name])
    return found


def _notes(rule: Rule, pasts: Mapping[str, Past]) -> Iterator[Problem]:
    """Yield what the reader of the numbers must know."""
    for name, past in pasts.items():
        if not past.moved and name == rule.table:
            yield Problem(
                Place(table=name),
                f"the config has no `history` for {name}, so its rows were taken as they are now for the whole time",
                fix="add `history: {appears: COLUMN}` to the table, with the date at which a row comes",
                severity=Severity.WARNING,
            )
        if past.left_out:
            yield Problem(
                Place(table=name, header=past.history.appears),
                f"{past.left_out} rows say not when they came, so they were left out",
                fix=f"fill in {past.history.appears}",
                severity=Severity.WARNING,
            )
        for column, dates in past.history.moments.items():
            yield from _undated(past, name, column, dates)


def _undated(past: Past, name: str, column: str, dates: Mapping[str, str]) -> Iterator[Problem]:
    """Name the values that stand in the sheet now, and of which the history does not tell since when."""
    texts = past.live.text[column].drop_nulls() if column in past.live.text.columns else None
    if texts is None:
        return
    other = texts.filter(~texts.is_in(list(dates)))
    if len(other):
        values = ", ".join(f'"{text}"' for text in sorted(other.unique().to_list())[:3])
        yield Problem(
            Place(table=name, header=column),
            f"{len(other)} rows hold {values} now, and `history` has no date for that: "
            "in the past they hold what their last date says",
            fix=f"add these values with their dates to the history of {column}",
            severity=Severity.WARNING,
        )
