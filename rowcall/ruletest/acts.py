"""What do people do in a step of a test: type, add, delete, sort, press a button?"""

from collections.abc import Iterator
from datetime import datetime

from rowcall.cells import format_cell
from rowcall.episode import EffectKey
from rowcall.errors import Place, Problem, TemplateError
from rowcall.evaluate.row import read_row
from rowcall.language.document import fold_key
from rowcall.language.near import did_you_mean
from rowcall.language.rule import Entry
from rowcall.language.value import Button
from rowcall.memory import Press
from rowcall.numbers import BLANKS
from rowcall.ruletest.story import Add, Change, Delete, Edit, Pressed, Sort
from rowcall.ruletest.world import World
from rowcall.scene import Scene
from rowcall.table import join_key


class CannotAct(Exception):
    """A step asks for something that nobody could do: the row or the button is not there."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def do_edit(world: World, edit: Edit, now: datetime) -> None:
    """Let somebody do one thing; raises CannotAct."""
    match edit:
        case Change(table=table, key=key, cells=cells, place=place):
            _row(world, table, key, place).update(cells)
            world.workbook.widen(table, list(cells))
        case Add(table=table, cells=cells):
            world.workbook.rows.setdefault(table, []).append(dict(cells))
            world.workbook.widen(table, list(cells))
        case Delete(table=table, key=key, place=place):
            gone = _row(world, table, key, place)
            world.workbook.rows[table] = [row for row in world.workbook.rows[table] if row is not gone]
        case Sort(table=table, column=column, descending=descending):
            rows = world.workbook.rows.get(table, [])
            rows.sort(key=lambda row: _order(row.get(column, "")), reverse=descending)
        case Pressed():
            _press(world, edit, now)


def _row(world: World, table: str, key: str, place: Place) -> dict[str, str]:
    schema = world.schemas[table]
    found = world.workbook.find(schema, key.strip(BLANKS))
    if found is not None:
        return found
    keys = [
        join_key([row.get(name, "") for name in schema.key]) for row in world.workbook.rows.get(table, [])
    ]
    near = did_you_mean(key, keys)
    hint = f'did you mean "{near}"?' if near else f"its rows: {', '.join(keys) or 'none'}"
    raise CannotAct(Problem(place, f'{table} has no row "{key}" at this moment, or more than one ({hint})'))


def _order(text: str) -> tuple[int, float, str]:
    try:
        return (0, float(text), "")
    except ValueError:
        return (1, 0.0, text.casefold())


def _press(world: World, pressed: Pressed, now: datetime) -> None:
    entry, button = _find_button(world, pressed)
    rule, shop = world.rule, world.shop
    episode = shop.memory.episodes.get(rule.id, {}).get(pressed.key)
    if episode is None:
        what = f'no mail about "{pressed.key}" has gone out, so nobody can press "{pressed.button}"'
        raise CannotAct(Problem(pressed.place, what))
    if button.snooze is not None or button.stop:
        number = max([one.number for one in shop.outbox.presses], default=shop.outbox.numbers) + 1
        shop.outbox.numbers = number
        press = Press(number, rule.id, pressed.key, episode.n, button.label, now, button.snooze, button.stop)
        shop.outbox.presses.append(press)
    for table, key, column, text in list(_typed_cells(world, pressed, entry, button, episode.n, now)):
        _row(world, table, key, pressed.place)[column] = text
        world.workbook.widen(table, [column])


def _find_button(world: World, pressed: Pressed) -> tuple[Entry, Button]:
    labels = []
    for entry in world.rule.entries:
        for act in entry.acts:
            buttons_of = world.actions[act.kind].buttons
            buttons = buttons_of(act.params) if buttons_of is not None else None
            for button in buttons.all if buttons is not None else ():
                if fold_key(button.label) == fold_key(pressed.button):
                    return entry, button
                labels.append(button.label)
    near = did_you_mean(pressed.button, labels)
    hint = f'did you mean "{near}"?' if near else f"there are: {', '.join(labels) or 'none'}"
    raise CannotAct(Problem(pressed.place, f'no mail of the rule has a button "{pressed.button}" ({hint})'))


def _typed_cells(
    world: World, pressed: Pressed, entry: Entry, button: Button, n: int, now: datetime
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the cells that a press writes, as (table, key, column, text)."""
    given = world.shop.given(now)
    row = read_row(given.snapshot.tables[world.rule.table], pressed.key, given.snapshot)
    for ref, text in ((button.rate, pressed.rate), (button.comment, pressed.comment)):
        if ref is not None and text:
            yield *row.locate(ref), ref.column.name, text
    around = given.surroundings()
    effect = EffectKey(world.rule.id, pressed.key, n, entry.id, "", "")
    scene = Scene(around, effect, row, world.rule.responsible or around.responsible, button.place)
    for target in button.cells.targets if button.cells is not None else ():
        try:
            value = scene.value(target.value, target.ref.column)
        except TemplateError as error:
            raise CannotAct(Problem(pressed.place, str(error))) from error
        text = format_cell(target.ref.column, value, language=given.house.language, zone=given.house.zone)
        yield *row.locate(target.ref), target.ref.column.name, text
