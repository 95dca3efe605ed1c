"""What figures come to: a table of every measure, and a law that columns say what a slow reading says."""

import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rowcall.calendar import Calendar, elapsed, parse_hours
from rowcall.duration import Unit
from rowcall.evaluate.figures import Figures, compute_figures
from rowcall.evaluate.frame import assemble
from rowcall.evaluate.grounds import Grounds
from rowcall.language.asking import lines_of, watched_refs_of
from rowcall.language.condition import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Condition,
    InPeriod,
    IsEmpty,
    Literal,
    NoneOf,
    OfColumn,
    Operator,
    ThereIs,
)
from rowcall.language.figure import (
    Aggregate,
    Count,
    Figure,
    FormulaOf,
    How,
    Listing,
    Measure,
    ShareWith,
    ShowAs,
    TimeBetween,
)
from rowcall.language.formula.understand import read_formula
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Rule
from rowcall.language.scope import Scope
from rowcall.period import Period
from rowcall.table import CellValue, Column, Kind
from tests.searched import (
    EMPTY,
    HERE,
    NOW,
    ORDERS,
    UNKNOWN,
    Shop,
    Texts,
    ask,
    cell,
    column,
    conditions,
    read,
    shops,
    this,
    tidy,
)
from tests.tables import BERLIN

DESK = Calendar("desk", BERLIN, (parse_hours("09:00-12:00, 13:00-17:00"),) * 5 + ((),) * 2)
SAME = Compare(column("Customer"), Operator.EQUAL, OfColumn(this("Name")), HERE, "")
PAID = Compare(column("Status"), Operator.EQUAL, Literal("Paid", "Paid"), HERE, "")


def figure(
    name: str,
    measure: Measure,
    kind: Kind = Kind.NUMBER,
    *lines: Condition,
    by: str = "",
    show_as: ShowAs | None = None,
) -> Figure:
    where = AllOf(lines, HERE) if lines else None
    table = "" if isinstance(measure, FormulaOf) else "Orders"
    return Figure(name, measure, HERE, table, where, column(by) if by else None, show_as, kind)


def rule_of(*figures: Figure, compare_with: Period | None = None, table: str = "") -> Rule:
    return Rule("weekly", "Weekly", table, (), "v1", HERE, figures=figures, compare_with=compare_with)


def compute(
    shop: Shop, *figures: Figure, per_row: bool = False, compare_with: Period | None = None
) -> Figures:
    snapshot = shop.snapshot()
    grounds = Grounds(snapshot, NOW, BERLIN, calendars={"desk": DESK})
    frame = None
    if per_row:
        frame = assemble(snapshot.tables["Customers"], snapshot, zone=BERLIN, calendars={"desk": DESK})
    return compute_figures(rule_of(*figures, compare_with=compare_with), grounds, frame)


def orders(*rows: Texts) -> Shop:
    numbered = {f"O-{place}": {"No": f"O-{place}", **row} for place, row in enumerate(rows, 1)}
    return Shop({"Ann": {"Name": "Ann", "Limit": "6"}, "Bob": {"Name": "Bob"}}, numbered)


def totals(*texts: str) -> Shop:
    return orders(*({"Total": text} for text in texts))


def total_of(how: How) -> Figure:
    return figure("F", Aggregate(how, column("Total")), Kind.NUMBER if how is How.DISTINCT else Kind.MONEY)


def say(value: CellValue, kind: Kind, show_as: str) -> str:
    return f"<{value} {kind} {show_as}>"


MEASURES = [
    # rows: three values, a blank, one unreadable; one row; no rows
    (How.SUM, "17.35", "7.25", "0"),
    (How.AVERAGE, "5.78333333333333", "7.25", None),
    (How.MEDIAN, "7.25", "7.25", None),
    (How.P90, "9.45", "7.25", None),
    (How.HIGHEST, "10", "7.25", None),
    (How.LOWEST, "0.1", "7.25", None),
    (How.DISTINCT, "3", "1", "0"),
]


@pytest.mark.parametrize(("how", "many", "one", "none"), MEASURES)
def test_a_measure_leaves_blanks_out_and_tells_of_unreadable_cells(
    how: How, many: str, one: str, none: str | None
) -> None:
    found = compute(totals("7.25", "10", "0.10", "", "x"), total_of(how))
    assert found.value("F") == Decimal(many)
    assert "\n".join(map(str, found.problems)) == (
        "Orders!Total: 1 row of Orders is left out of the figure F, because a cell can't be read (the first: O-5) "
        "(mend the cells, or leave such rows out with a line under `where`)"
    )
    single, nothing = compute(totals("7.25"), total_of(how)), compute(totals(), total_of(how))
    assert (single.value("F"), single.problems) == (Decimal(one), ())
    assert (nothing.value("F"), nothing.is_unknown("F")) == (None if none is None else Decimal(none), False)
    blanks = compute(totals("", ""), total_of(how))
    assert blanks.value("F") == (None if none is None else Decimal(none))


@pytest.mark.parametrize(
    ("measure", "kind", "many", "none"),
    [
        (Count(), Kind.NUMBER, Decimal(3), Decimal(0)),
        (Aggregate(How.HIGHEST, column("Day")), Kind.DATE, date(2026, 3, 30), None),
        (Aggregate(How.LOWEST, column("Day")), Kind.DATE, date(2026, 3, 28), None),
        (Aggregate(How.HIGHEST, column("Opened")), Kind.DATETIME, datetime(2026, 3, 30, 7, tzinfo=UTC), None),
        (Aggregate(How.SUM, column("Took")), Kind.DURATION, timedelta(days=2, hours=1.5), timedelta(0)),
        (Aggregate(How.AVERAGE, column("Took")), Kind.DURATION, timedelta(days=1, minutes=45), None),
        (Aggregate(How.DISTINCT, column("City")), Kind.NUMBER, Decimal(1), Decimal(0)),
        (Aggregate(How.HIGHEST, column("Status")), Kind.CHOICE, "Sent", None),
        (Aggregate(How.LOWEST, column("Status")), Kind.CHOICE, "Paid", None),
        (Aggregate(How.HIGHEST, ColumnRef(Column("Limit", Kind.NUMBER), "Customers", ("Buyer",))), Kind.NUMBER, Decimal(6), None),
        (ShareWith(PAID), Kind.PERCENT, Decimal("0.333333333333333"), None),
        (TimeBetween(How.MEDIAN, column("Opened"), column("Closed")), Kind.DURATION, timedelta(hours=40), None),
        (TimeBetween(How.HIGHEST, column("Day"), column("Closed")), Kind.DURATION, timedelta(days=3, hours=17.25), None),
        (TimeBetween(How.SUM, column("Opened"), column("Closed"), "desk"), Kind.DURATION, timedelta(hours=24.25), timedelta(0)),
    ],
)  # fmt: skip
def test_measures_of_other_kinds(measure: Measure, kind: Kind, many: CellValue, none: CellValue) -> None:
    rows: Sequence[Texts] = [
        {"Customer": "Ann", "City": "Ulm", "Status": "Paid", "Day": "2026-03-28", "Took": "1:30",
         "Opened": "2026-03-27 16:00", "Closed": "2026-03-28 09:00"},
        {"Customer": "Bob", "City": "ulm ", "Status": "Sent", "Day": "2026-03-30", "Took": "2 days",
         "Opened": "2026-03-30 09:00", "Closed": "2026-04-02 17:15"},
        {"Customer": "Bob", "City": "", "Status": "", "Day": "", "Took": "", "Opened": "", "Closed": ""},
    ]  # fmt: skip
    if isinstance(measure, TimeBetween) and measure.how is How.MEDIAN:
        rows = [rows[0], {"Opened": "2026-03-27 16:00", "Closed": "2026-03-30 01:00"}]
        many = timedelta(hours=(17 + 56) / 2)  # the clocks went forward in the second night
    if isinstance(measure, TimeBetween) and measure.calendar:
        many = timedelta(hours=1 + 7 * 4)  # Friday's last hour; Monday to Thursday, whole
    found = compute(orders(*rows), figure("F", measure, kind))
    assert (found.value("F"), found.problems) == (many, ())
    nothing = compute(orders(), figure("F", measure, kind))
    assert (nothing.value("F"), nothing.problems) == (none, ())


def test_a_figure_of_each_row_joins_by_what_is_the_same() -> None:
    shop = orders(
        {"Customer": "Ann", "Status": "Paid", "Total": "5"},
        {"Customer": "ann ", "Status": "Paid", "Total": "8"},
        {"Customer": "Ann", "Status": "New", "Total": "100"},
        {"Customer": "Dan", "Status": "Paid", "Total": "1"},
    )
    above = Compare(column("Total"), Operator.MORE, OfColumn(this("Limit")), HERE, "")
    found = compute(
        shop,
        figure("Spent", Aggregate(How.SUM, column("Total")), Kind.MONEY, SAME, PAID),
        figure("Orders", Count(), Kind.NUMBER, SAME),
        figure("Large", Count(), Kind.NUMBER, SAME, above),
        figure("Average", Aggregate(How.AVERAGE, column("Total")), Kind.MONEY, SAME),
        figure("All", Count()),
        per_row=True,
    )
    ann = {name: found.value(name, "Ann") for name in found.values}
    bob = {name: found.value(name, "Bob") for name in found.values}
    assert ann == {"Spent": 13, "Orders": 3, "Large": 2, "Average": Decimal("37.6666666666667"), "All": 4}
    assert bob == {"Spent": 0, "Orders": 0, "Large": None, "Average": None, "All": 4}
    assert found.is_unknown("Large", "Bob")  # nothing is above an empty limit, and nothing is not
    assert len(found.values["All"]) == 1  # it names no row, so it is counted once


def test_a_watched_cell_that_cant_be_read_makes_its_figure_unknown() -> None:
    shop = Shop(
        {"Ann": {"Name": "Ann", "City": "#N/A"}, "Bob": {"Name": "Bob", "City": "Ulm"}},
        {"1": {"No": "1", "City": "Ulm", "Total": "5"}},
    )
    line = Compare(column("City"), Operator.EQUAL, OfColumn(this("City")), HERE, "")
    found = compute(shop, figure("F", Count(), Kind.NUMBER, line), per_row=True)
    assert (found.value("F", "Ann"), found.is_unknown("F", "Ann")) == (None, True)
    assert (found.value("F", "Bob"), found.is_unknown("F", "Bob")) == (1, False)


def test_rows_whose_conditions_cant_be_read_are_told() -> None:
    above = Compare(column("Total"), Operator.MORE, OfColumn(this("Limit")), HERE, "")
    shop = orders(
        {"Customer": "Ann", "Total": "9", "Status": "Paid"},
        {"Customer": "Ann", "Total": "x", "Status": "Paid"},
        {"Customer": "Ann", "Total": "", "Status": "Paid"},
        {"Customer": "Ann", "Total": "9", "Status": "payed"},
        {"Customer": "#N/A", "Total": "9", "Status": "Paid"},
        {"Customer": "#N/A", "Total": "9", "Status": "New"},
    )
    found = compute(
        shop,
        figure("Where", Count(), Kind.NUMBER, PAID),
        figure("Pairs", Count(), Kind.NUMBER, SAME, PAID, above),
        figure("Joined", Count(), Kind.NUMBER, SAME, PAID),
        per_row=True,
    )
    assert [found.value(name, "Ann") for name in ("Where", "Pairs", "Joined")] == [4, 1, 3]
    left_out = [problem.what.split(", because")[0] for problem in found.problems]
    assert left_out == [
        "1 row of Orders is left out of the figure Where",
        "3 rows of Orders are left out of the figure Pairs",  # an unreadable total, status and customer
        "2 rows of Orders are left out of the figure Joined",
    ]


def test_a_list_is_sorted_cut_and_typed() -> None:
    shop = orders(
        {"Customer": "Ann", "Total": "5", "Status": "Sent"},
        {"Customer": "Ann", "Total": "", "Status": "New"},
        {"Customer": "Ann", "Total": "80", "Status": "Paid"},
        {"Customer": "Bob", "Total": "x", "Status": "Paid"},
        {"Customer": "Ann", "Total": "5", "Status": "New"},
    )
    refs = (column("No"), column("Total"), column("Status"))
    falling = Listing(refs, ((column("Total"), True), (column("Status"), False)), 3)
    found = compute(
        shop, figure("Each", falling, Kind.TEXT, SAME), figure("All", Listing(refs)), per_row=True
    )
    ann = found.listed("Each", "Ann")
    assert ann.rows == (("O-3", 80, "Paid"), ("O-5", 5, "New"), ("O-1", 5, "Sent"))
    assert ann.columns == (("No", Kind.TEXT, ""), ("Total", Kind.MONEY, ""), ("Status", Kind.CHOICE, ""))
    assert (ann.table, ann.keys) == ("Orders", ("O-3", "O-5", "O-1"))
    assert found.listed("Each", "Bob").rows == (("O-4", "x", "Paid"),)
    assert [row[0] for row in found.listed("All", "Bob").rows] == ["O-1", "O-2", "O-3", "O-4", "O-5"]
    assert compute(orders(), figure("Each", falling)).listed("Each").rows == ()
    assert found.is_listed("Each")
    assert not found.is_listed("nobody")


def test_a_breakdown_has_a_line_for_each_value() -> None:
    shop = orders(
        {"Customer": "Ann", "City": "Ulm", "Total": "5", "Status": "Sent"},
        {"Customer": "Ann", "City": "ulm", "Total": "2", "Status": "New"},
        {"Customer": "Ann", "City": "", "Total": "80", "Status": "Sent"},
        {"Customer": "Bob", "City": "Bonn", "Total": "3", "Status": "payed"},
    )
    money = Aggregate(How.SUM, column("Total"))
    found = compute(
        shop,
        figure("By city", money, Kind.MONEY, by="City"),
        figure("By status", Count(), Kind.NUMBER, by="Status"),
        figure("Share", ShareWith(PAID), Kind.PERCENT, by="City", show_as=ShowAs.PERCENT),
        figure("Each", money, Kind.MONEY, SAME, by="City"),
        per_row=True,
    )
    assert found.listed("By city", "Ann").rows == (("Bonn", 3), ("Ulm", 7), (None, 80))
    assert found.listed("By status", "Ann").rows == (("New", 1), ("Sent", 2))
    assert found.listed("Each", "Ann").rows == (("Ulm", 7), (None, 80))
    assert found.listed("Each", "Bob").rows == (("Bonn", 3),)
    assert found.listed("Share", "Bob").columns == (
        ("City", Kind.TEXT, ""),
        ("Share", Kind.PERCENT, "percent"),
    )
    assert [problem.place.header for problem in found.problems] == ["Status", ""]


def test_a_share_counts_empty_cells_and_leaves_unreadable_ones_out() -> None:
    above = Compare(column("Total"), Operator.MORE, Literal("3", Decimal(3)), HERE, "")
    found = compute(totals("5", "1", "", "x"), figure("F", ShareWith(above), Kind.PERCENT))
    assert found.value("F") == Decimal("0.333333333333333")
    assert "1 row of Orders is left out" in str(found.problems[0])
    larger = Compare(column("Total"), Operator.MORE, OfColumn(this("Limit")), HERE, "")
    shop = orders(*({"Customer": "Ann", "Total": text} for text in ("5", "7", "8", "9")))
    each = compute(shop, figure("F", ShareWith(larger), Kind.PERCENT, SAME), per_row=True)
    assert each.value("F", "Ann") == Decimal("0.75")
    assert each.is_unknown("F", "Bob")


def formula(name: str, text: str, kind: Kind, *others: Figure) -> Figure:
    scope = Scope({"Orders": ORDERS}, "en", BERLIN, rule="weekly")
    return figure(name, FormulaOf(read_formula(text, scope, {one.name: one.kind for one in others})), kind)


def test_formulas_over_figures_in_any_order_and_conditions_on_them() -> None:
    revenue = figure("Revenue", Aggregate(How.SUM, column("Total")), Kind.MONEY)
    count = figure("Orders", Count())
    basket = formula("Basket", "=[Revenue] / [Orders]", Kind.MONEY, revenue, count)
    ref = ColumnRef(Column("Basket", Kind.MONEY), "", figure="weekly")
    above = figure(
        "Above", Count(), Kind.NUMBER, Compare(column("Total"), Operator.MORE, OfColumn(ref), HERE, "")
    )
    found = compute(totals("1", "2", "9"), above, basket, revenue, count)
    assert {name: found.value(name) for name in found.values} == {
        "Above": 1,
        "Basket": 4,
        "Revenue": 12,
        "Orders": 3,
    }
    nothing = compute(totals(), above, basket, revenue, count)
    assert {name: nothing.is_unknown(name) for name in nothing.values} == {
        "Above": True, "Basket": True, "Revenue": False, "Orders": False,
    }  # fmt: skip
    each = compute(
        orders({"Customer": "Ann", "Total": "4"}, {"Customer": "Ann", "Total": "10"}, {"Customer": "Bob"}),
        above,
        basket,
        figure("Revenue", Aggregate(How.SUM, column("Total")), Kind.MONEY, SAME),
        figure("Orders", Count(), Kind.NUMBER, SAME),
        per_row=True,
    )
    assert [each.value("Basket", key) for key in ("Ann", "Bob")] == [7, 0]
    assert [each.value("Above", key) for key in ("Ann", "Bob")] == [1, 2]


def test_a_figure_that_needs_itself_or_a_lost_table_is_unknown_and_told() -> None:
    one = figure("One", Count())
    circle = formula("One", "=[Two]", Kind.NUMBER, figure("Two", Count()))
    other = formula("Two", "=[One]", Kind.NUMBER, one)
    found = compute(totals("1"), circle, other, Figure("Lost", Count(), HERE, "Gone"))
    assert {name: found.is_unknown(name) for name in ("One", "Two", "Lost")} == dict.fromkeys(
        ("One", "Two", "Lost"), True
    )
    assert "needs itself" in str(found.problems[0])
    assert "the tab of Gone is not there" in str(found.problems[-1])
    assert found.shown("Lost", say) == "–"


def test_the_period_before_gives_the_change() -> None:
    week, before = Period("last week", Unit.WEEK), Period("the week before", Unit.WEEK, back=2)
    line = InPeriod(column("Day"), week, HERE, "")
    rows = [("2026-03-23", "10"), ("2026-03-29", "2"), ("2026-03-22", "8"), ("", "100"), ("2026-03-30", "50")]
    shop = orders(
        *({"Day": day, "Total": total, "City": "Ulm" if total == "2" else ""} for day, total in rows)
    )
    revenue = figure("Revenue", Aggregate(How.SUM, column("Total")), Kind.MONEY, line)
    count = figure("Orders", Count(), Kind.NUMBER, line)
    ulm = figure("Ulm", Count(), Kind.NUMBER, line, IsEmpty(column("City"), HERE, "", negated=True))
    found = compute(
        shop, revenue, count, formula("Basket", "=[Revenue]/[Orders]", Kind.MONEY, revenue, count), ulm,
        figure("All", Count()), compare_with=before,
    )  # fmt: skip
    assert [(one.name, one.value, one.change, one.change_text) for one in found.told(say)] == [
        ("Revenue", Decimal(12), Decimal("0.5"), "+<0.5 percent >"),
        ("Orders", Decimal(2), Decimal(1), "+<1 percent >"),
        ("Basket", Decimal(6), Decimal("-0.25"), "<-0.25 percent >"),
        ("Ulm", Decimal(1), None, "–"),  # from 0
        ("All", Decimal(5), None, "–"),  # ignores the period
    ]
    assert found.shown("Revenue", say) == "<12 money >"
    without = compute(shop, revenue)
    assert without.change_shown("Revenue", say) == "–"


def test_a_period_is_found_wherever_it_stands() -> None:
    week, before = Period("last week", Unit.WEEK), Period("the week before", Unit.WEEK, back=2)
    line = InPeriod(column("Day"), week, HERE, "")
    block = AllOf((line,), HERE)
    search = ThereIs("Orders", AllOf((line, PAID), HERE), HERE, "")
    none = NoneOf((AllOf((IsEmpty(column("Day"), HERE, ""),), HERE),), HERE)
    basket = ColumnRef(Column("Plain", Kind.NUMBER), "", figure="weekly")
    shop = orders({"Day": "2026-03-24", "Status": "Paid"}, {"Day": "2026-03-25"}, {"Day": "2026-03-17"})
    found = compute(
        shop,
        figure("Plain", Count(), Kind.NUMBER, none, line),
        figure("Nested", Count(), Kind.NUMBER, AnyOf((block,), HERE)),
        figure("Searched", Count(), Kind.NUMBER, search),
        figure("Shared", ShareWith(line), Kind.PERCENT),
        figure(
            "Compared",
            Count(),
            Kind.NUMBER,
            Compare(basket, Operator.MORE, Literal("1", Decimal(1)), HERE, ""),
        ),
        figure("Ignoring", Count(), Kind.NUMBER, none),
        compare_with=before,
    )
    now = {name: found.value(name) for name in found.values}
    assert now == {
        "Plain": 2, "Nested": 2, "Searched": 3, "Shared": Decimal("0.666666666666667"), "Compared": 3, "Ignoring": 3,
    }  # fmt: skip
    then = {name: computed.value[0] for name, computed in found.before.items()}
    assert then == {"Plain": 1, "Nested": 1, "Searched": 0, "Shared": pytest.approx(1 / 3), "Compared": 0}


# ---- laws

LENGTHS = st.sampled_from([How.SUM, How.AVERAGE, How.MEDIAN, How.P90, How.HIGHEST, How.LOWEST])


def measures() -> st.SearchStrategy[tuple[Measure, Kind]]:
    total, took = column("Total"), column("Took")
    return st.one_of(
        st.just((Count(), Kind.NUMBER)),
        LENGTHS.map(lambda how: (Aggregate(how, total), Kind.MONEY)),
        LENGTHS.map(lambda how: (Aggregate(how, took), Kind.DURATION)),
        st.sampled_from(["City", "Total", "Status"]).map(
            lambda name: (Aggregate(How.DISTINCT, column(name)), Kind.NUMBER)
        ),
        conditions().map(lambda condition: (ShareWith(condition), Kind.PERCENT)),
        st.tuples(LENGTHS, st.sampled_from(["", "desk"])).map(
            lambda two: (TimeBetween(two[0], column("Opened"), column("Closed"), two[1]), Kind.DURATION)
        ),
    )


def slowly(measure: Measure, where: Condition | None, shop: Shop, customer: Texts) -> object:
    """Return a figure's value for one customer, None = empty, UNKNOWN = unknown."""
    share = measure.condition if isinstance(measure, ShareWith) else None
    if any(one is not None and unsure(one, customer) for one in (where, share)):
        return UNKNOWN
    rows = [row for row in shop.orders.values() if where is None or ask(where, row, customer)]
    match measure:
        case Count():
            return float(len(rows))
        case ShareWith(condition=condition):
            said = [said_of(condition, row, customer) for row in rows]
            known = [one for one in said if one is not None]
            return sum(known) / len(known) if known else None
        case Aggregate(how=how, ref=ref):
            cells = [cell(row, ref.column.name, ORDERS) for row in rows]
            return reduced(how, [one for one in cells if one not in (EMPTY, UNKNOWN)])
        case TimeBetween(how=how):
            ends: list[list[Any]] = [
                [cell(row, name, ORDERS) for name in ("Opened", "Closed")] for row in rows
            ]
            known_ends = [two for two in ends if not {*two} & {EMPTY, UNKNOWN}]
            between = [elapsed(DESK, *two) if measure.calendar else two[1] - two[0] for two in known_ends]
            return reduced(how, between)
    raise AssertionError(measure)


def said_of(condition: Condition, row: Texts, customer: Texts) -> bool | None:
    said = ask(condition, row, customer)
    if said is not None:
        return said
    left = [line.ref for line in lines_of(condition) if isinstance(line, Compare | IsEmpty)]
    return None if any(read(ref, row, customer) is UNKNOWN for ref in left) else False


def unsure(condition: Condition, customer: Texts) -> bool:
    cells = [read(ref, {}, customer) for ref in watched_refs_of(condition)]
    ordered = [
        line
        for line in lines_of(condition)
        if isinstance(line, Compare) and line.operator is not Operator.EQUAL
    ]
    compared = [read(ref, {}, customer) for line in ordered for ref in watched_refs_of(line)]
    assert not any(isinstance(line, Between) for line in lines_of(condition))
    return UNKNOWN in cells or EMPTY in compared


def reduced(how: How, values: list[Any]) -> object:
    if how is How.DISTINCT:
        return float(len({tidy(value) for value in values}))
    numbers = [value.total_seconds() if isinstance(value, timedelta) else float(value) for value in values]
    if how is How.SUM:
        return float(sum(numbers))
    if not numbers:
        return None
    if how is How.P90:
        return percentile(sorted(numbers), 0.9)
    ways: dict[How, Callable[[list[float]], float]] = {
        How.AVERAGE: statistics.mean,
        How.MEDIAN: statistics.median,
        How.HIGHEST: max,
        How.LOWEST: min,
    }
    return float(ways[how](numbers))


def percentile(numbers: list[float], share: float) -> float:
    """PERCENTILE.INC of spreadsheets."""
    rank = share * (len(numbers) - 1)
    low = int(rank)
    above = numbers[min(low + 1, len(numbers) - 1)]
    return numbers[low] + (above - numbers[low]) * (rank - low)


def said(found: Figures, key: str) -> object:
    if found.is_unknown("F", key):
        return UNKNOWN
    value = found.value("F", key)
    if value is None:
        return None
    return value.total_seconds() if isinstance(value, timedelta) else float(value)  # type: ignore[arg-type] # a number


def alike(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return one == pytest.approx(other, abs=1e-5)
    return one is other or one == other


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shop=shops(), where=conditions(), measure=measures())
def test_figures_of_each_row_are_those_of_a_slow_reading(
    shop: Shop, where: AllOf, measure: tuple[Measure, Kind]
) -> None:
    how, kind = measure
    found = compute(shop, figure("F", how, kind, *where.lines), per_row=True)
    for key, customer in shop.customers.items():
        expected = slowly(how, where, shop, customer)
        assert alike(said(found, key), expected), (key, said(found, key), expected)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shop=shops(most=20), where=conditions(), measure=measures())
def test_figures_of_the_shop_are_those_of_a_slow_reading(
    shop: Shop, where: AllOf, measure: tuple[Measure, Kind]
) -> None:
    how, kind = measure
    own = [line for line in where.lines if not watched_refs_of(line)]
    if isinstance(how, ShareWith) and watched_refs_of(how.condition):
        how = ShareWith(PAID)
    found = compute(shop, figure("F", how, kind, *own))
    expected = slowly(how, AllOf(tuple(own), HERE), shop, {})
    assert alike(said(found, ""), expected)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shop=shops(), most=st.none() | st.integers(1, 4), falling=st.booleans())
def test_lists_hold_the_rows_in_their_order(shop: Shop, most: int | None, falling: bool) -> None:
    how = Listing((column("No"),), ((column("Total"), falling),), most)
    found = compute(shop, figure("F", how, Kind.TEXT, SAME), per_row=True)
    for key, customer in shop.customers.items():
        rows = [row for row in shop.orders.values() if ask(SAME, row, customer)]
        filled = [row for row in rows if isinstance(cell(row, "Total", ORDERS), Decimal)]
        sign = -1 if falling else 1
        filled.sort(key=lambda row: sign * float(str(cell(row, "Total", ORDERS))))
        wanted = [*filled, *(row for row in rows if row not in filled)]
        assert list(found.listed("F", key).keys) == [row["No"] for row in wanted][:most]
