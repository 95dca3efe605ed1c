"""What may stand in a rule file?"""

from collections.abc import Mapping

from rowcall.language.meaning import KEYS, LIMITS, WINDOW_KEYS
from rowcall.language.words import Choice, CompareWord, Key, LimitWord, PeriodWord, WindowKey, spellings
from rowcall.schema.forms import (
    DRAFT,
    TEXT,
    YES_NO,
    Json,
    Names,
    each,
    example_text,
    keys,
    needed,
    of_words,
    one_of_names,
    shown,
    whole,
)
from rowcall.schema.parts import (
    CONDITIONS,
    VALUE,
    button,
    columns_of,
    conditions,
    due,
    entry,
    entry_on,
    figure,
    phrase,
    reference,
    schedule,
    value,
)

_ASKED = (Key.WHEN, Key.STOP_WHEN, Key.AGAIN_ONLY_WHEN, Key.PAUSE_WHILE)


def rule_schema(actions: Mapping[str, type], names: Names) -> Json:
    """Return the schema of a rule file. actions: the word of each → its Params."""
    return {
        "$schema": DRAFT,
        "title": "A rule of Rowcall",
        **keys(of_words(_known(names), KEYS)),
        "allOf": [
            *needed(
                spellings(Key.RULE),
                (*spellings(Key.LOOK_AT), *spellings(Key.SCHEDULE)),
                (*spellings(Key.THEN), *spellings(Key.KEEP)),
            ),
            *(_for_table(table, actions, names) for table in names.columns),
        ],
        "$defs": {
            "phrase": phrase(),
            "conditions": conditions("", names),
            **{f"conditions on {table}": conditions(table, names) for table in names.columns},
            "entry": entry(actions, names),
            "value": value(),
            "schedule": schedule(),
            "button": button(),
        },
    }


def _known(names: Names) -> dict[Key, Json]:
    return {
        Key.RULE: TEXT,
        Key.ABOUT: TEXT,
        Key.RESPONSIBLE: {**TEXT, **({"examples": list(names.people)} if names.people else {})},
        Key.LOOK_AT: one_of_names(names.columns),
        **dict.fromkeys(_ASKED, CONDITIONS),
        Key.THEN: {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/entry"}},
        Key.FIGURES: each(figure(names)),
        Key.KEEP: each(VALUE),
        **_times(names),
        **_bounds(),
    }


def _times(names: Names) -> dict[Key, Json]:
    return {
        Key.DUE: due({}),
        Key.WORKING_HOURS: one_of_names(names.calendars),
        Key.SCHEDULE: {"$ref": "#/$defs/schedule"},
        Key.PERIOD: {"anyOf": [{"enum": whole(PeriodWord)}, example_text("last 30 days", "最近30天")]},
        Key.COMPARE_WITH: {
            "anyOf": [{"enum": whole(CompareWord)}, example_text("the 30 days before", "之前30天")]
        },
        Key.FOR: example_text("30 minutes", "2 days", "30分钟", "2天"),
        Key.CHECK_EVERY: example_text("1 hour", "1小时"),
        Key.EXPIRES_AFTER: example_text("3 days", "3天"),
    }


def _bounds() -> dict[Key, Json]:
    window = example_text("weekdays between 09:00 and 19:00", "周一至周五 09:00到19:00")
    drop = {"enum": list(spellings(Choice.DROP))}
    block = keys(of_words({WindowKey.WINDOW: window, WindowKey.OTHERWISE: drop}, WINDOW_KEYS))
    limits = [*(one.example for one in LIMITS.values()), *shown(LimitWord)[len(LimitWord) :]]
    return {
        Key.ONCE_PER_ROW: YES_NO,
        Key.SEND_ONLY: {"anyOf": [window, block]},
        Key.LIMITS: {"anyOf": [TEXT, {"type": "array", "items": example_text(*limits)}]},
        Key.FIRST_RUN: {"enum": whole((Choice.ASK, Choice.ONLY_NEW, Choice.ACT_ON_ALL))},
        Key.STATE: {"anyOf": [{"enum": whole((Choice.ON, Choice.OFF, Choice.WATCH))}, {"type": "boolean"}]},
    }


def _for_table(table: str, actions: Mapping[str, type], names: Names) -> Json:
    """Return what holds of a rule that looks at this table: the columns that its lines know."""
    looks = [{"properties": {key: {"const": table}}, "required": [key]} for key in spellings(Key.LOOK_AT)]
    asked = [spelling for key in _ASKED for spelling in spellings(key)]
    columns = columns_of(table, names)
    kept = {"properties": dict.fromkeys(columns, VALUE)}
    return {
        "if": {"anyOf": looks},
        "then": {
            "properties": {
                **{key: {"$ref": f"#/$defs/{reference(table)}"} for key in asked},
                **{key: {"items": entry_on(table, actions, names)} for key in spellings(Key.THEN)},
                **dict.fromkeys(spellings(Key.KEEP), kept),
                **dict.fromkeys(spellings(Key.DUE), due(columns)),
            }
        },
    }
