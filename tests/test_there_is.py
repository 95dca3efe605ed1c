"""There is, there is no, formula lines and `in the period`: whole columns say what a slow reading says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rowcall.duration import Unit
from rowcall.evaluate import search
from rowcall.evaluate.computed import Computed
from rowcall.evaluate.frame import Frame, assemble
from rowcall.evaluate.lines import explain_lines
from rowcall.evaluate.mask import masks
from rowcall.language.condition import (
    AllOf,
    Compare,
    Condition,
    FormulaTest,
    InPeriod,
    Literal,
    OfColumn,
    Operator,
    ThereIs,
)
from rowcall.language.formula.understand import read_formula
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.period import Period, bounds
from rowcall.table import Column, Kind, Snapshot
from tests.searched import (
    CUSTOMERS,
    HERE,
    NOW,
    ORDERS,
    Shop,
    ask,
    column,
    conditions,
    every,
    opposite,
    shops,
    there_is,
    this,
)
from tests.tables import BERLIN, make_schema, make_table

SAME = Compare(column("Customer"), Operator.EQUAL, OfColumn(this("Name")), HERE, "")


def frame_of(shop: Shop) -> Frame:
    snapshot = shop.snapshot()
    return assemble(snapshot.tables["Customers"], snapshot, zone=BERLIN)


def answer(condition: Condition, frame: Frame) -> list[bool | None]:
    found = masks({"one": condition}, frame, NOW, BERLIN)["one"]
    assert isinstance(found, pl.Series), found
    return found.to_list()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shop=shops(), condition=conditions(), negated=st.booleans())
def test_columns_find_what_a_slow_reading_finds(shop: Shop, condition: AllOf, negated: bool) -> None:
    expected = []
    for customer in shop.customers.values():
        found = opposite(every([opposite(ask(condition, order, customer)) for order in shop.orders.values()]))
        expected.append(opposite(found) if negated else found)
    assert answer(there_is(condition, negated=negated), frame_of(shop)) == expected


@pytest.mark.parametrize(
    ("customer", "status", "expected"),
    [
        ("Ann", "Paid", True),
        ("Ann", "New", False),
        ("Ann", "#N/A", None),
        ("Ann", "", False),
        ("#REF!", "Paid", None),
        ("#REF!", "New", False),
        ("", "Paid", False),
        ("Bob", "Paid", False),
    ],
)
def test_a_row_that_may_fit_makes_it_unknown(customer: str, status: str, expected: bool | None) -> None:
    order = {"No": "O-1", "Customer": customer, "Status": status}
    paid = Compare(column("Status"), Operator.EQUAL, Literal("Paid", "Paid"), HERE, "")
    condition = AllOf((SAME, paid), HERE)
    frame = frame_of(Shop({"Ann": {"Name": "Ann"}}, {"O-1": order}))
    assert answer(there_is(condition), frame) == [expected]
    assert answer(there_is(condition, negated=True), frame) == [opposite(expected)]
    sure = Shop(
        {"Ann": {"Name": "Ann"}}, {"O-1": order, "O-2": {"No": "O-2", "Customer": "ann", "Status": "Paid"}}
    )
    assert answer(there_is(condition), frame_of(sure)) == [True]


def test_a_composite_equality_joins_both_columns() -> None:
    both = AllOf((SAME, Compare(column("City"), Operator.EQUAL, OfColumn(this("City")), HERE, "")), HERE)
    customers = {name: {"Name": name, "City": city} for name, city in (("Ann", "Ulm"), ("Bob", "Bonn"))}
    orders = {
        "1": {"No": "1", "Customer": "Ann", "City": "Bonn"},
        "2": {"No": "2", "Customer": "Bob", "City": "bonn"},
    }
    assert answer(there_is(both), frame_of(Shop(customers, orders))) == [False, True]


def test_this_is_the_watched_row_also_two_searches_deep() -> None:
    inner = there_is(
        AllOf((Compare(column("City"), Operator.EQUAL, OfColumn(this("City")), HERE, ""),), HERE)
    )
    outer = there_is(AllOf((SAME, inner), HERE))
    customers = {name: {"Name": name, "City": city} for name, city in (("Ann", "Ulm"), ("Bob", "Bonn"))}
    orders = {
        "1": {"No": "1", "Customer": "Ann", "City": "Kiel"},
        "2": {"No": "2", "Customer": "Cy", "City": "Ulm"},
    }
    assert answer(outer, frame_of(Shop(customers, orders))) == [True, False]


def test_a_search_without_this_is_the_same_for_all_rows() -> None:
    line = there_is(AllOf((Compare(column("Total"), Operator.MORE, Literal("3", 3), HERE, ""),), HERE))  # type: ignore[arg-type] # a number
    shop = Shop({"Ann": {"Name": "Ann"}, "Bob": {"Name": "Bob"}}, {"1": {"No": "1", "Total": "5"}})
    assert answer(line, frame_of(shop)) == [True, True]


def test_this_needs_a_watched_row() -> None:
    snapshot = Shop({}, {"1": {"No": "1", "Customer": "Ann"}}).snapshot()
    frame = assemble(snapshot.tables["Orders"], snapshot, zone=BERLIN)
    found = masks({"one": SAME}, frame, NOW, BERLIN)["one"]
    assert found == "`this.Name` names the watched row, and here no row is watched"


def test_explain_shows_what_a_search_and_a_formula_saw() -> None:
    customers = {
        name: {"Name": name, "Limit": limit} for name, limit in (("Ann", "5"), ("Bob", "many"), ("Cy", ""))
    }
    orders = {
        number: {"No": number, "Customer": customer}
        for number, customer in (("O-7", "Ann"), ("O-8", "ann"), ("O-9", "Bob"))
    }
    scope = Scope({"Customers": CUSTOMERS, "Orders": ORDERS}, "en", BERLIN, table="Customers", rule="rule")
    spent = ColumnRef(Column("Spent", Kind.MONEY), "", figure="rule")
    condition = AllOf(
        (
            there_is(AllOf((SAME,), HERE)),
            FormulaTest(read_formula("=[Limit] > 3", scope), HERE, ""),
            Compare(spent, Operator.MORE, Literal("3", 3), HERE, ""),  # type: ignore[arg-type] # a number
        ),
        HERE,
    )
    values = Computed(Kind.MONEY, pl.Series([1344.5, None, None]), pl.Series([False, True, False]))
    frame = frame_of(Shop(customers, orders)).with_figures("rule", {"Spent": values})
    seen = {}
    for name in customers:
        lines = explain_lines(condition, frame.only([name]), NOW, BERLIN)
        seen[name] = [(line.value, line.result, [str(other) for other in line.others]) for line in lines]
    assert seen == {
        "Ann": [("2 rows, the first O-7", True, ["Ann"]), ("yes", True, ["5"]), ("1344.50", True, [])],
        "Bob": [
            ("1 row, O-9", True, ["Bob"]),
            ("(unknown)", None, ['"many" (unreadable)']),
            ("(unknown)", None, []),
        ],
        "Cy": [("no row", False, ["Cy"]), ("no", False, ["(empty)"]), ("(empty)", None, [])],
    }
    unread = Shop({"Ann": {"Name": "Ann"}}, {"O-7": {"No": "O-7", "Customer": "#N/A"}})
    (line,) = explain_lines(there_is(AllOf((SAME,), HERE)), frame_of(unread).only(["Ann"]), NOW, BERLIN)
    assert (line.value, line.result) == ("perhaps 1 row, O-7", None)


def test_a_table_that_is_not_there_is_a_reason_not_an_answer() -> None:
    snapshot = Snapshot(NOW, {"Customers": make_table(CUSTOMERS, [{"Name": "Ann"}])})
    frame = assemble(snapshot.tables["Customers"], snapshot, zone=BERLIN)
    found = masks({"one": there_is(AllOf((SAME,), HERE))}, frame, NOW, BERLIN)["one"]
    assert isinstance(found, str)
    assert "Orders" in found


def test_more_pairs_than_anybody_can_look_at_are_a_mistake() -> None:
    ones = search.one_group(20_000)
    with pytest.raises(Exception, match="400,000,000 pairs"):
        list(search.pairs(ones, ones, ones, HERE))


def test_pairs_come_in_chunks_that_lose_none() -> None:
    ids, watched = search.one_group(3_000), search.one_group(2_000)
    rows = pl.int_range(3_000, dtype=pl.UInt32, eager=True)
    chunks = list(search.pairs(ids, rows, watched, HERE))
    assert len(chunks) > 1
    assert sum(len(one) for one, _ in chunks) == 6_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=[Limit] > 3", [True, False, None]),
        ("=[Limit] * 2 > SUMIFS(Orders[Total], Orders[Customer], [Name])", [False, False, None]),
        ("=1/[Limit] > 0", [True, None, None]),
        ("=2 > 1", [True, True, True]),
    ],
)
def test_a_formula_line_is_true_where_it_says_so_and_unknown_at_an_error(
    text: str, expected: list[bool | None]
) -> None:
    customers = {
        name: {"Name": name, "Limit": limit} for name, limit in (("Ann", "5"), ("Bob", "0"), ("Cy", "many"))
    }
    orders = {"1": {"No": "1", "Customer": "Ann", "Total": "10"}}
    scope = Scope({"Customers": CUSTOMERS, "Orders": ORDERS}, "en", BERLIN, table="Customers")
    line = FormulaTest(read_formula(text, scope), HERE, text)
    assert answer(line, frame_of(Shop(customers, orders))) == expected


def test_figures_of_one_name_in_two_rules_do_not_mix() -> None:
    frame = frame_of(Shop({"Ann": {"Name": "Ann"}, "Bob": {"Name": "Bob"}}, {}))
    for rule, values in (("one", [1.0, None]), ("two", [7.0, 8.0])):
        series = pl.Series(values, dtype=pl.Float64)
        frame = frame.with_figures(
            rule, {"Spent": Computed(Kind.NUMBER, series, pl.Series([False, rule == "one"]))}
        )
    spent = Column("Spent", Kind.NUMBER)
    lines = {
        rule: Compare(ColumnRef(spent, "", figure=rule), Operator.MORE, Literal("3", 3), HERE, "")  # type: ignore[arg-type] # a number
        for rule in ("one", "two")
    }
    assert [answer(lines[rule], frame) for rule in lines] == [[False, None], [True, True]]
    assert [answer(line, frame.only(["Bob"])) for line in lines.values()] == [[None], [True]]
    scope = Scope({"Customers": CUSTOMERS}, "en", BERLIN, table="Customers", rule="two")
    formula = FormulaTest(read_formula("=[Spent] = 8", scope, {"Spent": Kind.NUMBER}), HERE, "")
    assert answer(formula, frame) == [False, True]


PERIODS = [
    Period("yesterday", Unit.DAY),
    Period("this week", Unit.WEEK, back=0),
    Period("last week", Unit.WEEK),
    Period("last month", Unit.MONTH),
    Period("last 30 days", Unit.DAY, 30, rolling=True),
    Period("same week last year", Unit.WEEK, back=0, year_back=1),
]
DAYS = make_schema("Days", "No", {"No": "text", "Day": "date", "At": "datetime"})


@settings(max_examples=60, deadline=None)
@given(
    moment=st.datetimes(datetime(2024, 12, 20), datetime(2026, 11, 10)).map(
        lambda one: one.replace(tzinfo=UTC)
    ),
    period=st.sampled_from(PERIODS),
    offsets=st.lists(st.integers(-800 * 24, 48), min_size=1, max_size=8),
    zone=st.sampled_from([BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")]),
)
def test_in_the_period_is_on_one_of_its_days(
    moment: datetime, period: Period, offsets: list[int], zone: ZoneInfo
) -> None:
    moments = [(moment + timedelta(hours=hours)).astimezone(zone) for hours in offsets]
    rows = [
        {"No": str(number), "Day": str(one.date()), "At": f"{one:%Y-%m-%d %H:%M}"}
        for number, one in enumerate(moments)
    ]
    table = make_table(DAYS, [*rows, {"No": "empty"}], zone)
    frame = assemble(table, Snapshot(moment, {"Days": table}), zone=zone)
    first, last = bounds(period, moment, zone)
    expected: list[bool | None] = [first <= one.date() <= last for one in moments]
    for name in ("Day", "At"):
        line = InPeriod(ColumnRef(DAYS.column(name), "Days"), period, HERE, "")
        found = masks({"one": line}, frame, moment, zone)["one"]
        assert isinstance(found, pl.Series), found
        assert found.to_list() == [*expected, None]


@pytest.mark.parametrize(
    ("now", "at", "expected"),
    [
        (
            "2026-03-30T10:00",
            "2026-03-29 03:30",
            True,
        ),  # the day the clocks went forward belongs to last week
        ("2026-03-30T10:00", "2026-03-22 23:59", False),
        ("2026-10-26T10:00", "2026-10-25 23:59", True),  # a day of 25 hours
        ("2027-01-04T10:00", "2026-12-28 00:00", True),  # week 53
        ("2026-01-05T10:00", "2025-12-29 00:00", True),  # week 1 begins in December
        ("2026-01-05T10:00", "2025-12-28 23:59", False),
    ],
)
def test_last_week_is_that_of_the_wall_clock(now: str, at: str, expected: bool) -> None:
    table = make_table(DAYS, [{"No": "1", "At": at}])
    moment = datetime.fromisoformat(now).replace(tzinfo=BERLIN).astimezone(UTC)
    frame = assemble(table, Snapshot(moment, {"Days": table}), zone=BERLIN)
    line = InPeriod(ColumnRef(DAYS.column("At"), "Days"), Period("last week", Unit.WEEK), HERE, "")
    found = masks({"one": line}, frame, moment, BERLIN)["one"]
    assert isinstance(found, pl.Series)
    assert found.to_list() == [expected]


def test_a_search_that_names_a_figure_of_each_row() -> None:
    shop = Shop(
        {"Ann": {"Name": "Ann"}, "Bob": {"Name": "Bob"}}, {"1": {"No": "1", "Customer": "Ann", "Total": "5"}}
    )
    values = Computed(Kind.MONEY, pl.Series([4.0, 9.0]), pl.Series([False, False]))
    frame = frame_of(shop).with_figures("rule", {"Biggest": values})
    figure = ColumnRef(Column("Biggest", Kind.MONEY), "", figure="rule")
    line = ThereIs("Orders", Compare(column("Total"), Operator.MORE, OfColumn(figure), HERE, ""), HERE, "")
    assert answer(line, frame) == [True, False]
