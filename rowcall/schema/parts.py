"""What may stand in the parts of a rule: conditions, values, figures, schedules, deadlines, buttons, entries?"""

from collections.abc import Mapping

from rowcall.language.entries import action_spellings
from rowcall.language.literal import FITTING, KIND_WORDS
from rowcall.language.meaning import BLOCK_KEYS, ENTRY_KEYS, PHRASES, TIMES, VALUES
from rowcall.language.meaning_figures import FIGURE_KEYS, VALUE_KEYS
from rowcall.language.meaning_mails import BUTTON_KEYS
from rowcall.language.meaning_times import COUNTED_FROM, DUE_KEYS, SCHEDULES
from rowcall.language.shape import describe_shape
from rowcall.language.value import Cells
from rowcall.language.words import (
    BlockKey,
    ButtonKey,
    Choice,
    CountedFrom,
    DueKey,
    EntryKey,
    FigureKey,
    FigureWord,
    Phrase,
    ScheduleKey,
    ShowWord,
    Time,
    ValueKey,
    ValueWord,
    spellings,
)
from rowcall.schema.forms import (
    SCALAR,
    TEXT,
    YES_NO,
    Json,
    Names,
    each,
    example_text,
    examples_of,
    keys,
    needed,
    of_words,
    one_of_names,
    one_or_list,
    shown,
    whole,
)
from rowcall.schema.shapes import shape_schema, type_schema
from rowcall.table import Column, Kind

CONDITIONS: Json = {"$ref": "#/$defs/conditions"}
PHRASE: Json = {"$ref": "#/$defs/phrase"}
VALUE: Json = {"$ref": "#/$defs/value"}


def phrase() -> Json:
    """Return what may stand behind a column in a condition."""
    one = {**SCALAR, "examples": [*examples_of(PHRASES), *shown(Phrase)[len(Phrase) :]]}
    return {"anyOf": [one, {"type": "array", "items": one}]}


def conditions(table: str, names: Names) -> Json:
    """Return a block of conditions; columns that are not declared are allowed: they are text."""
    blocks = {"type": "array", "items": CONDITIONS}
    search = one_or_list(
        {"type": "object", "allOf": needed(spellings(FigureKey.IN)), "properties": _in(names)}
    )
    known: dict[BlockKey, Json] = {
        BlockKey.ANY_OF: blocks,
        BlockKey.NONE_OF: blocks,
        BlockKey.ROW: {"enum": list(spellings(Choice.NEW))},
        BlockKey.THERE_IS: search,
        BlockKey.THERE_IS_NO: search,
        BlockKey.FORMULA: PHRASE,
    }
    return {
        "type": "object",
        "properties": {**columns_of(table, names), **of_words(known, BLOCK_KEYS)},
        "additionalProperties": {"anyOf": [PHRASE, blocks]},
    }


def columns_of(table: str, names: Names) -> Json:
    """Return the columns of a table and of those that it is linked to, each with phrases that fit."""
    found = {column: _column(table, column, names) for column in names.columns.get(table, ())}
    for link, other in names.links.get(table, {}).items():
        found[link] = {**PHRASE, "description": f"The linked row of {other}: `missing` or `not missing`."}
        found |= {
            f"{link}.{column}": _column(other, column, names) for column in names.columns.get(other, ())
        }
    return found


def _column(table: str, name: str, names: Names) -> Json:
    column = names.declared.get(table, {}).get(name) or Column(name)
    examples = list(FITTING[column.kind])
    holds = KIND_WORDS[column.kind]
    if column.kind is Kind.CHOICE:
        examples = [*column.choices, f"one of {', '.join(column.choices[:2])}", "empty"]
        holds = f"one of {', '.join(column.choices)}"
    return {**PHRASE, "description": f"A column of {table}: {holds}.", "examples": examples}


def value() -> Json:
    """Return what may stand behind a column: a text, a table by a column, or a list of values with conditions."""
    line = keys(of_words({ValueKey.VALUE: VALUE, ValueKey.WHEN: CONDITIONS}, VALUE_KEYS))
    first = of_words(
        {
            ValueKey.FIRST_THAT_FITS: {"type": "array", "minItems": 1, "items": line},
            ValueKey.GO_DOWN: example_text("90 days", "90天"),
        },
        VALUE_KEYS,
    )
    table = {
        "type": "object",
        "properties": of_words({ValueKey.BY_COLUMN: PHRASE, ValueKey.EVERYTHING_ELSE: VALUE}, VALUE_KEYS),
        "allOf": needed(spellings(ValueKey.BY_COLUMN)),
        "additionalProperties": VALUE,
    }
    text = {**SCALAR, "examples": [*examples_of(VALUES), *shown(ValueWord)[len(ValueWord) :]]}
    return {"anyOf": [text, table, {**keys(first), "allOf": needed(spellings(ValueKey.FIRST_THAT_FITS))}]}


def figure(names: Names) -> Json:
    """Return the lines of one figure."""
    measured: Json = {"anyOf": [SCALAR, {"type": "object"}]}
    known: dict[FigureKey, Json] = dict.fromkeys(FigureKey, measured)
    known |= {
        FigureKey.IN: one_of_names(names.columns),
        FigureKey.WHERE: CONDITIONS,
        FigureKey.SHARE_WITH: CONDITIONS,
        FigureKey.COUNT: {"enum": list(spellings(FigureWord.ROWS))},
        FigureKey.TIME_BETWEEN: PHRASE,
        FigureKey.LIST: PHRASE,
        FigureKey.SORT_BY: PHRASE,
        FigureKey.IN_WORKING_HOURS: YES_NO,
        FigureKey.SHOW_AS: {"enum": whole(ShowWord)},
    }
    return keys(of_words(known, FIGURE_KEYS))


def due(table_columns: Json) -> Json:
    """Return what may stand behind `due`."""
    starts = [*examples_of(COUNTED_FROM), *shown(CountedFrom)[len(CountedFrom) :], *table_columns]
    known: dict[DueKey, Json] = {
        DueKey.COUNTED_FROM: example_text(*starts),
        DueKey.WITHIN: {
            "anyOf": [example_text("4 hours", "2 working days", "4小时", "2个工作日"), {"type": "object"}]
        },
    }
    return {"anyOf": [TEXT, keys(of_words(known, DUE_KEYS))]}


def schedule() -> Json:
    """Return what may stand behind `schedule` and `digest`."""
    written = [one.example for one in SCHEDULES.values() if not one.example.startswith("{")]
    times = [
        one.replace("…", "09:00", 1)
        for one in ("每天…", "周一至周五…", "工作日…", "每周一…", "每月1日…", "每30分钟")
    ]
    cron = keys(of_words({ScheduleKey.CRON: example_text("30 8 * * 1-5")}, SCHEDULES))
    return one_or_list({"anyOf": [example_text(*written, *times, "每30分钟"), cron]})


def button() -> Json:
    """Return a button that is written in place."""
    known: dict[ButtonKey, Json] = dict.fromkeys(ButtonKey, SCALAR)
    known |= {ButtonKey.SET: each(VALUE), ButtonKey.STOP: YES_NO}
    return keys(of_words(known, BUTTON_KEYS))


def entry(actions: Mapping[str, type], names: Names) -> Json:
    """Return one entry of `then`."""
    at = example_text(*examples_of(TIMES), *shown(Time)[len(Time) :])
    known: dict[EntryKey, Json] = {
        EntryKey.AT: at,
        EntryKey.EVERY: example_text("3 days", "3 working days", "3天", "3个工作日"),
        EntryKey.AT_MOST: example_text("4 times", "4次"),
        EntryKey.UNTIL: CONDITIONS,
        EntryKey.WHEN: CONDITIONS,
    }
    doing = {
        spelling: {**_action(params, names), "description": _about(word, params, actions)}
        for word, params in actions.items()
        for spelling in action_spellings(word, actions)
    }
    return keys({**of_words(known, ENTRY_KEYS), **doing})


def entry_on(table: str, actions: Mapping[str, type], names: Names) -> Json:
    """Return what is known of an entry beside its keys when the rule looks at this table."""
    asked = {"$ref": f"#/$defs/{reference(table)}"}
    cells = {"properties": dict.fromkeys(columns_of(table, names), VALUE)}
    sets = {
        spelling: cells
        for word, params in actions.items()
        if _is_cells(params)
        for spelling in action_spellings(word, actions)
    }
    words = (*spellings(EntryKey.UNTIL), *spellings(EntryKey.WHEN))
    return {"properties": {**dict.fromkeys(words, asked), **sets}}


def reference(table: str) -> str:
    """Return the name of the conditions on a table, as a reference says it."""
    return f"conditions on {table}".replace(" ", "%20")


def _about(word: str, params: type, actions: Mapping[str, type]) -> str:
    both = " = ".join(f"`{one}`" for one in action_spellings(word, actions)[:2])
    return f"{(params.__doc__ or '').strip()}\n\n{both}"


def _action(params: type, names: Names) -> Json:
    return type_schema(Cells, names) if _is_cells(params) else shape_schema(params, names)


def _is_cells(params: type) -> bool:
    described = describe_shape(params)
    return len(described) == 1 and described[0].hint is Cells


def _in(names: Names) -> Json:
    return of_words({FigureKey.IN: one_of_names(names.columns)}, {})
