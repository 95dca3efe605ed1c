"""Each phrase, asked of a cell with a value, of an empty and of an unreadable one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from rowcall.errors import Place
from rowcall.evaluate.frame import Frame, assemble
from rowcall.evaluate.lines import Seen, explain_lines
from rowcall.evaluate.mask import masks
from rowcall.language.condition import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    LinkMissing,
    Literal,
    NoneOf,
    OfSetting,
    Operator,
    RowNew,
)
from rowcall.language.operand import Side
from rowcall.language.phrase import read_phrase
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.table import Column, Snapshot, Table
from tests.tables import BERLIN, make_schema, make_table

NOW = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)  # Sunday, 10:30 in Berlin
PLACE = Place("rules/x.yaml", 5, 3)
ORDERS = make_schema(
    "Orders",
    "No",
    {
        "No": "text",
        "Status": ["New", "Paid", "Shipped"],
        "Earlier": ["New", "Paid", "Shipped"],
        "Total": "money",
        "Floor": "number",
        "On": "datetime",
        "Day": "date",
        "Other day": "date",
        "Paid": "yes/no",
        "Took": "duration",
        "Promised": "duration",
        "Note": "text",
        "Email": "email",
        "Phone": "phone",
        "Customer": "text",
    },
    {"Buyer": ("Customers", "Customer")},
)
CUSTOMERS = make_schema(
    "Customers",
    "Name",
    {"Name": "text", "Tier": ["Standard", "Gold"], "City": "text"},
    {"Place": ("Cities", "City")},
)
CITIES = make_schema("Cities", "City", {"City": "text", "Zone": "number"})
SCHEMAS = {schema.table: schema for schema in (ORDERS, CUSTOMERS, CITIES)}
SCOPE = Scope(SCHEMAS, "en", BERLIN, settings={"Floor": "50", "Nothing": ""})
UNREADABLE = "#N/A"

Cells = Mapping[str, str]


def ref(name: str, *links: str) -> ColumnRef:
    table = {(): "Orders", ("Buyer",): "Customers", ("Buyer", "Place"): "Cities"}[links]
    return ColumnRef(SCHEMAS[table].column(name), table, links)


def say(name: str, phrase: str, *links: str) -> Condition:
    left = ref(name, *links)
    return read_phrase(Side(SCOPE, "Orders", left), phrase, PLACE, [])


def orders(*rows: Cells) -> Table:
    return make_table(ORDERS, [{"No": str(number), **row} for number, row in enumerate(rows)])


def frame_of(*rows: Cells, zone: ZoneInfo = BERLIN) -> Frame:
    table = orders(*rows)
    cities = make_table(CITIES, [{"City": "Hamburg", "Zone": "2"}, {"City": "Kiel"}])
    customers = make_table(
        CUSTOMERS,
        [
            {"Name": "Ann", "Tier": "Gold", "City": "Hamburg"},
            {"Name": "Bob", "City": "Atlantis"},
            {"Name": "Cid", "Tier": "Platinum", "City": UNREADABLE},
            {"Name": "Twin"},
            {"Name": "Twin"},
        ],
    )
    tables = {"Orders": table, "Customers": customers, "Cities": cities}
    return assemble(table, Snapshot(NOW, tables), zone=zone)


def ask(condition: Condition, frame: Frame, now: datetime = NOW) -> list[bool | None]:
    answer = masks({"it": condition}, frame, now, frame.zone, SCOPE.settings)["it"]
    assert isinstance(answer, pl.Series), answer
    return answer.to_list()


YES, NO, UNSURE = True, False, None
# column, phrase, texts for which it is true, texts for which it is false, and what it says of an empty cell
PHRASES: list[tuple[str, str, tuple[str, ...], tuple[str, ...], bool | None]] = [
    ("Status", "Paid", ("Paid", " paid "), ("New",), NO),
    ("Status", "not Paid", ("New",), ("PAID",), YES),
    ("Status", "one of New, Paid", ("New", "paid"), ("Shipped",), NO),
    ("Status", "not one of New, Paid", ("Shipped",), ("New",), YES),
    ("Status", "empty", (), ("New",), YES),
    ("Status", "not empty", ("New",), (), NO),
    ("Note", "exactly tea", ("tea", "TEA"), ("green tea",), NO),
    ("Note", "contains one of tea, coffee", ("Green Tea", "COFFEE"), ("cocoa",), NO),
    ("Note", "does not contain tea", ("cocoa",), ("Green Tea",), YES),
    ("Note", "starts with tea", ("Teapot",), ("green tea",), NO),
    ("Note", "ends with tea", ("green TEA",), ("teapot",), NO),
    ("Note", "matches /^tea$/", ("tea",), ("Tea", "teapot"), NO),
    ("Note", r"matches /^\d+$/", ("123",), ("12a", "１２３"), NO),
    ("Note", "matches /(?i)TEA/", ("green tea",), ("cocoa",), NO),
    ("Total", "0.3", ("0.3", "0.30000000000000004", "0.30"), ("0.31", "0.299999999999999"), NO),
    ("Total", "not 0", ("0.01", "-1"), ("0", "0.00"), YES),
    ("Total", "at least 50", ("50", "49.9999999999999999", "51"), ("49.99",), UNSURE),
    ("Total", "at least 0", ("0", "0.00"), ("-0.01",), UNSURE),
    ("Total", "at most 50", ("50", "50.0000000000000001"), ("50.01",), UNSURE),
    ("Total", "more than 50", ("50.01",), ("50", "50.000000000000007"), UNSURE),
    ("Total", "less than 50", ("49.99", "-60"), ("50",), UNSURE),
    ("Total", "above -5", ("-4.99",), ("-5", "-6"), UNSURE),
    ("Total", "between 5 and 10", ("5", "10", "7"), ("4.99", "10.01"), UNSURE),
    ("Total", "at least setting Floor", ("50",), ("49",), UNSURE),
    ("Total", "one of 5, 10", ("5", "10.00"), ("7",), NO),
    ("Day", "2026-03-05", ("2026-03-05",), ("2026-03-06",), NO),
    ("Day", "not 2026-03-05", ("2026-03-06",), ("2026-03-05",), YES),
    ("Day", "before 2026-03-05", ("2026-03-04",), ("2026-03-05",), UNSURE),
    ("Day", "on or before 2026-03-05", ("2026-03-05",), ("2026-03-06",), UNSURE),
    ("Day", "after 2026-03-05", ("2026-03-06",), ("2026-03-05",), UNSURE),
    ("Day", "on or after 2026-03-05", ("2026-03-05",), ("2026-03-04",), UNSURE),
    ("Day", "today", ("2026-03-08",), ("2026-03-07",), UNSURE),
    ("Day", "yesterday", ("2026-03-07",), ("2026-03-08",), UNSURE),
    ("Day", "before now", ("2026-03-07",), ("2026-03-08",), UNSURE),
    ("Day", "3 days ago", ("2026-03-05",), ("2026-03-04", "2026-03-06"), UNSURE),
    ("Day", "at least 3 days ago", ("2026-03-05", "2025-01-01"), ("2026-03-06",), UNSURE),
    ("Day", "at most 3 days ago", ("2026-03-05", "2026-03-08"), ("2026-03-04", "2026-03-09"), UNSURE),
    ("Day", "more than 3 days ago", ("2026-03-04",), ("2026-03-05",), UNSURE),
    ("Day", "at least 1 month ago", ("2026-02-08",), ("2026-02-09",), UNSURE),
    ("Day", "in the next 3 days", ("2026-03-08", "2026-03-11"), ("2026-03-07", "2026-03-12"), UNSURE),
    ("Day", "within the last 3 days", ("2026-03-05", "2026-03-08"), ("2026-03-04", "2026-03-09"), UNSURE),
    ("Day", "anniversary today", ("1990-03-08", "2026-03-08"), ("1990-03-09",), UNSURE),
    ("Day", "anniversary in 3 days", ("1990-03-11",), ("1990-03-08",), UNSURE),
    ("Note", "anniversary today", ("03-08", "3-8", "3月8日"), ("03-09",), UNSURE),
    ("On", "2026-03-05", ("2026-03-05 00:00", "2026-03-05 23:59:59"), ("2026-03-06 00:00",), NO),
    ("On", "after 2026-03-05", ("2026-03-06 00:00",), ("2026-03-05 23:59:59",), UNSURE),
    ("On", "on or before 2026-03-05", ("2026-03-05 23:59:59",), ("2026-03-06",), UNSURE),
    ("On", "before 2026-03-05", ("2026-03-04 23:59",), ("2026-03-05 00:00",), UNSURE),
    ("On", "before now", ("2026-03-08 10:29",), ("2026-03-08 10:30", "2026-03-08 10:31"), UNSURE),
    ("On", "today", ("2026-03-08 00:00", "2026-03-08 23:59"), ("2026-03-07 23:59", "2026-03-09"), UNSURE),
    ("On", "3 days ago", ("2026-03-05 00:00", "2026-03-05 23:59"), ("2026-03-04 23:59",), UNSURE),
    ("On", "at least 3 days ago", ("2026-03-05 10:30",), ("2026-03-05 10:31",), UNSURE),
    ("On", "at most 2 hours ago", ("2026-03-08 08:30",), ("2026-03-08 08:29", "2026-03-08 10:31"), UNSURE),
    ("On", "in the next 2 hours", ("2026-03-08 12:30",), ("2026-03-08 10:29", "2026-03-08 12:31"), UNSURE),
    ("On", "within the last 3 days", ("2026-03-05 10:30",), ("2026-03-05 10:29",), UNSURE),
    ("Paid", "yes", ("yes", "TRUE", "1"), ("no", "FALSE", "0"), NO),
    ("Paid", "no", ("no", "0"), ("yes",), YES),
    ("Paid", "empty", (), ("no", "yes"), YES),
    ("Took", "more than 2 hours", ("3 hours", "1 day"), ("2 hours", "30 minutes"), UNSURE),
    ("Email", "valid", ("a.b@example.com",), ("a@b", "a b@example.com", "x"), NO),
    ("Email", "not valid", ("a@b",), ("a@example.com",), YES),
    ("Phone", "valid", ("+49 40 123456", "040/123456"), ("12", "call me"), NO),
]  # fmt: skip


@pytest.mark.parametrize("coded", [False, True], ids=["few rows", "many rows"])
@pytest.mark.parametrize(
    ("name", "phrase", "true", "false", "empty"), PHRASES, ids=[f"{row[0]}: {row[1]}" for row in PHRASES]
)
def test_phrase(
    name: str, phrase: str, true: tuple[str, ...], false: tuple[str, ...], empty: bool | None, coded: bool
) -> None:
    texts = [*true, *false, "", UNREADABLE] * (100 if coded else 1)
    frame = frame_of(*({name: text} for text in texts))
    expected = [True] * len(true) + [False] * len(false) + [empty, UNSURE]
    assert ask(say(name, phrase), frame) == expected * (100 if coded else 1)


COLUMNS: list[tuple[str, str, Cells, bool | None]] = [
    ("Total", "at most Floor", {"Total": "5", "Floor": "5.0"}, YES),
    ("Total", "at most Floor", {"Total": "0.30000000000000004", "Floor": "0.3"}, YES),
    ("Total", "at most Floor", {"Total": "5"}, UNSURE),
    ("Total", "at most Floor", {"Floor": "5"}, UNSURE),
    ("Total", "at most 120% of Floor", {"Total": "12", "Floor": "10"}, YES),
    ("Total", "at most 120% of Floor", {"Total": "12.01", "Floor": "10"}, NO),
    ("Total", "at least Floor + 5", {"Total": "15", "Floor": "10"}, YES),
    ("Total", "same as Floor", {"Total": "0.30000000000000004", "Floor": "0.3"}, YES),
    ("Total", "same as Floor", {}, YES),
    ("Total", "same as Floor", {"Total": "1"}, NO),
    ("Total", "not same as Floor", {"Total": "1"}, YES),
    ("Total", "same as Floor", {"Total": "1", "Floor": UNREADABLE}, UNSURE),
    ("Total", "same as Floor", {"Floor": UNREADABLE}, UNSURE),
    ("Status", "same as Earlier", {"Status": "paid", "Earlier": "PAID"}, YES),
    ("Status", "same as Earlier", {"Status": "paid"}, NO),
    ("Status", "same as Earlier", {}, YES),
    ("Status", "same as Earlier", {"Earlier": UNREADABLE}, UNSURE),
    ("Note", "same as Status", {"Note": "PAID", "Status": "Paid"}, YES),
    ("Day", "before Other day", {"Day": "2026-03-05", "Other day": "2026-03-06"}, YES),
    ("Day", "after 3 days after Other day", {"Day": "2026-03-09", "Other day": "2026-03-05"}, YES),
    ("Day", "after 3 days after Other day", {"Day": "2026-03-08", "Other day": "2026-03-05"}, NO),
    ("Day", "on or after 1 month after Other day", {"Day": "2026-02-28", "Other day": "2026-01-31"}, YES),
    ("Day", "on or after 1 month before Other day", {"Day": "2026-02-28", "Other day": "2026-03-31"}, YES),
    ("Day", "on or after 1 month before Other day", {"Day": "2026-02-27", "Other day": "2026-03-31"}, NO),
    ("Day", "same as On", {"Day": "2026-03-05", "On": "2026-03-05 23:59"}, YES),
    ("Day", "before On", {"Day": "2026-03-05", "On": "2026-03-05 23:59"}, NO),
    ("On", "after 2 hours after On", {"On": "2026-03-05 10:00"}, NO),
    # 1 day after 02:30 on 28 March is in the hour that the clock skips: 03:00
    ("On", "after 1 day after Day", {"On": "2026-03-06 00:00", "Day": "2026-03-05"}, NO),
    ("Took", "more than Promised", {"Took": "3 hours", "Promised": "2 hours"}, YES),
    ("Took", "same as Promised", {"Took": "120 minutes", "Promised": "2 hours"}, YES),
]


@pytest.mark.parametrize(
    ("name", "phrase", "row", "expected"), COLUMNS, ids=[f"{row[0]}: {row[1]} {row[2]}" for row in COLUMNS]
)
def test_column_on_the_right(name: str, phrase: str, row: Cells, expected: bool | None) -> None:
    assert ask(say(name, phrase), frame_of(row, {}))[0] is expected


def test_day_after_a_moment_in_the_skipped_hour_ends_with_the_gap() -> None:
    schema = make_schema("T", "K", {"K": "text", "A": "datetime", "B": "datetime"})
    rows = [
        {"K": text, "A": text, "B": "2026-03-28 02:30"} for text in ("2026-03-29 03:00", "2026-03-29 03:01")
    ]
    table = make_table(schema, rows)
    frame = assemble(table, Snapshot(NOW, {"T": table}), zone=BERLIN)
    scope = Scope({"T": schema}, "en", BERLIN)
    side = Side(scope, "T", ColumnRef(schema.column("A"), "T"))
    assert ask(read_phrase(side, "after 1 day after B", PLACE, []), frame) == [False, True]


LEAP = [
    ("2026-02-28", "1992-02-29", True),
    ("2026-03-01", "1992-02-29", False),
    ("2028-02-28", "1992-02-29", False),
    ("2028-02-29", "1992-02-29", True),
    ("2026-02-28", "1992-02-28", True),
]


@pytest.mark.parametrize(("today", "birthday", "expected"), LEAP)
def test_29_february_is_kept_on_the_28th(today: str, birthday: str, expected: bool) -> None:
    now = datetime.fromisoformat(f"{today}T12:00:00+00:00")
    assert ask(say("Day", "anniversary today"), frame_of({"Day": birthday}), now) == [expected]


# status and amount before and now; None = the row was not there
EDGES: list[tuple[str, str, Cells | None, Cells, bool | None]] = [
    ("Status", "changed", {"Status": "New"}, {"Status": "Paid"}, YES),
    ("Status", "changed", {"Status": "Paid"}, {"Status": "paid"}, NO),
    ("Status", "changed", {}, {"Status": "paid"}, YES),
    ("Status", "changed", {"Status": "New"}, {}, YES),
    ("Status", "changed", {}, {}, NO),
    ("Status", "changed", {"Status": "New"}, {"Status": UNREADABLE}, UNSURE),
    ("Status", "changed", None, {"Status": "New"}, YES),
    ("Status", "changed", None, {}, NO),
    ("Note", "changed", {"Note": "tea"}, {"Note": "Tea"}, YES),
    ("Total", "changed", {"Total": "5"}, {"Total": "5.00"}, NO),
    ("Total", "changed", {"Total": "5"}, {"Total": "6"}, YES),
    ("Total", "changed", {}, {"Total": "0"}, YES),
    ("Paid", "changed", {}, {"Paid": "no"}, NO),
    ("Paid", "changed", None, {"Paid": "yes"}, YES),
    ("Status", "changed to Paid", {"Status": "New"}, {"Status": "Paid"}, YES),
    ("Status", "changed to Paid", {"Status": "Paid"}, {"Status": "Paid"}, NO),
    ("Status", "changed to Paid", {"Status": "Paid"}, {"Status": "New"}, NO),
    ("Status", "changed to Paid", None, {"Status": "Paid"}, YES),
    ("Status", "changed to Paid", {"Status": UNREADABLE}, {"Status": "Paid"}, UNSURE),
    ("Status", "changed to empty", {"Status": "New"}, {}, YES),
    ("Status", "changed to empty", None, {}, NO),
    ("Total", "changed to above 0", {"Total": "5"}, {"Total": "7"}, NO),
    ("Total", "changed to above 0", {"Total": "0"}, {"Total": "7"}, YES),
    ("Total", "changed to above 0", None, {"Total": "7"}, YES),
    ("Total", "changed from 0 to above 0", {"Total": "0"}, {"Total": "7"}, YES),
    ("Total", "changed from 0 to above 0", {"Total": "3"}, {"Total": "7"}, NO),
    ("Total", "changed from empty to above 0", None, {"Total": "7"}, YES),
    ("Status", "changed from New to Paid", {"Status": "New"}, {"Status": "Paid"}, YES),
    ("Status", "changed from not Paid to not Paid", {"Status": "New"}, {"Status": "New"}, NO),
    ("Total", "changed by more than 10%", {"Total": "100"}, {"Total": "110"}, NO),
    ("Total", "changed by more than 10%", {"Total": "100"}, {"Total": "110.01"}, YES),
    ("Total", "changed by more than 10%", {"Total": "-100"}, {"Total": "-80"}, YES),
    ("Total", "changed by more than 10%", {"Total": "0"}, {"Total": "5"}, UNSURE),
    ("Total", "changed by more than 10%", {"Total": "0"}, {"Total": "0"}, NO),
    ("Total", "changed by more than 10%", None, {"Total": "5"}, UNSURE),
    ("Took", "changed by more than 10%", {"Took": "1 hour"}, {"Took": "2 hours"}, YES),
    ("Total", "went up", {"Total": "5"}, {"Total": "6"}, YES),
    ("Total", "went up", {"Total": "6"}, {"Total": "6.00"}, NO),
    ("Total", "went down", {"Total": "6"}, {"Total": "5"}, YES),
    ("Total", "went up", None, {"Total": "6"}, UNSURE),
    ("Total", "went up", {}, {"Total": "6"}, UNSURE),
    ("Status", "went up", {"Status": "New"}, {"Status": "Shipped"}, YES),
    ("Status", "went down", {"Status": "New"}, {"Status": "Shipped"}, NO),
    ("Day", "went up", {"Day": "2026-03-05"}, {"Day": "2026-03-06"}, YES),
]


@pytest.mark.parametrize(
    ("name", "phrase", "then", "now", "expected"),
    EDGES,
    ids=[f"{e[0]}: {e[1]} {e[2]} → {e[3]}" for e in EDGES],
)
def test_edge(name: str, phrase: str, then: Cells | None, now: Cells, expected: bool | None) -> None:
    before = make_table(ORDERS, [] if then is None else [{"No": "0", **then}])
    frame = frame_of(now).since({"Orders": before}, new=() if then is not None else {"0"})
    assert ask(say(name, phrase), frame) == [expected]


def test_row_not_there_before_and_not_new_has_not_changed() -> None:
    frame = frame_of({"Status": "Paid"}).since({"Orders": make_table(ORDERS, [])})
    assert ask(say("Status", "changed to Paid"), frame) == [False]
    assert ask(RowNew(PLACE, "new"), frame) == [False]


def test_row_new() -> None:
    frame = frame_of({}, {}).since({}, new={"1", "gone"})
    assert ask(RowNew(PLACE, "new"), frame) == [False, True]


def test_without_a_past_nothing_has_changed() -> None:
    assert ask(say("Status", "changed to Paid"), frame_of({"Status": "Paid"})) == [False]


def test_own_writes_are_no_edges() -> None:
    before = orders({"Status": "New", "Total": "1"}, {"Status": "New"})
    frame = frame_of({"Status": "Paid", "Total": "2"}, {"Status": "Paid"})
    own = {
        ("Orders", "0", "Status"): "Paid",
        ("Orders", "0", "Total"): "2.00",
        ("Orders", "9", "Status"): "Paid",
    }
    assert ask(say("Status", "changed to Paid"), frame.since({"Orders": before}, own=own)) == [False, True]
    assert ask(say("Total", "went up"), frame.since({"Orders": before}, own=own)) == [False, None]


def test_edges_compare_rows_by_key_in_any_order() -> None:
    before = make_table(ORDERS, [{"No": "1", "Status": "Paid"}, {"No": "0", "Status": "New"}])
    frame = frame_of({"Status": "Paid"}, {"Status": "Paid"}).since({"Orders": before})
    assert ask(say("Status", "changed to Paid"), frame) == [True, False]


def test_edge_of_a_linked_row() -> None:
    frame = frame_of({"Customer": "Ann"}, {"Customer": "Bob"}, {"Customer": "Cid"})
    then = make_table(CUSTOMERS, [{"Name": "Ann", "Tier": "Standard"}, {"Name": "Bob"}])
    assert ask(say("Tier", "changed to Gold", "Buyer"), frame.since({"Customers": then})) == [
        True,
        False,
        None,
    ]
    # A customer who did not exist before had only empty cells.
    nobody = frame.since({"Customers": make_table(CUSTOMERS, [])})
    assert ask(say("Tier", "changed to Gold", "Buyer"), nobody) == [True, False, None]


LINKS: list[tuple[str, bool | None, bool | None]] = [
    ("Ann", NO, YES),
    (" Ann ", NO, YES),
    ("Nobody", YES, UNSURE),
    ("", YES, UNSURE),
    (UNREADABLE, UNSURE, UNSURE),
    ("Twin", UNSURE, UNSURE),  # its rows were set aside, because the key stands twice
    ("Cid", NO, UNSURE),  # Platinum is no choice
]


@pytest.mark.parametrize(("customer", "missing", "gold"), LINKS, ids=[row[0] or "empty" for row in LINKS])
def test_linked_row(customer: str, missing: bool | None, gold: bool | None) -> None:
    frame = frame_of({"Customer": "Bob"}, {"Customer": customer})
    assert ask(LinkMissing(("Buyer",), PLACE, "missing"), frame)[1] is missing
    negated = LinkMissing(("Buyer",), PLACE, "not missing", negated=True)
    assert ask(negated, frame)[1] is (None if missing is None else not missing)
    assert ask(say("Tier", "Gold", "Buyer"), frame)[1] is gold


def test_link_over_two_tables() -> None:
    frame = frame_of(*({"Customer": name} for name in ("Ann", "Bob", "Cid", "Nobody", "Twin")))
    assert ask(say("Zone", "at least 2", "Buyer", "Place"), frame) == [True, None, None, None, None]
    missing = LinkMissing(("Buyer", "Place"), PLACE, "missing")
    assert ask(missing, frame) == [False, True, None, True, None]


def test_kleene_logic() -> None:
    line = {True: say("Total", "above 5"), False: say("Total", "below 5"), None: say("Floor", "above 5")}
    frame = frame_of({"Total": "7"})
    for one, first in line.items():
        for two, second in line.items():
            both = AllOf((first, second), PLACE)
            either = AnyOf((first, AllOf((second,), PLACE)), PLACE)
            neither = NoneOf((first, second), PLACE)
            values = {one, two}
            and_ = False if False in values else None if None in values else True
            or_ = True if True in values else None if None in values else False
            assert ask(both, frame) == [and_], (one, two)
            assert ask(either, frame) == [or_], (one, two)
            assert ask(neither, frame) == [None if or_ is None else not or_], (one, two)


def test_a_block_without_lines_is_true() -> None:
    assert ask(AllOf((), PLACE), frame_of({}, {})) == [True, True]


def test_no_rows() -> None:
    conditions = {"a": say("Status", "Paid"), "b": AllOf((), PLACE), "c": say("Tier", "Gold", "Buyer")}
    answers = masks(conditions, frame_of(), NOW, BERLIN)
    assert all(isinstance(answer, pl.Series) and len(answer) == 0 for answer in answers.values())


def test_a_bad_condition_harms_no_other() -> None:
    unknown = Compare(ColumnRef(Column("Stauts"), "Orders"), Operator.EQUAL, Literal("x", "x"), PLACE, "x")
    misfit = Compare(ref("Total"), Operator.MORE, Literal("x", "x"), PLACE, "more than x")
    setting = Compare(ref("Total"), Operator.MORE, OfSetting("Flor"), PLACE, "more than setting Flor")
    conditions = {"unknown": unknown, "good": say("Status", "Paid"), "misfit": misfit, "setting": setting}
    answers = masks(conditions, frame_of({"Status": "Paid"}), NOW, BERLIN, SCOPE.settings)
    good = answers["good"]
    assert isinstance(good, pl.Series)
    assert good.to_list() == [True]
    assert answers["unknown"] == (
        'Orders!Stauts: Orders has no usable column "Stauts" now; columns: No, Status, Earlier, Total, Floor, On,'
        " Day, Other day, Paid, Took, Promised, Note, Email, Phone, Customer → Status"
    )
    assert "Total is a column of kind money" in str(answers["misfit"])
    assert answers["setting"] == 'there is no setting "Flor"; settings: Floor, Nothing → Floor'


def test_an_expression_that_polars_refuses_harms_no_other() -> None:
    table = orders({"Status": "Paid", "Total": "5"})
    broken = Table(table.schema, table.text, table.typed.with_columns(Day=pl.lit("no day")), table.keys)
    frame = assemble(broken, Snapshot(NOW, {"Orders": broken}), zone=BERLIN)
    conditions = {"bad": say("Day", "before 2026-03-05"), "good": say("Status", "Paid")}
    answers = masks(conditions, frame, NOW, BERLIN)
    good = answers["good"]
    assert isinstance(good, pl.Series)
    assert good.to_list() == [True]
    assert str(answers["bad"]).startswith("rules/x.yaml:5:3: this condition can't be evaluated")


def test_nan_is_never_true() -> None:
    table = orders({"Total": "5"})
    odd = Table(table.schema, table.text, table.typed.with_columns(Total=pl.lit(float("nan"))), table.keys)
    frame = assemble(odd, Snapshot(NOW, {"Orders": odd}), zone=BERLIN)
    assert ask(say("Total", "more than 5"), frame) == [None]


def test_an_empty_setting_equals_empty_cells() -> None:
    frame = frame_of({"Total": "5"}, {})
    equal = Compare(ref("Total"), Operator.EQUAL, OfSetting("Nothing"), PLACE, "setting Nothing")
    more = Compare(ref("Total"), Operator.MORE, OfSetting("Nothing"), PLACE, "more than setting Nothing")
    assert ask(equal, frame) == [False, True]
    assert ask(more, frame) == [None, None]


def test_explain_lines() -> None:
    frame = frame_of({"Status": "Paid", "Total": "N/A", "Floor": "5", "Customer": "Nobody"}, {})
    frame = frame.since({"Orders": orders({"Status": "New"}, {})})
    condition = AllOf(
        (
            say("Status", "changed to Paid"),
            AnyOf((AllOf((say("Total", "at least Floor"), say("Day", "today")), PLACE),), PLACE),
            say("Tier", "Gold", "Buyer"),
        ),
        PLACE,
    )
    lines = explain_lines(condition, frame.only(["0"]), NOW, BERLIN, SCOPE.settings)
    assert [(line.text, line.value, line.result, line.depth) for line in lines] == [
        ("changed to Paid", "Paid", True, 0),
        ("any of", "", None, 0),
        ("at least Floor", '"N/A" (unreadable)', None, 1),
        ("today", "(empty)", None, 1),
        ("Gold", "(missing)", None, 0),
    ]
    assert lines[0].before is not None
    assert lines[0].before.text == "New"
    assert [other.text for other in lines[2].others] == ["5"]
    assert lines[4].cell is not None
    assert lines[4].cell.seen is Seen.MISSING


def test_only_keeps_the_past() -> None:
    before = orders({"Status": "New"}, {"Status": "Paid"})
    frame = frame_of({"Status": "Paid"}, {"Status": "Paid"}, {}).since({"Orders": before}, new={"2"})
    few = frame.only(["2", "0", "none"])
    assert few.keys.to_list() == ["2", "0"]
    assert ask(say("Status", "changed to Paid"), few) == [False, True]
    assert ask(RowNew(PLACE, "new"), few) == [True, False]
