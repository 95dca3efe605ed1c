"""Does `check` name rules that set one cell differently, and rules that may wake each other in a circle?"""

from dataclasses import replace

import pytest

from rowcall.errors import Severity
from rowcall.language.circles import circles
from rowcall.language.crosscheck import conflicts
from rowcall.language.rule import Rule
from rowcall.language.rule_file import read_rule
from tests.tea_shop import ACTIONS, ORDERS, SCOPE

KEPT = {
    **SCOPE.schemas,
    "Customers": replace(SCOPE.schemas["Customers"], kept=("Tier",)),
    "Orders": replace(ORDERS, kept=("Note", "Lines")),
}
ORDER = "look at: Orders\n"
CUSTOMER = "look at: Customers\n"


def rules(*sources: str) -> list[Rule]:
    """Read rules a, b, c …; a mistake in one fails the test."""
    found = []
    for name, source in zip("abcd", sources, strict=False):
        rule, problems = read_rule(
            f"rule: {name}\n{source}", f"rules/{name}.yaml", replace(SCOPE, schemas=KEPT), ACTIONS
        )
        assert rule is not None, "\n".join(map(str, problems))
        found.append(rule)
    return found


def sets(when: str, cells: str, more: str = "", table: str = ORDER) -> str:
    return f"{table}when: {{{when}}}\n{more}then:\n  - set: {{{cells}}}\n"


def adds(when: str, to: str, values: str, more: str = "", table: str = ORDER) -> str:
    return f"{table}when: {{{when}}}\nthen:\n  - add row: {{to: {to}, values: {{{values}}}{more}}}\n"


CIRCLES = {
    "set back and forth": (sets("Status: Paid", "Status: Shipped"), sets("Status: Shipped", "Status: Paid")),
    "by a change": (sets("Status: changed", "Note: same as Product"), sets("Note: changed", "Status: Paid")),
    "numbers going up": (sets("Lines: went up", "Total: 5"), sets("Total: changed", "Lines: 9")),
    "three of them": (
        sets("Status: New", "Status: Paid"),
        sets("Status: Paid", "Status: Shipped"),
        sets("Status: Shipped", "Status: New"),
    ),
    "over a link": (
        sets("Buyer.Tier: Gold", "Buyer.Tier: Silver"),
        sets("Buyer.Tier: Silver", "Buyer.Tier: Gold"),
    ),
    "of a row and its linked row": (
        sets("Status: changed to Paid", "Buyer.Tier: Gold"),
        sets("Tier: changed", "Birthday: today", table=CUSTOMER),
        sets("Buyer.Birthday: changed", "Status: same as Product"),
    ),
    "with a kept column": (
        f'{ORDER}keep:\n  Note: "=IF([Status] = \\"Paid\\", \\"a\\", \\"b\\")"\n',
        sets("Note: changed", "Status: same as Product"),
    ),
    "two kept columns": (f'{ORDER}keep: {{Lines: "=[Lines] + LEN([Note])"}}\n', f'{ORDER}keep: {{Note: "=[Note] & [Lines]"}}\n'),
    "over a figure": (
        (f"{CUSTOMER}figures:\n  Open: {{in: Orders, count: rows, where: {{Status: Paid}}}}\n"
        "when: {Open: changed}\nthen:\n  - set: {Tier: Gold}\n"),
        sets("Buyer.Tier: changed", "Status: Paid"),
    ),
    "rows without end": (adds("Total: above 5", "Orders", "Order No: x, Total: 9"),),
    "rows in turn": (
        adds("Status: Paid", "Tickets", "Ticket No: x, Subject: new"),
        adds("Subject: new", "Orders", "Order No: x, Status: Paid", table="look at: Tickets\n"),
    ),
}  # fmt: skip
STRAIGHT = {
    "one after the other": (sets("Status: New", "Status: Paid"), sets("Status: Paid", "Status: Shipped")),
    "the value speaks against it": (
        sets("Status: Paid, Promised on: empty", "Promised on: today"),
        sets("Promised on: not empty, Status: Paid", "Status: Shipped"),
    ),
    "a change that stays": (
        sets("Status: changed to Paid", "Note: x"),
        sets("Note: changed", "Status: Paid"),
    ),
    "nothing ends it": (sets("Status: Paid", "Note: x"), sets("Note: x", "Status: Paid")),
    "once per row": (
        sets("Status: Paid", "Status: Shipped", "once per row: yes\n"),
        sets("Status: Shipped", "Status: Paid"),
    ),
    "emptied and filled": (
        sets("Note: not empty", "Product: tea"),
        sets("Product: tea", "Note: empty", "once per row: yes\n"),
    ),
    "a schedule is woken by the clock": (
        sets("Status: Paid", "Status: Shipped", "schedule: every day at 08:00\n"),
        sets("Status: Shipped", "Status: Paid"),
    ),
    "a row that does not fit": (adds("Status: Paid", "Orders", "Order No: x, Status: New"),),
    "a row that is there": (
        adds("Total: above 5", "Orders", "Order No: x, Total: 9", ", unless there is: {Order No: x}"),
    ),
    "it keeps its own column": (f'{ORDER}keep: {{Lines: "=[Lines] + 1"}}\n',),
}


@pytest.mark.parametrize("sources", CIRCLES.values(), ids=CIRCLES)
def test_a_circle_is_named_once(sources: tuple[str, ...]) -> None:
    [found] = circles(rules(*sources))
    assert found.severity is Severity.WARNING
    assert found.place.file == "rules/a.yaml"
    assert found.place.line > 1
    for name in "bcd"[: len(sources) - 1]:
        assert f"`{name}`" in found.what or f"rules/{name}.yaml:" in found.what
    assert found.fix


@pytest.mark.parametrize("sources", STRAIGHT.values(), ids=STRAIGHT)
def test_what_comes_to_an_end_is_no_circle(sources: tuple[str, ...]) -> None:
    assert circles(rules(*sources)) == []


def test_a_circle_says_both_places_and_the_remedy() -> None:
    [found] = circles(rules(*CIRCLES["set back and forth"]))
    assert found.what == (
        "Status is written here, which may start the rule `b`; there Status is written (rules/b.yaml:5:11), which "
        "may start `a`: a circle. Rules that wake each other on one row more than 5 times an hour are held."
    )
    assert "`once per row: yes`" in found.fix


def test_no_example_of_a_first_shop_is_a_circle() -> None:
    reminder = "look at: Tickets\nwhen: {Subject: not empty}\nthen:\n  - {at: 2 days after start, set: {Opened at: now}}\n"
    assert circles(rules(reminder, sets("Status: New", "Status: Paid"))) == []


CLASHES = [
    # two rules, what is told of them ("" = nothing)
    (sets("Status: Paid", "Buyer.Tier: Gold"), sets("Birthday: empty", "Tier: Silver", table=CUSTOMER), "Tier of Customers is set"),
    (sets("Status: Paid", "Buyer.Tier: Gold"), f"{CUSTOMER}keep: {{Tier: Silver}}\n", "Tier of Customers is kept here and set by"),
    (sets("Buyer.Tier: Gold", "Buyer.Tier: Silver"), sets("Tier: Standard", "Tier: Gold", table=CUSTOMER), ""),
    (sets("Status: Paid", "Buyer.Tier: Gold"), sets("Birthday: empty", "Tier: Gold", table=CUSTOMER), ""),
    (sets("Status: Paid", "Note: {by column: Product, tea: a, everything else: b}"), sets("Total: above 5", "Note: a"), "Note is set"),
    (sets("Status: Paid", "Note: {by column: Product, tea: a, everything else: a}"), sets("Total: above 5", "Note: a"), ""),
    (
        sets("Status: Paid", "Note: {first that fits: [{value: a, when: {Lines: 1}}, {value: b}]}"),
        sets("Total: above 5", "Note: b"),
        "Note is set here",
    ),
    (adds("Status: Paid", "Customers", "Customer: x, Tier: Gold"), f"{CUSTOMER}keep: {{Tier: Silver}}\n", "Tier of a new row is written here"),
    (adds("Status: Paid", "Customers", "Customer: x, Tier: Gold"), f"{CUSTOMER}keep: {{Tier: Gold}}\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "told"), CLASHES)
def test_cells_that_two_rules_want_differently(one: str, other: str, told: str) -> None:
    found = [problem.what for problem in conflicts(rules(one, other))]
    assert [text.startswith(told) for text in found] == ([True] if told else [])
