"""Are figures, kept columns and chosen values read as they were meant, and every slip told with its remedy?"""

from dataclasses import replace
from decimal import Decimal

import pytest

from rowcall.duration import Span, Unit
from rowcall.errors import Problem, Severity
from rowcall.language.condition import (
    Ago,
    Ahead,
    Compare,
    FormulaTest,
    InPeriod,
    Literal,
    OfColumn,
    OfSetting,
    ThereIs,
)
from rowcall.language.crosscheck_figures import check_figures
from rowcall.language.document import parse
from rowcall.language.figure import (
    Aggregate,
    Count,
    Figure,
    FormulaOf,
    How,
    Kept,
    Listing,
    ShareWith,
    ShowAs,
    TimeBetween,
)
from rowcall.language.figures import read_figures, read_list_name, with_figures
from rowcall.language.keep import read_keep
from rowcall.language.names import resolve_column
from rowcall.language.ref import EACH, THIS, ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.spoken_figures import say_figure, say_kept
from rowcall.language.spoken_values import say_value
from rowcall.language.value import (
    ByColumn,
    Computation,
    DueMoment,
    FirstThatFits,
    Increase,
    Length,
    ListName,
    NextOf,
    SameAs,
    Shifted,
    TextOf,
    Value,
)
from rowcall.language.value_text import read_cells, read_length, read_row_values
from rowcall.language.value_walk import conditions_in, formulas_in, parts_of, refs_in
from rowcall.period import Period
from rowcall.table import Column, Kind
from tests.golden import Golden
from tests.tea_shop import FILE, SCOPE, understood

WEEK = Period("last week", Unit.WEEK)
SHOP = replace(SCOPE, rule="test", calendars=("desk",), working_hours="desk", period=WEEK)
NO_TABLE = replace(SHOP, table="")
CUSTOMERS = replace(
    SHOP,
    table="Customers",
    schemas={**SHOP.schemas, "Customers": replace(SHOP.schemas["Customers"], kept=("Tier",))},
)
TWO = "Revenue: {in: Orders, sum of: Total}\nPlaced: {in: Orders, count: rows}\n"


def indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def figures(text: str, scope: Scope = SHOP) -> tuple[tuple[Figure, ...] | None, tuple[Problem, ...]]:
    """Read the lines below `figures:`, two blanks in: the first of them is line 2."""
    block, notes = parse(f"figures:\n{indented(text)}", FILE)
    assert block is not None
    found = read_figures(block.pairs[0].value, scope, notes)
    assert (found is None) == bool(notes.errors)
    return found, notes.problems


def figure(lines: str, scope: Scope = SHOP) -> Figure:
    """Read one figure that must be right; the lines stand in brackets."""
    found, problems = figures(f"It: {{{lines}}}", scope)
    assert found is not None, problems
    assert problems == ()
    return found[0]


def known(text: str = TWO, scope: Scope = SHOP) -> Scope:
    """Return the scope in which these figures are known."""
    found, problems = figures(text, scope)
    assert found is not None, problems
    return with_figures(scope, found)


def value(line: str, scope: Scope = SHOP) -> tuple[Value | None, tuple[Problem, ...]]:
    """Read one line of `set`, two blanks in, or several lines of one value."""
    block, notes = parse(f"set:\n{indented(line)}", FILE)
    assert block is not None
    cells = read_cells(block.pairs[0].value, scope, notes)
    assert cells is not None or notes.errors
    return (None if cells is None else cells.targets[0].value), notes.problems


def right(line: str, scope: Scope = SHOP) -> Value:
    found, problems = value(line, scope)
    assert found is not None, problems
    assert problems == ()
    return found


def length(text: str, scope: Scope = SHOP) -> tuple[Value | None, tuple[Problem, ...]]:
    block, notes = parse(f"within: {text}\n", FILE)
    assert block is not None
    return read_length(block.pairs[0].value, scope, notes), notes.problems


def keep(text: str, scope: Scope = CUSTOMERS) -> tuple[tuple[Kept, ...] | None, tuple[Problem, ...]]:
    block, notes = parse(f"keep:\n{indented(text)}", FILE)
    assert block is not None
    found = read_keep(block.pairs[0].value, scope, notes)
    assert found is not None or notes.errors
    return found, notes.problems


def ref(name: str, table: str = "Orders") -> ColumnRef:
    return resolve_column(SHOP, table, name)


# Figures


@pytest.mark.parametrize(
    ("lines", "measure", "kind"),
    [
        ("in: Orders, count: rows", Count(), Kind.NUMBER),
        ("in: Orders, sum of: Total", Aggregate(How.SUM, ref("Total")), Kind.MONEY),
        ("in: Orders, Sum_Of: Sum", Aggregate(How.SUM, ref("Total")), Kind.MONEY),
        ("in: Orders, average of: Lines", Aggregate(How.AVERAGE, ref("Lines")), Kind.NUMBER),
        ("in: Orders, median of: Handling", Aggregate(How.MEDIAN, ref("Handling")), Kind.DURATION),
        ("in: Orders, p90 of: Discount", Aggregate(How.P90, ref("Discount")), Kind.PERCENT),
        ("in: Orders, highest of: Ordered on", Aggregate(How.HIGHEST, ref("Ordered on")), Kind.DATETIME),
        ("in: Orders, lowest of: Delivered on", Aggregate(How.LOWEST, ref("Delivered on")), Kind.DATE),
        ("in: Orders, distinct of: Buyer.Tier", Aggregate(How.DISTINCT, ref("Buyer.Tier")), Kind.NUMBER),
        ("in: Orders, time between: [Ordered on, Delivered on]",
         TimeBetween(How.AVERAGE, ref("Ordered on"), ref("Delivered on")), Kind.DURATION),
        ("in: Orders, time between: [Ordered on, Delivered on], in working hours: yes",
         TimeBetween(How.AVERAGE, ref("Ordered on"), ref("Delivered on"), "desk"), Kind.DURATION),
        ("in: Orders, median of: {time between: [Ordered on, Delivered on], in working hours: yes}",
         TimeBetween(How.MEDIAN, ref("Ordered on"), ref("Delivered on"), "desk"), Kind.DURATION),
        ("in: Orders, p90 of: {time between: [Ordered on, Delivered on], in working hours: no}",
         TimeBetween(How.P90, ref("Ordered on"), ref("Delivered on")), Kind.DURATION),
        ("in: Orders, list: [Order No, Buyer.Tier]", Listing((ref("Order No"), ref("Buyer.Tier"))), Kind.TEXT),
        ("in: Orders, list: Order No", Listing((ref("Order No"),)), Kind.TEXT),
        ('in: Orders, list: "Order No, Total", sort by: Total descending, at most: 10 rows',
         Listing((ref("Order No"), ref("Total")), ((ref("Total"), True),), 10), Kind.TEXT),
        ("in: Orders, list: [Order No], sort by: [Status, Total ascending]",
         Listing((ref("Order No"),), ((ref("Status"), False), (ref("Total"), False))), Kind.TEXT),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)  # fmt: skip
def test_a_measure_is_read(lines: str, measure: object, kind: Kind) -> None:
    found = figure(lines)
    assert (found.measure, found.kind, found.table) == (measure, kind, "Orders")


def test_a_share_has_conditions_of_its_own() -> None:
    found = figure(
        "in: Orders, where: {Status: not Cancelled}, share with: {Status: Delivered}, show as: percent"
    )
    assert isinstance(found.measure, ShareWith)
    assert found.where is not None
    assert (found.kind, found.show_as) == (Kind.PERCENT, ShowAs.PERCENT)


def test_a_breakdown_names_its_column() -> None:
    assert figure("in: Orders, sum of: Total, by: Buyer.Tier").by == ref("Buyer.Tier")


def test_a_plain_column_belongs_to_the_searched_table_and_this_to_the_watched_row() -> None:
    found = figure(
        "in: Tickets, count: rows, where: {Order No: same as this.Order No, Subject: same as Order No}"
    )
    assert found.where is not None
    first, second = (line.right for line in found.where.lines if isinstance(line, Compare))  # type: ignore[union-attr] # a block of lines
    assert isinstance(first, OfColumn)
    assert isinstance(second, OfColumn)
    assert (first.ref.table, first.ref.links) == ("Orders", (THIS,))
    assert (second.ref.table, second.ref.links) == ("Tickets", ())


def test_in_the_period_takes_the_period_of_the_rule() -> None:
    found = figure("in: Orders, count: rows, where: {Ordered on: in the period}")
    assert isinstance(found.where.lines[0], InPeriod)  # type: ignore[union-attr] # a block of lines
    assert found.where.lines[0].period == WEEK  # type: ignore[union-attr] # a block of lines


def test_figures_stand_behind_those_that_they_use() -> None:
    found, problems = figures(
        'Basket: {formula: "=[Revenue] / [Placed]", show as: money}\n'
        "Large: {in: Orders, count: rows, where: {Total: above Basket}}\n" + TWO
    )
    assert found is not None, problems
    assert [one.name for one in found] == ["Revenue", "Placed", "Basket", "Large"]
    assert [one.place.line for one in found] == [4, 5, 2, 3]
    assert [one.kind for one in found] == [Kind.MONEY, Kind.NUMBER, Kind.MONEY, Kind.NUMBER]
    assert isinstance(found[2].measure, FormulaOf)


def test_a_column_of_the_searched_table_comes_before_a_figure_of_that_name() -> None:
    found, problems = figures(
        'Total: {in: Orders, sum of: Total, where: {formula: "=[Total] > 5"}}', NO_TABLE
    )
    assert found is not None, problems


def test_a_formula_may_use_columns_of_the_watched_row() -> None:
    found, problems = figures(f'{TWO}Share: {{formula: "=[Total] / [Revenue]", show as: percent}}\n')
    assert found is not None, problems
    assert found[2].kind is Kind.NUMBER


def test_a_figure_is_known_as_a_column_and_a_list_is_not() -> None:
    scope = known(
        f"{TWO}Open: {{in: Orders, list: [Order No, Total]}}\nTiers: {{in: Orders, count: rows, by: Status}}\n"
    )
    assert dict(scope.figures) == {
        "Revenue": Column("Revenue", Kind.MONEY),
        "Placed": Column("Placed", Kind.NUMBER),
    }
    assert dict(scope.lists) == {"Open": "Orders"}
    assert scope.breakdowns == ("Tiers",)
    assert resolve_column(scope, "Orders", "Revenue") == ColumnRef(
        Column("Revenue", Kind.MONEY), "", figure="test"
    )


def test_a_mistaken_figure_is_known_all_the_same() -> None:
    block, notes = parse(
        "figures:\n  Spent: {in: Orders, sum of: Totl}\n  Placed: {in: Orders, count: rows}\n", FILE
    )
    assert block is not None
    node = block.pairs[0].value
    found = read_figures(node, SHOP, notes)
    assert found is None
    assert set(with_figures(SHOP, (), node).figures) == {"Spent", "Placed"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("in: Orders, sum of: Total", "It is the sum of Total of the rows of Orders"),
        ("in: Orders, count: rows, where: {Status: Paid}",
         'It is the number of the rows of Orders where Status is "Paid"'),
        ("in: Orders, distinct of: Status, by: Owner",
         "It is the number of different values of Status of the rows of Orders, for each Owner"),
        ("in: Orders, time between: [Ordered on, Delivered on], in working hours: yes, show as: hours",
         ("It is the average of the time from Ordered on to Delivered on in the working hours of desk of the rows of "
         "Orders, shown in hours")),
        ("in: Orders, share with: {Status: Paid}, where: {Ordered on: in the period}",
         ("It is the share of the rows of Orders where Ordered on is in the period (last week), "
         'for which Status is "Paid"')),
        ("in: Orders, list: [Order No, Total], sort by: Total descending, at most: 3",
         "It is a list with Order No and Total of the rows of Orders, sorted by Total descending, at most 3 rows"),
    ],
    ids=lambda part: part if part.startswith("in:") else "",
)  # fmt: skip
def test_a_figure_is_read_back(lines: str, said: str) -> None:
    assert say_figure(figure(lines)) == said


WRONG_FIGURES = [
    ("It: {sum of: Total}", 3, ""),
    ("It: {in: Order, sum of: Total}", 12, "It: {in: Orders, sum of: Total}"),
    ("It: {in: Orders}", 3, ""),
    ("It: {in: Orders, sum of: Total, count: rows}", 35, ""),
    ("It: {in: Orders, sum: Total}", 20, "It: {in: Orders, sum of: Total}"),
    ("It: {in: Orders, avg: Total}", 20, "It: {in: Orders, average of: Total}"),
    ("It: {in: Orders, max of: Total}", 20, "It: {in: Orders, highest of: Total}"),
    ("It: {table: Orders, count: rows}", 8, "It: {in: Orders, count: rows}"),
    ("It: {in: Orders, count: rows, when: {Status: Paid}}", 33,
     "It: {in: Orders, count: rows, where: {Status: Paid}}"),
    ("It: {in: Orders, count: rows, wehre: {Status: Paid}}", 33,
     "It: {in: Orders, count: rows, where: {Status: Paid}}"),
    ("It: {in: Orders, count: Orders}", 27, "It: {in: Orders, count: rows}"),
    ("It: {in: Orders, sum of: Totl}", 28, "It: {in: Orders, sum of: Total}"),
    ("It: {in: Orders, sum of: Note}", 28, ""),
    ("It: {in: Orders, average of: Ordered on}", 32, ""),
    ("It: {in: Orders, highest of: Status}", 32, ""),
    ("It: {in: Tickets, sum of: this.Total}", 29, "It: {in: Tickets, sum of: Total}"),
    ("It: {in: Orders, sum of: Placed}", 28, ""),
    ("It: {in: Orders, sum of: [Total, Freight]}", 28, ""),
    ("It: {in: Orders, time between: Ordered on and Delivered on}", 34,
     "It: {in: Orders, time between: [Ordered on, Delivered on]}"),
    ("It: {in: Orders, average of: time between Ordered on and Delivered on}", 32,
     "It: {in: Orders, average of: {time between: [Ordered on, Delivered on]}}"),
    ("It: {in: Orders, time between: [Ordered on, Total]}", 47, ""),
    ("It: {in: Orders, count: rows, in working hours: yes}", 33, ""),
    ("It: {in: Orders, count: rows, sort by: Total}", 33, ""),
    ("It: {in: Orders, list: [Order No], sort by: Total desc}", 47,
     "It: {in: Orders, list: [Order No], sort by: Total descending}"),
    ("It: {in: Orders, list: [Order No], sort by: newest first}", 47, ""),
    ("It: {in: Tickets, list: [Ticket No], sort by: newest first}", 49,
     "It: {in: Tickets, list: [Ticket No], sort by: Opened at descending}"),
    ("It: {in: Orders, list: [Order No, Totl]}", 37, "It: {in: Orders, list: [Order No, Total]}"),
    ("It: {in: Orders, list: [Order No], at most: many}", 47, ""),
    ("It: {in: Orders, list: [Order No], by: Status}", 38, ""),
    ("It: {in: Orders, sum of: Total, show as: euros}", 44, ""),
    ("It: {in: Orders, sum of: Total, show as: days}", 44, ""),
    ("It: {in: Orders, sum of: Total, where: {Status: Payed}}", 51,
     "It: {in: Orders, sum of: Total, where: {Status: Paid}}"),
    ("It: {in: Orders, sum of: Total, where: {Status: changed}}", 51, ""),
    ("It: {in: Orders, sum of: Total, where: {Order No: this.Order No}}", 53,
     "It: {in: Orders, sum of: Total, where: {Order No: same as this.Order No}}"),
    ('It: {in: Orders, formula: "=[Placed]"}', 8, ""),
    ('It: {formula: "=[Revenu] / [Placed]"}', 19, 'It: {formula: "=[Revenue] / [Placed]"}'),
    ('It: {formula: "=[It] + 1"}', 3, ""),
    ('It: "=[Revenue] / [Placed]"', 7, ""),
    ("It: 5", 7, ""),
    ("It:", 3, ""),
    ("Status: {in: Orders, count: rows}", 3, ""),
    ("Period: {in: Orders, count: rows}", 3, ""),
    ("placed: {in: Orders, count: rows}", 3, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "column", "suggestion"), WRONG_FIGURES, ids=[row[0] for row in WRONG_FIGURES]
)
def test_a_wrong_figure_gets_its_remedy(line: str, column: int, suggestion: str) -> None:
    found, problems = figures(TWO + line)
    assert found is None
    assert [(one.place.line, one.place.column) for one in problems] == [(4, column)]
    assert problems[0].suggestion.strip() == suggestion


def test_messages_of_figures_read_as_agreed(golden: Golden) -> None:
    said = [(line, one) for line, _, _ in WRONG_FIGURES for one in figures(TWO + line)[1]]
    golden.check(
        "wrong_figures.txt",
        "".join(f"{line}\n  {one.what}\n  {one.fix}".rstrip() + "\n" for line, one in said),
    )


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ('A: {formula: "=[B]"}\nB: {formula: "=[C]"}\nC: {formula: "=[A] + 1"}', "A → B → C → A"),
        ('A: {in: Orders, count: rows, where: {Total: above B}}\nB: {formula: "=[A] + 1"}', "A → B → A"),
    ],
)
def test_a_circle_is_refused_once(text: str, way: str) -> None:
    found, problems = figures(text)
    assert found is None
    assert [one.what for one in problems] == [f"These figures are computed from each other: {way}."]


def test_without_a_watched_table_this_means_nothing() -> None:
    _, problems = figures("It: {in: Orders, count: rows, where: {Order No: same as this.Note}}", NO_TABLE)
    assert "looks at no table" in problems[0].what


def test_without_working_hours_working_time_is_refused() -> None:
    line = "It: {in: Orders, time between: [Ordered on, Delivered on], in working hours: yes}"
    _, problems = figures(line, replace(SHOP, working_hours=""))
    assert "working hours" in problems[0].what
    assert "working hours: desk" in problems[0].fix


# Conditions


def test_there_is_searches_another_table(golden: Golden) -> None:
    del golden
    rule = understood(
        "rule: A\nlook at: Orders\nwhen:\n"
        "  there is: {in: Tickets, Order No: same as this.Order No}\n"
        "  there is no:\n"
        "    - {in: Customers, Tier: Gold}\n"
        "    - in: Regions\n"
        "  any of:\n"
        "    - there is: {in: Customers, any of: [{Tier: Gold}, {Tier: Silver}]}\n"
        "then:\n  - set: {Note: a}\n"
    )
    first, second, third = rule.when.lines[:3]  # type: ignore[union-attr] # a block of lines
    assert [(one.table, one.negated) for one in (first, second, third) if isinstance(one, ThereIs)] == [
        ("Tickets", False),
        ("Customers", True),
        ("Regions", True),
    ]


def test_a_formula_in_there_is_speaks_of_the_searched_row() -> None:
    rule = understood(
        "rule: A\nlook at: Orders\nwhen:\n"
        '  there is: {in: Tickets, formula: "=[Order No] = [this.Order No]"}\n'
        '  formula: ["=[Total] > 5", "=[Lines] > 1"]\n'
        "then:\n  - set: {Note: a}\n"
    )
    search, *formulas = rule.when.lines  # type: ignore[union-attr] # a block of lines
    assert isinstance(search, ThereIs)
    assert [type(one) for one in formulas] == [FormulaTest, FormulaTest]


def test_a_figure_stands_like_a_column() -> None:
    source = (
        "rule: A\nlook at: Orders\nfigures:\n" + indented(TWO) + "when: {WHEN}\nthen:\n  - set: {Note: a}\n"
    )
    rule = understood(source.replace("WHEN", "Revenue: at least 2000, Total: above 10% of Revenue"))
    first, second = rule.when.lines  # type: ignore[union-attr] # a block of lines
    assert isinstance(first, Compare)
    assert (first.ref.figure, first.ref.column.kind) == ("test", Kind.MONEY)
    assert isinstance(second, Compare)
    assert isinstance(second.right, OfColumn)
    assert second.right.ref.figure == "test"


@pytest.mark.parametrize(
    ("line", "what", "suggestion"),
    [
        ("Revenu: above 5", "Did you mean `Revenue`?", "Revenue: above 5"),
        ("Revenue: bellow 5", "Did you mean `below 5`?", "Revenue: below 5"),
        ("Revenue: a lot", "Revenue holds an amount of money", ""),
        ("Open: empty", "`Open` is a list of rows, no single value.", ""),
        ("Tiers: above 5", "`Tiers` is broken down by a column, no single value.", ""),
        ("Total: above Revenu", "Did you mean the figure `Revenue`?", "Total: above Revenue"),
    ],
)
def test_a_slip_in_the_name_of_a_figure(line: str, what: str, suggestion: str) -> None:
    from rowcall.language.conditions import Asked, read_conditions  # noqa: PLC0415

    scope = known(
        f"{TWO}Open: {{in: Orders, list: [Order No]}}\nTiers: {{in: Orders, count: rows, by: Status}}\n"
    )
    block, notes = parse(f"when:\n  {line}\n", FILE)
    assert block is not None
    assert read_conditions(block.pairs[0].value, Asked(scope, "Orders"), notes) is None
    assert what in notes.problems[0].what
    assert notes.problems[0].suggestion.strip() == suggestion


def test_working_time_counts_in_the_calendar_of_the_rule() -> None:
    from rowcall.language.conditions import Asked, read_conditions  # noqa: PLC0415

    lines = "when:\n  Ordered on: [at least 4 working hours ago, within the last 2 working days]\n"
    block, notes = parse(lines + "  Promised on: before 3 working days after Delivered on\n", FILE)
    assert block is not None
    found = read_conditions(block.pairs[0].value, Asked(SHOP, "Orders"), notes)
    assert found is not None, notes.problems
    ago, ahead, compare = found.lines
    assert isinstance(ago, Ago)
    assert isinstance(ahead, Ahead)
    assert isinstance(compare, Compare)
    assert isinstance(compare.right, OfColumn)
    assert (ago.calendar, ahead.calendar, compare.right.calendar) == ("desk", "desk", "desk")


# Values

DUE = replace(SHOP, due=True)
PRIORITY = "Note:\n  by column: Status\n  New: hurry\n  Paid, Shipped: {}\n  everything else: no hurry"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Promised on: due", DueMoment()),
        ("Note: due", DueMoment()),
        ("Promised on: 2 days before due", Shifted(DueMoment(), Span(2, Unit.DAY), back=True)),
        ("Promised on: 3 working days after Delivered on",
         Shifted(ref("Delivered on"), Span(3, Unit.DAY, working=True), calendar="desk")),
        ("Ordered on: 4 working hours after now", None),
        ("Owner: next of warehouse", NextOf("warehouse")),
        ("Email: next of Warehouse", NextOf("warehouse")),
        ("Total: increase by 5", Increase(Literal("5", Decimal(5)))),
        ("Lines: decrease by same as Lines", Increase(SameAs(ref("Lines")), back=True)),
        ("Total: increase by setting Large order", Increase(OfSetting("Large order"))),
        ("Discount: increase by 5%", Increase(Literal("5%", Decimal("0.05")))),
        ("Note: exactly next of kin", Literal("next of kin", "next of kin")),
        ("Note: exactly =1+1", Literal("=1+1", "=1+1")),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)  # fmt: skip
def test_a_value_is_read(line: str, expected: Value | None) -> None:
    found = right(line, DUE)
    if expected is not None:
        assert found == expected


@pytest.mark.parametrize(
    "line",
    [
        'Total: "=[Freight] * 2"',
        'Discount: "=[Freight] / [Total]"',
        'Promised on: "=[Delivered on] + 3"',
        'Ordered on: "=NOW()"',
        'Note: "=[Total] * 2"',
        'Marketing consent: "=[Total] > 5"',
        'Owner: "=UPPER([Note])"',
        "Total: =[Freight] + 1",
        'Handling: "=[Handling] * 2"',
    ],
)
def test_a_formula_is_a_value(line: str) -> None:
    assert isinstance(right(line), Computation)


def test_an_increase_may_be_a_formula() -> None:
    found = right('Total: "increase by =[Freight] * 2"')
    assert isinstance(found, Increase)
    assert isinstance(found.by, Computation)


def test_a_figure_is_a_value() -> None:
    found = right("Total: same as Revenue", known())
    assert isinstance(found, SameAs)
    assert found.ref.column == Column("Revenue", Kind.MONEY)


def test_a_table_of_words_chooses_a_value() -> None:
    found = right(PRIORITY.format("soon"))
    assert isinstance(found, ByColumn)
    assert found.refs == (ref("Status"),)
    assert [(words, one.value) for words, one in found.rows if isinstance(one, Literal)] == [
        (("New",), "hurry"),
        (("Paid",), "soon"),
        (("Shipped",), "soon"),
    ]
    assert found.otherwise == Literal("no hurry", "no hurry")


def test_a_table_goes_by_several_columns_and_holds_values_of_any_kind() -> None:
    found = right(
        "Promised on:\n  by column: Status, Buyer.Tier\n  New, gold: today\n  Paid, Gold:\n    first that fits:\n"
        "      - value: 3 days after Delivered on\n        when: {Total: above 50}\n      - value: empty\n"
        "  everything else: 5 working days after today"
    )
    assert isinstance(found, ByColumn)
    assert [words for words, _ in found.rows] == [("New", "Gold"), ("Paid", "Gold")]
    assert len(list(conditions_in(found))) == 1
    assert list(refs_in(found)) == [ref("Status"), ref("Buyer.Tier"), ref("Delivered on")]
    assert len(list(parts_of(found))) == 6


def test_a_table_may_hold_increases_and_formulas() -> None:
    found = right('Total:\n  by column: Status\n  New: increase by 5\n  everything else: "=[Total] * 2"')
    assert isinstance(found, ByColumn)
    assert isinstance(found.rows[0][1], Increase)
    assert len(list(formulas_in(found))) == 1


def test_a_warning_names_words_that_no_cell_can_hold() -> None:
    found, problems = value(PRIORITY.format("soon").replace("New", "Neu"))
    assert found is not None
    assert [(one.severity, one.place.line) for one in problems] == [(Severity.WARNING, 4)]
    assert problems[0].suggestion.strip() == "New: hurry"


def test_a_note_says_for_which_words_there_is_no_value() -> None:
    found, problems = value("Note:\n  by column: Status\n  New: a\n  Paid: b\n  Shipped: c")
    assert found is not None
    assert [(one.severity, one.what) for one in problems] == [
        (Severity.NOTE, "The table says nothing for `Delivered`, `Cancelled`: there is no value then.")
    ]


FIRST = "Note:\n  first that fits:\n"
WRONG_VALUES = [
    ("Promised on: due", 2, 16, ""),
    ("Total: due", 2, 10, ""),
    ("Owner: next of wherehouse", 2, 10, "Owner: next of warehouse"),
    ("Total: next of warehouse", 2, 10, ""),
    ("Note: next of kin", 2, 9, ""),
    ("Note: increase by 5", 2, 9, ""),
    ("Total: increase by much", 2, 10, ""),
    ("Total: increase by Freight", 2, 10, "Total: increase by same as Freight"),
    ("Total: increase by -5", 2, 10, ""),
    ("Total: increase by 10%", 2, 10, "Total: increase by =[Total] * 0.1"),
    ("Total: += 5", 2, 10, "Total: increase by 5"),
    ("Lines: minus 5", 2, 10, "Lines: decrease by 5"),
    ("Total: increas by 5", 2, 10, "Total: increase by 5"),
    ("Promised on: 3 business days after today", 2, 16, "Promised on: 3 working days after today"),
    ("Promised on: 3 days after Deliverd on", 2, 16, "Promised on: 3 days after Delivered on"),
    ("Promised on: 2 working weeks after today", 2, 16, "Promised on: 10 working days after today"),
    ('Total: "=[Note]"', 2, 10, ""),
    ('Total: "=[Totl] * 2"', 2, 12, 'Total: "=[Total] * 2"'),
    ('Promised on: "=[Total]"', 2, 16, ""),
    ('Total: "[Freight] * 2"', 2, 10, 'Total: "=[Freight] * 2"'),
    ("Total: Revenue", 2, 10, "Total: same as Revenue"),
    ("Total: Revenu", 2, 10, "Total: same as Revenue"),
    ("Total: same as Revenu", 2, 10, "Total: same as Revenue"),
    ("Promised on: same as Revenue", 2, 16, ""),
    ("Note: this.Product", 2, 9, "Note: same as this.Product"),
    ("Revenue: 5", 2, 3, ""),
    ("Note:\n  Status: a\n  Paid: b", 3, 5, ""),
    ("Note:\n  by colum: Status\n  Paid: b", 3, 5, "by column: Status"),
    ("Note:\n  by column: Statsu\n  Paid: b", 3, 16, "by column: Status"),
    ("Note:\n  by column: Total\n  5: b", 3, 16, ""),
    ("Note:\n  by column: Status, Buyer.Tier\n  Paid: b", 4, 5, ""),
    ("Note:\n  by column: Status\n  Paid: b\n  paid: c", 5, 5, ""),
    ("Note:\n  by column: Status\n  Paid:", 4, 5, ""),
    ("Total:\n  by column: Status\n  Paid: much", 4, 11, ""),
    (f"{FIRST}    - a", 4, 9, "- value: a"),
    (f"{FIRST}    - value: a\n    - value: b", 4, 9, ""),
    (f"{FIRST}    - value: a\n      if: {{Status: Paid}}\n    - value: b", 5, 9, "when: {Status: Paid}"),
    (f"{FIRST}    - value: a\n      when: {{Status: Payed}}\n    - value: b", 5, 24, "when: {Status: Paid}"),
    (f"{FIRST}    - when: {{Status: Paid}}", 4, 9, ""),
    (f"{FIRST}    - value: a\n  go down only after: 3 days", 5, 5, ""),
    (f"{FIRST}    value: a", 4, 7, ""),
    ("Note:\n  - value: a", 3, 5, ""),
]


@pytest.mark.parametrize(
    ("line", "row", "column", "suggestion"),
    WRONG_VALUES,
    ids=[row[0].replace("\n", " ") for row in WRONG_VALUES],
)
def test_a_wrong_value_gets_its_remedy(line: str, row: int, column: int, suggestion: str) -> None:
    found, problems = value(line, known())
    assert found is None
    errors = [one for one in problems if one.severity is Severity.ERROR]
    assert [(one.place.line, one.place.column) for one in errors] == [(row, column)]
    assert errors[0].suggestion.strip() == suggestion


def test_messages_of_values_read_as_agreed(golden: Golden) -> None:
    said = [(line, one) for line, *_ in WRONG_VALUES for one in value(line, known())[1]]
    golden.check(
        "wrong_values.txt",
        "".join(f"{line}\n  {one.what}\n  {one.fix}".rstrip() + "\n" for line, one in said),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Promised on: 3 days after due", "3 days after the deadline"),
        ("Owner: next of warehouse", "the next in turn of warehouse"),
        ("Total: decrease by 5", "what it was minus 5"),
        ('Total: "=[Freight] * 2"', "the result of =[Freight] * 2"),
        (PRIORITY.format("soon"), ('a value that depends on Status (New: "hurry"; Paid: "soon"; Shipped: "soon"; '
         'everything else: "no hurry")')),
        (f"{FIRST}    - {{value: a, when: {{Status: Paid}}}}\n    - value: b",
         'the first that fits of these: "a" if Status is "Paid"; "b" otherwise'),
    ],
    ids=lambda part: part.replace("\n", " "),
)  # fmt: skip
def test_a_value_is_read_back(line: str, said: str) -> None:
    assert say_value(right(line, DUE)) == said


# Rows of a list


LISTED = "Open: {in: Customers, list: [Customer, Tier]}\n" + TWO


def row_values(text: str, each: str = "Open") -> tuple[list[Value], tuple[Problem, ...]]:
    block, notes = parse(text, FILE)
    assert block is not None
    found = read_row_values(block, known(LISTED), "Tickets", notes, each)
    return [one.value for one in found.targets] if found is not None else [], notes.problems


def test_in_a_row_for_each_line_plain_columns_belong_to_the_list() -> None:
    found, problems = row_values(
        "Subject: same as Customer\nOrder No: same as this.Order No\nOpened at: now\nTicket No: '{{ tier }}'\n"
    )
    assert problems == ()
    assert found[0] == SameAs(ColumnRef(Column("Customer"), "Customers", (EACH,)))
    assert found[1] == SameAs(ColumnRef(Column("Order No"), "Orders", (THIS,)))
    assert isinstance(found[3], TextOf)


def test_a_formula_of_such_a_row_speaks_of_the_list() -> None:
    found, problems = row_values('Subject: "=[Customer] & [this.Note] & [Placed]"\n')
    assert problems == ()
    assert [one.links for one in refs_in(found[0])] == [(THIS,), (EACH,)] or [
        one.links for one in refs_in(found[0])
    ] == [(EACH,), (THIS,)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Subject: same as Note\n", "Customers has no column `Note`"),
        ("Subject: increase by 5\n", "only numbers"),
    ],
)
def test_a_wrong_value_of_such_a_row(text: str, what: str) -> None:
    found, problems = row_values(text)
    assert found == []
    assert what in problems[0].what


def test_conditions_of_such_a_row_ask_the_line() -> None:
    found, problems = row_values("Subject: {first that fits: [{value: a, when: {Tier: Gold}}, {value: b}]}\n")
    assert problems == ()
    assert [line.ref.table for one in conditions_in(found[0]) for line in one.lines] == ["Customers"]  # type: ignore[union-attr] # a block of lines


def test_unless_there_is_may_name_the_line() -> None:
    rule = understood(
        "rule: A\nlook at: Orders\nfigures:\n  Open: {in: Customers, list: [Customer, Tier]}\nthen:\n  - add row:\n"
        "      to: Tickets\n      for each: Open\n      values: {Subject: same as Customer}\n"
        "      unless there is: {Subject: same as each.Customer, Order No: same as this.Order No}\n"
    )
    unless = rule.entries[0].acts[0].params.unless_there_is  # type: ignore[attr-defined] # the Params of `add row`
    assert [line.right.ref.links for line in unless.condition.lines] == [(EACH,), (THIS,)]


@pytest.mark.parametrize(
    ("name", "found", "what"),
    [
        ("Open", True, ""),
        ("Opne", False, "Did you mean `Open`?"),
        ("Placed", False, "is no list"),
        ("Nothing", False, "the lists are Open"),
    ],
)
def test_for_each_names_a_list(name: str, found: bool, what: str) -> None:
    block, notes = parse(f"for each: {name}\n", FILE)
    assert block is not None
    read = read_list_name(block.pairs[0].value, known(LISTED), notes)
    assert isinstance(read, ListName) is found
    assert what in "".join(one.what for one in notes.problems)


# Within


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 hours", Length(Span(4, Unit.HOUR))),
        ("2 working hours", Length(Span(2, Unit.HOUR, working=True))),
        ("same as Handling", SameAs(ref("Handling"))),
        ("setting Reply time", OfSetting("Reply time")),
        ("{by column: Status, New: 2 working hours, everything else: 8 working hours}", None),
        ("{first that fits: [{value: 2 hours, when: {Total: above 5}}, {value: same as Handling}]}", None),
        ('"=[Lines] * 2"', None),
        ('"=[Handling] * 2"', None),
    ],
)
def test_a_duration_is_read(text: str, expected: Value | None) -> None:
    found, problems = length(text, replace(SHOP, settings={**SHOP.settings, "Reply time": "4 working hours"}))
    assert found is not None, problems
    if expected is not None:
        assert found == expected


@pytest.mark.parametrize(
    ("text", "what", "suggestion"),
    [
        ("Handling", "alone is no duration", "within: same as Handling"),
        ("4 houres", "not a duration", "within: 4 hours"),
        ("0 hours", "no time at all", ""),
        ("same as Lines", "without a unit", ""),
        ("same as Handlin", "Did you mean `Handling`?", "within: same as Handling"),
        ("setting Courier", "DHL", ""),
        ("setting Broken", "a lot", ""),
        ('"=[Note]"', "a number of hours, but the formula gives a text", ""),
        ("{by column: Status, New: soon, everything else: 8 hours}", "`soon` is not a duration", ""),
        ("[1 hour, 2 hours]", "not a list", ""),
    ],
)
def test_a_wrong_duration_gets_its_remedy(text: str, what: str, suggestion: str) -> None:
    found, problems = length(text)
    assert found is None
    assert what in problems[0].what
    assert problems[0].suggestion.strip() == suggestion


# Keep

TIERS = """\
Tier:
  first that fits:
    - value: Gold
      when: {Birthday: not empty}
    - value: Standard
  go down only after: 90 days
"""


def test_a_kept_column_has_a_value() -> None:
    found, problems = keep(TIERS)
    assert found is not None, problems
    assert isinstance(found[0].value, FirstThatFits)
    assert found[0].value.go_down_after == Span(90, Unit.DAY)
    assert list(say_kept(found)) == [
        (
            'Tier is kept at the first that fits of these: "Gold" if Birthday is not empty; "Standard" otherwise; '
            "it goes down only after 90 days."
        )
    ]


@pytest.mark.parametrize(
    ("text", "what", "fix"),
    [
        ("Birthday: a", "Birthday is not marked as kept", "Write `kept: [Tier, Birthday]` under Customers"),
        ("Teir: Gold", "Did you mean `Tier`?", ""),
        ("Customer: a", "is the key of Customers", ""),
        ("Region.Manager: anna", "a column of another row", "looks at Regions"),
        ("Tier: Golden", "is not one of them", ""),
        ("Tier: next of warehouse", "`next of warehouse` is a person", ""),
        ("Tier:", "Nothing stands behind `Tier:`", ""),
        (TIERS.replace("90 days", "soon"), "`soon` is not a duration", ""),
        (TIERS.replace("  go", "    go"), "", ""),
    ],
)
def test_a_wrong_kept_column_gets_its_remedy(text: str, what: str, fix: str) -> None:
    found, problems = keep(text)
    assert found is None
    assert what in problems[0].what
    assert fix in problems[0].fix


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("Ordered on: now", "another moment at every look"),
        ("Ordered on: 3 hours after now", "another moment at every look"),
        ("Owner: next of warehouse", "somebody else at every look"),
        ("Total: increase by 5", "would change at every look"),
    ],
)
def test_what_changes_at_every_look_is_not_kept(line: str, what: str) -> None:
    orders = replace(SHOP.schemas["Orders"], kept=("Ordered on", "Owner", "Total"))
    found, problems = keep(line, replace(SHOP, schemas={**SHOP.schemas, "Orders": orders}))
    assert found is None
    assert what in problems[0].what


def test_a_rule_without_rows_keeps_nothing() -> None:
    found, problems = keep(TIERS, NO_TABLE)
    assert found is None
    assert "looks at no table" in problems[0].what


# The rule as a whole


def test_a_kept_column_is_not_set_as_well() -> None:
    rule = understood("rule: A\nlook at: Orders\nthen:\n  - set: {Note: a}\n")
    both = replace(rule, keep=(Kept(ref("Note"), Literal("b", "b"), rule.place),))
    assert ["`keep:`" in one.what for one in check_figures(both)] == [True]
    assert list(check_figures(rule)) == []


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("in: Orders, count: rows, where: {Total: [above 5, below 3]}", ""),
        ("in: Orders, where: {Status: Paid}, share with: {Status: Shipped}", "the share is always 0"),
    ],
)
def test_figures_that_count_nothing_are_told(lines: str, what: str) -> None:
    rule = understood("rule: A\nlook at: Orders\nthen:\n  - set: {Note: a}\n")
    found = list(check_figures(replace(rule, figures=(figure(lines),))))
    assert [one.severity for one in found] == [Severity.WARNING]
    assert what in found[0].what


def test_the_version_knows_what_a_formula_means_and_not_how_it_is_written() -> None:
    rule = 'rule: A\nlook at: Orders\nfigures: {It: {formula: "=SUM(Orders[Total]) + 1"}}\nthen:\n  - set: {Note: a}\n'
    version = understood(rule).version
    assert understood(rule.replace(") + 1", ")  +1")).version == version
    assert understood(rule.replace("+ 1", "+ 2")).version != version
    assert understood(rule.replace("It:", "That:")).version != version
    assert understood(rule.replace("SUM", "MAX")).version != version
    assert understood(rule.replace("[Total]", "[Freight]")).version != version
