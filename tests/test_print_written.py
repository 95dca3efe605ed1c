"""Is every form that people write, in English or Chinese, printed so that it is read as the same rule?"""

from dataclasses import replace

import pytest

from rowcall.errors import Problem, Severity
from rowcall.kinds import action_words
from rowcall.language.printing.rules import print_rule
from rowcall.language.rule import Rule
from rowcall.language.rule_file import read_rule
from tests.tea_shop import FILE, ORDERS, SCOPE

KINDS = action_words()
ACTIONS = {word: kind.params for word, kind in KINDS.items()}
WORDS = {"email": "email", "ask": "ask", "set_cells": "set", "add_row": "add row"}
SHOP = replace(
    SCOPE,
    schemas={**SCOPE.schemas, "Orders": replace(ORDERS, kept=("Status",))},
    calendars=("desk",),
    working_hours="desk",
    attachments=("terms.pdf",),
    public_url=True,
)
HEAD = "rule: A\nlook at: Orders\n"
MAIL = "then:\n  - email:\n      to: anna\n      subject: A\n      text: B\n"
FIGURES = "figures:\n  Latest:\n    in: Orders\n    list: [Order No, Total]\n    sort by: Total descending\n    at most: 10\n"


def value(text: str, column: str = "Note") -> str:
    return f"{HEAD}due: Delivered on\nthen:\n  - set:\n      {column}: {text}\n"


def mail(lines: str, head: str = "") -> str:
    return HEAD + head + MAIL + "".join(f"      {line}\n" for line in lines.splitlines())


def line(text: str) -> str:
    return f"{HEAD}when:\n  {text}\nthen:\n  - set: {{Note: x}}\n"


def figure(lines: str, head: str = "schedule: Mondays at 07:45\n") -> str:
    body = "".join(f"    {one}\n" for one in lines.splitlines())
    return f"rule: A\n{head}figures:\n  It:\n{body}{MAIL}"


WRITTEN = {
    "a text as it stands": value("exactly now"),
    "emptied": value("empty"),
    "the moment": value("now", "Ordered on"),
    "the day": value("today", "Promised on"),
    "the day before": value("yesterday", "Promised on"),
    "the day after": value("tomorrow", "Promised on"),
    "another column": value("same as Email"),
    "a setting": value("setting Courier"),
    "a while after a column": value("3 days after Delivered on", "Promised on"),
    "a while before a column": value("2 days before Delivered on", "Promised on"),
    "a while after the day": value("2 days after today", "Promised on"),
    "the deadline": value("due", "Promised on"),
    "in turn": value("next of warehouse", "Owner"),
    "more": value("increase by 5", "Lines"),
    "less, by a column": value("decrease by same as Lines", "Lines"),
    "a formula": value('"=[Total] * 2"', "Freight"),
    "by a table": value("\n        by column: Status\n        New: a\n        Paid: b\n        everything else: c"),
    "the first that fits": value(
        "\n        first that fits:\n          - value: large\n            when: {Total: at least 5}\n          - value: small"
    ),
    "to several": HEAD + MAIL.replace("to: anna", "to: [anna, Email, kim@example.com]"),
    "or else": HEAD + MAIL.replace("to: anna", "to: Owner or responsible"),
    "in turn, by mail": HEAD + MAIL.replace("to: anna", "to: next of warehouse"),
    "copies": mail("cc: ben\nreply to: anna\nurgent: yes"),
    "a template": HEAD + "then:\n  - email: {to: anna, subject: A, template: t.html}\n",
    "a digest": mail("digest: weekdays at 08:30 and 14:00\ngroup by: Status\nattach: rows as xlsx"),
    "a file and a list": mail("attach: [terms.pdf, Latest as csv]", FIGURES),
    "buttons": mail(
        "buttons:\n  - label: Take it\n    set: {Owner: anna}\n    comment: Note\n  - label: Later\n    snooze: 2 hours\n"
        "  - label: Done\n    stop: yes\n  - label: Rate it\n    rate: Lines\n    from: 1\n    to: 5"
    ),
    "a question with choices": HEAD
    + "then:\n  - ask: {to: anna, subject: A, text: B, answer: Status, choices: [Paid, Cancelled], comment: Note}\n",
    "a question on a scale": HEAD + "then:\n  - ask: {to: anna, subject: A, text: B, answer: Lines, rate: 1 to 5}\n",
    "a new row": HEAD
    + "then:\n  - add row:\n      to: Tickets\n      unless there is: {Order No: same as this.Order No}\n"
    "      values: {Subject: x, Order No: same as this.Order No}\n",
    "a row for each line": HEAD
    + FIGURES
    + "then:\n  - add row:\n      to: Tickets\n      for each: Latest\n      values: {Subject: same as Total, Order No: same as this.Order No}\n",
    "kept": HEAD + "keep:\n  Status:\n    first that fits:\n      - value: Paid\n        when: {Total: at least 5}\n      - value: New\n    go down only after: 3 days\n",
    "in the period": figure("in: Orders\nwhere: {Ordered on: in the period}\ncount: rows", "schedule: Mondays at 07:45\nperiod: last week\n"),
    "one of them": line("Status: one of New, Paid"),
    "neither": line("Status: not one of New, Paid"),
    "between": line("Total: between 5 and 9"),
    "a share of a column": line("Total: at least 120% of Freight"),
    "a column and more": line("Total: at least Freight + 5"),
    "ago": line("Ordered on: more than 3 days ago"),
    "ahead": line("Promised on: in the next 3 days"),
    "lately": line("Ordered on: within the last 3 days"),
    "once a year": line("Promised on: anniversary today"),
    "a word in a text": line("Note: contains tea"),
    "one of some words": line("Note: contains one of tea, cake"),
    "a row elsewhere": line("there is:\n    in: Tickets\n    Order No: same as this.Order No"),
    "no row elsewhere": line("there is no:\n    in: Tickets\n    Order No: same as this.Order No"),
    "any of": line("any of:\n    - Status: New\n    - Total: at least 5"),
    "none of": line("none of:\n    - Status: New\n    - Total: at least 5"),
    "a formula that is true": line('formula: "=[Total] > 5"'),
    "went up": line("Total: went up"),
    "by more than a share": line("Total: changed by more than 20%"),
    "from to": line("Status: changed from New to Paid"),
    "a number of rows": figure("in: Orders\ncount: rows"),
    "rows with": figure("in: Orders\nwhere: {Status: Paid}\nsum of: Total\nshow as: money"),
    "how many kinds": figure("in: Orders\ndistinct of: Product"),
    "a share": figure("in: Orders\nshare with: {Status: Paid}"),
    "broken down": figure("in: Orders\nsum of: Total\nby: Status"),
    "a list": figure("in: Orders\nlist: [Order No, Total]\nsort by: [Total descending, Order No]\nat most: 5"),
    "time between": figure("in: Orders\ntime between: [Ordered on, Delivered on]"),
    "the median of times": figure(
        "in: Orders\nmedian of: {time between: [Ordered on, Delivered on], in working hours: yes}\nshow as: days",
    ),
    "of figures": 'rule: A\nschedule: every day at 08:00\nfigures:\n  N: {in: Orders, count: rows}\n  It: {formula: "=[N] * 2"}\n'
    + MAIL,
    "a period": "rule: A\nschedule: Mondays at 07:45\nperiod: last week\ncompare with: same week last year\n"
    "figures: {It: {in: Orders, count: rows}}\n" + MAIL,
}  # fmt: skip


def read(text: str) -> tuple[Rule | None, tuple[Problem, ...]]:
    return read_rule(text, FILE, SHOP, ACTIONS)


@pytest.mark.parametrize("chinese", [False, True], ids=["English", "Chinese"])
@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_is_printed_and_read_as_the_same(name: str, *, chinese: bool) -> None:
    text = WRITTEN[name]
    rule, problems = read(text)
    assert rule is not None, text + "\n".join(str(one) for one in problems)
    printed = print_rule(rule, WORDS, chinese=chinese)
    again, told = read(printed)
    assert again is not None, printed + "\n".join(str(one) for one in told if one.severity is Severity.ERROR)
    assert again.version == rule.version, printed
    assert print_rule(again, WORDS, chinese=chinese) == printed
