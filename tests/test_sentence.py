"""Does a rule read back say everything that it does, and does live data show what its lines overlook?"""

import pytest

from rowcall.errors import Severity
from rowcall.language.live import lint_live
from rowcall.language.sentence import sentence
from tests.golden import Golden
from tests.tables import make_table
from tests.tea_shop import ORDERS, understood

START = "rule: Test\nlook at: Orders\n"
MAIL = "then:\n  - email: {to: Email, subject: Hello, text: Hi}\n"

RULES = {
    "everything": START
    + """\
responsible: anna
when:
  Status: one of Paid, Shipped
  Total: at least 120% of Freight
  Delivered on: [at least 7 days ago, on or before today]
  any of:
    - Note: contains one of tea, coffee
      Lines: changed from 0 to above 0
    - Buyer: missing
  none of:
    - row: new
for: 30 minutes
again only when: {Status: New}
stop when: {Note: not empty}
send only: weekdays between 09:00 and 19:00
check every: 5 minutes
expires after: 2 days
limits:
  - 50 emails an hour
  - 40 rows at once
  - 10% of rows
  - 1 email a week per customer
state: watch
then:
  - email:
      to: [Email, Owner or cs lead]
      cc: ben
      reply to: responsible
      subject: "Order {{ order_no }}"
      template: a.html
    set: {Status: Delivered, Promised on: 3 days after Delivered on, Note: empty, Buyer.Tier: Gold}
  - when: {Total: above 500}
    at: 3 days after start
    add row:
      to: Tickets
      values: {Order No: same as Order No, Subject: "Look at {{ order_no }}", Opened at: now}
      unless there is: {Order No: same as this.Order No}
  - {at: 1 day after last, set: {Product: setting Courier}}
  - {at: 2 days before Promised on, set: {Gift wrap: red}}
  - every: 3 days
    at most: 4 times
    until: {Status: Delivered}
    email: {to: shop@example.com, subject: Again, text: Again, urgent: yes}
""",
    "nearly nothing": START + MAIL,
    "only an edge": START
    + "when: {Status: changed to Paid}\nonce per row: yes\nfirst run: act on all\n"
    + MAIL,
    "a dropped window": START
    + "send only: Fridays and Saturdays between 22:00 and 02:00, otherwise drop\nstate: off\n"
    + MAIL,
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_read_back_in_whole_sentences(name: str, golden: Golden) -> None:
    said = sentence(understood(RULES[name]), "en")
    golden.check(f"{name.replace(' ', '-')}.txt", said.replace(". ", ".\n") + "\n")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_read_back_in_chinese(name: str, golden: Golden) -> None:
    said = sentence(understood(RULES[name]), "zh")
    golden.check(f"{name.replace(' ', '-')}.zh.txt", said.replace("。", "。\n"))


def rows(count: int, **cells: str | None) -> list[dict[str, str | None]]:
    named = {name.replace("_", " "): text for name, text in cells.items()}
    return [{"Order No": f"{number}", **named} for number in range(count)]


def numbered(parts: list[dict[str, str | None]]) -> list[dict[str, str | None]]:
    return [part | {"Order No": f"A-{number}"} for number, part in enumerate(parts)]


def test_a_value_that_no_row_has_is_told_with_the_one_that_is_there() -> None:
    rule = understood(START + "when:\n  Product: one of Green tee, Mate\n" + MAIL)
    table = make_table(ORDERS, numbered(rows(212, Product="Green tea") + rows(3, Product="Mate")))
    found = lint_live(rule, {"Orders": table})
    assert [(one.what, one.suggestion, one.severity, one.place.line) for one in found] == [
        (
            "No row has Product `Green tee`; `Green tea` occurs 212 times.",
            "Product: one of Green tea, Mate",
            Severity.WARNING,
            4,
        )
    ]


def test_the_value_of_an_edge_is_looked_for_too() -> None:
    rule = understood(START + "when:\n  Product: changed to Green tee\n" + MAIL)
    found = lint_live(rule, {"Orders": make_table(ORDERS, rows(2, Product="Green tea"))})
    assert found[0].what == "No row has Product `Green tee`; `Green tea` occurs 2 times."


def test_empty_cells_count_where_an_order_is_asked() -> None:
    rule = understood(START + "when:\n  Delivered on: at least 7 days ago\n" + MAIL)
    table = make_table(ORDERS, numbered(rows(37) + rows(175, Delivered_on="2026-03-05")))
    found = lint_live(rule, {"Orders": table})
    assert len(found) == 1
    assert found[0].what.startswith("In 37 of 212 rows Delivered on is empty: this line is unknown there")
    assert found[0].severity is Severity.NOTE


def test_unreadable_cells_count_wherever_a_column_is_asked() -> None:
    rule = understood(START + "when:\n  Status: Paid\n  Freight: below Total\n" + MAIL)
    cells = rows(2, Status="Payd", Freight="N/A", Total="5") + rows(
        3, Status="Paid", Freight="1", Total="much"
    )
    found = lint_live(rule, {"Orders": make_table(ORDERS, numbered(cells))})
    assert [one.what.split(":")[0] for one in found] == [
        "In 2 of 5 rows Status can't be read (`Payd`)",
        "In 2 of 5 rows Freight can't be read (`N/A`)",
        "In 3 of 5 rows Total can't be read (`much`)",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "  Status: Paid\n",
        "  Status: Cancelled\n",
        "  Delivered on: [at least 7 days ago, not empty]\n",
        "  Note: empty\n",
    ],
)
def test_what_is_fine_raises_nothing(lines: str) -> None:
    rule = understood(START + "when:\n" + lines + MAIL)
    cells = rows(5, Status="Paid", Delivered_on="2026-03-05") + rows(2)
    assert lint_live(rule, {"Orders": make_table(ORDERS, numbered(cells))}) == []


def test_a_table_that_could_not_be_read_raises_nothing() -> None:
    rule = understood(START + "when: {Status: Paid}\n" + MAIL)
    assert lint_live(rule, {}) == []
    assert lint_live(rule, {"Orders": make_table(ORDERS, [])}) == []
