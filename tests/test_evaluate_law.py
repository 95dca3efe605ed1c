"""Whole columns say what a slow reading of one row after another says, over random tables and conditions."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rowcall.cells import Unreadable, parse_cell
from rowcall.duration import Span, Unit, add_to_date
from rowcall.errors import Place
from rowcall.evaluate.frame import Frame, assemble
from rowcall.evaluate.mask import masks
from rowcall.language.condition import (
    Ago,
    Ahead,
    AllOf,
    AnyOf,
    Between,
    Compare,
    Condition,
    Edge,
    EdgeHow,
    FormulaTest,
    IsEmpty,
    LinkMissing,
    Literal,
    Moment,
    NoneOf,
    OfColumn,
    OneOf,
    Operator,
    RowNew,
    TextHow,
    TextTest,
    ThereIs,
)
from rowcall.language.ref import ColumnRef
from rowcall.table import Kind, Snapshot, Table
from tests.tables import BERLIN, make_schema, make_table

NOW = datetime(2026, 3, 30, 9, 30, tzinfo=UTC)  # the day after the clocks went forward in Berlin
TODAY = date(2026, 3, 30)
HERE = Place()
CHOICES = ("New", "Paid", "Shipped")
ORDERS = make_schema(
    "Orders",
    "No",
    {
        "No": "text",
        "Status": CHOICES,
        "Note": "text",
        "Total": "money",
        "Floor": "number",
        "Day": "date",
        "On": "datetime",
        "Paid": "yes/no",
        "Buyer": "text",
    },
    {"Customer": ("Customers", "Buyer")},
)
CUSTOMERS = make_schema(
    "Customers", "Name", {"Name": "text", "Tier": ("Standard", "Gold"), "Credit": "number"}
)
TEXTS = {
    "Status": ["New", "paid", "SHIPPED", "Payed", "", "#N/A"],
    "Note": ["tea", "Green TEA", "coffee", "", "#REF!"],
    "Total": ["0", "5", "5.00", "0.3", "0.30000000000000004", "-7", "x", ""],
    "Floor": ["0", "5", "10", "0.3", "", "many"],
    "Day": ["2026-03-27", "2026-03-29", "2026-03-30", "2026-04-02", "soon", ""],
    "On": ["2026-03-28 02:30", "2026-03-29 03:00", "2026-03-30 00:00", "2026-03-30 11:30",
           "2026-04-02 11:31", "?", ""],
    "Paid": ["yes", "no", "", "perhaps"],
    "Buyer": ["Ann", "Bob", "Nobody", "Twin", "", "#N/A"],
    "Tier": ["standard", "Gold", "Silver", ""],
    "Credit": ["0", "5", "10", "", "x"],
}  # fmt: skip
NUMBERS = [Decimal(0), Decimal(5), Decimal("0.3"), Decimal(-7)]
LITERALS: Mapping[str, list[str | Decimal | date | bool]] = {
    "Status": list(CHOICES),
    "Note": ["Tea", "coffee"],
    "Total": [*NUMBERS],
    "Floor": [*NUMBERS],
    "Credit": [*NUMBERS],
    "Day": [date(2026, 3, 29), date(2026, 3, 30)],
    "On": [date(2026, 3, 29), date(2026, 3, 30), datetime(2026, 3, 30, 9, 30, tzinfo=UTC)],
    "Paid": [True, False],
    "Tier": ["Standard", "Gold"],
}
COMPARE: Mapping[Operator, Callable[[Any, Any], bool]] = {  # Any: two cells of one kind
    Operator.EQUAL: operator.eq,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
}

REFS = [ColumnRef(ORDERS.column(name), "Orders") for name in LITERALS if name not in ("Tier", "Credit")]
REFS += [ColumnRef(CUSTOMERS.column(name), "Customers", ("Customer",)) for name in ("Tier", "Credit")]
UNKNOWN = object()
EMPTY = object()


@dataclass(frozen=True)
class Rows:
    """Rows by key, as texts, of one moment."""

    orders: Mapping[str, Mapping[str, str]]
    customers: Mapping[str, Mapping[str, str]]
    doubled: frozenset[str]


@dataclass(frozen=True)
class Moments:
    """What the slow reading knows: rows now and then, and the keys that are new."""

    now: Rows
    then: Rows
    new: frozenset[str]


def cell(rows: Rows, row: Mapping[str, str] | None, ref: ColumnRef, *, past: bool) -> object:
    """Return the value, EMPTY or UNKNOWN; row None = a row that was not there: empty."""
    source = row
    if row is not None and ref.links:
        there = linked(rows, row)
        if there is None:
            return UNKNOWN
        source = rows.customers[row["Buyer"]] if there else None
        if source is None and not past:
            return UNKNOWN
    text = "" if source is None else source.get(ref.column.name, "")
    value = parse_cell(ref.column, text, language="en", zone=BERLIN)
    if isinstance(value, Unreadable):
        return UNKNOWN
    if value is None:
        return EMPTY
    return fifteen(value) if isinstance(value, Decimal) else value


def linked(rows: Rows, row: Mapping[str, str]) -> bool | None:
    buyer = row.get("Buyer", "")
    if buyer.startswith("#") or buyer in rows.doubled:
        return None
    return buyer in rows.customers


def fifteen(number: Decimal) -> Decimal:
    return Decimal(f"{float(number):.15g}")


def fold(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def day_of(value: object) -> object:
    return value.astimezone(BERLIN).date() if isinstance(value, datetime) else value


def compare(left: object, how: Operator, right: object) -> bool | None:
    """Compare two known, filled cells."""
    if isinstance(left, date) and isinstance(left, datetime) is not isinstance(right, datetime):
        left, right = day_of(left), day_of(right)
    return COMPARE[how](fold(left), fold(right))


class Reading:
    """Asks a condition of one row, word for word as the language says it."""

    def __init__(self, moments: Moments, key: str) -> None:
        self.moments, self.key = moments, key

    def of(self, ref: ColumnRef, *, before: bool) -> object:
        moments, key = self.moments, self.key
        now = cell(moments.now, moments.now.orders[key], ref, past=False)
        if not before:
            return now
        if key in moments.then.orders:
            return cell(moments.then, moments.then.orders[key], ref, past=True)
        return cell(moments.then, None, ref, past=True) if key in moments.new else now

    def ask(self, condition: Condition, *, before: bool = False) -> bool | None:
        assert not isinstance(condition, ThereIs | FormulaTest)  # they have tests of their own
        match condition:
            case AllOf(lines=parts):
                return kleene_all([self.ask(part, before=before) for part in parts])
            case AnyOf(blocks=parts):
                return kleene_not(kleene_all([kleene_not(self.ask(part, before=before)) for part in parts]))
            case NoneOf(blocks=parts):
                return kleene_all([kleene_not(self.ask(part, before=before)) for part in parts])
            case Compare(negated=True):
                return kleene_not(self.ask(replace(condition, negated=False), before=before))
            case (
                OneOf(negated=True)
                | TextTest(negated=True)
                | LinkMissing(negated=True)
                | IsEmpty(negated=True)
            ):
                return kleene_not(self.ask(replace(condition, negated=False), before=before))
            case RowNew():
                return self.key in self.moments.new
            case LinkMissing():
                return kleene_not(linked(self.moments.now, self.moments.now.orders[self.key]))
            case Edge():
                return self.edge(condition)
            case Compare(right=OfColumn() as right):
                return self.columns(self.of(condition.ref, before=before), condition.operator, right, before)
            case _:
                return self.line(condition, self.of(condition.ref, before=before))

    def columns(self, left: object, how: Operator, right: OfColumn, before: bool) -> bool | None:
        other = self.of(right.ref, before=before)
        if UNKNOWN in (left, other):
            return None
        if EMPTY in (left, other):
            plain = right.factor == 1 and right.plus == 0
            return (left is other) if how is Operator.EQUAL and plain else None
        if isinstance(other, Decimal):
            other = fifteen(Decimal(float(other) * right.factor + right.plus))
        return compare(left, how, other)

    def line(self, line: Condition, value: object) -> bool | None:
        if value is UNKNOWN:
            return None
        match line:
            case IsEmpty(ref=ref):
                text = self.moments.now.orders[self.key].get(ref.column.name, "")
                return value is EMPTY or (ref.column.kind is Kind.YES_NO and not text)
            case Compare(operator=Operator.EQUAL, right=Literal(value=wanted)):
                return value is not EMPTY and compare(value, Operator.EQUAL, wanted)
            case OneOf(values=values):
                fixed = [one.value for one in values if isinstance(one, Literal)]
                return value is not EMPTY and any(compare(value, Operator.EQUAL, one) for one in fixed)
            case TextTest(how=TextHow.CONTAINS, texts=texts):
                return value is not EMPTY and any(text.lower() in str(value).lower() for text in texts)
        return None if value is EMPTY else self.filled(line, value)

    def filled(self, line: Condition, value: object) -> bool | None:
        match line:
            case Compare(operator=how, right=Literal(value=wanted)):
                return compare(value, how, wanted)
            case Compare(operator=how, right=Moment(now=True)):
                return compare(value, how, NOW)
            case Compare(operator=how, right=Moment(days=days)):
                return compare(value, how, TODAY + timedelta(days=days))
            case Between(low=Literal(value=low), high=Literal(value=high)):
                return compare(value, Operator.AT_LEAST, low) and compare(value, Operator.AT_MOST, high)
            case Ago(operator=how, span=span):
                then = NOW - span.exact if isinstance(value, datetime) else add_to_date(TODAY, span, -1)
                if how is Operator.EQUAL:
                    return bool(day_of(value) == day_of(NOW - span.exact))
                turned = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}[how]
                past = compare(value, Operator.AT_MOST, NOW if isinstance(value, datetime) else TODAY)
                return compare(value, Operator(turned), then) and past
            case Ahead(span=span, back=back):
                now: date = NOW if isinstance(value, datetime) else TODAY
                ends = sorted([now, now - span.exact if back else now + span.exact])
                return compare(value, Operator.AT_LEAST, ends[0]) and compare(
                    value, Operator.AT_MOST, ends[1]
                )
        raise AssertionError(line)

    def edge(self, line: Edge) -> bool | None:
        then, now = self.of(line.ref, before=True), self.of(line.ref, before=False)
        changed = None if UNKNOWN in (then, now) else then != now
        match line.how:
            case EdgeHow.CHANGED:
                return changed
            case EdgeHow.CHANGED_TO:
                assert line.after is not None
                was = self.ask(line.after, before=True)
                was = False if was is None and then is EMPTY else was
                return kleene_all([self.ask(line.after), kleene_not(was)])
            case EdgeHow.FROM_TO:
                assert line.after is not None
                assert line.before is not None
                return kleene_all([changed, self.ask(line.before, before=True), self.ask(line.after)])
        if UNKNOWN in (then, now) or EMPTY in (then, now):
            return None
        if line.how is EdgeHow.BY_PERCENT:
            assert isinstance(then, Decimal)
            assert isinstance(now, Decimal)
            if then == 0:
                return False if now == 0 else None
            return abs(now - then) > abs(then) * Decimal(line.percent) / 100
        if line.ref.column.choices:
            order = [choice.lower() for choice in line.ref.column.choices]
            then, now = order.index(str(then).lower()), order.index(str(now).lower())
        return compare(now, Operator.MORE if line.how is EdgeHow.UP else Operator.LESS, then)


def kleene_not(value: bool | None) -> bool | None:
    return None if value is None else not value


def kleene_all(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def literals(name: str) -> st.SearchStrategy[Literal]:
    return st.sampled_from([Literal(str(value), value) for value in LITERALS[name]])


SPANS = st.builds(Span, st.integers(0, 4), st.just(Unit.DAY))
OPERATORS = st.sampled_from(list(Operator))
FACTORS = st.sampled_from([(1.0, 0.0), (1.2, 0.0), (1.0, 5.0)])


@st.composite
def plain_lines(draw: st.DrawFn, ref: ColumnRef) -> Condition:
    """Draw a line that asks no edges."""
    name, kind = ref.column.name, ref.column.kind
    negated = draw(st.booleans())
    two = st.tuples(literals(name), literals(name))
    options: list[st.SearchStrategy[Condition]] = [
        literals(name).map(lambda one: Compare(ref, Operator.EQUAL, one, HERE, "", negated=negated)),
        two.map(lambda some: OneOf(ref, some, HERE, "", negated=negated)),
    ]
    if kind in (Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.DATETIME):
        options.append(
            st.builds(Compare, st.just(ref), OPERATORS, literals(name), st.just(HERE), st.just(""))
        )
        options.append(
            st.builds(Between, st.just(ref), literals(name), literals(name), st.just(HERE), st.just(""))
        )
    if kind in (Kind.NUMBER, Kind.MONEY):
        others = st.sampled_from([other for other in REFS if other.column.kind in (Kind.NUMBER, Kind.MONEY)])
        right = st.builds(lambda other, more: OfColumn(other, more[0], more[1]), others, FACTORS)
        options.append(st.builds(Compare, st.just(ref), OPERATORS, right, st.just(HERE), st.just("")))
    if kind in (Kind.DATE, Kind.DATETIME):
        right = st.builds(OfColumn, st.sampled_from([r for r in REFS if r.column.name in ("Day", "On")]))
        moment = st.sampled_from([Moment(now=True), Moment(), Moment(days=-1)])
        options.append(st.builds(Compare, st.just(ref), OPERATORS, right, st.just(HERE), st.just("")))
        options.append(st.builds(Compare, st.just(ref), OPERATORS, moment, st.just(HERE), st.just("")))
        options.append(st.builds(Ago, st.just(ref), OPERATORS, SPANS, st.just(HERE), st.just("")))
        options.append(st.builds(Ahead, st.just(ref), SPANS, st.just(HERE), st.just(""), st.booleans()))
    if name == "Note":
        texts = st.sampled_from([("tea",), ("COF", "een")])
        options.append(
            texts.map(lambda some: TextTest(ref, TextHow.CONTAINS, some, HERE, "", negated=negated))
        )
    return draw(st.one_of(options))


@st.composite
def edges(draw: st.DrawFn, ref: ColumnRef) -> Condition:
    hows = [EdgeHow.CHANGED, EdgeHow.CHANGED_TO, EdgeHow.FROM_TO]
    if ref.column.kind in (Kind.NUMBER, Kind.MONEY):
        hows += [EdgeHow.BY_PERCENT]
    if ref.column.kind not in (Kind.TEXT, Kind.YES_NO):
        hows += [EdgeHow.UP, EdgeHow.DOWN]
    before, after = draw(plain_lines(ref)), draw(plain_lines(ref))
    return Edge(ref, draw(st.sampled_from(hows)), HERE, "", before, after, percent=20.0)


@st.composite
def some_line(draw: st.DrawFn) -> Condition:
    ref = draw(st.sampled_from(REFS))
    negated = draw(st.booleans())
    other: list[Condition] = [
        IsEmpty(ref, HERE, "", negated),
        LinkMissing(("Customer",), HERE, "", negated),
        RowNew(HERE, ""),
    ]
    return draw(st.one_of(plain_lines(ref), plain_lines(ref), edges(ref), st.sampled_from(other)))


def blocks(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(AllOf, parts, st.just(HERE)),
        st.builds(AnyOf, parts, st.just(HERE)),
        st.builds(NoneOf, parts, st.just(HERE)),
    )


def some_texts(random: Random, names: Iterable[str]) -> dict[str, str]:
    return {name: random.choice(TEXTS[name]) for name in names}


def some_rows(random: Random, count: int) -> Rows:
    """Draw rows that together hold most pairs of texts; hypothesis alone would draw too few of them."""
    keys = random.sample(KEYS, count)
    customers = random.sample(["Ann", "Bob"], random.choice([1, 2]))
    return Rows(
        {key: some_texts(random, ORDER_COLUMNS) for key in keys},
        {key: some_texts(random, ["Tier", "Credit"]) for key in customers},
        frozenset({"Twin"}),
    )


KEYS = [f"A-{number}" for number in range(40)]
ORDER_COLUMNS = ["Status", "Note", "Total", "Floor", "Day", "On", "Paid", "Buyer"]
CONDITIONS = st.lists(st.recursive(some_line(), blocks, max_leaves=4), min_size=10, max_size=20)


def tables_of(rows: Rows, keys: list[str]) -> dict[str, Table]:
    orders = [{"No": key, **rows.orders[key]} for key in keys]
    customers = [{"Name": key, **texts} for key, texts in rows.customers.items()]
    customers += [{"Name": name} for name in rows.doubled for _ in range(2)]
    return {"Orders": make_table(ORDERS, orders), "Customers": make_table(CUSTOMERS, customers)}


def answers_of(frame: Frame, conditions: list[Condition]) -> dict[str, list[bool | None]]:
    """Return for each key what the conditions say."""
    found = masks({str(n): one for n, one in enumerate(conditions)}, frame, NOW, BERLIN)
    columns = []
    for answer in found.values():
        assert isinstance(answer, pl.Series), answer
        columns.append(answer.to_list())
    return {key: [column[row] for column in columns] for row, key in enumerate(frame.keys)}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), rows=st.sampled_from([0, 1, 30]), conditions=CONDITIONS)
def test_columns_say_what_a_slow_reading_says(seed: int, rows: int, conditions: list[Condition]) -> None:
    random = Random(seed)
    now, then = some_rows(random, rows), some_rows(random, 30)
    keys = list(now.orders)
    new = frozenset(key for key in keys if key not in then.orders and random.random() < 0.5)
    tables, past = tables_of(now, keys), tables_of(then, list(then.orders))
    frame = assemble(tables["Orders"], Snapshot(NOW, tables), zone=BERLIN).since(past, new)
    moments = Moments(now, then, new)
    slow = {key: [Reading(moments, key).ask(one) for one in conditions] for key in keys}
    assert answers_of(frame, conditions) == slow

    shuffled = random.sample(keys, len(keys))
    sorted_tables = tables_of(now, shuffled)
    again = assemble(sorted_tables["Orders"], Snapshot(NOW, sorted_tables), zone=BERLIN).since(past, new)
    assert answers_of(again, conditions) == slow

    few = shuffled[:1]
    assert answers_of(frame.only(few), conditions) == {key: slow[key] for key in few}
