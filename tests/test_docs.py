"""Is what the pages say true: tables as the code has them, links that lead somewhere, examples that run?"""

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import typer.main

from docs.generate import ROOT, TABLES, pattern, read_line, sample_scope, stale
from rowcall.cli.app import app
from rowcall.config.load import load_config
from rowcall.config.shapes import ConfigShape, block_keys
from rowcall.kinds import action_words, connector_kinds
from rowcall.language.document import parse
from rowcall.language.meaning import (
    BLOCK_KEYS,
    ENTRY_KEYS,
    KEYS,
    LIMITS,
    OPERANDS,
    PHRASES,
    TIMES,
    VALUES,
    WINDOW_KEYS,
    Meaning,
)
from rowcall.language.meaning_figures import FIGURE_KEYS, FIGURE_WORDS, VALUE_KEYS
from rowcall.language.meaning_mails import BUTTON_KEYS, FORMS
from rowcall.language.meaning_times import (
    COMPARISONS,
    COUNTED_FROM,
    DUE_KEYS,
    FITTING_PERIODS,
    PERIODS,
    SCHEDULES,
)
from rowcall.language.rule import Rule
from rowcall.language.rule_file import read_rule
from rowcall.language.shape import describe_shape
from rowcall.language.words import (
    AttachForm,
    BlockKey,
    ButtonKey,
    CompareWord,
    CountedFrom,
    DueKey,
    EntryKey,
    FigureKey,
    FigureWord,
    Key,
    LimitWord,
    Operand,
    PeriodWord,
    Phrase,
    ScheduleKey,
    ScheduleWord,
    Time,
    ValueKey,
    ValueWord,
    WindowKey,
    spelled,
)
from rowcall.template import FILTERS, TESTS
from tests.plan_day import Day

DOCS = ROOT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
]
SAMPLE = sample_scope()
SCOPE = replace(
    SAMPLE,
    rules=(*SAMPLE.rules, "new-order", "survey-due"),
    schemas={**SAMPLE.schemas, "Customers": replace(SAMPLE.schemas["Customers"], kept=("Tier",))},
    calendars=tuple(dict.fromkeys((*SAMPLE.calendars, "shop", "weekdays"))),
)
ACTIONS = {word: kind.params for word, kind in action_words().items()}
FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<to>[^)\s]+)\)")
IN_A_CLONE = ("make", "git", "python", ".venv/bin/python")
OF_THE_SYSTEM = ("sudo", "cp", "systemctl", "journalctl", "mkdir", "pip", "useradd", "install", "cd")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def fences(kind: str) -> Iterator[tuple[str, int, str]]:
    """Yield (page, line, text) of every example of a kind."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            if found["kind"] == kind:
                body = re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE)
                yield name_of(page), text.count("\n", 0, found.start()) + 1, body


def examples(kind: str) -> list[object]:
    return [pytest.param(text, id=f"{page}:{line}") for page, line, text in fences(kind)]


def in_reference(page: str) -> str:
    return (DOCS / "reference" / page).read_text(encoding="utf-8")


# The reference


def test_the_reference_is_as_the_code_has_it() -> None:
    old = [name_of(file) for file in stale()]
    assert not old, f"python docs/generate.py writes these anew: {', '.join(old)}"


def test_every_table_of_the_reference_is_on_a_page() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in (DOCS / "reference").glob("*.md"))
    assert [name for name in TABLES if f"<!-- made: {name} -->" not in text] == []


@pytest.mark.parametrize(
    ("words", "told", "without"),
    [
        (Key, KEYS, ()),
        (EntryKey, ENTRY_KEYS, ()),
        (BlockKey, BLOCK_KEYS, ()),
        (WindowKey, WINDOW_KEYS, ()),
        (Time, TIMES, ()),
        (ValueWord, VALUES, ()),
        (Operand, OPERANDS, ()),
        (LimitWord, LIMITS, ()),
        (Phrase, PHRASES, ()),
        (FigureKey, FIGURE_KEYS, ()),
        (FigureWord, FIGURE_WORDS, ()),
        (ValueKey, VALUE_KEYS, ()),
        (DueKey, DUE_KEYS, ()),
        (CountedFrom, COUNTED_FROM, ()),
        (ScheduleWord, SCHEDULES, ()),
        (PeriodWord, PERIODS, ()),
        (CompareWord, COMPARISONS, ()),
        (ButtonKey, BUTTON_KEYS, ()),
        (AttachForm, FORMS, ()),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_every_word_has_a_meaning(
    words: type, told: dict[object, Meaning], without: tuple[object, ...]
) -> None:
    assert set(words) - set(told) == set(without)  # type: ignore[call-overload] # an Enum class is iterable


@pytest.mark.parametrize("word", [*PHRASES, *OPERANDS], ids=spelled)
def test_examples_of_phrases_are_understood(word: Phrase | Operand) -> None:
    one = PHRASES[word] if isinstance(word, Phrase) else OPERANDS[word]
    read_line(one, SCOPE)


FIRST = "  - email: {to: Dora, subject: First, text: B}\n"
THEN = f"then:\n{FIRST}"
SECOND = "    email: {to: Dora, subject: Second, text: B}\n"
FIGURES = (
    "rule: A\nlook at: Customers\nworking hours: weekdays\nfigures:\n  Revenue: {in: Orders, sum of: Total}\n"
)
FIGURES += "  Placed: {in: Orders, count: rows}\n  It:\n"


def figure_examples() -> dict[object, str]:
    """Return for each key of a figure the smallest rule in which its example can stand."""
    lines: dict[object, str] = {
        FigureKey.IN: "    EXAMPLE\n    count: rows\n",
        FigureKey.FORMULA: "    EXAMPLE\n",
        FigureKey.SORT_BY: "    in: Orders\n    list: [Order No]\n    EXAMPLE\n",
        FigureKey.AT_MOST: "    in: Orders\n    list: [Order No]\n    EXAMPLE\n",
        FigureKey.IN_WORKING_HOURS: "    in: Orders\n    time between: [Ordered on, Confirmed at]\n    EXAMPLE\n",
        FigureWord.DESCENDING: "    in: Orders\n    list: [Order No]\n    EXAMPLE\n",
        FigureWord.ASCENDING: "    in: Orders\n    list: [Order No]\n    EXAMPLE\n",
    }
    besides = (FigureKey.WHERE, FigureKey.BY, FigureKey.SHOW_AS)
    plain: dict[object, str] = {
        key: "    in: Orders\n    EXAMPLE\n" + ("    count: rows\n" if key in besides else "")
        for key in FigureKey
    }
    then = "then:\n  - email: {to: Dora, subject: A, text: B}\n"
    return {
        key: f"{FIGURES}{text}{then}"
        for key, text in {**plain, FigureWord.ROWS: plain[FigureKey.COUNT], **lines}.items()
    }


def due_examples() -> dict[object, str]:
    """Return for each time that hangs on a deadline the smallest rule in which its example can stand."""
    rule = f"rule: A\nlook at: Orders\ndue: Delivered on\nthen:\n  - EXAMPLE\n{SECOND}"
    return dict.fromkeys((Time.DUE, Time.SHARE, Time.AFTER_DUE, Time.BEFORE_DUE), rule)


def compare_examples() -> dict[object, str]:
    """Return for each comparison the smallest rule in which its example can stand."""
    rule = "rule: A\nschedule: Mondays at 07:45\nfigures: {It: {in: Orders, count: rows}}\n"
    return {word: f"{rule}period: {text}\nEXAMPLE\n{THEN}" for word, text in FITTING_PERIODS.items()}


def value_examples() -> dict[object, str]:
    """Return for each key of a value that is chosen the smallest rule in which its example can stand."""
    note = "rule: A\nlook at: Orders\nthen:\n  - set:\n      Note:\n        "
    keep = "rule: A\nlook at: Customers\nkeep:\n  Tier:\n    first that fits: [{value: Gold}]\n    "
    return {
        ValueKey.BY_COLUMN: f"{note}EXAMPLE\n        Paid: yes\n",
        ValueKey.EVERYTHING_ELSE: f"{note}by column: Status\n        Paid: at once\n        EXAMPLE\n",
        ValueKey.FIRST_THAT_FITS: f"{note}EXAMPLE\n",
        ValueKey.VALUE: f"{note}first that fits:\n          - EXAMPLE\n",
        ValueKey.WHEN: f"{note}first that fits:\n          - value: large\n            EXAMPLE\n",
        ValueKey.GO_DOWN: f"{keep}EXAMPLE\n",
    }


def mail_examples() -> dict[object, str]:
    """Return for each key of a button, and each form of a file, the smallest rule in which its example can stand."""
    mail = "rule: A\nlook at: Orders\nthen:\n  - email:\n      to: Dora\n      subject: A\n      text: B\n"
    button = f"{mail}      buttons:\n        - EXAMPLE\n"
    labelled: dict[object, str] = dict.fromkeys(ButtonKey, f"{button}          label: Press\n")
    scale = f"{button}          label: Press\n          rate: Review score\n"
    form = f"{mail}      digest: every day at 08:30\n      EXAMPLE\n"
    return {
        **labelled,
        ButtonKey.LABEL: f"{button}          stop: yes\n",
        ButtonKey.FROM: scale,
        ButtonKey.TO: scale,
        **dict.fromkeys(AttachForm, form),
    }


BY_WORD: dict[object, str] = {
    Key.RULE: f"EXAMPLE\nlook at: Orders\n{THEN}",
    Key.LOOK_AT: f"rule: A\nEXAMPLE\n{THEN}",
    Key.THEN: "rule: A\nlook at: Orders\nEXAMPLE\n",
    Key.KEEP: "rule: A\nlook at: Customers\nEXAMPLE\n",
    Key.COMPARE_WITH: f"rule: A\nlook at: Orders\nperiod: last week\nEXAMPLE\n{THEN}",
    EntryKey.AT_MOST: f"rule: A\nlook at: Orders\n{THEN}  - every: 3 days\n    EXAMPLE\n{SECOND}",
    EntryKey.UNTIL: f"rule: A\nlook at: Orders\n{THEN}  - every: 3 days\n    EXAMPLE\n{SECOND}",
    ValueWord.DUE: "rule: A\nlook at: Orders\ndue: Delivered on\nthen:\n  - set:\n      EXAMPLE\n",
    Key.KEEP: "rule: A\nlook at: Customers\nEXAMPLE\n",
    Key.COMPARE_WITH: f"rule: A\nlook at: Orders\nperiod: last week\nfigures: {{It: {{in: Orders, count: rows}}}}\nEXAMPLE\n{THEN}",
    DueKey.COUNTED_FROM: f"rule: A\nlook at: Orders\ndue:\n  EXAMPLE\n  within: 2 days\n{THEN}",
    DueKey.WITHIN: f"rule: A\nlook at: Orders\ndue:\n  counted from: start\n  EXAMPLE\n{THEN}",
    ScheduleKey.CRON: f"rule: A\nschedule: EXAMPLE\n{THEN}",
    **due_examples(),
    **compare_examples(),
    **figure_examples(),
    **value_examples(),
    **mail_examples(),
    WindowKey.OTHERWISE: f"rule: A\nlook at: Orders\nsend only:\n  window: between 09:00 and 19:00\n  EXAMPLE\n{THEN}",
}
BY_TABLE: dict[object, str] = {
    CountedFrom: f"rule: A\nlook at: Orders\ndue:\n  EXAMPLE\n  within: 2 days\n{THEN}",
    ScheduleWord: f"rule: A\nworking hours: weekdays\nschedule: EXAMPLE\n{THEN}",
    PeriodWord: f"rule: A\nschedule: Mondays at 07:45\nEXAMPLE\n{THEN}",
    Key: f"rule: A\nlook at: Orders\nEXAMPLE\n{THEN}",
    EntryKey: f"rule: A\nlook at: Orders\n{THEN}  - EXAMPLE\n{SECOND}",
    Time: f"rule: A\nlook at: Orders\n{THEN}  - EXAMPLE\n{SECOND}",
    BlockKey: f"rule: A\nlook at: Orders\nwhen:\n  EXAMPLE\n{THEN}",
    WindowKey: f"rule: A\nlook at: Orders\nsend only:\n  EXAMPLE\n{THEN}",
    ValueWord: "rule: A\nlook at: Orders\nthen:\n  - set:\n      EXAMPLE\n",
    LimitWord: f"rule: A\nlook at: Orders\nlimits:\n  - EXAMPLE\n{THEN}",
}
"""The smallest rule in which an example can stand."""


TOLD: list[tuple[Enum, Meaning]] = [
    *KEYS.items(), *ENTRY_KEYS.items(), *TIMES.items(), *BLOCK_KEYS.items(), *WINDOW_KEYS.items(), *VALUES.items(),
    *FIGURE_KEYS.items(), *FIGURE_WORDS.items(), *VALUE_KEYS.items(), *LIMITS.items(), *DUE_KEYS.items(),
    *COUNTED_FROM.items(), *SCHEDULES.items(), *PERIODS.items(), *COMPARISONS.items(),
    *BUTTON_KEYS.items(), *FORMS.items(),
]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "one"), TOLD, ids=[f"{type(word).__name__} {spelled(word)}" for word, _ in TOLD]
)
def test_examples_of_keys_are_understood(word: Enum, one: Meaning) -> None:
    source = BY_WORD.get(word, BY_TABLE.get(type(word), "")).replace("EXAMPLE", one.example)
    rule, problems = read_rule(source, "rules/example.yaml", SCOPE, ACTIONS)
    assert rule is not None, "\n".join(map(str, problems))


def test_every_name_has_its_line() -> None:
    config, rules = in_reference("config.md"), in_reference("rules.md")
    shapes = [ConfigShape, *block_keys().values(), *(kind.params for kind in connector_kinds().values())]
    wanted = [(config, f"| `{key.key}` |") for shape in shapes for key in describe_shape(shape)]
    wanted += [(rules, f"## Action `{word}`") for word in ACTIONS]
    wanted += [
        (rules, f"| `{key.key}` |")
        for params in ACTIONS.values()
        for key in describe_shape(params)
        if key.field != "cells"
    ]
    wanted += [(in_reference("phrases.md"), f"| `{pattern(word)}` |") for word in PHRASES]
    wanted += [(in_reference("templates.md"), f"| `{name}` |") for name in [*FILTERS, *TESTS]]
    assert [line for page, line in wanted if line not in page] == []


@pytest.mark.parametrize(
    "shape",
    [
        ConfigShape,
        *block_keys().values(),
        *ACTIONS.values(),
        *(one.params for one in connector_kinds().values()),
    ],
    ids=lambda shape: f"{shape.__module__.rpartition('.')[2]}.{shape.__name__}",
)
def test_every_key_has_help(shape: type) -> None:
    assert [key.key for key in describe_shape(shape) if not key.help] == []


# Links and commands


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    dead = [
        to
        for to in (found["to"] for found in LINK.finditer(text))
        if "://" not in to and not to.startswith("#") and not (page.parent / to.partition("#")[0]).exists()
    ]
    assert dead == []


def test_every_page_can_be_reached() -> None:
    linked = {
        (page.parent / found["to"].partition("#")[0]).resolve()
        for page in PAGES
        for found in LINK.finditer(page.read_text(encoding="utf-8"))
    }
    assert [
        name_of(page) for page in DOCS.rglob("*.md") if page not in linked and page != DOCS / "README.md"
    ] == []


def assert_known(words: list[str], line: str) -> None:
    """Fail unless the command and its options are there."""
    root: Any = typer.main.get_command(app)  # Any: typer's own click
    names = [word for word in words if not word.startswith("-")]
    options = {word for word in words if word.startswith("-")}
    command = root.get_command(None, names[0]) if names else root
    assert command is not None, f"no such command: {line}"
    if inner := getattr(command, "commands", None):
        command = inner[names[1]] if names else root
    known = {name for one in (*root.params, *command.params) for name in one.opts} | {"--help"}
    assert options <= known, f"no such option: {line}"


def test_a_command_that_is_not_there_would_be_found() -> None:
    for line in ("chek", "preview --as-new", "outbox lost"):
        with pytest.raises((AssertionError, KeyError)):
            assert_known(line.split(), line)


@pytest.mark.parametrize("text", examples("sh"))
def test_commands_are_known(text: str) -> None:
    for line in text.splitlines():
        words = line.partition("#")[0].replace("&&", "\n").split("\n")
        for command in (part.split() for part in words if part.split()):
            if command[0] == "rowcall":
                assert_known(command[1:], line)
            else:
                assert command[0] in (*IN_A_CLONE, *OF_THE_SYSTEM), line


# Examples in YAML


def understood(text: str, name: str = "example") -> Rule:
    rule, problems = read_rule(text, f"rules/{name}.yaml", SCOPE, ACTIONS)
    assert rule is not None, "\n".join(map(str, problems))
    return rule


def keys_of(text: str) -> list[str]:
    block, notes = parse(text, "example.yaml")
    assert block is not None, "\n".join(map(str, notes.problems))
    return [pair.key.value for pair in block.pairs]


def completed(text: str) -> str:
    """Return a piece of a rule with the lines that every rule needs."""
    keys = keys_of(text)
    rest = {"rule": "rule: A\n", "look at": "look at: Orders\n", "then": "then:\n" + FIRST}
    return text + "".join(line for key, line in rest.items() if key not in keys)


def in_config(text: str) -> str:
    """Return the example config with its parts of these names replaced."""
    whole = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    for key in keys_of(text):
        whole = re.sub(rf"^{key}:.*\n(?:(?:[ #].*)?\n)*", "", whole, flags=re.MULTILINE)
    return f"{whole}\n{text}"


@pytest.mark.parametrize("text", examples("yaml"))
def test_examples_are_understood(text: str, tmp_path: Path) -> None:
    config_keys = {key.key for key in describe_shape(ConfigShape)}
    if set(keys_of(text)) <= config_keys - {"limits"}:
        (tmp_path / "config.yaml").write_text(in_config(text), encoding="utf-8")
        kinds = connector_kinds()
        load_config(
            tmp_path / "config.yaml", {"SMTP_PASSWORD": "x"}, lambda name: kinds[name].params, sorted(kinds)
        )
    else:
        understood(completed(text))


def test_a_wrong_example_would_be_found() -> None:
    with pytest.raises(AssertionError, match="Payed"):
        understood(completed("when: {Status: Payed}\n"))


# Stories: what the pages promise happens


def rule_of(page: str) -> str:
    return next(text for name, _, text in fences("yaml") if name == f"docs/how-to/{page}" and "rule:" in text)


def shop(folder: Path, page: str, **rows: list[dict[str, str]]) -> Day:
    tables = {name: rows.get(name, []) for name in SCOPE.schemas}
    return Day(
        folder, tuple(SCOPE.schemas.values()), tables, {"rule": rule_of(page)}, settings=SCOPE.settings
    )


def row(table: str, **cells: str) -> dict[str, str]:
    named = {name.replace("_", " "): text for name, text in cells.items()}
    return {column.name: "" for column in SCOPE.schemas[table].columns} | named


def test_confirm_new_orders(tmp_path: Path) -> None:
    order = row(
        "Orders", Order_No="1", Status="New", Email="c@example.com", Customer_name="Mia", Total="12.5"
    )
    old = {**order, "Order No": "0", "Status": "Paid"}
    day = shop(tmp_path, "confirm-new-orders.md", Orders=[old, order])
    day.tick("2026-03-02 09:00")
    order["Status"] = "Paid"
    day.rows["Orders"].reverse()
    day.tick("2026-03-02 09:01")
    assert [(mail.to, mail.subject) for mail in day.mails] == [("c@example.com", "Your order 1 is confirmed")]
    assert "Dear Mia,\nwe have your order 1 over €12.50." in day.mails[0].text
    assert (order["Confirmed at"], old["Confirmed at"]) == ("2026-03-02 09:01", "")
    for minute, status in enumerate(("New", "Paid"), 2):
        order["Status"] = status
        day.tick(f"2026-03-02 09:0{minute}")
    assert len(day.mails) == 1


def test_remind_until_somebody_acts(tmp_path: Path) -> None:
    ticket = row(
        "Tickets",
        Ticket_No="T-1",
        Subject="Lid",
        Status="New",
        Opened_at="2026-03-02 08:00",
        Assigned_to="anna",
    )
    day = shop(tmp_path, "remind-until-somebody-acts.md", Tickets=[ticket])
    for at in ("02 09:00", "02 12:01", "02 15:00", "02 16:01", "03 16:01", "04 16:01"):
        day.tick(f"2026-03-{at}")
    assert [(mail.to.split("@")[0], mail.subject.split(" T-")[0]) for mail in day.mails] == [
        ("anna", "Please answer"), ("dora", "Still no answer:"), ("dora", "No answer to"), ("dora", "No answer to"),
    ]  # fmt: skip
    assert day.mails[-1].text.strip() == "Mail number 2 of 3."
    ticket["First reply at"] = "2026-03-04 17:00"
    day.tick("2026-03-05 17:00")
    assert len(day.mails) == 4


def test_low_stock_without_noise(tmp_path: Path) -> None:
    product = row("Products", SKU="A", Product="Oolong", On_hand="20", Reorder_point="10", Active="yes")
    day = shop(tmp_path, "low-stock-without-noise.md", Products=[product])
    hour = 8
    sent = []
    for on_hand in ("9", "11", "9", "N/A", "13", "9"):
        product["On hand"] = on_hand
        hour += 1
        day.tick(f"2026-03-02 {hour:02}:00")
        day.tick(f"2026-03-02 {hour:02}:30")
        sent.append(len(day.mails))
    assert sent == [1, 1, 1, 1, 1, 2]
    assert product["Low since"] == "2026-03-02"
    product["Purchase order"] = "PO-1"
    day.tick("2026-03-06 09:00")
    assert len(day.mails) == 2


def test_write_back_into_the_sheet(tmp_path: Path) -> None:
    order = row("Orders", Order_No="1", Status="Delivered", Customer_name="Mia")
    ticket = row("Tickets", Ticket_No="T-301", Subject="Lid")
    day = shop(tmp_path, "write-back-into-the-sheet.md", Orders=[order], Tickets=[ticket])
    day.tick("2026-03-02 09:00")
    order["Status"] = "Returned"
    day.tick("2026-03-02 09:01")
    assert order["Note"] == "Returned on 2 Mar 2026"
    added = day.rows["Tickets"][1]
    assert (added["Ticket No"], added["Subject"], added["Customer"]) == ("T-302", "1", "Mia")
    for status in ("Delivered", "Returned"):
        order["Status"] = status
        day.tick(f"2026-03-02 09:0{2 + (status == 'Returned')}")
    assert len(day.rows["Tickets"]) == 2, "there is a ticket about that order already"


def test_what_a_rule_did_while_it_watched_counts_as_done(tmp_path: Path) -> None:
    order = row("Orders", Order_No="1", Status="New", Email="c@example.com", Total="1")
    day = shop(tmp_path, "confirm-new-orders.md", Orders=[order])
    text = day.rules["rule"]
    day.rules["rule"] = f"{text}state: watch\n"
    day.tick("2026-03-02 09:00")
    order["Status"] = "Paid"
    day.tick("2026-03-02 09:01")
    day.rules["rule"] = text
    day.tick("2026-03-02 09:02")
    assert day.mails == []


def test_the_readme_shows_the_mail_that_its_rule_sends(tmp_path: Path) -> None:
    order = row(
        "Orders", Order_No="HT-1038", Status="New", Email="yuna.park@example.com", Customer_name="Yuna Park",
        Total="43.9", Ordered_on="2026-03-02 08:30",
    )  # fmt: skip
    day = shop(tmp_path, "confirm-new-orders.md", Orders=[order])
    day.rules["rule"] = next(text for name, _, text in fences("yaml") if name == "README.md")
    day.tick("2026-03-02 09:00")
    order["Status"] = "Paid"
    day.tick("2026-03-02 09:01")
    shown = next(text for name, _, text in fences("text") if name == "README.md")
    mail = day.mails[0]
    assert f"To: {mail.to}\nSubject: {mail.subject}\n\n{mail.text}".split() == shown.split()
    assert order["Confirmed at"] == "2026-03-02 09:01"


# What the decisions decided


def orders(folder: Path, rule: str, **cells: str) -> tuple[Day, dict[str, str]]:
    order = row("Orders", Order_No="1", Status="New", Email="c@example.com", Total="5", **cells)
    day = shop(folder, "confirm-new-orders.md", Orders=[order])
    day.rules["rule"] = rule
    day.tick("2026-03-02 20:00")
    order["Status"] = "Paid"
    return day, order


PAID = "rule: A\nlook at: Orders\nwhen: {Status: Paid}\nthen:\n"


def test_0007_every_counts_from_the_start(tmp_path: Path) -> None:
    day, _ = orders(tmp_path, PAID + "  - every: 3 days\n    email: {to: Email, subject: S, text: T}\n")
    sent = []
    for date in ("02", "04", "05", "07", "08"):
        day.tick(f"2026-03-{date} 20:01")
        sent.append(len(day.mails))
    assert sent == [0, 0, 1, 1, 2]


def test_0008_words_that_cannot_be_made(tmp_path: Path) -> None:
    rule = PAID + (
        "  - set: {Note: seen}\n"
        '    email: {to: Email, subject: S, text: "{{ total | money }}"}\n'
        "  - email: {to: anna, subject: Other, text: T}\n"
    )
    day, order = orders(tmp_path, rule)
    order["Total"] = "N/A"
    day.tick("2026-03-02 20:01")
    day.tick("2026-03-02 20:02")
    assert order["Note"] == ""
    told = [mail for mail in day.mails if mail.to == "dora@shop.example"]
    assert len(told) == 1
    assert "N/A" in told[0].text
    assert [mail.subject for mail in day.mails if mail not in told] == ["Other"]
    order["Total"] = "5"
    day.tick("2026-03-09 20:03")
    assert [mail.text.strip() for mail in day.mails if mail.subject == "S"] == ["€5.00"]
    assert order["Note"] == "seen"


def test_0009_what_ends_with_an_episode(tmp_path: Path) -> None:
    rule = PAID + (
        "  - email: {to: Email, subject: Confirmed, text: T}\n"
        "  - at: 1 hour after start\n    email: {to: Email, subject: Reminder, text: T}\n"
        "send only: between 08:00 and 20:00\n"
    )
    day, order = orders(tmp_path, rule)
    day.tick("2026-03-02 20:01")
    day.tick("2026-03-02 21:01")
    assert day.mails == [], "both wait for the morning"
    order["Status"] = "Shipped"
    day.tick("2026-03-02 23:00")
    day.tick("2026-03-03 08:00")
    assert [mail.subject for mail in day.mails] == ["Confirmed"]


def test_0010_a_newer_write_replaces(tmp_path: Path) -> None:
    rule = PAID + (
        "  - set: {Note: first}\n    email: {to: Email, subject: Behind it, text: T}\n"
        "  - at: 1 hour after start\n    set: {Note: second}\n"
    )
    day, order = orders(tmp_path, rule)
    day.tick("2026-03-02 20:01", deliver=False)
    day.tick("2026-03-02 21:01")
    assert order["Note"] == "second"
    day.tick("2026-03-02 21:02")
    assert [mail.subject for mail in day.mails] == ["Behind it"]
