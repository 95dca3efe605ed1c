"""What is a shop employee told who writes a line that can't be meant: limits, hours, values, tables, comparisons?"""

from dataclasses import replace

import pytest

from rowcall.language.rule_file import read_rule
from tests.tea_shop import ACTIONS, FILE, ORDERS, SCOPE

SHOP = replace(
    SCOPE,
    schemas={**SCOPE.schemas, "Orders": replace(ORDERS, kept=("Status", "Note"))},
    calendars=("desk",),
)
HEAD = "rule: A\nlook at: Orders\n"
THEN = "then:\n  - set: {Note: x}\n"


def top(lines: str) -> str:
    return f"{HEAD}{lines}\n{THEN}"


def when(line: str) -> str:
    return f"{HEAD}when:\n  {line}\n{THEN}"


def put(value: str, column: str = "Note") -> str:
    return f"{HEAD}then:\n  - set:\n      {column}: {value}\n"


def kept(value: str, column: str = "Status") -> str:
    return f"{HEAD}keep:\n  {column}: {value}\n"


REFUSED = {
    "a limit that is no text": (top("limits: [{rows: 5}]"), "A limit is one line of text."),
    "a floor under rows": (top("limits: ['40 rows at once (not below 3 rows)']"), "belongs to a share of the rows"),
    "rows, said otherwise": (top("limits: [max 40 rows per run]"), "40 rows at once"),
    "a share, said otherwise": (top("limits: ['at most 5% of all rows']"), "5% of rows"),
    "mails by the hour": (top("limits: [50 per hour]"), "50 emails an hour"),
    "nothing gets through": (top("limits: [0 rows at once]"), "would let nothing through"),
    "a unit that is none": (top("limits: [5 emails a fortnite]"), "is not a time"),
    "a rule that is not there": (top("limits: ['1 email a week per customer over birthdy']"), "birthday"),
    "a window in lines": (top("send only: [a, b]"), "stands a time window"),
    "no window": (top("send only: in the morning"), "is not a time window"),
    "a loose window": (top("send only: weekdays 9-17"), "weekdays between 09:00 and 17:00"),
    "a window without length": (top("send only: between 09:00 and 09:00"), "begins and ends at the same time"),
    "otherwise what": (
        top("send only:\n  window: between 09:00 and 17:00\n  otherwise: lose"),
        "Behind `otherwise:` stands `drop`",
    ),
    "a setting that is not there": (when("Total: at least setting Large ordr"), "Did you mean `Large order`?"),
    "a setting that can't be read": (when("Total: at least setting Broken"), "the setting `Broken` says `a lot`"),
    "a column of another kind": (when("Total: at least Delivered on"), "they can't be compared"),
    "a share of a text": (when("Delivered on: before 120% of Total"), "needs a number on both sides"),
    "a product": (when("Total: at least Freight * 1.2"), "is written as a percentage"),
    "now and hours": (when("Ordered on: before now + 3 hours"), "can be shifted by days and weeks only"),
    "a date and hours": (when("Delivered on: before Promised on + 3 hours"), "3 hours can't be counted from it"),
    "a moment for a number": (put("today", "Lines"), "`today` is a date"),
    "no deadline": (put("due", "Promised on"), "This rule has no deadline"),
    "a deadline for a number": (put("due", "Lines"), "`due` is a date"),
    "an amount that is none": (put("increase by next of warehouse", "Lines"), "Lines holds a number"),
    "a formula that makes a text": (put("increase by =LEFT([Note], 1)", "Lines"), "Lines holds a number"),
    "a while after, for a number": (put("3 days after Delivered on", "Lines"), "is a date"),
    "a while after a text": (put("3 days after Note", "Promised on"), "can be counted from a date only"),
    "a call": (put("now()", "Ordered on"), "is written without brackets"),
    "nothing": (put("null"), "is not how a cell is emptied"),
    "plus": (put("plus 5", "Lines"), "increase by 5"),
    "minus": (put("minus 5", "Lines"), "decrease by 5"),
    "days added": (put("today + 3 days", "Promised on"), "3 days after today"),
    "in days": (put("in 3 days", "Promised on"), "does not say from when to count"),
    "a table with another key": (put("{by column: Status, New: a, go down only after: 3 days}"), "does not fit `by column:`"),
    "a table without rows": (put("{by column: Status}"), "has no rows"),
    "a table of nothing": (put("{by column: {a: b}, New: a}"), "Behind `by column:` stands a column"),
    "otherwise, not last in words": (put("{by column: Status, New: a, otherwise: b}"), "everything else:"),
    "first, and something strange": (
        put("{first that fits: [{value: a}], something: b}"),
        "something",
    ),
    "first of no list": (put("{first that fits: a}"), "stands a list, each with a dash"),
    "a bare choice": (put("{first that fits: [large]}"), "Behind the dash stands `value:`."),
    "a list in a list": (put("{first that fits: [[large]]}"), "Behind the dash stands `value:`."),
    "going down further in": (put("{first that fits: [{value: a, go down only after: 3 days}]}"), "stands beside `first that fits:`"),
    "a choice without a value": (put("{first that fits: [{when: {Status: New}}]}"), "`value:` is missing"),
    "an empty when": (put("\n        first that fits:\n          - value: a\n            when:\n"), "Nothing stands behind `when:`"),
    "going down in set": (put("{first that fits: [{value: a}], go down only after: 3 days}"), "is for `keep:` only"),
    "going down in texts": (kept("{first that fits: [{value: a}], go down only after: 3 days}", "Note"), "has no order"),
    "going down for a list": (kept("{first that fits: [{value: New}], go down only after: [3]}"), "stands a duration"),
    "lengths that contradict": (when("Handling: [more than 5 hours, less than 2 hours]"), "so this rule never acts"),
    "moments that contradict": (when("Ordered on: [after 2026-03-05 10:00, before 2026-03-01 10:00]"), "so this rule never acts"),
    "days that contradict": (when("Delivered on: [after 2026-03-05, before 2026-03-01]"), "so this rule never acts"),
    "a range the wrong way round": (when("Total: between 9 and 5"), "between 5 and 9"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_line_that_cannot_be_meant_is_told(name: str) -> None:
    text, said = REFUSED[name]
    _, problems = read_rule(text, FILE, SHOP, ACTIONS)
    told = "\n".join(str(one) for one in problems)
    assert said in told, f"{text}\n{told}"
